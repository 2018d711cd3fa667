//! What a document uses exclusively: names and ports that its commands fix.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::Page;
use crate::{
    actions::namespaces, document, machine::claim::Claim, run::reach, scene::Scene, verdict::Outcome,
    vocabulary::containers,
};

/// The claims of a document on the cluster of this name.
pub(super) fn of(page: &Page, cluster: &str) -> BTreeSet<Claim> {
    let texts = page.texts();
    let mut claims = reach::of(&texts, cluster);
    claims.extend(texts.iter().flat_map(|text| names_and_ports(text)));
    claims.extend(new_namespaces(&texts).into_iter().map(Claim::Namespace));
    claims
}

/// Checks that the claimed names are free, and enters the namespace that the document uses.
///
/// # Errors
/// `broken` if something of the name exists that labproof did not make.
pub(super) async fn enter(scene: &mut Scene, page: &Page) -> Outcome {
    let claims: Vec<Claim> = scene.claims.iter().cloned().collect();
    let new = new_namespaces(&page.texts());
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
    static PORT: LazyLock<Regex> = LazyLock::new(|| {
        document::regex(
            r"port-forward\s+(?:\S+\s+)*?(\d{2,5})(?::\d+)?(?:\s|$)|docker run\b[^\n]*?\s(?:-p|--publish)[= ](?:[\d.]+:)?(\d{2,5}):",
        )
    });
    static CONTAINER: LazyLock<Regex> =
        LazyLock::new(|| document::regex(r"docker (?:run|create)\b[^\n]*?--name[= ]([\w.-]+)"));
    static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
        document::regex(
            r"kubectl\b[^\n|;&]*?\s(?:-n|--namespace)[= ]?default(?:\s|$)|\.default(?:\.svc|[\s:/'\x22]|$)|(?m)^\s*namespace:\s*default\s*$",
        )
    });
    let ports = PORT.captures_iter(text).filter_map(|found| found.get(1).or(found.get(2))?.as_str().parse().ok());
    let ports = ports.map(Claim::Port);
    let names = CONTAINER.captures_iter(text).map(|found| Claim::Container(found[1].to_owned()));
    let default = DEFAULT.is_match(text).then(|| Claim::Namespace("default".into()));
    ports.chain(names).chain(default).collect()
}

/// The namespaces that the document creates.
fn new_namespaces(texts: &[String]) -> BTreeSet<String> {
    static COMMAND: LazyLock<Regex> =
        LazyLock::new(|| document::regex(r"kubectl\s+create\s+(?:namespace|ns)\s+([a-z0-9][a-z0-9-]*)"));
    static MANIFEST: LazyLock<Regex> =
        LazyLock::new(|| document::regex(r"(?m)^\s*kind:\s*Namespace\s*\n(?:.*\n)*?\s*name:\s*([a-z0-9][a-z0-9-]*)"));
    let found =
        |rule: &Regex, text: &str| rule.captures_iter(text).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    texts.iter().flat_map(|text| [found(&COMMAND, text), found(&MANIFEST, text)].concat()).collect()
}
