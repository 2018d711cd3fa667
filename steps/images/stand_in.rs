//! Stand-ins: images built from packages, under the names of images that cannot be pulled. One is built again when its
//! recipe has changed.
//!
//! A file for each name holds the digest of the recipe and the key of the image that was built from it. A label cannot do
//! that, because a course's own `build` sets none.

use std::{path::PathBuf, time::Duration};

use super::{
    engine::{self, Image},
    item::Item,
};
use crate::{
    image_name::ImageName,
    machine::{content, folders},
    progress::Progress,
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// What the recipes of labproof's own stand-ins share.
const SHARED: [&str; 3] =
    ["kind-config/stand-ins/parts", "kind-config/stand-ins/stand-in.bash", "kind-config/offline/common.bash"];

/// Makes the stand-in `name`, which the engine does not have: it is another name of the item's own image if there is one.
///
/// # Errors
/// If it cannot be built.
pub async fn make(project: &Project, item: &Item, name: &ImageName, progress: &Progress) -> Outcome<Image> {
    let (own, full) = (item.name.full(), name.full());
    let Some(image) = engine::image(&own).await?.filter(|image| image.stand_in.is_some()) else {
        let what = format!("building a stand-in for {full}, because no registry can be reached");
        return build(project, item, name, &what, progress).await;
    };
    let image = renew(project, item, &item.name, image, progress).await?;
    Tool::new("docker").args(["tag", &own, &full]).output().await?;
    if is_current(project, item, &item.name, &image)? {
        remember(project, item, name, &image)?;
    }
    Ok(image)
}

/// Builds the stand-in `name` again if its recipe has changed since this image of it was built. If that fails, the image
/// stays.
///
/// # Errors
/// If the recipe cannot be read.
pub async fn renew(
    project: &Project,
    item: &Item,
    name: &ImageName,
    image: Image,
    progress: &Progress,
) -> Outcome<Image> {
    if is_current(project, item, name, &image)? {
        return Ok(image);
    }
    let what = format!("building the stand-in for {name} again, because its recipe may have changed");
    Ok(build(project, item, name, &what, progress).await.unwrap_or_else(|fault| {
        progress.line(&format!("the former stand-in for {name} is used: {}", fault.reason));
        image
    }))
}

async fn build(project: &Project, item: &Item, name: &ImageName, what: &str, progress: &Progress) -> Outcome<Image> {
    progress.phase(what, Some("1 minute"));
    Tool::new(folder(project, item)?.join("build"))
        .args([name.full()])
        .limit(Duration::from_mins(30))
        .follow(|line| progress.detail(line))
        .await?;
    let image = marked(&name.full(), item).await?;
    remember(project, item, name, &image)?;
    Ok(image)
}

/// The image that was just built, marked as a stand-in unless its `build` did that: reports name stand-ins by this label.
async fn marked(name: &str, item: &Item) -> Outcome<Image> {
    let image = engine::expect(name).await?;
    if image.stand_in.is_some() {
        return Ok(image);
    }
    let label = label(item);
    let docker = Tool::new("docker").args(["build", "--tag", name, "--label", &label, "--label", engine::MADE, "-"]);
    docker.input(format!("FROM {name}\n")).output().await?;
    engine::expect(name).await
}

/// The label of a stand-in that does not say itself what it is.
fn label(item: &Item) -> String {
    let lacking = item.lacking().map_or_else(|| "the course's own".to_owned(), |lacks| format!("it lacks {lacks}"));
    format!("{}={lacking}", engine::STAND_IN)
}

fn folder(project: &Project, item: &Item) -> Outcome<PathBuf> {
    let folder = item.stand_in.as_ref().ok_or_else(|| Fault::broken(format!("{} has no stand-in", item.name)))?;
    project.resource(folder)
}

/// Whether this image was built by the recipe as it is now.
fn is_current(project: &Project, item: &Item, name: &ImageName, image: &Image) -> Outcome<bool> {
    let built = built(project, item, image)?;
    Ok(std::fs::read_to_string(file(name)).is_ok_and(|remembered| remembered == built))
}

fn remember(project: &Project, item: &Item, name: &ImageName, image: &Image) -> Outcome {
    let (file, built) = (file(name), built(project, item, image)?);
    let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| folders::replace(&file, built.as_bytes())).map_err(|error| {
        Fault::broken(format!("cannot write {}: {error}", file.display()))
            .hint("set LABPROOF_CACHE to a folder that you can write to")
    })
}

/// The image and the digest of its recipe.
fn built(project: &Project, item: &Item, image: &Image) -> Outcome<String> {
    let mut recipe = vec![folder(project, item)?];
    for shared in SHARED {
        recipe.push(project.resource(shared)?);
    }
    let paths: Vec<_> = recipe.iter().map(PathBuf::as_path).collect();
    let digest = content::digest_of(&paths)
        .map_err(|error| Fault::broken(format!("cannot read the recipe of {}: {error}", item.name)))?;
    Ok(format!("{}\n{digest}\n", image.key))
}

fn file(name: &ImageName) -> PathBuf {
    folders::cache().join("stand-ins").join(name.full().replace(['/', ':'], "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_of_a_stand_in_says_what_it_lacks() {
        let of = |text: &str| label(&serde_yaml::from_str(text).unwrap());
        assert_eq!(of("{name: a, lacks: its shell}"), "dev.labproof.stand-in=it lacks its shell");
        assert_eq!(of("{name: a}"), "dev.labproof.stand-in=the course's own");
    }

    #[test]
    fn another_recipe_or_another_image_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("build"), "one").unwrap();
        let project = Project::at(folder.path());
        let item: Item = serde_yaml::from_str("{name: tea, stand-in: .}").unwrap();
        let built = |key: &str| built(&project, &item, &Image { key: key.into(), stand_in: None }).unwrap();
        let first = built("sha256:aa");
        assert_eq!(built("sha256:aa"), first);
        assert_ne!(built("sha256:bb"), first);
        std::fs::write(folder.path().join("build"), "two").unwrap();
        assert_ne!(built("sha256:aa"), first);
    }
}
