//! Builds the images of submissions. They are untrusted, so each run tests that the limits are enforced before the
//! first build.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use tempfile::NamedTempFile;

use super::{Context, bounds, docker, ended_well, probe};
use crate::{
    image_name::ImageName,
    images::{
        archive::Archive,
        builder::{Bases, Own},
        engine,
        id::ImageId,
        identity,
    },
    machine::scratch,
    once_each::OnceEach,
    project::{Build, Lab, Network},
    submission::dockerfile::{self, Builder},
    tool::{Finished, Tool},
    verdict::{Fault, Outcome},
};

/// The builds of a run's submissions.
#[derive(Debug)]
pub struct SubmittedBuilds {
    /// The run's name, with which layers and builders are labelled.
    run: String,
    /// A folder of the run.
    folder: PathBuf,
    /// The image of `BuildKit`; `None` if the classic builder is used.
    buildkit: Option<String>,
    /// The base images, in the format that `BuildKit` reads.
    bases: Bases,
    /// Whether the builder enforces its limits, shown with the bases of each lab. Bases that cannot be used break only the
    /// labs that name them.
    proven: OnceEach<Vec<ImageName>, ()>,
    count: AtomicUsize,
}

impl SubmittedBuilds {
    /// No builds yet.
    #[must_use]
    pub fn new(run: &str, folder: &Path, buildkit: Option<String>) -> Self {
        let folder = folder.join("builder");
        Self {
            run: run.to_owned(),
            bases: Bases::below(folder.join("bases")),
            folder,
            buildkit,
            proven: OnceEach::default(),
            count: AtomicUsize::new(0),
        }
    }

    /// Builds an image of a submission within limits and returns its identity. Returns `None` if the build was ended
    /// because the disk filled up while other builds were running. The image's layers are labelled with the run.
    ///
    /// # Errors
    /// `failed` if the build fails, `refused` if the files may not be used, `broken` if the builder does not enforce
    /// its limits.
    pub async fn build(&self, build: &Build, lab: &Lab, is_alone: bool) -> Outcome<Option<ImageId>> {
        for file in learners_files(build, lab) {
            lab.may_use(&file)?;
        }
        if lab.file.bases.is_empty() {
            return Err(Fault::broken(format!("the lab {} names no base for its Dockerfile", lab.name))
                .hint("list it in lab.yaml under `bases`"));
        }
        self.proven.get(&lab.file.bases, || self.prove(lab)).await?;
        let context = Context::of(build, lab, super::LIMIT).await?;
        let dockerfile = self.labelled(&text(build, lab, &context)?, lab.builder)?;
        let (tag, network) = (lab.tag(&build.image).full(), network(lab));
        let ended = self.run(lab, &tag, dockerfile.path(), &context.folder, is_alone, network).await?;
        let Some((finished, archive)) = ended else { return Ok(None) };
        ended_well(build, lab, &finished).await?;
        let id = match archive {
            Some(archive) => Some(take(archive).await?),
            None => identity::id(&tag).await?,
        };
        let absent = || Fault::broken(format!("the engine does not have {tag}, although labproof just built it"));
        id.ok_or_else(absent).map(Some)
    }

    /// Tests that the builder enforces its limits, with the first image that has the programs for it: a base of the lab,
    /// or busybox.
    async fn prove(&self, lab: &Lab) -> Outcome {
        let mut lab = lab.clone();
        lab.file.bases.push("busybox:latest".into());
        let base = self.first_with_a_shell(&lab).await?.clone();
        lab.file.bases = vec![base.clone()];
        let lab = &lab;
        let folder = scratch::folder()?;
        probe::write(lab.builder, &base.to_string(), folder.path())?;
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let tag = format!("localhost/submission-{}-probe-{number}", self.run);
        let dockerfile = folder.path().join("Dockerfile");
        let built = self.run(lab, &tag, &dockerfile, folder.path(), true, Network::None).await?;
        let (finished, _) = built
            .ok_or_else(|| Fault::broken("the build that tests the builder's limits was ended before it finished"))?;
        probe::judge(lab.builder, &finished)
    }

