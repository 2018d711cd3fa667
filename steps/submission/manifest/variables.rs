//! The rule for references to variables, `$(NAME)`. The kubelet writes them out before it starts a container, in its own
//! memory: thirty variables that each name the one before twice would need gigabytes of it.

use serde_json::Value;

use super::findings::{Findings, given, items};
use crate::submission::rule::Rule;

/// How many references a container may have in its command, its arguments, and its variables with several references.
/// The text grows most where chains of variables have three each: with 16 in all, to some 300 times its length.
const MOST_REFERENCES: usize = 16;

/// Judges the references of a container.
pub(super) fn judge(findings: &mut Findings<'_>, container: &Value) {
    let count = references(container);
    if count > MOST_REFERENCES {
        let line = findings.document.0.line_of("env", "");
        let message = format!(
            "{count} references such as $(NAME) are not allowed: a container may have {MOST_REFERENCES} in its command, its \
             arguments, and its variables with several references"
        );
        findings.refuse_at(line, Rule::Variables, message);
    }
}

/// The references in a container's command and arguments, and in its variables with more than one.
fn references(container: &Value) -> usize {
    let variables = items(container, "env");
    let values = variables.iter().filter_map(|variable| variable.get("value")?.as_str());
    let in_values: usize = values.map(|value| value.matches("$(").count()).filter(|count| *count > 1).sum();
    let names: Vec<String> =
        variables.iter().filter_map(|variable| Some(format!("$({})", variable.get("name")?.as_str()?))).collect();
    let names_unknown = given(container, "envFrom").is_some();
    let in_words: usize = ["command", "args"]
        .iter()
        .flat_map(|key| items(container, key))
        .filter_map(Value::as_str)
        .map(|word| if names_unknown { named(word) } else { known(word, &names) })
        .sum();
    in_values + in_words
}

/// How often a text refers to one of these variables.
fn known(text: &str, names: &[String]) -> usize {
    names.iter().map(|name| text.matches(name.as_str()).count()).sum()
}

/// How often a text has a reference to a variable of any name. A shell's `$(date)` looks the same.
fn named(text: &str) -> usize {
    let is_name = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
    };
    text.split("$(").skip(1).filter(|after| after.split_once(')').is_some_and(|(name, _)| is_name(name))).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_count_where_they_multiply() {
        let single: Vec<Value> = (0..40).map(|n| json!({"name": format!("V{n}"), "value": "$(HOST):80"})).collect();
        assert_eq!(references(&json!({"env": single})), 0);
        let double: Vec<Value> =
            (1..10).map(|n| json!({"name": format!("V{n}"), "value": format!("$(V{0})$(V{0})", n - 1)})).collect();
        assert_eq!(references(&json!({"env": double})), 18);
        let args = json!({"env": [{"name": "A", "value": "x"}], "args": ["$(A) $(date) $(A)"], "command": ["$(A)"]});
        assert_eq!(references(&args), 3);
        let from = json!({"envFrom": [{"configMapRef": {"name": "c"}}], "args": ["$(A) $(date) $(ls -l) $("]});
        assert_eq!(references(&from), 2);
    }
}
