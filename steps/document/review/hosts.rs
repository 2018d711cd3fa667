//! Names of the cluster's DNS: their namespace must be one of the document's, if it makes some.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    Doubt,
    objects::{self, ReviewedObject},
};
use crate::{
    document::{
        names,
        story::{Deed, Story},
    },
    expression::regex,
};

/// A part of a host's name.
const LABEL: &str = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/// How much alike two names are of which one is misspelt; any other may be the namespace of an add-on.
const ALIKE: f32 = 0.6;

/// Namespaces that each cluster has.
const OF_EACH_CLUSTER: [&str; 5] = ["default", "kube-system", "kube-public", "kube-node-lease", "local-path-storage"];

pub(super) fn doubts(all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    static HOST: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!(r"\b{LABEL}\.({LABEL})\.(?:svc(?:[:/\s\x22'`,)]|\.cluster\.local|$)|pod\.cluster\.local)"))
    });
    let by_manifest = all.iter().filter(|object| object.kind == "Namespace").map(|object| object.name.clone());
    let made: BTreeSet<String> = by_manifest.chain(objects::made_by_command(story, "Namespace")).collect();
    if made.is_empty() || objects::may_make_others(story) {
        return Vec::new();
    }
    let (mut doubts, mut meant) = (Vec::new(), BTreeMap::new());
    for act in &story.acts {
        let text = match &act.deed {
            Deed::Type(typed) if !typed.may_fail => &typed.command,
            Deed::Write(source) | Deed::Offer(source) => &source.text,
            _ => continue,
        };
        for found in HOST.captures_iter(text) {
            let name = &found[1];
            // Another object's name may stand before it, as that of a Pod of a StatefulSet does.
            let is_known = made.contains(name) || OF_EACH_CLUSTER.contains(&name);
            let host = found[0].trim_end_matches(|letter: char| !letter.is_alphanumeric());
            if is_known {
                continue;
            }
            let nearest = || names::nearest(name, made.iter().map(String::as_str), ALIKE).map(str::to_owned);
            if let Some(nearest) = meant.entry(name.to_owned()).or_insert_with(nearest).clone() {
                let line = act.line + text[..found.get(1).map_or(0, |name| name.start())].matches('\n').count();
                let text = format!(
                    "the host {host} is in the namespace {name}, which the document does not make; it makes {nearest}"
                );
                doubts.push(Doubt::mistake(line, text).instead(name, &nearest));
            }
        }
    }
    doubts
}
