//! Records whether the cluster and the engine worked all the time, and whether the run held its Lease. A lab is not at
//! fault for what fails while one of them does not, or after others may have removed the run's namespaces.
//!
//! On a busy machine, a cluster's scheduler and controllers may give up although the API server answers. They renew a
//! Lease as long as they work.
//!
//! A program's output cannot show this, because a learner's program may print anything.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures::future::join_all;
use k8s_openapi::{api::coordination::v1::Lease, apimachinery::pkg::apis::meta::v1::MicroTime};
use kube::{Api, Client};
use testcontainers::bollard::Docker;

use crate::images::engine;

/// The pause between two requests; the end of an answering server cannot be watched.
const PAUSE: Duration = Duration::from_millis(500);

/// An engine or cluster that does not answer for this long counts as away.
const ANSWER: Duration = Duration::from_secs(5);

/// The programs that act on objects, by their Leases, and what to say of one that does not renew it.
const ACTING: [(&str, &str); 2] = [
    ("kube-controller-manager", "the cluster's controllers were away"),
    ("kube-scheduler", "the cluster's scheduler was away"),
];

/// How often to look at these Leases, which are renewed every two seconds.
const LOOK: Duration = Duration::from_secs(2);

/// How long such a Lease lasts. Another program may take the work over only then.
const LASTS: Duration = Duration::from_secs(15);

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
        tokio::select! {
            never = self.watch_answers(client, engine) => never,
            never = self.watch_leases(client) => never,
        }
    }

    /// A cluster that has no such Leases, or does not show them, is not judged by them.
    async fn watch_leases(&self, client: &Client) -> Infallible {
        let leases = Api::<Lease>::namespaced(client.clone(), "kube-system");
        let mut renewals: [Renewal; ACTING.len()] = Default::default();
        loop {
            let asked = ACTING.map(|(name, _)| tokio::time::timeout(ANSWER, leases.get_opt(name)));
            for (lease, (renewal, (_, away))) in join_all(asked).await.into_iter().zip(renewals.iter_mut().zip(ACTING))
            {
                let Ok(Ok(Some(lease))) = lease else { continue };
                let renewed = lease.spec.and_then(|spec| spec.renew_time);
                if renewed.is_some_and(|renewed| renewal.is_overdue(renewed, tokio::time::Instant::now())) {
                    self.found_away(away);
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn watch_answers(&self, client: &Client, engine: Option<&Docker>) -> Infallible {
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

/// When a Lease was last seen with a new time, on this machine's clock. The cluster's clock may differ from it.
#[derive(Debug, Default)]
struct Renewal(Option<(MicroTime, tokio::time::Instant)>);

impl Renewal {
    fn is_overdue(&mut self, renewed: MicroTime, now: tokio::time::Instant) -> bool {
        match &self.0 {
            Some((before, since)) if *before == renewed => now - *since > LASTS,
            _ => {
                self.0 = Some((renewed, now));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::testing::{
        api::{Answer, Condition, MockApi},
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

    #[tokio::test(start_paused = true)]
    async fn a_scheduler_that_does_not_renew_its_lease_is_away_although_the_server_answers() {
        let (api, health, before) = (MockApi::new(), Health::default(), Instant::now());
        runs::cluster(&api);
        let lease =
            json!({"metadata": {"name": "kube-scheduler"}, "spec": {"renewTime": "2026-01-01T00:00:00.000000Z"}});
        let path = "GET /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler";
        api.on(path, [Answer::Object(lease)]);
        let client = api.client();
        tokio::select! {
            never = health.watch(&client, None) => match never {},
            () = tokio::time::sleep(LASTS) => assert_eq!(health.away_since(before), None),
        }
        tokio::select! {
            never = health.watch(&client, None) => match never {},
            () = tokio::time::sleep(2 * LASTS) => {}
        }
        assert_eq!(health.away_since(before), Some("the cluster's scheduler was away"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_that_is_renewed_is_never_overdue() {
        let (mut renewal, begun) = (Renewal::default(), tokio::time::Instant::now());
        for second in (0..60).step_by(5) {
            let renewed = MicroTime(jiff::Timestamp::from_second(second).unwrap());
            assert!(!renewal.is_overdue(renewed, begun + Duration::from_secs(second.unsigned_abs())));
        }
        assert!(renewal.is_overdue(MicroTime(jiff::Timestamp::from_second(55).unwrap()), begun + 5 * LASTS));
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
