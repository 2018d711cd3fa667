//! The formats of a grade: the same submission in each format, with and without a broken check.

mod pages;
mod sample;
mod unicode;

use labproof::internal::report::{
    Report, autolab, check50, classroom, classroom50, csv, educates,
    format::{self, ReportSubject},
    gradescope, harbor,
    learner::{CheckResult, Grade},
    prairielearn,
};
use serde_json::{Value, json};

use self::sample::{SECRET, broken, identity, passed, refused, report};
use super::project::assert_golden;

/// A submission's report in every format.
fn formats(report: &Report) -> Vec<(&'static str, String)> {
    let decoded = decoded(report).iter().map(|(name, result)| format!("{name}={result}")).collect();
    vec![
        ("csv", csv::render(report)),
        ("gradebook.csv", csv::gradebook(std::slice::from_ref(report))),
        ("gradescope.json", gradescope::render(report)),
        ("classroom.txt", classroom::render(report)),
        ("classroom.decoded.txt", decoded),
        ("classroom50.json", classroom50::render(report, &identity()).unwrap_or_default()),
        ("check50.json", check50::render(report)),
        ("prairielearn.json", prairielearn::render(report)),
        ("autolab.txt", autolab::render(report)),
        ("educates.json", educates::render(report)),
        ("harbor.txt", harbor::render(report).unwrap_or_default()),
    ]
}

/// The results of GitHub Classroom's runners, decoded.
fn decoded(report: &Report) -> Vec<(String, String)> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let text = |result| String::from_utf8(STANDARD.decode::<String>(result).unwrap()).unwrap();
    classroom::runners(report).into_iter().map(|(name, result)| (name, text(result))).collect()
}

fn results(report: &Report) -> Vec<(String, Value)> {
    decoded(report).into_iter().map(|(name, result)| (name, parsed(&result))).collect()
}

/// The rows of a table without its header; no cell in these tests contains a line break.
fn rows(table: &str) -> Vec<Vec<String>> {
    table.lines().skip(1).map(cells).collect()
}

fn cells(line: &str) -> Vec<String> {
    let mut is_quoted = false;
    let mut cells = vec![String::new()];
    for character in line.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(character),
        }
    }
    cells
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The sum of a member of all objects in an array; each value must be a whole number.
fn sum(of: &Value, member: &str) -> u64 {
    of.as_array().unwrap().iter().map(|item| item[member].as_u64().unwrap()).sum()
}

#[test]
fn each_format_of_a_grade_is_tested_here() {
    // These two are for course staff, and may name what learners do not see.
    let of_staff = ["json", "junit"];
    let tested: Vec<&str> = formats(&report()).iter().map(|(name, _)| name.split('.').next().unwrap()).collect();
    for name in format::names(ReportSubject::Grade, false).into_iter().filter(|name| !of_staff.contains(name)) {
        assert!(tested.contains(&name), "add the format {name} to `formats`");
    }
}

#[test]
fn each_format_says_what_was_agreed() {
    for (name, said) in formats(&report()).into_iter().filter(|(name, _)| *name != "classroom.txt") {
        assert_golden(said, &format!("steps/tests/golden/grade.{name}"));
    }
}

#[test]
fn each_format_says_what_was_agreed_where_a_check_is_broken() {
    let legible = formats(&broken()).into_iter().filter(|(name, _)| *name != "classroom.txt");
    let all: String = legible.map(|(name, said)| format!("--- {name}\n{said}")).collect();
    assert_golden(all, "steps/tests/golden/grade.broken.txt");
}

#[test]
fn nothing_of_a_hidden_scenario_is_in_any_format() {
    let mut hidden_only = report();
    hidden_only.scenarios.retain(|scenario| scenario.hidden);
    for report in [report(), broken(), hidden_only] {
        for (name, said) in formats(&report) {
            assert!(!said.to_lowercase().contains(SECRET), "{name}: {said}");
        }
    }
    let text = gradescope::render(&report());
    assert!(text.contains("hidden check 1") && text.contains("hidden check 2"), "{text}");
    assert!(text.contains("1 of 2 hidden checks did not pass."), "{text}");
}

