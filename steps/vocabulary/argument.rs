//! The arguments in a step, and how a sentence gets them with their types.
//!
//! Each argument is converted once when its step is matched, to find what is malformed, and again when the step runs,
//! because a text may be meant for certain versions of Kubernetes only.

use std::{num::NonZeroU16, str::FromStr, time::Duration};

use gherkin::Step;

use super::{ParameterKind, Sentence, named::Named, versions};
use crate::{
    actions::{access::Holder, connections::Peer, container_ref::ContainerRef},
    conditions::{
        object::{ExpectedField, FieldPath},
        quantity::Quantity,
    },
    image_name::ImageName,
    terminal::dialogue::Key,
    verdict::{Fault, Outcome},
};

/// The longest time that a step may name: a typing error is more likely than a longer one.
const LONGEST: Duration = Duration::from_hours(24);

/// The arguments of a step, which are taken one by one.
#[derive(Clone, Debug)]
pub struct Arguments {
    values: Vec<Value>,
    taken: usize,
    docstring: Option<String>,
}

/// An argument.
#[derive(Clone, Debug)]
struct Value {
    kind: ParameterKind,
    /// As written, without its quotes.
    text: String,
    is_quoted: bool,
    /// What it names, if it may name it in several ways.
    named: Option<Named>,
}

/// A type of argument.
pub trait Argument: Sized {
    /// Takes the next argument.
    ///
    /// # Errors
    /// `refused` if it is malformed, `broken` if the step has no such argument.
    fn take(arguments: &mut Arguments) -> Outcome<Self>;
}

/// The text below a step, between lines of `"""`.
#[derive(Clone, Debug)]
pub(super) struct DocString(pub String);

/// A command line that no shell reads.
#[derive(Clone, Debug)]
pub(super) struct CommandLine {
    /// As written.
    pub text: String,
    /// Its words, as a shell splits them.
    pub words: Vec<String>,
}

impl Arguments {
    pub(super) fn new(sentence: &Sentence, captures: &regex::Captures<'_>, step: &Step) -> Self {
        let said = captures.iter().skip(1).flatten().map(|capture| capture.as_str());
        let values = sentence.kinds().zip(said).map(|(kind, said)| Value {
            kind,
            text: unquoted(said),
            is_quoted: said.starts_with('"'),
            named: kind.may_be_named_in_several_ways().then(|| Named::read(said)).flatten(),
        });
        Self { values: values.collect(), taken: 0, docstring: step.docstring.clone() }
    }

    /// The next argument.
    ///
    /// # Errors
    /// `refused` if it is malformed, `broken` if there is none.
    pub fn take<A: Argument>(&mut self) -> Outcome<A> {
        A::take(self)
    }

    /// The same arguments with some text below the step, because a text that is missing is another error than a malformed
    /// argument.
    #[must_use]
    pub fn with_any_text(&self) -> Self {
        let docstring = self.docstring.clone().or_else(|| Some(String::new()));
        Self { docstring, ..self.clone() }
    }

    /// The arguments of one kind.
    pub fn of_kind(&self, kind: ParameterKind) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |value| value.kind == kind).map(|value| value.text.as_str())
    }

    /// The text below the step.
    #[must_use]
    pub fn block(&self) -> Option<&str> {
        self.docstring.as_deref()
    }

    /// The arguments of all kinds other than these.
    pub fn of_other_kinds(&self, kinds: &[ParameterKind]) -> impl Iterator<Item = &str> {
        self.values.iter().filter(|value| !kinds.contains(&value.kind)).map(|value| value.text.as_str())
    }

    /// The arguments for this Kubernetes version, such as `v1.35.8`.
    #[must_use]
    pub fn meant_for(mut self, version: &str) -> Self {
        let texts = self.values.iter_mut().map(|value| &mut value.text);
        for text in texts.chain(&mut self.docstring) {
            *text = versions::meant_for(text, version);
        }
        self
    }

    /// The longest time that the step may wait, if it names one.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.of_kind(ParameterKind::Duration).next().and_then(|written| duration(written).ok())
    }

    /// What the step names by arguments that may be a name or a label, or that may be of several kinds.
    pub fn named(&self) -> impl Iterator<Item = &Named> {
        self.values.iter().filter_map(|value| value.named.as_ref())
    }

    /// The labels by which the step names Pods.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        self.named().filter(|named| named.is_label).map(|named| named.name.clone()).collect()
    }

    /// The same with a Pod's name in place of its label.
    #[must_use]
    pub fn with_name(mut self, label: &str, name: &str) -> Self {
        let named = self.values.iter_mut().filter_map(|value| value.named.as_mut());
        for named in named.filter(|named| named.is_label && named.name == label) {
            name.clone_into(&mut named.name);
            named.is_label = false;
        }
        self
    }

    /// Sets the text below the step.
    pub(super) fn put_beneath(&mut self, text: String) {
        self.docstring = Some(text);
    }

    /// The first argument, as written.
    #[must_use]
    pub fn first(&self) -> &str {
        self.values.first().map_or("", |value| value.text.as_str())
    }

    fn value(&mut self) -> Outcome<Value> {
        let value = self.values.get(self.taken).cloned();
        self.taken += 1;
        value.ok_or_else(|| Fault::broken("the sentence has fewer parameters than its function"))
    }
}

