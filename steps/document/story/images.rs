//! The images that a document's commands and manifests use and do not build.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{Deed, Story, content::is_dockerfile};
use crate::{
    document::{fixed, safety},
    expression::regex,
    image_name::ImageName,
};

/// The images that must be provided before the story begins, each with whether Pods pull it. `files` are the contents of
/// files that the document uses and does not contain.
#[must_use]
pub fn needed(story: &Story, files: &[String]) -> BTreeMap<ImageName, bool> {
    static OF_PODS: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?m)(?:^\s*-?\s*"?image"?:\s*|--image[= ])["']?([\w./:@-]*[\w])["']?"#));
    static BASE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?im)^\s*FROM\s+(?:--\S+\s+)?([\w./:@-]+)(?:\s+as\s+(\S+))?"));
    let texts: Vec<String> = story
        .acts
        .iter()
        .filter_map(|act| match &act.deed {
            Deed::Type(typed) => Some(typed.command.clone()),
            Deed::Write(source) => Some(source.text.clone()),
            Deed::Offer(source) => source.is_applied.then(|| source.text.clone()),
            Deed::Leave(..) | Deed::Say(_) => None,
        })
        .chain(files.iter().cloned())
        .collect();
    let commands = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Type(typed) if !typed.is_inside => Some(typed.command.as_str()),
        _ => None,
    });
    let built = built(story);
    let mut images = BTreeMap::new();
    // SQL has lines with FROM as well.
    let builds = |text: &str| {
        is_dockerfile(text)
            || text.contains("Dockerfile")
            || ["FROM ", "ARG ", "# syntax="].iter().any(|word| text.trim_start().starts_with(word))
    };
    for text in &texts {
        let dockerfile = if builds(text) { text.as_str() } else { "" };
        let stages: Vec<String> =
            BASE.captures_iter(dockerfile).filter_map(|found| Some(found.get(2)?.as_str().to_owned())).collect();
        let bases = BASE.captures_iter(dockerfile).map(|found| found[1].to_owned());
        for name in bases.filter(|name| name != "scratch" && !stages.contains(name)) {
            images.entry(ImageName::from(name)).or_insert(false);
        }
        let of_pods = OF_PODS.captures_iter(text).map(|found| found[1].to_owned());
        for name in of_pods.chain(set_by(text)) {
            images.insert(ImageName::from(name), true);
        }
    }
    let is_id = |name: &str| matches!(name.len(), 12 | 64) && name.chars().all(|digit| digit.is_ascii_hexdigit());
    let is_name = |name: &String| {
        !is_id(name) && !name.contains(|letter: char| letter.is_whitespace() || "<>$*{}".contains(letter))
    };
    for name in commands.flat_map(safety::images_used).filter(is_name) {
        images.entry(ImageName::from(name)).or_insert(false);
    }
    images.retain(|name, _| !built.contains(name));
    images
}

/// The images that `kubectl set image` gives to containers.
fn set_by(text: &str) -> Vec<String> {
    static SET: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)\bset\s+image\s+([^\n|;&]*)"));
    static VALUE: LazyLock<Regex> = LazyLock::new(|| regex(r#"(?:^|\s)["']?(?:[a-z0-9][\w-]*|\*)=([\w./:@-]*\w)"#));
    let given = SET.captures_iter(text).flat_map(|found| {
        let values: Vec<String> = VALUE.captures_iter(&found[1]).map(|value| value[1].to_owned()).collect();
        values
    });
    given.collect()
}

/// The images that the document builds.
#[must_use]
pub fn built(story: &Story) -> BTreeSet<ImageName> {
    let texts = story.texts();
    texts.iter().flat_map(|text| fixed::images(text)).map(ImageName::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read};

    fn needed_by(page: &str) -> Vec<String> {
        needed(&Story::of(&read(Markup::Markdown, page)), &[]).into_keys().map(|name| name.to_string()).collect()
    }

    #[test]
    fn images_of_containers_and_pulls_are_needed_too() {
        let page = "```console\n$ docker run -d --name a -p 80:80 httpd:2.4 && docker pull -q redis:7\n$ kind load docker-image --name demo memcached:1 && docker run -d 5a3c2b1d0e9f\n```\n";
        assert_eq!(needed_by(page), ["httpd:2.4", "memcached:1", "redis:7"]);
        let own = "```console\n$ docker pull nginx:1.27\n$ docker tag nginx:1.27 shop:1\n$ kind load docker-image shop:1\n$ docker run --rm $IMAGE\n$ docker compose pull web\n```\n";
        assert_eq!(needed_by(own), ["nginx:1.27"]);
    }
}
