//! A mocked API server: a `tower` service instead of the connection of a [`Client`].
//!
//! A test sets the answer to each request, feeds watches with events, and reads the requests that were sent. The server
//! only follows this script: an object that was created does not exist afterwards unless the test says so.

mod answer;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll},
    time::Duration,
};

use futures::future::BoxFuture;
use http::{HeaderMap, Request, Response};
use kube::{Client, client::Body};
use serde_json::Value;
use tokio::sync::watch;
use tower::{BoxError, Service};

pub(crate) use answer::{Answer, Events};

/// The mocked server. All clones are the same server.
#[derive(Clone)]
pub(crate) struct MockApi {
    script: Arc<Mutex<Script>>,
    received: Arc<watch::Sender<Vec<Received>>>,
}

#[derive(Default)]
struct Script {
    rules: Vec<Route>,
    condition: Condition,
}

struct Route {
    request: RoutePattern,
    answers: VecDeque<Answer>,
}

/// A request such as `GET /api/v1/pods?limit=1`: the verb, the path, and what the query contains.
struct RoutePattern {
    line: String,
    query: String,
}

/// The condition of the whole server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Condition {
    /// It answers as the test has set.
    #[default]
    Well,
    /// It refuses connections.
    Away,
    /// It takes requests and never answers.
    Silent,
}

/// A request that was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The verb, which is `WATCH` for a watch, and the path.
    pub(crate) line: String,
    /// The query, decoded.
    pub(crate) query: String,
    /// The body, if it is JSON or YAML.
    pub(crate) body: Value,
    /// The headers.
    pub(crate) headers: HeaderMap,
}

impl MockApi {
    /// A server that answers each watch with no events, and everything else with 404.
    pub(crate) fn new() -> Self {
        Self { script: Arc::default(), received: Arc::new(watch::Sender::new(Vec::new())) }
    }

    /// A client of this server.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.clone(), "default")
    }

    /// Answers requests such as `GET /api/v1/nodes` or `WATCH /api/v1/pods?metadata.name=hello` with these answers, in
    /// order; the last one is repeated. If a request has several scripts, the latest counts.
    pub(crate) fn on(&self, request: &str, answers: impl IntoIterator<Item = Answer>) {
        let (line, query) = request.split_once('?').unwrap_or((request, ""));
        let request = RoutePattern { line: line.to_owned(), query: query.to_owned() };
        self.lock().rules.push(Route { request, answers: answers.into_iter().collect() });
    }

    /// Answers the next watch of this path with the events that the test sends, and later ones without events.
    pub(crate) fn on_watch(&self, path: &str) -> Events {
        let (events, answer) = Events::new();
        self.on(&format!("WATCH {path}"), [answer]);
        events
    }

    /// Sets the condition of the whole server for all requests from now on.
    pub(crate) fn becomes(&self, condition: Condition) {
        self.lock().condition = condition;
    }

    /// Waits until this request was received this many times, but at most an hour of the paused clock.
    pub(crate) async fn until(&self, request: &str, times: usize) {
        let mut received = self.received.subscribe();
        let came = received.wait_for(|all| all.iter().filter(|one| one.line == request).count() >= times);
        let came = tokio::time::timeout(Duration::from_hours(1), came).await;
        assert!(came.is_ok(), "{request} has not come {times} times");
    }

    /// The received requests with this verb and path, in order.
    pub(crate) fn received(&self, request: &str) -> Vec<Received> {
        self.received.borrow().iter().filter(|one| one.line == request).cloned().collect()
    }

    /// The lines of all requests that change something, in order.
    pub(crate) fn changes(&self) -> Vec<String> {
        let reads = |line: &str| line.starts_with("GET ") || line.starts_with("WATCH ");
        self.received.borrow().iter().map(|one| one.line.clone()).filter(|line| !reads(line)).collect()
    }

    fn answer(&self, request: &Received) -> Answer {
        let mut script = self.lock();
        match script.condition {
            Condition::Well => {}
            Condition::Away => return Answer::Away,
            Condition::Silent => return Answer::Silence,
        }
        let rule = script.rules.iter_mut().rev().find(|rule| rule.request.fits(request));
        rule.map_or_else(|| Answer::unscripted(&request.line), Route::next)
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }
}

impl Route {
    fn next(&mut self) -> Answer {
        if self.answers.len() > 1 {
            return self.answers.pop_front().unwrap();
        }
        self.answers.front_mut().map_or(Answer::Silence, Answer::again)
    }
}

impl RoutePattern {
    fn fits(&self, request: &Received) -> bool {
        self.line == request.line && request.query.contains(&self.query)
    }
}

impl Received {
    async fn of(request: Request<Body>) -> Result<Self, BoxError> {
        let (parts, body) = request.into_parts();
        let query = parts.uri.query().unwrap_or_default().replace("%3D", "=").replace("%2F", "/");
        let verb = if query.contains("watch=true") { "WATCH" } else { parts.method.as_str() };
        let line = format!("{verb} {}", parts.uri.path());
        let body = serde_yaml::from_slice(&body.collect_bytes().await?).unwrap_or_default();
        Ok(Self { line, query, body, headers: parts.headers })
    }
}

impl Service<Request<Body>> for MockApi {
    type Response = Response<answer::Stream>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let server = self.clone();
        Box::pin(async move {
            let request = Received::of(request).await?;
            let answer = server.answer(&request);
            server.received.send_modify(|all| all.push(request.clone()));
            answer.give(&request.body).await
        })
    }
}
