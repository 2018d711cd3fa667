//! The HTML that all pages share: the document, and escaping of texts and URLs.

use jiff::Timestamp;

/// The CSS of all pages.
const STYLE: &str = include_str!("style.css");

/// The content security policy: a page may use its own style and load nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A complete document. The title is plain text; the body is HTML that ends with a newline.
pub(super) fn document(title: &str, body: &str) -> String {
    styled(title, "", body)
}

/// A complete document with CSS of its own, in addition to that of all pages.
pub(super) fn styled(title: &str, style: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta \
         http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n\
         <body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// A text, escaped for use between tags and in quoted attributes. Control characters and marks of writing direction are
/// written out.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in crate::escape::text(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A text that may be written from right to left, isolated so that it does not affect the text around it.
pub(super) fn isolated(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// A text as one path segment of a URL: encodes every byte that is not unreserved in RFC 3986.
pub(super) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

/// A time of RFC 3339, to the minute. An invalid time is shown unchanged.
pub(super) fn time(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(time) => format!("<time datetime=\"{}\">{}</time>", escape(text), time.strftime("%Y-%m-%d %H:%M UTC")),
        Err(_) => escape(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_neither_a_tag_nor_an_attribute() {
        assert_eq!(escape("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
        assert_eq!(escape("a\u{202e}b\u{1b}\0\tc\n"), "a\\u{202e}b\\u{1b}\\u{0}\tc\n");
    }

    #[test]
    fn a_segment_leads_nowhere_else() {
        assert_eq!(segment("anna-b_1.2~"), "anna-b_1.2~");
        assert_eq!(segment("=a/../ü?#\"%"), "%3Da%2F..%2F%C3%BC%3F%23%22%25");
    }

    #[test]
    fn a_time_has_minutes_and_what_is_no_time_is_shown_as_it_is() {
        let shown = "<time datetime=\"2026-01-02T03:04:05.6Z\">2026-01-02 03:04 UTC</time>";
        assert_eq!(time("2026-01-02T03:04:05.6Z"), shown);
        assert_eq!(time("<never>"), "&lt;never&gt;");
    }

    #[test]
    fn the_style_ends_where_it_ends_and_loads_nothing() {
        assert!(!STYLE.contains('<') && !STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
