//! The images that labs build: each is built once in a run and loaded once, however many scenarios want it.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;

use crate::{
    images::{
        build::build,
        catalogue::full_name,
        load::{OnNode, load},
    },
    verdict::Outcome,
};

/// The images that labs build, by lab folder and name.
#[derive(Debug, Default)]
pub struct CourseImages {
    images: Mutex<HashMap<(PathBuf, String), Arc<CourseImage>>>,
}

#[derive(Debug, Default)]
struct CourseImage {
    built: OnceCell<Outcome<String>>,
    loaded: OnceCell<Outcome<Vec<OnNode>>>,
}

impl CourseImages {
    /// Builds the image from the lab's folder, unless that was done, and returns its id.
    ///
    /// # Errors
    /// The same fault for everyone who asks, `blocked_by` the build.
    pub async fn build(&self, name: &str, folder: &Path) -> Outcome<String> {
        let image = self.image(name, folder);
        let built = image.built.get_or_init(|| build(name, folder)).await.clone();
        built.map_err(|fault| fault.blocked_by(format!("the build of {}", full_name(name))))
    }

    /// Builds the image and loads it into the nodes, unless that was done, and says what each node has.
    ///
    /// # Errors
    /// The same fault for everyone who asks.
    pub async fn load(&self, name: &str, folder: &Path, nodes: &[String]) -> Outcome<Vec<OnNode>> {
        self.build(name, folder).await?;
        let image = self.image(name, folder);
        image.loaded.get_or_init(|| load(name, nodes)).await.clone()
    }

    fn image(&self, name: &str, folder: &Path) -> Arc<CourseImage> {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        images.entry((folder.to_owned(), full_name(name))).or_default().clone()
    }
}
