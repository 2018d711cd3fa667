use super::*;
use crate::{
    report::ClusterReport,
    run::{
        perform,
        plan::{Selection, load},
        recorder,
    },
};

const SHEET: &str = "\
Feature: A lab
  Scenario: One
    When I run \"a\"
    Then it prints:
      \"\"\"
      one
      \"\"\"
  Scenario: Two
    When I run \"a\"
    Then it prints:
      \"\"\"
      two
      2
      \"\"\"
  @erratum
  Scenario: Three
    When I run \"a\"
    Then it prints the file \"long.txt\"
  Scenario Outline: Rows
    When I run \"a\"
    Then it prints:
      \"\"\"
      <n>
      \"\"\"
    Examples:
      | n |
      | 1 |
";

struct Lab {
    folder: tempfile::TempDir,
    project: Project,
    files: LabFiles,
    plan: Plan,
}

impl Lab {
    fn new(sheet: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
            fs::write(folder.path().join(file), text).unwrap();
        };
        write("features/lab.feature", sheet);
        write("scenarios/lab/expected/long.txt", "a\r\nlong\r\ntext\r\n");
        let project = Project::at(folder.path());
        let files = LabFiles::read(&project);
        let plan = Plan::select(&load(&project, &[]).unwrap(), &Selection::default()).unwrap();
        Self { folder, project, files, plan }
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap()
    }

    /// The proposal after the last step of each of these scenarios saw this text, and all others passed.
    fn after(&self, seen: &[(&str, &str)]) -> Proposal {
        let scenario = |planned: &Planned| {
            let mut steps: Vec<StepReport> = planned.scenario.steps.iter().map(perform::not_reached).collect();
            for step in &mut steps {
                step.verdict = Verdict::Passed;
            }
            if let Some((_, seen)) = seen.iter().find(|(name, _)| *name == planned.scenario.name) {
                let expected = planned.scenario.steps.last().unwrap().written.docstring.clone().unwrap();
                let instead = Instead { expected, seen: (*seen).into(), ..Instead::default() };
                let last = steps.last_mut().unwrap();
                (last.verdict, last.instead) = (Verdict::Failed, Some(Box::new(instead)));
            }
            recorder::of(planned, steps)
        };
        let cluster =
            ClusterReport { name: "demo".into(), kubernetes: "v1.34.0".into(), nodes: 1, engine: "20.10".into() };
        let scenarios = self.plan.scenarios.iter().map(scenario).collect();
        let report = Report { scenarios, cluster: Some(cluster), ..Report::default() };
        Proposal::of(&self.project, &self.plan, &report, &self.files)
    }
}

#[test]
fn all_texts_of_a_file_change_at_once_and_nothing_else() {
    let lab = Lab::new(SHEET);
    let proposal = lab.after(&[("One", "1\nof two\nlines"), ("Two", "two\n3")]);
    assert_eq!((proposal.texts, proposal.left.len(), proposal.notes.len()), (2, 0, 0));
    let difference = proposal.difference();
    assert!(difference.starts_with("--- a/features/lab.feature\n+++ b/features/lab.feature\n@@"), "{difference}");
    assert_eq!(lab.read("features/lab.feature"), SHEET, "nothing is written unless told");
    assert_eq!(proposal.write(&lab.project), Ok(1));
    let one = SHEET.replace("      one\n", "      1\n      of two\n      lines\n");
    assert_eq!(lab.read("features/lab.feature"), one.replace("      2\n", "      3\n"));
}

#[test]
fn a_file_of_a_long_text_keeps_its_line_ends_and_an_erratum_is_named() {
    let lab = Lab::new(SHEET);
    let proposal = lab.after(&[("Three", "a\nshort\ntext\n")]);
    assert!(proposal.notes[0].starts_with("features/lab.feature:18: the scenario \"Three\" is tagged @erratum"));
    proposal.write(&lab.project).unwrap();
    assert_eq!(lab.read("scenarios/lab/expected/long.txt"), "a\r\nshort\r\ntext\r\n");
}

#[test]
fn what_cannot_be_proposed_is_named() {
    let lab = Lab::new(SHEET);
    let proposal = lab.after(&[("Rows", "x")]);
    assert_eq!(proposal.left, ["features/lab.feature:21: its text contains placeholders of an outline"]);
    assert_eq!(proposal.texts, 0);
}

#[test]
fn a_text_that_another_step_saw_stays() {
    let sheet =
        SHEET.replace("Then it prints:\n      \"\"\"\n      one\n      \"\"\"", "Then it prints the file \"long.txt\"");
    let lab = Lab::new(&sheet);
    let alone = lab.after(&[("One", "x")]);
    assert_eq!(alone.left, ["features/lab.feature:4: features/lab.feature:15 expects the same text, and passed"]);
    let both = lab.after(&[("One", "x"), ("Three", "y")]);
    assert!(both.left[0].ends_with("expects the same text, but saw another one"), "{:?}", both.left);
    assert_eq!(lab.after(&[("One", "x"), ("Three", "x")]).texts, 1);
}

#[test]
fn a_file_that_changed_meanwhile_is_refused() {
    let lab = Lab::new(SHEET);
    let proposal = lab.after(&[("One", "x")]);
    fs::write(lab.folder.path().join("features/lab.feature"), "Feature: another\n").unwrap();
    let fault = proposal.write(&lab.project).unwrap_err();
    assert_eq!((fault.verdict, lab.read("features/lab.feature").as_str()), (Verdict::Refused, "Feature: another\n"));
    let late = lab.after(&[("One", "x")]);
    assert!(late.left[0].ends_with("features/lab.feature changed during the run: run again"), "{:?}", late.left);
}
