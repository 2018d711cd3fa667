//! Rewrites the server's error messages for readers who know neither Go nor labproof's own objects.

use std::sync::LazyLock;

use crate::expression::regex;
use regex::{Captures, Regex};

/// A value of the wrong type, in the words of Go's JSON decoder: the found type, the field, and the expected type.
static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:json: )?cannot unmarshal (\S+)(?: -?[\d.e+]+)? into Go (?:struct field [^. ]*\.?([\w.]*)|value) of type (\S+)",
    )
});

/// A count that exceeds the namespace's quota.
static QUOTA: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"exceeded quota: labproof, requested: (?:count/)?(\S+)=\S+, used: \S+, limited: \S+=(\d+)")
});

/// What one of labproof's admission policies says, after its name.
static POLICY: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:\w+AdmissionPolicy|policy) 'labproof[^']*' with binding 'labproof[^']*' denied request: ")
});

/// A request that the server did not carry out because it was counting the objects of the quota at the same moment.
static UNCOUNTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"Operation cannot be fulfilled on resourcequotas "labproof": the object has been modified[^\n]*"#)
});

/// The names of labproof's own objects, which are in each namespace of a learner's.
static OURS: LazyLock<Regex> = LazyLock::new(|| regex(r#"\w+(?:\.\w+)* "labproof[\w.-]*" already exists"#));

/// Whether kubectl printed that the server did not carry out a request, although nothing is wrong with it: the server
/// was counting the objects of labproof's quota at the same moment.
#[must_use]
pub fn says_uncounted(printed: &str) -> bool {
    UNCOUNTED.is_match(printed)
}

/// A text with the server's messages in it, for a learner.
#[must_use]
pub fn in_plain_words(printed: &str) -> String {
    let printed = UNCOUNTED.replace_all(printed, BUSY);
    let printed = POLICY.replace_all(&printed, "");
    let printed = OURS.replace_all(&printed, TAKEN);
    let printed = TYPE.replace_all(&printed, of_wrong_type);
    QUOTA.replace_all(&printed, ALLOWED).into_owned()
}

/// What to say of a name that one of labproof's own objects has.
const TAKEN: &str = "labproof has an object of this name in the namespace: use another name";

/// What to say of a request that met the counting of objects.
const BUSY: &str = "the server was counting the lab's objects at this moment, and did not carry this out";

/// What to say of a quota.
const ALLOWED: &str = "the lab allows no more than $2 $1";

/// The server's message in plain words.
pub(super) fn plain(message: &str) -> String {
    if let Some(found) = POLICY.find(message) {
        return message[found.end()..].to_owned();
    }
    if message.contains("\"labproof") && message.ends_with("already exists") {
        return TAKEN.into();
    }
    let message = TYPE.replace_all(message, of_wrong_type);
    QUOTA.replace_all(&message, ALLOWED).into_owned()
}

/// Whether a message names an object or a policy of labproof's own, which is nothing to a reader.
pub(super) fn is_labproofs(message: &str) -> bool {
    message.contains("labproof")
}

fn of_wrong_type(found: &Captures<'_>) -> String {
    let name = found.get(2).map_or("a value", |name| name.as_str());
    let (is, wanted) = (found_type(&found[1]), wanted_type(&found[3]));
    let quote = if &found[3] == "string" { ": put it in quotation marks" } else { "" };
    format!("{name} is {is}, but must be {wanted}{quote}")
}

fn found_type(found: &str) -> &str {
    match found {
        "bool" => "true or false (as are no, yes, on, off, y and n)",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        "object" => "a group of fields",
        other => other,
    }
}

fn wanted_type(wanted: &str) -> &'static str {
    match wanted {
        "string" => "a text",
        "bool" => "true or false",
        _ if wanted.starts_with("int") || wanted.starts_with("uint") || wanted.starts_with("float") => "a number",
        _ if wanted.starts_with("[]") => "a list",
        _ => "a group of fields",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_the_wrong_type_is_named() {
        let said = "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal bool into Go struct field \
                    ObjectMeta.metadata.labels of type string";
        assert_eq!(
            plain(said),
            "Pod in version \"v1\" cannot be handled as a Pod: metadata.labels is true or false (as are no, yes, on, off, y \
             and n), but must be a text: put it in quotation marks"
        );
        let said = "json: cannot unmarshal string into Go struct field PodSecurityContext.spec.securityContext.runAsUser of type int64";
        assert_eq!(plain(said), "spec.securityContext.runAsUser is a text, but must be a number");
        let said = "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string";
        assert!(plain(said).starts_with("spec.containers.env.value is a number, but must be a text"));
    }

    #[test]
    fn what_kubectl_prints_for_a_learner_is_in_words() {
        let printed = "pod/a created\nError from server (Forbidden): error when creating \"b.yaml\": pods \"b\" is forbidden: \
                       ValidatingAdmissionPolicy 'labproof-images' with binding 'labproof-images' denied request: the lab \
                       does not allow the image evil\nError from server (BadRequest): Pod in version \"v1\" cannot be handled \
                       as a Pod: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type \
                       string\nError from server (AlreadyExists): configmaps \"labproof-images\" already exists\n";
        let words = in_plain_words(printed);
        for wanted in
            ["pod/a created\n", "\"b\" is forbidden: the lab does not allow the image evil\n", "but must be a text"]
        {
            assert!(words.contains(wanted), "{words}");
        }
        for unknown in ["AdmissionPolicy", "labproof-", "Go struct"] {
            assert!(!words.contains(unknown), "{words}");
        }
    }

    #[test]
    fn a_policy_of_the_labs_own_keeps_its_name() {
        let said = "pods \"q\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest' denied request: no";
        assert_eq!((in_plain_words(said), plain(said)), (said.to_owned(), said.to_owned()));
    }

    #[test]
    fn a_request_that_met_the_counting_of_the_quota_is_recognized() {
        let printed = "Error from server (Conflict): error when creating \"a.yaml\": Operation cannot be fulfilled on \
                       resourcequotas \"labproof\": the object has been modified; please apply your changes to the latest \
                       version and try again\npod/b created\n";
        assert!(says_uncounted(printed) && !says_uncounted("Operation cannot be fulfilled on pods \"a\""));
        let words = in_plain_words(printed);
        assert!(words.contains("did not carry this out\npod/b created") && !words.contains("labproof"), "{words}");
    }

    #[test]
    fn labproofs_own_objects_are_not_named() {
        let policy = "pods \"q\" is forbidden: ValidatingAdmissionPolicy 'labproof-images' with binding 'labproof-images' \
                      denied request: the lab does not allow the image evil";
        assert_eq!(plain(policy), "the lab does not allow the image evil");
        let taken = "configmaps \"labproof-images\" already exists";
        assert_eq!(plain(taken), "labproof has an object of this name in the namespace: use another name");
        let quota = "pods \"q\" is forbidden: exceeded quota: labproof, requested: count/pods=1, used: count/pods=20, limited: count/pods=20";
        assert_eq!(plain(quota), "pods \"q\" is forbidden: the lab allows no more than 20 pods");
        assert_eq!(plain("pods \"q\" already exists"), "pods \"q\" already exists");
    }
}
