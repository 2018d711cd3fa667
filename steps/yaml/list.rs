//! The objects of a list, such as `kind: List`, as kubectl's `decodeToList` finds them.

use serde_json::Value;

/// The objects that a document describes: itself, or those of a list. Items without a kind and a version have those of
/// the list: the items of a `PodList` need not say that they are Pods.
#[must_use]
pub fn items(value: &Value) -> Vec<Value> {
    let items = match value.get("items") {
        None => return vec![value.clone()],
        Some(items) => items.as_array().map(Vec::as_slice).unwrap_or_default(),
    };
    let kind = text(value, "kind");
    let kind = kind.strip_suffix("List").unwrap_or(kind);
    let item = |item: &Value| {
        let mut item = item.clone();
        let says_nothing = ["kind", "apiVersion"].into_iter().all(|field| text(&item, field).is_empty());
        if let Some(fields) = item.as_object_mut().filter(|_| says_nothing) {
            fields.insert("kind".into(), kind.into());
            fields.insert("apiVersion".into(), text(value, "apiVersion").into());
        }
        item
    };
    items.iter().map(item).collect()
}

/// Why kubectl cannot read a document that has `items`, which makes it a list whatever its kind is.
pub(super) fn wrong(value: &Value) -> Option<&'static str> {
    let items = value.get("items")?;
    if text(value, "kind").is_empty() {
        return Some("it has `items` but no kind: write `kind: List`");
    }
    match items {
        Value::Null => None,
        Value::Array(items) => items.iter().find_map(wrong_item),
        _ => Some("`items` must be a list of objects"),
    }
}

fn wrong_item(item: &Value) -> Option<&'static str> {
    match item {
        Value::Object(fields) if fields.get("items").is_some_and(Value::is_array) => {
            Some("a list must not contain another list: write the items of the inner one into the outer one")
        }
        Value::Null | Value::Object(_) => None,
        _ => Some("an item of the list is not an object"),
    }
}

/// The text of a field. For kubectl, a kind or a version that is no text is as good as none.
fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
