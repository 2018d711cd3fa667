use std::collections::BTreeMap;

use crate::document::{
    Markup,
    draft::{Draft, Original, draft},
    read,
    story::Story,
};

fn drafted(text: &str) -> Draft {
    let document = read(Markup::Markdown, text);
    let story = Story::of(&document);
    let (title, digests) = (document.title().unwrap_or("Page"), story.digests());
    let beside = BTreeMap::new();
    draft(&Original { lab: "lab", title, path: "page.md", story: &story, beside: &beside, digests: &digests })
}

/// The steps of the scenario with this title, one a line, with the texts beneath them.
fn scenario(text: &str, title: &str) -> Vec<String> {
    let sheet = drafted(text).sheet;
    let lines = sheet.lines().map(str::trim).skip_while(|line| *line != format!("Scenario: {title}")).skip(1);
    lines.take_while(|line| !line.starts_with("Scenario:")).filter(|line| !line.is_empty()).map(Into::into).collect()
}

const POD: &str = "Write `web.yaml`:\n\n```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n";

#[test]
fn a_command_that_reads_waits_for_what_the_document_shows() {
    let page = "## List\n```console\n$ kubectl get pods\nNAME  READY  STATUS   RESTARTS  AGE\nweb   1/1    Running  0         12s\n```\n";
    let table =
        ["\"\"\"", "NAME   READY   STATUS    RESTARTS   AGE", "web    1/1     Running   0          [AGE]", "\"\"\""];
    let steps = [&["Then within 60 seconds \"kubectl get pods\" prints:"][..], &table].concat();
    assert_eq!(scenario(page, "List"), steps);
}

#[test]
fn a_section_repeats_what_it_needs_of_earlier_sections_and_nothing_else() {
    let page = format!(
        "## Make\n{POD}\n```sh\nkubectl apply -f web.yaml\n```\n## Other\n```sh\nkubectl create configmap settings --from-literal=a=b\n```\n## Use\n```sh\nkubectl exec web -- touch /tmp/a\n```\n## All\n```sh\nkubectl get all\n```\n"
    );
    let files = "Given the lab's files are in the folder \"lab\"";
    let made = ["And I have run:", "\"\"\"", "kubectl apply -f web.yaml", "\"\"\""];
    let used = [
        "Then within 60 seconds the Pod \"web\" is ready",
        "When I run \"kubectl exec web -- touch /tmp/a\"",
        "Then its exit status is 0",
    ];
    assert_eq!(scenario(&page, "Use"), [&[files][..], &made, &used].concat());
    let all = scenario(&page, "All").join("\n");
    assert!(all.contains("kubectl create configmap") && all.contains("kubectl exec web -- touch /tmp/a"), "{all}");
    let other = scenario(&page, "Other").join("\n");
    assert!(!other.contains("apply"), "{other}");
}

#[test]
fn what_another_run_need_not_print_is_not_expected() {
    let page = "## Look\n```console\n$ kubectl rollout status deployment/web\nWaiting for deployment \"web\" rollout to finish: 0 of 1 updated replicas are available...\ndeployment \"web\" successfully rolled out\n$ kubectl get pods -L size\nNAME  READY  STATUS   RESTARTS  AGE  SIZE\nweb   1/1    Running  0         12s\n$ kubectl get pod web -o yaml\nmetadata:\n  resourceVersion: \"12\"\nspec:\n  nodeName: minikube\n```\n";
    let steps = scenario(&format!("{POD}{page}"), "Look");
    for line in [
        "deployment \"web\" successfully rolled out",
        "web    1/1     Running   0          [AGE]",
        "resourceVersion: \"[NUMBER]\"",
        "nodeName: [NODE]",
    ] {
        assert!(steps.iter().any(|other| other == line), "{line}: {steps:?}");
    }
    assert!(!steps.iter().any(|line| line.starts_with("Waiting")), "{steps:?}");
}

#[test]
fn values_of_one_run_become_wildcards() {
    let page = "## Look\n```console\n$ kubectl apply -f web.yaml --dry-run=client\npod/web-5d4f8c7b9-x7k2p created\n10.244.1.7 at 2024-05-01T10:00:00Z in default namespace\n...\n```\n";
    let text = scenario(&format!("{POD}{page}"), "Look").join("\n");
    for line in ["pod/web-[NAME] created", "[IP] at [TIME] in [NAME] namespace", "[...]"] {
        assert!(text.lines().any(|other| other == line), "{line}: {text}");
    }
}

