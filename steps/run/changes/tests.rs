use super::{
    super::plan::{Selection, load},
    *,
};

const FEATURE: &str = "\
Feature: A lab
  Scenario: One
    Given the Pod \"hello\" runs from \"one.yaml\"
    When I run \"kubectl get pods\"
    Then it prints the file \"pods.txt\"
  Scenario: Two
    When I run \"kubectl get nodes\"
    Then it prints \"two\"
  Scenario: Three
    Given the lab's files are in the folder \"lab\"
    When I run \"ls\"
    Then it prints \"one.yaml\"
";

const OTHER: &str = "Feature: Other\n  Scenario: Four\n    When I run \"a\"\n    Then it prints \"b\"\n";

struct Lab {
    folder: tempfile::TempDir,
    project: Project,
    files: LabFiles,
    plan: Plan,
}

fn plan(project: &Project) -> Plan {
    Plan::select(&load(project, &[]).unwrap(), &Selection::default()).unwrap()
}

impl Lab {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::at(folder.path());
        let lab = Self { folder, project, files: LabFiles::default(), plan: Plan::default() };
        lab.write("features/lab.feature", FEATURE);
        lab.write("features/other.feature", OTHER);
        lab.write("scenarios/lab/one.yaml", "kind: Pod");
        lab.write("scenarios/lab/expected/pods.txt", "NAME");
        lab.write("scenarios/lab/lab.yaml", "builds:\n- image: app\n  folder: app\n");
        lab.ran()
    }

    fn ran(self) -> Self {
        Self { files: LabFiles::read(&self.project), plan: plan(&self.project), ..self }
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The ids of the scenarios that are due.
    fn due(&self) -> Vec<String> {
        let changed = LabFiles::read(&self.project).changed_since(&self.files);
        let due = concerned(&plan(&self.project), &self.plan, &changed);
        due.scenarios.into_iter().map(|planned| planned.id).collect()
    }

    /// The ids of the scenarios that a change of this file concerns.
    fn due_after(file: &str, text: &str) -> Vec<String> {
        let lab = Self::new();
        lab.write(file, text);
        lab.due()
    }
}

#[test]
fn a_changed_feature_concerns_the_scenarios_whose_text_changed() {
    assert_eq!(Lab::due_after("features/lab.feature", &FEATURE.replace("\"two\"", "\"2\"")), ["lab/two"]);
    assert_eq!(Lab::due_after("features/lab.feature", &FEATURE.replace("Scenario: Two", "Scenario: 2")), ["lab/2"]);
    let moved = format!("# a comment\n{}", FEATURE.replace("  Scenario: Two", "\n\n  Scenario: Two"));
    assert!(Lab::due_after("features/lab.feature", &moved).is_empty());
}

#[test]
fn a_changed_file_concerns_the_scenarios_that_use_it_or_else_those_of_its_lab() {
    let all = ["lab/one", "lab/two", "lab/three"];
    assert_eq!(Lab::due_after("scenarios/lab/one.yaml", "kind: Job"), ["lab/one", "lab/three"]);
    assert_eq!(Lab::due_after("scenarios/lab/expected/pods.txt", "READY"), ["lab/one"]);
    assert_eq!(Lab::due_after("scenarios/lab/lab.yaml", "title: A lab\n"), all);
    assert_eq!(Lab::due_after("scenarios/lab/app/Dockerfile", "FROM a"), all);
    assert!(Lab::due_after("scenarios/lab/attempts/wrong/one.yaml", "kind: Job").is_empty());
    assert!(Lab::due_after("scenarios/lab/.one.yaml.swp", "x").is_empty());
    assert!(Lab::due_after("scenarios/elsewhere/one.yaml", "x").is_empty());
}

#[test]
fn a_file_that_no_scenario_names_concerns_all_of_its_lab() {
    let lab = Lab::new();
    lab.write("features/lab.feature", &FEATURE.replace("    Given the lab's files are in the folder \"lab\"\n", ""));
    let lab = lab.ran();
    lab.write("scenarios/lab/values.txt", "x");
    assert_eq!(lab.due(), ["lab/one", "lab/two", "lab/three"]);
}

#[test]
fn a_new_feature_and_a_project_with_other_options_are_run() {
    assert_eq!(Lab::due_after("features/new.feature", OTHER), ["new/four"]);
    assert_eq!(Lab::due_after("labproof.toml", "[verify]\n").len(), 4);
}
