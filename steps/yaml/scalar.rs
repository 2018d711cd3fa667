//! The meaning of a scalar, by the rules of go-yaml (version 2) for unquoted texts.

use std::sync::LazyLock;

use crate::expression::regex;
use base64::{Engine, prelude::BASE64_STANDARD};
use regex::Regex;

/// The meaning of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer that is too large for a signed 64-bit integer.
    Large(u64),
    Float(f64),
    Text(String),
}

const PREFIX: &str = "tag:yaml.org,2002:";

/// The meaning of a scalar with this tag in its long form. An untagged scalar has none.
///
/// # Errors
/// If the text does not fit its tag.
pub(super) fn resolve(tag: Option<&str>, text: &str) -> Result<Scalar, String> {
    let Some(tag) = tag else { return Ok(plain(text)) };
    let cannot = |short: &str| format!("{text:?} is not what its tag !!{short} says: leave the tag out");
    match tag.strip_prefix(PREFIX) {
        Some("binary") => {
            let bytes = BASE64_STANDARD.decode(text.replace(['\r', '\n'], "")).map_err(|_| cannot("binary"))?;
            Ok(Scalar::Text(String::from_utf8_lossy(&bytes).into_owned()))
        }
        Some(short @ ("bool" | "int" | "float" | "null" | "timestamp")) => match (short, plain(text)) {
            ("float", Scalar::Int(int)) =>
            {
                #[expect(clippy::cast_precision_loss, reason = "go-yaml loses it, too")]
                Ok(Scalar::Float(int as f64))
            }
            ("timestamp", Scalar::Text(text)) if is_timestamp(&text) => Ok(Scalar::Text(text)),
            ("bool", value @ Scalar::Bool(_))
            | ("int", value @ (Scalar::Int(_) | Scalar::Large(_)))
            | ("float", value @ Scalar::Float(_))
            | ("null", value @ Scalar::Null) => Ok(value),
            _ => Err(cannot(short)),
        },
        _ => Ok(Scalar::Text(text.to_owned())),
    }
}

fn plain(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => number(text).unwrap_or_else(|| Scalar::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Scalar> {
    if text.starts_with('.') {
        return float(&FRACTION, text).map(Scalar::Float);
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '+' || first == '-') {
        return None;
    }
    let digits = text.replace('_', "");
    integer(&digits)
        .or_else(|| float(&FLOAT, &digits).map(Scalar::Float))
        .or_else(|| integer_of(digits.strip_prefix("0b")?, 2))
}

/// An integer with the prefixes of Go: `0x`, `0o`, `0b` and `0`, the last two of which are octal.
fn integer(digits: &str) -> Option<Scalar> {
    let (sign, unsigned) = match digits.as_bytes().first()? {
        b'-' => ("-", &digits[1..]),
        b'+' => ("+", &digits[1..]),
        _ => ("", digits),
    };
    let (base, rest) = match unsigned.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &unsigned[2..]),
        Some("0o") => (8, &unsigned[2..]),
        Some("0b") => (2, &unsigned[2..]),
        _ if unsigned.len() > 1 && unsigned.starts_with('0') => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if !rest.starts_with(|first: char| first.is_digit(base)) {
        return None;
    }
    integer_of(&format!("{sign}{rest}"), base)
}

fn integer_of(digits: &str, base: u32) -> Option<Scalar> {
    if let Ok(int) = i64::from_str_radix(digits, base) {
        return Some(Scalar::Int(int));
    }
    let unsigned = digits.starts_with(|first: char| first.is_digit(base));
    u64::from_str_radix(digits, base).ok().filter(|_| unsigned).map(Scalar::Large)
}

static FLOAT: LazyLock<Regex> = LazyLock::new(|| regex(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"));

/// A text that begins with a point. Here, underscores may separate digits.
static FRACTION: LazyLock<Regex> = LazyLock::new(|| regex(r"^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$"));

static TIMESTAMP: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\d{4}-\d{1,2}-\d{1,2}([Tt]\d{1,2}:\d{1,2}:\d{1,2}([.,]\d+)?(Z|[-+]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}([.,]\d+)?)?$",
    )
});

fn is_timestamp(text: &str) -> bool {
    TIMESTAMP.is_match(text)
}

/// A number that is too large for a float is a text.
fn float(pattern: &Regex, digits: &str) -> Option<f64> {
    let digits = pattern.is_match(digits).then(|| digits.replace('_', ""))?;
    digits.parse().ok().filter(|float: &f64| float.is_finite())
}
