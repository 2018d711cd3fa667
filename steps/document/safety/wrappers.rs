//! Programs that start another program: `sudo`, `env`, `timeout`, `xargs`, `find -exec` and the like.

use crate::document::bash::{Input, Simple, Word};

/// Such programs, and their options whose value is a word of its own.
const WRAPPERS: &[(&str, &[&str])] = &[
    (
        "sudo",
        &["-u", "--user", "-g", "--group", "-h", "--host", "-p", "--prompt", "-C", "-D", "-R", "-T", "-U", "-r", "-t"],
    ),
    ("doas", &["-u", "-C"]),
    ("env", &["-u", "--unset", "-C", "--chdir"]),
    ("nice", &["-n", "--adjustment"]),
    ("ionice", &["-c", "--class", "-n", "--classdata"]),
    ("time", &["-f", "--format", "-o", "--output"]),
    ("stdbuf", &["-i", "-o", "-e", "--input", "--output", "--error"]),
    ("nohup", &[]),
    ("setsid", &[]),
    ("winpty", &[]),
    ("busybox", &[]),
    ("builtin", &[]),
    ("command", &[]),
    ("unbuffer", &[]),
    ("timeout", &["-k", "--kill-after", "-s", "--signal"]),
    (
        "xargs",
        &[
            "-I",
            "-n",
            "--max-args",
            "-L",
            "--max-lines",
            "-P",
            "--max-procs",
            "-s",
            "-d",
            "--delimiter",
            "-a",
            "-E",
            "-R",
        ],
    ),
];

/// How many programs may start each other.
const DEPTH: usize = 10;

/// The commands that a command starts, without what stands before them; the command itself if it starts no other.
pub(in crate::document) fn unwrapped(simple: &Simple) -> Vec<Vec<Word>> {
    let mut done = Vec::new();
    let mut open = vec![simple.words.clone()];
    for _ in 0..DEPTH {
        let next: Vec<_> = open.drain(..).flat_map(|words| once(simple, words, &mut done)).collect();
        open = next;
    }
    // What starts at the end of so many is not known.
    done.extend(open.iter().map(|_| vec![Word::printed("$(…)", Vec::new())]));
    done
}

/// Takes one program away; a command that starts no other is done.
fn once(simple: &Simple, mut words: Vec<Word>, done: &mut Vec<Vec<Word>>) -> Vec<Vec<Word>> {
    let Some(first) = words.first_mut() else { return Vec::new() };
    if first.is_known() {
        first.text = match base_name(&first.text) {
            "k" | "oc" | "kubectl.exe" => "kubectl".to_owned(),
            name => name.to_owned(),
        };
    }
    let program = words[0].text.clone();
    if program == "find" {
        let started = by_find(&words);
        done.push(words);
        return started;
    }
    let rest = WRAPPERS.iter().find(|(name, _)| *name == program).map(|(_, options)| after_options(&words, options));
    match rest {
        // `command -v` only looks for a program, and `sudo -i` starts a shell.
        Some(rest) if rest.is_empty() || (program == "command" && words.len() > rest.len() + 1) => {
            done.push(words);
            Vec::new()
        }
        Some(rest) if program == "timeout" => vec![rest[1..].to_vec()],
        Some(rest) if program == "xargs" => vec![with_input(&words, rest, &simple.input)],
        Some(rest) => vec![rest.to_vec()],
        None => {
            done.push(words);
            Vec::new()
        }
    }
}

/// The words after a program's options and the variables that it sets.
fn after_options<'a>(words: &'a [Word], with_value: &[&str]) -> &'a [Word] {
    let mut place = 1;
    while let Some(word) = words.get(place) {
        let text = word.text.as_str();
        if text == "--" {
            return &words[place + 1..];
        }
        let is_variable = text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        });
        place += match text {
            _ if with_value.contains(&text) => 2,
            _ if text.starts_with('-') || is_variable => 1,
            _ => break,
        };
    }
    words.get(place..).unwrap_or_default()
}

/// What xargs starts: its words, and what it reads.
fn with_input(words: &[Word], rest: &[Word], input: &Input) -> Vec<Word> {
    let given: Vec<Word> = match input {
        Input::Text(text) => text.split_whitespace().map(Word::known).collect(),
        Input::Of(lines) => vec![Word::printed(format!("$({})", lines.join(" | ")), lines.clone())],
        Input::Terminal => Vec::new(),
    };
    let mark = words.iter().zip(words.iter().skip(1)).find_map(|(option, value)| match option.text.as_str() {
        "-I" => Some(value.text.clone()),
        glued if glued.starts_with("-I") || glued.starts_with("-i") => {
            Some(if glued.len() > 2 { glued[2..].to_owned() } else { "{}".to_owned() })
        }
        _ => None,
    });
    let Some(mark) = mark else { return rest.iter().cloned().chain(given).collect() };
    let put = |word: &Word| {
        if !word.text.contains(&mark) {
            return vec![word.clone()];
        }
        given.iter().map(|value| replaced(word, &mark, value)).collect()
    };
    rest.iter().flat_map(put).collect()
}

fn replaced(word: &Word, mark: &str, value: &Word) -> Word {
    let unknown = word.unknown.iter().chain(&value.unknown).cloned().collect();
    Word { text: word.text.replace(mark, &value.text), unknown }
}

/// What `find` starts, with the folders that it looks in.
fn by_find(words: &[Word]) -> Vec<Vec<Word>> {
    let mut commands = Vec::new();
    let is_option = |word: &&Word| matches!(word.text.as_str(), "-L" | "-H" | "-P");
    let starts: Vec<&Word> =
        words[1..].iter().skip_while(is_option).take_while(|word| !word.text.starts_with(['-', '(', '!'])).collect();
    let is_start = |word: &&Word| matches!(word.text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir");
    for (place, _) in words.iter().enumerate().filter(|(_, word)| is_start(word)) {
        let command = words[place + 1..].iter().take_while(|word| !matches!(word.text.as_str(), ";" | "+"));
        // Of all that is below the reader's home, something is not the document's.
        let name = |start: &Word| if start.text.starts_with('~') { "*" } else { "x" };
        let file = |start: &Word| Word::known(format!("{}/{}", start.text, name(start)));
        let each = |word: &Word| {
            if !word.text.contains("{}") {
                return vec![word.clone()];
            }
            starts.iter().map(|start| replaced(word, "{}", &file(start))).collect()
        };
        commands.push(command.flat_map(each).collect());
    }
    commands
}

/// A program without its path: `/bin/rm` is rm.
fn base_name(program: &str) -> &str {
    program.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(program)
}
