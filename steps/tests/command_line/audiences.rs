//! Labs with separate files for the sheet, the errata and the grading.

use super::project::{GOOD, Project, assert_problem, text};

const ERRATA: &str = "\
Feature: Errata
  @erratum
  Scenario: Another word is printed
    When I run \"echo bye\"
    Then it prints \"bye\"
";

const GRADING: &str = "\
Feature: Grading
  @points:1
  Scenario: The learner's Pod is ready
    Given \"pod.yaml\" is applied
    Then within 60 seconds the Pod \"web\" is ready
";

const LAB: &str =
    "title: A lab\nsource: a test\npulls: [busybox]\nsubmission:\n  files: {pod.yaml: The Pod.}\n  kinds: [Pod]\n";

const DOCUMENT: &str = "title: t\nfile: f\nlabs: [printing]\npieces:\n- {place: p, says: s, shown_by: [Another word is printed], erratum: {happens: h, correction: c}}\n";

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: busybox}]}\n";

/// A project whose only lab has a sheet and errata but no grading file, as a learner gets it.
fn for_learners() -> Project {
    Project::empty()
        .file("features/printing/sheet.feature", GOOD)
        .file("features/printing/errata.feature", ERRATA)
        .file("scenarios/printing/lab.yaml", LAB)
        .file("scenarios/printing/pod.yaml", POD)
        .file("kind-config/images.yaml", "[{name: busybox, lacks: nothing}]\n")
        .file("docs/coverage/000.yaml", DOCUMENT)
}

fn project() -> Project {
    for_learners().file("features/printing/grading.feature", GRADING)
}

/// The ids of the scenarios that `verify` selects for these names.
fn selected(project: &Project, names: &[&str]) -> Vec<String> {
    let arguments = [&["verify", "--report", "json=report.json"], names].concat();
    let output = project.labproof(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    let report = std::fs::read_to_string(project.path("report.json")).unwrap();
    let report: labproof::internal::report::Report = serde_json::from_str(&report).unwrap();
    report.scenarios.into_iter().map(|scenario| format!("{} {}", scenario.feature, scenario.id)).collect()
}

#[test]
fn a_lab_of_three_files_is_one_lab() {
    let (output, status) = project().check();
    assert_eq!(status, 0, "{output}");
    assert!(output.starts_with("3 scenarios in 1 lab: "), "{output}");
}

#[test]
fn a_report_has_the_sheet_first_and_the_grading_last() {
    let all = [
        "features/printing/sheet.feature printing/a-word-is-printed",
        "features/printing/errata.feature printing/another-word-is-printed",
        "features/printing/grading.feature printing/the-learner-s-pod-is-ready",
    ];
    let project = project();
    for names in [&[][..], &["printing"], &["features/printing"], &["features"]] {
        assert_eq!(selected(&project, names), all, "{names:?}");
    }
    assert_eq!(selected(&project, &["features/printing/errata.feature"]), all[1..2]);
    assert_eq!(
        selected(&project, &["features/printing/grading.feature", "./features/printing/sheet.feature"]),
        [all[0], all[2]]
    );
}

#[test]
fn a_name_that_stands_for_no_lab_is_refused() {
    let output = project().labproof(&["verify", "features/printing.feature"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said = "error: the lab features/printing.feature does not exist\n  hint: the labs are: printing\n";
    assert_eq!(text(&output.stderr), said);
}

#[test]
fn a_lab_without_its_grading_is_checked_and_verified_but_not_graded() {
    let project = for_learners();
    let (output, status) = project.check();
    assert_eq!(status, 0, "{output}");
    assert_eq!(selected(&project, &[]).len(), 2);
    for arguments in [&["grade", "printing", "--work", "."][..], &["prove", "features/printing"]] {
        let output = project.labproof(arguments).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {stderr}");
        let reason = "the lab printing has no graded scenarios: features/printing/grading.feature does not exist";
        assert!(stderr.contains(reason) && stderr.contains("@points:2"), "{arguments:?}: {stderr}");
    }
    let output = project.labproof(&["submission", "printing", "handout"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(project.labproof(&["prove"]).output().unwrap().status.code(), Some(3));
}

#[test]
fn a_scenario_stands_in_the_file_for_its_audience() {
    let sheet = "features/printing/sheet.feature";
    let graded = GRADING.replace("Pod is ready", "Pod is made").replace("Feature: Grading\n", "");
    let project = project().file(sheet, &format!("{GOOD}{graded}"));
    assert_problem(&project, &["sheet.feature:6: it carries points: move it to features/printing/grading.feature"]);
    let project = project.file(sheet, &GOOD.replace("  Scenario", "  @erratum\n  Scenario"));
    let (output, _) = project.check();
    let said = "sheet.feature:3: it is tagged @erratum: move it to features/printing/errata.feature";
    assert!(output.contains(said), "{output}");
    let project = self::project().file(
        "features/printing/grading.feature",
        &format!("{GRADING}{}", GOOD.replace("Feature: Printing\n", "").replace("A word", "One more")),
    );
    assert_problem(
        &project,
        &[
            "grading.feature:6: it carries no points and is not tagged @erratum: move it to features/printing/sheet.feature",
        ],
    );
}

#[test]
fn a_title_names_one_scenario_of_a_lab() {
    let project = for_learners().file("features/printing/errata.feature", &ERRATA.replace("Another", "A"));
    let (output, _) = project.check();
    let said = "errata.feature:3: the title \"A word is printed\" is that of features/printing/sheet.feature:2 as well";
    assert!(output.contains(said), "{output}");
}

#[test]
fn a_lab_that_is_both_a_file_and_a_folder_is_refused() {
    let project = project().file("features/printing.feature", GOOD);
    let said = "the lab printing has both features/printing.feature and features/printing/grading.feature";
    let (output, status) = project.check();
    assert!(status == 1 && output.contains(said), "{output}");
    for arguments in [&["verify"][..], &["grade", "printing", "--work", "."], &["prove"]] {
        let output = project.labproof(arguments).output().unwrap();
        assert!(text(&output.stderr).contains(said), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn a_feature_for_no_audience_is_refused() {
    let project = project().file("features/printing/graded.feature", GOOD);
    let (output, status) = project.check();
    let said = "features/printing/graded.feature: it does not have the name of a lab's feature file\n  hint: name the files in a lab";
    assert!(status == 1 && output.contains(said), "{output}");
}

#[test]
fn an_expected_text_may_be_named_in_any_file_of_the_lab() {
    let named = ERRATA.replace("prints \"bye\"", "prints the file \"bye.txt\"");
    let project =
        project().file("features/printing/errata.feature", &named).file("scenarios/printing/expected/bye.txt", "bye\n");
    assert_eq!(project.check().1, 0, "{}", project.check().0);
    let project = project.file("scenarios/printing/expected/more.txt", "more\n");
    assert_problem(&project, &["scenarios/printing/expected/more.txt: no step names this file"]);
    // The missing grading file may name it.
    let withheld = for_learners().file("scenarios/printing/expected/more.txt", "more\n");
    assert_eq!(withheld.check().1, 0, "{}", withheld.check().0);
}
