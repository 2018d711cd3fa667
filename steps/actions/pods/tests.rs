use serde_json::{Value, json};
use tokio::time::Instant;

use super::*;
use crate::{
    actions::services,
    testing::{
        api::{Answer, Condition},
        objects::{named, ready_pod, unpulled_pod, unready_pod, waiting_pod},
        runs::Mocked,
    },
    verdict::Verdict,
};

const PODS: &str = "/api/v1/namespaces/lab-abcdef-1/pods";
const MINUTE: Duration = Duration::from_mins(1);

fn mocked() -> Mocked {
    Mocked::new(&["Then within 60 seconds no Pods remain"])
}

/// A scene in which the Pod `hello` was seen.
fn after_hello(mocked: &Mocked) -> Scene {
    let mut scene = mocked.scene();
    scene.saw_pod("hello", "uid of hello");
    scene
}

fn verdict(outcome: Outcome) -> Option<Verdict> {
    outcome.err().map(|fault| fault.verdict)
}

#[tokio::test(start_paused = true)]
async fn the_absence_of_what_nobody_saw_proves_nothing() {
    let mocked = mocked();
    let mut scene = mocked.scene();
    for outcome in [
        until_gone(&mut scene, "hello", MINUTE).await,
        none_called(&scene, "hello", MINUTE).await,
        until_none(&scene, MINUTE).await,
        until_labelled(&mut scene, "app=hello", 0, MINUTE).await,
    ] {
        let fault = outcome.unwrap_err();
        assert!(fault.verdict == Verdict::Failed && fault.hint.is_some(), "{fault}");
    }
    assert!(mocked.api.received(&format!("GET {PODS}")).is_empty(), "nobody needs to look for it");
}

