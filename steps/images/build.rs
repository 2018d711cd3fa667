//! Builds a course's images with the course's own Dockerfiles, by the engine's command line, whose output tells a
//! course author most when it fails.

mod bounds;
mod probe;
mod submitted;

pub use submitted::SubmittedBuilds;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use super::{engine, id::ImageId, identity};
use crate::{
    image_name::ImageName,
    machine::scratch,
    project::{Build, Lab, Work},
    tool::{Finished, Tool, tail},
    verdict::{Fault, Outcome},
};

/// How long a build may take, and what prepares it.
const LIMIT: Duration = Duration::from_mins(15);

/// How many lines of a build's output are shown when it fails.
const LINES: usize = 30;

/// How the lab builds the image of this name, if it does.
#[must_use]
pub fn find<'a>(lab: &'a Lab, image: &ImageName) -> Option<&'a Build> {
    lab.file.builds.iter().find(|build| build.image == *image)
}

/// Builds an image of the lab's own files and returns its identity.
///
/// # Errors
/// `failed`, with the end of the build's output, where the Dockerfile or the files are at fault.
pub async fn build(build: &Build, lab: &Lab) -> Outcome<ImageId> {
    let context = Context::of(build, lab).await?;
    let finished = docker(&lab.tag(&build.image).full(), &context.dockerfile, &context.folder).finish().await?;
    built(build, lab, &finished).await
}

/// What a build sends to the engine.
struct Context {
    folder: PathBuf,
    dockerfile: PathBuf,
    /// Keeps the folder where it was made for the build.
    _made: Option<TempDir>,
}

impl Context {
    async fn of(build: &Build, lab: &Lab) -> Outcome<Self> {
        let folder = lab.folder.join(&build.folder);
        let made = match (&build.prepare, handed_in(build, lab)?) {
            (_, Some(own)) => Some(own),
            (Some(command), None) => Some(prepare(&lab.tag(&build.image).full(), command, &folder).await?),
            (None, None) => None,
        };
        let whose = match lab.work {
            Work::Own => folder.display().to_string(),
            Work::Submitted(_) => "the submission".to_owned(),
        };
        let folder = made.as_ref().map_or(folder, |made| made.path().to_owned());
        let dockerfile = folder.join(&build.dockerfile);
        if !dockerfile.is_file() {
            return Err(Fault::failed(format!("{whose} has no {}", build.dockerfile.display())));
        }
        Ok(Self { folder, dockerfile, _made: made })
    }
}

fn docker(name: &str, dockerfile: &Path, folder: &Path) -> Tool {
    let docker = Tool::new("docker").args(["build", "--force-rm", "--tag", name, "--file"]);
    docker.args([dockerfile, folder]).limit(LIMIT)
}

/// The identity of what was built.
async fn built(build: &Build, lab: &Lab, finished: &Finished) -> Outcome<ImageId> {
    ended_well(build, lab, finished).await?;
    let name = lab.tag(&build.image).full();
    let id = identity::id(&name).await?;
    id.ok_or_else(|| Fault::broken(format!("the engine does not have {name}, although labproof just built it")))
}

/// Says what is wrong where a build failed.
async fn ended_well(build: &Build, lab: &Lab, finished: &Finished) -> Outcome {
    if !finished.status.success() {
        engine::version().await?;
        let folder = lab.folder.join(&build.folder);
        let whose = match lab.work {
            Work::Own => folder.display().to_string(),
            Work::Submitted(_) => ".".to_owned(),
        };
        return Err(Fault::failed(format!("the image {} does not build", build.image))
            .hint(format!("run `docker build {whose}` and correct the Dockerfile until it succeeds"))
            .seen("the build's output ends", tail(&format!("{}\n{}", finished.stdout, finished.stderr), LINES)));
    }
    Ok(())
}

/// A folder with nothing but what was handed in beside the Dockerfile, if that was handed in as well: it is not to copy
/// what else the lab has.
fn handed_in(build: &Build, lab: &Lab) -> Outcome<Option<TempDir>> {
    let dockerfile = build.folder.join(&build.dockerfile).display().to_string();
    let Some(submission) = lab.handed_in(&dockerfile) else { return Ok(None) };
    let (own, all) = (scratch::folder()?, scratch::folder()?);
    let written = submission.write_into(all.path()).and_then(|()| {
        let beside = all.path().join(&build.folder);
        if beside.is_dir() { copy_files(&beside, own.path(), &|_| true) } else { Ok(()) }
    });
    written
        .map(|()| Some(own))
        .map_err(|error| Fault::broken(format!("cannot write the files of {}: {error}", submission.name)))
}

/// Runs the command that makes what the Dockerfile copies, in a copy of the folder, so that the lab stays as it is.
async fn prepare(name: &str, command: &str, folder: &Path) -> Outcome<TempDir> {
    let copy = scratch::folder()?;
    copy_files(folder, copy.path(), &|_| true)
        .map_err(|error| Fault::broken(format!("cannot copy {}: {error}", folder.display())))?;
    let finished = Tool::new("sh").args(["-c", command]).current_dir(copy.path()).limit(LIMIT).finish().await?;
    if finished.status.success() {
        return Ok(copy);
    }
    // What a shell says where a program is not there: the machine's fault, and not the lab's.
    if finished.status.code() == Some(127) {
        return Err(Fault::broken(format!(
            "`{command}`, which prepares the image {name}, calls a program that is not installed"
        ))
        .hint("install the program that the shell names below, and put it on your PATH")
        .seen("the shell said", tail(&finished.stderr, 5)));
    }
    Err(Fault::failed(format!("the `prepare` command for the image {name} failed: `{command}`"))
        .hint(format!("run it in {} and correct the files until it succeeds", folder.display()))
        .seen("its output ends", tail(&format!("{}\n{}", finished.stdout, finished.stderr), LINES)))
}

/// Copies the files of a folder, and those of the folders in it, where `wanted` says so of their names.
///
/// # Errors
/// Where one cannot be read or written.
pub fn copy_files(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, kind) = (PathBuf::from(entry.file_name()), entry.file_type()?);
        if !wanted(&name) {
            continue;
        }
        if kind.is_dir() {
            copy_files(&entry.path(), &to.join(&name), &|_| true)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    #[tokio::test]
    async fn a_missing_program_is_no_fault_of_the_lab() {
        let folder = tempfile::tempdir().unwrap();
        let fault = prepare("x:1", "labproof-has-no-such-program", folder.path()).await.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Broken, "{fault}");
        let fault = prepare("x:1", "exit 1", folder.path()).await.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Failed, "{fault}");
    }
}
