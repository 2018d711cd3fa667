//! The fields of a request's JSON as the engine reads them: it ignores the case of their names.

use serde_json::Value;

/// Why a request's content is not judged.
pub(super) const UNCLEAR: &str = "labproof cannot read what it asks for";

/// The value of a field; null if there is none.
///
/// # Errors
/// If several fields have the name, because then only the engine knows which counts.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Result<&'a Value, &'static str> {
    let mut found = object.as_object().into_iter().flatten().filter(|(key, _)| is_called(key, name));
    match (found.next(), found.next()) {
        (None, _) => Ok(&Value::Null),
        (Some((_, value)), None) => Ok(value),
        _ => Err(UNCLEAR),
    }
}

/// The text of a field; empty if there is none.
///
/// # Errors
/// As for [`field`], or if it has a value that is no text.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> Result<&'a str, &'static str> {
    match field(object, name)? {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        _ => Err(UNCLEAR),
    }
}

/// The texts of a field; none if there is no such field.
///
/// # Errors
/// As for [`field`], or if it has a value that is no list of texts.
pub(super) fn texts<'a>(object: &'a Value, name: &str) -> Result<Vec<&'a str>, &'static str> {
    list(object, name)?.iter().map(|item| item.as_str().ok_or(UNCLEAR)).collect()
}

/// The items of a field; none if there is no such field.
///
/// # Errors
/// As for [`field`], or if it has a value that is no list.
pub(super) fn list<'a>(object: &'a Value, name: &str) -> Result<&'a [Value], &'static str> {
    match field(object, name)? {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        _ => Err(UNCLEAR),
    }
}

/// Adds a label to the object that a request describes.
///
/// # Errors
/// If it has labels that are none.
pub(super) fn add_label(object: &mut Value, name: &str, value: &str) -> Result<(), &'static str> {
    field(object, "Labels")?;
    let fields = object.as_object_mut().ok_or(UNCLEAR)?;
    let key = fields.keys().find(|key| is_called(key, "Labels")).cloned().unwrap_or_else(|| "Labels".into());
    let labels = fields.entry(key).or_insert(Value::Null);
    if labels.is_null() {
        *labels = Value::Object(serde_json::Map::new());
    }
    labels.as_object_mut().ok_or(UNCLEAR)?.insert(name.to_owned(), value.into());
    Ok(())
}

/// Whether the engine takes a key for this name: Go also folds the long s, and the sign for kelvins.
fn is_called(key: &str, name: &str) -> bool {
    key.replace('ſ', "s").to_lowercase() == name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_case_of_a_name_is_ignored_and_two_of_a_name_are_refused() {
        assert_eq!(text(&json!({"hoſtconfig": "x"}), "HostConfig"), Ok("x"));
        assert_eq!(text(&json!({"NetworK\u{212a}": "x"}), "networkk"), Ok("x"));
        assert_eq!(text(&json!({}), "HostConfig"), Ok(""));
        assert_eq!(text(&json!({"a": "1", "A": "2"}), "A"), Err(UNCLEAR));
        assert_eq!(text(&json!({"a": 1}), "A"), Err(UNCLEAR));
        assert_eq!(texts(&json!({"a": ["x"]}), "A"), Ok(vec!["x"]));
        assert_eq!(texts(&json!({"a": [1]}), "A"), Err(UNCLEAR));
    }

    #[test]
    fn a_label_is_added_to_the_labels_that_are_there() {
        for (mut object, expected) in [
            (json!({}), json!({"Labels": {"run": "1"}})),
            (json!({"Labels": null}), json!({"Labels": {"run": "1"}})),
            (json!({"labels": {"a": "b", "run": "0"}}), json!({"labels": {"a": "b", "run": "1"}})),
        ] {
            add_label(&mut object, "run", "1").unwrap();
            assert_eq!(object, expected);
        }
        assert!(add_label(&mut json!({"Labels": []}), "run", "1").is_err());
        assert!(add_label(&mut json!([]), "run", "1").is_err());
    }
}
