//! The parts of a command that are judged: its simple commands, without what is only data or meant for a container.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::regex;

/// A command of one line, without what a shell in a container is given in quotes. What the reader's own shell puts into it
/// stays.
pub(super) fn for_this_machine(typed: &str) -> String {
    static FOR_CONTAINER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?m)^((?:(?:kubectl|k)\s[^|;&\n]*?\s--|(?:docker|podman)\s+(?:exec|run)\s[^|;&\n]*?)\s+(?:\S+/)?(?:ba|a|da)?sh\s+-\w*c\s+)(?:'[^']*'|"(?:[^"$`\\]|\$[^("`]|\\.)*")"#,
        )
    });
    FOR_CONTAINER.replace_all(&typed.replace("\\\n", " "), "$1''").into_owned()
}

/// The simple commands of a command, each with its words joined by one blank, without `sudo` and the like. What `kubectl
/// exec` runs in a container is left out.
pub(super) fn parts(bare: &str) -> Vec<String> {
    static PART: LazyLock<Regex> = LazyLock::new(|| regex(r"\n|;|&&|\|\||\||&|\$\(|`|\(|\{ "));
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"^((sudo(\s+-u\s+\S+|\s+-[A-Za-z]+)*|time|nohup|env(\s+-\S+)*|command|then|do|else|timeout(\s+-\S+(\s+[A-Z]+)?)*\s+\S+|xargs(\s+-\w+(\s+\d+|\s+\{\})?)*|[A-Za-z_]\w*=("[^"]*"|'[^']*'|\S*))\s+)+"#,
        )
    });
    // `\rm` and `/bin/rm` are rm.
    static PATH: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:\\|/(?:usr/)?s?bin/)"));
    static INNER: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"^(?:(?:ba|da|z)?sh\s+(?:-\w+\s+)*-\w*c|eval)\s+["']?(.*?)["']?$"#));
    let whole = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut parts: Vec<String> = PART
        .split(bare)
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|part| BEFORE.replace(&part, "").into_owned())
        .map(|part| PATH.replace(&part, "").into_owned())
        .map(|part| part.strip_prefix("k ").map_or(part.clone(), |rest| format!("kubectl {rest}")))
        .map(|part| if part.starts_with("kubectl") { cut(&part) } else { part })
        .filter(|part| !part.is_empty())
        .collect();
    // What another shell is given is a command, too.
    let inner: Vec<String> = parts.iter().filter_map(|part| Some(INNER.captures(part)?[1].to_owned())).collect();
    parts.extend(inner.iter().flat_map(|inner| self::parts(inner)));
    // A rule may span what the split separates, as `docker rm $(docker ps -aq)`.
    parts.push(BEFORE.replace(&cut(&whole), "").into_owned());
    parts
}

/// A kubectl command without what it runs in a container; interactive programs stay visible.
fn cut(part: &str) -> String {
    match part.split_once(" -- ") {
        Some((before, inner)) if part.starts_with("kubectl") => {
            let program = inner.split(' ').next().unwrap_or_default();
            let is_client =
                matches!(program, "mysql" | "psql") && ![" -e", " -c"].iter().any(|option| inner.contains(option));
            if inner.trim() == program || is_client { format!("{before} {program}") } else { before.to_owned() }
        }
        _ => part.to_owned(),
    }
}

/// A command without the content of its here-documents.
#[must_use]
pub fn without_here_documents(command: &str) -> String {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| regex(r#"<<-?\s*["'\\]?([\w.-]+)"#));
    let mut kept = String::new();
    let mut end: Option<String> = None;
    for line in command.lines() {
        if let Some(word) = &end {
            if line.trim() == word {
                end = None;
            }
        } else {
            kept += line;
            kept.push('\n');
            end = BEGIN.captures(line).filter(|_| !line.contains("<<<")).map(|found| found[1].to_owned());
        }
    }
    kept
}
