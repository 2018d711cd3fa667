//! Finds errors in the steps of a scenario, each by itself and in their order.

use std::{collections::BTreeSet, sync::LazyLock};

use gherkin::StepType;
use regex::{Captures, Regex};

use super::{Problem, problem, typed};
use crate::{
    conditions::wildcard,
    escape,
    loaded::Prose,
    vocabulary::{self, Arguments, Fact, Kind, Match, PARAMETERS, Repair, Scenario, Sentence, Step},
};

/// An error, and its line in the sheet.
struct Wrong {
    line: usize,
    message: String,
    hint: Option<String>,
}

/// A step that matches one sentence.
struct Found<'a> {
    step: &'a gherkin::Step,
    sentence: &'static Sentence,
    arguments: &'a Arguments,
}

/// What is known about the scenario's terminal before a step.
#[derive(Default)]
struct Known {
    last: Option<Ends>,
    session: bool,
    kept: BTreeSet<String>,
    /// Whether a step before could not be read: it may have run a command, opened a session or kept a value.
    is_unsure: bool,
}

/// The expected end of the last command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Well,
    AsTheNextStepSays,
}

/// Finds all errors in the steps of a scenario of this sheet.
pub(super) fn check(sheet: &str, scenario: &Scenario) -> Vec<Problem> {
    let mut wrong = Vec::new();
    let mut known = Known::default();
    for (place, Step { written, fits }) in scenario.steps.iter().enumerate() {
        match fits {
            Match::One(sentence, arguments) => {
                let found = Found { step: written, sentence, arguments };
                wrong.extend(by_itself(&found));
                wrong.extend(in_order(&found, &mut known).filter(|_| !known.is_unsure));
                wrong.extend(unjudged(&found, scenario.steps.get(place + 1)));
            }
            Match::Several(sentences) => {
                wrong.push(at(written, format!("the step fits several sentences: {}", sentences.join("; ")), None));
            }
            Match::None => {
                wrong.push(unknown(written));
                known.is_unsure = true;
            }
        }
    }
    let own = || scenario.steps.iter().skip(scenario.background);
    let judges = |step: &Step| step.sentence().is_some_and(|(sentence, _)| sentence.keyword == StepType::Then);
    // A step that begins with `*` may have been meant as any kind.
    if !own().any(judges) && own().all(|step| step.sentence().is_some()) {
        let message = "the scenario asserts nothing: no step of it judges anything".into();
        let hint = Some("add a step that begins with Then and says what must be seen".into());
        wrong.push(Wrong { line: scenario.line, message, hint });
    }
    wrong.into_iter().map(|wrong| problem(sheet.to_owned(), wrong.line, wrong.message, wrong.hint)).collect()
}

/// Finds a step in a description, where it has no effect.
pub(super) fn in_prose(prose: &Prose) -> Option<Problem> {
    let Prose { feature, line, text } = prose;
    let rest = text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim());
    let said = [text.as_str(), rest].into_iter().find(|text| vocabulary::is_sentence(text))?;
    let hint =
        "put Given, When or Then before it, and a line \"Scenario: \" with a title above; or reword the description";
    let message = format!("this sentence is in a description, so it would not run: `{said}`");
    Some(problem(feature.clone(), *line, message, Some(hint.into())))
}

fn at(step: &gherkin::Step, message: impl Into<String>, hint: Option<String>) -> Wrong {
    Wrong { line: step.position.line, message: message.into(), hint }
}

