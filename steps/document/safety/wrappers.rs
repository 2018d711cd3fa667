//! Programs that start another program: `sudo`, `env`, `timeout`, `xargs`, `find -exec` and the like.

use crate::document::{
    bash::{Input, Simple, Word},
    names,
};

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
    ("coproc", &[]),
    ("ssh-agent", &["-a", "-t", "-E"]),
    ("setpriv", &[]),
    ("unshare", &["-S", "-G", "-R", "-w"]),
    ("strace", &["-e", "-o", "-s", "-p"]),
    ("chrt", &[]),
    ("taskset", &[]),
    ("flock", &["-w", "--timeout", "-E"]),
    ("parallel", &["-j", "--jobs"]),
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
        // A file of such a name may be any program.
        let is_bare = !first.text.contains('/');
        first.text = match base_name(&first.text) {
            "oc" | "kubectl.exe" if is_bare => "kubectl".to_owned(),
            name if is_bare && names::is_kubectl(name) => "kubectl".to_owned(),
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
        Some(rest) if rest.is_empty() || (program == "command" && has_letter(&words, rest, &['v', 'V'])) => {
            done.push(words);
            Vec::new()
        }
        // A program in another folder, or in the words of one word, is not known.
        Some(rest) if program == "env" && has_letter(&words, rest, &['C', 'S']) => {
            done.push(vec![Word::printed("$(env)", Vec::new())]);
            Vec::new()
        }
        // The first word is a time, a file, or a priority.
        Some(rest) if matches!(program.as_str(), "timeout" | "flock" | "chrt" | "taskset") => {
            vec![rest[1..].to_vec()]
        }
        Some(rest) if program == "xargs" => vec![with_input(&words, rest, &simple.input)],
        Some(rest) => vec![rest.to_vec()],
        None => {
            done.push(words);
            Vec::new()
        }
    }
}

/// Whether one of these letters is among the options before `rest`.
fn has_letter(words: &[Word], rest: &[Word], letters: &[char]) -> bool {
    let options = &words[1..words.len() - rest.len()];
    options.iter().any(|word| match word.text.strip_prefix("--") {
        Some(long) => long.starts_with("chdir") || long.starts_with("split-string"),
        None => word.text.starts_with('-') && word.text.contains(letters),
    })
}

/// The words after a program's options and the variables that it sets.
fn after_options<'a>(words: &'a [Word], with_value: &[&str]) -> &'a [Word] {
    let mut index = 1;
    while let Some(word) = words.get(index) {
        let text = word.text.as_str();
        if text == "--" {
            return &words[index + 1..];
        }
        let is_variable = text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        });
        index += match text {
            _ if with_value.contains(&text) => 2,
            _ if text.starts_with('-') || is_variable => 1,
            _ => break,
        };
    }
    words.get(index..).unwrap_or_default()
}

/// What xargs starts: its words, and what it reads.
fn with_input(words: &[Word], rest: &[Word], input: &Input) -> Vec<Word> {
    let given: Vec<Word> = match input {
        Input::Text(text) => text.split_whitespace().map(Word::known).collect(),
        Input::Of(lines) => vec![Word::printed(format!("$({})", lines.join(" | ")), lines.clone())],
        Input::Terminal => Vec::new(),
    };
    // What the file of `-a` has is not known.
    let has_file = words.iter().any(|word| word.text.starts_with("-a") || word.text.starts_with("--arg-file"));
    let given = if has_file { vec![Word::printed("$(cat …)", vec!["cat /".into()])] } else { given };
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

/// The folders in which `find` looks.
pub(super) fn found_in(words: &[Word]) -> impl Iterator<Item = &Word> {
    let is_option = |word: &&Word| matches!(word.text.as_str(), "-L" | "-H" | "-P") || word.text.starts_with("-O");
    words[1..].iter().skip_while(is_option).take_while(|word| !word.text.starts_with(['-', '(', '!']))
}

/// What `find` starts, with the folders that it looks in.
fn by_find(words: &[Word]) -> Vec<Vec<Word>> {
    let mut commands = Vec::new();
    let here = Word::known(".");
    let mut starts: Vec<&Word> = found_in(words).collect();
    if starts.is_empty() {
        starts.push(&here);
    }
    let is_start = |word: &&Word| matches!(word.text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir");
    for (index, _) in words.iter().enumerate().filter(|(_, word)| is_start(word)) {
        let command = words[index + 1..].iter().take_while(|word| !matches!(word.text.as_str(), ";" | "+"));
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