#[test]
fn what_a_program_printed_is_neither_obeyed_nor_left_out() {
    for (name, said) in formats(&report()) {
        assert!(!said.contains("</script"), "{name}");
        assert!(!said.contains(['\u{1b}', '\u{202e}', '\0']) && !said.contains("\\u001b"), "{name}");
        assert!(!said.contains("lab authors"), "{name}: a step's own hint speaks to others");
        assert!(said.ends_with('\n'), "{name}");
    }
    let tests = &parsed(&gradescope::render(&report()))["tests"];
    let message = tests[1]["output"].as_str().unwrap();
    assert!(message.contains("  | </script><script>alert(1)</script> \"quoted\" \\u{1b}[31mred"), "{message}");
    assert!(message.contains("hint: look at the arguments."), "{message}");
}

#[test]
fn points_add_up_to_the_same_in_every_format() {
    let (points, earned) = (9, 3);
    let report = report();
    assert_eq!((report.summary.points, report.summary.earned), (points, Some(earned)));
    let grade = Grade::of(&report);
    assert_eq!((grade.points, grade.earned), (points, Some(earned)));
    let (points, earned) = (u64::from(points), u64::from(earned));

    let gradescope = parsed(&gradescope::render(&report));
    assert!(gradescope["score"].is_null() && gradescope["execution_time"].is_f64());
    assert_eq!((sum(&gradescope["tests"], "max_score"), sum(&gradescope["tests"], "score")), (points, earned));

    let classroom50 = parsed(&classroom50::render(&report, &identity()).unwrap());
    assert_eq!((&classroom50["max-score"], &classroom50["score"]), (&json!(points), &json!(earned)));
    assert_eq!((sum(&classroom50["tests"], "max-score"), sum(&classroom50["tests"], "score")), (points, earned));

    let prairielearn = parsed(&prairielearn::render(&report));
    assert_eq!(prairielearn["score"], json!(1.0 / 3.0));
    assert_eq!((sum(&prairielearn["tests"], "max_points"), sum(&prairielearn["tests"], "points")), (points, earned));

    let autolab = autolab::render(&report);
    let scores = parsed(autolab.lines().last().unwrap());
    assert_eq!(scores["scores"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>(), earned);

    let table = csv::render(&report);
    let rows = rows(&table);
    let column = |column: usize| rows.iter().map(|row| row[column].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!((column(4), column(5)), (points, earned), "{table}");
}

#[test]
fn both_sums_of_the_classroom_reporter_agree() {
    let (mut by_tests, mut by_scores, mut most) = (0, 0, 0);
    for (name, result) in results(&report()) {
        assert!(name.chars().all(|character| character.is_ascii_alphanumeric()), "{name}");
        let tests = result["tests"].as_array().unwrap();
        let passed = tests.iter().filter(|test| test["status"] == "pass").count() as u64;
        by_tests += passed * result["max_score"].as_u64().unwrap() / tests.len() as u64;
        by_scores += sum(&result["tests"], "score");
        most += result["max_score"].as_u64().unwrap();
    }
    assert_eq!((by_tests, by_scores, most), (3, 3, 9));
}

#[test]
fn a_runner_fits_an_environment_variable() {
    let mut report = report();
    for step in &mut report.scenarios[1].steps {
        step.evidence =
            (0..50).map(|_| labproof::internal::verdict::Evidence::new("log", "<\u{1b}\n".repeat(5000))).collect();
        step.reason = Some("\u{1f600}".repeat(100_000));
    }
    let (_, longest) = classroom::runners(&report).into_iter().max_by_key(|(_, result)| result.len()).unwrap();
    assert!((10_000..128 * 1024).contains(&longest.len()), "{}", longest.len());
}

#[test]
fn where_a_check_is_broken_no_format_tells_a_score() {
    let report = broken();
    assert_eq!(report.summary.earned, None);
    let gradescope = parsed(&gradescope::render(&report));
    assert!(gradescope.get("score").is_none() && gradescope.get("tests").is_none());
    assert!(gradescope["output"].as_str().unwrap().starts_with("This submission was not graded: 1 of 8 checks"));
    for (_, result) in results(&report) {
        assert_eq!((&result["status"], &result["max_score"]), (&json!("error"), &json!(0)));
        assert_eq!((&result["tests"][0]["status"], &result["tests"][0]["score"]), (&json!("error"), &json!(0)));
    }
    assert_eq!(classroom50::render(&report, &identity()), None);
    let check50 = parsed(&check50::render(&report));
    let results = check50["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["passed"].is_null() && result["data"]["earned"].is_null()));
    assert_eq!(results.iter().filter(|result| result["cause"]["error"].is_object()).count(), 1);
    let prairielearn = parsed(&prairielearn::render(&report));
    assert!(prairielearn["gradable"] == false && prairielearn.get("score").is_none());
    assert!(!autolab::render(&report).contains("scores"));
    assert!(!educates::answer(&report).0);
    let rows = rows(&csv::render(&report));
    assert!(rows.len() == 8 && rows.iter().all(|row| row[5].is_empty()), "{rows:?}");
    assert!(csv::gradebook(&[report]).lines().nth(1).unwrap().starts_with("'=alice,,10,2,3,1,1,"));
}

#[test]
fn every_field_has_the_type_that_its_reader_expects() {
    for test in parsed(&gradescope::render(&report()))["tests"].as_array().unwrap() {
        assert!(test["number"].is_string() && test["output"].is_string() && test["visibility"] == "visible");
        assert!(test["status"] == "passed" || test["status"] == "failed");
    }
    for (_, result) in results(&report()) {
        let test = &result["tests"][0];
        assert!(result["version"] == 1 && test["line_no"].is_u64() && test["filename"].is_string());
    }
    for result in parsed(&check50::render(&report()))["results"].as_array().unwrap() {
        assert!(result["log"].is_array() && result["data"].is_object() && result["dependency"].is_null());
        assert!(result["passed"] == true || result["cause"]["rationale"].is_string(), "{result}");
    }
    let classroom50 = parsed(&classroom50::render(&report(), &identity()).unwrap());
    assert_eq!(classroom50["datetime"], "2026-01-02T03:04:05Z");
}

#[test]
fn autolab_reads_its_last_line_in_its_own_way() {
    let said = autolab::render(&report());
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2);
    let feedback = parsed(lines[0]);
    for stage in feedback["stages"].as_array().unwrap() {
        let table = feedback[stage.as_str().unwrap()].as_object().unwrap();
        assert_eq!(table["_order"].as_array().unwrap().len() + 1, table.len());
    }
    // Autolab quotes every word before a colon, even inside strings.
    assert!(!regex::Regex::new("[a-zA-Z0-9]:").unwrap().is_match(lines[1]), "{}", lines[1]);
}

#[test]
fn who_passes_gets_no_reasons() {
    let report = passed();
    assert_eq!(educates::answer(&report), (true, "all 2 checks passed".to_owned()));
    assert_eq!(parsed(&prairielearn::render(&report))["score"], 1.0);
    assert!(Grade::of(&report).checks.iter().all(|check| check.details.is_empty() && check.reason.is_empty()));
}

#[test]
fn who_is_refused_altogether_loses_no_attempt() {
    let report = refused();
    let prairielearn = parsed(&prairielearn::render(&report));
    assert!(prairielearn["gradable"] == false && prairielearn.get("score").is_none());
    assert_eq!(prairielearn["format_errors"][0], "pod.yaml, line 7: no-host-network: hostNetwork is not allowed");
    assert_eq!(Grade::of(&report).count(CheckResult::Refused), 1);
    let grade = Grade::of(&report);
    assert!(grade.checks[0].details.contains("refused: pod.yaml, line 7: no-host-network"), "{grade:?}");
    let scores = autolab::render(&report);
    assert!(scores.ends_with("{\"scores\":{\"lab helloworld\":0}}\n"), "{scores}");
}

#[test]
fn who_fails_hears_first_what_is_missing_first() {
    let (passed, message) = educates::answer(&report());
    assert!(!passed && message.starts_with("The Pod answers, \"quoted\": =1+1 is what it printed"), "{message}");
    assert!(message.ends_with("(and 4 more)"), "{message}");
}

#[test]
fn a_report_without_graded_scenarios_is_no_grade() {
    let mut report = report();
    report.scenarios.retain(|scenario| scenario.points == 0);
    assert!(!report.scenarios.is_empty());
    assert!(parsed(&prairielearn::render(&report)).get("score").is_none());
    assert_eq!(autolab::render(&report), "Nothing was graded.\n");
    assert_eq!(educates::answer(&report), (false, "Nothing was graded.".to_owned()));
}
