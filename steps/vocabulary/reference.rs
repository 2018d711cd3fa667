//! The reference of the vocabulary, generated from the tables.

use std::fmt::Write;

use super::{Fact, Noun, PARAMETERS, Sentence, nouns};
use crate::conditions::wildcard::WILDCARDS;

/// For somebody who writes a lab, perhaps the first one.
const INTRODUCTION: &str = "\
A lab is one feature file, features/<lab>.feature, and a folder scenarios/<lab>/ with the manifests and other files that it
uses. A larger lab has a folder features/<lab>/ with a file for each audience: sheet.feature for learners, errata.feature
for errors of the document, grading.feature for the scenarios that carry points. Folders within features/ may group labs.
`labproof new NAME` writes a new lab.

scenarios/<lab>/lab.yaml declares the images that the lab needs. All its fields are optional:

    title: Greetings, from a Pod to its Service
    source: \"chapter 3 of the course\"
    pulls: [busybox]          # images that its Pods pull
    bases: [node:20-slim]     # images that its Dockerfiles begin with
    builds:                   # images that it builds; `folder` and `dockerfile` may be added, the defaults are . and Dockerfile
    - image: greeter:1.0
    absent: [no-such-image]   # images that its manifests name and that do not exist

`pulls` also stands for `busybox:latest` and `docker.io/library/busybox`, and for images that a command names, as in
`kubectl run --image=busybox`. Stand-ins take the place of common images where no registry is in reach: `labproof images
--stand-ins` lists them, with what each lacks ([docs/stand-ins.md](stand-ins.md)).

A sentence that these do not have can be the course's own, in Rust: [own-sentences.md](own-sentences.md).
";

/// What holds for all sentences.
const RULES: [(&str, &str); 6] = [
    (
        "The order of steps",
        "\
A Given prepares, a When acts, a Then checks; an And or a But continues the kind of the step before it. They may come in any
order and as often as needed. A sentence that begins with `within` may also stand beneath Given and When: there it waits for
what the next step needs. The sentences that make objects of a manifest may be used beneath When as well. `it prints` and its like
are about the last command that a step typed into the terminal. Background, Rule and Scenario Outline work as in Gherkin. A tag
of your own selects scenarios with `labproof verify --tags`.
",
    ),
    (
        "Where a scenario runs",
        "\
Each scenario has a namespace of its own, and a terminal whose folder is empty at first. Its kubectl uses this namespace, with
all rights; `kubectl config view --minify -o jsonpath='{..namespace}'` prints its name. Manifests that a step sends name no
namespace. Scenarios run side by side, and leave nothing behind. Objects of the whole cluster and changes to nodes (labels,
taints, cordon, drain) are allowed: labproof keeps scenarios apart that change the same ones, and restores them afterwards. A
scenario that would harm others, such as one that stops a node, gets a cluster of its own.

The cluster is called demo, and has the nodes demo-control-plane, demo-worker and demo-worker2. Its StorageClass is `standard`,
which makes a volume once a Pod uses the claim. NetworkPolicies are enforced. There is neither a metrics server nor an Ingress
controller. A course with a kind configuration of its own, `kind-config/demo.yaml`, may have others.
",
    ),
    (
        "How long a step may take",
        "\
`within` sets the longest time of a step, and `for` the time during which something must hold. Any other step may take 5
minutes, and a scenario 10; for graded work, it is 10 and 15 minutes. `--step-timeout` and `--timeout` change that. A step that
the end of its scenario's time cuts short is broken, not failed. A sentence without `within` or `for` looks once, and does not
wait.
",
    ),
    (
        "What is typed",
        "\
Commands are typed into one bash: its variables, functions, aliases, folder, background jobs and `$?` last as long as the
scenario. It differs from a terminal in front of a person. Nobody types input, so a command that reads some fails after a few
seconds, except in a session. There is no history: `check` refuses an exclamation mark that a terminal would take for an earlier
command. Standard output is no terminal, so programs use no colours and no pager. A command that goes on, such as `watch` or
`kubectl get -w`, ends at the time limit of its step; open a session with it instead. Within quotes, write \\\" for a quote;
other backslashes stand for themselves.
",
    ),
    (
        "Expected text",
        "\
Expected text within a step may begin and end anywhere in a line of the output. Expected text beneath a step, or in a file of
scenarios/<lab>/expected/ that the step names, is the whole output, line by line. Within a line, several blanks count as one;
blanks at the beginning of a line count, those at its end and empty lines at the end of the output do not. `[...]` and the other
wildcards are listed below; other text in brackets, such as `[ssd]`, stands for itself. Codes for colours are no text. Other
blanks than spaces and tabs, such as a no-break space, are characters like any other.
",
    ),
    (
        "Pods without a fixed name",
        "\
A Deployment, a Job and their like give their Pods names that a lab cannot know. Where a sentence takes `{which}`, `{place}` or
`{target}`, name such a Pod by a label: `within 60 seconds the log of the Pod labelled \"app=web\" shows \"ready\"`. Exactly one Pod
must have this label; others that are being deleted do not count. To compare two Pods, keep a value in a named wildcard:
`within 30 seconds the Pod \"a\" has spec.nodeName \"[NODE:first]\"`, then `within 30 seconds the Pod \"b\" has spec.nodeName
\"[=first]\"`.
",
    ),
];

