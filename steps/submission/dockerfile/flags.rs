//! The flags of instructions: those that the builder knows, and what to write instead of others. An unknown flag is
//! refused, because another version of the builder could know it. `runs` judges the flags of `RUN`.

use super::{Builder, Found, instructions::Instruction};
use crate::submission::{rule::Rule, shown};

/// Instructions without flags.
const WITHOUT_FLAGS: [&str; 12] = [
    "arg",
    "cmd",
    "entrypoint",
    "env",
    "expose",
    "label",
    "maintainer",
    "shell",
    "stopsignal",
    "user",
    "volume",
    "workdir",
];

/// Judges the names of an instruction's flags.
pub(super) fn judge(found: &mut Found<'_>, instruction: &Instruction, builder: Builder) {
    let Some(known) = known(&instruction.name, builder) else { return };
    for flag in instruction.parts().0 {
        let (name, value) = flag[2..].split_once('=').unwrap_or((&flag[2..], ""));
        if !known.contains(&name) {
            refuse(found, instruction, name, value);
        }
    }
}

/// The flags of an instruction; `None` if they are judged elsewhere, or if the instruction does not exist.
fn known(instruction: &str, builder: Builder) -> Option<&'static [&'static str]> {
    let has_buildkit = builder == Builder::BuildKit;
    Some(match instruction {
        "from" => &["platform"],
        // `stages` reports `--from` in `ADD`, which does not exist.
        "copy" if has_buildkit => &["from", "chown", "chmod", "link", "parents", "exclude"],
        "add" if has_buildkit => &["from", "chown", "chmod", "link", "exclude", "unpack"],
        "copy" | "add" => &["from", "chown"],
        "healthcheck" => &["interval", "timeout", "start-period", "start-interval", "retries"],
        _ if WITHOUT_FLAGS.contains(&instruction) => &[],
        _ => return None,
    })
}

fn refuse(found: &mut Found<'_>, instruction: &Instruction, name: &str, value: &str) {
    let Instruction { line, name: instruction, .. } = instruction;
    let line = *line;
    let shown_flag = format!("{} --{}", instruction.to_uppercase(), shown(name));
    if instruction == "add" && ["checksum", "keep-git-dir"].contains(&name) {
        let message = format!("{shown_flag} is for downloads: hand in the file, and write COPY");
        found.refuse(line, Rule::NoDownload, message);
    } else if known(instruction, Builder::BuildKit).is_some_and(|known| known.contains(&name)) {
        let instead = instead(instruction, name, value);
        let message = format!("{shown_flag} needs BuildKit, which this machine does not have: {instead}");
        found.refuse(line, Rule::Flag, message);
    } else {
        let instruction = instruction.to_uppercase();
        found.refuse(line, Rule::Flag, format!("{instruction} has no flag --{}: leave it out", shown(name)));
    }
}

/// What to write instead of a flag that only `BuildKit` knows.
fn instead(instruction: &str, name: &str, value: &str) -> String {
    match name {
        "chmod" => {
            let mode = if value.is_empty() { "644".into() } else { shown(value) };
            format!("write `RUN chmod {mode} FILE` after the {}", instruction.to_uppercase())
        }
        "parents" => "write a line `COPY FOLDER FOLDER` for each folder".into(),
        "exclude" => "name the files to copy one by one".into(),
        _ => format!("leave --{} out", shown(name)),
    }
}
