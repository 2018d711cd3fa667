use super::*;

/// A project with these files in `features/`.
fn project(files: &[&str]) -> (tempfile::TempDir, Project) {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join("features").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    let project = Project::at(folder.path());
    (folder, project)
}

fn shown(project: &Project, of: &LabFeatures) -> Vec<String> {
    of.files.iter().map(|file| project.shown(&file.path)).collect()
}

#[test]
fn a_lab_is_a_file_or_a_folder() {
    let (_folder, project) =
        project(&["b.feature", "a/grading.feature", "a/sheet.feature", "a/notes.md", "c/steps.js"]);
    let labs = project.labs().unwrap();
    assert_eq!(labs.iter().map(|lab| lab.lab.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(shown(&project, &labs[0]), ["features/a/sheet.feature", "features/a/grading.feature"]);
    assert_eq!(labs[1].files[0].audience, Audience::All);
    assert!(labs.iter().all(|lab| lab.named_well().is_ok()));
}

#[test]
fn the_sheet_comes_first_and_the_grading_last() {
    let (_folder, project) = project(&["a/errata.feature", "a/grading.feature", "a/sheet.feature"]);
    let audiences: Vec<Audience> = project.labs().unwrap()[0].files.iter().map(|file| file.audience).collect();
    assert_eq!(audiences, [Audience::Sheet, Audience::Errata, Audience::Grading]);
}

#[test]
fn a_lab_has_one_of_the_two_forms() {
    let (_folder, project) = project(&["a.feature", "a/sheet.feature"]);
    let fault = project.labs().unwrap()[0].named_well().unwrap_err();
    assert_eq!(fault.reason, "the lab a has both features/a.feature and features/a/sheet.feature");
}

#[test]
fn folders_group_labs_whose_names_are_unique() {
    let (_folder, project) =
        project(&["week 1/b.feature", "week 1/a/sheet.feature", "week 2/deep/c.feature", "c.feature"]);
    let labs = project.labs().unwrap();
    assert_eq!(labs.iter().map(|lab| lab.lab.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(shown(&project, &labs[0]), ["features/week 1/a/sheet.feature"]);
    assert!(labs[1].named_well().is_ok());
    let fault = labs[2].named_well().unwrap_err();
    assert_eq!(fault.reason, "the lab c has both features/c.feature and features/week 2/deep/c.feature");
}

#[test]
fn a_feature_in_a_folder_of_a_lab_is_misplaced() {
    let (_folder, project) = project(&["a/sheet.feature", "a/more/b.feature"]);
    let fault = project.labs().unwrap()[0].named_well().unwrap_err();
    assert_eq!(fault.reason, "features/a/more/b.feature does not have the name of a lab's feature file");
}

#[test]
fn a_feature_for_no_audience_is_found() {
    let (_folder, project) = project(&["a/sheet.feature", "a/sheets.feature"]);
    let fault = project.labs().unwrap()[0].named_well().unwrap_err();
    assert_eq!(fault.reason, "features/a/sheets.feature does not have the name of a lab's feature file");
}

#[test]
fn a_lab_may_be_called_as_an_audience_is() {
    let (_folder, project) = project(&["sheet.feature", "grading/grading.feature"]);
    let labs = project.labs().unwrap();
    assert!(labs.iter().all(|lab| lab.named_well().is_ok()));
    assert_eq!(labs[0].files[0].audience, Audience::Grading);
    assert_eq!(labs[1].files[0].audience, Audience::All);
}
