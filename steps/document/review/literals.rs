//! Values that no server takes, and variables that the reader's own shell replaces before a file is written.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    Doubt,
    objects::{self, ReviewedObject},
};
use crate::{
    conditions::quantity::amount,
    document::story::{Act, Deed, Story},
    expression::regex,
};

/// The values that are wrong by themselves.
pub(super) fn doubts(all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = all.iter().flat_map(wrong_quantities).collect();
    doubts.extend(empty_variables(story));
    doubts
}

/// Quantities of resources with a suffix that does not exist, such as `64mi` or `1GB`.
fn wrong_quantities(object: &ReviewedObject) -> Vec<Doubt> {
    let Some(pod) = object.pod() else { return Vec::new() };
    let containers = ["initContainers", "containers"].iter().filter_map(|key| pod.get(*key)?.as_array()).flatten();
    let resources = containers.filter_map(|container| container.get("resources"));
    let kinds = resources.flat_map(|resources| ["requests", "limits"].iter().filter_map(|kind| resources.get(*kind)));
    let values = kinds.filter_map(Value::as_object).flatten();
    let wrong = values.filter_map(|(name, value)| {
        let written = value.as_str().filter(|written| amount(written).is_none())?;
        let text = format!("{} has {name}: {written}, which is not a quantity", object.shown());
        let doubt = Doubt::mistake(object.line_of(&[name, written]), text);
        Some(match meant(written) {
            Some(meant) => Doubt { text: format!("{}: write {meant}", doubt.text), ..doubt.instead(written, &meant) },
            None => doubt,
        })
    });
    wrong.collect()
}

/// The quantity that a wrong one probably means: its suffix in the right letters.
fn meant(written: &str) -> Option<String> {
    let number: String = written.chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    let suffix = written[number.len()..].trim().to_lowercase();
    let unit = ["Ki", "Mi", "Gi", "Ti"].into_iter().find(|unit| {
        let unit = unit.to_lowercase();
        suffix == unit || suffix == format!("{unit}b")
    });
    unit.filter(|_| !number.is_empty()).map(|unit| format!("{number}{unit}"))
}

/// Variables in a here-document whose word is not quoted: the reader's shell replaces them, with nothing where no command
/// sets them.
fn empty_variables(story: &Story) -> Vec<Doubt> {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| regex(r"<<-?\s*[A-Za-z_]\w*"));
    static USE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|[^\\$])\$\{?([A-Za-z_]\w*)\}?"));
    static SET: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:^|[\s;&(])(?:export\s+|local\s+|readonly\s+|for\s+|read\s+(?:-\w+\s+)*)?([A-Za-z_]\w*)(?:=| in )|read\s+(?:-\w+\s+)*([A-Za-z_]\w*)",
        )
    });
    const OF_EACH_SHELL: [&str; 11] =
        ["HOME", "USER", "LOGNAME", "PWD", "OLDPWD", "PATH", "SHELL", "HOSTNAME", "RANDOM", "UID", "KUBECONFIG"];
    let commands = objects::commands(story).join("\n");
    let set: BTreeSet<&str> =
        SET.captures_iter(&commands).filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str())).collect();
    let of_act = |act: &Act| {
        let Deed::Type(typed) = &act.deed else { return Vec::new() };
        if typed.is_inside || !BEGIN.is_match(typed.command.lines().next().unwrap_or_default()) {
            return Vec::new();
        }
        let lines = typed.command.lines().enumerate().skip(1);
        let found = lines.filter_map(|(index, line)| {
            let line = without_quoted(line);
            let unset = USE.captures_iter(&line).map(|found| found[1].to_owned());
            let name = unset
                .into_iter()
                .find(|name| !set.contains(name.as_str()) && !OF_EACH_SHELL.contains(&name.as_str()))?;
            let text = format!("the reader's shell replaces ${name} by nothing: put the word after << into quotes");
            Some(Doubt::mistake(act.line + index, text))
        });
        found.collect()
    };
    story.acts.iter().flat_map(of_act).collect()
}

/// A line of a here-document without what stands in single quotes within `$(…)`: there they keep it from the shell.
fn without_quoted(line: &str) -> String {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex("'[^']*'"));
    let Some(at) = line.find("$(") else { return line.to_owned() };
    line[..at].to_owned() + &QUOTED.replace_all(&line[at..], "")
}
