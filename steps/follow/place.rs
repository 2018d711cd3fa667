//! The line of a manifest that the server's message is about. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    document::story::{Act, Deed},
    expression::regex,
    yaml::{self, Bounds, Unreadable},
};

/// The line in the document of what a message names: a field, or a version that has no such kind. The acts are those before
/// the command, the newest last.
pub(super) fn of_message(message: &str, acts: &[Act]) -> Option<usize> {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| regex(r#"unknown field "([^"]+)""#));
    static INVALID: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\b((?:spec|metadata|data|rules|webhooks|roleRef|subjects)[\w.\[\]/-]*): (?:Invalid|Unsupported|Required|Duplicate) value|\b((?:spec|metadata|data)[\w.\[\]/-]+): (?:Forbidden|Too \w+|Not found)",
        )
    });
    static TYPE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"cannot unmarshal \S+ into Go struct field \w+\.([\w.]+) of"));
    static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r#"no matches for kind "([^"]+)" in version "([^"]+)""#));
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"accumulating resources from '([^']+)'"));
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"The \w+ "([^"]+)" is invalid|\w "([^"]+)" is (?:invalid|forbidden)"#));
    let name = NAME.captures(message).and_then(|found| found.get(1).or(found.get(2))).map_or("", |name| name.as_str());
    let place = |text: &str| -> Option<usize> {
        if message.contains("error converting YAML to JSON") {
            let place = of_syntax(text)?;
            let is_open = message.contains("did not find expected ',' or");
            return Some(if is_open { opened(text, place) } else { place });
        }
        if message.contains("illegal base64 data") {
            return of_plain_data(text);
        }
        if let Some(found) = FOLDER.captures(message) {
            return line_with(text, &found[1]);
        }
        if let Some(found) = UNKNOWN.captures(message) {
            let exact = of_path(text, &found[1], name).filter(|(_, is_whole)| *is_whole).map(|(place, _)| place);
            return exact.or_else(|| line_with(text, &format!("{}:", found[1].rsplit('.').next()?)));
        }
        if let Some(found) = INVALID.captures(message) {
            let (place, _) = of_path(text, found.get(1).or(found.get(2))?.as_str(), name)?;
            return Some(entry_of_value(message, text, place).unwrap_or(place));
        }
        if let Some(found) = TYPE.captures(message) {
            return of_path(text, &found[1], "").filter(|(_, is_whole)| *is_whole).map(|(place, _)| place);
        }
        // The command is wrong, not the file.
        let found = VERSION.captures(message).filter(|found| &found[1] != "Kustomization")?;
        line_with(text, &format!("apiVersion: {}", &found[2]))
    };
    let texts = acts.iter().rev().filter_map(|act| match &act.deed {
        Deed::Write(source) | Deed::Offer(source) => Some((act.line, source.text.as_str())),
        Deed::Type(typed) if typed.command.contains("<<") => Some((act.line, typed.command.as_str())),
        _ => None,
    });
    texts.into_iter().find_map(|(line, text)| place(text).map(|place| line + place))
}

/// The place at which a text is no longer YAML. kubectl counts lines from the object's first one, and often one line too few.
fn of_syntax(text: &str) -> Option<usize> {
    let documents = yaml::read(text, &Bounds::trusted());
    match documents.into_iter().find_map(|document| document.content.err())? {
        Unreadable::Unread { line, .. } => line.checked_sub(1),
        Unreadable::Bomb => None,
    }
}

/// The place of the last bracket before a place, included, that is not closed in its line.
fn opened(text: &str, place: usize) -> usize {
    let count = |line: &str, signs: [char; 2]| line.matches(signs).count();
    let is_open = |line: &str| count(line, ['[', '{']) > count(line, [']', '}']);
    let lines: Vec<&str> = text.lines().take(place + 1).collect();
    lines.iter().rposition(|line| is_open(line)).unwrap_or(place)
}

/// The place of the first value in the data of a Secret that is not written in base64.
fn of_plain_data(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let data = lines.iter().position(|line| line.trim_end() == "data:")?;
    let is_below = |line: &&&str| line.starts_with(' ');
    let is_plain = |line: &str| {
        let value = line.split_once(": ").map_or("", |(_, value)| value).trim().trim_matches(['"', '\'']);
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "+/=".contains(sign);
        !value.len().is_multiple_of(4) || !value.chars().all(is_sign)
    };
    let index = lines[data + 1..].iter().take_while(is_below).position(|line| is_plain(line))?;
    Some(data + 1 + index)
}

