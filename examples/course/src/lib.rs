//! The sentences of this course.

use labproof::course::{
    Fault, Outcome, Scene, Sentence, k8s_openapi::api::core::v1::Namespace, kube::Api, sentence,
};

/// What the labs of this course may say besides labproof's own sentences.
pub static SENTENCES: &[Sentence] = &[sentence!(
    Then "the namespace belongs to the team {text}" => belongs_to(team), Cluster [Reads],
    r#"the namespace belongs to the team "shop""#,
    "The scenario's namespace has the label team with this value."
)];

async fn belongs_to(scene: &mut Scene, team: String) -> Outcome {
    let namespaces: Api<Namespace> = Api::all(scene.cluster.client());
    let namespace = namespaces.get(&scene.namespace).await.map_err(|error| Fault::broken(error.to_string()))?;
    match namespace.metadata.labels.unwrap_or_default().get("team") {
        Some(found) if *found == team => Ok(()),
        Some(found) => Err(Fault::failed(format!("the namespace belongs to the team {found}"))),
        None => Err(Fault::failed("the namespace belongs to no team").hint("kubectl label namespace NAME team=shop")),
    }
}
