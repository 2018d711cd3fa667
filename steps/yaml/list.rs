//! The objects of a list, such as `kind: List`.

use serde_json::Value;

/// The objects that a document describes: itself, or those of a list as kubectl takes them out of it, lists within it
/// included. The items of a `PodList` need not say that they are Pods.
#[must_use]
pub fn items(value: &Value) -> Vec<Value> {
    let Some(items) = value.get("items").and_then(Value::as_array) else { return vec![value.clone()] };
    let kind = value["kind"].as_str().and_then(|kind| kind.strip_suffix("List")).filter(|kind| !kind.is_empty());
    let item = |item: &Value| {
        let mut item = item.clone();
        if let (Some(kind), Some(fields)) = (kind, item.as_object_mut()) {
            fields.entry("kind").or_insert_with(|| kind.into());
            fields.entry("apiVersion").or_insert_with(|| value["apiVersion"].clone());
        }
        self::items(&item)
    };
    items.iter().flat_map(item).collect()
}
