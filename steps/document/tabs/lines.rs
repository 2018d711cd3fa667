//! The tabs of formats of lines: `MkDocs`, Hugo, Docusaurus, `GitBook`, `VitePress` and Azure's pages in Markdown; `AsciiDoc`;
//! `reStructuredText`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Region, Tab};
use crate::{document::Format, expression::regex};

/// The tabs of a text.
pub(in crate::document) fn regions(format: Format, text: &str) -> Vec<Region> {
    let mut reader = Reader::default();
    for (place, line) in text.lines().enumerate() {
        let line = line.trim_end();
        match format {
            Format::Markdown => reader.markdown(place + 1, line),
            Format::AsciiDoc => reader.asciidoc(place + 1, line),
            Format::Rest => reader.rest(place + 1, line),
            Format::Html => {}
        }
    }
    reader.close(0, text.lines().count());
    reader.regions.sort_by_key(|region| region.from);
    reader.regions
}

#[derive(Debug)]
struct Open {
    tab: Tab,
    from: usize,
    column: usize,
    /// A line with fewer blanks before it ends the tab; `None` if a tag or the next tab does.
    inner: Option<usize>,
}

#[derive(Debug, Default)]
struct Reader {
    regions: Vec<Region>,
    open: Vec<Open>,
    /// The tab that ended last, and its column: the next one may belong to the same set.
    last: Option<(usize, usize)>,
    /// Whether an attribute says that the next delimited block of `AsciiDoc` has tabs; then that block's delimiter.
    announced: bool,
    delimiter: Option<String>,
}

impl Reader {
    fn markdown(&mut self, number: usize, line: &str) {
        static INDENTED: LazyLock<Regex> = LazyLock::new(|| regex(r#"^ *===[!+]* +["'](.*)["']$"#));
        static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
            regex(
                r"^\s*(?:\{{2,3}[<%]\s*(?:tab|codetab)\s+(.*?)[>%]\}{2,3}|<(?:TabItem|Tab)\s+([^>]*)>|\{%-?\s*tab\s+(.*?)-?%\}|:{3,}\s*(?:tab|@tab)\s+(.*)|#+ \[([^\]]+)\]\(#tab/[^)]*\))",
            )
        });
        static END: LazyLock<Regex> = LazyLock::new(|| {
            regex(
                r"^\s*(?:\{{2,3}[<%]\s*/(?:tab|codetab)\s*[>%]\}{2,3}|</(?:TabItem|Tab)>|\{%-?\s*endtab\s*-?%\}|:{3,}$|---$|\*\*\*$)",
            )
        });
        static END_OF_SET: LazyLock<Regex> =
            LazyLock::new(|| regex(r"^\s*(?:\{\{[<%]\s*/?tab(?:s|pane)\b|</?Tabs\b|\{%-?\s*(?:end)?tabs\b)"));
        if line.trim().is_empty() {
            return;
        }
        let column = column(line);
        self.end_outdented(number, column);
        if let Some(found) = INDENTED.captures(line) {
            self.begin(number, &found[1], column, Some(column + 2));
        } else if let Some(found) = BEGIN.captures(line) {
            let attributes = (1..=5).find_map(|group| found.get(group)).map_or("", |found| found.as_str());
            self.end_tag(number);
            self.begin(number, &name(attributes), column, None);
        } else if END_OF_SET.is_match(line) {
            self.end_tag(number);
            self.last = None;
        } else if END.is_match(line) {
            self.end_tag(number);
        } else if self.open.is_empty() {
            self.last = None;
        }
    }

