//! Measures the time from the watch event that satisfies a wait to the wait's return; compares labproof's wait with
//! `kubectl wait`.
//!
//! A separate watch in this process, on its own connection, receives the event too and gives the time of the event.
//! Both waits are known to be watching before the object changes.

use std::{
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use futures::{StreamExt, TryStreamExt, future::pending};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::{
    Api,
    api::{Patch, PatchParams, PostParams, WatchEvent, WatchParams},
};
use labproof::internal::{
    cluster::{Cluster, ask, kind_cli, lease, namespace, wait},
    conditions::Judgement,
    verdict::{Fault, Outcome},
};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    sync::mpsc,
    task::JoinHandle,
};

use crate::{bench::Bench, child, row::Row};

/// The time budget from the event to the return.
const BUDGET: Duration = Duration::from_millis(20);

/// The maximum time until a change is observed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The object that is changed.
const SIGNAL: &str = "signal";

/// Measures the time from the event to the return of each wait.
pub(crate) async fn measure(bench: &Bench) -> Outcome<Vec<Row>> {
    let cluster = bench.cluster().await?;
    let run = format!("bench-{}", std::process::id());
    // A run without a Lease counts as dead, and its namespace would be removed.
    lease::take(cluster, &run).await?;
    let measured = in_namespace(bench, cluster, &run).await;
    let cleared = namespace::remove(cluster, &run).await;
    let given_back = lease::give_back(cluster, &run).await;
    Ok(vec![measured.and_then(|row| cleared.and(given_back).map(|()| row))?])
}

async fn in_namespace(bench: &Bench, cluster: &Cluster, name: &str) -> Outcome<Row> {
    namespace::create(cluster, name, name, &[]).await?;
    let other = kind_cli::connect(cluster.name()).await?;
    let watched = Watched { cluster, watching: other.api(name), signal: cluster.api(name), round: AtomicU32::new(0) };
    let signal = serde_json::from_value(json!({"metadata": {"name": SIGNAL}, "data": {"is": "new"}}));
    let signal: ConfigMap = signal.map_err(|error| Fault::broken(error.to_string()))?;
    ask("make a ConfigMap", watched.signal.create(&PostParams::default(), &signal)).await?;
    let row = Row::new("from the watch event to the wait's return", "`kubectl wait --for=jsonpath`", BUDGET);
    bench.in_turns(row, async || watched.ours().await, async || watched.theirs().await).await
}

struct Watched<'a> {
    cluster: &'a Cluster,
    signal: Api<ConfigMap>,
    watching: Api<ConfigMap>,
    round: AtomicU32,
}

impl Watched<'_> {
    async fn ours(&self) -> Outcome<Duration> {
        let (wanted, almost) = (self.next(), self.next());
        let event = self.event(&wanted).await?;
        let (tell, mut told) = mpsc::unbounded_channel();
        let (api, word) = (self.signal.clone(), wanted.clone());
        let returned = tokio::spawn(async move {
            let judge = |object: Option<&ConfigMap>| {
                let said = object.map(said).unwrap_or_default();
                if said == word {
                    return Judgement::Holds;
                }
                // An error is ignored: the receiver is dropped as soon as the wait is known to be watching.
                _ = tell.send(said.clone());
                Judgement::NotYet(said.into())
            };
            let ended = wait::until(api, SIGNAL, PATIENCE, judge, pending()).await;
            ended.map(|_| Instant::now()).map_err(|unmet| Fault::broken(format!("the wait failed: {}", unmet.last)))
        });
        // A wait first lists, then watches. A change that it sees after the list proves that it watches.
        _ = told.recv().await;
        self.say(&almost).await?;
        while told.recv().await.is_some_and(|said| said != almost) {}
        self.say(&wanted).await?;
        between(event, returned).await
    }

    async fn theirs(&self) -> Outcome<Duration> {
        let wanted = self.next();
        let event = self.event(&wanted).await?;
        let cannot = |error: std::io::Error| Fault::broken(format!("cannot run kubectl: {error}"));
        let mut kubectl = child::program("kubectl", self.cluster);
        kubectl.args(["wait", "configmap/signal", "--timeout=30s", "-v=6", "--namespace"]).arg(self.namespace());
        kubectl.arg(format!("--for=jsonpath={{.data.is}}={wanted}")).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut running = kubectl.kill_on_drop(true).spawn().map_err(cannot)?;
        let mut lines = BufReader::new(running.stderr.take().ok_or_else(|| Fault::broken("no pipe"))?).lines();
        // At this verbosity, kubectl prints each request when it is answered.
        while lines.next_line().await.map_err(cannot)?.is_some_and(|line| !line.contains("watch=true")) {}
        let returned = tokio::spawn(async move {
            while lines.next_line().await.map_err(cannot)?.is_some() {}
            let ended = running.wait().await.map_err(cannot)?;
            let at = Instant::now();
            ended.success().then_some(at).ok_or_else(|| Fault::broken(format!("`kubectl wait` ended with {ended}")))
        });
        self.say(&wanted).await?;
        between(event, returned).await
    }

    /// Resolves to the time at which our own watch receives the change to `word`. The watch is running when this
    /// function returns.
    async fn event(&self, word: &str) -> Outcome<JoinHandle<Outcome<Instant>>> {
        let object = ask("read the ConfigMap", self.watching.get(SIGNAL)).await?;
        let version = object.metadata.resource_version.unwrap_or_default();
        let only = WatchParams::default().fields(&format!("metadata.name={SIGNAL}"));
        let events = ask("watch the ConfigMap", self.watching.watch(&only, &version)).await?.boxed();
        let word = word.to_owned();
        Ok(tokio::spawn(async move {
            let mut events = events;
            while let Ok(Some(event)) = events.try_next().await {
                if matches!(&event, WatchEvent::Modified(object) if said(object) == word) {
                    return Ok(Instant::now());
                }
            }
            Err(Fault::broken("our own watch ended"))
        }))
    }

    async fn say(&self, word: &str) -> Outcome {
        let change = Patch::Merge(json!({"data": {"is": word}}));
        ask("change the ConfigMap", self.signal.patch(SIGNAL, &PatchParams::default(), &change)).await.map(|_| ())
    }

    fn next(&self) -> String {
        format!("round-{}", self.round.fetch_add(1, Ordering::Relaxed))
    }

    fn namespace(&self) -> String {
        self.signal.namespace().unwrap_or_default().to_owned()
    }
}

async fn between(event: JoinHandle<Outcome<Instant>>, returned: JoinHandle<Outcome<Instant>>) -> Outcome<Duration> {
    let both = async { tokio::try_join!(event, returned).map_err(|error| Fault::broken(error.to_string())) };
    let both = tokio::time::timeout(2 * PATIENCE, both).await.map_err(|_| Fault::broken("the change was not seen"))?;
    let (event, returned) = both?;
    Ok(returned?.saturating_duration_since(event?))
}

fn said(object: &ConfigMap) -> String {
    object.data.as_ref().and_then(|data| data.get("is")).cloned().unwrap_or_default()
}
