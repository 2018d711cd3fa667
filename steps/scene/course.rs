//! The images that labs build. Each is built once and loaded once per run, however many scenarios use it.

use std::{path::PathBuf, time::Duration};

use tokio::sync::Semaphore;

use crate::{
    image_name::ImageName,
    images::{
        build::{self, SubmittedBuilds},
        id::ImageId,
        load::load,
        on_nodes::OnNode,
        submissions,
    },
    once_each::OnceEach,
    project::{Build, Lab, Work},
    verdict::{Fault, Outcome},
};

/// How many images of submissions are built at the same time, so a slow build delays few others.
const SIDE_BY_SIDE: u32 = 3;

/// The images that labs build.
#[derive(Debug)]
pub struct CourseImages {
    /// Allows one build at a time, because two parallel builds with common layers would each create their own.
    building: Semaphore,
    /// Allows several builds of submissions at a time.
    building_submitted: Semaphore,
    /// The run's name, with which the layers of submissions' images are labelled.
    run: String,
    submitted: SubmittedBuilds,
    /// How long a build of a lab's own files may take.
    limit: Duration,
    /// Both by the lab's folder and the image's name.
    built: OnceEach<(PathBuf, ImageName), ImageId>,
    loaded: OnceEach<(PathBuf, ImageName), Vec<OnNode>>,
}

impl CourseImages {
    /// Nothing has been built yet. A build ends somewhat before `step`, the longest time that a step may wait for it. So its
    /// fault is remembered, and the other scenarios do not start it again.
    #[must_use]
    pub fn new(run: &str, submitted: SubmittedBuilds, step: Duration) -> Self {
        let building_submitted = Semaphore::new(SIDE_BY_SIDE as usize);
        Self {
            building: Semaphore::new(1),
            building_submitted,
            run: run.to_owned(),
            submitted,
            limit: step.mul_f32(0.95),
            built: OnceEach::default(),
            loaded: OnceEach::default(),
        }
    }

    /// Builds an image of the lab unless that has been done, and returns its identity.
    ///
    /// # Errors
    /// If the build fails. Every caller gets the same fault, `blocked_by` the build.
    pub async fn build(&self, lab: &Lab, name: &ImageName) -> Outcome<ImageId> {
        let wanted = described(lab, name)?;
        let in_turn = async || {
            match lab.work {
                Work::Own => {
                    // The semaphore is never closed, so this cannot fail.
                    let _turn = self.building.acquire().await;
                    build::build(wanted, lab, self.limit).await
                }
                Work::Submitted(_) => self.build_submitted(wanted, lab).await,
            }
        };
        let built = self.built.get(&key(lab, wanted), in_turn).await;
        built.map_err(|fault| fault.blocked_by(format!("the build of {}", name.full())))
    }

    /// Builds an image of a submission in parallel with others. If the disk fills up, all running builds are ended and
    /// each is repeated alone, which shows which one fills the disk.
    async fn build_submitted(&self, wanted: &Build, lab: &Lab) -> Outcome<ImageId> {
        let turn = self.building_submitted.acquire().await;
        if let Some(id) = self.submitted.build(wanted, lab, false).await? {
            return Ok(id);
        }
        drop(turn);
        let _turns = self.building_submitted.acquire_many(SIDE_BY_SIDE).await;
        // An error is ignored: the end of the run removes what is left.
        _ = submissions::forget_unfinished(&self.run).await;
        let built = self.submitted.build(wanted, lab, true).await;
        _ = submissions::forget_unfinished(&self.run).await;
        built?.ok_or_else(|| {
            Fault::broken("labproof has a bug: a build that ran alone was stopped to protect others")
                .hint("please report it, with the lab")
        })
    }

    /// Builds the image and loads it onto the nodes unless that has been done. Returns what each node has.
    ///
    /// # Errors
    /// If that fails. Every caller gets the same fault.
    pub async fn load(&self, lab: &Lab, name: &ImageName, nodes: &[String]) -> Outcome<Vec<OnNode>> {
        self.build(lab, name).await?;
        let tag = lab.tag(name);
        self.loaded.get(&key(lab, described(lab, name)?), || load(&tag, nodes)).await
    }
}

fn key(lab: &Lab, build: &Build) -> (PathBuf, ImageName) {
    (lab.folder.clone(), build.image.clone())
}

fn described<'a>(lab: &'a Lab, name: &ImageName) -> Outcome<&'a Build> {
    build::find(lab, name).ok_or_else(|| Fault::failed(format!("the lab's `builds` does not name {name}")))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::{project::LabFile, submission::dockerfile::Builder, verdict::Verdict};

    #[tokio::test]
    async fn a_build_that_takes_too_long_is_not_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let marks = folder.path().join("marks");
        let mut file: LabFile = serde_yaml::from_str("{title: t, source: s, builds: [{image: 'own:1'}]}").unwrap();
        file.builds[0].prepare = Some(format!("echo once >> {}; sleep 60", marks.display()));
        let (name, features, builder) = ("lab".into(), Vec::new(), Builder::default());
        let lab = Lab { name, features, folder: folder.path().join("lab"), file, work: Work::Own, builder };
        std::fs::create_dir(&lab.folder).unwrap();
        let step = Duration::from_secs(4);
        let course = CourseImages::new("r", SubmittedBuilds::new("r", folder.path(), None), step);
        let begun = Instant::now();
        for _scenario in 0..3 {
            let waited = tokio::time::timeout(step, course.build(&lab, &"own:1".into())).await;
            let fault = waited.expect("the build ends before the step that waits for it").unwrap_err();
            assert_eq!(fault.verdict, Verdict::Broken, "{fault}");
            assert!(fault.reason.contains("own:1 did not build within 3 seconds"), "{fault}");
        }
        assert!(begun.elapsed() < step * 2, "{:?}", begun.elapsed());
        assert_eq!(std::fs::read_to_string(marks).unwrap(), "once\n");
    }
}
