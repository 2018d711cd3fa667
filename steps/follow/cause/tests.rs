use super::*;
use crate::{
    document::{Markup, defect::Defect, read, story::Story},
    follow::result::ActVerdict,
};

#[test]
fn a_failure_explains_what_needs_its_objects_and_nothing_else() {
    let text = "Write `a.yaml`:\n```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n```\nkubectl apply -f a.yaml\nkubectl logs web\nkubectl get nodes\n```\n";
    let acts = Story::of(&read(Markup::Markdown, text)).acts;
    let causes = [Blocker::of(&acts[1], &acts)];
    let ended = ActResult::of(ActVerdict::Defect(Defect::Mistake), "the command fails");
    assert_eq!(Blocker::behind(&causes, &acts[2], &ended, &acts).map(|cause| cause.line), Some(9));
    assert!(Blocker::behind(&causes, &acts[3], &ended, &acts).is_none());
}

#[test]
fn a_name_is_no_part_of_another_word() {
    assert!(is_named("pods \"os\" not found", "os") && is_named("the Pod os-7c5dd-x is away", "os"));
    assert!(!is_named("positions of macos and old-os", "os") && is_named("load ubuntu/x:1.0", "ubuntu/x:1.0"));
}

#[test]
fn a_change_that_failed_explains_what_shows_its_object_until_another_change() {
    let text = "```\nkubectl set image deploy/web nginx=nginx:2\nkubectl rollout status deploy/web\nkubectl get pods\nkubectl scale deploy web --replicas=2\nkubectl delete deploy web\n```\n";
    let acts = Story::of(&read(Markup::Markdown, text)).acts;
    let mut causes = vec![Blocker::of(&acts[0], &acts)];
    let ended = ActResult::of(ActVerdict::Defect(Defect::Mistake), "the output differs");
    assert!(Blocker::behind(&causes, &acts[1], &ended, &acts).is_some());
    assert!(Blocker::behind(&causes, &acts[2], &ended, &acts).is_none());
    assert!(Blocker::behind(&causes, &acts[4], &ended, &acts).is_none());
    Blocker::forget(&mut causes, &acts[3]);
    assert!(Blocker::behind(&causes, &acts[1], &ended, &acts).is_none());
}

#[test]
fn an_edit_that_labproof_does_not_make_explains_the_objects_of_its_file() {
    let text = |last: &str| {
        format!(
            "Write `a.yaml`:\n```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n```\nkubectl apply -f a.yaml\nkubectl get pods\n```\nIn `a.yaml`, change something:\n```yaml\nspec: {{}}\n```\n```\n{last}\nkubectl logs web\n```\n"
        )
    };
    let explained = |last: &str| {
        let mut acts = Story::of(&read(Markup::Markdown, &text(last))).acts;
        let edit = acts.iter().position(|act| act.line == 14).expect("the edit is an act");
        acts[edit].deed =
            Deed::Leave("spec: {}".into(), WhyNotRun::Edit(Edit { file: "a.yaml".into(), below: Vec::new() }));
        let causes = [Blocker::of(&acts[edit], &acts)];
        let ended = ActResult::of(ActVerdict::Defect(Defect::Mistake), "the output differs");
        Blocker::behind(&causes, acts.last().expect("there are acts"), &ended, &acts).is_some()
    };
    assert!(explained("kubectl apply -f a.yaml"));
    assert!(!explained("kubectl get nodes"), "what no command applies again stays as it is");
}

#[test]
fn a_policy_that_was_not_made_explains_connections() {
    let policy = "kind: NetworkPolicy\nmetadata:\n  name: allow\nspec:\n  ingress: [{ports: [{port: x}]}]\n";
    let text = format!(
        "Write `p.yaml`:\n```yaml\napiVersion: networking.k8s.io/v1\n{policy}```\n```\nkubectl apply -f p.yaml\nkubectl exec a -- wget -qO- http://web\nkubectl get pods\n```\n"
    );
    let acts = Story::of(&read(Markup::Markdown, &text)).acts;
    let causes = [Blocker::of(&acts[1], &acts)];
    let ended = ActResult::of(ActVerdict::Defect(Defect::Mistake), "the command fails");
    assert!(Blocker::behind(&causes, &acts[2], &ended, &acts).is_some());
    assert!(Blocker::behind(&causes, &acts[3], &ended, &acts).is_none());
}

#[test]
fn a_mistake_in_a_manifest_explains_the_failures_of_what_uses_its_object() {
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: db\n";
    let client = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: client\nspec:\n  containers:\n  - name: a\n    command: [nc, db, \"5432\"]\n";
    let text = format!(
        "```yaml\n{service}```\n```yaml\n{client}```\n```\nkubectl wait pod/client --for=condition=Ready\nkubectl get pods -l app=x\n```\n"
    );
    let mut acts = Story::of(&read(Markup::Markdown, &text)).acts;
    acts[0].doubts.push(Doubt::mistake(2, "it selects no Pod"));
    let causes: Vec<Blocker> = Blocker::of_doubts(&acts[0], &acts).into_iter().collect();
    let ended = ActResult::of(ActVerdict::Defect(Defect::Mistake), "timed out");
    assert!(Blocker::behind(&causes, &acts[2], &ended, &acts).is_some());
    assert!(Blocker::behind(&causes, &acts[3], &ended, &acts).is_none());
}

#[test]
fn objects_with_unknown_names_are_not_those_that_the_document_makes() {
    let text = "```\nkubectl apply -f here/\nkubectl get deploy web\nkubectl apply -k prod\nkubectl create namespace prod\n```\n";
    let acts = Story::of(&read(Markup::Markdown, text)).acts;
    let causes = [Blocker::of(&acts[0], &acts)];
    let lacks =
        |said: &str| ActResult::of(ActVerdict::Defect(Defect::Mistake), "the command fails").saying(said).failure();
    let web = lacks("Error from server (NotFound): deployments.apps \"web\" not found");
    assert!(Blocker::behind(&causes, &acts[1], &web, &acts).is_some());
    let prod = lacks("Error from server (NotFound): namespaces \"prod\" not found");
    assert!(Blocker::behind(&causes, &acts[2], &prod, &acts).is_none(), "the document makes it later");
}
