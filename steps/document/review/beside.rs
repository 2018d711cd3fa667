//! Manifests that a page shows, and that stand beside it in a file with other values.

use serde_json::Value;

use crate::{
    document::{
        doubt::Doubt,
        story::{Act, Deed, Story},
    },
    yaml::{self, Bounds},
};

/// The manifests that no command uses and that have another value than the same object in a file beside the page, which a
/// command uses. What only one of them has may be left out.
pub fn compare(story: &mut Story, name: &str, text: &str) {
    let in_file = objects(text);
    let all: Vec<Value> = story.texts().iter().flat_map(|text| objects(text)).collect();
    // A page that shows an object several times changes it.
    let is_once = |object: &Value| all.iter().filter(|other| identity(other) == identity(object)).count() == 1;
    for act in &mut story.acts {
        let Deed::Offer(source) = &act.deed else { continue };
        let shown = objects(&source.text);
        let mut pairs = shown.iter().filter_map(|shown| {
            Some((shown, in_file.iter().find(|own| identity(own) == identity(shown) && is_once(shown))?))
        });
        let differing = pairs.find_map(|(shown, own)| difference(&mut Vec::new(), shown, own));
        if let Some(difference) = differing {
            let doubt = difference.in_act(act, &source.text.clone(), name);
            act.doubts.push(doubt);
        }
    }
}

fn objects(text: &str) -> Vec<Value> {
    yaml::read(text, &Bounds::trusted()).into_iter().filter_map(|document| document.content.ok()).collect()
}

fn identity(object: &Value) -> (Option<&str>, Option<&str>) {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str);
    (text("/kind"), text("/metadata/name"))
}

/// A field with two values.
struct Difference {
    field: String,
    shown: String,
    own: String,
}

impl Difference {
    fn in_act(self, act: &Act, text: &str, file: &str) -> Doubt {
        let Self { field, shown, own } = self;
        let last = field.rsplit('.').next().unwrap_or_default().to_owned();
        let index = text.lines().position(|line| line.contains(&last) && line.contains(&shown)).unwrap_or(0);
        let text = format!("the page shows {field}: {shown}, and the file {file} beside it has {own}");
        Doubt::mistake(act.line + index, text)
    }
}

/// The first field that both have with different values.
fn difference(path: &mut Vec<String>, shown: &Value, own: &Value) -> Option<Difference> {
    match (shown, own) {
        (Value::Object(shown), Value::Object(own)) => shown.iter().find_map(|(key, value)| {
            path.push(key.clone());
            let found = own.get(key).and_then(|other| difference(path, value, other));
            path.pop();
            found
        }),
        (Value::Array(shown), Value::Array(own)) if shown.len() == own.len() => {
            shown.iter().zip(own).find_map(|(one, other)| difference(path, one, other))
        }
        (Value::Object(_) | Value::Array(_) | Value::Null, _)
        | (_, Value::Object(_) | Value::Array(_) | Value::Null) => None,
        (shown, own) if plain(shown) != plain(own) && !is_version(path) && !is_left_open(&plain(shown)) => {
            Some(Difference { field: path.join("."), shown: plain(shown), own: plain(own) })
        }
        _ => None,
    }
}

/// Whether a field is that of the API's version: the server itself says what is wrong with it.
fn is_version(path: &[String]) -> bool {
    path.len() == 1 && path[0] == "apiVersion"
}

/// Whether a value is left to the reader, or left out.
fn is_left_open(value: &str) -> bool {
    value.contains("...") || value.contains('…') || value.contains('<') || value.starts_with("YOUR")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read};

    #[test]
    fn another_value_than_in_the_file_is_found() {
        let page =
            "```yaml\napiVersion: v1beta1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n  replicas: 2\n```\n";
        let found = |file: &str| {
            let mut story = Story::of(&read(Markup::Markdown, page));
            compare(&mut story, "web.yaml", file);
            story.acts[0].doubts.iter().map(|doubt| format!("{} {}", doubt.line, doubt.text)).collect::<Vec<_>>()
        };
        let file = "apiVersion: v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n  selector: {}\n  replicas: 1\n";
        assert_eq!(found(file), ["7 the page shows spec.replicas: 2, and the file web.yaml beside it has 1"]);
        assert_eq!(found(&file.replace("replicas: 1", "replicas: 2")), [""; 0]);
        assert_eq!(found(&file.replace("name: web", "name: db")), [""; 0]);
        assert!(difference(&mut vec!["host".into()], &"...".into(), &"db".into()).is_none());
    }
}