    async fn first_with_a_shell<'a>(&self, lab: &'a Lab) -> Outcome<&'a ImageName> {
        let label = format!("{}={}", engine::RUN, self.run);
        for base in &lab.file.bases {
            let name = base.full();
            let words =
                ["run", "--rm", "--pull=never", "--network=none", "--label", &label, "--entrypoint", "sh", &name];
            let tried = Tool::new("docker").args(words).args(["-c", probe::PROGRAMS]).finish().await?;
            if tried.status.success() {
                return Ok(base);
            }
        }
        Err(Fault::broken(format!("no base of the lab {} has the shell that tests the builder's limits", lab.name))
            .hint("run `docker pull busybox`: labproof then tests them with busybox"))
    }

    /// Runs one build. `BuildKit` writes the result to an archive; the classic builder stores it in the engine.
    async fn run(
        &self,
        lab: &Lab,
        tag: &str,
        dockerfile: &Path,
        folder: &Path,
        is_alone: bool,
        network: Network,
    ) -> Outcome<Option<(Finished, Option<NamedTempFile>)>> {
        let (Builder::BuildKit, Some(image)) = (lab.builder, &self.buildkit) else {
            let finished = bounds::keep(classic(tag, dockerfile, folder, network), network, is_alone).await?;
            return Ok(finished.map(|finished| (finished, None)));
        };
        let bases = self.bases.arguments(&lab.file.bases).await?;
        fs::create_dir_all(&self.folder).map_err(|error| cannot(&error))?;
        let archive = NamedTempFile::new_in(&self.folder).map_err(|error| cannot(&error))?;
        let name = format!("labproof-builder-{}-{}", self.run, self.count.fetch_add(1, Ordering::Relaxed));
        let own = Own::start(name, image, &self.run, network, &self.folder.join("buildx")).await?;
        let build = own.build(tag, dockerfile, folder, &bases, archive.path());
        let finished = bounds::keep(build, network, is_alone).await;
        own.remove().await?;
        Ok(finished?.map(|finished| (finished, Some(archive))))
    }

    /// A Dockerfile with this text, whose layers are labelled with the run.
    fn labelled(&self, text: &str, builder: Builder) -> Outcome<NamedTempFile> {
        let file = scratch::file()?;
        let labels = format!("{}={} {}", engine::RUN, self.run, engine::BUILD);
        fs::write(file.path(), dockerfile::labelled(text, builder, &labels))
            .map_err(|error| Fault::broken(format!("cannot label the Dockerfile: {error}")))?;
        Ok(file)
    }
}

/// The text of a Dockerfile: the one that was judged, if it was handed in. A byte that is no text becomes U+FFFD there,
/// which is also what Docker makes of it.
fn text(build: &Build, lab: &Lab, context: &Context) -> Outcome<String> {
    let name = build.folder.join(&build.dockerfile).display().to_string();
    let judged = lab.handed_in(&name).and_then(|submission| submission.files.get(&name));
    let bytes =
        judged.map_or_else(|| fs::read(&context.dockerfile).map_err(|error| cannot(&error)), |own| Ok(own.clone()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn classic(tag: &str, dockerfile: &Path, folder: &Path, network: Network) -> Tool {
    let network = match network {
        Network::None => "--network=none",
        Network::Engine => "--network=default",
    };
    docker(tag, dockerfile, folder).env("DOCKER_BUILDKIT", "0").args(bounds::CLASSIC).args([network])
}

/// Loads an archive that a builder has written into the engine.
async fn take(archive: NamedTempFile) -> Outcome<ImageId> {
    let load = ["load".as_ref(), "--quiet".as_ref(), "--input".as_ref(), archive.path().as_os_str()];
    Tool::new("docker").args(load).limit(super::LIMIT).output().await?;
    let platform = engine::platform().await?;
    let read =
        tokio::task::spawn_blocking(move || Archive::open(archive.path(), &platform).map(|archive| archive.id()));
    read.await.map_err(|error| cannot(&std::io::Error::other(error)))?.map_err(|error| cannot(&error))
}

fn network(lab: &Lab) -> Network {
    lab.file.submission.as_ref().map(|spec| spec.network).unwrap_or_default()
}

/// The learner's files for the image, including refused ones.
fn learners_files(build: &Build, lab: &Lab) -> Vec<String> {
    let (Some(spec), Some(submission)) = (&lab.file.submission, lab.work.submission()) else { return Vec::new() };
    let refused = submission.refusals.iter().map(|refusal| &refusal.file).filter(|file| spec.holds(file));
    spec.of_image(build).chain(refused.filter(|file| build.takes(file))).cloned().collect()
}

fn cannot(error: &std::io::Error) -> Fault {
    Fault::broken(format!("cannot use the builder of submissions: {error}"))
}
