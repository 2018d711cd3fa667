//! The types of a sentence's parameters, and how they are taken from a step.

use std::time::Duration;

use gherkin::Step;

use crate::{
    actions::place::Place,
    image_name::ImageName,
    terminal::dialogue::Key,
    verdict::{Fault, Outcome},
};

/// A kind of parameter.
pub struct Parameter {
    /// Its name, as it stands in braces.
    pub name: &'static str,
    /// What it matches.
    pub expression: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
}

/// Text in double quotes, in which `\"` stands for a quote.
const QUOTED: &str = r#""(?:[^"\\]|\\.)*""#;

/// A name in double quotes.
const NAME: &str = r#""[^"\s]+""#;

/// All kinds of parameters.
pub const PARAMETERS: &[Parameter] = &[
    Parameter { name: "command", expression: QUOTED, meaning: "a shell command, typed in the scenario's terminal" },
    Parameter {
        name: "text",
        expression: QUOTED,
        meaning: "expected text; wildcards such as [IP] and [...] may stand in it",
    },
    Parameter { name: "arguments", expression: QUOTED, meaning: "arguments as a shell splits them" },
    Parameter { name: "pod", expression: NAME, meaning: "the name of a Pod in the scenario's namespace" },
    Parameter {
        name: "place",
        expression: r#"the Pod "[^"\s]+"|the container "[^"\s]+" of the Pod "[^"\s]+""#,
        meaning: "the Pod \"hello\", where it has one container, or the container \"web\" of the Pod \"hello\"",
    },
    Parameter {
        name: "phase",
        expression: "Pending|Running|Succeeded|Failed|Unknown",
        meaning: "the phase of a Pod: Pending, Running, Succeeded, Failed or Unknown",
    },
    Parameter { name: "label", expression: r#""[^"\s=]+=[^"\s=]*""#, meaning: "a label with its value" },
    Parameter { name: "service", expression: NAME, meaning: "the name of a Service" },
    Parameter {
        name: "quantity",
        expression: r#""[\d.]+[A-Za-z]{0,2}""#,
        meaning: "a quantity, such as 100Mi or 200m",
    },
    Parameter { name: "image", expression: NAME, meaning: "the name of an image" },
    Parameter { name: "container", expression: NAME, meaning: "the name of a container of the Docker engine" },
    Parameter { name: "cluster", expression: NAME, meaning: "the name of a kind cluster" },
    Parameter { name: "namespace", expression: NAME, meaning: "the name of a namespace" },
    Parameter { name: "manifest", expression: NAME, meaning: "a manifest of the lab, relative to the lab's folder" },
    Parameter { name: "file", expression: NAME, meaning: "a file, relative to the terminal's folder" },
    Parameter { name: "task", expression: r#""[a-z0-9-]+""#, meaning: "a task of `submission` in lab.yaml" },
    Parameter { name: "folder", expression: NAME, meaning: "a folder, relative to the learner's home" },
    Parameter { name: "port", expression: r"\d{1,5}", meaning: "a TCP port" },
    Parameter { name: "status", expression: r"\d{1,3}", meaning: "an exit status" },
    Parameter { name: "number", expression: r"\d{1,4}", meaning: "a whole number" },
    Parameter { name: "line", expression: QUOTED, meaning: "a line that is typed into a session" },
    Parameter { name: "key", expression: "Ctrl-C|Ctrl-D", meaning: "a key: Ctrl-C or Ctrl-D" },
    Parameter {
        name: "duration",
        expression: r"[1-9]\d* (?:second|minute)s?",
        meaning: "a duration, such as 60 seconds or 2 minutes",
    },
];

/// What a step says, to be taken one by one.
#[derive(Clone, Debug)]
pub struct Arguments {
    kinds: Vec<String>,
    values: Vec<String>,
    taken: usize,
    docstring: Option<String>,
}

/// A type of argument.
pub trait Argument: Sized {
    /// Takes the argument.
    ///
    /// # Errors
    /// Where the step does not say it, or says it wrongly.
    fn take(arguments: &mut Arguments) -> Outcome<Self>;
}

/// The text beneath a step, between lines of `"""`.
#[derive(Clone, Debug)]
pub(super) struct DocString(pub String);

impl Arguments {
    pub(super) fn new(expression: &str, captures: &regex::Captures<'_>, step: &Step) -> Self {
        let kinds = expression
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(kind, _)| kind.to_owned())
            .collect();
        let values = captures.iter().skip(1).flatten().map(|capture| unquoted(capture.as_str())).collect();
        Self { kinds, values, taken: 0, docstring: step.docstring.clone() }
    }

    /// The next argument.
    ///
    /// # Errors
    /// Where there is none, or it is of another type.
    pub fn take<A: Argument>(&mut self) -> Outcome<A> {
        A::take(self)
    }

    /// The arguments of one kind of parameter.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.kinds.iter().zip(&self.values).filter(move |(of, _)| *of == kind).map(|(_, value)| value.as_str())
    }

    /// The arguments of all other kinds of parameters.
    pub fn of_other_kinds<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        self.kinds.iter().zip(&self.values).filter(move |(of, _)| *of != kind).map(|(_, value)| value.as_str())
    }

    /// The first argument, as it stands there.
    #[must_use]
    pub fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
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

impl Argument for Place {
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

impl Argument for Key {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        match arguments.value()?.as_str() {
            "Ctrl-C" => Ok(Self::CtrlC),
            "Ctrl-D" => Ok(Self::CtrlD),
            other => Err(Fault::failed(format!("there is no key {other}"))),
        }
    }
}

impl Argument for Duration {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        let value = arguments.value()?;
        let (count, unit) = value.split_once(' ').unwrap_or((&value, "seconds"));
        let count: u64 = count.parse().map_err(|_| Fault::failed(format!("{value} is not a duration")))?;
        Ok(Self::from_secs(if unit.starts_with("minute") { count * 60 } else { count }))
    }
}

impl Argument for DocString {
    fn take(arguments: &mut Arguments) -> Outcome<Self> {
        arguments.docstring.take().map(Self).ok_or_else(|| {
            Fault::failed("the step ends with a colon, but no text follows")
                .hint("put the text beneath it, between two lines of \"\"\"")
        })
    }
}

/// The text within the quotes; a backslash before a quote or a backslash is taken away, any other stays.
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
        let mut said = Arguments { kinds: Vec::new(), values: vec![value.into()], taken: 0, docstring: None };
        said.take().unwrap()
    }

    #[test]
    fn durations_are_seconds_or_minutes() {
        assert_eq!(take::<Duration>("60 seconds"), Duration::from_mins(1));
        assert_eq!(take::<Duration>("2 minutes"), Duration::from_mins(2));
    }

    #[test]
    fn a_place_is_a_pod_or_a_container_of_one() {
        assert_eq!(take::<Place>(r#"the Pod "web""#), Place { pod: "web".into(), container: None });
        let sidecar = Place { pod: "web".into(), container: Some("sidecar".into()) };
        assert_eq!(take::<Place>(r#"the container "sidecar" of the Pod "web""#), sidecar);
    }
}