    fn asciidoc(&mut self, number: usize, line: &str) {
        static TABS: LazyLock<Regex> = LazyLock::new(|| regex(r"^\[tab(?:s|set)\b[^\]]*\]$"));
        static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\S.*?)::$"));
        let is_delimiter = line.len() >= 4 && line.chars().all(|sign| sign == '=');
        if TABS.is_match(line) {
            self.announced = true;
        } else if is_delimiter && std::mem::take(&mut self.announced) {
            self.delimiter = Some(line.to_owned());
            self.last = None;
        } else if let Some(delimiter) = self.delimiter.clone() {
            if line == delimiter {
                self.close(0, number);
                self.delimiter = None;
            } else if let Some(found) = NAME.captures(line).filter(|found| !found[1].contains("::")) {
                self.close(0, number - 1);
                self.begin(number, &found[1], 0, None);
            }
        }
    }

    fn rest(&mut self, number: usize, line: &str) {
        static TAB: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*\.\. (?:tab-item|tab|group-tab|tabbed):: *(.+)$"));
        if line.trim().is_empty() {
            return;
        }
        let column = column(line);
        self.end_outdented(number, column);
        if let Some(found) = TAB.captures(line) {
            self.begin(number, &found[1], column, Some(column + 1));
        } else if self.open.is_empty() {
            self.last = None;
        }
    }

    fn begin(&mut self, number: usize, name: &str, column: usize, inner: Option<usize>) {
        let same = self.last.filter(|(_, last)| *last == column).map(|(set, _)| set);
        let tab = Tab { set: same.unwrap_or(number), name: name.trim().to_owned() };
        self.last = None;
        self.open.push(Open { tab, from: number, column, inner });
    }

    /// Ends the tabs that a line with so many blanks before it does not belong to.
    fn end_outdented(&mut self, number: usize, column: usize) {
        let is_within = |open: &Open| open.inner.is_none_or(|inner| column >= inner);
        let kept = self.open.iter().take_while(|open| is_within(open)).count();
        self.close(kept, number - 1);
    }

    /// Ends the innermost tab that a tag ends.
    fn end_tag(&mut self, number: usize) {
        if matches!(self.open.last(), Some(Open { inner: None, .. })) {
            self.close(self.open.len() - 1, number - 1);
        }
    }

    /// Ends all open tabs but the first ones; their last line is given.
    fn close(&mut self, kept: usize, to: usize) {
        while self.open.len() > kept {
            let Some(Open { tab, from, column, .. }) = self.open.pop() else { return };
            self.last = Some((tab.set, column));
            self.regions.push(Region { tab, from, to });
        }
    }
}

/// The name of a tab in its attributes: `label="Linux"`, `title="Linux"`, `"Linux"`, or plain words.
fn name(attributes: &str) -> String {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"\b(?:label|title|name|header|tabName|value)=\{?["']([^"']*)["']"#));
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex(r#"["']([^"']*)["']"#));
    let label = attributes.find("label=").map_or(attributes, |at| &attributes[at..]);
    let found = NAMED.captures(label).or_else(|| QUOTED.captures(attributes));
    found.map_or_else(|| attributes.to_owned(), |found| found[1].to_owned())
}

fn column(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(format: Format, text: &str) -> Vec<String> {
        let regions = regions(format, text).into_iter();
        regions.map(|Region { tab, from, to }| format!("{} {}: {from}-{to}", tab.set, tab.name)).collect()
    }

    #[test]
    fn tabs_of_markdown_have_their_lines() {
        for (text, tabs) in [
            ("=== \"oc\"\n\n    a\n\n=== \"kubectl\"\n\n    b\n\nc\n", ["1 oc: 1-4", "1 kubectl: 5-8"]),
            (
                "{{< tabs >}}\n{{% tab \"oc\" %}}\na\n{{% /tab %}}\n{{% tab \"k\" %}}\nb\n{{% /tab %}}\n{{< /tabs >}}\n",
                ["2 oc: 2-3", "2 k: 5-6"],
            ),
            (
                "<Tabs>\n<TabItem value=\"a\" label=\"Linux\">\n\na\n\n</TabItem>\n<TabItem value=\"b\">\nb\n</TabItem>\n</Tabs>\n",
                ["2 Linux: 2-5", "2 b: 7-8"],
            ),
            (
                "{% tabs %}\n{% tab title=\"Windows\" %}\na\n{% endtab %}\n\n{% tab title=\"Linux\" %}\nb\n{% endtab %}\n{% endtabs %}\n",
                ["2 Windows: 2-3", "2 Linux: 6-7"],
            ),
            ("# [Bash](#tab/bash)\na\n# [PowerShell](#tab/ps)\nb\n\n---\nc\n", ["1 Bash: 1-2", "1 PowerShell: 3-5"]),
        ] {
            assert_eq!(found(Format::Markdown, text), tabs, "{text}");
        }
    }

    #[test]
    fn tabs_apart_from_each_other_are_of_several_sets() {
        let text = "=== \"oc\"\n\n    a\n\nb\n\n=== \"oc\"\n\n    c\n";
        assert_eq!(found(Format::Markdown, text), ["1 oc: 1-4", "7 oc: 7-9"]);
    }

    #[test]
    fn tabs_of_asciidoc_and_rest_have_their_lines() {
        let text = "[tabs]\n====\nMinikube::\n+\n--\na\n--\nGKE::\n+\n--\nb\n--\n====\nc\n";
        assert_eq!(found(Format::AsciiDoc, text), ["3 Minikube: 3-7", "3 GKE: 8-13"]);
        let text = ".. tab-set::\n\n   .. tab-item:: Linux\n      :sync: l\n\n      a\n\n   .. tab-item:: macOS\n\n      b\n\nc\n";
        assert_eq!(found(Format::Rest, text), ["3 Linux: 3-7", "3 macOS: 8-11"]);
    }
}
