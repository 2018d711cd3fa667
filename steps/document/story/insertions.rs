//! Lines that the reader adds to a file: "Add these lines to `pod.yaml` below `image:`." They are added only if the document
//! says exactly where.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{Act, Deed, Source, content::names, used::written_files};
use crate::{
    document::{safety::Edit, words},
    expression::regex,
};

/// The file of the document to which the last paragraph of the prose tells to add something, by its index: the one that it
/// names or, if it names none, the last manifest.
pub(super) fn target<'a>(prose: &str, acts: &'a [Act]) -> Option<(usize, &'a Source)> {
    let paragraph = last_paragraph(prose);
    let named: BTreeSet<String> = names(paragraph).into_iter().collect();
    if named.len() > 1 || !words::has(paragraph, words::ADD) {
        return None;
    }
    let is_it = |source: &&Source| match named.first() {
        Some(name) => source.name.as_ref() == Some(name),
        None => source.name.is_some() && source.is_manifest(),
    };
    acts.iter().enumerate().rev().find_map(|(index, act)| match &act.deed {
        Deed::Write(source) => Some((index, source)).filter(|(_, source)| is_it(source)),
        _ => None,
    })
}

/// The edit that the last paragraph of the prose tells to make, if only a command makes the file: its text is not known before
/// the command has run.
pub(super) fn made_by_command(prose: &str, acts: &[Act]) -> Option<Edit> {
    let paragraph = last_paragraph(prose);
    let named: BTreeSet<String> = names(paragraph).into_iter().collect();
    let name = named.first().filter(|_| named.len() == 1 && words::has(paragraph, words::ADD))?;
    let makes = |act: &Act| matches!(&act.deed, Deed::Type(typed) if written_files(&typed.command).contains(name));
    acts.iter().any(makes).then(|| Edit { file: name.clone(), below: fields(paragraph) })
}

/// The file with the lines of a block, below the only field that the paragraph names.
pub(super) fn inserted(prose: &str, lines: &str, (index, source): (usize, &Source)) -> Option<Source> {
    let text = with_lines(&fields(last_paragraph(prose)), lines, &source.text)?;
    Some(Source { text, edits: Some(source.edits.unwrap_or(index)), ..source.clone() })
}

/// A text with other lines below one of these fields; `None` if the text does not have exactly one of them, once.
#[must_use]
pub fn with_lines(fields: &[String], lines: &str, text: &str) -> Option<String> {
    let mut known = fields.iter().filter(|field| places_of(field, text).len() == 1);
    let field = known.next().filter(|_| known.next().is_none())?;
    below(field, lines, text)
}

/// The fields that a paragraph names.
fn fields(paragraph: &str) -> Vec<String> {
    static SPAN: LazyLock<Regex> = LazyLock::new(|| regex(r"`+([A-Za-z]\w*):?`+"));
    let names: BTreeSet<&str> =
        SPAN.captures_iter(paragraph).filter_map(|found| Some(found.get(1)?.as_str())).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn last_paragraph(prose: &str) -> &str {
    prose.trim().rsplit("\n\n").next().unwrap_or_default()
}

/// The lines that set a field, each with the field's column.
fn places_of(key: &str, text: &str) -> Vec<(usize, usize)> {
    let column = |line: &str| {
        let column = line.len() - line.trim_start_matches([' ', '-']).len();
        line[column..].strip_prefix(key).is_some_and(|rest| rest.starts_with(':')).then_some(column)
    };
    text.lines().enumerate().filter_map(|(index, line)| Some((index, column(line)?))).collect()
}

/// A text with other lines below a field: beside it if it has a value, or else as the first of its own fields.
fn below(key: &str, lines: &str, text: &str) -> Option<String> {
    let (index, own) = *places_of(key, text).first()?;
    let all: Vec<&str> = text.lines().collect();
    let has_value = !all[index][own..].split_once(':')?.1.trim().is_empty();
    let next = all.get(index + 1).copied().unwrap_or_default();
    let inner = next.len() - next.trim_start_matches(' ').len();
    let column = match has_value {
        true => own,
        false if inner > own && !next.trim_start().starts_with('-') => inner,
        false => return None,
    };
    if lines.trim_start().starts_with(&format!("{key}:")) || lines.trim_start().starts_with('-') {
        return None;
    }
    let lines = lines.lines().filter(|line| !line.trim().is_empty());
    let outer = lines.clone().map(|line| line.len() - line.trim_start_matches(' ').len()).min()?;
    let added = lines.map(|line| format!("{}{}", " ".repeat(column), &line[outer..]));
    let before = all[..=index].iter().map(|line| (*line).to_owned());
    let after = all[index + 1..].iter().map(|line| (*line).to_owned());
    Some(before.chain(added).chain(after).map(|line| line + "\n").collect())
}

#[cfg(test)]
mod tests {
    use super::{super::Typed, *};

    const POD: &str = "kind: Pod\nspec:\n  restartPolicy: Never\n  containers:\n  - name: web\n    image: nginx\n    ports:\n    - containerPort: 80\n";

    fn added(prose: &str, lines: &str) -> Option<String> {
        let source = Source { name: Some("pod.yaml".into()), text: POD.into(), ..Source::default() };
        let acts = [Act::new(1, 1, Deed::Write(source))];
        inserted(prose, lines, target(prose, &acts)?).map(|source| source.text)
    }

    #[test]
    fn lines_are_added_where_the_prose_says() {
        let env = "env:\n- name: A\n  value: b\n";
        let below_image = POD.replace("nginx\n", "nginx\n    env:\n    - name: A\n      value: b\n");
        for prose in
            ["Add to `pod.yaml`, below `image:`:", "Fügen Sie in ``pod.yaml`` unter ``image`` diese Zeilen ein:"]
        {
            assert_eq!(added(prose, env).as_deref(), Some(below_image.as_str()), "{prose}");
        }
        let in_spec = POD.replace("spec:\n", "spec:\n  nodeName: a\n");
        assert_eq!(added("Add this to `pod.yaml` in `spec`:", "    nodeName: a\n"), Some(in_spec));
    }

    #[test]
    fn lines_for_a_file_that_a_command_makes_wait_for_it() {
        let command = "kubectl run web --image nginx --dry-run=client -o yaml > web.yaml";
        let acts = [Act::new(1, 1, Deed::Type(Typed { command: command.into(), ..Typed::default() }))];
        let edit = made_by_command("Add to `web.yaml`, below `image:`:", &acts).unwrap();
        assert_eq!((edit.file.as_str(), edit.below.as_slice()), ("web.yaml", &["image".to_owned()][..]));
        let added = with_lines(&edit.below, "env: []\n", "spec:\n  image: nginx\n  name: web\n");
        assert_eq!(added.as_deref(), Some("spec:\n  image: nginx\n  env: []\n  name: web\n"));
        assert_eq!(made_by_command("Add to `other.yaml`, below `image:`:", &acts), None);
    }

    #[test]
    fn nothing_is_added_where_the_place_may_be_another() {
        for prose in [
            "Add to `pod.yaml`:",
            "Add this:",
            "Add to `other.yaml`, below `image:`:",
            "`pod.yaml` has `image:`",
            "Add to `pod.yaml`, below `image` and `name`:",
            "Add to `pod.yaml`, below `containers`:",
            "Add to `pod.yaml`, below `volumes`:",
        ] {
            assert_eq!(added(prose, "env: []\n"), None, "{prose}");
        }
    }
}
