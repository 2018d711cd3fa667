//! Finds errors in the steps of a scenario, each by itself and in their order.

use std::collections::BTreeSet;

use gherkin::StepType;

use super::{Problem, hints, problem, typed};
use crate::{
    conditions::wildcard,
    escape,
    loaded::Prose,
    vocabulary::{self, Arguments, Fact, Match, ParameterKind, Scenario, Sentence, Step},
};

/// An error, and its line in the sheet.
struct StepError {
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

/// What to do if the course has sentences that this program lacks.
const OF_COURSE: &str = "\n        if it is the course's own sentence, run the course's own program: `cargo run -- check`, `cargo run -- verify`";

/// Finds all errors in the steps of a scenario of this sheet. `has_others` says whether the course may have sentences that
/// this program lacks.
pub(super) fn check(sheet: &str, scenario: &Scenario, has_others: bool) -> Vec<Problem> {
    let mut wrong = Vec::new();
    let mut known = Known::default();
    for (index, Step { written, fits }) in scenario.steps.iter().enumerate() {
        match fits {
            Match::One(sentence, arguments) => {
                let found = Found { step: written, sentence, arguments };
                wrong.extend(by_itself(&found));
                wrong.extend(in_order(&found, &mut known).filter(|_| !known.is_unsure));
                wrong.extend(unjudged(&found, &scenario.steps[index + 1..]));
            }
            Match::Invalid(_, fault) => {
                wrong.push(at(written, fault.reason.clone(), fault.hint.clone()));
                known.is_unsure = true;
            }
            Match::Several(sentences) => {
                wrong.push(at(written, format!("the step matches several sentences: {}", sentences.join("; ")), None));
            }
            Match::None => {
                wrong.push(unknown(written, has_others));
                known.is_unsure = true;
            }
        }
    }
    if !scenario.steps.iter().skip(scenario.background).any(may_judge) {
        let message = "the scenario asserts nothing: it has no Then".into();
        let hint = Some("add a step that begins with Then and says what must be seen".into());
        wrong.push(StepError { line: scenario.line, message, hint });
    }
    wrong.into_iter().map(|wrong| problem(sheet.to_owned(), wrong.line, wrong.message, wrong.hint)).collect()
}

/// Whether a step judges something. One that no sentence fits may have been meant to, where it begins with Then or `*`.
fn may_judge(step: &Step) -> bool {
    match &step.fits {
        Match::One(sentence, _) | Match::Invalid(sentence, _) => sentence.keyword == StepType::Then,
        Match::None | Match::Several(_) => step.written.ty == StepType::Then || step.written.keyword.trim() == "*",
    }
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

fn at(step: &gherkin::Step, message: impl Into<String>, hint: Option<String>) -> StepError {
    StepError { line: step.position.line, message: message.into(), hint }
}

/// The error for a step that matches no sentence, with what to write instead.
fn unknown(step: &gherkin::Step, has_others: bool) -> StepError {
    let written = escape::visible(&step.value);
    let hint = format!("{}{}", hints::for_step(step), if has_others { OF_COURSE } else { "" });
    at(step, format!("no sentence fits `{}{written}`{}", step.keyword, continued(step)), Some(hint))
}

/// Which kind of step it is, if its keyword (`And`, `But`, `*`) does not say so.
fn continued(step: &gherkin::Step) -> String {
    let kind = format!("{:?}", step.ty);
    let keyword = step.keyword.trim();
    if keyword == kind { String::new() } else { format!(", in which {keyword} continues a {kind}") }
}

/// Finds an error in a step regardless of the steps around it.
fn by_itself(found: &Found<'_>) -> Option<StepError> {
    let Found { step, sentence, .. } = found;
    if step.table.is_some() {
        let hint = "no sentence takes a table: put expected text between two lines of \"\"\" beneath a step that ends with \
                    a colon, such as `Then it prints:`";
        return Some(at(step, "a table follows that the step does not use", Some(hint.into())));
    }
    let expects_text = sentence.takes_text();
    // At this point, the named text has become the text below the step.
    let names_text = sentence.takes(ParameterKind::Expected);
    if !names_text && expects_text != step.docstring.is_some() {
        let message = if expects_text {
            "the step ends with a colon, but no text follows"
        } else {
            "text follows that the step does not use"
        };
        let hint = "a step that ends with a colon takes the text beneath it, between two lines of \"\"\"";
        return Some(at(step, message, Some(hint.into())));
    }
    if commands(found).iter().any(|command| command.trim().is_empty()) {
        let hint = "write the commands between the two lines of \"\"\", or remove the step";
        return Some(at(step, "the step runs nothing: its command is empty", Some(hint.into())));
    }
    if let Some(expansion) = commands(found).into_iter().find_map(typed::history_expansion) {
        let message = format!("an interactive bash replaces {expansion} by an earlier command");
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
    asserts_nothing(found).then(|| {
        let message = "the expected text matches any output, so this step checks nothing";
        at(step, message, Some(instead_of_anything(sentence).into()))
    })
}

/// Whether an expected text of the step matches any output: an empty one does, unless it is the whole output.
fn asserts_nothing(found: &Found<'_>) -> bool {
    let Found { step, sentence, .. } = found;
    if sentence.takes(ParameterKind::Value) {
        return texts(found).any(wildcard::fits_anything);
    }
    let is_whole = |text| step.docstring.as_deref() == Some(text) && !sentence.has(Fact::NeedsSession);
    texts(found).any(|text| wildcard::fits_anything(text) || text.trim().is_empty() && !is_whole(text))
}

/// What to write in place of an expected text that matches anything.
fn instead_of_anything(sentence: &Sentence) -> &'static str {
    match () {
        () if sentence.takes(ParameterKind::Field) => "use `has the field …` if its value does not matter",
        () if sentence.takes(ParameterKind::Entry) => "use `has the field data[\"…\"]` if its value does not matter",
        () if sentence.has(Fact::WantsFailure) => "use `its exit status is 1` if the words do not matter",
        () => {
            "use `Then it prints nothing`, or `Then it prints nothing on standard error`, where nothing may be printed"
        }
    }
}

/// The commands that the step runs.
fn commands<'a>(found: &Found<'a>) -> Vec<&'a str> {
    let Found { step, sentence, arguments } = *found;
    let types = [Fact::EndsWell, Fact::Runs, Fact::Attempts].into_iter().any(|fact| sentence.has(fact));
    let expected = [ParameterKind::Command, ParameterKind::Expected].into_iter().any(|kind| sentence.takes(kind));
    let block = step.docstring.as_deref().filter(|_| types && !expected);
    arguments.of_kind(ParameterKind::Command).chain(block).collect()
}

