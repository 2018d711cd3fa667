//! Finds graded steps that trust a learner's program about its own container: a learner's `id` may print anything. Such
//! a scenario must use the object or the node instead.

use std::collections::BTreeSet;

use crate::{
    document::reads::{Inside, asked_inside, pods_run},
    project::SubmissionSpec,
    vocabulary::{Arguments, Fact, ParameterKind, Scenario, Step},
};

/// Programs that ask others: they show what their container reaches, which may be what a lab is about.
const ASK_OTHERS: [&str; 9] = ["curl", "dig", "getent", "host", "nc", "nslookup", "ping", "telnet", "wget"];

/// Programs that say nothing about their container.
const SAY_NOTHING: [&str; 5] = ["echo", "false", "printf", "sleep", "true"];

/// The steps that ask a program in a learner's container about that container.
pub(super) fn wrong(spec: &SubmissionSpec, scenario: &Scenario) -> Vec<String> {
    let own = own_pods(spec, scenario);
    let steps = scenario.steps.iter().filter_map(Step::sentence);
    let asked = steps.filter_map(|(sentence, arguments)| {
        if sentence.has(Fact::RunsInside) {
            inside(arguments).map(|pod| (pod, sentence.expression.to_owned()))
        } else {
            commands(arguments).iter().find_map(|command| testimony(command))
        }
    });
    let asked = asked.filter(|(pod, _)| !own.contains(pod.as_str()) && !pod.contains('$'));
    let message = |(pod, what)| {
        format!(
            "it carries points, and `{what}` asks a program in the Pod {pod} about its own container, and a learner can replace \
             that program: ask the node, as `labproof steps node` shows, or the object by `kubectl get`"
        )
    };
    asked.map(message).collect()
}

/// The Pods that the lab creates, not the learner.
fn own_pods(spec: &SubmissionSpec, scenario: &Scenario) -> BTreeSet<String> {
    let steps = || scenario.steps.iter().filter_map(Step::sentence);
    let made = steps().filter(|(sentence, arguments)| {
        sentence.has(Fact::MakesOwnPod)
            || sentence.has(Fact::MakesPod) && !arguments.of_kind(ParameterKind::Manifest).any(|file| spec.holds(file))
    });
    let made = made.flat_map(|(_, arguments)| arguments.of_kind(ParameterKind::Pod)).map(str::to_owned);
    made.chain(steps().flat_map(|(_, arguments)| commands(arguments)).flat_map(|text| pods_run(&text))).collect()
}

/// The Pod in which a step runs a command.
fn inside(arguments: &Arguments) -> Option<String> {
    arguments.of_kind(ParameterKind::Place).next()?.rsplit('"').nth(1).map(str::to_owned)
}

/// The commands that a step types.
fn commands(arguments: &Arguments) -> Vec<String> {
    let block = arguments.block().map(str::to_owned);
    block.into_iter().chain(arguments.of_kind(ParameterKind::Command).map(str::to_owned)).collect()
}

/// The Pod and the program of a text's first command that asks a program about its container.
fn testimony(text: &str) -> Option<(String, String)> {
    let is_about_itself = |inside: &Inside| {
        let words = inside.program.iter().flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric()));
        let says_nothing = inside.program.first().is_some_and(|program| SAY_NOTHING.contains(&program.as_str()));
        !says_nothing
            && !inside.program.iter().any(|word| word.contains("/dev/tcp/"))
            && !words.into_iter().any(|word| ASK_OTHERS.contains(&word))
    };
    let Inside { pod, program } = asked_inside(text).into_iter().find(is_about_itself)?;
    let what = match program.first().map(String::as_str) {
        Some("cp") => format!("kubectl cp {pod}:{}", program[1]),
        _ => format!("kubectl exec {pod} -- {}", program.join(" ")),
    };
    Some((pod, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_says_what_its_container_is_is_found_with_its_pod() {
        for line in [
            "kubectl exec web -- id",
            "timeout 5 kubectl exec web -c main -- /usr/bin/id -u | head -1",
            "kubectl exec -n x -it web -- sh -c 'id; date'",
            "u=$(kubectl exec web -- id -u)",
            "kubectl -n x exec pod/web -- id",
            "k exec web -- id",
            "kubectl exec web \\\n  -- cat /etc/os-release",
            "kubectl exec web -- sh -c 'cd / && id'",
            "kubectl exec web -- sh -c 'echo $GREETING'",
            "kubectl exec web -- awk '/Uid/ {print $2}' /proc/1/status",
            "kubectl exec web -- sed -n 1p /etc/passwd",
            "kubectl exec web -- mount",
            "kubectl exec web -- test -w /data",
            "kubectl cp web:/etc/hostname .",
        ] {
            assert_eq!(testimony(line).map(|(pod, _)| pod).as_deref(), Some("web"), "{line}");
        }
        assert_eq!(testimony("kubectl exec web -- id -u").unwrap().1, "kubectl exec web -- id -u");
    }

    #[test]
    fn other_programs_and_other_commands_are_none() {
        for line in [
            "kubectl exec web -- wget -q -O - http://other",
            "kubectl exec web -- sh -c 'wget -q -O - http://other | head -1'",
            "kubectl exec web -- sh -c 'echo id >> file'",
            "kubectl exec web -- rm /tmp/file",
            "kubectl exec web -- true",
            "kubectl exec web -- bash -c 'cat < /dev/tcp/db/80'",
            "kubectl exec web -- kill 1",
            "kubectl cp page.html web:/usr/share/nginx/html/",
            "kubectl get pods | grep id",
            "kubectl exec web",
        ] {
            assert_eq!(testimony(line), None, "{line}");
        }
    }
}
