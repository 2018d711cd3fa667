//! The files that commands read and write.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{Act, Deed, Source, Typed, content::is_dockerfile};
use crate::expression::{ALIASES, kubectl_regex, regex};

/// What the document calls kubectl without saying so.
#[must_use]
pub fn aliases(acts: &[Act]) -> Vec<&'static str> {
    let commands = || {
        acts.iter().filter_map(|act| match &act.deed {
            Deed::Type(typed) => Some(typed.command.as_str()),
            _ => None,
        })
    };
    let is_used = |name: &str| commands().any(|command| command.split_whitespace().next() == Some(name));
    let defines = |name: &str| {
        commands().any(|command| {
            [format!("alias {name}="), format!("{name}()"), format!("function {name}")]
                .iter()
                .any(|words| command.contains(words.as_str()))
        })
    };
    ALIASES.into_iter().filter(|name| is_used(name) && !defines(name)).collect()
}

/// The files that acts need and nothing in the document makes, each with the number of the act.
#[must_use]
pub fn wanted(acts: &[Act]) -> Vec<(usize, String)> {
    let (mut made, mut wanted): (BTreeSet<String>, Vec<(usize, String)>) = (BTreeSet::new(), Vec::new());
    let mut dockerfile = String::new();
    for (index, act) in acts.iter().enumerate() {
        match &act.deed {
            Deed::Write(source) | Deed::Offer(source) => {
                made.extend(source.name.as_deref().map(|name| base(name).to_owned()));
                if is_dockerfile(&source.text) {
                    dockerfile.clone_from(&source.text);
                }
            }
            Deed::Type(Typed { command, is_inside: false, .. }) => {
                made.extend(written_files(command).iter().map(|name| base(name).to_owned()));
                if is_dockerfile(command) {
                    dockerfile.clone_from(command);
                }
                let copied = if command.contains("docker build") { copied_files(&dockerfile) } else { Vec::new() };
                let used = used_files(command).into_iter().chain(data_files(command)).chain(copied);
                wanted.extend(used.filter(|name| !made.contains(base(name))).map(|name| (index, name)));
            }
            _ => {}
        }
    }
    wanted
}

/// Files that commands use from another folder than that in which the document has them, each with the document's.
#[must_use]
pub fn in_other_folders(acts: &[Act]) -> Vec<(String, String)> {
    let plain = |name: &str| name.trim_start_matches("./").to_owned();
    let mut made: Vec<String> = Vec::new();
    let mut others = Vec::new();
    for act in acts {
        match &act.deed {
            Deed::Write(Source { name: Some(name), .. }) => made.push(plain(name)),
            Deed::Type(Typed { command, is_inside: false, .. }) => {
                for name in used_files(command).iter().map(|name| plain(name)).filter(|name| !made.contains(name)) {
                    let same = made.iter().find(|other| base(other) == base(&name)).cloned();
                    others.extend(same.map(|other| (name, other)));
                }
            }
            _ => {}
        }
    }
    others
}

/// The last part of a path.
pub(super) fn base(name: &str) -> &str {
    name.trim_end_matches('/').rsplit('/').next().unwrap_or(name)
}

/// Files that `kubectl -f` and its like read.
#[must_use]
pub fn used_files(command: &str) -> Vec<String> {
    static USED: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r#"(?:^|[\s;&|(`])KUBECTL\b[^|;&\n]*?\s(?:-f|--filename|--patch-file)[= ]?["']?([^\s"';|&]+)"#)
    });
    static LOGS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"(?:^|[\s;&|(`])KUBECTL\b\s+(?:\S+\s+)*?logs\b"));
    let command = &crate::document::shell::without_here_documents(command);
    if LOGS.is_match(command) {
        return Vec::new();
    }
    let found =
        USED.captures_iter(command).flat_map(|found| found[1].split(',').map(str::to_owned).collect::<Vec<_>>());
    found
        .filter(|name| {
            name != "-"
                && !name.contains("://")
                && !name.contains(['$', '*', '<'])
                && name.contains('.')
                && name.len() > 2
        })
        .collect()
}

/// Files from which a `ConfigMap` or a Secret is made.
fn data_files(command: &str) -> Vec<String> {
    static DATA: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"\s--from-(?:env-)?file[= ]["']?(?:[\w.-]+=)?([^\s"'=;|&]+)"#));
    let names = DATA.captures_iter(command).map(|found| found[1].to_owned());
    names.filter(|name| base(name).contains('.') && !name.contains(['$', '*', '<'])).collect()
}

