//! Waits with a watch until a condition of one or several objects holds, up to a deadline.
//!
//! A wait ends at once if the condition is hopeless. It survives a dropped watch and a short absence of the API server.
//! It remembers the last state that it saw, and since when. It never sleeps and never polls.

use std::{collections::BTreeMap, fmt::Debug, future::Future, time::Duration};

use futures::{Stream, StreamExt, future};
use kube::{
    Api, Resource, ResourceExt,
    api::ListParams,
    runtime::{WatchStreamExt, watcher},
};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::said;
use crate::{
    conditions::{Cause, Judgement},
    log::{self, About},
    verdict::Fault,
};

/// When the time is over, how long an API server that could not be watched may take to answer.
const LAST_READ: Duration = Duration::from_secs(5);

/// A wait that did not succeed.
#[derive(Clone, Debug)]
pub struct Unmet {
    /// The last state that was seen, or why it is hopeless.
    pub last: Cause,
    /// How long that state has not changed.
    pub unchanged_for: Duration,
    /// How the wait ended.
    pub end: End,
}

/// How a wait ended that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Its time was over.
    TooLate,
    /// It was given up before, because the state can never become the expected one.
    Hopeless,
    /// The objects could not be watched at the end; contains the API's last error.
    Unreachable(String),
}

impl Unmet {
    fn hopeless(why: Cause) -> Self {
        Self { last: why, unchanged_for: Duration::ZERO, end: End::Hopeless }
    }

    /// Turns this into a fault: `broken` if `what` could not be observed, otherwise the fault that `judged` makes of
    /// the last state.
    pub fn fault(&self, what: &str, judged: impl FnOnce(&Cause) -> Fault) -> Fault {
        self.unobserved(what).unwrap_or_else(|| judged(&self.last))
    }

    /// A `broken` fault if `what` could not be observed at the end.
    #[must_use]
    pub fn unobserved(&self, what: &str) -> Option<Fault> {
        let End::Unreachable(why) = &self.end else { return None };
        Some(Fault::broken(format!("cannot watch {what}: {why}")).seen("before that", self.last.to_string()))
    }
}

/// Waits until `judge` accepts the object `name`, and returns the object; `None` if it does not exist and `judge`
/// accepts that. `hopeless` may also end the wait: it returns as soon as it knows that waiting is pointless.
///
/// # Errors
/// If `limit` is over or the wait is hopeless; the error contains the last state.
pub async fn until<K>(
    api: Api<K>,
    name: &str,
    limit: Duration,
    judge: impl Fn(Option<&K>) -> Judgement,
    hopeless: impl Future<Output = Cause>,
) -> Result<Option<K>, Unmet>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let judge = |all: &[K]| judge(all.first());
    until_all(api, called(name), limit, judge, hopeless).await.map(|all| all.into_iter().next())
}

/// Waits until `judge` accepts all objects of a selection together, and returns them. Looks at them at least once,
/// however short `limit` is. If they could not be watched at the end, it looks once more, because a server that has
/// returned may send no new events.
///
/// # Errors
/// The same as [`until`].
pub async fn until_all<K>(
    api: Api<K>,
    of: watcher::Config,
    limit: Duration,
    judge: impl Fn(&[K]) -> Judgement,
    hopeless: impl Future<Output = Cause>,
) -> Result<Vec<K>, Unmet>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let end = Some(Instant::now() + limit);
    match watch(api.clone(), of.clone(), limit, end, &judge, hopeless).await {
        Err(unmet @ Unmet { end: End::Unreachable(_), .. }) => read_once_more(&api, &of, judge, unmet).await,
        waited => waited,
    }
}

/// Watches the objects until `judge` accepts them, or until `end`. Without `end`, the time `limit` starts with the
/// first answer.
async fn watch<K>(
    api: Api<K>,
    of: watcher::Config,
    limit: Duration,
    mut end: Option<Instant>,
    judge: impl Fn(&[K]) -> Judgement,
    hopeless: impl Future<Output = Cause>,
) -> Result<Vec<K>, Unmet>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let subject = subject(&api, &of);
    let saw = |what: &str| log::note(About::Wait, &format!("{subject}: {what}"), &[]);
    let states = Box::pin(states(watcher(api, of).default_backoff()));
    // The first answer may take longer than `limit`.
    let deadline = tokio::time::sleep(limit.max(super::ANSWER));
    let mut last: Cause = "nothing was seen of it".into();
    let mut unreachable = Some("the API server did not answer".to_owned());
    let mut since = Instant::now();
    tokio::pin!(deadline, hopeless, states);
    loop {
        tokio::select! {
            biased;
            state = states.next() => match state {
                Some(Ok(objects)) => {
                    unreachable = None;
                    deadline.as_mut().reset(*end.get_or_insert_with(|| Instant::now() + limit));
                    match judge(&objects) {
                        Judgement::Holds => {
                            saw("as expected");
                            return Ok(objects);
                        }
                        Judgement::Hopeless(why) => return Err(Unmet::hopeless(why)),
                        Judgement::NotYet(seen) if seen != last => {
                            saw(&seen.to_string());
                            (last, since) = (seen, Instant::now());
                        }
                        Judgement::NotYet(_) => {}
                    }
                }
                Some(Err(error)) => {
                    saw(&error);
                    unreachable = Some(error);
                }
                None => {
                    let end = End::Unreachable("the watch ended".into());
                    return Err(Unmet { last, unchanged_for: since.elapsed(), end });
                }
            },
            why = &mut hopeless => return Err(Unmet::hopeless(why)),
            () = &mut deadline => {
                let end = unreachable.map_or(End::TooLate, End::Unreachable);
                return Err(Unmet { last, unchanged_for: since.elapsed(), end });
            }
        }
    }
}

