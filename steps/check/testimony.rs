//! Finds graded steps that trust a learner's program about its own container: a learner's `id` may print anything. Such
//! a scenario must use the object or the node instead.

use std::collections::BTreeSet;

use crate::{
    document::names::takes_a_value,
    project::SubmissionSpec,
    vocabulary::{Arguments, Fact, Kind, Scenario, Step},
};

/// Programs that report what their container is, has and runs.
const SAY: [&str; 18] = [
    "cat", "env", "find", "grep", "groups", "head", "hostname", "id", "ls", "netstat", "pgrep", "printenv", "ps", "ss",
    "stat", "tail", "uname", "whoami",
];

/// The steps that ask a program in a learner's container about that container.
pub(super) fn wrong(spec: &SubmissionSpec, scenario: &Scenario) -> Vec<String> {
    let own = own_pods(spec, scenario);
    let steps = scenario.steps.iter().filter_map(Step::sentence);
    let asked = steps.filter_map(|(sentence, arguments)| {
        if sentence.has(Fact::RunsInside) {
            inside(arguments).map(|pod| (pod, sentence.expression.to_owned()))
        } else {
            commands(arguments).find_map(|command| testimony(&command))
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
fn own_pods<'a>(spec: &SubmissionSpec, scenario: &'a Scenario) -> BTreeSet<&'a str> {
    let steps = scenario.steps.iter().filter_map(Step::sentence);
    let made = steps.filter(|(sentence, arguments)| {
        sentence.has(Fact::MakesOwnPod)
            || sentence.has(Fact::MakesPod) && !arguments.of_kind(Kind::Manifest).any(|file| spec.holds(file))
    });
    made.flat_map(|(_, arguments)| arguments.of_kind(Kind::Pod)).collect()
}

/// The Pod in which a step runs a command.
fn inside(arguments: &Arguments) -> Option<String> {
    arguments.of_kind(Kind::Place).next()?.rsplit('"').nth(1).map(str::to_owned)
}

fn commands(arguments: &Arguments) -> impl Iterator<Item = String> {
    let block = arguments.block().into_iter().flat_map(str::lines).map(str::to_owned);
    block.chain(arguments.of_kind(Kind::Command).map(str::to_owned))
}

/// The Pod and the program of a command line that asks a program about its container.
fn testimony(line: &str) -> Option<(String, String)> {
    let words = shell_words::split(line).ok()?;
    let exec = words.windows(2).position(|pair| pair == ["kubectl", "exec"])?;
    let (flags, command) = words.split_at(words.iter().skip(exec).position(|word| word == "--")? + exec);
    let mut flags = flags.iter().skip(exec + 2);
    let pod = loop {
        match flags.next()? {
            flag if takes_a_value(flag) => _ = flags.next(),
            flag if flag.starts_with('-') => {}
            pod => break pod,
        }
    };
    let program = said_by(&command[1..])?;
    Some((pod.clone(), format!("kubectl exec {pod} -- {program}")))
}

/// The program of a command that is one of [`SAY`]; for a shell, the program with which its script begins.
fn said_by(command: &[String]) -> Option<String> {
    let name = command.first()?.rsplit('/').next()?;
    match name {
        "sh" | "ash" | "bash" | "busybox" | "timeout" => {
            let script =
                command.iter().skip(1).find(|word| !word.starts_with('-') && !word.starts_with(char::is_numeric));
            let words = script?.split(|letter: char| letter.is_whitespace() || ";|&".contains(letter));
            said_by(&words.map(str::to_owned).collect::<Vec<_>>())
        }
        name => SAY.contains(&name).then(|| name.to_owned()),
    }
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
            "kubectl exec web -- busybox id",
        ] {
            assert_eq!(testimony(line), Some(("web".into(), "kubectl exec web -- id".into())), "{line}");
        }
    }

    #[test]
    fn other_programs_and_other_commands_are_none() {
        for line in [
            "kubectl exec web -- wget -q -O - http://other",
            "kubectl exec web -- sh -c 'echo id >> file'",
            "kubectl get pods | grep id",
            "kubectl exec web",
        ] {
            assert_eq!(testimony(line), None, "{line}");
        }
    }
}
