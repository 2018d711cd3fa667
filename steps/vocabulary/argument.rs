//! The arguments in a step, and how a sentence gets them with their types.

use std::time::Duration;

use gherkin::Step;

use super::{Kind, Sentence, versions};
use crate::{
    actions::{
        access::Holder,
        connections::{Peer, PeerKind},
        container_ref::ContainerRef,
    },
    conditions::object::{Expected, Path},
    image_name::ImageName,
    terminal::dialogue::Key,
    verdict::{Fault, Outcome},
};

/// The arguments of a step, which are taken one by one.
#[derive(Clone, Debug)]
pub struct Arguments {
    kinds: Vec<Kind>,
    values: Vec<String>,
    quoted: Vec<bool>,
    taken: usize,
    docstring: Option<String>,
}

/// What stands before a label that names a Pod.
const LABELLED: &str = "labelled \"";

/// A type of argument.
pub trait Argument: Sized {
    /// Takes the next argument.
    ///
    /// # Errors
    /// If the step has no such argument, or an invalid one.
    fn take(arguments: &mut Arguments) -> Outcome<Self>;
}

/// The text below a step, between lines of `"""`.
#[derive(Clone, Debug)]
pub(super) struct DocString(pub String);

impl Arguments {
    pub(super) fn new(sentence: &Sentence, captures: &regex::Captures<'_>, step: &Step) -> Self {
        let said: Vec<&str> = captures.iter().skip(1).flatten().map(|capture| capture.as_str()).collect();
        let quoted = said.iter().map(|said| said.starts_with('"')).collect();
        let values = said.into_iter().map(unquoted).collect();
        Self { kinds: sentence.kinds().collect(), values, quoted, taken: 0, docstring: step.docstring.clone() }
    }

    /// The next argument.
    ///
    /// # Errors
    /// If there is none, or if it has another type.
    pub fn take<A: Argument>(&mut self) -> Outcome<A> {
        A::take(self)
    }

    /// The arguments of one kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.kinds.iter().zip(&self.values).filter(move |(of, _)| **of == kind).map(|(_, value)| value.as_str())
    }

    /// The text below the step.
    #[must_use]
    pub fn block(&self) -> Option<&str> {
        self.docstring.as_deref()
    }

    /// The arguments of all kinds other than these.
    pub fn of_other_kinds(&self, kinds: &[Kind]) -> impl Iterator<Item = &str> {
        self.kinds.iter().zip(&self.values).filter(|(of, _)| !kinds.contains(of)).map(|(_, value)| value.as_str())
    }

    /// The arguments for this Kubernetes version, such as `v1.35.8`.
    #[must_use]
    pub fn meant_for(mut self, version: &str) -> Self {
        for text in self.values.iter_mut().chain(&mut self.docstring) {
            *text = versions::meant_for(text, version);
        }
        self
    }

    /// The longest time that the step may wait, if it names one.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.of_kind(Kind::Duration).next().and_then(|written| duration(written).ok())
    }

    /// The labels by which the step names Pods.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let named =
            [Kind::OnePod, Kind::Place, Kind::Peer, Kind::Target].into_iter().flat_map(|kind| self.of_kind(kind));
        let label = |value: &str| Some(value.split_once(LABELLED)?.1.strip_suffix('"')?.to_owned());
        named.filter_map(label).collect()
    }

    /// The same with a Pod's name in place of its label.
    #[must_use]
    pub fn with_name(mut self, label: &str, name: &str) -> Self {
        let labelled = format!("{LABELLED}{label}\"");
        for (kind, value) in self.kinds.iter().zip(&mut self.values) {
            match kind {
                Kind::OnePod if *value == labelled => name.clone_into(value),
                Kind::Place | Kind::Peer | Kind::Target => *value = value.replace(&labelled, &format!("\"{name}\"")),
                _ => {}
            }
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
        self.values.first().map_or("", String::as_str)
    }

    /// Whether the next argument stands in quotes.
    fn is_quoted(&self) -> bool {
        self.quoted.get(self.taken).copied().unwrap_or_default()
    }

    fn value(&mut self) -> Outcome<String> {
        let value = self.values.get(self.taken).cloned();
        self.taken += 1;
        value.ok_or_else(|| Fault::broken("the sentence has fewer parameters than its function"))
    }
}

impl Argument for String {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        arguments.value()
    }
}

impl Argument for ImageName {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        arguments.value().map(ImageName::from)
    }
}

impl Argument for u16 {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        value.parse().map_err(|_| Fault::failed(format!("{value} is not a number from 0 to 65535")))
    }
}

impl Argument for u32 {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        value.parse().map_err(|_| Fault::failed(format!("{value} is not a number from 0 to {}", Self::MAX)))
    }
}

impl Argument for Path {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        Self::read(&value).ok_or_else(|| Fault::failed(format!("{value} is not the path of a field")))
    }
}

impl Argument for Expected {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let is_text = arguments.is_quoted();
        let value = arguments.value()?;
        if is_text {
            return Ok(Self::Text(value));
        }
        let bound = |words| value.strip_prefix(words).and_then(|number: &str| number.parse().ok());
        if let Some(expected) = bound("at least ").map(Self::AtLeast).or_else(|| bound("at most ").map(Self::AtMost)) {
            return Ok(expected);
        }
        serde_json::from_str(&value)
            .map(Self::Plain)
            .map_err(|_| Fault::failed(format!("{value} is not valid JSON")).hint("put quotes around a text"))
    }
}

