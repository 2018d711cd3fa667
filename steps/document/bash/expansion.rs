//! Expansion of words: braces, variables, command substitutions and quotes.

use brush_parser::{
    ParserOptions,
    word::{
        BraceExpressionMember, BraceExpressionOrText, Parameter, ParameterExpr, SpecialParameter, WordPiece,
        WordPieceWithSource, parse, parse_brace_expansions,
    },
};

use super::{Shell, Word};

/// How many words the braces of one word may make.
const MOST_WORDS: usize = 100;

/// The words that one word becomes, while it is expanded.
#[derive(Debug, Default)]
struct Fields {
    done: Vec<Word>,
    open: Option<Word>,
}

impl Fields {
    fn append(&mut self, part: &Word) {
        self.open.get_or_insert_default().append(part);
    }

    /// Appends a value without quotes: blanks in it separate words.
    fn append_split(&mut self, part: &Word) {
        if !part.is_known() || !part.text.contains(char::is_whitespace) {
            return self.append(part);
        }
        if part.text.starts_with(char::is_whitespace) {
            self.done.extend(self.open.take());
        }
        for (index, text) in part.text.split_whitespace().enumerate() {
            if index > 0 {
                self.done.extend(self.open.take());
            }
            self.append(&Word::known(text));
        }
        if part.text.ends_with(char::is_whitespace) {
            self.done.extend(self.open.take());
        }
    }

    fn all(mut self) -> Vec<Word> {
        self.done.extend(self.open.take());
        self.done
    }
}

impl Shell {
    /// The words that bash makes of one word as it is written.
    pub(super) fn expand(&mut self, raw: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let raws = with_braces(raw);
        self.is_cut |= raws.len() >= MOST_WORDS;
        for raw in raws {
            let Ok(pieces) = parse(&raw, &ParserOptions::default()) else {
                words.push(Word::printed(format!("$({raw})"), Vec::new()));
                continue;
            };
            let mut fields = Fields::default();
            for WordPieceWithSource { piece, start_index, end_index } in &pieces {
                let source = raw.get(*start_index..*end_index).unwrap_or_default();
                self.piece(piece, source, false, &mut fields);
            }
            words.extend(fields.all());
        }
        words
    }

    /// A word that bash does not split, such as the value of a variable.
    pub(super) fn expand_whole(&mut self, raw: &str) -> Word {
        let mut whole = Word::default();
        for (index, word) in self.expand(raw).iter().enumerate() {
            if index > 0 {
                whole.text.push(' ');
            }
            whole.append(word);
        }
        whole
    }

    /// The content of a here-document whose end is not quoted.
    pub(super) fn expand_text(&mut self, text: &str) -> Word {
        self.expand_whole(&format!("\"{}\"", text.replace('"', "\\\"")))
    }

    fn piece(&mut self, piece: &WordPiece, source: &str, is_quoted: bool, fields: &mut Fields) {
        match piece {
            WordPiece::Text(text) | WordPiece::SingleQuotedText(text) => fields.append(&Word::known(text)),
            WordPiece::AnsiCQuotedText(text) if !text.contains('\\') => fields.append(&Word::known(text)),
            WordPiece::EscapeSequence(text) => {
                let text = text.strip_prefix('\\').unwrap_or(text);
                fields.append(&Word::known(if text == "\n" { "" } else { text }));
            }
            WordPiece::TildePrefix(name) => fields.append(&Word::known(format!("~{name}"))),
            WordPiece::DoubleQuotedSequence(pieces) | WordPiece::GettextDoubleQuotedSequence(pieces) => {
                fields.append(&Word::default());
                for WordPieceWithSource { piece, start_index, end_index } in pieces {
                    let part = source.get(*start_index..*end_index).unwrap_or(source);
                    self.piece(piece, part, true, fields);
                }
            }
            WordPiece::CommandSubstitution(text) | WordPiece::BackquotedCommandSubstitution(text) => {
                let value = match text.trim() {
                    "pwd" => Word::known("."),
                    _ => Word::printed(format!("$({text})"), self.within(text)),
                };
                fields.append(&value);
            }
            WordPiece::ParameterExpansion(expression) => {
                let value = self.parameter(expression);
                if is_quoted { fields.append(&value) } else { fields.append_split(&value) }
            }
            WordPiece::ArithmeticExpression(expression) => {
                self.expand_text(&expression.value);
                fields.append(&Word::known("0"));
            }
            WordPiece::AnsiCQuotedText(text) => fields.append(&Word::printed(format!("$'{text}'"), Vec::new())),
        }
    }

