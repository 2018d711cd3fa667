//! The images that labs build: each is built once in a run and loaded once, however many scenarios want it.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OnceCell, Semaphore};

use crate::{
    image_name::ImageName,
    images::{
        build::{self, SubmittedBuilds},
        id::ImageId,
        load::load,
        on_nodes::OnNode,
        submissions,
    },
    project::{Build, Lab, Work},
    verdict::{Fault, Outcome},
};

/// How many images of submissions are built at a time: one that takes its time holds up few others.
const SIDE_BY_SIDE: u32 = 3;

/// The images that labs build, by lab folder and name.
#[derive(Debug)]
pub struct CourseImages {
    /// One is built at a time: two that share layers would each make their own.
    building: Semaphore,
    /// Those of submissions, of which several are built side by side.
    strangers: Semaphore,
    /// The run, which the layers of submissions' images are labelled with.
    run: String,
    submitted: SubmittedBuilds,
    images: Mutex<HashMap<(PathBuf, ImageName), Arc<CourseImage>>>,
}

#[derive(Debug, Default)]
struct CourseImage {
    built: OnceCell<Outcome<ImageId>>,
    loaded: OnceCell<Outcome<Vec<OnNode>>>,
}

impl CourseImages {
    /// None are built as yet in this run.
    #[must_use]
    pub fn new(run: &str, submitted: SubmittedBuilds) -> Self {
        let strangers = Semaphore::new(SIDE_BY_SIDE as usize);
        Self { building: Semaphore::new(1), strangers, run: run.to_owned(), submitted, images: Mutex::default() }
    }

    /// Builds an image of the lab, unless that was done, and returns its identity.
    ///
    /// # Errors
    /// The same fault for everyone who asks, `blocked_by` the build.
    pub async fn build(&self, lab: &Lab, name: &ImageName) -> Outcome<ImageId> {
        let wanted = described(lab, name)?;
        let image = self.image(lab, wanted);
        let in_turn = async || {
            match lab.work {
                Work::Own => {
                    // A semaphore that is never closed gives every turn.
                    let _turn = self.building.acquire().await;
                    build::build(wanted, lab).await
                }
                Work::Submitted(_) => self.build_submitted(wanted, lab).await,
            }
        };
        let built = image.built.get_or_init(in_turn).await.clone();
        built.map_err(|fault| fault.blocked_by(format!("the build of {}", name.full())))
    }

    /// Builds an image of a submission beside others. Where the disk fills meanwhile, all that are being built are ended,
    /// and each is built again alone, which shows who fills it.
    async fn build_submitted(&self, wanted: &Build, lab: &Lab) -> Outcome<ImageId> {
        let turn = self.strangers.acquire().await;
        if let Some(id) = self.submitted.build(wanted, lab, false).await? {
            return Ok(id);
        }
        drop(turn);
        let _turns = self.strangers.acquire_many(SIDE_BY_SIDE).await;
        // What cannot be removed as yet is at the run's end.
        _ = submissions::forget_unfinished(&self.run).await;
        let built = self.submitted.build(wanted, lab, true).await;
        _ = submissions::forget_unfinished(&self.run).await;
        built?.ok_or_else(|| Fault::broken("a build that ran alone was stopped to protect other builds"))
    }

    /// Builds the image and loads it into the nodes, unless that was done, and says what each node has.
    ///
    /// # Errors
    /// The same fault for everyone who asks.
    pub async fn load(&self, lab: &Lab, name: &ImageName, nodes: &[String]) -> Outcome<Vec<OnNode>> {
        self.build(lab, name).await?;
        let image = self.image(lab, described(lab, name)?);
        let tag = lab.tag(name);
        image.loaded.get_or_init(|| load(&tag, nodes)).await.clone()
    }

    fn image(&self, lab: &Lab, build: &Build) -> Arc<CourseImage> {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        images.entry((lab.folder.clone(), build.image.clone())).or_default().clone()
    }
}

fn described<'a>(lab: &'a Lab, name: &ImageName) -> Outcome<&'a Build> {
    build::find(lab, name).ok_or_else(|| Fault::failed(format!("the lab's `builds` does not name {name}")))
}