/// What a sheet may not have, though Gherkin allows it.
const REFUSED: &str = "\
labproof reads Gherkin as its reference parser does, in all its languages. It refuses what Gherkin allows but what would be
ignored, or is likely a mistake:

- a feature, a rule or a scenario without a title, and two scenarios of one title in the same feature or rule;
- a feature without scenarios, a scenario or a background without steps, an outline without rows of examples;
- a scenario without a `Then`, or with a first `And` that continues nothing;
- a step that no sentence fits, and a sentence in a description, where it would not run;
- a table beneath a step, a text beneath a step that takes none, a step that takes a text without one;
- a text block beneath the title of a scenario or of examples, and one in another description with a line that begins with
  a keyword or a tag, because Gherkin has no text blocks there;
- text behind the quotes that open a text block, except a word such as `yaml`;
- a word in brackets that nearly is a wildcard, such as `[AGES]`, and `<word>` in a step of an outline without that column;
- a row with more or fewer cells than the first row of its table, a column of examples that no step uses;
- tags that stand above nothing, and names that nearly are one of labproof's tags;
- words that nearly are a keyword, and invisible characters before or after one.
";

/// Words that no sentence has, and words of the sentences that serve for them.
const OTHER_WORDS: [(&str, &str); 25] = [
    ("annotation", "has {field} {value}"),
    ("available", "has the condition"),
    ("clusterrole", "may {verb} {resource}"),
    ("cordon", "has {field} {value}"),
    ("crd", "custom"),
    ("dns", "{peer}"),
    ("drain", "i run {command}"),
    ("helm", "i run {command}"),
    ("hpa", "has {field} {value}"),
    ("kustomize", "i run {command}"),
    ("logs", "the log of"),
    ("netpol", "networkpolicies"),
    ("network policy", "networkpolicies"),
    ("permission", "may {verb} {resource}"),
    ("pv", "is bound"),
    ("pvc", "is bound"),
    ("rbac", "may {verb} {resource}"),
    ("role", "may {verb} {resource}"),
    ("rolebinding", "may {verb} {resource}"),
    ("rollback", "is rolled out"),
    ("rollout", "is rolled out"),
    ("scale", "ready pod(s)"),
    ("succeeded", "is complete"),
    ("taint", "has {field} {value}"),
    ("toleration", "has {field} {value}"),
];

const OF_PARAMETERS: &str = "Parameters";
const OF_WILDCARDS: &str = "Wildcards of expected text";
const OF_GHERKIN: &str = "What is refused of Gherkin";

