//! Builds a course's image with the course's own Dockerfile, by the engine's command line, whose output tells a
//! course author most when it fails.

use std::{path::Path, time::Duration};

use super::{catalogue::full_name, engine};
use crate::{
    tool::{Tool, tail},
    verdict::{Fault, Outcome},
};

/// How long a build may take.
const LIMIT: Duration = Duration::from_mins(15);

/// Builds the image `name` from `folder` and returns its id.
///
/// # Errors
/// `failed`, with the end of the build's output, where the Dockerfile or the files are at fault.
pub async fn build(name: &str, folder: &Path) -> Outcome<String> {
    let name = full_name(name);
    if !folder.join("Dockerfile").is_file() {
        return Err(Fault::failed(format!("there is no Dockerfile in {}", folder.display())));
    }
    let finished = Tool::new("docker")
        .args(["build".as_ref(), "--force-rm".as_ref(), "--tag".as_ref(), name.as_ref(), folder.as_os_str()])
        .limit(LIMIT)
        .finish()
        .await?;
    if !finished.status.success() {
        engine::version().await?;
        return Err(Fault::failed(format!("the image {name} does not build"))
            .hint(format!("run `docker build {}` and mend the Dockerfile until it ends well", folder.display()))
            .seen("the build's output ends", tail(&format!("{}\n{}", finished.stdout, finished.stderr), 30)));
    }
    let image = engine::image(&name).await?;
    image
        .map(|image| image.id)
        .ok_or_else(|| Fault::broken(format!("the engine does not have {name}, though it was just built")))
}
