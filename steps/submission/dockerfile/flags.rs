//! The flags of instructions: those that the builder knows, and what to write in place of others. What `RUN` does with its
//! flags is judged elsewhere.

use super::{Builder, Found, instructions::Instruction};
use crate::submission::folder::shown;

/// Judges the names of an instruction's flags.
pub(super) fn judge(found: &mut Found<'_>, instruction: &Instruction, builder: Builder) {
    let Some(known) = known(&instruction.name, builder) else { return };
    for flag in instruction.parts().0 {
        let (name, value) = flag[2..].split_once('=').unwrap_or((&flag[2..], ""));
        if !known.contains(&name) {
            refuse(found, instruction, name, value, builder);
        }
    }
}

/// The flags that an instruction knows; nothing where they are judged elsewhere, or where there is no such instruction.
fn known(instruction: &str, builder: Builder) -> Option<&'static [&'static str]> {
    Some(match (instruction, builder) {
        ("from", _) => &["platform"],
        // That ADD has no --from is said where --from is judged.
        ("copy" | "add", Builder::Classic) => &["from", "chown"],
        ("copy", Builder::BuildKit) => &["from", "chown", "chmod", "link", "parents", "exclude"],
        ("add", Builder::BuildKit) => &["from", "chown", "chmod", "link", "exclude", "unpack"],
        ("healthcheck", _) => &["interval", "timeout", "start-period", "start-interval", "retries"],
        ("arg" | "cmd" | "entrypoint" | "env" | "expose" | "label" | "maintainer" | "shell" | "stopsignal", _) => &[],
        ("user" | "volume" | "workdir", _) => &[],
        _ => return None,
    })
}

fn refuse(found: &mut Found<'_>, instruction: &Instruction, name: &str, value: &str, builder: Builder) {
    let line = instruction.line;
    let copy = instruction.name.to_uppercase();
    let needs = format!("{copy} --{} needs BuildKit, which this machine does not have", shown(name));
    let is_copy = ["copy", "add"].contains(&instruction.name.as_str());
    match (name, builder) {
        ("checksum" | "keep-git-dir", _) if copy == "ADD" => {
            let message = format!("ADD --{name} is for what is fetched: hand in the file, and write COPY");
            found.refuse(line, "no-download", message);
        }
        ("chmod", Builder::Classic) if is_copy => {
            let mode = if value.is_empty() { "644".into() } else { shown(value) };
            found.refuse(line, "flag", format!("{needs}: write `RUN chmod {mode} FILE` after the {copy}"));
        }
        ("link" | "unpack", Builder::Classic) if is_copy => {
            found.refuse(line, "flag", format!("{needs}: leave --{name} out"));
        }
        ("parents", Builder::Classic) if is_copy => {
            found.refuse(line, "flag", format!("{needs}: write a line `COPY FOLDER FOLDER` for each folder"));
        }
        ("exclude", Builder::Classic) if is_copy => {
            found.refuse(line, "flag", format!("{needs}: name the files to copy one by one"));
        }
        _ => {
            let message = format!("{copy} has no flag --{}: leave it out", shown(name));
            found.refuse(line, "flag", message);
        }
    }
}
