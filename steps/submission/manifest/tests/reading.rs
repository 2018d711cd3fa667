use super::*;

#[test]
fn what_is_wrong_but_harmless_is_not_refused() {
    for text in ["", "# nothing\n", "a: [", "just words", "- 1\n- 2\n", "~: Pod\n", "a: .inf\n", "{a: b}: 2\n"] {
        assert_eq!(broken(text), [""; 0], "{text}");
        assert!(objects(text).is_err(), "{text}");
    }
}

#[test]
fn a_document_that_cannot_be_read_hides_no_other() {
    let text = format!("a: [\n--- # the next one\n{}", pod("  hostNetwork: true\n", ""));
    assert_eq!(broken(&text), ["no-host-network"]);
    assert!(objects(&text).is_err());
    let text = format!("a: b\n--- {{kind: Pod}}\n{}", pod("  hostNetwork: true\n", ""));
    assert_eq!(broken(&text), ["no-host-network"]);
    assert!(objects(&text).is_err());
}

#[test]
fn a_large_text_is_not_read() {
    assert_eq!(broken(&format!("a: {}", "x".repeat(64 * 1024))), ["file-size"]);
    assert!(objects(&"x".repeat(64 * 1024 + 1)).unwrap_err().contains("65537 bytes"));
}

#[test]
fn many_documents_are_not_read() {
    assert_eq!(broken(&"---\na: b\n".repeat(21)), ["document-count"]);
    assert_eq!(broken(&"---\na: b\n".repeat(20)), [""; 0]);
    assert_eq!(broken(&"---\n# nothing\n".repeat(1000)), [""; 0]);
}

#[test]
fn a_list_is_the_objects_that_it_lists() {
    let text = "apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n\
                - {metadata: {name: b}, spec: {hostNetwork: true}}\n\
                - {apiVersion: v1, kind: Node, metadata: {name: c}}\n";
    assert_eq!(broken(text), ["no-host-network", "kind"]);
    let objects = objects(text).unwrap();
    let kinds: Vec<_> = objects.iter().map(|object| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Secret", "Pod", "Node"]);
    // The server gets the items, so nothing else in a list counts, whatever its kind.
    assert_eq!(
        broken("kind: Node\nspec: {hostNetwork: true}\nitems: [{kind: Secret, metadata: {name: a}}]\n"),
        [""; 0]
    );
    let inner = "{apiVersion: v1, kind: PodList, items: [{metadata: {name: b}}]}";
    let error = super::objects(&format!("apiVersion: v1\nkind: List\nitems: [{inner}]\n")).unwrap_err();
    assert!(error.contains("a list must not contain another list"), "{error}");
}

#[test]
fn a_list_makes_no_more_objects_than_documents_would() {
    let list = |number| format!("kind: List\nitems:\n{}", "- {kind: Secret, metadata: {name: a}}\n".repeat(number));
    assert_eq!(broken(&list(20)), [""; 0]);
    assert_eq!(broken(&list(21)), ["document-count"]);
    assert_eq!(broken(&format!("{}---\n{}", list(11), list(10))), ["document-count"]);
    assert!(super::objects("kind: List\nitems: []\n").unwrap_err().contains("no object"));
}

#[test]
fn aliases_cannot_make_more_than_is_written() {
    let laughs: String = (1..10)
        .map(|level| format!("l{level}: &l{level} [{}]\n", vec![format!("*l{}", level - 1); 10].join(", ")))
        .collect();
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(30_000), vec!["*a"; 500].join(", "));
    let keys = format!("a: &a {}\nb: [{}]\n", "x".repeat(30_000), vec!["{*a : 1}"; 500].join(", "));
    for text in [format!("l0: &l0 [{}]\n{laughs}", "x, ".repeat(10)), long, keys, "a: &a [*a]\n".to_owned()] {
        assert_eq!(broken(&text), ["yaml-bomb"], "{}", &text[..40]);
        assert!(objects(&text).is_err());
    }
}

#[test]
fn the_bounds_are_those_of_the_whole_file() {
    let half = format!("a: [{}]\n", "1,".repeat(12_000));
    assert_eq!(broken(&half), [""; 0]);
    assert_eq!(broken(&format!("{half}---\n{half}")), ["yaml-bomb"]);
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        for depth in [65, 10_000] {
            assert_eq!(
                broken(&format!("a: {}{}\n", open.repeat(depth), close.repeat(depth))),
                ["yaml-bomb"],
                "{depth}"
            );
        }
        assert_eq!(broken(&format!("a: {}{}\n", open.repeat(62), close.repeat(62))), [""; 0]);
    }
    assert_eq!(broken(&"[".repeat(65_000)), ["yaml-bomb"]);
}

#[test]
fn a_tag_hides_nothing() {
    for spec in ["  hostNetwork: !!bool yes\n", "  !x hostNetwork: !y {}\n", "  !!str hostNetwork: !!str false\n"] {
        assert_eq!(broken_pod(spec, ""), ["no-host-network"], "{spec}");
    }
    assert_eq!(objects("a: !!str 1\n").unwrap(), [serde_json::json!({"a": "1"})]);
}

