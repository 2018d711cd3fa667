//! A graded lab as a task of Harbor, see <https://www.harborframework.com/docs/tasks>; written for version 0.26.
//!
//! Harbor lets an agent work in one container and tests the result in another one, to which it copies the agent's
//! files. The first container has only the folder that a learner starts from. The second one has labproof, the lab
//! and a Docker engine. Harbor copies the solutions only for its own agent "oracle".

mod baselines;
mod instruction;

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use baselines::Baseline;

use super::write;
use crate::{
    grade::GradedLab,
    images::build::copy_files,
    project::{OPTIONS, Project},
    prove, starter,
    verdict::{Fault, Outcome},
};

/// The folder of the agent's container in which the agent puts its files.
const HANDED_IN: &str = "/submission";

/// What a task needs besides the lab.
#[derive(Clone, Debug)]
pub struct Options {
    /// The organization in the task's name.
    pub organization: String,
    /// The image of the agent's container.
    pub agent_image: String,
    /// An image that contains labproof and the programs that it calls.
    pub labproof_image: String,
}

/// A task of Harbor.
#[derive(Debug)]
pub struct Task<'a> {
    project: &'a Project,
    graded: &'a GradedLab,
    options: &'a Options,
    baselines: Vec<Baseline>,
}

impl<'a> Task<'a> {
    /// The task of a lab.
    ///
    /// # Errors
    /// If one of the lab's attempts cannot be read.
    pub fn of(project: &'a Project, graded: &'a GradedLab, options: &'a Options) -> Outcome<Self> {
        // The empty folder and the learner's own starter need no solution: Harbor's agent "nop" hands the latter in.
        let attempts = prove::attempts(&graded.lab)?.into_iter();
        let attempts = attempts.filter(|attempt| !["empty", "start"].contains(&attempt.submission.name.as_str()));
        let baselines = attempts.map(|attempt| Baseline::of(attempt, &graded.scenarios)).collect();
        Ok(Self { project, graded, options, baselines })
    }

    /// Writes the task's folder, which must not exist. If that fails, nothing of it remains.
    ///
    /// # Errors
    /// If a file of the lab cannot be read, or one of the task cannot be written.
    pub fn write(&self, folder: &Path) -> Outcome {
        self.fill(folder).map_err(|error| {
            // An error is ignored, because the folder may not exist.
            _ = fs::remove_dir_all(folder);
            let lab = &self.graded.lab.name;
            Fault::broken(format!("cannot export the lab {lab} to {}: {error}", folder.display()))
        })
    }

    fn fill(&self, folder: &Path) -> io::Result<()> {
        write(&folder.join("task.toml"), self.configuration().as_bytes())?;
        write(&folder.join("instruction.md"), instruction::of(self.graded).as_bytes())?;
        write(&folder.join("attempts.json"), baselines::table(&self.baselines).as_bytes())?;
        self.fill_environment(&folder.join("environment"))?;
        self.fill_tests(&folder.join("tests"))?;
        self.fill_solution(&folder.join("solution"))
    }

    fn configuration(&self) -> String {
        let lab = &self.graded.lab;
        let title = if lab.file.title.is_empty() { &lab.name } else { &lab.file.title };
        let points: u32 = self.graded.scenarios.iter().map(|scenario| scenario.grading.points).sum();
        include_str!("harbor/task.toml")
            .replace("\"NAME\"", &quoted(&format!("{}/{}", self.options.organization, lab.name)))
            .replace("\"TITLE\"", &quoted(title))
            .replace("\"POINTS\"", &points.to_string())
    }

    /// The agent's container: the folder that a learner starts from.
    fn fill_environment(&self, folder: &Path) -> io::Result<()> {
        let files = starter::files(&self.graded.lab);
        let copy = if files.is_empty() { "" } else { "COPY submission/ ./\n" };
        let dockerfile = include_str!("harbor/agent.Dockerfile").replace("IMAGE", &self.options.agent_image) + copy;
        write(&folder.join("Dockerfile"), dockerfile.as_bytes())?;
        files.iter().try_for_each(|(file, content)| write(&folder.join("submission").join(file), content))
    }

    /// The container that tests: the lab without its attempts, and the project's own settings.
    fn fill_tests(&self, folder: &Path) -> io::Result<()> {
        let lab = &self.graded.lab;
        let dockerfile = include_str!("harbor/tests.Dockerfile").replace("IMAGE", &self.options.labproof_image);
        write(&folder.join("Dockerfile"), dockerfile.as_bytes())?;
        write(&folder.join("docker-compose.yaml"), include_bytes!("harbor/tests.compose.yaml"))?;
        write_script(&folder.join("test.sh"), &include_str!("harbor/test.sh").replace("LAB", &lab.name))?;
        let course = folder.join("course");
        for feature in &lab.features {
            write(&course.join(self.project.shown(&feature.path)), &fs::read(&feature.path)?)?;
        }
        let own = course.join("scenarios").join(&lab.name);
        copy_files(&lab.folder, &own, &|name| name != Path::new("attempts"))?;
        let settings = self.project.file("kind-config");
        if settings.is_dir() {
            copy_files(&settings, &course.join("kind-config"), &|_| true)?;
        }
        match fs::read(self.project.file(OPTIONS)) {
            Ok(options) => write(&course.join(OPTIONS), &options),
            Err(_) => Ok(()),
        }
    }

    /// What the agent "oracle" hands in: the lab's own files, or one of the other attempts.
    fn fill_solution(&self, folder: &Path) -> io::Result<()> {
        let asked_for: Vec<String> =
            starter::files(&self.graded.lab).keys().map(|file| shell_words::quote(file).into_owned()).collect();
        let script = include_str!("harbor/solve.sh").replace("FILES", &asked_for.join(" "));
        write_script(&folder.join("solve.sh"), &script)?;
        for Baseline { name, files, .. } in &self.baselines {
            let attempt = folder.join("attempts").join(name);
            fs::create_dir_all(&attempt)?;
            files.iter().try_for_each(|(file, content)| write(&attempt.join(file), content))?;
        }
        Ok(())
    }
}

fn write_script(path: &Path, text: &str) -> io::Result<()> {
    write(path, text.as_bytes())?;
    fs::set_permissions(path, Permissions::from_mode(0o755))
}

/// A TOML string. TOML reads every string of JSON, if DEL is escaped.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests;
