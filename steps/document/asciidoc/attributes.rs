//! The attributes of an `AsciiDoc` page: what it defines itself, what the files define that it includes, and what Antora's
//! descriptions of its component and its site define.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::{Captures, Regex};

use crate::{
    document::includes::Files,
    expression::regex,
    yaml::{self, Bounds},
};

/// The files in which Antora has attributes, in a folder above that of the pages.
const OF_ANTORA: [&str; 4] = ["antora.yml", "site.yml", "antora-playbook.yml", "dev-site.yml"];
/// How many folders above the page's they may be.
const HIGHEST: usize = 5;

/// How many lines of an included file may define attributes.
const MOST: usize = 1000;
/// How long a value may become, in bytes: values may contain others.
const LONGEST: usize = 4096;

/// The values of attributes by their names.
#[derive(Debug, Default)]
pub(super) struct Attributes(BTreeMap<String, String>);

impl Attributes {
    /// The attributes that Antora's files around a page define.
    pub(super) fn around(files: Files<'_>) -> Self {
        let mut values = BTreeMap::new();
        for height in (1..=HIGHEST).rev() {
            for name in OF_ANTORA {
                let text = files(&format!("{}{name}", "../".repeat(height)));
                values.extend(text.as_deref().map(of_antora).unwrap_or_default());
            }
        }
        Self(values)
    }

    /// Takes a line that defines an attribute, as `:name: value` does, or that includes a file with such lines.
    pub(super) fn take(&mut self, line: &str, files: Files<'_>) {
        let included = line.strip_prefix("include::").and_then(|rest| rest.split_once('['));
        let text = included.and_then(|(path, _)| files(&self.resolved(path)));
        for (name, value) in text.iter().flat_map(|text| text.lines()).take(MOST).chain([line]).filter_map(definition) {
            let value = self.resolved(&value);
            if value.len() <= LONGEST {
                self.0.insert(name, value);
            }
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text with the attributes' values; one that nothing defines stays.
    pub(super) fn resolved(&self, text: &str) -> String {
        static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"(\\?)\{([\w-]+)\}"));
        let value = |found: &Captures<'_>| match self.0.get(&found[2]) {
            _ if !found[1].is_empty() => found[0][1..].to_owned(),
            Some(value) => value.clone(),
            None => found[0].to_owned(),
        };
        NAME.replace_all(text, value).into_owned()
    }
}

fn definition(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    let value = value.strip_prefix(' ').or(value.is_empty().then_some(""))?;
    (is_name && !name.is_empty()).then(|| (name.to_owned(), value.trim().to_owned()))
}

/// The attributes in `asciidoc.attributes` of a file; a value with `@` behind it may be defined otherwise by a page.
fn of_antora(text: &str) -> Vec<(String, String)> {
    let documents = yaml::read(text, &Bounds::trusted());
    let content = documents.iter().find_map(|document| document.content.as_ref().ok());
    let attributes = content.and_then(|content| content.pointer("/asciidoc/attributes")?.as_object());
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.trim_end_matches('@').to_owned(),
        other => other.to_string(),
    };
    attributes.into_iter().flatten().map(|(name, own)| (name.clone(), value(own))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_from_the_page_and_from_files() {
        let files = |path: &str| match path {
            "../../antora.yml" => {
                Some("name: x\nasciidoc:\n  attributes:\n    ns: shop@\n    replicas: 3\n".to_owned())
            }
            "_attributes.adoc" => Some(":tool: kubectl\n".to_owned()),
            _ => None,
        };
        let mut attributes = Attributes::around(&files);
        attributes.take("include::_attributes.adoc[]", &files);
        attributes.take(":own: {ns}", &files);
        assert_eq!(attributes.resolved("{tool} -n {ns} {replicas} $\\{P} {other}"), "kubectl -n shop 3 ${P} {other}");
        assert_eq!(attributes.resolved("{own}"), "shop");
    }
}
