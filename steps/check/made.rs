//! Finds names in steps that are probably misspelt: nothing in the lab has them, and something has nearly the same name. A
//! step that waits for such an object could only fail, and one that wants its absence would always pass.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{Problem, problem};
use crate::{
    expression::regex,
    loaded::Placed,
    machine::content,
    project::Lab,
    settings,
    sheet::spelling::nearest,
    vocabulary::{Arguments, Fact, ParameterKind, Sentence, Step},
};

/// The kinds of parameters that are the name of an object of the cluster, and nothing else.
const NAMES: [ParameterKind; 3] = [ParameterKind::Pod, ParameterKind::Service, ParameterKind::Object];

/// Objects that Kubernetes makes in each namespace.
const MADE_BY_KUBERNETES: [&str; 3] = ["default", "kubernetes", "kube-root-ca.crt"];

/// The largest file that is searched for names, in bytes.
const LARGEST: u64 = 256 * 1024;

/// What texts contain: all their words, and those that are names of objects.
#[derive(Default)]
struct Known {
    words: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// Finds the misspelt names in a lab's scenarios.
pub(super) fn check(lab: &Lab, scenarios: &[Placed]) -> Vec<Problem> {
    let files = content::files(&lab.folder).unwrap_or_default();
    let small = files.into_iter().filter(|path| path.metadata().is_ok_and(|file| file.len() <= LARGEST));
    let files = Known::of(small.filter_map(|path| settings::text(&path).ok()));
    let mut problems = Vec::new();
    for Placed { feature, scenario, .. } in scenarios {
        // What no sentence fits may make anything.
        if scenario.steps.iter().any(|step| step.sentence().is_none()) {
            continue;
        }
        for (place, step) in scenario.steps.iter().enumerate() {
            let Some((sentence, arguments)) = step.sentence() else { continue };
            let names = named(sentence, arguments);
            if names.iter().all(|name| files.has(name)) {
                continue;
            }
            let others = scenario.steps.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, step)| step);
            let steps = Known::of(others.map(text).chain([own_text(step)]));
            for name in names {
                if let Some(meant) = misspelt(&name, &[&files, &steps]) {
                    let message = format!("nothing in the lab is called {name}");
                    let hint = Some(format!("did you mean {meant}?"));
                    problems.push(problem(feature.clone(), step.written.position.line, message, hint));
                }
            }
        }
    }
    problems
}

impl Known {
    fn of(texts: impl Iterator<Item = String>) -> Self {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
        texts.fold(Self::default(), |mut known, text| {
            known.words.extend(text.split(|letter| !is_part(letter)).map(str::to_owned));
            known.names.extend(names(&text));
            known
        })
    }

    /// Whether something has this name, or one from which it is derived: that of its Deployment, for example.
    fn has(&self, name: &str) -> bool {
        let begins = name.match_indices('-').map(|(at, _)| &name[..at]);
        begins.chain([name]).any(|word| self.words.contains(word))
    }
}

fn text(step: &Step) -> String {
    format!("{}\n{}\n", step.written.value, step.written.docstring.as_deref().unwrap_or_default())
}

/// What a step itself does: the commands that it runs may make what it names.
fn own_text(step: &Step) -> String {
    let commands = step.sentence().into_iter().flat_map(|(_, arguments)| arguments.of_kind(ParameterKind::Command));
    let block = step.written.docstring.as_deref();
    commands.chain(block).map(|text| format!("{text}\n")).collect()
}

/// The names in a step, without those of objects that it makes itself.
fn named(sentence: &Sentence, arguments: &Arguments) -> Vec<String> {
    if [Fact::MakesPod, Fact::MakesOwnPod, Fact::Acts].into_iter().any(|fact| sentence.has(fact)) {
        return Vec::new();
    }
    let plain = NAMES.into_iter().flat_map(|kind| arguments.of_kind(kind));
    let named = arguments.named().filter(|named| !named.is_label).map(|named| named.name.as_str());
    plain.chain(named).filter(|name| is_name(name)).map(str::to_owned).collect()
}

/// Whether an object can have this name, which a text with a wildcard or a variable is not.
fn is_name(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    text.starts_with(is_part) && text.chars().all(|letter| is_part(letter) || ".-".contains(letter))
}

/// The name that was probably meant by one that nothing has.
fn misspelt(name: &str, all: &[&Known]) -> Option<String> {
    if name.len() < 4 || MADE_BY_KUBERNETES.contains(&name) || all.iter().any(|known| known.has(name)) {
        return None;
    }
    let without_digits = |name: &str| name.replace(|letter: char| letter.is_ascii_digit(), "");
    let most = if name.len() < 8 { 1 } else { 2 };
    let known = all.iter().flat_map(|known| &known.names).map(String::as_str);
    nearest(name, known.filter(|known| without_digits(known) != without_digits(name)), most).map(str::to_owned)
}

/// The names of objects in a text: in manifests, in commands of kubectl, and in sentences.
fn names(text: &str) -> BTreeSet<String> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"\bname["']?:\s*["']?([a-z0-9][a-z0-9.-]*)|the [A-Z]\w+ "([a-z0-9][a-z0-9.-]*)""#));
    let named = NAME.captures_iter(text).filter_map(|found| found.get(1).or_else(|| found.get(2)));
    let commands = text.lines().filter(|line| line.contains("kubectl ")).flat_map(str::split_whitespace);
    let typed = commands.filter(|word| !word.starts_with('-')).map(|word| word.trim_matches(['"', '\'', ';', ')']));
    named.map(|name| name.as_str()).chain(typed).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_nothing_has_and_that_resembles_one_is_misspelt() {
        let known = |text: &str| Known::of([text.to_owned()].into_iter());
        let all = known("kind: Pod\nmetadata:\n  name: hello\nkubectl create deployment shop --image=nginx\n");
        let all = &[&all];
        assert_eq!(misspelt("helo", all), Some("hello".into()));
        assert_eq!(misspelt("shopp", all), Some("shop".into()));
        for right in ["hello", "shop-7d4b9-x2x9z", "hello-1", "other", "hell", "default"] {
            let found = misspelt(right, all);
            assert_eq!(found.is_some(), right == "hell", "{right}: {found:?}");
        }
        assert_eq!(misspelt("web-1", &[&known("name: web-2")]), None, "numbers tell objects of one kind apart");
    }
}
