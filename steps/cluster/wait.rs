//! Waits by watch: for a condition of one object, until a deadline.
//!
//! A wait ends at once where the condition says that it is hopeless. It survives a watch that is dropped and an API
//! server that is away for a moment, and it remembers what it last saw and since when. It never sleeps and never
//! polls.

use std::{
    fmt::Debug,
    future::Future,
    time::{Duration, Instant},
};

use futures::{Stream, StreamExt};
use kube::{
    Api, Resource,
    runtime::{WatchStreamExt, watcher},
};
use serde::de::DeserializeOwned;

use crate::conditions::Judgement;

/// A wait that did not end well.
#[derive(Clone, Debug)]
pub struct Unmet {
    /// What was last seen instead, or why it is hopeless.
    pub last: String,
    /// How long ago that state was first seen.
    pub unchanged_for: Duration,
    /// Whether the wait was given up before its deadline.
    pub hopeless: bool,
    /// What the API said the last time it could not be watched, if that was the last thing that happened.
    pub unreachable: Option<String>,
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
    hopeless: impl Future<Output = String>,
) -> Result<Option<K>, Unmet>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let fields = watcher::Config::default().fields(&format!("metadata.name={name}"));
    let states = watcher(api, fields).default_backoff();
    let states = Box::pin(objects(states));
    let deadline = tokio::time::sleep(limit);
    let mut last = Unmet {
        last: "nothing was seen of it".into(),
        unchanged_for: Duration::ZERO,
        hopeless: false,
        unreachable: None,
    };
    let mut since = Instant::now();
    tokio::pin!(deadline, hopeless, states);
    loop {
        tokio::select! {
            biased;
            state = states.next() => match state {
                Some(Ok(object)) => {
                    last.unreachable = None;
                    match judge(object.as_ref()) {
                        Judgement::Holds => return Ok(object),
                        Judgement::Hopeless(why) => return Err(Unmet { last: why, hopeless: true, ..last }),
                        Judgement::NotYet(seen) if seen != last.last => (last.last, since) = (seen, Instant::now()),
                        Judgement::NotYet(_) => {}
                    }
                }
                Some(Err(error)) => last.unreachable = Some(error),
                None => return Err(Unmet { unreachable: Some("the watch ended".into()), ..last }),
            },
            why = &mut hopeless => return Err(Unmet { last: why, hopeless: true, ..last }),
            () = &mut deadline => return Err(Unmet { unchanged_for: since.elapsed(), ..last }),
        }
    }
}

/// The states of the one object that is watched: there, or not there.
fn objects<K: Clone>(
    events: impl Stream<Item = watcher::Result<watcher::Event<K>>>,
) -> impl Stream<Item = Result<Option<K>, String>> {
    use watcher::Event;
    let mut there = false;
    events.filter_map(move |event| {
        let state = match event {
            Ok(Event::Apply(object) | Event::InitApply(object)) => {
                there = true;
                Some(Ok(Some(object)))
            }
            Ok(Event::Delete(_)) => {
                there = false;
                Some(Ok(None))
            }
            Ok(Event::Init) => {
                there = false;
                None
            }
            Ok(Event::InitDone) => (!there).then_some(Ok(None)),
            Err(error) => Some(Err(error.to_string())),
        };
        std::future::ready(state)
    })
}