#[tokio::test(start_paused = true)]
async fn the_absence_of_what_was_seen_counts() {
    let mocked = mocked();
    let mut scene = after_hello(&mocked);
    assert_eq!(until_gone(&mut scene, "hello", MINUTE).await, Ok(()));
    assert_eq!(none_called(&scene, "hello", MINUTE).await, Ok(()));
    assert_eq!(until_none(&scene, MINUTE).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn the_absence_from_another_namespace_than_that_of_what_was_seen_proves_nothing() {
    let mocked = mocked();
    let mut scene = after_hello(&mocked);
    scene.namespace = "other".into();
    assert_eq!(verdict(until_gone(&mut scene, "hello", MINUTE).await), Some(Verdict::Failed));
    assert_eq!(verdict(until_none(&scene, MINUTE).await), Some(Verdict::Failed));
}

#[tokio::test]
async fn a_file_that_labproof_cannot_read_was_not_refused_by_the_server() {
    let mocked = mocked();
    let refused = until_refused(&mocked.scene(), "none.yaml", "none.yaml").await;
    assert_eq!(refused.unwrap_err().verdict, Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_a_wait_has_seen_counts_as_seen() {
    let mocked = mocked();
    let mut scene = mocked.scene();
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([ready_pod("hello")])]);
    until(&mut scene, "hello", "ready", MINUTE, pod::is_ready).await.unwrap();
    let events = mocked.api.on_watch(PODS);
    events.deleted(ready_pod("hello"));
    assert_eq!(until_gone(&mut scene, "hello", MINUTE).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_stays_is_the_labs_fault() {
    let mocked = mocked();
    let mut scene = after_hello(&mocked);
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([ready_pod("hello")])]);
    assert_eq!(verdict(until_gone(&mut scene, "hello", MINUTE).await), Some(Verdict::Failed));
    assert_eq!(verdict(none_called(&scene, "hello", MINUTE).await), Some(Verdict::Failed));
    assert_eq!(verdict(until_none(&scene, MINUTE).await), Some(Verdict::Failed));
}

#[tokio::test(start_paused = true)]
async fn an_absence_that_cannot_be_seen_is_no_fault_of_the_lab_and_no_proof() {
    for condition in [Condition::Away, Condition::Silent] {
        let mocked = mocked();
        let mut scene = after_hello(&mocked);
        mocked.api.becomes(condition);
        assert_eq!(verdict(until_gone(&mut scene, "hello", MINUTE).await), Some(Verdict::Broken));
        assert_eq!(verdict(none_called(&scene, "hello", MINUTE).await), Some(Verdict::Broken));
        assert_eq!(verdict(until_none(&scene, MINUTE).await), Some(Verdict::Broken));
        assert_eq!(verdict(until_labelled(&mut scene, "app=hello", 1, MINUTE).await), Some(Verdict::Broken));
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_does_not_exist_ends_the_wait_for_a_pod() {
    let mocked = mocked();
    let mut scene = mocked.scene();
    let event = json!({
        "metadata": {"name": "hello.1", "resourceVersion": "2"}, "type": "Warning", "reason": "Failed",
        "message": "Error: secret \"password\" not found", "involvedObject": {"name": "hello", "uid": "uid of hello"},
    });
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([unready_pod("hello")])]);
    mocked.api.on(&format!("GET {PODS}/hello"), [Answer::Object(unready_pod("hello"))]);
    mocked.api.on("GET /api/v1/namespaces/lab-abcdef-1/events", [Answer::list([event])]);
    let began = Instant::now();
    let fault = until_started(&mut scene, "hello", "ready", MINUTE, pod::is_ready).await.unwrap_err();
    assert!(fault.reason.contains("something that it needs does not exist"), "{fault}");
    assert!(fault.evidence.iter().any(|evidence| evidence.title == "events of Pod hello"), "{fault}");
    assert_eq!((fault.verdict, began.elapsed().as_secs()), (Verdict::Failed, 0));
    mocked.api.on("GET /api/v1/namespaces/lab-abcdef-1/secrets/password", [Answer::Object(named("password"))]);
    let fault = until_started(&mut scene, "hello", "ready", MINUTE, pod::is_ready).await.unwrap_err();
    assert!(fault.reason.contains("is not ready within 60 seconds"), "it was made since: {fault}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_pod_of_labproofs_own_is_nobodys_fault_who_is_judged() {
    for (pod, wanted) in [
        (Some(unready_pod("asker")), Verdict::Broken),
        (Some(waiting_pod("asker", "InvalidImageName")), Verdict::Failed),
        (None, Verdict::Failed),
    ] {
        let mocked = mocked();
        mocked.api.on(&format!("GET {PODS}"), [Answer::list(pod.clone())]);
        if let Some(pod) = &pod {
            mocked.api.on(&format!("GET {PODS}/asker"), [Answer::Object(pod.clone())]);
        }
        let waited = until_own_is_ready(&mut mocked.scene(), "asker", MINUTE).await;
        assert_eq!(verdict(waited), Some(wanted), "{pod:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn too_few_labelled_pods_are_explained_by_what_one_of_them_lacks() {
    let mocked = mocked();
    let pods = [ready_pod("web-1"), waiting_pod("web-2", "ImagePullBackOff")];
    mocked.api.on(&format!("GET {PODS}"), [Answer::list(pods)]);
    mocked.api.on(&format!("GET {PODS}/web-2"), [Answer::Object(waiting_pod("web-2", "ImagePullBackOff"))]);
    mocked.api.on(EVENTS, [Answer::list([event("Failed", "no such image")])]);
    let fault = until_labelled(&mut mocked.scene(), "app=web", 2, MINUTE).await.unwrap_err();
    assert!(
        fault.reason.starts_with("there should be 2 ready Pods labelled app=web within 60 seconds, but "),
        "{fault}"
    );
    let titles: Vec<&str> = fault.evidence.iter().map(|evidence| evidence.title.as_str()).collect();
    assert!(fault.verdict == Verdict::Failed && titles.contains(&"events of Pod web-2"), "{fault}");
    assert!(fault.evidence.iter().any(|evidence| evidence.text.contains("no such image")), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn no_labelled_pods_are_explained_by_what_their_controller_met() {
    let mocked = mocked();
    mocked.api.on(EVENTS, [Answer::list([event("FailedCreate", "serviceaccount \"none\" not found")])]);
    let fault = until_labelled(&mut mocked.scene(), "app=web", 1, MINUTE).await.unwrap_err();
    assert!(
        fault.reason.starts_with("there should be 1 ready Pod labelled app=web within 60 seconds, but "),
        "{fault}"
    );
    assert_eq!(fault.evidence[0].title, "events of what makes Pods here");
    assert_eq!(fault.evidence[0].text, "Warning  FailedCreate  serviceaccount \"none\" not found");
    let asked = mocked.api.received(EVENTS);
    assert!(asked.iter().all(|request| request.query.contains("FailedCreate")), "{asked:?}");
}

const EVENTS: &str = "GET /api/v1/namespaces/lab-abcdef-1/events";

fn event(reason: &str, message: &str) -> serde_json::Value {
    json!({"metadata": {"name": "e.1"}, "type": "Warning", "reason": reason, "message": message, "involvedObject": {}})
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_the_cluster_does_not_start_is_nobodys_fault_unless_it_says_why() {
    let neglected = waiting_pod("hello", "ContainerCreating");
    let refused = json!([{"type": "PodScheduled", "status": "False", "message": "no node has the label"}]);
    let mut unscheduled = neglected.clone();
    unscheduled["status"] = json!({"phase": "Pending", "conditions": refused});
    let mut started = event("Started", "Container started");
    started["type"] = "Normal".into();
    let mut handled = neglected.clone();
    handled["spec"]["containers"][0]["lifecycle"] = json!({"postStart": {"exec": {"command": ["sleep", "60"]}}});
    for (pod, events, limit, wanted) in [
        (neglected.clone(), vec![], MINUTE, Verdict::Broken),
        (neglected.clone(), vec![], Duration::from_secs(5), Verdict::Failed),
        (neglected.clone(), vec![event("FailedMount", "no such file")], MINUTE, Verdict::Failed),
        (neglected.clone(), vec![started.clone()], MINUTE, Verdict::Broken),
        (handled.clone(), vec![started], MINUTE, Verdict::Failed),
        (handled, vec![], MINUTE, Verdict::Broken),
        (waiting_pod("hello", "CreateContainerError"), vec![], MINUTE, Verdict::Failed),
        (unready_pod("hello"), vec![], MINUTE, Verdict::Failed),
        (unscheduled, vec![], MINUTE, Verdict::Failed),
    ] {
        let mocked = mocked();
        mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod.clone()])]);
        mocked.api.on(&format!("GET {PODS}/hello"), [Answer::Object(pod.clone())]);
        mocked.api.on(EVENTS, [Answer::list(events.clone())]);
        let fault = until(&mut mocked.scene(), "hello", "ready", limit, pod::is_ready).await.unwrap_err();
        assert_eq!(fault.verdict, wanted, "{pod} {events:?} {fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_phase_of_a_pod_whose_containers_have_ended_may_come_late() {
    let ended = |code: i32, phase: &str, policy: &str| {
        let status = json!({"name": "main", "image": "nobody/nothing", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"terminated": {"exitCode": code}}});
        let mut pod = unready_pod("hello");
        pod["spec"]["restartPolicy"] = policy.into();
        pod["status"] = json!({"phase": phase, "containerStatuses": [status]});
        pod
    };
    let running = ended(0, "Running", "Never");
    for (pod, later, wanted, verdict) in [
        (&running, ended(0, "Succeeded", "Never"), "Succeeded", None),
        (&ended(3, "Running", "Never"), ended(3, "Failed", "Never"), "Failed", None),
        (&running, running.clone(), "Succeeded", Some(Verdict::Broken)),
        (&running, running.clone(), "Failed", Some(Verdict::Failed)),
        (&ended(0, "Failed", "Never"), running.clone(), "Succeeded", Some(Verdict::Failed)),
        (&ended(0, "Running", "Always"), running.clone(), "Succeeded", Some(Verdict::Failed)),
        (&ended(1, "Running", "OnFailure"), running.clone(), "Failed", Some(Verdict::Failed)),
        (&unready_pod("hello"), running.clone(), "Succeeded", Some(Verdict::Failed)),
    ] {
        let mocked = mocked();
        mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod.clone()]), Answer::list([later.clone()])]);
        mocked.api.on(&format!("GET {PODS}/hello"), [Answer::Object(pod.clone())]);
        mocked.api.on(EVENTS, [Answer::list([])]);
        let outcome = until_in_phase(&mut mocked.scene(), "hello", wanted, Duration::from_secs(8)).await;
        assert_eq!(outcome.err().map(|fault| fault.verdict), verdict, "{pod} {wanted}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_label_that_a_node_has_by_now_is_one_that_a_pod_may_ask_for() {
    let refused =
        json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}]);
    let mut pod = waiting_pod("hello", "ContainerCreating");
    pod["spec"]["nodeSelector"] = json!({"disk": "ssd"});
    pod["status"] = json!({"phase": "Pending", "conditions": refused});
    for (labels, is_hopeless) in [(json!({}), true), (json!({"disk": "ssd"}), false)] {
        let mocked = mocked();
        let node = json!({"metadata": {"name": "node", "labels": labels}, "status": {"allocatable": {}}});
        mocked.api.on("GET /api/v1/nodes", [Answer::list([node])]);
        mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod.clone()])]);
        mocked.api.on(&format!("GET {PODS}/hello"), [Answer::Object(pod.clone())]);
        mocked.api.on(EVENTS, [Answer::list([])]);
        let fault = until(&mut mocked.scene(), "hello", "ready", MINUTE, pod::is_ready).await.unwrap_err();
        assert_eq!(fault.reason.contains("will not be ready"), is_hopeless, "{labels}: {fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_label_names_the_only_pod_that_has_it() {
    let mocked = mocked();
    let of = |pods: &[Value]| Answer::list(pods.to_vec());
    let mut ending = ready_pod("web-0");
    ending["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    mocked.api.on(&format!("GET {PODS}?labelSelector=app=web"), [of(&[ending, ready_pod("web-1")])]);
    assert_eq!(the_one(&mocked.scene(), "app=web", MINUTE).await, Ok("web-1".into()));
    mocked.api.on(&format!("GET {PODS}?labelSelector=app=web"), [of(&[ready_pod("web-1"), ready_pod("web-2")])]);
    let fault = the_one(&mocked.scene(), "app=web", MINUTE).await.unwrap_err();
    let several = "exactly one Pod should be labelled app=web within 60 seconds, but there are 2: web-1, web-2";
    assert_eq!((fault.verdict, fault.reason.as_str()), (Verdict::Failed, several));
    mocked.api.becomes(Condition::Away);
    assert_eq!(the_one(&mocked.scene(), "app=web", MINUTE).await.unwrap_err().verdict, Verdict::Broken);
}

#[tokio::test(start_paused = true)]
async fn a_manifest_is_refused_with_the_servers_words_or_with_plain_ones() {
    let mocked = mocked();
    let scene = mocked.scene();
    std::fs::create_dir_all(&scene.lab.folder).unwrap();
    std::fs::write(scene.lab_file("x.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n").unwrap();
    let post = format!("POST {PODS}");
    let said = "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal bool into Go struct field EnvVar.spec.containers.env.value of type string";
    mocked.api.on(&post, [Answer::error(400, said)]);
    for words in ["cannot unmarshal bool", "put it in quotation marks"] {
        assert!(until_refused(&scene, "x.yaml", words).await.is_ok(), "{words}");
    }
    let fault = until_refused(&scene, "x.yaml", "forbidden").await.unwrap_err();
    assert!(fault.verdict == Verdict::Failed && fault.reason.contains("does not contain \"forbidden\""), "{fault}");
    mocked.api.on(&post, [Answer::Echo]);
    let fault = until_refused(&scene, "x.yaml", "a").await.unwrap_err();
    assert_eq!(
        (fault.verdict, fault.reason.as_str()),
        (Verdict::Failed, "the server accepts x.yaml, but it should refuse it")
    );
    mocked.api.on(&post, [Answer::error(500, "cannot unmarshal bool")]);
    assert_eq!(until_refused(&scene, "x.yaml", "bool").await.unwrap_err().verdict, Verdict::Broken);
}

#[tokio::test(start_paused = true)]
async fn a_promised_image_that_was_not_pulled_breaks_every_wait_for_its_pods() {
    for (image, wanted) in [("busybox", Verdict::Broken), ("learners/own", Verdict::Failed)] {
        let mocked = mocked();
        let mut scene = mocked.scene();
        let pod = || unpulled_pod("web-1", image);
        mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod()])]);
        mocked.api.on(&format!("GET {PODS}/web-1"), [Answer::Object(pod())]);
        let services = PODS.replace("/pods", "/services/web");
        let service = json!({"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}}});
        mocked.api.on(&format!("GET {services}"), [Answer::Object(service)]);
        let slices = "/apis/discovery.k8s.io/v1/namespaces/lab-abcdef-1/endpointslices";
        mocked.api.on(&format!("GET {slices}"), [Answer::list([])]);
        let none = |_: &[k8s_openapi::api::discovery::v1::EndpointSlice]| Judgement::NotYet("there is none".into());
        for outcome in [
            until_labelled(&mut scene, "app=web", 1, MINUTE).await,
            until(&mut scene, "web-1", "ready", MINUTE, pod::is_ready).await.map(|_| ()),
            services::until(&scene, "web", "have an endpoint", MINUTE, none).await.map(|_| ()),
        ] {
            let fault = outcome.unwrap_err();
            assert_eq!(fault.verdict, wanted, "{image}: {fault}");
        }
    }
}