impl Argument for ContainerRef {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        let names: Vec<&str> = value.split('"').skip(1).step_by(2).collect();
        match names[..] {
            [pod] => Ok(Self { pod: pod.into(), container: None }),
            [container, pod] => Ok(Self { pod: pod.into(), container: Some(container.into()) }),
            _ => Err(Fault::failed(format!("{value} is neither a Pod nor a container of one"))),
        }
    }
}

impl Argument for Peer {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        let kind = if value.starts_with("the Pod ") { PeerKind::Pod } else { PeerKind::Service };
        let mut quoted = value.split('"').skip(1).step_by(2).map(str::to_owned);
        Ok(Self { kind, name: quoted.next().unwrap_or_default(), namespace: quoted.next() })
    }
}

impl Argument for Holder {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        let name = value.split('"').nth(1).unwrap_or_default().to_owned();
        Ok(match value.split(" \"").next() {
            Some("the user") => Self::User(name),
            Some("a user of the group") => Self::Group(name),
            _ => Self::ServiceAccount(name),
        })
    }
}

impl Argument for Key {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        match arguments.value()?.as_str() {
            "Ctrl-C" => Ok(Self::CtrlC),
            "Ctrl-D" => Ok(Self::CtrlD),
            other => Err(Fault::failed(format!("there is no key {other}")).hint("the keys are Ctrl-C and Ctrl-D")),
        }
    }
}

impl Argument for Duration {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        duration(&arguments.value()?)
    }
}

fn duration(value: &str) -> Outcome<Duration> {
    let end = value.find(|character: char| !character.is_ascii_digit()).unwrap_or(value.len());
    let (count, unit) = value.split_at(end);
    let count: Option<u64> = count.parse().ok();
    let seconds = count.and_then(|count| count.checked_mul(if unit.trim().starts_with('m') { 60 } else { 1 }));
    seconds.map(Duration::from_secs).ok_or_else(|| Fault::failed(format!("{value} is not a duration")))
}

impl Argument for DocString {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        arguments.docstring.take().map(Self).ok_or_else(|| {
            Fault::failed("the step ends with a colon, but no text follows")
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

    fn take<A: Argument>(value: &str) -> A {
        let mut said =
            Arguments { kinds: Vec::new(), values: vec![value.into()], quoted: vec![false], taken: 0, docstring: None };
        said.take().unwrap()
    }

    #[test]
    fn a_label_that_names_a_pod_is_replaced_by_its_name() {
        let sentences = [
            ("within 9 seconds the Pod labelled \"app=web\" is ready", "web-1"),
            (
                "within 9 seconds the log of the container \"a\" of the Pod labelled \"app=web\" shows \"labelled \\\"app=web\\\"\"",
                "the container \"a\" of the Pod \"web-1\"",
            ),
        ];
        for (step, named) in sentences {
            let sheet = crate::sheet::read(&format!("Feature: f\n  Scenario: s\n    Then {step}\n")).unwrap();
            let step = crate::vocabulary::Step::matched(sheet.scenarios[0].steps[0].clone());
            let arguments = step.sentence().unwrap().1.clone();
            assert_eq!(
                (arguments.limit(), arguments.labels()),
                (Some(Duration::from_secs(9)), vec!["app=web".to_owned()])
            );
            let arguments = arguments.with_name("app=web", "web-1");
            assert_eq!(arguments.values[1], named);
            assert!(arguments.values.get(2).is_none_or(|text| text == "labelled \"app=web\""));
            assert!(arguments.labels().is_empty());
        }
    }

    #[test]
    fn durations_are_seconds_or_minutes() {
        assert_eq!(take::<Duration>("60 seconds"), Duration::from_mins(1));
        assert_eq!(take::<Duration>("2 minutes"), Duration::from_mins(2));
        assert_eq!(
            (take::<Duration>("1m"), take::<Duration>("90s")),
            (Duration::from_mins(1), Duration::from_secs(90))
        );
    }

    #[test]
    fn a_peer_is_a_pod_or_a_service_perhaps_of_another_namespace() {
        let peer =
            |kind, namespace: Option<&str>| Peer { kind, name: "web".into(), namespace: namespace.map(Into::into) };
        assert_eq!(take::<Peer>(r#"the Service "web""#), peer(PeerKind::Service, None));
        assert_eq!(take::<Holder>(r#"a user of the group "dev""#), Holder::Group("dev".into()));
        assert_eq!(take::<Holder>(r#"the user "ana""#), Holder::User("ana".into()));
        assert_eq!(take::<Peer>(r#"the Pod "web" in the namespace "shop""#), peer(PeerKind::Pod, Some("shop")));
    }

    #[test]
    fn a_place_is_a_pod_or_a_container_of_one() {
        assert_eq!(take::<ContainerRef>(r#"the Pod "web""#), ContainerRef { pod: "web".into(), container: None });
        let sidecar = ContainerRef { pod: "web".into(), container: Some("sidecar".into()) };
        assert_eq!(take::<ContainerRef>(r#"the container "sidecar" of the Pod "web""#), sidecar);
    }
}
