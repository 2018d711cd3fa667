//! What a document uses exclusively: names and ports that its commands fix.

use std::collections::BTreeSet;

use super::Page;
use crate::{
    actions::namespaces, document::fixed, machine::claim::Claim, run::reach, scene::Scene, verdict::Outcome,
    vocabulary::containers,
};

/// The claims of a document on the cluster of this name.
pub(super) fn of(page: &Page, cluster: &str) -> BTreeSet<Claim> {
    let texts = page.texts();
    let mut claims = reach::of(&texts, cluster);
    claims.extend(reach::images::of(&texts, &BTreeSet::new()));
    claims.extend(texts.iter().flat_map(|text| names_and_ports(text)));
    claims.extend(fixed::new_namespaces(&texts).into_iter().map(Claim::Namespace));
    claims
}

/// Checks that the claimed names are free, and enters the namespace that the document uses.
///
/// # Errors
/// `broken` if something of the name exists that labproof did not make.
pub(super) async fn enter(scene: &mut Scene, page: &Page) -> Outcome {
    let claims: Vec<Claim> = scene.claims.iter().cloned().collect();
    let new = fixed::new_namespaces(&page.texts());
    for claim in claims {
        match claim {
            Claim::Port(port) => containers::port_is_free(scene, port).await?,
            Claim::Container(name) => containers::no_container(scene, name).await?,
            Claim::Namespace(name) if name == "default" => namespaces::enter_empty(scene, &name).await?,
            Claim::Namespace(name) if new.contains(&name) => namespaces::reserve(scene, &name).await?,
            _ => {}
        }
    }
    Ok(())
}

fn names_and_ports(text: &str) -> Vec<Claim> {
    let ports = fixed::ports(text).into_iter().map(Claim::Port);
    let names = fixed::containers(text).into_iter().map(Claim::Container);
    let default = fixed::uses_default(text).then(|| Claim::Namespace("default".into()));
    ports.chain(names).chain(default).collect()
}
