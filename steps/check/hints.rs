//! Says what to write instead of a step that no sentence fits.

mod other_words;

use std::sync::LazyLock;

use gherkin::StepType;
use regex::{Captures, Regex};

use crate::{
    escape,
    expression::regex,
    vocabulary::{self, Match, PARAMETERS, Repair, Sentence, Step},
};

/// What to write instead of a step.
pub(super) fn for_step(step: &gherkin::Step) -> String {
    let hint =
        typo(step).or_else(|| other_kind(step)).or_else(|| waiting(step)).or_else(|| other_words::sentence(step));
    let hint = hint.or_else(|| lasting(step)).or_else(|| repaired(step));
    hint.unwrap_or_else(|| similar(step))
}

/// What to write in place of a step that watches for a fixed time, and that no such sentence fits. One that only waits would
/// check less.
fn lasting(step: &gherkin::Step) -> Option<String> {
    static KEPT: LazyLock<[(Regex, &str); 2]> = LazyLock::new(|| {
        [(regex(" has "), " keeps "), (regex(r" is in the phase (\w+)$"), " keeps status.phase \"$1\"")]
    });
    if !step.value.starts_with("for ") {
        return None;
    }
    let fits = |value: &String| {
        matches!(Step::matched(gherkin::Step { value: value.clone(), ..step.clone() }).fits, Match::One(..))
    };
    let kept = KEPT.iter().map(|(said, meant)| said.replace(&step.value, *meant).into_owned()).find(fits);
    Some(kept.map_or_else(
        || {
            "few sentences watch for a fixed time: those with `keeps`, `lacks` and `stays`, and some about Pods"
                .to_owned()
        },
        |kept| format!("write `{}{}`", step.keyword, escape::visible(&kept)),
    ))
}

/// What to change, if only a few words or a value are wrong.
fn repaired(step: &gherkin::Step) -> Option<String> {
    Some(match vocabulary::repair(step)? {
        Repair::Words(meant) => format!("write `{}`", escape::visible(&meant)),
        Repair::Value { written, parameter, meaning } => {
            format!("`{}` cannot be {parameter}, which is {meaning}", escape::visible(&written))
        }
    })
}

/// The most similar sentences, and what their parameters accept.
fn similar(step: &gherkin::Step) -> String {
    let near = vocabulary::nearest(step);
    // A wait may keep the keyword that it has.
    let keyword = |sentence: &Sentence| {
        if sentence.is_for(step.ty) { format!("{:?}", step.ty) } else { sentence.keyword().into() }
    };
    let names: Vec<String> =
        near.iter().map(|sentence| format!("`{} {}`", keyword(sentence), sentence.expression)).collect();
    let parameters: String = PARAMETERS
        .iter()
        .filter(|parameter| near.iter().any(|sentence| sentence.takes(parameter.kind)))
        .map(|parameter| format!("\n        {{{}}} is {}", parameter.name, parameter.meaning))
        .collect();
    if near.is_empty() {
        "run `labproof steps` to see all sentences".to_owned()
    } else {
        format!("did you mean {}?{parameters}", names.join(" or "))
    }
}

/// What to write where the step would fit a sentence of another kind than the step that it continues.
fn other_kind(step: &gherkin::Step) -> Option<String> {
    let kinds = [StepType::Given, StepType::When, StepType::Then].into_iter().filter(|kind| *kind != step.ty);
    let fits = |ty: &StepType| !matches!(Step::matched(gherkin::Step { ty: *ty, ..step.clone() }).fits, Match::None);
    let kind = kinds.into_iter().find(fits)?;
    Some(format!("write `{kind:?} {}`", escape::visible(&step.value)))
}

/// What to write where only the time is missing that the step may take, or where there is one that it does not take.
fn waiting(step: &gherkin::Step) -> Option<String> {
    static TIME: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:within|for) \S+(?: [a-z]+)? (the .*)$"));
    let fits = |value: &str| {
        matches!(Step::matched(gherkin::Step { value: value.to_owned(), ..step.clone() }).fits, Match::One(..))
    };
    let written = |value: &str| format!("{}{}", step.keyword, escape::visible(value));
    let within = format!("within 60 seconds {}", step.value);
    if fits(&within) {
        return Some(format!("write `{}`, with the longest time that it may take", written(&within)));
    }
    let at_once = TIME.captures(&step.value)?.get(1)?.as_str();
    fits(at_once).then(|| format!("write `{}`: this sentence does not wait", written(at_once)))
}

