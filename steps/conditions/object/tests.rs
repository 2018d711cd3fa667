use serde_json::json;

use super::*;

fn seen(judgement: &Judgement) -> String {
    match judgement {
        Judgement::Holds => "holds".into(),
        Judgement::NotYet(cause) | Judgement::Hopeless(cause) => cause.to_string(),
    }
}

fn field(path: &str, expected: &ExpectedField) -> String {
    let object = json!({"spec": {"replicas": 3, "paused": false, "list": [{"image": "nginx:1.7"}]},
        "metadata": {"labels": {"a.b/c": "x"}}});
    let path = FieldPath::read(path).unwrap();
    has_field(Some(&object), &path, expected, &Kept::new()).map_or_else(|why| seen(&why), |_| "holds".into())
}

#[test]
fn a_field_is_compared_as_what_it_is() {
    let text = |text: &str| ExpectedField::Text(text.into());
    assert_eq!(field("spec.replicas", &ExpectedField::Plain(json!(3))), "holds");
    assert_eq!(field("spec.replicas", &ExpectedField::Plain(json!(2))), "it is 3");
    let hint = "write the expected value without quotes";
    assert_eq!(field("spec.replicas", &text("3")), format!("it is 3, which is not a string: {hint}"));
    assert_eq!(field("spec.paused", &ExpectedField::Plain(json!(false))), "holds");
    assert_eq!(field("spec.list[0].image", &text("nginx:[...]")), "holds");
    assert_eq!(field(".spec.list[0].image", &text("nginx")), "it is \"nginx:1.7\"");
    assert_eq!(field("metadata.labels[\"a.b/c\"]", &text("x")), "holds");
    assert_eq!(field("spec.list[1].image", &text("x")), "it does not have this field; spec.list has 1 item");
    assert_eq!(field("spec.list[image=\"nginx:1.7\"].image", &text("nginx:1.7")), "holds");
    assert_eq!(
        field("spec.list[image=\"httpd\"].image", &text("x")),
        "it does not have this field; spec.list has 1 item"
    );
    let labels = "it does not have this field; metadata.labels has a.b/c";
    assert_eq!(field("metadata.labels.app", &text("x")), labels);
    assert_eq!(field("data.key", &text("x")), "it does not have this field");
    assert_eq!(field("spec.list", &text("x")), "it is [{\"image\":\"nginx:1.7\"}]");
}

#[test]
fn a_number_may_have_a_bound() {
    for (expected, said) in [
        (ExpectedField::AtLeast(3), "holds"),
        (ExpectedField::AtLeast(4), "it is 3"),
        (ExpectedField::AtMost(3), "holds"),
        (ExpectedField::AtMost(2), "it is 3"),
    ] {
        assert_eq!(field("spec.replicas", &expected), said, "{expected}");
    }
    let names = "it does not have this field; spec has list, paused, replicas";
    assert_eq!(field("spec.missing", &ExpectedField::AtMost(3)), names);
    assert_eq!(field("spec.paused", &ExpectedField::AtMost(3)), "it is false");
}

#[test]
fn only_an_object_that_exists_lacks_a_field() {
    let node = json!({"metadata": {"labels": {"disk": "ssd", "zone": null}}});
    let judged = |path: &str, object| seen(&lacks_field(object, &FieldPath::read(path).unwrap()));
    assert_eq!(judged("metadata.labels.disk", Some(&node)), "it is \"ssd\"");
    assert_eq!(judged("metadata.labels.zone", Some(&node)), "holds");
    assert_eq!(judged("spec.taints[key=\"dedicated\"]", Some(&node)), "holds");
    assert_eq!(judged("metadata.labels.disk", None), "it does not exist");
}

#[test]
fn what_is_no_path_is_none() {
    for text in ["", ".", "a..b", "a[", "a[x]", "a[\"b", "a[=\"b\"]", "a[b=\"c]"] {
        assert_eq!(FieldPath::read(text), None, "{text}");
    }
}

#[test]
fn a_path_is_shown_as_it_is_written() {
    for path in ["spec.taints[key=\"a/b\"].effect", "spec.list[0].image", "metadata.labels[\"a.b/c\"]"] {
        assert_eq!(FieldPath::read(path).unwrap().to_string(), path);
    }
}

#[test]
fn a_condition_counts_for_the_object_as_it_is_now() {
    let object = |status: &str, observed: i64| {
        json!({"metadata": {"generation": 2}, "status": {"observedGeneration": observed,
            "conditions": [{"type": "Available", "status": status, "reason": "MinimumReplicasUnavailable"}]}})
    };
    assert_eq!(has_condition(Some(&object("True", 2)), "Available"), Judgement::Holds);
    assert_eq!(seen(&has_condition(Some(&object("True", 1)), "Available")), OUTDATED);
    assert_eq!(
        seen(&has_condition(Some(&object("False", 2)), "Available")),
        "it is False (MinimumReplicasUnavailable)"
    );
    let other = seen(&has_condition(Some(&object("True", 2)), "Ready"));
    assert_eq!(other, "it does not have this condition; it has Available");
    assert_eq!(seen(&has_condition(None, "Ready")), "it does not exist");
}

#[test]
fn what_an_object_owns_is_counted() {
    let set = |name: &str, owner: &str| json!({"metadata": {"name": name, "ownerReferences": [{"kind": "Deployment", "name": owner}]}});
    let sets = [set("web-1", "web"), set("web-2", "web"), set("db-1", "db")];
    assert_eq!(own_some(&sets, "Deployment.apps", "web", 2), Judgement::Holds);
    assert_eq!(seen(&own_some(&sets, "Deployment", "web", 1)), "it owns 2: web-1, web-2");
    assert_eq!(seen(&own_some(&sets, "CronJob", "web", 1)), "it owns none");
}

#[test]
fn an_object_that_was_made_again_counts_as_gone() {
    let object = json!({"metadata": {"uid": "u-1", "deletionTimestamp": "now", "finalizers": ["a/b"]}});
    assert_eq!(seen(&is_gone(Some(&object), "u-1")), "it is being deleted, and waits for [\"a/b\"]");
    assert_eq!(is_gone(Some(&object), "u-0"), Judgement::Holds);
    assert_eq!(is_gone(None, "u-1"), Judgement::Holds);
}
