//! The flags of `RUN`, all of `BuildKit`: they reach the builder's caches, secrets, network and devices.

use super::{Builder, Found, instructions::Instruction, stages::Stages};
use crate::submission::{rule::Rule, shown};

/// The settings of a mount that reach only the build itself: `source` is a path in the lab's files or in the image of
/// `from`.
const SETTINGS: [&str; 17] = [
    "type",
    "from",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "readwrite",
    "rw",
    "id",
    "sharing",
    "mode",
    "uid",
    "gid",
    "size",
];

/// Judges the flags of a `RUN` instruction.
pub(super) fn judge(found: &mut Found<'_>, stages: &Stages<'_>, instruction: &Instruction, builder: Builder) {
    for flag in instruction.parts().0 {
        let (name, value) = flag.split_once('=').unwrap_or((&flag, ""));
        match (name, value, builder) {
            ("--mount" | "--network" | "--security" | "--device", _, Builder::Classic) => {
                let message = format!("RUN {name} needs BuildKit, which this machine does not have: {}", without(name));
                found.refuse(instruction.line, Rule::RunFlag, message);
            }
            ("--mount", _, _) => judge_mount(found, stages, instruction.line, value),
            ("--network", "none" | "default", _) | ("--security", "sandbox", _) => {}
            _ => refuse(found, instruction.line, &flag, "write the command without it"),
        }
    }
}

/// What to write without a flag of this name.
fn without(name: &str) -> &'static str {
    match name {
        "--mount" => "write the command without it, and COPY the files that it needs",
        _ => "write the command without it",
    }
}

/// Judges `--mount=type=…,…`. A value may contain a variable, except for the type and the image.
fn judge_mount(found: &mut Found<'_>, stages: &Stages<'_>, line: usize, value: &str) {
    let shown_flag = format!("--mount={value}");
    // Builders treat some non-ASCII characters as spaces.
    if !value.is_ascii() {
        return refuse(found, line, &shown_flag, "write it in the letters a to z");
    }
    for setting in value.split(',') {
        let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
        match name.to_ascii_lowercase().as_str() {
            "type" if ["cache", "bind", "tmpfs"].contains(&value.to_ascii_lowercase().as_str()) => {}
            "type" => {
                let instead =
                    "a mount is of type=cache, type=bind or type=tmpfs, and a build has no secrets and no keys";
                refuse(found, line, &shown_flag, instead);
            }
            "from" => stages.judge_mount(found, line, value),
            name if SETTINGS.contains(&name) => {}
            _ => refuse(found, line, &shown_flag, &format!("a mount has no setting {}", shown(name))),
        }
    }
}

fn refuse(found: &mut Found<'_>, line: usize, flag: &str, instead: &str) {
    found.refuse(line, Rule::RunFlag, format!("RUN {} is not allowed: {instead}", shown(flag)));
}
