//! The tabs of formats of lines: `MkDocs`, Hugo, Docusaurus, `GitBook`, `VitePress` and Azure's pages in Markdown; `AsciiDoc`;
//! `reStructuredText`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Region, Tab};
use crate::{document::Markup, expression::regex};

/// The tabs of a text.
pub(in crate::document) fn regions(format: Markup, text: &str) -> Vec<Region> {
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        match format {
            Markup::Markdown => reader.markdown(index + 1, line),
            Markup::AsciiDoc => reader.asciidoc(index + 1, line),
            Markup::Rest => reader.rest(index + 1, line),
            Markup::Html => {}
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
    until: Until,
}

/// What ends a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// A line with fewer blanks before it.
    Outdented(usize),
    /// A tag, or the next tab within so many sets.
    Tag(usize),
    /// The next heading of a tab, or a rule.
    Heading,
    /// The next name, or the delimiter of the set.
    Delimiter,
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
    /// The open sets of tags, by their lines.
    sets: Vec<usize>,
    /// The fence of the open block of code.
    fence: Option<&'static str>,
}

impl Reader {
    fn markdown(&mut self, number: usize, line: &str) {
        static INDENTED: LazyLock<Regex> = LazyLock::new(|| regex(r#"^ *===[!+]* +["'](.*)["']$"#));
        static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
            regex(
                r"^\s*(?:\{{2,3}[<%]\s*(?:tab|codetab)\s+(.*?)[>%]\}{2,3}|<(?:TabItem|Tab)\s+([^>]*)>|\{%-?\s*tab\s+(.*?)-?%\})",
            )
        });
        static END: LazyLock<Regex> = LazyLock::new(|| {
            regex(r"^\s*(?:\{{2,3}[<%]\s*/(?:tab|codetab)\s*[>%]\}{2,3}|</(?:TabItem|Tab)>|\{%-?\s*endtab\s*-?%\})")
        });
        static BEGIN_SET: LazyLock<Regex> =
            LazyLock::new(|| regex(r"^\s*(?:\{\{[<%]\s*tab(?:s|pane)\b|<Tabs\b|\{%-?\s*tabs\b)"));
        static END_SET: LazyLock<Regex> =
            LazyLock::new(|| regex(r"^\s*(?:\{\{[<%]\s*/tab(?:s|pane)\b|</Tabs\b|\{%-?\s*endtabs\b)"));
        // The pages of Azure have headings in place of tabs, and a rule that ends the last one.
        static HEADING: LazyLock<Regex> = LazyLock::new(|| regex(r"^#+ \[([^\]]+)\]\(#tab/[^)]*\)"));
        if self.is_in_fence(line) || line.trim().is_empty() {
            return;
        }
        let column = column(line);
        self.end_outdented(number, column);
        if let Some(found) = INDENTED.captures(line) {
            self.begin(number, &found[1], column, Until::Outdented(column + 2));
        } else if let Some(found) = BEGIN.captures(line) {
            let attributes = (1..=3).find_map(|group| found.get(group)).map_or("", |found| found.as_str());
            self.end_tag(number);
            self.begin(number, &name(attributes), column, Until::Tag(self.sets.len()));
        } else if let Some(found) = HEADING.captures(line) {
            self.end_heading(number - 1);
            self.begin(number, &found[1], column, Until::Heading);
        } else if BEGIN_SET.is_match(line) {
            self.sets.push(number);
        } else if END_SET.is_match(line) {
            self.end_tag(number);
            self.sets.pop();
            self.last = None;
        } else if END.is_match(line) {
            self.end_tag(number);
        } else if matches!(line, "---" | "***") {
            self.end_heading(number);
        } else if self.open.is_empty() {
            self.last = None;
        }
    }

