//! Builds a lab's images from the lab's own Dockerfiles with Docker's command line, because its output helps the author
//! of a course most if a build fails.

mod bounds;
mod probe;
mod submitted;

pub use submitted::SubmittedBuilds;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{engine, id::ImageId, identity};
use crate::{
    image_name::ImageName,
    machine::scratch,
    project::{Build, Lab, Work},
    tool::{Finished, Tool, tail},
    verdict::{Fault, Outcome, seconds},
};

/// The time limit of everything that a build of a submission does besides the instructions of its Dockerfile.
const LIMIT: Duration = Duration::from_mins(15);

/// The number of lines of a failed build's output to show.
const LINES: usize = 30;

/// How the lab builds the image of this name; `None` if it does not.
#[must_use]
pub fn find<'a>(lab: &'a Lab, image: &ImageName) -> Option<&'a Build> {
    lab.file.builds.iter().find(|build| build.image == *image)
}

/// Builds an image from the lab's own files and returns its identity.
///
/// # Errors
/// `failed`, with the end of the build's output, if the Dockerfile or the files are wrong; `broken` if it takes longer
/// than `limit`.
pub async fn build(build: &Build, lab: &Lab, limit: Duration) -> Outcome<ImageId> {
    let begun = Instant::now();
    let finished = async {
        let context = Context::of(build, lab, limit).await?;
        let docker = docker(&lab.tag(&build.image).full(), &context.dockerfile, &context.folder);
        docker.limit(limit.saturating_sub(begun.elapsed())).finish().await
    };
    match finished.await {
        Ok(finished) => built(build, lab, &finished).await,
        Err(fault) if begun.elapsed() < limit => Err(fault),
        Err(fault) => Err(too_slow(build, limit, fault)),
    }
}

fn too_slow(build: &Build, limit: Duration, fault: Fault) -> Fault {
    let reason = format!("the image {} did not build within {}", build.image, seconds(limit));
    Fault { reason, ..fault }.hint("if it only needs more time, give it with --step-timeout")
}

/// The files that a build sends to the engine.
struct Context {
    folder: PathBuf,
    dockerfile: PathBuf,
    /// Keeps a temporary folder until the build has ended.
    _made: Option<TempDir>,
}

impl Context {
    async fn of(build: &Build, lab: &Lab, limit: Duration) -> Outcome<Self> {
        let folder = lab.folder.join(&build.folder);
        let made = match (&build.prepare, handed_in(build, lab)?) {
            (_, Some(own)) => Some(own),
            (Some(command), None) => Some(prepare(&lab.tag(&build.image).full(), command, &folder, limit).await?),
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
    docker.args([dockerfile, folder])
}

/// The identity of the image that was built.
async fn built(build: &Build, lab: &Lab, finished: &Finished) -> Outcome<ImageId> {
    ended_well(build, lab, finished).await?;
    let name = lab.tag(&build.image).full();
    let id = identity::id(&name).await?;
    id.ok_or_else(|| Fault::broken(format!("the engine does not have {name}, although labproof just built it")))
}

/// Returns a fault that explains a failed build.
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

/// If the Dockerfile was handed in: a folder that contains only handed-in files, because the Dockerfile must not copy
/// other files of the lab.
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

/// Runs the `prepare` command, which creates files for the Dockerfile to copy, in a copy of the folder. So the lab
/// stays unchanged.
async fn prepare(name: &str, command: &str, folder: &Path, limit: Duration) -> Outcome<TempDir> {
    let copy = scratch::folder()?;
    copy_files(folder, copy.path(), &|_| true)
        .map_err(|error| Fault::broken(format!("cannot copy {}: {error}", folder.display())))?;
    let finished = Tool::new("sh").args(["-c", command]).current_dir(copy.path()).limit(limit).finish().await?;
    if finished.status.success() {
        return Ok(copy);
    }
    // The shell's exit status for a missing program, for which the machine is at fault and not the lab.
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

/// Copies the files of a folder and its subfolders whose paths `wanted` accepts.
///
/// # Errors
/// If a file cannot be read or written.
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
        let fault = prepare("x:1", "labproof-has-no-such-program", folder.path(), LIMIT).await.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Broken, "{fault}");
        let fault = prepare("x:1", "exit 1", folder.path(), LIMIT).await.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Failed, "{fault}");
    }
}
