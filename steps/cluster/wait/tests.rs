use std::future::pending;

use k8s_openapi::api::core::v1::Pod;
use tokio::time::sleep;

use super::*;
use crate::{
    conditions::pod,
    testing::{
        api::{Answer, Condition, Events, MockApi},
        objects::{ready_pod, unready_pod, waiting_pod},
    },
    verdict::Verdict,
};

const LIST: &str = "GET /api/v1/namespaces/lab/pods";
const WATCH: &str = "WATCH /api/v1/namespaces/lab/pods";

fn pods(api: &MockApi) -> Api<Pod> {
    Api::namespaced(api.client(), "lab")
}

/// A server that lists this Pod, and answers watches like this.
fn server(at_first: serde_json::Value, watches: impl IntoIterator<Item = Answer>) -> MockApi {
    let api = MockApi::new();
    api.on(LIST, [Answer::list([at_first])]);
    api.on(WATCH, watches);
    api
}

/// Waits until the Pod `hello` is ready.
async fn ready(api: &MockApi, seconds: u64) -> Result<Option<Pod>, Unmet> {
    until(pods(api), "hello", Duration::from_secs(seconds), pod::is_ready, pending()).await
}

/// Watches during this time that the Pod `hello` is not ready.
async fn unready_for(api: &MockApi, seconds: u64) -> Result<(), Unmet> {
    throughout(pods(api), "hello", Duration::from_secs(seconds), pod::is_unready).await
}

/// The verdict of a wait that did not succeed.
fn verdict(unmet: &Unmet) -> Verdict {
    unmet.fault("the Pod", |last| Fault::failed(last.to_string())).verdict
}