/// The place of the only entry of the map that a message calls invalid, below the place of the map.
fn entry_of_value(message: &str, text: &str, place: usize) -> Option<usize> {
    static ENTRY: LazyLock<Regex> = LazyLock::new(|| regex(r#"Invalid value: \{"([^"]+)":"[^"]*"\}"#));
    let key = ENTRY.captures(message)?.get(1)?.as_str();
    let next = place + 1;
    key_of(text.lines().nth(next)?, key).then_some(next)
}

/// The place of a field such as `spec.containers[0].image` in the manifest of the object of this name, or of any, and whether
/// all of it was found. Of a field that is missing, the place of what should contain it.
fn of_path(text: &str, path: &str, name: &str) -> Option<(usize, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("---")).collect();
    let ends = starts.iter().copied().chain([lines.len()]);
    let documents = [0].into_iter().chain(starts.iter().copied()).zip(ends);
    let has_name = |(from, to): &(usize, usize)| {
        let written = format!("name: {name}");
        name.is_empty() || lines[*from..*to].iter().any(|line| line.replace(['"', '\''], "").contains(&written))
    };
    documents
        .filter(has_name)
        .find_map(|(from, to)| within(&lines[from..to], path).map(|(place, is_whole)| (from + place, is_whole)))
}

/// The place of a field in the lines of one manifest. The keys of a path stand in its order, so each is searched below the one
/// before.
fn within(lines: &[&str], path: &str) -> Option<(usize, bool)> {
    static PART: LazyLock<Regex> = LazyLock::new(|| regex(r"[^.\[\]]+|\[\d+\]"));
    let (mut at, mut found) = (0, 0);
    let parts: Vec<&str> = PART.find_iter(path).map(|part| part.as_str()).collect();
    for part in &parts {
        let next = match part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
            Some(index) => item(lines, at, index.parse().ok()?),
            None => (at..lines.len()).find(|place| key_of(lines[*place], part)),
        };
        match next {
            Some(place) => (at, found) = (place, found + 1),
            // It is missing, or it stands in the same line: `{key: value}`.
            None => break,
        }
    }
    (found > 1 || found == parts.len()).then_some((at, found == parts.len()))
}

/// The place of an item of the list that begins after a line.
fn item(lines: &[&str], at: usize, index: usize) -> Option<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begins = |place: &usize| lines[*place].trim_start().starts_with("- ");
    let first = (at + 1..lines.len()).find(begins)?;
    (first..lines.len()).filter(|place| begins(place) && indent(lines[*place]) == indent(lines[first])).nth(index)
}

/// Whether a line begins with this key.
fn key_of(line: &str, key: &str) -> bool {
    let written = line.trim_start_matches([' ', '-', '"', '\'']);
    written.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
}

/// The place of the only line of a text that begins so.
fn line_with(text: &str, written: &str) -> Option<usize> {
    let begins = |line: &str| line.trim_start_matches([' ', '-']).replace(['"', '\''], "").starts_with(written);
    let mut places = text.lines().enumerate().filter(|(_, line)| begins(line)).map(|(place, _)| place);
    places.next().filter(|_| places.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read, story::Story};

    fn line(manifest: &str, message: &str) -> Option<usize> {
        let page = format!("Write `a.yaml`:\n\n```yaml\n{manifest}```\n");
        of_message(message, &Story::of(&read(Markup::Markdown, &page)).acts)
    }

    #[test]
    fn a_message_about_a_manifest_has_its_line() {
        let job = "apiVersion: batch/v1beta1\nkind: Job\nspec:\n  backoffLimits: 2\n";
        let unknown = "Error: strict decoding error: unknown field \"spec.backoffLimits\"";
        assert_eq!(line(job, unknown), Some(7));
        let gone = "no matches for kind \"Job\" in version \"batch/v1beta1\"";
        assert_eq!(line(job, gone), Some(4));
        assert_eq!(line(job, "unknown field \"spec.other\""), None);
        let list = "apiVersion: v1\nkind: RoleBinding\nroleRef:\n- kind: Role\nsubjects: []\n";
        let unfit = |field: &str| format!("json: cannot unmarshal array into Go struct field {field} of type v1.X");
        assert_eq!(line(list, &unfit("RoleBinding.roleRef")), Some(6));
        let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes: ReadWriteOnce\n";
        assert_eq!(line(claim, &unfit("PersistentVolumeClaimSpec.spec.accessModes")), Some(7));
        let labels = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  template:\n    metadata:\n      labels:\n        app: b\n";
        let other =
            r#"The Deployment "a" is invalid: spec.template.metadata.labels: Invalid value: {"app":"b"}: no match"#;
        assert_eq!(line(labels, other), Some(12));
        assert_eq!(line(job, "pods \"a\" not found"), None);
        let open = "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n labels: {}\n";
        let unread =
            "error: error parsing a.yaml: error converting YAML to JSON: yaml: line 4: did not find expected key";
        assert_eq!(line(open, unread), Some(11));
    }

    #[test]
    fn a_message_about_a_value_has_its_line() {
        let secret = "apiVersion: v1\nkind: Secret\ndata:\n  user: YWRtaW4=\n  password: s3cr3t!\n";
        let illegal = "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 6";
        assert_eq!(line(secret, illegal), Some(8));
        let probe = "apiVersion: v1\nkind: Pod\nspec:\n  command: [\"cat\", \"/tmp/a\"\n  delay: 5\n";
        let open = "error converting YAML to JSON: yaml: line 3: did not find expected ',' or ']'";
        assert_eq!(line(probe, open), Some(7));
        let base = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- ../base\n";
        let folder = "error: accumulating resources: accumulation err='accumulating resources from '../base': no";
        assert_eq!(line(base, folder), Some(7));
    }

    #[test]
    fn a_field_is_found_by_its_path_in_the_object_that_the_message_names() {
        let pods = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: x\n    image: i\n---\napiVersion: v1\nkind: Pod\nmetadata: \
                    {name: b}\nspec:\n  containers:\n  - name: x\n    image: i\n  - image: i\n    name: y\n    ports:\n    - \
                    containerPort: 80\n";
        let of =
            |path: &str| line(pods, &format!("The Pod \"b\" is invalid: {path}: Invalid value: \"in\": not valid"));
        assert_eq!(of("spec.containers[1].image"), Some(20));
        assert_eq!(of("spec.containers[1].ports[0].containerPort"), Some(23));
        assert_eq!(of("spec.containers[1].ports[0].protocol"), Some(23), "what is missing belongs there");
        assert_eq!(line(pods, "The Pod \"a\" is invalid: spec.containers[0].image: Required value"), Some(11));
    }
}
