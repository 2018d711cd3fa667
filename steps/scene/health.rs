//! Whether the cluster and the engine answered all the time: what fails while one of them does not is no lab's fault.
//!
//! What a program prints cannot tell it: a learner's may print anything.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{cluster::Cluster, images::engine, tool::Tool};

/// How soon the API server is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// An API server that does not answer for so long is away.
const ANSWER: Duration = Duration::from_secs(5);

/// How long the engine's events are listened to: longer than any run.
const FOR_EVER: Duration = Duration::from_hours(24 * 7);

/// When the cluster or the engine was last found away, and which.
#[derive(Debug, Default)]
pub struct Health {
    away: Mutex<Option<(Instant, &'static str)>>,
}

impl Health {
    /// Looks after the cluster and the engine for as long as it is awaited.
    pub async fn watch(&self, cluster: &Cluster) -> Infallible {
        tokio::select! {
            never = self.watch_server(cluster) => never,
            never = self.watch_engine() => never,
        }
    }

    /// What was away at some time since then.
    #[must_use]
    pub fn away_since(&self, then: Instant) -> Option<&'static str> {
        let away = *self.away.lock().unwrap_or_else(PoisonError::into_inner);
        away.filter(|(when, _)| *when >= then).map(|(_, what)| what)
    }

    async fn watch_server(&self, cluster: &Cluster) -> Infallible {
        let client = cluster.client();
        loop {
            if !matches!(tokio::time::timeout(ANSWER, client.apiserver_version()).await, Ok(Ok(_))) {
                self.found_away("the API server was away");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The engine ends its stream of events when it ends.
    async fn watch_engine(&self) -> Infallible {
        loop {
            let events = Tool::new("docker").args(["events", "--filter", "type=daemon"]).limit(FOR_EVER);
            _ = events.finish().await;
            self.found_away("the Docker engine was away");
            while engine::version().await.is_err() {
                self.found_away("the Docker engine was away");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    fn found_away(&self, what: &'static str) {
        *self.away.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_away_before_is_not_away_since() {
        let health = Health::default();
        let before = Instant::now();
        assert_eq!(health.away_since(before), None);
        health.found_away("the API server was away");
        assert_eq!(health.away_since(before), Some("the API server was away"));
        assert_eq!(health.away_since(Instant::now() + PAUSE), None);
    }
}