/// The error for a step that matches no sentence, with what to write instead.
fn unknown(step: &gherkin::Step) -> Wrong {
    let hint = slip(step).or_else(|| other_kind(step)).or_else(|| repaired(step)).unwrap_or_else(|| similar(step));
    at(
        step,
        format!("no sentence fits `{}{}`{}", step.keyword, escape::visible(&step.value), continued(step)),
        Some(hint),
    )
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

/// Which kind of step it is, if its keyword (`And`, `But`, `*`) does not say so.
fn continued(step: &gherkin::Step) -> String {
    let kind = format!("{:?}", step.ty);
    let keyword = step.keyword.trim();
    if keyword == kind { String::new() } else { format!(", in which {keyword} continues a {kind}") }
}

/// What to write where the step would fit a sentence of another kind than the step that it continues.
fn other_kind(step: &gherkin::Step) -> Option<String> {
    let kinds = [StepType::Given, StepType::When, StepType::Then].into_iter().filter(|kind| *kind != step.ty);
    let fits = |ty: &StepType| !matches!(Step::matched(gherkin::Step { ty: *ty, ..step.clone() }).fits, Match::None);
    let kind = kinds.into_iter().find(fits)?;
    Some(format!("write `{kind:?} {}`", escape::visible(&step.value)))
}

/// The corrected step, if only its quotes or spaces are wrong.
fn slip(step: &gherkin::Step) -> Option<String> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        wildcard::pattern(
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
    let escaped = escaped(&step.value).filter(&fits);
    if let Some(escaped) = escaped {
        return Some(format!("write \\\" for a quote within quotes: `{}{escaped}`", step.keyword));
    }
    let bare = step.value.split(" #").next().unwrap_or_default().trim_end().to_owned();
    fits(&bare).then(|| "give the comment a line of its own, which begins with #".to_owned())
}

/// The text with a backslash before each quote between the first and the last one.
fn escaped(text: &str) -> Option<String> {
    static UNESCAPED: LazyLock<Regex> = LazyLock::new(|| wildcard::pattern(r#"(\\.)|""#));
    let (before, rest) = text.split_once('"')?;
    let (within, after) = rest.rsplit_once('"')?;
    let within = UNESCAPED.replace_all(within, |found: &Captures<'_>| {
        found.get(1).map_or_else(|| "\\\"".to_owned(), |escaped| escaped.as_str().to_owned())
    });
    Some(format!("{before}\"{within}\"{after}"))
}

/// Finds an error in a step regardless of the steps around it.
fn by_itself(found: &Found<'_>) -> Option<Wrong> {
    let Found { step, sentence, .. } = found;
    if step.table.is_some() {
        let hint = "no sentence takes a table: put expected text between two lines of \"\"\" beneath a step that ends with \
                    a colon, such as `Then it prints:`";
        return Some(at(step, "a table follows that the step does not use", Some(hint.into())));
    }
    let expects_text = sentence.takes_text();
    // At this point, the named text has become the text below the step.
    let names_text = sentence.takes(Kind::Expected);
    if !names_text && expects_text != step.docstring.is_some() {
        let message = if expects_text {
            "the step ends with a colon, but no text follows"
        } else {
            "text follows that the step does not use"
        };
        let hint = "a step that ends with a colon takes the text beneath it, between two lines of \"\"\"";
        return Some(at(step, message, Some(hint.into())));
    }
    if let Some(expansion) = commands(found).into_iter().find_map(typed::history_expansion) {
        let message = format!("in a terminal, bash takes {expansion} for an earlier command");
        let hint = "put it between single quotes, or put a backslash before the exclamation mark";
        return Some(at(step, message, Some(hint.into())));
    }
    if let Some(name) = untouched(found) {
        let hint = "[=name] stands for what was kept in expected text only: elsewhere use a variable of the shell";
        return Some(at(step, format!("[={name}] is not replaced here"), Some(hint.into())));
    }
    let texts: Vec<&str> = texts(found).collect();
    if let Some(slip) = texts.iter().flat_map(|text| wildcard::unknown(text)).next() {
        let known: Vec<String> = wildcard::WILDCARDS.iter().map(|wildcard| format!("[{}]", wildcard.name)).collect();
        let hint = format!(
            "the wildcards are [...], {}; a name that is kept has lower-case letters, digits and _: [IP:server]",
            known.join(", ")
        );
        return Some(at(step, format!("there is no wildcard {slip}"), Some(hint)));
    }
    if let Some(message) = texts.iter().find_map(|text| wildcard::wrong_names(text)) {
        return Some(at(step, message, None));
    }
    let asserts_nothing = texts.iter().any(|text| wildcard::fits_anything(text));
    asserts_nothing.then(|| {
        let hint =
            "use `Then it prints nothing` or `Then it prints nothing on standard error` where nothing may be printed";
        at(step, "the expected text matches any output, so this step checks nothing", Some(hint.into()))
    })
}

/// The commands that the step runs.
fn commands<'a>(found: &Found<'a>) -> Vec<&'a str> {
    let Found { step, sentence, arguments } = *found;
    let types = [Fact::EndsWell, Fact::Runs, Fact::Attempts].into_iter().any(|fact| sentence.has(fact));
    let expected = [Kind::Command, Kind::Expected].into_iter().any(|kind| sentence.takes(kind));
    let block = step.docstring.as_deref().filter(|_| types && !expected);
    arguments.of_kind(Kind::Command).chain(block).collect()
}