    /// Whether a line stands in a block of code, or begins or ends one. Fences within tabs are indented.
    fn is_in_fence(&mut self, line: &str) -> bool {
        let fence = ["```", "~~~"].into_iter().find(|fence| line.trim_start().starts_with(fence));
        match (self.fence, fence) {
            (None, Some(fence)) => self.fence = Some(fence),
            (Some(open), Some(fence)) if open == fence => self.fence = None,
            (None, None) => return false,
            _ => {}
        }
        true
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
                self.begin(number, &found[1], 0, Until::Delimiter);
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
            self.begin(number, &found[1], column, Until::Outdented(column + 1));
        } else if self.open.is_empty() {
            self.last = None;
        }
    }

    fn begin(&mut self, number: usize, name: &str, column: usize, until: Until) {
        let of_tags = matches!(until, Until::Tag(_)).then(|| self.sets.last().copied()).flatten();
        let same = self.last.filter(|(_, last)| *last == column).map(|(set, _)| set);
        let tab = Tab { set: of_tags.or(same).unwrap_or(number), name: name.trim().to_owned() };
        self.last = None;
        self.open.push(Open { tab, from: number, column, until });
    }

    /// Ends the tabs that a line with so many blanks before it does not belong to.
    fn end_outdented(&mut self, number: usize, column: usize) {
        let is_within = |open: &Open| !matches!(open.until, Until::Outdented(inner) if column < inner);
        let kept = self.open.iter().take_while(|open| is_within(open)).count();
        self.close(kept, number - 1);
    }

    /// Ends the open tab of the innermost set of tags, with what is open in it.
    fn end_tag(&mut self, number: usize) {
        let depth = self.sets.len();
        if let Some(index) = self.open.iter().rposition(|open| open.until == Until::Tag(depth)) {
            self.close(index, number - 1);
        }
    }

    /// Ends the open tab of a heading.
    fn end_heading(&mut self, to: usize) {
        if let Some(index) = self.open.iter().rposition(|open| open.until == Until::Heading) {
            self.close(index, to);
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

    fn found(format: Markup, text: &str) -> Vec<String> {
        let regions = regions(format, text).into_iter();
        regions.map(|Region { tab, from, to }| format!("{} {}: {from}-{to}", tab.set, tab.name)).collect()
    }

    #[test]
    fn tabs_of_markdown_have_their_lines() {
        for (text, tabs) in [
            ("=== \"oc\"\n\n    a\n\n=== \"kubectl\"\n\n    b\n\nc\n", ["1 oc: 1-4", "1 kubectl: 5-8"]),
            (
                "{{< tabs >}}\n{{% tab \"oc\" %}}\na\n{{% /tab %}}\n{{% tab \"k\" %}}\nb\n{{% /tab %}}\n{{< /tabs >}}\n",
                ["1 oc: 2-3", "1 k: 5-6"],
            ),
            (
                "<Tabs>\n<TabItem value=\"a\" label=\"Linux\">\n\na\n\n</TabItem>\n<TabItem value=\"b\">\nb\n</TabItem>\n</Tabs>\n",
                ["1 Linux: 2-5", "1 b: 7-8"],
            ),
            (
                "{% tabs %}\n{% tab title=\"Windows\" %}\na\n{% endtab %}\n\n{% tab title=\"Linux\" %}\nb\n{% endtab %}\n{% endtabs %}\n",
                ["1 Windows: 2-3", "1 Linux: 6-7"],
            ),
            ("# [Bash](#tab/bash)\na\n# [PowerShell](#tab/ps)\nb\n\n---\nc\n", ["1 Bash: 1-2", "1 PowerShell: 3-6"]),
        ] {
            assert_eq!(found(Markup::Markdown, text), tabs, "{text}");
        }
    }

    #[test]
    fn what_stands_in_code_ends_no_tab_and_tabs_may_stand_in_tabs() {
        let code =
            "{{< tab \"a\" >}}\n```yaml\nb: 1\n---\nc: 2\n```\n{{< /tab >}}\n{{< tab \"d\" >}}\ne\n{{< /tab >}}\n";
        assert_eq!(found(Markup::Markdown, code), ["1 a: 1-6", "1 d: 8-9"]);
        let nested = "<Tabs>\n<TabItem label=\"Linux\">\n<Tabs>\n<TabItem label=\"bash\">\na\n</TabItem>\n</Tabs>\n</TabItem>\n<TabItem label=\"Windows\">\nb\n</TabItem>\n</Tabs>\n";
        assert_eq!(found(Markup::Markdown, nested), ["1 Linux: 2-7", "3 bash: 4-5", "1 Windows: 9-10"]);
    }

    #[test]
    fn tabs_apart_from_each_other_are_of_several_sets() {
        let text = "=== \"oc\"\n\n    a\n\nb\n\n=== \"oc\"\n\n    c\n";
        assert_eq!(found(Markup::Markdown, text), ["1 oc: 1-4", "7 oc: 7-9"]);
    }

    #[test]
    fn tabs_of_asciidoc_and_rest_have_their_lines() {
        let text = "[tabs]\n====\nMinikube::\n+\n--\na\n--\nGKE::\n+\n--\nb\n--\n====\nc\n";
        assert_eq!(found(Markup::AsciiDoc, text), ["3 Minikube: 3-7", "3 GKE: 8-13"]);
        let text = ".. tab-set::\n\n   .. tab-item:: Linux\n      :sync: l\n\n      a\n\n   .. tab-item:: macOS\n\n      b\n\nc\n";
        assert_eq!(found(Markup::Rest, text), ["3 Linux: 3-7", "3 macOS: 8-11"]);
    }
}