impl Argument for String {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        Ok(value.named.map_or(value.text, |named| named.name))
    }
}

impl Argument for ImageName {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        arguments.value().map(|value| Self::from(value.text))
    }
}

impl Argument for u8 {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        number(arguments, "0 to 255")
    }
}

impl Argument for u16 {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        number(arguments, "0 to 65535")
    }
}

impl Argument for u32 {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        number(arguments, "0 to 4294967295")
    }
}

/// A TCP port.
impl Argument for NonZeroU16 {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        number(arguments, "1 to 65535")
    }
}

fn number<N: FromStr>(arguments: &mut Arguments, range: &str) -> Outcome<N> {
    let Value { text, .. } = arguments.value()?;
    text.parse().map_err(|_| Fault::refused(format!("{text} is not a number from {range}")))
}

impl Argument for Quantity {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let Value { text, .. } = arguments.value()?;
        Self::read(&text)
            .ok_or_else(|| Fault::refused(format!("{text} is not a quantity")).hint("write it as 100Mi, 1.5 or 200m"))
    }
}

impl Argument for FieldPath {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let Value { text, .. } = arguments.value()?;
        Self::read(&text).ok_or_else(|| Fault::refused(format!("{text} is not the path of a field")))
    }
}

impl Argument for ExpectedField {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let Value { text, is_quoted, .. } = arguments.value()?;
        if is_quoted {
            return Ok(Self::Text(text));
        }
        let bound = |words| text.strip_prefix(words).and_then(|number: &str| number.parse().ok());
        if let Some(expected) = bound("at least ").map(Self::AtLeast).or_else(|| bound("at most ").map(Self::AtMost)) {
            return Ok(expected);
        }
        let hint = "write a number without zeros in front of it, and put quotes around a text";
        serde_json::from_str(&text)
            .map(Self::Plain)
            .map_err(|_| Fault::refused(format!("{text} is not the value of a field")).hint(hint))
    }
}

impl Argument for CommandLine {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let Value { text, .. } = arguments.value()?;
        let words = shell_words::split(&text)
            .map_err(|error| Fault::refused(format!("cannot split `{text}` into words: {error}")))?;
        Ok(Self { text, words })
    }
}

impl Argument for ContainerRef {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        named(arguments, Named::container)
    }
}

impl Argument for Peer {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        named(arguments, Named::peer)
    }
}

impl Argument for Holder {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        named(arguments, Named::holder)
    }
}

fn named<A>(arguments: &mut Arguments, meant: impl FnOnce(Named) -> Option<A>) -> Outcome<A> {
    let Value { kind, text, named, .. } = arguments.value()?;
    named.and_then(meant).ok_or_else(|| Fault::broken(format!("`{text}` is not what a parameter {kind:?} names")))
}

impl Argument for Key {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        match arguments.value()?.text.as_str() {
            "Ctrl-C" => Ok(Self::CtrlC),
            "Ctrl-D" => Ok(Self::CtrlD),
            other => Err(Fault::refused(format!("there is no key {other}")).hint("the keys are Ctrl-C and Ctrl-D")),
        }
    }
}

impl Argument for Duration {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        duration(&arguments.value()?.text)
    }
}

