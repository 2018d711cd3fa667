//! The log of `--log FILE`: everything that labproof does and says, with times, as plain text.
//!
//! It is one for the process, because programs are called and lines printed in all modules. Without `--log`, nothing is
//! collected. Text is escaped, and credentials are left out. The log only describes: nothing is read back from it.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::{LazyLock, Mutex, OnceLock, PoisonError},
};

use regex::Regex;

use crate::{escape, expression::regex};

/// The maximum size of one entry's text, in bytes.
const MOST_OF_AN_ENTRY: usize = 16 * 1024;

/// The maximum size of the log, in bytes.
const MOST: usize = 64 * 1024 * 1024;

static LOG: OnceLock<Log> = OnceLock::new();

tokio::task_local! {
    static SCENARIO: String;
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Printed text.
    Said,
    /// A program that labproof called.
    Program,
    /// A command that was typed in a scenario's terminal.
    Command,
    /// A request that changes the cluster.
    Cluster,
    /// A state that a wait saw.
    Wait,
    /// A step.
    Step,
}

impl About {
    fn word(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Program => "program",
            Self::Command => "command",
            Self::Cluster => "cluster",
            Self::Wait => "wait",
            Self::Step => "step",
        }
    }
}

#[derive(Debug)]
struct Log(Mutex<Bounded>);

/// A file that takes a limited number of bytes.
#[derive(Debug)]
struct Bounded {
    file: File,
    left: usize,
}

/// Begins the log in a new file.
///
/// # Errors
/// If the file cannot be written.
pub fn begin(file: &Path) -> io::Result<()> {
    let file = File::create(file)?;
    // A second log cannot begin: each command begins at most one.
    _ = LOG.set(Log(Mutex::new(Bounded { file, left: MOST })));
    Ok(())
}

/// Adds an entry: a line and, below it, texts such as outputs.
pub fn note(about: About, line: &str, texts: &[&str]) {
    let Some(Log(log)) = LOG.get() else { return };
    let scenario = SCENARIO.try_with(|scenario| format!(" [{scenario}]")).unwrap_or_default();
    let time = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
    let entry = format!("{time}{scenario} {}: {}", about.word(), body(line, texts));
    log.lock().unwrap_or_else(PoisonError::into_inner).add(&entry);
}

/// Names this scenario in all entries that `work` makes.
pub async fn within<T>(scenario: &str, work: impl Future<Output = T>) -> T {
    SCENARIO.scope(escape::line(scenario), work).await
}

impl Bounded {
    fn add(&mut self, entry: &str) {
        if self.left == 0 {
            return;
        }
        let full = entry.len() > self.left;
        let entry = if full { "the log ends here, because it is full\n" } else { entry };
        self.left = if full { 0 } else { self.left - entry.len() };
        // An error is ignored: a full disk must not change the verdict of a run.
        _ = self.file.write_all(entry.as_bytes());
    }
}

/// The entry without its head: one line, and indented lines for what follows.
fn body(line: &str, texts: &[&str]) -> String {
    let mut lines = safe(line).lines().map(str::to_owned).collect::<Vec<_>>().into_iter();
    let mut body = lines.next().unwrap_or_default() + "\n";
    let texts: Vec<String> = texts.iter().map(|text| safe(text.trim_end())).collect();
    for line in lines.chain(texts.iter().flat_map(|text| text.lines()).map(str::to_owned)) {
        body += &format!("    | {line}\n");
    }
    body
}

/// A text without credentials, colours and control characters, and of limited size.
fn safe(text: &str) -> String {
    let mut text = anstream::adapter::strip_str(text).to_string();
    for (pattern, instead) in SECRETS.iter() {
        text = pattern.replace_all(&text, *instead).into_owned();
    }
    escape::text(&cut(&text))
}

/// The beginning and the end of a long text.
fn cut(text: &str) -> String {
    if text.len() <= MOST_OF_AN_ENTRY {
        return text.to_owned();
    }
    let half = MOST_OF_AN_ENTRY / 2;
    let (head, tail) = (text.floor_char_boundary(half), text.ceil_char_boundary(text.len() - half));
    format!("{}\n[left out: {} bytes]\n{}", &text[..head], tail - head, &text[tail..])
}

/// Credentials: in addresses, in settings, kubeconfigs and headers, in options of commands, and private keys.
static SECRETS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    let name = "(?:[a-z]+[-_])*(?:token|password|passwd|secret|auth|authorization|(?:access|private)[-_]?key|key-data)";
    let value = r#"("?\s*[:=]\s*"?)(?:(?:bearer|basic)\s+)?[^\s",]+"#;
    let option = r"--(?:[a-z]+-)*(?:password|token|secret)[ =]|\bdocker login\b[^\n]*?\s-p[ =]?";
    [
        (regex(r"://[^/\s@]+@"), "://[hidden]@"),
        (regex(&format!(r"(?i)\b({name}){value}")), "$1$2[hidden]"),
        (regex(&format!(r"(?i)({option})\S+")), "$1[hidden]"),
        (regex(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\z)"), "[hidden]"),
    ]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_one_line_and_what_it_quotes_is_indented() {
        assert_eq!(
            body("`ls`\nsecond", &["a\n\u{1b}[31mb\u{1b}[0m\u{202e}\n", ""]),
            "`ls`\n    | second\n    | a\n    | b\\u{202e}\n"
        );
    }

    #[test]
    fn credentials_are_left_out() {
        for (text, kept) in [
            ("https://ana:pass@registry.example/v2", "https://[hidden]@registry.example/v2"),
            ("    client-key-data: TFMwdA==", "    client-key-data: [hidden]"),
            (r#"{"auths": {"r": {"auth": "YWI6Yw=="}}}"#, r#"{"auths": {"r": {"auth": "[hidden]"}}}"#),
            ("Authorization: Bearer abc.def", "Authorization: [hidden]"),
            ("REGISTRY_PASSWORD=hunter2 x", "REGISTRY_PASSWORD=[hidden] x"),
            ("a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb", "a\n[hidden]\nb"),
            ("docker login -u ana -p hunter2 r.example", "docker login -u ana -p [hidden] r.example"),
            ("x --registry-password hunter2 y", "x --registry-password [hidden] y"),
            ("AWS_SECRET_ACCESS_KEY=abc", "AWS_SECRET_ACCESS_KEY=[hidden]"),
            ("the author writes a tokenizer", "the author writes a tokenizer"),
        ] {
            assert_eq!(safe(text), kept);
        }
    }

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        let text = safe(&format!("begin{}end", "é".repeat(MOST_OF_AN_ENTRY)));
        assert!(
            text.starts_with("begin") && text.ends_with("end") && text.len() < MOST_OF_AN_ENTRY + 100,
            "{}",
            text.len()
        );
    }

    #[test]
    fn a_full_log_says_so_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Bounded { file: File::create(&path).unwrap(), left: 3 };
        for entry in ["a\n", "bcd\n", "e\n"] {
            log.add(entry);
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), "a\nthe log ends here, because it is full\n");
    }
}
