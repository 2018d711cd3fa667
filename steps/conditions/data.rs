//! Conditions of the values that `ConfigMaps` and Secrets hold.

use k8s_openapi::ByteString;
use serde_json::Value;

use super::{Judgement, object, text, wildcard::Kept};

/// The value of this key is this text; of several lines, one is. Named wildcards in the text keep what they match.
///
/// # Errors
/// The judgement, if it is not.
pub fn has(kind: &str, object: Option<&Value>, key: &str, expected: &str, kept: &Kept) -> Result<Kept, Judgement> {
    let object = object.ok_or_else(object::missing)?;
    let value = value(kind, object, key)?;
    let mut lines = value.lines();
    if let Some(kept) = lines.find_map(|line| text::is(line, expected, kept).ok()) {
        return if is_padded(kind, &value) { Err(Judgement::NotYet(PADDED.into())) } else { Ok(kept) };
    }
    Err(Judgement::NotYet(format!("it is \"{}\"", value.escape_debug()).into()))
}

/// What is wrong with the value of a Secret that is one line and its end.
const PADDED: &str =
    "its value ends with a line end, which is part of it: `echo` adds one, `echo -n` and `printf` do not";

fn is_padded(kind: &str, value: &str) -> bool {
    kind == "Secret" && value.ends_with('\n') && value.lines().count() == 1
}

fn value(kind: &str, object: &Value, key: &str) -> Result<String, Judgement> {
    let wrong = |why: String| Judgement::NotYet(why.into());
    match object["data"].get(key) {
        Some(Value::String(value)) if kind == "Secret" => {
            let decoded = serde_json::from_value::<ByteString>(Value::from(value.as_str())).ok();
            decoded
                .and_then(|ByteString(bytes)| String::from_utf8(bytes).ok())
                .ok_or_else(|| wrong("it is not a text".into()))
        }
        Some(Value::String(value)) => Ok(value.clone()),
        _ if object["binaryData"].get(key).is_some() => Err(wrong("it is not a text".into())),
        _ => {
            let keys: Vec<&str> =
                object["data"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            let keys = if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
            Err(wrong(format!("it does not have this key; it has {keys}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen((kind, object): (&str, &Value), key: &str, expected: &str) -> String {
        match has(kind, Some(object), key, expected, &Kept::new()) {
            Ok(_) => "holds".into(),
            Err(Judgement::NotYet(cause) | Judgement::Hopeless(cause)) => cause.to_string(),
            Err(Judgement::Holds) => unreachable!(),
        }
    }

    #[test]
    fn a_value_is_this_text_or_has_it_as_a_line() {
        let map = json!({"data": {"color": "blue", "app.conf": "a=1\nb=2\n"}, "binaryData": {"x": "AAAA"}});
        assert_eq!(seen(("ConfigMap", &map), "color", "blue"), "holds");
        assert_eq!(seen(("ConfigMap", &map), "color", "blu"), "it is \"blue\"");
        assert_eq!(seen(("ConfigMap", &map), "app.conf", "b=[NUMBER]"), "holds");
        assert_eq!(seen(("ConfigMap", &map), "app.conf", "b=3"), "it is \"a=1\\nb=2\\n\"");
        assert_eq!(seen(("ConfigMap", &map), "colour", "blue"), "it does not have this key; it has app.conf, color");
        assert_eq!(seen(("ConfigMap", &map), "x", "blue"), "it is not a text");
    }

    #[test]
    fn a_secret_is_decoded_and_its_line_end_is_found() {
        let secret = json!({"data": {"right": "czNjcmV0", "padded": "czNjcmV0Cg==", "bytes": "/w=="}});
        assert_eq!(seen(("Secret", &secret), "right", "s3cret"), "holds");
        assert_eq!(seen(("Secret", &secret), "padded", "s3cret"), PADDED);
        assert_eq!(seen(("Secret", &secret), "bytes", "s3cret"), "it is not a text");
        assert_eq!(seen(("Secret", &json!({})), "right", "s3cret"), "it does not have this key; it has none");
    }
}
