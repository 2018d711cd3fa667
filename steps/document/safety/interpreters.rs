//! Programs that run a text: shells, `eval`, `source`, Python and the like. The text is judged as the document's own.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{
    WhyNotRun,
    sources::{self, name},
};
use crate::{
    document::bash::{Input, Simple, Word},
    expression::regex,
};

const SHELLS: [&str; 7] = ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"];

const OTHERS: [&str; 9] = ["python", "python3", "python2", "perl", "ruby", "node", "nodejs", "php", "awk"];

/// The text that a command runs.
pub(super) enum Inner {
    /// This one, in a shell.
    Text(String),
    /// One that the document does not show, or one that reaches beyond its language.
    Hidden,
}

pub(super) fn hidden() -> WhyNotRun {
    WhyNotRun::Unsafe("it runs a program that the document does not show".into())
}

/// The text that a command runs, if it runs one. `written` are the files that the document writes.
pub(super) fn inner(command: &Simple, written: &HashMap<String, Option<String>>) -> Option<Inner> {
    let program = command.words[0].text.as_str();
    let arguments = &command.words[1..];
    match program {
        "eval" => text(&joined(arguments)),
        "trap" => arguments.first().and_then(text),
        "su" => after(arguments, |option| option == "-c" || option == "--command").and_then(text),
        "source" | "." => arguments.first().and_then(|file| of_file(file, written)),
        _ if SHELLS.contains(&program) => in_shell(command, arguments, written),
        _ if OTHERS.contains(&program) => in_language(command, arguments, written),
        // A script by its path, and `make`, which runs what its file says.
        "make" => written.get("Makefile").cloned().flatten().map(|makefile| Inner::Text(recipes(&makefile))),
        _ => written.get(program).filter(|_| !program.contains(' ')).map(|content| of_content(content.as_ref())),
    }
}

fn in_shell(command: &Simple, arguments: &[Word], written: &HashMap<String, Option<String>>) -> Option<Inner> {
    let (options, operands) = of_shell(arguments);
    if options.iter().any(|option| !option.starts_with("--") && option.contains('c')) {
        return operands.first().and_then(text);
    }
    let is_input = |word: &&Word| matches!(word.text.as_str(), "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0");
    let reads_script = operands.first().filter(|word| !is_input(word));
    match (reads_script, &command.input) {
        (Some(file), _) if !arguments.iter().any(|word| word.text == "-s") => of_file(file, written),
        (_, Input::Text(script)) => Some(Inner::Text(script.clone())),
        (_, Input::Of(lines)) => Some(match lines.as_slice() {
            [line] => {
                line.strip_prefix("cat ").and_then(|file| of_file(&Word::known(file), written)).unwrap_or(Inner::Hidden)
            }
            _ => Inner::Hidden,
        }),
        (_, Input::Terminal) => None,
    }
}

/// The options of a shell, and what follows them. `-o` and `-O` have a value, which is a word of its own.
fn of_shell(arguments: &[Word]) -> (Vec<&str>, &[Word]) {
    let (mut options, mut index) = (Vec::new(), 0);
    while let Some(word) = arguments.get(index).filter(|word| word.text.starts_with(['-', '+']) && word.text != "-") {
        let text = word.text.as_str();
        index += 1;
        if text == "--" {
            break;
        }
        options.push(text);
        let has_value =
            !text.starts_with("--") && text.ends_with(['o', 'O']) || matches!(text, "--rcfile" | "--init-file");
        index += usize::from(has_value);
    }
    (options, arguments.get(index..).unwrap_or_default())
}

/// A program in another language: only what it must not contain is known.
fn in_language(command: &Simple, arguments: &[Word], written: &HashMap<String, Option<String>>) -> Option<Inner> {
    static REACHES: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\bos\.(?:system|remove|unlink|rmdir|removedirs|popen|exec\w*|spawn\w*|kill|symlink|rename)\s*\(|shutil|subprocess|child_process|\bunlink\b|rmtree|\bsystem\s*[(\x22']|\bopen\s*\(\s*['\x22](?:/|~|\.\.)[^'\x22]*['\x22]\s*,\s*['\x22][wax]|rmSync|rmdirSync|\bexec\s*\(|\bqx\b|FileUtils",
        )
    });
    let is_awk = command.words[0].text == "awk";
    let given = if is_awk {
        arguments.iter().find(|word| !word.text.starts_with('-'))
    } else {
        let letter = match command.words[0].text.as_str() {
            program if program.starts_with("python") => 'c',
            "php" => 'r',
            _ => 'e',
        };
        let is_program = |option: &str| !option.starts_with("--") && option.ends_with(letter);
        after(arguments, |option| is_program(option) || matches!(option, "--eval" | "--print" | "-p"))
    };
    let program = match (given, &command.input) {
        (Some(given), _) if given.is_known() || is_awk => Some(given.text.clone()),
        (None, _) if arguments.iter().any(|word| !word.text.starts_with('-')) => {
            let file = arguments.iter().find(|word| !word.text.starts_with('-'))?;
            match written.get(name(&file.text))? {
                Some(program) => Some(program.clone()),
                None => return Some(Inner::Hidden),
            }
        }
        (None, Input::Text(program)) => Some(program.clone()),
        (Some(_), _) | (None, Input::Of(_)) => return Some(Inner::Hidden),
        (None, Input::Terminal) => None,
    };
    program.filter(|program| REACHES.is_match(program)).map(|_| Inner::Hidden)
}

/// A text that only running something could tell is hidden, unless a known program prints it for this purpose.
fn text(given: &Word) -> Option<Inner> {
    let is_trusted = |by: &Vec<String>| by.first().is_some_and(|line| sources::is_for_a_shell(line));
    let unknown: Vec<_> = given.unknown.iter().filter(|by| !is_trusted(by)).collect();
    match unknown.as_slice() {
        [] if given.is_known() => Some(Inner::Text(given.text.clone())),
        [] => None,
        unknown if unknown.iter().all(|by| by.is_empty()) && !given.text.starts_with('$') => {
            Some(Inner::Text(given.text.clone()))
        }
        _ => Some(Inner::Hidden),
    }
}

fn of_file(file: &Word, written: &HashMap<String, Option<String>>) -> Option<Inner> {
    if !file.is_known() {
        return text(file);
    }
    written.get(name(&file.text)).map(|content| of_content(content.as_ref()))
}

fn of_content(content: Option<&String>) -> Inner {
    content.cloned().map_or(Inner::Hidden, Inner::Text)
}

fn after(arguments: &[Word], is: impl Fn(&str) -> bool) -> Option<&Word> {
    let index =
        arguments.iter().take_while(|word| word.text.starts_with(['-', '+'])).position(|word| is(&word.text))?;
    arguments.get(index + 1)
}

fn joined(words: &[Word]) -> Word {
    let unknown = words.iter().flat_map(|word| word.unknown.clone()).collect();
    Word { text: words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "), unknown }
}

/// The commands of a makefile.
fn recipes(makefile: &str) -> String {
    let lines = makefile.lines().filter_map(|line| line.strip_prefix('\t'));
    lines.map(|line| format!("{}\n", line.trim_start_matches(['@', '-']).replace("$$", "$"))).collect()
}
