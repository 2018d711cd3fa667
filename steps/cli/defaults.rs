//! A project's defaults: `labproof.toml` beside `features/`.
//!
//! Each table is a command, and each key one of its long options: `[verify]` with `jobs = 4` stands for
//! `labproof verify --jobs 4`. An option on the command line replaces the one in the file.

use std::{ffi::OsString, io};

use clap::{ArgMatches, Command, error::ErrorKind, parser::ValueSource};
use toml::{Table, Value};

use crate::{
    escape,
    images::node::{self, NodeChoice},
    progress,
    project::{OPTIONS as FILE, Project},
    settings,
    sheet::spelling::nearest,
    verdict::{Fault, Outcome},
};

/// The arguments of the process, together with the project's defaults. A command that works without them ignores a wrong
/// file.
///
/// # Errors
/// `refused` if the file cannot be read, or contains a command or an option that does not exist.
pub(super) fn add(arguments: Vec<OsString>, program: &Command, works_without: bool) -> Outcome<Vec<OsString>> {
    match with_file(arguments.clone(), program) {
        Err(fault) if works_without => {
            progress::eprint_line(&format!("warning: {FILE} is ignored: {}", escape::text(&fault.to_string())));
            Ok(arguments)
        }
        added => added,
    }
}

fn with_file(arguments: Vec<OsString>, program: &Command) -> Outcome<Vec<OsString>> {
    let Ok(project) = Project::find() else { return Ok(arguments) };
    let text = match settings::text(&project.file(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(arguments),
        Err(error) => return Err(Fault::refused(format!("cannot read {FILE}: {error}"))),
    };
    with(arguments, &text, program)
}

/// Checks the versions of Kubernetes in the project's file, which each command checks for itself only when it needs them.
///
/// # Errors
/// `refused` if there is no node image for one of them.
pub(super) fn check_versions(project: &Project) -> Outcome {
    let text = settings::text(&project.file(FILE)).unwrap_or_default();
    let defaults: Table = text.parse().unwrap_or_default();
    for options in defaults.values() {
        let text = |key: &str| options.get(key).and_then(Value::as_str).map(str::to_owned);
        let several = options.get("kubernetes").and_then(Value::as_array).into_iter().flatten();
        let several = several.filter_map(|one| one.as_str().map(str::to_owned));
        for version in text("kubernetes").into_iter().chain(several) {
            let table = text("nodes").map(Into::into);
            let choice = NodeChoice { kubernetes: Some(version), table, ..NodeChoice::default() };
            node::check(project, &choice)
                .map_err(|fault| Fault { reason: format!("{FILE}: {}", fault.reason), ..fault })?;
        }
    }
    Ok(())
}

fn with(mut arguments: Vec<OsString>, text: &str, program: &Command) -> Outcome<Vec<OsString>> {
    let defaults: Table = text.parse().map_err(|error| Fault::refused(format!("{FILE} is not valid: {error}")))?;
    let mut given = Vec::new();
    // An invalid command line is reported without reading the file.
    let typed = program.clone().try_get_matches_from(&arguments).ok();
    for (name, options) in &defaults {
        let command = program
            .find_subcommand(name)
            .ok_or_else(|| unknown(&format!("there is no command {name}"), name, &commands(program)))?;
        let options = options.as_table().ok_or_else(|| {
            Fault::refused(format!("{FILE}: {name} is not a table of options"))
                .hint(format!("write [{name}], and its options below"))
        })?;
        let typed = typed.as_ref().and_then(ArgMatches::subcommand).filter(|(typed, _)| typed == name);
        let mut all = Vec::new();
        for (option, value) in options {
            let found = command.get_arguments().find(|argument| argument.get_long() == Some(option));
            let argument =
                found.ok_or_else(|| unknown(&format!("[{name}] has no option {option}"), option, &longs(command)))?;
            let words = words(option, value)?;
            all.extend(words.clone());
            if let Some((_, matches)) = typed
                && matches.value_source(argument.get_id().as_str()) != Some(ValueSource::CommandLine)
            {
                given.extend(words);
            }
        }
        judge(program, name, all)?;
    }
    let Some(typed) = typed.filter(|_| !given.is_empty()) else { return Ok(arguments) };
    // The defaults follow the command's name, which is the first argument.
    arguments.splice(2..2, given);
    let command = typed.subcommand_name().unwrap_or_default();
    program.clone().try_get_matches_from(&arguments).map_err(|error| wrong(command, &error))?;
    Ok(arguments)
}

/// Judges all options of a command in the file, even if another command runs.
fn judge(program: &Command, command: &str, words: Vec<OsString>) -> Outcome {
    let all = ["labproof", command].map(OsString::from).into_iter().chain(words);
    match program.clone().try_get_matches_from(all) {
        Err(error) if [ErrorKind::InvalidValue, ErrorKind::ValueValidation].contains(&error.kind()) => {
            Err(wrong(command, &error))
        }
        // Other words are missing here, such as the name of a lab.
        _ => Ok(()),
    }
}

fn wrong(command: &str, error: &clap::Error) -> Fault {
    let said = error.to_string();
    let said = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    Fault::refused(format!("{FILE}: {said}")).hint(format!("`labproof {command} --help` lists the options"))
}

/// An option as words of the command line.
fn words(option: &str, value: &Value) -> Outcome<Vec<OsString>> {
    let word = |value: &Value| match value {
        Value::String(text) => Ok(format!("--{option}={text}").into()),
        Value::Integer(number) => Ok(format!("--{option}={number}").into()),
        Value::Float(number) => Err(Fault::refused(format!("{FILE}: {option} has a value with a decimal point"))
            .hint(format!("put it in quotes: {option} = \"{number}\""))),
        _ => Err(Fault::refused(format!("{FILE}: {option} has a value that is neither text, number, true nor false"))),
    };
    match value {
        Value::Boolean(true) => Ok(vec![format!("--{option}").into()]),
        Value::Boolean(false) => Ok(Vec::new()),
        Value::Array(values) => values.iter().map(word).collect(),
        value => Ok(vec![word(value)?]),
    }
}

fn unknown(said: &str, name: &str, known: &[String]) -> Fault {
    let near = nearest(name, known.iter().map(String::as_str), 2);
    let hint =
        near.map_or_else(|| format!("choose from: {}", known.join(", ")), |known| format!("did you mean {known}?"));
    Fault::refused(format!("{FILE}: {said}")).hint(hint)
}

fn commands(program: &Command) -> Vec<String> {
    program.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

fn longs(command: &Command) -> Vec<String> {
    command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Arguments;

    fn added(typed: &str, file: &str) -> Result<String, String> {
        let typed = typed.split_whitespace().map(OsString::from).collect();
        let added = with(typed, file, &Arguments::command()).map_err(|fault| fault.to_string())?;
        Ok(added.into_iter().map(|word| word.into_string().unwrap()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_projects_options_stand_before_those_that_are_typed() {
        let file =
            "[verify]\njobs = 4\nkubernetes = ['1.34', '1.35']\nfail-fast = true\nkeep-failed = false\n[check]\n";
        let all = "labproof verify --fail-fast --jobs=4 --kubernetes=1.34 --kubernetes=1.35 lab";
        assert_eq!(added("labproof verify lab", file).unwrap(), all);
        let some = "labproof verify --fail-fast --kubernetes=1.34 --kubernetes=1.35 --jobs 2";
        assert_eq!(added("labproof verify --jobs 2", file).unwrap(), some);
        assert_eq!(added("labproof check", file).unwrap(), "labproof check");
        assert_eq!(added("labproof verify --jubs", file).unwrap(), "labproof verify --jubs");
    }

    #[test]
    fn what_does_not_exist_is_refused_with_what_does() {
        for (file, said) in [
            ("[verfy]\n", "there is no command verfy"),
            ("[verify]\njubs = 4\n", "[verify] has no option jubs"),
            ("[grade]\njobs = 'many'\n", "invalid value 'many'"),
            ("verify = 3\n", "verify is not a table of options"),
            ("[verify]\njobs = 'many'\n", "labproof.toml: invalid value 'many' for '--jobs <N>'"),
            ("[verify]\njobs = {}\n", "neither text, number, true nor false"),
            ("[verify\n", "labproof.toml is not valid"),
        ] {
            let fault = added("labproof verify", file).unwrap_err();
            assert!(fault.contains(said), "{fault}");
        }
    }

    #[test]
    fn a_version_of_kubernetes_that_does_not_exist_is_found_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let checked = |text: &str| {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            check_versions(&Project::at(folder.path()))
        };
        assert_eq!(checked("[verify]\nkubernetes = ['1.34', '1.35']\n[grade]\nkubernetes = '1.34'\n"), Ok(()));
        for text in ["[verify]\nkubernetes = ['1.34', '1.99']\n", "[grade]\nkubernetes = '1.99'\n"] {
            let reason = checked(text).unwrap_err().reason;
            assert!(reason.starts_with("labproof.toml: ") && reason.contains("1.99"), "{reason}");
        }
    }
}
