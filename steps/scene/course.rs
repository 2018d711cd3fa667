//! The images that labs build: each is built once in a run and loaded once, however many scenarios want it.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OnceCell, Semaphore};

use crate::{
    images::{
        build,
        catalogue::full_name,
        load::{OnNode, load},
    },
    project::{Build, Lab},
    verdict::{Fault, Outcome},
};

/// The images that labs build, by lab folder and name.
#[derive(Debug)]
pub struct CourseImages {
    /// One is built at a time: two that share layers would each make their own.
    building: Semaphore,
    /// Those of submissions, of which one that takes its time holds up no more than one other.
    strangers: Semaphore,
    images: Mutex<HashMap<(PathBuf, String), Arc<CourseImage>>>,
}

#[derive(Debug, Default)]
struct CourseImage {
    built: OnceCell<Outcome<String>>,
    loaded: OnceCell<Outcome<Vec<OnNode>>>,
}

impl Default for CourseImages {
    fn default() -> Self {
        Self { building: Semaphore::new(1), strangers: Semaphore::new(3), images: Mutex::default() }
    }
}

impl CourseImages {
    /// Builds an image of the lab, unless that was done, and returns its id.
    ///
    /// # Errors
    /// The same fault for everyone who asks, `blocked_by` the build.
    pub async fn build(&self, lab: &Lab, name: &str) -> Outcome<String> {
        let wanted = described(lab, name)?;
        let image = self.image(lab, wanted);
        let alone = async || {
            let turns = if lab.submission.is_some() { &self.strangers } else { &self.building };
            // A semaphore that is never closed gives every turn.
            let _turn = turns.acquire().await;
            build::build(wanted, lab).await
        };
        let built = image.built.get_or_init(alone).await.clone();
        built.map_err(|fault| fault.blocked_by(format!("the build of {}", full_name(name))))
    }

    /// Builds the image and loads it into the nodes, unless that was done, and says what each node has.
    ///
    /// # Errors
    /// The same fault for everyone who asks.
    pub async fn load(&self, lab: &Lab, name: &str, nodes: &[String]) -> Outcome<Vec<OnNode>> {
        self.build(lab, name).await?;
        let image = self.image(lab, described(lab, name)?);
        let tag = lab.tag(name);
        image.loaded.get_or_init(|| load(&tag, nodes)).await.clone()
    }

    fn image(&self, lab: &Lab, build: &Build) -> Arc<CourseImage> {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        images.entry((lab.folder.clone(), full_name(&build.image))).or_default().clone()
    }
}

fn described<'a>(lab: &'a Lab, name: &str) -> Outcome<&'a Build> {
    build::find(lab, name).ok_or_else(|| Fault::failed(format!("the lab does not say that it builds {name}")))
}