    fn parameter(&mut self, expression: &ParameterExpr) -> Word {
        match expression {
            ParameterExpr::Parameter { parameter, .. } => self.variable(parameter),
            ParameterExpr::IndicateErrorIfNullOrUnset { parameter, error_message, .. } => {
                self.part_of(parameter, [error_message.as_deref(), None]);
                self.variable(parameter)
            }
            ParameterExpr::UseDefaultValues { parameter, default_value, .. }
            | ParameterExpr::AssignDefaultValues { parameter, default_value, .. } => {
                match (self.value(&name(parameter)).cloned(), default_value) {
                    (Some(value), _) => value,
                    (None, Some(default)) => self.expand_whole(default),
                    (None, None) => Word::default(),
                }
            }
            ParameterExpr::ParameterLength { .. } => Word::known("0"),
            ParameterExpr::RemoveSmallestSuffixPattern { parameter, pattern, .. }
            | ParameterExpr::RemoveLargestSuffixPattern { parameter, pattern, .. }
            | ParameterExpr::RemoveSmallestPrefixPattern { parameter, pattern, .. }
            | ParameterExpr::RemoveLargestPrefixPattern { parameter, pattern, .. } => {
                self.part_of(parameter, [pattern.as_deref(), None])
            }
            ParameterExpr::ReplaceSubstring { parameter, pattern, replacement, .. } => {
                self.part_of(parameter, [Some(pattern.as_str()), replacement.as_deref()])
            }
            ParameterExpr::Substring { parameter, offset, length, .. } => self
                .part_of(parameter, [Some(offset.value.as_str()), length.as_ref().map(|length| length.value.as_str())]),
            ParameterExpr::UseAlternativeValue { parameter, alternative_value, .. } => {
                self.part_of(parameter, [alternative_value.as_deref(), None])
            }
            _ => Word::printed("${…}", Vec::new()),
        }
    }

    /// What is made of a variable's value with these texts, in which commands may stand.
    fn part_of(&mut self, parameter: &Parameter, texts: [Option<&str>; 2]) -> Word {
        for text in texts.into_iter().flatten() {
            self.expand_text(text);
        }
        let name = name(parameter);
        let by = self.value(&name).and_then(|value| value.unknown.first().cloned()).unwrap_or_default();
        Word::printed(format!("${{{name}…}}"), by)
    }

    fn variable(&self, parameter: &Parameter) -> Word {
        let name = name(parameter);
        match (self.value(&name), name.as_str()) {
            (Some(value), _) => value.clone(),
            (None, "HOME") => Word::known("~"),
            (None, "PWD") => Word::known("."),
            (None, "IFS") => Word::known(" "),
            (None, "USER" | "HOSTNAME" | "RANDOM" | "SECONDS" | "UID") => {
                Word::printed(format!("${name}"), vec!["whoami".into()])
            }
            (None, "!") => Word::printed("$!", vec!["jobs -p".into()]),
            (None, _) => Word::printed(format!("${name}"), Vec::new()),
        }
    }
}

fn name(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Named(name)
        | Parameter::NamedWithIndex { name, .. }
        | Parameter::NamedWithAllIndices { name, .. } => name.clone(),
        Parameter::Positional(number) => number.to_string(),
        Parameter::Special(SpecialParameter::ProcessId) => "$".into(),
        Parameter::Special(SpecialParameter::LastBackgroundProcessId) => "!".into(),
        Parameter::Special(_) => "@".into(),
    }
}

/// The words of a word with braces, such as `{a,b}`.
fn with_braces(raw: &str) -> Vec<String> {
    let braces = raw.contains('{').then(|| parse_brace_expansions(raw, &ParserOptions::default()));
    match braces {
        Some(Ok(Some(parts))) => combined(&parts),
        _ => vec![raw.to_owned()],
    }
}

fn combined(parts: &[BraceExpressionOrText]) -> Vec<String> {
    let mut words = vec![String::new()];
    for part in parts {
        let choices = match part {
            BraceExpressionOrText::Text(text) => vec![text.clone()],
            BraceExpressionOrText::Expr(members) => members.iter().flat_map(choices).collect(),
        };
        words = words.iter().flat_map(|start| choices.iter().map(move |end| format!("{start}{end}"))).collect();
        words.truncate(MOST_WORDS);
    }
    words
}

fn choices(member: &BraceExpressionMember) -> Vec<String> {
    match member {
        BraceExpressionMember::NumberSequence { start, end, .. } => {
            let most = i64::try_from(MOST_WORDS).unwrap_or(i64::MAX);
            (*start.min(end)..=*start.max(end))
                .take(usize::try_from(most).unwrap_or(1))
                .map(|n| n.to_string())
                .collect()
        }
        BraceExpressionMember::CharSequence { start, end, .. } => (*start..=*end).map(String::from).collect(),
        BraceExpressionMember::Child(parts) => combined(parts),
    }
}