/// What is watched, for the log.
fn subject<K: Resource>(api: &Api<K>, of: &watcher::Config) -> String {
    let selectors = of.field_selector.iter().chain(&of.label_selector).cloned().collect::<Vec<_>>();
    format!("{} {}", api.resource_url(), selectors.join(" "))
}

/// Lists the objects once more if they could not be watched when the time was over.
async fn read_once_more<K>(
    api: &Api<K>,
    of: &watcher::Config,
    judge: impl Fn(&[K]) -> Judgement,
    unmet: Unmet,
) -> Result<Vec<K>, Unmet>
where
    K: Clone + DeserializeOwned + Debug,
{
    let (label_selector, field_selector) = (of.label_selector.clone(), of.field_selector.clone());
    let these = ListParams { label_selector, field_selector, ..ListParams::default() };
    let Ok(Ok(found)) = tokio::time::timeout(LAST_READ, api.list(&these)).await else { return Err(unmet) };
    match judge(&found.items) {
        Judgement::Holds => Ok(found.items),
        Judgement::Hopeless(why) => Err(Unmet::hopeless(why)),
        Judgement::NotYet(seen) if seen == unmet.last => Err(Unmet { end: End::TooLate, ..unmet }),
        Judgement::NotYet(seen) => Err(Unmet { last: seen, unchanged_for: Duration::ZERO, end: End::TooLate }),
    }
}

/// Watches during `limit`, from the first answer on, and checks that `judge` accepts the object `name` the whole time.
///
/// # Errors
/// If it does not; the error contains the state, at once. Or if the object could not be watched at the end.
pub async fn throughout<K>(
    api: Api<K>,
    name: &str,
    limit: Duration,
    judge: impl Fn(Option<&K>) -> Judgement,
) -> Result<(), Unmet>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let broken = |all: &[K]| match judge(all.first()) {
        Judgement::Holds => Judgement::NotYet("it is as it should be".into()),
        Judgement::NotYet(seen) | Judgement::Hopeless(seen) => Judgement::Hopeless(seen),
    };
    match watch(api, called(name), limit, None, broken, future::pending()).await {
        Ok(_) | Err(Unmet { end: End::TooLate, .. }) => Ok(()),
        Err(unmet) => Err(unmet),
    }
}

/// The selection of the one object with this name.
fn called(name: &str) -> watcher::Config {
    watcher::Config::default().fields(&format!("metadata.name={name}"))
}

/// The states of the watched objects, sorted by name: all existing objects after each change.
fn states<K: Resource + Clone>(
    events: impl Stream<Item = watcher::Result<watcher::Event<K>>>,
) -> impl Stream<Item = Result<Vec<K>, String>> {
    use watcher::Event;
    let (mut there, mut listed) = (BTreeMap::new(), BTreeMap::new());
    events.filter_map(move |event| {
        let complete = !matches!(event, Ok(Event::Init | Event::InitApply(_)));
        match event {
            Ok(Event::Init) => listed.clear(),
            Ok(Event::InitApply(object)) => _ = listed.insert(object.name_any(), object),
            Ok(Event::InitDone) => there = std::mem::take(&mut listed),
            Ok(Event::Apply(object)) => _ = there.insert(object.name_any(), object),
            Ok(Event::Delete(object)) => _ = there.remove(&object.name_any()),
            Err(error) => return future::ready(Some(Err(words(&error)))),
        }
        future::ready(complete.then(|| Ok(there.values().cloned().collect())))
    })
}

/// What the server or the connection to it said.
fn words(error: &watcher::Error) -> String {
    let mut sources = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    sources.find_map(|source| source.downcast_ref::<kube::Error>()).map_or_else(|| error.to_string(), said)
}

#[cfg(test)]
mod tests;