#[test]
fn a_later_field_of_the_same_name_counts() {
    assert_eq!(broken_pod("  hostNetwork: false\n  hostNetwork: true\n", ""), ["no-host-network"]);
    assert_eq!(broken_pod("  hostNetwork: true\n  hostNetwork: false\n", ""), [""; 0]);
    assert_eq!(broken_pod("  hostNetwork: false\n  <<: {hostNetwork: true}\n", ""), ["no-host-network"]);
}

#[test]
fn merged_fields_are_judged_and_sent() {
    let text = pod("  <<: [{hostNetwork: true}, {hostNetwork: false, dnsPolicy: Default}]\n", "");
    assert_eq!(broken(&text), ["no-host-network"]);
    let spec = &objects(&text).unwrap()[0]["spec"];
    assert_eq!((&spec["hostNetwork"], &spec["dnsPolicy"]), (&Value::Bool(true), &Value::from("Default")));
    assert!(spec.get("<<").is_none());
    assert_eq!(broken_pod("  <<: {hostNetwork: true}\n  hostNetwork: false\n", ""), [""; 0]);
    assert!(objects("<<: 1\n").is_err());
}

#[test]
fn an_alias_hides_nothing() {
    assert_eq!(
        broken_pod("  x: &name hostPID\n  *name : &yes true\n  hostIPC: *yes\n", ""),
        ["no-host-pid", "no-host-ipc"]
    );
}

#[test]
fn objects_are_json_in_the_order_of_the_file() {
    let objects = objects("---\na: &x [1, 1.5, true, ~]\nb: *x\n---\n\n---\n{\"c\": \"\\u0041\"}\n").unwrap();
    assert_eq!(
        objects,
        [serde_json::json!({"a": [1, 1.5, true, null], "b": [1, 1.5, true, null]}), serde_json::json!({"c": "A"})]
    );
}

#[test]
fn an_error_tells_the_line_in_the_file_and_shows_no_control_characters() {
    assert_eq!(objects("a: b\n---\n- x\n").unwrap_err(), "line 3: this is not an object");
    let error = objects("a: b\n---\na: b\nc: !!int \"a\\e\"\n").unwrap_err();
    assert!(error.contains("a\\u{1b}") && error.starts_with("line 4: "), "{error}");
}

/// The server's YAML reads 0644 as an octal number, which is the usual way to write a mode.
#[test]
fn modes_of_files_are_octal() {
    let volumes =
        "  volumes:\n  - {name: v, configMap: {name: c, defaultMode: 0644, items: [{key: k, path: p, mode: 0400}]}}\n";
    let object = &objects(&pod(volumes, "")).unwrap()[0];
    let map = &object["spec"]["volumes"][0]["configMap"];
    assert_eq!((&map["defaultMode"], &map["items"][0]["mode"]), (&Value::from(0o644), &Value::from(0o400)));
    let data = objects("kind: ConfigMap\ndata: {mode: \"0644\"}\n").unwrap();
    assert_eq!(data[0]["data"]["mode"], "0644");
}

#[test]
fn a_refusal_tells_the_line() {
    let text = "# hostNetwork: true\nkind: Pod\n---\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: a\n    image: busybox\n  - name: b\n    image: evil\n    securityContext:\n      capabilities:\n        add:\n        - KILL\n        - SYS_ADMIN\n  \"hostNetwork\" : true\n";
    let lines: Vec<(usize, String)> =
        refusals(text).into_iter().map(|refusal| (refusal.line, refusal.rule.to_string())).collect();
    assert_eq!(lines, [(11, "image".into()), (16, "capability".into()), (17, "no-host-network".into())]);
}

#[test]
fn a_message_says_what_was_found_and_what_to_write() {
    let message = &refusals(&pod("  nodeName: \"a\\e\"\n", ""))[0].message;
    assert_eq!(message, "nodeName: a\\u{1b} is not allowed: leave it out: the scheduler chooses the node");
}

#[test]
fn at_most_twenty_refusals_are_listed() {
    let volumes: String = (0..30).map(|number| format!("  - {{name: v{number}, x{number}: {{}}}}\n")).collect();
    assert_eq!(broken_pod(&format!("  volumes:\n{volumes}"), "").len(), 20);
}

/// The server's YAML reads `no` as false.
#[test]
fn yes_and_no_are_true_and_false() {
    let spec = "spec:\n  hostNetwork: off\n  containers:\n  - {name: yEs, securityContext: {allowPrivilegeEscalation: no, privileged: Yes}}\n";
    let pod = &objects(&format!("kind: Pod\nmetadata: {{labels: {{tty: \"yes\"}}}}\n{spec}")).unwrap()[0];
    assert_eq!(pod["spec"]["hostNetwork"], false);
    let container = &pod["spec"]["containers"][0];
    assert_eq!(
        container["securityContext"],
        serde_json::json!({"allowPrivilegeEscalation": false, "privileged": true})
    );
    assert_eq!((&container["name"], &pod["metadata"]["labels"]["tty"]), (&"yEs".into(), &"yes".into()));
}