fn duration(value: &str) -> Outcome<Duration> {
    let end = value.find(|character: char| !character.is_ascii_digit()).unwrap_or(value.len());
    let (count, unit) = value.split_at(end);
    let count: Option<u64> = count.parse().ok();
    let seconds = count.and_then(|count| count.checked_mul(if unit.trim().starts_with('m') { 60 } else { 1 }));
    let duration = seconds.map(Duration::from_secs).filter(|duration| *duration <= LONGEST);
    duration.ok_or_else(|| Fault::refused(format!("{value} is longer than a step may take: at most 24 hours")))
}

impl Argument for DocString {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        arguments.docstring.take().map(Self).ok_or_else(|| {
            Fault::refused("the step ends with a colon, but no text follows")
                .hint("put the text below it, between two lines of \"\"\"")
        })
    }
}

/// The text in the quotes. A backslash before a quote or a backslash is removed; any other stays.
fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::new();
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        match characters.peek() {
            Some('"' | '\\') if character == '\\' => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_within_quotes_is_escaped() {
        assert_eq!(unquoted(r#""echo \"a\nb\" \\ c""#), r#"echo "a\nb" \ c"#);
        assert_eq!(unquoted("3001"), "3001");
    }

    fn take<A: Argument>(text: &str) -> Outcome<A> {
        let value = Value { kind: ParameterKind::Text, text: text.into(), is_quoted: false, named: Named::read(text) };
        Arguments { values: vec![value], taken: 0, docstring: None }.take()
    }

    #[test]
    fn a_label_that_names_a_pod_is_replaced_by_its_name() {
        let sentences = [
            ("within 9 seconds the Pod labelled \"app=web\" is ready", None),
            (
                "within 9 seconds the log of the container \"a\" of the Pod labelled \"app=web\" shows \"labelled \\\"app=web\\\"\"",
                Some("a"),
            ),
        ];
        for (step, container) in sentences {
            let sheet = crate::sheet::read(&format!("Feature: f\n  Scenario: s\n    Then {step}\n")).unwrap();
            let step = crate::vocabulary::Step::matched(sheet.scenarios[0].steps[0].clone());
            let arguments = step.sentence().unwrap().1.clone();
            assert_eq!(
                (arguments.limit(), arguments.labels()),
                (Some(Duration::from_secs(9)), vec!["app=web".to_owned()])
            );
            let arguments = arguments.with_name("app=web", "web-1");
            assert_eq!(arguments.named().map(|named| named.name.as_str()).collect::<Vec<_>>(), ["web-1"]);
            assert_eq!(arguments.named().next().unwrap().container.as_deref(), container);
            assert!(arguments.values.get(2).is_none_or(|value| value.text == "labelled \"app=web\""));
            assert!(arguments.labels().is_empty());
        }
    }

    #[test]
    fn durations_are_seconds_or_minutes_up_to_a_day() {
        let seconds = |written: &str| take::<Duration>(written).ok().map(|duration| duration.as_secs());
        assert_eq!(["60 seconds", "2 minutes", "1m", "90s"].map(seconds), [60, 120, 60, 90].map(Some));
        assert_eq!(seconds("1440 minutes"), Some(86400));
        for long in ["1441 minutes", "9999999999999999999 seconds", "9999999999999999999999 seconds"] {
            assert_eq!(seconds(long), None, "{long}");
        }
    }

    #[test]
    fn what_a_parameter_names_gets_its_type() {
        assert_eq!(take::<Holder>(r#"a user of the group "dev""#).unwrap(), Holder::Group("dev".into()));
        assert_eq!(take::<Peer>(r#"the Service "web""#).unwrap().name, "web");
        assert_eq!(take::<ContainerRef>(r#"the Pod "web""#).unwrap().pod, "web");
        assert!(take::<Peer>(r#"the user "ana""#).is_err());
    }

    #[test]
    fn a_malformed_value_is_refused() {
        fn refused<A: Argument>(text: &str) {
            let fault = take::<A>(text).err();
            assert_eq!(fault.map(|fault| fault.verdict), Some(crate::verdict::Verdict::Refused), "{text}");
        }
        refused::<u8>("256");
        refused::<u16>("70000");
        refused::<u32>("9999999999");
        refused::<NonZeroU16>("0");
        refused::<NonZeroU16>("70000");
        refused::<Quantity>("1.2.3Qx");
        refused::<ExpectedField>("007");
        refused::<ExpectedField>("at least 9999999999");
        refused::<FieldPath>("spec.items[99999999999999999999]");
        refused::<CommandLine>("echo 'a");
    }
}
