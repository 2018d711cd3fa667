//! Waits by watch: for a condition of one object or of several, until a deadline.
//!
//! A wait ends at once where the condition says that it is hopeless. It survives a watch that is dropped and an API
//! server that is away for a moment, and it remembers what it last saw and since when. It never sleeps and never
//! polls.

use std::{collections::BTreeMap, fmt::Debug, future::Future, time::Duration};

use futures::{Stream, StreamExt, future};
use kube::{
    Api, Resource, ResourceExt,
    api::ListParams,
    runtime::{WatchStreamExt, watcher},
};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use crate::{
    conditions::{Cause, Judgement},
    verdict::Fault,
};

/// How long an API server that could not be watched may take to answer when the time is over.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// A wait that did not end well.
#[derive(Clone, Debug)]
pub struct Unmet {
    /// What was last seen instead, or why it is hopeless.
    pub last: Cause,
    /// How long ago that state was first seen.
    pub unchanged_for: Duration,
    /// Whether the wait was given up before its deadline.
    pub hopeless: bool,
    /// What the API said the last time it could not be watched, if that was the last thing that happened.
    pub unreachable: Option<String>,
}

impl Unmet {
    /// Whose fault it is: where `what` could not be seen, nobody's that is judged; else as `judged` says of what was last
    /// seen.
    pub fn fault(self, what: &str, judged: impl FnOnce(String) -> Fault) -> Fault {
        match self.unreachable {
            Some(why) => Fault::broken(format!("cannot watch {what}: {why}")),
            None => judged(self.last.to_string()),
        }
    }
}

/// Waits until the object called `name` is as `judge` wants it, and returns it; `None` where it is gone and that is
/// what is wanted. `hopeless` is a second opinion: it ends when it knows that waiting on is of no use.
///
/// # Errors
/// What was last seen, when `limit` is over or there is no hope.
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

/// Waits until all objects of a selection are together as `judge` wants them, and returns them. They are looked at once
/// at least, however short `limit` is, and once more at the end where they could not be watched any more: a server that is
/// back may have nothing new to tell.
///
/// # Errors
/// What was last seen, when `limit` is over or there is no hope.
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
        Err(unmet) if unmet.unreachable.is_some() => look_again(&api, &of, judge, unmet).await,
        waited => waited,
    }
}

/// Watches the objects until they are as `judge` wants them, or until `end`; where that is none, until `limit` is over after
/// the first answer.
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
    let states = Box::pin(states(watcher(api, of).default_backoff()));
    // The first answer may come later.
    let deadline = tokio::time::sleep(limit.max(super::ANSWER));
    let mut last = Unmet {
        last: "nothing was seen of it".into(),
        unchanged_for: Duration::ZERO,
        hopeless: false,
        unreachable: Some("the API server did not answer".into()),
    };
    let mut since = Instant::now();
    tokio::pin!(deadline, hopeless, states);
    loop {
        tokio::select! {
            biased;
            state = states.next() => match state {
                Some(Ok(objects)) => {
                    last.unreachable = None;
                    deadline.as_mut().reset(*end.get_or_insert_with(|| Instant::now() + limit));
                    match judge(&objects) {
                        Judgement::Holds => return Ok(objects),
                        Judgement::Hopeless(why) => return Err(Unmet { last: why, hopeless: true, ..last }),
                        Judgement::NotYet(seen) if seen != last.last => (last.last, since) = (seen, Instant::now()),
                        Judgement::NotYet(_) => {}
                    }
                }
                Some(Err(error)) => last.unreachable = Some(error),
                None => return Err(Unmet { unreachable: Some("the watch ended".into()), ..last }),
            },
            why = &mut hopeless => return Err(Unmet { last: why, hopeless: true, unreachable: None, ..last }),
            () = &mut deadline => return Err(Unmet { unchanged_for: since.elapsed(), ..last }),
        }
    }
}

/// Looks at objects that could not be watched when the time was over.
async fn look_again<K>(
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
    let Ok(Ok(found)) = tokio::time::timeout(LAST_LOOK, api.list(&these)).await else { return Err(unmet) };
    let unmet = Unmet { unreachable: None, ..unmet };
    match judge(&found.items) {
        Judgement::Holds => Ok(found.items),
        Judgement::Hopeless(why) => Err(Unmet { last: why, hopeless: true, ..unmet }),
        Judgement::NotYet(seen) if seen == unmet.last => Err(unmet),
        Judgement::NotYet(seen) => Err(Unmet { last: seen, unchanged_for: Duration::ZERO, ..unmet }),
    }
}

/// Watches for as long as `limit`, from the first answer on, that the object called `name` stays as `judge` wants it.
///
/// # Errors
/// What was seen instead, as soon as it was, or why the object could not be watched at the end.
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
        Err(unmet) if unmet.hopeless || unmet.unreachable.is_some() => Err(unmet),
        _ => Ok(()),
    }
}

/// The selection of the one object that is called so.
fn called(name: &str) -> watcher::Config {
    watcher::Config::default().fields(&format!("metadata.name={name}"))
}

/// The states of the objects that are watched, in the order of their names: all that are there, after each change.
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
            Err(error) => return future::ready(Some(Err(error.to_string()))),
        }
        future::ready(complete.then(|| Ok(there.values().cloned().collect())))
    })
}

#[cfg(test)]
mod tests;