/// The sentences that contain `word`, or several words, for a terminal; empty if there are none.
#[must_use]
pub fn plain(word: &str) -> String {
    let mut text = String::new();
    for (noun, sentences) in matching(word) {
        _ = writeln!(text, "{}\n", noun.title.to_uppercase());
        for sentence in sentences {
            _ = writeln!(text, "{} {}", sentence.keyword(), sentence.expression);
            _ = writeln!(text, "    {}", sentence.meaning);
            for note in notes(sentence) {
                _ = writeln!(text, "    {note}");
            }
            for line in example(sentence).lines() {
                _ = writeln!(text, "      {line}");
            }
            text.push('\n');
        }
    }
    if text.is_empty() {
        return text;
    }
    text += "PARAMETERS\n\n";
    let is_used = |kind| matching(word).any(|(_, sentences)| sentences.iter().any(|sentence| sentence.takes(kind)));
    for parameter in PARAMETERS.iter().filter(|parameter| is_used(parameter.kind)) {
        _ = writeln!(text, "  {:<12} {}", format!("{{{}}}", parameter.name), parameter.meaning);
    }
    text += "\nWILDCARDS OF EXPECTED TEXT\n\n";
    for (wildcard, meaning) in wildcards() {
        _ = writeln!(text, "  {wildcard:<12} {meaning}");
    }
    let rules = RULES.iter().map(|(title, rule)| format!("{}\n\n{rule}\n", title.to_uppercase())).collect::<String>();
    if word.is_empty() { format!("{INTRODUCTION}\n{rules}{text}\nGHERKIN\n\n{REFUSED}") } else { text }
}

/// All sentences as a JavaScript file, which the Cucumber extension of an editor reads to complete and check steps. Nothing
/// runs it.
#[must_use]
pub fn glue() -> String {
    let mut text = String::from(
        "// Generated by `labproof steps --glue`. The Cucumber extension of an editor reads this file to complete and check\n\
         // steps, if it is a .js file in features/. Nothing runs it.\n\
         const { Given, When, Then, defineParameterType } = require('@cucumber/cucumber')\n\n",
    );
    for parameter in PARAMETERS {
        let regexp = parameter.expression.replace('/', "\\/");
        _ = writeln!(text, "defineParameterType({{ name: '{}', regexp: /{regexp}/ }})", parameter.name);
    }
    for noun in nouns() {
        _ = writeln!(text, "\n// {}", noun.title);
        for sentence in noun.sentences {
            let expression = sentence.expression.replace('\\', "\\\\").replace('\'', "\\'");
            _ = writeln!(text, "{}('{expression}', () => {{}})", sentence.keyword());
        }
    }
    text
}

/// The sentences that contain `word`, as a page of Markdown; empty if there are none.
#[must_use]
pub fn markdown(word: &str) -> String {
    if matching(word).next().is_none() {
        return String::new();
    }
    let mut text = format!("# The sentences of a lab\n\nGenerated by `labproof steps --markdown`.\n\n{INTRODUCTION}");
    if word.is_empty() {
        let rules = RULES.iter().map(|(title, _)| *title);
        text += &contents(rules.chain(nouns().map(|noun| noun.title)).chain([OF_PARAMETERS, OF_WILDCARDS, OF_GHERKIN]));
        for (title, rule) in RULES {
            _ = write!(text, "\n## {title}\n\n{rule}");
        }
    }
    for (noun, sentences) in matching(word) {
        _ = writeln!(text, "\n## {}", noun.title);
        for sentence in sentences {
            _ = writeln!(
                text,
                "\n### {} {}\n\n{}\n\n{}```gherkin\n{}\n```",
                sentence.keyword(),
                sentence.expression,
                sentence.meaning,
                notes(sentence).map(|note| format!("*{note}*\n\n")).collect::<String>(),
                example(sentence)
            );
        }
    }
    text += &format!("\n## {OF_PARAMETERS}\n\n| parameter | stands for |\n|---|---|\n");
    for parameter in PARAMETERS {
        _ = writeln!(text, "| `{{{}}}` | {} |", parameter.name, parameter.meaning);
    }
    text += &format!("\n## {OF_WILDCARDS}\n\n| wildcard | stands for |\n|---|---|\n");
    for (wildcard, meaning) in wildcards() {
        _ = writeln!(text, "| `{wildcard}` | {meaning} |");
    }
    if word.is_empty() { text + &format!("\n## {OF_GHERKIN}\n\n{REFUSED}") } else { text }
}

