//! What an element of HTML means for a document.

use html5gum::StartTag;

use super::panels::Part;
use crate::document::{self, tabs::Tab};

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A block of commands, output, or the content of a file.
    Block,
    /// A word as a computer takes it.
    Code,
    /// A heading.
    Heading,
    /// The title of the next block.
    Title,
    /// A paragraph, or something else that begins on a line of its own.
    Paragraph,
    /// A line break.
    Break,
    /// The number of a callout behind a line of a block; its text follows in the next element.
    Callout,
    /// Its text is Markdown, as slides have it.
    Markdown,
    /// It is not shown, or is no part of the document, such as a button.
    Hidden,
    /// Its text is that of what it stands in.
    Other,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) role: Role,
    /// The language that its class names.
    pub(super) language: Option<String>,
    /// The title that an attribute gives.
    pub(super) title: Option<String>,
    /// What it is for a set of tabs.
    pub(super) part: Option<Part>,
    /// The tab whose content it has.
    pub(super) tab: Option<Tab>,
    /// Whether it is not shown at first.
    pub(super) is_hidden: bool,
    /// Whether it has the Markdown of the slide around it.
    pub(super) is_template: bool,
    /// Whether it never has content.
    pub(super) is_empty: bool,
}

const HIDDEN: &str = "script style template svg button head nav select noscript del s strike";
const PARAGRAPHS: &str = "p div li ul ol dl dt dd table tr td th section article aside blockquote details summary figure \
    figcaption header footer main body hr";
const EMPTY: &str = "area base br col embed hr img input link meta source track wbr";

/// Parts of the classes of line numbers.
const LINE_NUMBERS: [&str; 5] = ["linenos", "lineno", "line-number", "hljs-ln-numbers", "rouge-gutter"];
/// Parts of the classes of titles of blocks.
const TITLES: [&str; 4] = ["caption", "codeblocktitle", "code-title", "filename"];
/// Beginnings of classes that name a language.
const LANGUAGES: [&str; 5] = ["language-", "lang-", "highlight-source-", "highlight-text-", "highlight-"];

impl Element {
    pub(super) fn of(tag: &StartTag<usize>) -> Self {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes())?;
            Some(String::from_utf8_lossy(&value.value).into_owned())
        };
        let class = attribute("class").unwrap_or_default();
        let style = attribute("style").unwrap_or_default().replace(' ', "").to_lowercase();
        let is_hidden = attribute("hidden").is_some()
            || ["display:none", "visibility:hidden"].iter().any(|hides| style.contains(hides));
        let language = language(&class).or_else(|| attribute("data-lang")).or_else(|| attribute("data-language"));
        let title = ["data-title", "data-filename", "data-file"].iter().find_map(|name| attribute(name));
        let is_empty = tag.self_closing || is_one_of(&name, EMPTY);
        let is_source = name == "textarea" && attribute("id").is_some_and(|id| id == "source");
        let role = match () {
            () if attribute("data-markdown").is_some() || is_source => Role::Markdown,
            () => role(&name, &class.to_lowercase()),
        };
        let is_template =
            attribute("data-template").is_some() || attribute("type").is_some_and(|kind| kind == "text/template");
        let (part, tab) = (Part::of(tag), None);
        Self {
            role,
            language: language.map(|name| document::language(&name)),
            title,
            part,
            tab,
            is_hidden,
            is_template,
            is_empty,
            name,
        }
    }
}

/// Whether these are the classes of a line's number, each of which is a whole word.
fn is_number(class: &str) -> bool {
    class.split(' ').any(|word| matches!(word, "gutter" | "ln" | "lnt"))
}

fn role(name: &str, class: &str) -> Role {
    let has = |parts: &[&str]| parts.iter().any(|part| class.contains(part));
    match name {
        _ if is_one_of(name, HIDDEN) || has(&LINE_NUMBERS) || is_number(class) => Role::Hidden,
        _ if class.split(' ').any(|word| word == "conum") => Role::Callout,
        "pre" => Role::Block,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Role::Heading,
        _ if has(&TITLES) || class.split(' ').any(|word| word == "title") => Role::Title,
        "code" | "kbd" | "tt" | "samp" => Role::Code,
        "br" => Role::Break,
        _ if is_one_of(name, PARAGRAPHS) => Role::Paragraph,
        _ => Role::Other,
    }
}

/// The language that a class names, as generators of pages write it: `language-bash`, `highlight-source-shell`,
/// `sourceCode bash`, `brush: bash`.
fn language(class: &str) -> Option<String> {
    let words = || class.split([' ', ';', ':']).filter(|word| !word.is_empty());
    let named = words().find_map(|word| LANGUAGES.iter().find_map(|begin| word.strip_prefix(begin)));
    let after = |first: &str| words().skip_while(|word| *word != first).nth(1);
    let found = named.or_else(|| after("sourceCode")).or_else(|| after("brush"))?;
    (!matches!(found, "default" | "none" | "notranslate")).then(|| found.to_owned())
}

fn is_one_of(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|other| other == word)
}
