//! Sentences about files of the lab in the learner's home.

use std::{fs, path::Path};

use super::{Sentence, argument::DocString, sentence};
use crate::{
    conditions::text,
    images::build::copy_files,
    project::{Lab, is_for_learners},
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "the lab's files are in the folder {folder}" => files_are_in(folder), Machine [],
        r#"the lab's files are in the folder "helloworld""#,
        "Copies the lab's files into this folder of the learner's home, and changes to it. What describes or tests the lab is left out: lab.yaml, attempts/, expected/ and tasks/."),
    sentence!(Then "the file {file} holds:" => holds(file, text), Machine [Runs, Keeps],
        "the file \"pod.yaml\" holds:\n\"\"\"\napiVersion: v1\n[...]\n\"\"\"",
        "The file, relative to the terminal's folder, contains exactly this text, which may contain wildcards."),
    sentence!(Then "the file {file} is the lab's own" => is_the_labs_own(file), Machine [Runs],
        r#"the file "podkv.yaml" is the lab's own"#,
        "The file, relative to the terminal's folder, is byte for byte the lab's file of that name."),
];

async fn files_are_in(scene: &mut Scene, folder: String) -> Outcome {
    let to = scene.home().join(&folder);
    copy(&scene.lab, &to).map_err(|error| Fault::broken(format!("cannot copy the lab's files: {error}")))?;
    let output = scene.run(&format!("cd {}", shell_words::quote(&to.display().to_string()))).await?;
    crate::actions::commands::ended(&output, crate::actions::commands::Ending::Well)
}

async fn holds(scene: &mut Scene, file: String, DocString(expected): DocString) -> Outcome {
    let seen = read(scene, &file).await?;
    match text::is(&seen, &expected, &scene.kept) {
        Ok(kept) => {
            scene.kept = kept;
            Ok(())
        }
        Err(difference) => Err(Fault::failed(format!("{file} does not have the expected content"))
            .seen("the difference", difference)
            .instead(&expected, &seen, &scene.kept)),
    }
}

async fn is_the_labs_own(scene: &mut Scene, file: String) -> Outcome {
    let seen = read(scene, &file).await?;
    let path = scene.lab_file(&file);
    let own =
        fs::read_to_string(&path).map_err(|error| Fault::failed(format!("the lab has no file {file}: {error}")))?;
    if seen == own {
        return Ok(());
    }
    let difference = text::is(&seen, &own, &scene.kept).err().unwrap_or_else(|| "white space only".into());
    Err(Fault::failed(format!("{file} differs from the lab's own file")).seen("the difference", difference))
}

/// Reads a file through the terminal, because a relative name depends on the terminal's current folder.
async fn read(scene: &mut Scene, file: &str) -> Outcome<String> {
    let output = scene.run(&format!("cat {}", shell_words::quote(file))).await?;
    if output.status == 0 {
        Ok(output.stdout)
    } else {
        Err(Fault::failed(format!("{file} does not exist")).seen("cat said", output.stderr))
    }
}

/// Copies the lab's files for the learner: all except those that describe or test the lab.
fn copy(lab: &Lab, to: &Path) -> std::io::Result<()> {
    copy_files(&lab.folder, to, &is_for_learners)
}