/// The paths that a command names: words with a slash or an extension, and what programs take as a folder.
#[must_use]
pub fn paths_named(command: &str) -> Vec<String> {
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?:^|[;&|]\s*)(?:cd|ls|docker build\s(?:[^|;&]*\s)?)\s*["']?([\w./-]+)["']?\s*(?:$|[;&|\n])|\s(?:-f|-k|--filename|--kustomize|--from-file|--from-env-file)[= ]?["']?(?:[\w.-]+=)?([\w./-]+)"#,
        )
    });
    let command = crate::document::shell::without_here_documents(command).replace("\\\n", " ");
    let words = command.split(|letter: char| letter.is_whitespace() || "\"'=:,;|&<>()`".contains(letter));
    let with_sign = |word: &&str| word.contains('/') || word.rsplit_once('.').is_some_and(|(name, _)| !name.is_empty());
    let folders = FOLDER.captures_iter(&command).filter_map(|found| found.get(1).or(found.get(2)));
    let all = folders.map(|found| found.as_str().to_owned()).chain(words.filter(with_sign).map(str::to_owned));
    all.filter(|name| !name.starts_with('/') && !name.contains("..")).collect()
}

/// The folders that a command makes.
#[must_use]
pub fn folders_made(command: &str) -> Vec<String> {
    static MAKES: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:mkdir|git clone)\s([^|;&\n]*)"));
    let words = MAKES.captures_iter(command).map(|found| found[1].to_owned());
    words.flat_map(|words| words.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The addresses from which `kubectl` reads manifests.
#[must_use]
pub fn addresses(command: &str) -> Vec<String> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r#"(?:^|[\s;&|(`])KUBECTL\b[^|;&\n]*?\s(?:-f|--filename|-k|--kustomize)[= ]?["']?(https?://[^\s"';|&]+)"#,
        )
    });
    let command = crate::document::shell::without_here_documents(command);
    ADDRESS.captures_iter(&command).map(|found| found[1].to_owned()).collect()
}

/// Files that a command writes.
#[must_use]
pub fn written_files(command: &str) -> Vec<String> {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?:>{1,2}|\btee(?: -a)?|\btouch|\s-o|--output)[ =]*["']?([\w./$~{}-]+\.?\w*)|\b(?:cp|mv) +(?:-\S+ +)*\S+ +(\S+)"#,
        )
    });
    let command = crate::document::shell::without_here_documents(command);
    let found = WRITTEN
        .captures_iter(&command)
        .filter_map(|found| found.get(1).or(found.get(2)).map(|name| name.as_str().to_owned()));
    found.filter(|name| !matches!(name.as_str(), "yaml" | "json" | "wide" | "name")).collect()
}

/// Files that a Dockerfile copies from its folder.
pub(super) fn copied_files(dockerfile: &str) -> Vec<String> {
    let copies =
        dockerfile.lines().filter_map(|line| line.trim().strip_prefix("COPY ").or(line.trim().strip_prefix("ADD ")));
    let files = copies.filter(|words| !words.contains("--from")).flat_map(|words| {
        let words: Vec<&str> = words.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        words[..words.len().saturating_sub(1)].iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()
    });
    files
        .filter(|name| name.contains('.') && name != "." && !name.contains(['*', '$', '[']) && !name.contains("://"))
        .collect()
}

/// Whether a command reads all manifests of the folder that this file is in, or of one above it.
pub(super) fn reads_folder_of(command: &str, file: &str) -> bool {
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r#"(?:^|[\s;&|(`])KUBECTL\b[^|;&]*?\s(?:-f|-k|--filename|--kustomize|kustomize)[= ]?["']?([^\s"'-][^\s"']*)"#,
        )
    });
    let file = file.trim_start_matches("./");
    FOLDER.captures_iter(command).any(|found| {
        let folder = found[1].trim_start_matches("./").trim_end_matches('/');
        let is_within = file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        folder.is_empty() || folder == "." || is_within || found[1].ends_with('/')
    })
}

/// Whether a command reads a kustomization, and with it the files that it names.
pub(super) fn kustomizes(command: &str) -> bool {
    static KUSTOMIZES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"(?:^|[\s;&|(`])KUBECTL\b[^|;&]*?\s(?:-k|--kustomize|kustomize)[= ]|\bkustomize build\b")
    });
    KUSTOMIZES.is_match(command)
}
