//! Sentences for steps that say the same in other words.

use std::sync::LazyLock;

use gherkin::StepType;
use regex::Regex;

use crate::{
    escape,
    expression::regex,
    vocabulary::{Match, Step},
};

/// Other words for what sentences say, without the longest time that a step may name before them.
const OTHER_WORDS: [(&str, &str); 40] = [
    (r#"^I (?:apply|create) ("[^"]+")$"#, "$1 is applied"),
    (r"^(?:it|the command) succeeds$", "its exit status is 0"),
    (r"^(?:it|the command) fails$", "its exit status is 1"),
    (r#"^the namespace ("[^"]+") exists$"#, "within 10 seconds the Namespace $1 exists"),
    // Pods.
    (r#"^the Pod ("[^"]+") is on the node ("[^"]+")$"#, "within 60 seconds the Pod $1 has spec.nodeName $2"),
    (r#"^the Pod ("[^"]+") is (?i:running)$"#, "within 60 seconds the Pod $1 is in the phase Running"),
    (r#"^the Pod ("[^"]+") is (?i:pending)$"#, "within 60 seconds the Pod $1 is in the phase Pending"),
    (
        r#"^the Pod ("[^"]+") (?:is |has )?(?i:succeeded|completed?|finished)$"#,
        "within 60 seconds the Pod $1 is in the phase Succeeded",
    ),
    (r#"^the Pod ("[^"]+") (?:is |has )?(?i:failed)$"#, "within 60 seconds the Pod $1 is in the phase Failed"),
    (
        r#"^the Pod ("[^"]+") has the condition ("[^"]+")$"#,
        "within 60 seconds the Pod $1 has status.conditions[type=$2].status \"True\"",
    ),
    (
        r#"^the Pod ("[^"]+") (?:runs|uses|has) the image ("[^"]+")$"#,
        "within 60 seconds the Pod $1 has spec.containers[0].image $2",
    ),
    (
        r#"^the Pod ("[^"]+") (?:was |has )?restarted (\d+) times?$"#,
        "within 60 seconds the Pod $1 has status.containerStatuses[0].restartCount $2",
    ),
    // What runs Pods.
    (
        r#"^the Deployment ("[^"]+") is available$"#,
        "within 60 seconds the Deployment $1 has the condition \"Available\"",
    ),
    (
        r#"^the (StatefulSet|DaemonSet|ReplicaSet) ("[^"]+") is (?:available|ready)$"#,
        "within 60 seconds the $1 $2 is rolled out",
    ),
    (
        r#"^the (Deployment|StatefulSet|DaemonSet|ReplicaSet) ("[^"]+") (?:has|runs) (\d+) (?:ready |available |running )?(?:replica|[Pp]od)s?$"#,
        "within 60 seconds the $1 $2 has $3 ready Pods",
    ),
    (r#"^I roll back the (Deployment|StatefulSet|DaemonSet) "([^"]+)"$"#, "I run \"kubectl rollout undo $1/$2\""),
    (r#"^the (Deployment|StatefulSet|DaemonSet) "([^"]+)" is rolled back$"#, "I run \"kubectl rollout undo $1/$2\""),
    (
        r#"^the (Deployment|StatefulSet|DaemonSet|ReplicaSet) ("[^"]+") (?:runs|uses|has) the image ("[^"]+")$"#,
        "within 60 seconds the $1 $2 has spec.template.spec.containers[0].image $3",
    ),
    (
        r#"^the Job ("[^"]+") (?:is |has )?(?i:succeeded|completed|done|finished)$"#,
        "within 60 seconds the Job $1 is complete",
    ),
    (r#"^the Job ("[^"]+") (?:is )?failed$"#, "within 60 seconds the Job $1 has failed"),
    (r#"^the Job ("[^"]+") (?:has run|ran) (\d+) times?$"#, "within 60 seconds the Job $1 has status.succeeded $2"),
    (
        r#"^the CronJob ("[^"]+") (?:has run|ran|has started) (\d+) (?:times?|Jobs?)$"#,
        "within 5 minutes the CronJob $1 has completed $2 Jobs",
    ),
    // Nodes.
    (
        r#"^the [Nn]ode ("[^"]+") is (?:cordoned|unschedulable)$"#,
        "within 10 seconds the Node $1 has spec.unschedulable true",
    ),
    (
        r#"^the [Nn]ode ("[^"]+") is (?:uncordoned|schedulable)$"#,
        "within 10 seconds the Node $1 lacks spec.unschedulable",
    ),
    (r#"^I (cordon|uncordon) the [Nn]ode "([^"]+)"$"#, "I run \"kubectl $1 $2\""),
    (r#"^I drain the [Nn]ode "([^"]+)"$"#, "I run \"kubectl drain $1 --ignore-daemonsets\""),
    (
        r#"^the [Nn]ode ("[^"]+") (?:has the taint|is tainted(?: with)?) "([^"=:]+)(?:=[^":]*)?:(\w+)"$"#,
        "within 10 seconds the Node $1 has spec.taints[key=\"$2\"].effect \"$3\"",
    ),
    (r#"^the [Nn]ode ("[^"]+") is (?i:ready)$"#, "within 60 seconds the Node $1 has the condition \"Ready\""),
    // Volumes.
    (
        r#"^the (?:PersistentVolumeClaim|PVC|claim) ("[^"]+") is (?i:bound)$"#,
        "within 60 seconds the PersistentVolumeClaim $1 is bound",
    ),
    (
        r#"^the (?:PersistentVolume|PV) ("[^"]+") is (?i:bound)$"#,
        "within 60 seconds the PersistentVolume $1 has status.phase \"Bound\"",
    ),
    // Objects of any kind.
    (
        r#"^the ([A-Z]\w+) ("[^"]+") has the (label|annotation) "([^"=]+)=([^"]*)"$"#,
        "within 10 seconds the $1 $2 has metadata.${3}s[\"$4\"] \"$5\"",
    ),
    (
        r#"^the ([A-Z]\w+) ("[^"]+") has the (label|annotation) "([^"=]+)" (?:with|with the value) ("[^"]*")$"#,
        "within 10 seconds the $1 $2 has metadata.${3}s[\"$4\"] $5",
    ),
    (
        r#"^the ([A-Z]\w+) ("[^"]+") has the (label|annotation) "([^"=]+)"$"#,
        "within 10 seconds the $1 $2 has the field metadata.${3}s[\"$4\"]",
    ),
    (
        r#"^the ([A-Z]\w+) ("[^"]+") is labell?ed (?:with )?"([^"=]+)=([^"]*)"$"#,
        "within 10 seconds the $1 $2 has metadata.labels[\"$3\"] \"$4\"",
    ),
    (
        r#"^the ([A-Z]\w+) "([^"\s]+)" (?:does not exist|doesn't exist|is absent)$"#,
        "\"kubectl get $1 $2\" fails with \"NotFound\"",
    ),
    (r#"^there is no ([A-Z]\w+) "([^"\s]+)"$"#, "\"kubectl get $1 $2\" fails with \"NotFound\""),
    (r#"^the ([A-Z]\w+) ("[^"]+") (?:is|was|has been) (?:deleted|removed)$"#, "within 60 seconds the $1 $2 is gone"),
    (r#"^the ([A-Z]\w+) ("[^"]+") no longer exists$"#, "within 60 seconds the $1 $2 is gone"),
    (r#"^the ([A-Z]\w+) ("[^"]+") (?:is|was) (?:created|present|there)$"#, "within 10 seconds the $1 $2 exists"),
    (
        r#"^I scale the (Deployment|StatefulSet|ReplicaSet) "([^"]+)" to (\d+)(?: \w+)?$"#,
        "I run \"kubectl scale $1/$2 --replicas=$3\"",
    ),
];

/// The sentence for a step that says the same in other words, with the longest time that the step names.
pub(super) fn sentence(step: &gherkin::Step) -> Option<String> {
    static KNOWN: LazyLock<Vec<(Regex, &str)>> =
        LazyLock::new(|| OTHER_WORDS.iter().map(|(said, meant)| (regex(said), *meant)).collect());
    static TIME: LazyLock<Regex> = LazyLock::new(|| regex(r"^within \d+ ?[a-z]+ "));
    let time = TIME.find(&step.value).map_or("", |time| time.as_str());
    let rest = &step.value[time.len()..];
    let (said, meant) = KNOWN.iter().find(|(said, _)| said.is_match(rest))?;
    // Without its time, the step would say something else.
    let (said, meant) = match (time.is_empty(), TIME.is_match(meant)) {
        (false, false) if meant.ends_with("\"NotFound\"") => (said, "within 60 seconds the $1 \"$2\" is gone"),
        (false, false) => return None,
        _ => (said, *meant),
    };
    let meant = said.replace(rest, meant).into_owned();
    let meant = if time.is_empty() { meant } else { TIME.replace(&meant, time).into_owned() };
    let fits = |ty| {
        let meant = gherkin::Step { ty, value: meant.clone(), ..step.clone() };
        matches!(Step::matched(meant).fits, Match::One(..))
    };
    if fits(step.ty) {
        return Some(format!("write `{}{}`", step.keyword, escape::visible(&meant)));
    }
    let ty = [StepType::Given, StepType::When, StepType::Then].into_iter().find(|ty| fits(*ty))?;
    Some(format!("write `{ty:?} {}`", escape::visible(&meant)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet;

    fn hint(value: &str) -> Option<String> {
        let sheet = sheet::read("Feature: f\n  Scenario: s\n    Then x\n").unwrap();
        let keyword = "Then ".to_owned();
        sentence(&gherkin::Step { keyword, value: value.into(), ..sheet.scenarios[0].steps[0].clone() })
    }

    /// What courses write, and the sentence for it.
    const SAID: &[(&str, &str)] = &[
        (
            "the Deployment \"web\" is available",
            "Then within 60 seconds the Deployment \"web\" has the condition \"Available\"",
        ),
        (
            "within 2 minutes the Deployment \"web\" has 2 replicas",
            "Then within 2 minutes the Deployment \"web\" has 2 ready Pods",
        ),
        ("the Pod \"x\" is running", "Then within 60 seconds the Pod \"x\" is in the phase Running"),
        ("the Pod \"x\" has succeeded", "Then within 60 seconds the Pod \"x\" is in the phase Succeeded"),
        ("the Job \"x\" succeeded", "Then within 60 seconds the Job \"x\" is complete"),
        ("the Deployment \"web\" is rolled back", "When I run \"kubectl rollout undo Deployment/web\""),
        ("I scale the Deployment \"web\" to 3 replicas", "When I run \"kubectl scale Deployment/web --replicas=3\""),
        ("I drain the node \"n\"", "When I run \"kubectl drain n --ignore-daemonsets\""),
        (
            "the Deployment \"web\" runs the image \"nginx:1.27\"",
            "Then within 60 seconds the Deployment \"web\" has spec.template.spec.containers[0].image \"nginx:1.27\"",
        ),
        ("the Node \"n\" is cordoned", "Then within 10 seconds the Node \"n\" has spec.unschedulable true"),
        (
            "the Node \"n\" has the taint \"a=b:NoSchedule\"",
            "Then within 10 seconds the Node \"n\" has spec.taints[key=\"a\"].effect \"NoSchedule\"",
        ),
        (
            "the Pod \"x\" has the label \"a.b/c=d\"",
            "Then within 10 seconds the Pod \"x\" has metadata.labels[\"a.b/c\"] \"d\"",
        ),
        (
            "the Service \"x\" has the annotation \"a\"",
            "Then within 10 seconds the Service \"x\" has the field metadata.annotations[\"a\"]",
        ),
        (
            "the PersistentVolumeClaim \"data\" is Bound",
            "Then within 60 seconds the PersistentVolumeClaim \"data\" is bound",
        ),
        ("the Service \"web\" does not exist", "Then \"kubectl get Service web\" fails with \"NotFound\""),
        ("the CronJob \"tick\" ran 3 times", "Then within 5 minutes the CronJob \"tick\" has completed 3 Jobs"),
    ];

    #[test]
    fn what_courses_write_leads_to_a_sentence() {
        for (said, meant) in SAID {
            assert_eq!(hint(said), Some(format!("write `{meant}`")), "{said}");
        }
        assert_eq!(hint("the Pod \"x\" is nice"), None);
    }
}