#[tokio::test(start_paused = true)]
async fn a_watch_whose_connection_breaks_is_resumed_where_it_was() {
    let ((first, one), (second, other)) = (Events::new(), Events::new());
    let api = server(unready_pod("hello"), [one, other]);
    first.breaks();
    second.modified(ready_pod("hello"));
    assert!(ready(&api, 60).await.is_ok());
    assert_eq!(api.received(LIST).len(), 1, "the Pods are not listed again");
    let watches = api.received(WATCH);
    assert!(watches.len() == 2 && watches.iter().all(|watch| watch.query.contains("resourceVersion=1")));
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_the_server_ends_is_resumed() {
    let ((first, one), (second, other)) = (Events::new(), Events::new());
    let api = server(unready_pod("hello"), [one, other]);
    drop(first);
    second.modified(ready_pod("hello"));
    assert!(ready(&api, 60).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn where_the_resource_version_has_expired_the_objects_are_listed_again() {
    let (events, watch) = Events::new();
    let api = server(unready_pod("hello"), [watch]);
    api.on(LIST, [Answer::list([unready_pod("hello")]), Answer::list([ready_pod("hello")])]);
    events.expired();
    assert!(ready(&api, 60).await.is_ok());
    assert_eq!(api.received(LIST).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_first_answer_after_the_deadline_is_judged_once() {
    let began = Instant::now();
    let api = MockApi::new();
    api.on(LIST, [Answer::list([ready_pod("hello")]).after(20)]);
    assert!(ready(&api, 5).await.is_ok());
    api.on(LIST, [Answer::list([unready_pod("hello")]).after(20)]);
    assert_eq!(verdict(&ready(&api, 5).await.unwrap_err()), Verdict::Failed);
    assert_eq!(began.elapsed().as_secs(), 40, "nothing is waited for after the answer");
}

#[tokio::test(start_paused = true)]
async fn a_first_answer_just_before_the_deadline_leaves_what_is_left_of_it() {
    let api = MockApi::new();
    api.on(LIST, [Answer::list([unready_pod("hello")]).after(4)]);
    let began = Instant::now();
    assert_eq!(verdict(&ready(&api, 5).await.unwrap_err()), Verdict::Failed);
    assert_eq!(began.elapsed().as_secs(), 5);
    let events = api.on_watch("/api/v1/namespaces/lab/pods");
    events.modified(ready_pod("hello"));
    assert!(ready(&api, 5).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_hopeless_state_ends_a_wait_at_once() {
    let (began, api) = (Instant::now(), server(waiting_pod("hello", "InvalidImageName"), []));
    let unmet = ready(&api, 60).await.unwrap_err();
    assert!(unmet.end == End::Hopeless && unmet.last.to_string().contains("InvalidImageName"), "{unmet:?}");
    assert_eq!((began.elapsed().as_secs(), verdict(&unmet)), (0, Verdict::Failed));
}

#[tokio::test(start_paused = true)]
async fn a_second_opinion_that_there_is_no_hope_ends_a_wait() {
    let api = server(unready_pod("hello"), []);
    let opinion = async {
        sleep(Duration::from_secs(2)).await;
        "it lacks a Secret".into()
    };
    let unmet = until(pods(&api), "hello", Duration::from_mins(1), pod::is_ready, opinion).await.unwrap_err();
    assert_eq!((unmet.end, unmet.last.to_string().as_str()), (End::Hopeless, "it lacks a Secret"));
}

/// Takes the server and all its watches away for this number of seconds.
async fn away_for(api: &MockApi, events: Events, seconds: u64) {
    api.until(WATCH, 1).await;
    api.becomes(Condition::Away);
    events.breaks();
    sleep(Duration::from_secs(seconds)).await;
    api.becomes(Condition::Well);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_away_and_returns_does_not_end_a_wait() {
    let ((first, one), (second, other)) = (Events::new(), Events::new());
    let api = server(unready_pod("hello"), [one, other]);
    second.modified(ready_pod("hello"));
    let (waited, ()) = tokio::join!(ready(&api, 120), away_for(&api, first, 20));
    assert!(waited.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_a_server_that_has_returned_still_shows_is_judged() {
    let (events, watch) = Events::new();
    let api = server(unready_pod("hello"), [watch]);
    let (waited, ()) = tokio::join!(ready(&api, 120), away_for(&api, events, 5));
    let unmet = waited.unwrap_err();
    assert_eq!(unmet.end, End::TooLate, "it answers again, and nothing has changed");
    assert_eq!((unmet.last.to_string().as_str(), unmet.unchanged_for.as_secs()), ("phase Running", 120));
    assert_eq!(verdict(&unmet), Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_away_is_no_fault_of_the_lab() {
    let (events, watch) = Events::new();
    let api = server(unready_pod("hello"), [watch]);
    let (began, away) = (Instant::now(), away_for(&api, events, 600));
    let unmet = tokio::select! {
        waited = ready(&api, 60) => waited.unwrap_err(),
        () = away => panic!("the wait has no end"),
    };
    assert_eq!(unmet.end, End::Unreachable("the API server cannot be reached: connection refused".into()));
    assert_eq!((verdict(&unmet), began.elapsed().as_secs()), (Verdict::Broken, 60));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_no_fault_of_the_lab() {
    let (began, api) = (Instant::now(), MockApi::new());
    api.becomes(Condition::Silent);
    let unmet = ready(&api, 5).await.unwrap_err();
    let seconds = began.elapsed().as_secs();
    assert_eq!(
        (verdict(&unmet), seconds),
        (Verdict::Broken, 35),
        "30 seconds, however short the limit, and a last look"
    );
}

#[tokio::test(start_paused = true)]
async fn what_must_last_is_watched_from_the_first_answer_on() {
    let api = MockApi::new();
    api.on(LIST, [Answer::list([unready_pod("hello")]).after(20)]);
    let began = Instant::now();
    assert!(unready_for(&api, 10).await.is_ok());
    assert_eq!(began.elapsed().as_secs(), 30, "an answer that comes late does not shorten what is watched");
    let events = api.on_watch("/api/v1/namespaces/lab/pods");
    let changes = async {
        api.until(WATCH, 2).await;
        sleep(Duration::from_secs(9)).await;
        events.modified(ready_pod("hello"));
    };
    let (watched, ()) = tokio::join!(unready_for(&api, 10), changes);
    assert_eq!(watched.unwrap_err().last.to_string(), "it is ready");
}

#[tokio::test(start_paused = true)]
async fn what_must_last_and_cannot_be_watched_to_the_end_is_no_fault_of_the_lab() {
    let (events, watch) = Events::new();
    let api = server(unready_pod("hello"), [watch]);
    let away = away_for(&api, events, 600);
    let unmet = tokio::select! {
        watched = unready_for(&api, 60) => watched.unwrap_err(),
        () = away => panic!("the wait has no end"),
    };
    assert_eq!(verdict(&unmet), Verdict::Broken);
}
