//! The simple commands within lists and pipelines, with their words and redirections.

use brush_parser::ast::{
    AssignmentName, AssignmentValue, Command, CommandPrefixOrSuffixItem as Item, CompoundList,
    IoFileRedirectKind as Kind, IoFileRedirectTarget as Target, IoRedirect, Pipeline, RedirectList, SimpleCommand,
};

use super::{Input, MOST, Shell, Simple, Word, words::line};

/// Words of bash that set variables.
const SETTERS: [&str; 6] = ["export", "declare", "typeset", "local", "readonly", "env"];

impl Shell {
    /// Reads a list; returns the lines of its last pipeline.
    pub(super) fn list(&mut self, list: &CompoundList) -> Vec<String> {
        let mut lines = Vec::new();
        for item in &list.0 {
            for (place, (_, pipeline)) in item.0.into_iter().enumerate() {
                if self.found.len() >= MOST {
                    return self.unread();
                }
                lines = match place {
                    0 => self.pipeline(pipeline),
                    _ => self.perhaps(|shell| shell.pipeline(pipeline)),
                };
            }
        }
        lines
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Vec<String> {
        let mut before: Vec<String> = Vec::new();
        let mut text: Option<String> = None;
        for command in &pipeline.seq {
            let input = match (text.take(), before.is_empty()) {
                (Some(text), _) => Input::Text(text),
                (None, true) => Input::Terminal,
                (None, false) => Input::Of(before.clone()),
            };
            match command {
                Command::Simple(simple) => {
                    let simple = self.simple(simple, input);
                    text = before.is_empty().then(|| printed(&simple)).flatten();
                    before.push(simple.line());
                    self.take(simple);
                }
                Command::Compound(compound, redirections) => {
                    let given = self.given(redirections.as_ref()).unwrap_or_else(|| before.clone());
                    let outer = std::mem::replace(&mut self.piped, given);
                    let lines = self.compound(compound);
                    self.piped = outer;
                    self.redirected(redirections.as_ref());
                    before.extend(lines);
                }
                Command::Function(function) => self.function(function),
                Command::ExtendedTest(condition) => {
                    self.expand_text(&condition.expr.to_string());
                    before.push("[[".into());
                }
            }
        }
        before
    }

    /// Keeps a command, with what it does to the shell.
    fn take(&mut self, mut simple: Simple) {
        if simple.input == Input::Terminal && !self.piped.is_empty() {
            simple.input = Input::Of(self.piped.clone());
        }
        if simple.words.is_empty() {
            for (name, value) in &simple.assigned {
                self.set(name, value.clone());
            }
        }
        match simple.words.first().map(|word| word.text.as_str()) {
            Some("unset") => {
                for word in &simple.words[1..] {
                    self.variables.remove(&word.text);
                }
            }
            Some("read") => {
                let piped = match &simple.input {
                    Input::Of(lines) => lines.clone(),
                    _ => Vec::new(),
                };
                for word in simple.words[1..].iter().filter(|word| !word.text.starts_with('-')) {
                    let value = Word::printed(format!("${}", word.text), piped.clone());
                    self.variables.insert(word.text.clone(), value);
                }
            }
            Some("mapfile" | "readarray" | "getopts" | "let" | "printf") => {
                for word in &simple.words[1..] {
                    let value = Word::printed(format!("${}", word.text), Vec::new());
                    self.variables.entry(word.text.clone()).and_modify(|known| *known = value);
                }
            }
            Some("alias") => {
                for (name, value) in simple.words[1..].iter().filter_map(|word| word.text.split_once('=')) {
                    self.aliases.insert(name.to_owned(), value.to_owned());
                    // An alias of several commands is judged where it is made.
                    if value.contains([';', '|', '&', '$', '`', '(', '\n', '>']) {
                        self.within(value);
                    }
                }
            }
            _ => {}
        }
        self.found.push(simple);
    }

    fn simple(&mut self, command: &SimpleCommand, input: Input) -> Simple {
        let mut simple = Simple { input, ..Simple::default() };
        let prefix = command.prefix.as_ref().map(|prefix| prefix.0.as_slice()).unwrap_or_default();
        let suffix = command.suffix.as_ref().map(|suffix| suffix.0.as_slice()).unwrap_or_default();
        for item in prefix {
            self.item(item, &mut simple);
        }
        if let Some(name) = &command.word_or_name {
            let words = match self.aliases.get(&name.value).cloned() {
                Some(alias) => alias.split_whitespace().flat_map(|word| self.expand(word)).collect(),
                None => self.expand(&name.value),
            };
            simple.words.extend(words);
        }
        for item in suffix {
            self.item(item, &mut simple);
        }
        if simple.words.first().is_some_and(|word| SETTERS.contains(&word.text.as_str())) {
            for (name, value) in simple.assigned.iter().filter(|_| simple.words[0].text != "env") {
                self.set(name, value.clone());
            }
        }
        simple
    }

    fn item(&mut self, item: &Item, simple: &mut Simple) {
        match item {
            Item::IoRedirect(redirection) => self.redirection(redirection, simple),
            Item::Word(word) => simple.words.extend(self.expand(&word.value)),
            Item::AssignmentWord(assignment, _) => {
                let name = match &assignment.name {
                    AssignmentName::VariableName(name) => name,
                    AssignmentName::ArrayElementName(name, index) => {
                        self.expand_text(index);
                        name
                    }
                };
                let value = match &assignment.value {
                    AssignmentValue::Scalar(word) => self.expand_whole(&word.value),
                    AssignmentValue::Array(values) => {
                        let values = values.iter().map(|(_, value)| value.value.as_str()).collect::<Vec<_>>();
                        self.expand_whole(&values.join(" "))
                    }
                };
                let mut value = value;
                if assignment.append {
                    let mut whole = self.value(name).cloned().unwrap_or_default();
                    whole.append(&value);
                    value = whole;
                }
                if !simple.words.is_empty() {
                    let text = format!("{name}={}", value.text);
                    simple.words.push(Word { text, unknown: value.unknown.clone() });
                }
                simple.assigned.push((name.clone(), value));
            }
            Item::ProcessSubstitution(_, inner) => {
                let lines = self.list(&inner.list);
                simple.words.push(Word::printed("<(…)", lines));
            }
        }
    }

    fn redirection(&mut self, redirection: &IoRedirect, simple: &mut Simple) {
        match redirection {
            IoRedirect::File(_, kind, Target::Filename(word) | Target::Duplicate(word)) => {
                let target = self.expand_whole(&word.value);
                let is_number = target.text.chars().all(|c| c.is_ascii_digit() || c == '-');
                match kind {
                    Kind::Read => simple.input = Input::Of(vec![format!("cat {}", target.text)]),
                    Kind::DuplicateInput => {}
                    _ if !is_number => simple.outputs.push(target),
                    _ => {}
                }
            }
            IoRedirect::File(_, _, Target::ProcessSubstitution(_, inner)) => {
                simple.input = Input::Of(self.list(&inner.list));
            }
            IoRedirect::File(_, _, Target::Fd(_)) => {}
            IoRedirect::HereDocument(_, here) => {
                let text = here.requires_expansion.then(|| self.expand_text(&here.doc.value));
                simple.input = Input::Text(text.map_or_else(|| here.doc.value.clone(), |text| text.text));
            }
            IoRedirect::HereString(_, word) => {
                let text = self.expand_whole(&word.value);
                simple.input = match text.unknown.first() {
                    Some(by) => Input::Of(by.clone()),
                    None => Input::Text(text.text),
                };
            }
            IoRedirect::OutputAndError(word, _) => simple.outputs.push(self.expand_whole(&word.value)),
        }
    }

    /// What the redirections of a loop or a group give to its commands.
    fn given(&mut self, redirections: Option<&RedirectList>) -> Option<Vec<String>> {
        let mut simple = Simple::default();
        for redirection in &redirections?.0 {
            self.redirection(redirection, &mut simple);
        }
        match simple.input {
            Input::Terminal => None,
            Input::Text(text) => Some(vec![format!("echo {text}")]),
            Input::Of(lines) => Some(lines),
        }
    }

    /// The redirections of a loop or a group, as those of a command that does nothing.
    pub(super) fn redirected(&mut self, redirections: Option<&RedirectList>) {
        let Some(redirections) = redirections else { return };
        let mut simple = Simple { words: vec![Word::known(":")], ..Simple::default() };
        for redirection in &redirections.0 {
            self.redirection(redirection, &mut simple);
        }
        self.found.push(simple);
    }
}

/// What a command prints that only prints its words or its here-document.
fn printed(simple: &Simple) -> Option<String> {
    let program = simple.words.first()?.text.as_str();
    let arguments = &simple.words[1..];
    match (program, &simple.input) {
        ("cat", Input::Text(text)) if arguments.is_empty() || arguments == [Word::known("-")] => Some(text.clone()),
        ("echo", _) if arguments.iter().all(Word::is_known) && simple.outputs.is_empty() => {
            let options = |word: &&Word| matches!(word.text.as_str(), "-n" | "-e" | "-ne" | "-en");
            let text = line(&arguments[arguments.iter().take_while(options).count()..]);
            (!text.contains('\\')).then_some(text)
        }
        ("printf", _) => match arguments {
            [text] if text.is_known() && !text.text.contains(['\\', '%']) => Some(text.text.clone()),
            [format, text] if text.is_known() && matches!(format.text.trim_end_matches("\\n"), "%s") => {
                Some(text.text.clone())
            }
            _ => None,
        },
        _ => None,
    }
}
