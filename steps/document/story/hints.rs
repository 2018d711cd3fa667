//! What texts look like: tables, errors, sentences, and prose that says that a command fails.

use std::sync::LazyLock;

use regex::Regex;

use super::{ProseRole, shells::opens_shell};
use crate::{
    document::{Block, words},
    expression::{kubectl_regex, regex},
};

/// Whether a text is a table as kubectl prints it: its first line has names in capitals.
pub(in crate::document) fn is_table(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let mut words = first.split_whitespace().peekable();
    let is_name = |word: &str| {
        // A unit may be in brackets: `CPU(cores)`.
        let name = word.split('(').next().unwrap_or_default();
        name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
    };
    words.peek().is_some() && first.split_whitespace().count() >= 2 && words.all(is_name)
}

/// Whether an indented block is prose: its lines are sentences.
pub(super) fn is_prose(block: &Block) -> bool {
    block.is_indented && block.text.lines().all(|line| line.trim_end().ends_with(['.', ',', '!', ':', ';']))
}

/// Whether the prose says that the next command fails.
pub(super) fn expects_failure(prose: &str) -> bool {
    let last = prose.trim().rsplit("\n\n").next().unwrap_or_default();
    words::has(&last.replace(['*', '_'], ""), words::FAILS)
}

/// What the prose says about the next command.
pub(super) fn role_of(prose: &str) -> ProseRole {
    let last = prose.trim().rsplit("\n\n").next().unwrap_or_default().to_lowercase();
    let only = last.trim_matches([' ', ':', '*', '_', '-']);
    if words::OR.split('|').any(|word| word == only) || words::has(&last, words::OTHER_WAY) {
        ProseRole::OtherWay
    } else if words::has(prose, words::LATER) {
        ProseRole::Later
    } else {
        ProseRole::Plainly
    }
}

/// Whether a heading is that of another way than the one of an earlier heading: `Option 2`, `Declaratively`.
pub(super) fn is_other_way(title: &str, before: &[String]) -> bool {
    static SECOND: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?i)(?:^|\W)(?:{})\W{{0,3}}(?:[2-9]|[b-d]|two|ii)\b", words::WAY)));
    const PAIRS: [(&str, &str); 2] = [("declarativ", "imperativ"), ("deklarativ", "imperativ")];
    let (title, has) =
        (title.to_lowercase(), |word: &str| before.iter().any(|other| other.to_lowercase().contains(word)));
    let is_pair = |(one, other): &(&str, &str)| title.contains(one) && has(other) || title.contains(other) && has(one);
    SECOND.is_match(&title) || title.starts_with("alternativ") || PAIRS.iter().any(is_pair)
}

/// Whether the last sentence of the prose forbids to run what follows, or the first line of a block is a comment that does.
pub(super) fn forbids(prose: &str, block: &str) -> bool {
    static FORBIDS: LazyLock<Regex> = LazyLock::new(|| regex(&format!("(?i){}", words::FORBIDS.join("|"))));
    let first = block.trim_start().lines().next().and_then(|line| line.strip_prefix('#')).map(str::trim);
    let forbids = |text: &str| FORBIDS.is_match(&text.replace(['*', '_', '`'], ""));
    last_sentence(prose).into_iter().chain(first).any(forbids)
}

/// Whether the last sentence of the prose says that what follows is typed in a container or on a node, as `In the
/// container, run:`, or names a command that opens a shell there.
pub(super) fn is_for_a_container(prose: &str) -> bool {
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)^(?:\W|now |then |next,? |\d)*(?:in|inside|within|from|from inside|on|in it) (?:the |this |that |your )?(?:\w+ ){0,2}(?:container|pod|node|vm)(?:'s shell)?, .*:$",
        )
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| regex("`([^`]+)`"));
    last_sentence(prose).is_some_and(|sentence| {
        INSIDE.is_match(sentence) || CODE.captures_iter(sentence).any(|found| opens_shell(&found[1]))
    })
}

/// The last sentence of the last paragraph, if it announces what follows.
fn last_sentence(prose: &str) -> Option<&str> {
    let paragraph = prose.trim().rsplit("\n\n").next()?.trim();
    let sentence = [". ", "! ", ".\n", "。"]
        .iter()
        .filter_map(|end| paragraph.trim_end_matches('。').rsplit(end).next())
        .min_by_key(|part| part.len())?;
    sentence.ends_with([':', '：', '!', '.', '。']).then_some(sentence)
}

/// Whether an output is that of a command that fails.
pub(super) fn is_error(text: &str) -> bool {
    let marks = [
        "error:",
        "Error from server",
        "Error:",
        "exit code",
        "can't connect",
        "not found",
        "refused",
        "forbidden",
        "denied",
        "timed out",
        "unable to",
        " is invalid: ",
        "bad address",
        "terminated (Error)",
        "No such file",
    ];
    text.lines().any(|line| marks.iter().any(|mark| line.contains(mark)))
}

/// The output that comments directly after a command show, such as `# pod/web created` or a table with its header. What a
/// command prints of a field may be any word, if no other line follows.
pub(super) fn output_in_comments<'a>(command: &str, lines: impl Iterator<Item = &'a str>) -> Option<String> {
    static OF_FIELD: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^KUBECTL\s[^|]*\s(?:-o|--output)[ =]?['\x22]?(?:jsonpath|go-template)[^|]*$"));
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"^(?:(?:[a-z.]+/[\w.-]+ |[a-z.]+ "[\w.-]+" )(?:force )?(?:created|configured|unchanged|deleted|patched|scaled|exposed|(?:un)?labeled|not labeled|annotated|replaced|rolled back|restarted|image updated|autoscaled|condition met|successfully rolled out)\b|[a-z.]+/[a-z0-9][\w.-]*$|\d+$|error: |Error from server|The \w+ "[^"]+" is invalid|No resources found|Warning: |map\[|\{"|Forwarding from |[a-z0-9][\w./-]*(?: {2,}\S+(?: \S+)?){2,}$)"#,
        )
    });
    let lines: Vec<&str> = lines.collect();
    let is_last = lines.get(1).is_none_or(|line| line.trim().is_empty());
    let comments: Vec<&str> = lines.iter().map_while(|line| line.strip_prefix('#')).collect();
    let comments: Vec<&str> = comments.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let is_listing = comments.len() > 1 && is_table(comments[0]);
    let is_value = |line: &&&str| line.split_whitespace().count() == 1 && !line.ends_with([':', '.']);
    // A heading may stand above the next command.
    let value = comments.first().filter(|line| is_last && OF_FIELD.is_match(command.trim()) && is_value(line)).copied();
    let shown: Vec<&str> = match value {
        Some(value) => vec![value],
        None if is_listing => comments,
        None => comments.into_iter().take_while(|line| SAYS.is_match(line)).collect(),
    };
    (!shown.is_empty()).then(|| shown.iter().map(|line| format!("{line}\n")).collect())
}
