//! Parts of a step for certain versions of Kubernetes only: `[to 1.34: this][from 1.35: that]`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[(to|from) 1\.([0-9]+): ([^\]]*)\]").ok());

/// The text for this Kubernetes version, such as `v1.35.8`. A line of which nothing is left is removed.
#[must_use]
pub fn meant_for(text: &str, version: &str) -> String {
    let minor: Option<u32> = version.trim_start_matches('v').split('.').nth(1).and_then(|minor| minor.parse().ok());
    let (Some(minor), Some(token)) = (minor, TOKEN.as_ref()) else { return text.to_owned() };
    let lines = text.split('\n').filter_map(|line| {
        let meant = of_line(line, token, minor);
        (!meant.trim().is_empty() || line.trim().is_empty()).then_some(meant)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that is meant for the version.
    Text(&'a str),
    /// The brackets around such text, or text that is meant for other versions with its brackets.
    Silent(&'a str),
}

/// The parts of a line for this Kubernetes version: together they are the line, and the texts are what is meant.
#[must_use]
pub fn parts<'a>(line: &'a str, version: &str) -> Vec<Part<'a>> {
    let (mut parts, mut end) = (Vec::new(), 0);
    for captures in TOKEN.iter().flat_map(|token| token.captures_iter(line)) {
        let (Some(whole), Some(text)) = (captures.get(0), captures.get(3)) else { continue };
        parts.push(Part::Text(&line[end..whole.start()]));
        end = whole.end();
        if meant_for(whole.as_str(), version).is_empty() && !text.is_empty() {
            parts.push(Part::Silent(whole.as_str()));
        } else {
            let (open, close) = (&line[whole.start()..text.start()], &line[text.end()..end]);
            parts.extend([Part::Silent(open), Part::Text(text.as_str()), Part::Silent(close)]);
        }
    }
    parts.push(Part::Text(&line[end..]));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

fn of_line(line: &str, token: &Regex, minor: u32) -> String {
    let choose = |captures: &Captures<'_>| {
        let bound: u32 = captures[2].parse().unwrap_or(u32::MAX);
        let is_meant = if &captures[1] == "to" { minor <= bound } else { minor >= bound };
        if is_meant { captures[3].to_owned() } else { String::new() }
    };
    token.replace_all(line, choose).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_other_versions_is_left_out() {
        let value = r#""[to 1.34: Created container: hello][from 1.35: Container created] [AGE]""#;
        assert_eq!(meant_for(value, "v1.34.11"), r#""Created container: hello [AGE]""#);
        assert_eq!(meant_for(value, "v1.35.0"), r#""Container created [AGE]""#);
        assert_eq!(meant_for(r#""on machine[from 1.35:  and more]""#, "v1.37.0"), r#""on machine and more""#);
    }

    #[test]
    fn a_line_that_is_for_other_versions_goes_as_a_whole() {
        let lines = "a: 1\n\n  [from 1.36: resources: {}]\nb: 2";
        assert_eq!(meant_for(lines, "v1.35.8"), "a: 1\n\nb: 2");
        assert_eq!(meant_for(lines, "v1.36.4"), "a: 1\n\n  resources: {}\nb: 2");
    }

    #[test]
    fn other_brackets_stay() {
        assert_eq!(meant_for(r#""[from] [1.35: x] [to 2.0: x]""#, "v1.34.0"), r#""[from] [1.35: x] [to 2.0: x]""#);
    }
}