/// The name of something to be kept, if the step's text is not an expected text.
fn untouched(found: &Found<'_>) -> Option<String> {
    let Found { step, sentence, arguments } = found;
    let commands = (sentence.keyword != StepType::Then).then_some(step.docstring.as_deref()).flatten();
    let elsewhere = arguments.of_other_kinds(&EXPECTED).chain(commands);
    elsewhere.flat_map(|text| wildcard::names(text).1).next()
}

/// Finds an error in a step that depends on the steps before it.
fn in_order(found: &Found<'_>, known: &mut Known) -> Option<Wrong> {
    let wrong = of_session(found, known)
        .or_else(|| of_last_command(found, known.last))
        .or_else(|| of_kept(found, &mut known.kept));
    for fact in found.sentence.facts {
        match fact {
            Fact::EndsWell => known.last = Some(Ends::Well),
            Fact::Runs | Fact::Attempts => known.last = Some(Ends::AsTheNextStepSays),
            Fact::OpensSession => known.session = true,
            Fact::EndsSession => (known.session, known.last) = (false, Some(Ends::AsTheNextStepSays)),
            _ => {}
        }
    }
    wrong
}

fn of_session(found: &Found<'_>, known: &Known) -> Option<Wrong> {
    let Found { step, sentence, .. } = found;
    if sentence.has(Fact::NeedsSession) && !known.session {
        let hint = "put `When I open a session with \"…\"` before it";
        return Some(at(step, "no session is open here", Some(hint.into())));
    }
    (sentence.has(Fact::OpensSession) && known.session).then(|| {
        let hint = "put `Then within 60 seconds the session ends` before it";
        at(step, "another session is still open", Some(hint.into()))
    })
}

fn of_last_command(found: &Found<'_>, last: Option<Ends>) -> Option<Wrong> {
    let Found { step, sentence, .. } = found;
    if sentence.has(Fact::JudgesCommand) && last.is_none() {
        let hint = "put a step such as `When I run \"…\"` before it";
        return Some(at(step, "no command was run before", Some(hint.into())));
    }
    (sentence.has(Fact::WantsFailure) && last == Some(Ends::Well)).then(|| {
        let hint = "use `When I try \"…\"` for a command that fails";
        at(step, "the command before this step must succeed, so it cannot fail", Some(hint.into()))
    })
}

/// Finds a name that is expected but was never kept: it would stand for itself and match nothing.
fn of_kept(found: &Found<'_>, kept: &mut BTreeSet<String>) -> Option<Wrong> {
    let Found { step, sentence, .. } = found;
    let (keeps, expects): (Vec<_>, Vec<_>) = texts(found).map(wildcard::names).unzip();
    // A line may expect what an earlier line of the same text keeps.
    if sentence.has(Fact::Keeps) {
        kept.extend(keeps.into_iter().flatten());
    }
    let name = expects.into_iter().flatten().find(|name| !kept.contains(name))?;
    let message = format!("[={name}] has no value: no step before this one keeps a value under that name");
    Some(at(step, message, Some(format!("keep it with a wildcard such as [IP:{name}]"))))
}

/// Finds a command that may fail without a following step that checks how it ends.
fn unjudged(found: &Found<'_>, next: Option<&Step>) -> Option<Wrong> {
    (found.sentence.has(Fact::Attempts) && next.is_none_or(|next| next.written.ty != StepType::Then)).then(|| {
        let hint = "put `Then it fails with \"…\"` after it, or use `I run`, which must succeed";
        at(found.step, "no step says how this command must end", Some(hint.into()))
    })
}

/// The kinds of parameters that are expected text.
const EXPECTED: [Kind; 2] = [Kind::Text, Kind::Value];

/// The expected texts of a step.
fn texts<'a>(found: &Found<'a>) -> impl Iterator<Item = &'a str> {
    let Found { step, sentence, arguments } = *found;
    let within = EXPECTED.into_iter().flat_map(|kind| arguments.of_kind(kind));
    within.chain((sentence.keyword == StepType::Then).then_some(step.docstring.as_deref()).flatten())
}
