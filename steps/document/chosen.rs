//! Names that a document leaves to the choice of its reader: a namespace, and the reader's own name, as in
//! `--namespace <namespace>` and `image: <username>/app`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::Piece;
use crate::expression::{kubectl_regex, regex};

/// The name of labproof's reader.
const READER: &str = "student";

/// Words for a reader's own name, in the languages of courses.
const OWN_NAME: &str = "user|username|user-name|user_name|userid|user-id|your-name|your_name|your name|yourname|your-username|\
    your_username|your username|your-user|my-name|initials|your-initials|seu-nome|seu_nome|seu nome|seu-usuario|meu-nome|usuario|\
    tu-nombre|tu_nombre|tu nombre|tu-usuario|nombre-de-usuario|dein-name|dein_name|ihr-name|nachname|benutzername|votre-nom|\
    ton-nom|prenom|prénom|utilisateur|il-tuo-nome|nome-utente|twoje-imie|naam|jouw-naam|имя-пользователя|ваше-имя";

/// What a reader must replace, within a word.
const OPEN: &str = r"(?:<[\p{L}][\p{L}\d _'-]*>|\[[A-Za-z][A-Za-z]*(?:[ _-][A-Za-z]+)*\]|\{[a-z]+(?:[_-][a-z]+)*\})";

/// Puts names where the document leaves them to its reader. Returns what it has put where.
pub(super) fn fill(pieces: &mut [Piece]) -> BTreeMap<String, String> {
    let texts: Vec<&str> = pieces.iter().filter_map(block).collect();
    let mut chosen = namespaces(&texts);
    chosen.extend(names(&texts).into_iter().map(|name| (name, READER.to_owned())));
    // A longer text may contain a shorter one.
    let mut all: Vec<(&String, &String)> = chosen.iter().collect();
    all.sort_by_key(|(open, _)| std::cmp::Reverse(open.len()));
    for piece in pieces {
        if let Piece::Prose(_, text) | Piece::Block(super::Block { text, .. }) = piece {
            for (open, name) in all.iter().filter(|(open, _)| !open.is_empty()) {
                if text.contains(open.as_str()) {
                    *text = text.replace(open.as_str(), name);
                }
            }
        }
    }
    chosen
}

fn block(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Block(block) => Some(&block.text),
        _ => None,
    }
}

/// The open names of namespaces: one that the document makes gets a name, any other is the reader's own namespace.
fn namespaces(texts: &[&str]) -> BTreeMap<String, String> {
    static USED: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(&format!(
            r#"(?m)(?:\b(?:KUBECTL|oc|helm)\s(?:[^\n|;&]*?\s)??(?:-n|--namespace)[ =]|^\s+namespace:\s+|\b(?:delete|create|get|describe)\s+(?:ns|namespaces?)[ /])["']?([\w.-]*{OPEN}[\w.-]*)["']?(?:\s|$)"#
        ))
    });
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!(
            r#"(?m)\bcreate\s+(?:ns|namespace)\s+["']?([\w.-]*{OPEN}[\w.-]*)|^kind:\s+Namespace\s+metadata:\s+name:\s+["']?([\w.-]*{OPEN}[\w.-]*)"#
        ))
    });
    static PART: LazyLock<Regex> = LazyLock::new(|| regex(OPEN));
    let all = |regex: &'static Regex| {
        let found = texts.iter().flat_map(|text| regex.captures_iter(text));
        found.filter_map(|found| Some(found.iter().skip(1).flatten().next()?.as_str().to_owned()))
    };
    let made: BTreeSet<String> = all(&MADE).collect();
    let name = |open: &String| PART.replace_all(open, READER).into_owned();
    let used = all(&USED).chain(made.iter().cloned());
    used.map(|open| (open.clone(), if made.contains(&open) { name(&open) } else { "default".into() })).collect()
}

/// The open names that stand for the reader's own. An element of XML and a section of a file of settings are none.
fn names(texts: &[&str]) -> BTreeSet<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        let capitals = OWN_NAME.to_uppercase();
        regex(&format!(r"<(?i:{OWN_NAME})>|\[(?:{capitals})\]|\{{(?:{OWN_NAME})\}}"))
    });
    let found = texts.iter().flat_map(|text| NAME.find_iter(text)).map(|found| found.as_str().to_owned());
    let is_element = |open: &str| {
        let end = format!("</{}", open.trim_start_matches('<'));
        open.starts_with('<') && texts.iter().any(|text| text.contains(&end))
    };
    found.filter(|open| !is_element(open)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Block;

    fn filled(texts: &[&str]) -> Vec<String> {
        let block = |text: &&str| Piece::Block(Block { text: (*text).to_owned(), ..Block::default() });
        let mut pieces: Vec<Piece> = texts.iter().map(block).collect();
        fill(&mut pieces);
        pieces.iter().filter_map(super::block).map(str::to_owned).collect()
    }

    #[test]
    fn a_namespace_that_the_document_does_not_make_is_the_reader_s_own() {
        for open in ["<namespace>", "<meu-namespace>", "[USER]-shop", "<your name>-dev", "{namespace}"] {
            let command = format!("kubectl get pods --namespace {open}\nkubectl -n {open} logs web");
            assert_eq!(
                filled(&[&command, &format!("metadata:\n  namespace: {open}\n")]),
                [
                    "kubectl get pods --namespace default\nkubectl -n default logs web",
                    "metadata:\n  namespace: default\n"
                ],
                "{open}"
            );
        }
        assert_eq!(
            filled(&["kubectl config set-context --current --namespace=<ns>"]),
            ["kubectl config set-context --current --namespace=default"]
        );
    }

    #[test]
    fn a_namespace_that_the_document_makes_gets_a_name() {
        let filled = filled(&["kubectl create namespace <your-name>-dev", "kubectl get pods -n <your-name>-dev"]);
        assert_eq!(filled, ["kubectl create namespace student-dev", "kubectl get pods -n student-dev"]);
    }

    #[test]
    fn the_reader_has_a_name() {
        for (text, with_name) in [
            ("docker build -t <username>/app .", "docker build -t student/app ."),
            ("    image: <YOUR_USERNAME>/app:1.0", "    image: student/app:1.0"),
            ("kubectl label pod web owner=[USER]", "kubectl label pod web owner=student"),
        ] {
            assert_eq!(filled(&[text]), [with_name]);
        }
    }

    #[test]
    fn what_is_no_name_of_a_reader_stays() {
        for text in [
            "<settings><user>admin</user></settings>",
            "[user]\nname = x",
            "kubectl logs <pod-name>",
            "kubectl logs web | head -n <count>",
            "tail -n <lines> web.log; echo -n <text>",
            "kubectl get pods -n shop -l app=<name>",
            "helm template --namespace {{ .Release.Namespace }}",
            "namespace: {{namespace}}",
            "kubectl get pods -o jsonpath='{.items[0].metadata.namespace}'",
        ] {
            assert_eq!(filled(&[text]), [text]);
        }
    }
}