/// The corrected step, if only its quotes or spaces are wrong.
fn typo(step: &gherkin::Step) -> Option<String> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"['\x{2018}\x{201a}\x{201c}\x{201e}\x{ab}]([^'\x{2018}-\x{201e}\x{ab}\x{bb}]*)['\x{2018}\x{2019}\x{201c}\x{201d}\x{bb}]",
        )
    });
    let spaced: String = step.value.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    let quoted = QUOTED.replace_all(&spaced, "\"$1\"").into_owned();
    let fits = |value: &String| {
        let meant = Step::matched(gherkin::Step { value: value.clone(), ..step.clone() });
        matches!(meant.fits, Match::One(..))
    };
    if spaced != step.value && fits(&spaced) {
        return Some("write plain spaces: the character written out above only looks like one".into());
    }
    if fits(&quoted) {
        return Some(format!("write double quotes: `{}{quoted}`", step.keyword));
    }
    if step.docstring.is_some() && fits(&format!("{}:", step.value)) {
        return Some(format!("write a colon at its end, because a text follows: `{}{}:`", step.keyword, step.value));
    }
    let escaped = escaped(&step.value).filter(&fits);
    if let Some(escaped) = escaped {
        return Some(format!("write \\\" for a quote within quotes: `{}{escaped}`", step.keyword));
    }
    let bare = step.value.split(" #").next().unwrap_or_default().trim_end().to_owned();
    fits(&bare).then(|| "give the comment a line of its own, which begins with #".to_owned())
}

/// The text with a backslash before each quote between the first and the last one.
fn escaped(text: &str) -> Option<String> {
    static UNESCAPED: LazyLock<Regex> = LazyLock::new(|| regex(r#"(\\.)|""#));
    let (before, rest) = text.split_once('"')?;
    let (within, after) = rest.rsplit_once('"')?;
    let within = UNESCAPED.replace_all(within, |found: &Captures<'_>| {
        found.get(1).map_or_else(|| "\\\"".to_owned(), |escaped| escaped.as_str().to_owned())
    });
    Some(format!("{before}\"{within}\"{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet;

    fn hint(ty: StepType, value: &str) -> String {
        let sheet = sheet::read("Feature: f\n  Scenario: s\n    Then x\n").unwrap();
        let keyword = format!("{ty:?} ");
        for_step(&gherkin::Step { ty, keyword, value: value.into(), ..sheet.scenarios[0].steps[0].clone() })
    }

    #[test]
    fn a_time_that_is_missing_is_put_in() {
        for step in [
            "the Pod \"db-1\" is ready",
            "the Deployment \"shop\" owns 1 ReplicaSet",
            "the Pod \"a\" has spec.nodeName \"b\"",
            "the Deployment \"web\" has spec.template.spec.containers[0].image \"web:1.0\"",
        ] {
            let said = hint(StepType::Then, step);
            assert!(said.starts_with(&format!("write `Then within 60 seconds {step}`")), "{said}");
        }
        let said = hint(StepType::Then, "within 5 seconds the ServiceAccount \"viewer\" may list pods");
        assert_eq!(said, "write `Then the ServiceAccount \"viewer\" may list pods`: this sentence does not wait");
    }

    #[test]
    fn what_has_little_to_do_with_the_step_is_not_proposed() {
        for (ty, step) in
            [(StepType::Then, "the Pod \"shop-0\" cannot be evicted"), (StepType::Given, "the weather is \"fine\"")]
        {
            let said = hint(ty, step);
            assert!(said.contains("labproof steps"), "{step}: {said}");
        }
    }

    #[test]
    fn a_watch_for_a_fixed_time_does_not_become_a_wait() {
        for (step, meant) in [
            ("for 5 seconds the Pod \"a\" is in the phase Pending", "keeps status.phase \"Pending\"`"),
            ("for 5 seconds the Pod \"a\" has spec.nodeName \"b\"", "keeps spec.nodeName \"b\"`"),
            ("for 5 seconds the Pod \"a\" exists", "few sentences watch for a fixed time"),
        ] {
            let said = hint(StepType::Then, step);
            assert!(said.contains(meant) && !said.contains("within"), "{said}");
        }
    }

    #[test]
    fn other_words_for_a_sentence_are_known() {
        for (ty, step, meant) in [
            (StepType::Then, "it succeeds", "write `Then its exit status is 0`"),
            (StepType::Then, "the command fails", "write `Then its exit status is 1`"),
            (
                StepType::Then,
                "the Pod \"a\" does not exist",
                "write `Then \"kubectl get Pod a\" fails with \"NotFound\"`",
            ),
            (
                StepType::Then,
                "the Pod \"a\" is on the node \"b\"",
                "write `Then within 60 seconds the Pod \"a\" has spec.nodeName \"b\"`",
            ),
            (
                StepType::Then,
                "the Pod \"a\" has the condition \"Ready\"",
                "write `Then within 60 seconds the Pod \"a\" has status.conditions[type=\"Ready\"].status \"True\"`",
            ),
            (StepType::When, "I apply \"web.yaml\"", "write `When \"web.yaml\" is applied`"),
            (
                StepType::Given,
                "the namespace \"a\" exists",
                "write `Given within 10 seconds the Namespace \"a\" exists`",
            ),
        ] {
            assert_eq!(hint(ty, step), meant);
        }
    }
}
