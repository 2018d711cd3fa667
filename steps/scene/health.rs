//! Records whether the cluster and the engine answered all the time, and whether the run held its Lease. A lab is not
//! at fault for what fails while one of them does not answer, or after others may have removed the run's namespaces.
//!
//! A program's output cannot show this, because a learner's program may print anything.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use kube::Client;
use testcontainers::bollard::Docker;

use crate::images::engine;

/// The pause between two requests; the end of an answering server cannot be watched.
const PAUSE: Duration = Duration::from_millis(500);

/// An engine or cluster that does not answer for this long counts as away.
const ANSWER: Duration = Duration::from_secs(5);

/// The engine to watch; `None` if it is not reached through `DOCKER_HOST` or the default socket.
pub async fn engine() -> Option<Docker> {
    let engine = engine::connect().ok()?;
    engine.ping().await.is_ok().then_some(engine)
}

/// When the cluster or the engine was last away, and which one; and when the run last lost its Lease.
#[derive(Debug, Default)]
pub struct Health {
    away: Mutex<Option<(Instant, &'static str)>>,
    lost_lease: Mutex<Option<Instant>>,
}

impl Health {
    /// Watches a cluster and, if given, the engine, until this future is dropped.
    pub async fn watch(&self, client: &Client, engine: Option<&Docker>) -> Infallible {
        loop {
            let server = tokio::time::timeout(ANSWER, client.apiserver_version());
            let engine = tokio::time::timeout(ANSWER, async {
                match engine {
                    Some(engine) => engine.ping().await.is_ok(),
                    None => true,
                }
            });
            let (server, engine) = tokio::join!(server, engine);
            if !matches!(server, Ok(Ok(_))) {
                self.found_away("the API server was away");
            }
            if engine != Ok(true) {
                self.found_away("the Docker engine was away");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Which of them was away at some time after `then`.
    #[must_use]
    pub fn away_since(&self, then: Instant) -> Option<&'static str> {
        let away = *self.away.lock().unwrap_or_else(PoisonError::into_inner);
        away.filter(|(when, _)| *when >= then).map(|(_, what)| what)
    }

    /// Records that the run did not hold its Lease.
    pub fn lost_lease(&self) {
        *self.lost_lease.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether the run did not hold its Lease at some time after `then`.
    #[must_use]
    pub fn lost_lease_since(&self, then: Instant) -> bool {
        let lost = *self.lost_lease.lock().unwrap_or_else(PoisonError::into_inner);
        lost.is_some_and(|when| when >= then)
    }

    fn found_away(&self, what: &'static str) {
        *self.away.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        api::{Condition, MockApi},
        runs,
    };

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_away_or_silent_is_seen_and_one_that_answers_is_not() {
        let (api, health, before) = (MockApi::new(), Health::default(), Instant::now());
        runs::cluster(&api);
        let client = api.client();
        let trouble = async {
            api.until("GET /version", 3).await;
            assert_eq!(health.away_since(before), None);
            for condition in [Condition::Away, Condition::Silent] {
                let before = Instant::now();
                api.becomes(condition);
                tokio::time::sleep(2 * ANSWER).await;
                assert_eq!(health.away_since(before), Some("the API server was away"), "{condition:?}");
                api.becomes(Condition::Well);
                tokio::time::sleep(2 * ANSWER).await;
            }
        };
        tokio::select! {
            never = health.watch(&client, None) => match never {},
            () = trouble => {}
        }
    }

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