/// Links to the sections with these titles.
fn contents<'a>(titles: impl Iterator<Item = &'a str>) -> String {
    let anchor = |title: &str| title.to_lowercase().replace(',', "").replace(' ', "-");
    let links: Vec<String> = titles.map(|title| format!("[{title}](#{})", anchor(title))).collect();
    format!("\n{}\n", links.join(" ·\n"))
}

/// The nouns with sentences that contain these words, each with those sentences: together, or else all of them, or else the
/// words that serve for them. If no sentence does, those whose parameters may.
fn matching(words: &str) -> impl Iterator<Item = (&'static Noun, Vec<&'static Sentence>)> {
    let said = |sentence: &Sentence| {
        let texts = [sentence.keyword(), sentence.expression, sentence.meaning, sentence.example];
        texts.join(" ").to_lowercase()
    };
    let singular = words.strip_suffix('s').unwrap_or(words);
    let other = OTHER_WORDS.iter().find(|(other, _)| [words, singular].contains(other)).map(|(_, meant)| *meant);
    let has = |text: &str, words: &str| text.contains(words) || text.contains(&words.replace(' ', ""));
    let together = |sentence: &&Sentence| has(&said(sentence), words);
    let each = |sentence: &&Sentence| words.split(' ').all(|word| said(sentence).contains(word));
    let in_other_words = |sentence: &&Sentence| other.is_some_and(|other| said(sentence).contains(other));
    let takes = |sentence: &&Sentence| {
        let mut parameters = PARAMETERS.iter().filter(|parameter| sentence.takes(parameter.kind));
        parameters.any(|parameter| has(&parameter.meaning.to_lowercase(), words))
    };
    let by = |fits: &dyn Fn(&&'static Sentence) -> bool| {
        let of = |noun: &'static Noun| (noun, noun.sentences.iter().filter(fits).collect::<Vec<_>>());
        let found: Vec<_> = nouns().map(of).filter(|(_, sentences)| !sentences.is_empty()).collect();
        (!found.is_empty()).then_some(found)
    };
    let found = by(&together).or_else(|| by(&in_other_words)).or_else(|| by(&each)).or_else(|| by(&takes));
    found.unwrap_or_default().into_iter()
}

/// Notes about a sentence for the author of graded scenarios.
fn notes(sentence: &Sentence) -> impl Iterator<Item = String> {
    let unfit =
        sentence.unfit_for_points().map(|why| format!("Not allowed in a scenario that carries points: it {why}."));
    let reads =
        sentence.has(Fact::Reads).then_some("Only reads: a `@live` scenario checks it in a learner's own cluster too.");
    unfit.into_iter().chain(reads.map(str::to_owned))
}

fn wildcards() -> impl Iterator<Item = (String, &'static str)> {
    let kinds = WILDCARDS.iter().map(|wildcard| (format!("[{}]", wildcard.name), wildcard.meaning));
    let others = [
        ("[...]", "any text up to the line's end; on a line of its own, any number of lines"),
        ("[IP:server]", "the same as [IP], kept under the name server; so with each kind"),
        ("[=server]", "what was kept under that name in the scenario"),
        (
            "[to 1.34: text]",
            "the text, on Kubernetes up to this version; nothing on newer ones; a line of which nothing is left goes as a whole",
        ),
        ("[from 1.35: text]", "the text, on Kubernetes from this version on; nothing on older ones"),
    ];
    kinds.chain(others.into_iter().map(|(wildcard, meaning)| (wildcard.to_owned(), meaning)))
}

fn example(sentence: &Sentence) -> String {
    let mut lines = sentence.example.lines();
    let first = format!("{} {}", sentence.keyword(), lines.next().unwrap_or_default());
    std::iter::once(first).chain(lines.map(|line| format!("  {line}"))).collect::<Vec<_>>().join("\n")
}
