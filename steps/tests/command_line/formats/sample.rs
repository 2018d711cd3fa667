//! A submission with everything that a grade must show or hide.

use labproof::internal::{
    report::{Opening, Report, SCHEMA, ScenarioReport, SubmissionReport, Summary, classroom50::Identity},
    submission::{Refusal, rule::Rule},
    verdict::{Fault, Verdict},
};

use super::super::reporting::step;

/// A word that is in every hidden text, and nowhere else.
pub(super) const SECRET: &str = "secret";

fn scenario(number: usize, name: &str, points: u32, fault: Option<Fault>) -> ScenarioReport {
    let verdict = fault.as_ref().map_or(Verdict::Passed, |fault| fault.verdict);
    let earned = if verdict == Verdict::Passed { points } else { 0 };
    ScenarioReport {
        id: format!("helloworld/{}", name.to_lowercase().replace(' ', "-")),
        lab: "helloworld".into(),
        submission: Some("=alice".into()),
        feature: "features/helloworld.feature".into(),
        line: 10 * number,
        name: name.into(),
        kubernetes: None,
        tags: Vec::new(),
        verdict,
        points,
        earned: (points > 0 && verdict != Verdict::Broken).then_some(earned),
        excused: false,
        hidden: false,
        task: None,
        hint: None,
        namespace: None,
        started: None,
        slot: Some(number % 2),
        queued_ms: 7,
        duration_ms: 1234,
        deviations: Vec::new(),
        notes: Vec::new(),
        opening: Opening::default(),
        steps: vec![
            step(10 * number + 1, "Given the Pod \"hello\" runs from \"pod.yaml\"", None),
            step(10 * number + 2, "Then it prints \"Hello World\"", fault),
        ],
    }
}

fn hidden(mut scenario: ScenarioReport) -> ScenarioReport {
    scenario.hidden = true;
    scenario.hint = Some("the secret hint".into());
    scenario.steps[0].text = "Given the secret step".into();
    scenario.steps[1].text = "Then the secret end is seen".into();
    scenario
}

fn of(scenarios: Vec<ScenarioReport>, refusals: Vec<Refusal>) -> Report {
    Report {
        schema: SCHEMA.into(),
        run: "abcdef".into(),
        version: "0.0.0".into(),
        started: "2026-01-02T03:04:05.678901Z".into(),
        duration_ms: 65_432,
        finished: true,
        notes: vec!["this machine does not isolate processes".into()],
        summary: Summary::of(&scenarios),
        submission: Some(SubmissionReport {
            name: "=alice".into(),
            digest: "sha256:aa".into(),
            lab: "sha256:bb".into(),
            refusals,
            ignored: Vec::new(),
        }),
        scenarios,
        ..Report::default()
    }
}

fn refusal() -> Refusal {
    Refusal {
        file: "pod.yaml".into(),
        line: 7,
        rule: Rule::NoHostNetwork,
        message: "hostNetwork is not allowed".into(),
    }
}

fn scenarios() -> Vec<ScenarioReport> {
    let wrong = Fault::failed("=1+1 is what it printed,\n\"Hello World\" is what it should")
        .hint("run `labproof steps`, lab authors")
        .seen("log of \u{1b}[1mhello", "first\r\n</script><script>alert(1)</script> \"quoted\" \u{1b}[31mred\u{1b}[0m\0\n\u{202e}::error::x\n##[add-path]/tmp");
    let mut wrong = scenario(2, "The Pod answers, \"quoted\"", 2, Some(wrong));
    wrong.task = Some("16:b".into());
    wrong.hint = Some("look at the arguments.".into());
    let mut first = scenario(1, "The Pod is listed", 1, None);
    first.task = Some("16:b".into());
    let secret =
        Fault::failed("the secret reason").seen("the secret title", "the secret text").blocked_by("the secret cause");
    let refused =
        Fault::refused("pod.yaml, line 7: no-host-network: hostNetwork is not allowed").hint("for lab authors");
    let excused = Fault::failed("there is no image").blocked_by("the image was never built");
    let mut excused = scenario(6, "The image is small", 5, Some(excused));
    excused.excused = true;
    vec![
        first,
        wrong,
        scenario(3, "Not graded", 0, Some(Fault::failed("not graded"))),
        hidden(scenario(4, "The secret name", 2, Some(secret))),
        scenario(5, "The Pod stays", 1, Some(refused)),
        excused,
        hidden(scenario(7, "Another secret name", 2, None)),
        scenario(8, "The Pod is listed", 1, Some(Fault::skipped("an earlier scenario did not pass"))),
    ]
}

/// Scenarios that passed, failed, or were hidden, refused, excused and skipped: 3 of 9 points.
pub(super) fn report() -> Report {
    of(scenarios(), vec![refusal()])
}

/// The same with a broken check.
pub(super) fn broken() -> Report {
    let mut scenarios = scenarios();
    let fault = Fault::broken("the registry does not answer").seen("log", "{\"scores\":{\"task 16\":100}}");
    scenarios.push(scenario(9, "The image is pulled", 1, Some(fault)));
    of(scenarios, vec![refusal()])
}

/// All scenarios passed.
pub(super) fn passed() -> Report {
    of(vec![scenario(1, "The Pod is listed", 1, None), hidden(scenario(2, "The secret name", 2, None))], Vec::new())
}

/// All scenarios were refused.
pub(super) fn refused() -> Report {
    of(vec![scenario(1, "The Pod is listed", 1, Some(Fault::refused("it is not fit")))], vec![refusal()])
}

/// The identity of the result.
pub(super) fn identity() -> Identity {
    Identity {
        classroom: "kube".into(),
        assignment: "hello".into(),
        assignment_type: "individual".into(),
        owner: "alice".into(),
        submission: "submit/2026-01-02T03-00-00Z-a1b2c3d".into(),
        commit: "https://example.org/commit/a".into(),
        release: "https://example.org/release/a".into(),
        review: "https://example.org/compare/a".into(),
    }
}
