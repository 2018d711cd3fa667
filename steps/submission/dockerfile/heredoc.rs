//! Here-documents: lines below an instruction that belong to it, as in a shell.
//!
//! Where one begins decides whether the next lines are instructions. Builders find that out with a shell's rules; here,
//! the plain forms are known, and whatever a builder could see differently is doubtful.

use super::words;

/// A here-document that an instruction announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heredoc {
    name: String,
    /// Whether tabs before its end are dropped (`<<-`).
    indented: bool,
}

impl Heredoc {
    /// Whether a line ends it.
    pub(super) fn ends_with(&self, line: &str) -> bool {
        let line = line.trim_end_matches(['\r', '\n']);
        let line = if self.indented { line.trim_start_matches('\t') } else { line };
        line == self.name
    }
}

/// The here-documents that the arguments of `RUN`, `COPY` or `ADD` announce, in their order; nothing where a builder could
/// find others.
pub(super) fn announced(arguments: &str) -> Option<Vec<Heredoc>> {
    let (_, rest) = words::flags(arguments);
    let could_be = arguments.split_whitespace().any(|word| {
        let is_one = begun(word).is_some_and(|(_, name)| !name.is_empty());
        is_one || word.contains("<<") && word.contains('$')
    });
    if !could_be || words::list(rest).is_some() {
        return Some(Vec::new());
    }
    if rest.starts_with('[') || arguments.contains(['\\', '`']) || arguments.contains("${") {
        return None;
    }
    let mut heredocs = Vec::new();
    for word in split(arguments)? {
        match begun(word) {
            Some((indented, name)) if !name.is_empty() => {
                heredocs.push(Heredoc { name: plain_name(name)?.to_owned(), indented });
            }
            _ if word.contains("<<") && word.contains('$') => return None,
            _ => {}
        }
    }
    Some(heredocs)
}

/// Whether a word begins as a here-document, the number of a file before it: whether it may be indented, and the rest.
fn begun(word: &str) -> Option<(bool, &str)> {
    let rest = word.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix("<<")?;
    let name = rest.strip_prefix('-').unwrap_or(rest);
    (!name.contains('<')).then_some((rest.starts_with('-'), name))
}

/// A name of letters, digits and a few signs, in quotation marks or not.
fn plain_name(name: &str) -> Option<&str> {
    let inside = |quote: char| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    let name = inside('"').or_else(|| inside('\'')).unwrap_or(name);
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// The words of a line without escape characters, spaces in quotation marks being part of a word; nothing where a
/// quotation mark has no partner.
fn split(line: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let (mut quote, mut start) = (None, None);
    for (at, character) in line.char_indices() {
        if quote.is_none() && character.is_whitespace() {
            words.extend(start.take().and_then(|start| line.get(start..at)));
            continue;
        }
        start = start.or(Some(at));
        match quote {
            None if character == '"' || character == '\'' => quote = Some(character),
            Some(closing) if character == closing => quote = None,
            _ => {}
        }
    }
    words.extend(start.and_then(|start| line.get(start..)));
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &str) -> Option<Vec<String>> {
        announced(arguments).map(|heredocs| heredocs.into_iter().map(|heredoc| heredoc.name).collect())
    }

    #[test]
    fn plain_forms_are_known() {
        for (arguments, expected) in [
            ("<<EOF", vec!["EOF"]),
            ("cat <<-EOF > x", vec!["EOF"]),
            ("cat 0<<'E_1' && echo \"it's\"", vec!["E_1"]),
            ("<<A <<\"B\" /x/", vec!["A", "B"]),
            ("cat <<<EOF", vec![]),
            ("echo \"a <<EOF b\"", vec![]),
            ("echo a<<EOF", vec![]),
            ("cat << EOF", vec![]),
            ("[\"cat\", \"a <<EOF\"]", vec![]),
            ("sed 's/\\.//' x", vec![]),
        ] {
            assert_eq!(names(arguments), Some(expected.into_iter().map(str::to_owned).collect()), "{arguments}");
        }
    }

    #[test]
    fn whatever_a_builder_could_see_differently_is_doubtful() {
        let cases = [
            "<<E\"O\"F",
            "<<$X",
            "$X<<EOF",
            "cat <<EOF it's",
            "cat \\\" <<EOF \"",
            "echo ${x:- <<EOF }",
            "echo <<EOF `x`",
        ];
        for arguments in cases.into_iter().chain(["[\"a\"] <<EOF", "<<EOF|sh"]) {
            assert_eq!(announced(arguments), None, "{arguments}");
        }
    }

    #[test]
    fn its_name_ends_it() {
        let [plain, indented] = ["<<EOF", "<<-EOF"].map(|arguments| announced(arguments).unwrap().remove(0));
        assert!(plain.ends_with("EOF\r") && !plain.ends_with("\tEOF") && !plain.ends_with("EOF "));
        assert!(indented.ends_with("\t\tEOF") && !indented.ends_with(" EOF"));
    }
}
