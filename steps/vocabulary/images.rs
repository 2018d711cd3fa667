//! Sentences about images: built by the lab, on the nodes, in the engine.

use super::{Sentence, sentence};
use crate::{
    image_name::ImageName,
    images::{
        build,
        catalogue::{Source, Used},
        engine,
        id::ImageId,
        identity, on_nodes,
    },
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "the image {image} is built" => is_built(image), Engine [NamesBuild],
        r#"the image "ubuntu/helloworld" is built"#,
        "Builds the image with the lab's Dockerfile, once in a run."),
    sentence!(Given "the image {image} is on every node" => is_loaded(image), Engine [NamesBuild],
        r#"the image "ubuntu/helloworld" is on every node"#,
        "Builds the image, once in a run, and loads it into all nodes that lack it."),
    sentence!(Given "the image {image} is no stand-in" => is_real(image), Engine [],
        r#"the image "alpine:3.5" is no stand-in"#,
        "For a scenario that needs something the stand-in lacks: if the image is a stand-in, the scenario is skipped."),
    sentence!(Then "the engine has the image {image}" => engine_has(image), Engine [NamesBuild],
        r#"the engine has the image "ubuntu/helloworld""#,
        "The Docker engine has an image of that name, and the lab's Dockerfile builds the same one."),
    sentence!(Then "every node has the image {image}" => nodes_have(image), Engine [NamesBuild],
        r#"every node has the image "ubuntu/helloworld""#,
        "Each node of the cluster has the image under that name, and the lab's Dockerfile builds the same one."),
];

async fn is_built(scene: &mut Scene, image: ImageName) -> Outcome {
    built(scene, &image).await.map(|_| ())
}

async fn is_loaded(scene: &mut Scene, image: ImageName) -> Outcome {
    built(scene, &image).await?;
    scene.context.course.load(&scene.lab, &image, &scene.nodes_of_images()?).await.map(|_| ())
}

async fn is_real(scene: &mut Scene, image: ImageName) -> Outcome {
    let item = scene
        .context
        .catalogue
        .find(&image)
        .ok_or_else(|| Fault::failed(format!("the catalogue has no image {image}")))?;
    let found = engine::image(&image.full()).await?;
    match found.and_then(|found| found.stand_in) {
        Some(what) => {
            let lacks = item.lacking().map(|lacks| format!(", which lacks {lacks}")).unwrap_or_default();
            Err(Fault::skipped(format!("{image} is a stand-in ({what}){lacks}"))
                .hint("run it on a machine that can reach a registry"))
        }
        None => Ok(()),
    }
}

async fn engine_has(scene: &mut Scene, image: ImageName) -> Outcome {
    let expected = built(scene, &image).await?;
    match identity::id(&scene.lab.tag(&image).full()).await? {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(Fault::failed(format!(
            "the engine has another image named {image}: {found}, the lab's Dockerfile gives {expected}"
        ))),
        None => Err(Fault::failed(format!("the engine has no image called {image}"))),
    }
}

async fn nodes_have(scene: &mut Scene, image: ImageName) -> Outcome {
    let expected = built(scene, &image).await?;
    let nodes = scene.nodes_of_images()?;
    let found = on_nodes::on_nodes(&scene.lab.tag(&image), &nodes).await?;
    let wrong = nodes.iter().zip(found).find(|(_, found)| found.as_ref().is_none_or(|found| found.id != expected));
    match wrong {
        None => Ok(()),
        Some((node, None)) => Err(Fault::failed(format!("node {node} has no image called {image}"))),
        Some((node, Some(found))) => Err(Fault::failed(format!(
            "node {node} has another image called {image}: {}, the engine has {expected}",
            found.id
        ))),
    }
}

/// Builds the image unless this run has built it, and returns its identity.
async fn built(scene: &Scene, image: &ImageName) -> Outcome<ImageId> {
    let id = scene.context.course.build(&scene.lab, image).await?;
    let note = build::find(&scene.lab, image).and_then(|build| build.stands_for.clone());
    scene.context.used(Used { name: scene.lab.tag(image).full(), source: Source::Built, id: id.to_string(), note });
    Ok(id)
}