/// The name of something to be kept, if the step's text is not an expected text.
fn untouched(found: &Found<'_>) -> Option<String> {
    let Found { step, sentence, arguments } = found;
    let commands = (sentence.keyword != StepType::Then).then_some(step.docstring.as_deref()).flatten();
    let elsewhere = arguments.of_other_kinds(&EXPECTED).chain(commands);
    elsewhere.flat_map(|text| wildcard::names(text).1).next()
}

/// Finds an error in a step that depends on the steps before it.
fn in_order(found: &Found<'_>, known: &mut Known) -> Option<StepError> {
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

fn of_session(found: &Found<'_>, known: &Known) -> Option<StepError> {
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

fn of_last_command(found: &Found<'_>, last: Option<Ends>) -> Option<StepError> {
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
fn of_kept(found: &Found<'_>, kept: &mut BTreeSet<String>) -> Option<StepError> {
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
fn unjudged(found: &Found<'_>, later: &[Step]) -> Option<StepError> {
    let judges = |step: &Step| step.sentence().is_none_or(|(sentence, _)| sentence.has(Fact::JudgesCommand));
    let mut thens = later.iter().take_while(|step| step.written.ty == StepType::Then);
    (found.sentence.has(Fact::Attempts) && !thens.any(judges)).then(|| {
        let hint = "put `Then it fails with \"…\"` after it, or use `I run`, which must succeed";
        at(found.step, "no step says how this command must end", Some(hint.into()))
    })
}

/// The kinds of parameters that are expected text.
const EXPECTED: [ParameterKind; 2] = [ParameterKind::Text, ParameterKind::Value];

/// The expected texts of a step.
fn texts<'a>(found: &Found<'a>) -> impl Iterator<Item = &'a str> {
    let Found { step, sentence, arguments } = *found;
    let within = EXPECTED.into_iter().flat_map(|kind| arguments.of_kind(kind));
    within.chain((sentence.keyword == StepType::Then).then_some(step.docstring.as_deref()).flatten())
}
