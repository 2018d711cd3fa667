//! For every text of a learner or a program, each format stays well-formed, contains the text, and no terminal obeys
//! it.

use labproof::internal::{
    images::catalogue::{Source, Used},
    report::{Report, ScenarioReport, SubmissionReport, json, junit, learner, libtest, page, points, terminal},
    submission::{Refusal, rule::Rule},
    verdict::Evidence,
};

use super::{formats, parsed, sample::report};

/// The number of characters in a text.
const SOME: usize = 1500;

/// Texts with characters of every kind. `escape` is tested with every Unicode character.
fn texts() -> Vec<String> {
    let many = ('\0'..'\u{3200}').chain('\u{f800}'..='\u{ffff}').chain('\u{1f600}'..'\u{1f650}');
    let tags = ('\u{e0000}'..'\u{e0200}').chain('\u{13430}'..'\u{13450}').chain('\u{1bca0}'..'\u{1bca8}');
    let ends = (1..=16).flat_map(|plane| [0x0_fffd, 0x0_fffe, 0x0_ffff].map(|end| plane << 16 | end));
    let all: Vec<char> = many.chain(tags).chain(ends.filter_map(char::from_u32)).collect();
    all.chunks(SOME).map(|chunk| chunk.iter().collect()).collect()
}

/// A report with this text in every place that others can write.
fn saying(text: &str, of: Report) -> Report {
    let said = || text.to_owned();
    let scenarios = of.scenarios.into_iter().map(|scenario| of_scenario(text, scenario)).collect();
    let refusal = Refusal { file: said(), line: 1, rule: Rule::Kind, message: said() };
    Report {
        notes: vec![said()],
        leftovers: vec![said()],
        images: vec![Used { name: said(), source: Source::Built, id: said(), note: Some(said()) }],
        submission: of.submission.map(|submission| SubmissionReport {
            name: said(),
            refusals: vec![refusal],
            ignored: vec![said()],
            ..submission
        }),
        scenarios,
        ..of
    }
}

fn of_scenario(text: &str, mut scenario: ScenarioReport) -> ScenarioReport {
    let said = || text.to_owned();
    for step in &mut scenario.steps {
        step.text = said();
        step.reason = step.reason.as_ref().map(|_| said());
        step.hint = Some(said());
        step.evidence = vec![Evidence::new(said(), said())];
    }
    scenario.id = said();
    scenario.lab = said();
    scenario.feature = said();
    scenario.name = format!("{text}{}", scenario.line);
    scenario.task = Some(said());
    scenario.hint = Some(said());
    scenario.submission = Some(said());
    scenario.deviations = vec![said()];
    scenario.notes = vec![said()];
    scenario
}

/// All formats, including those for people.
fn all(report: &Report) -> Vec<(&'static str, String)> {
    let first = &report.scenarios[0];
    let grade = learner::Grade::of(report);
    let mut all = formats(report);
    all.extend([
        ("json", json::render(report)),
        ("gradebook.json", json::gradebook(std::slice::from_ref(report))),
        ("junit", junit::render(report).unwrap()),
        ("learner.html", page::learner(report)),
        ("class.html", page::trainer(std::slice::from_ref(report))),
        ("run.html", page::run(report)),
        ("learner", learner::sheet::render(&grade)),
        ("points", points::summary(report)),
        ("terminal", terminal::summary(report)),
        ("libtest", libtest::line(first) + &libtest::closing(report, 0)),
    ]);
    all
}

/// Whether a character moves the cursor, is invisible or reverses text. labproof's own colours are removed before.
fn is_obeyed(character: char) -> bool {
    character.is_control() && !"\n\r\t".contains(character)
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn every_form_carries_every_character() {
    for text in texts() {
        let report = saying(&text, report());
        for (name, said) in all(&report) {
            let said = anstream::adapter::strip_str(&said).to_string();
            if let Some(obeyed) = said.chars().find(|character| is_obeyed(*character)) {
                panic!("{name}: {obeyed:?}");
            }
            well_formed(name, &said);
        }
        let read: Report = serde_json::from_str(&json::render(&report)).unwrap();
        assert_eq!(read.scenarios[0].steps[0].text, text);
    }
}

fn well_formed(name: &str, said: &str) {
    match name {
        "junit" => {
            let document = roxmltree::Document::parse(said).unwrap_or_else(|error| panic!("{error}"));
            assert!(document.descendants().any(|node| node.has_tag_name("testcase")));
        }
        _ if name.contains("json") && !said.is_empty() => _ = parsed(said),
        "csv" | "gradebook.csv" => assert!(said.replace("\r\n", "").chars().all(|character| character != '\r')),
        _ if name.contains("html") => assert!(!said.contains("<script")),
        _ => {}
    }
}

#[test]
fn a_line_break_in_a_name_forges_no_line() {
    let report = saying("anna\nben: 10 of 10 points\r\ncarla", report());
    for (name, said) in all(&report).into_iter().filter(|(name, _)| !name.ends_with("html") && *name != "junit") {
        let forged = said.lines().any(|line| line.starts_with("ben:"));
        assert!(!forged, "{name}: {said}");
    }
}