#[test]
fn a_name_of_one_run_in_a_command_becomes_a_variable() {
    for (name, found) in [("<pod-name>", "kubectl get pod -o jsonpath"), ("web-5d4f8c7b9-x7k2p", "awk -F/")] {
        let page = format!("## Logs\n```sh\nkubectl logs {name}\n```\n");
        let steps = scenario(&page, "Logs");
        assert!(steps[0].contains(found) && steps[1].contains("\"kubectl logs $name1\""), "{steps:?}");
    }
}

#[test]
fn a_command_that_fails_is_tried() {
    let page =
        "## Fail\n```console\n$ kubectl get pod none\nError from server (NotFound): pods \"none\" not found\n```\n";
    let said = "Then it fails with \"Error from server (NotFound): pods \\\"none\\\" not found\"";
    assert_eq!(scenario(page, "Fail"), ["When I try \"kubectl get pod none\"", said]);
}

#[test]
fn a_shell_in_a_container_is_a_session_also_across_sections() {
    let page = format!(
        "## Enter\n{POD}\n```sh\nkubectl apply -f web.yaml\nkubectl exec -it web -- sh\n```\n## Inside\n```console\n/ # hostname\nweb\n/ # exit\n```\n"
    );
    let text = scenario(&page, "Enter").join("\n");
    let session = "When I open a session with \"kubectl exec -it web -- sh\"\nAnd I type \"hostname\"\nThen within 60 seconds the session shows:\n\"\"\"\nweb\n[...]\n\"\"\"\nWhen I type \"exit\"\nThen within 60 seconds the session ends";
    assert!(text.ends_with(session), "{text}");
    assert_eq!(drafted(&page).scenarios, 1);
}

#[test]
fn what_is_no_step_is_a_comment_with_the_place_and_the_reason() {
    let page = "## Do\n```sh\nkubectl edit pod web\nkubectl get pods\n```\n";
    let draft = drafted(page);
    let comment =
        "  # page.md:3: no step for `kubectl edit pod web`: not run: interactive: it opens an editor\n  Scenario: Do\n";
    assert!(draft.sheet.contains(comment), "{}", draft.sheet);
    assert!(draft.coverage.contains("not_shown: \"not run: interactive: it opens an editor\""), "{}", draft.coverage);
    assert_eq!((draft.scenarios, draft.left), (1, 1));
}

#[test]
fn what_needs_something_that_is_not_made_is_no_step() {
    let page = "## Build\n```dockerfile\nFROM a\nCOPY b.py /\n```\n```sh\ndocker build -t app:1 .\nkubectl run web --image=app:1\nkubectl logs web\nkubectl get nodes\n```\n";
    let story = Story::of(&read(Markup::Markdown, page));
    assert_eq!(story.acts.len(), 5);
    // Who reads the document from a file finds out that b.py does not exist; here, the act says so already.
    let mut story = story;
    let left = crate::document::safety::WhyNotRun::NeedsFile("b.py".into());
    story.acts[1].deed = crate::document::story::Deed::Leave("docker build -t app:1 .".into(), left);
    let beside = BTreeMap::new();
    let draft = draft(&Original { lab: "lab", title: "t", path: "p.md", story: &story, beside: &beside, digests: &[] });
    assert_eq!(draft.left, 3, "{}", draft.sheet);
    assert!(draft.sheet.contains("`kubectl logs web`: it needs what line 7 should have made"), "{}", draft.sheet);
}

#[test]
fn a_second_file_of_one_name_is_written_by_a_step() {
    let page = format!(
        "## One\n{POD}\n```sh\nkubectl apply -f web.yaml\n```\n## Two\n{}\n```sh\nkubectl apply -f web.yaml\n```\n",
        POD.replace("name: web", "name: other")
    );
    assert!(drafted(&page).files["web.yaml"].contains("name: web"));
    let two = scenario(&page, "Two").join("\n");
    assert!(
        two.contains("cat > web.yaml <<'LAB_FILE'\napiVersion: v1\nkind: Pod\nmetadata:\nname: other\nLAB_FILE"),
        "{two}"
    );
}

#[test]
fn ports_and_names_are_reserved() {
    let page = "## Forward\n```sh\nkubectl create namespace shop\nkubectl port-forward web 8080:80\ncurl localhost:8080\n```\n";
    let steps = scenario(page, "Forward");
    assert_eq!(steps[..2], ["Given no namespace is called \"shop\"", "And port 8080 is free"]);
    assert!(
        steps.contains(&"And I run \"kubectl port-forward web 8080:80 > line-4.log 2>&1 &\"".to_owned()),
        "{steps:?}"
    );
}
