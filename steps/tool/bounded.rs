//! Keeps the beginning and the end of an output of any length; the part in between is only counted.

use std::collections::VecDeque;

use tokio::io::{AsyncRead, AsyncReadExt};

/// How many bytes of a program's output are kept.
pub const MOST: usize = 4 * 1024 * 1024;

/// How many bytes of a line are kept.
const MOST_OF_A_LINE: usize = 64 * 1024;

/// The beginning and the end of an output.
#[derive(Debug)]
pub struct Bounded {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    half: usize,
    left_out: u64,
}

impl Bounded {
    /// An empty output that will keep at most `most` bytes.
    #[must_use]
    pub fn of(most: usize) -> Self {
        Self { head: Vec::new(), tail: VecDeque::new(), half: most / 2, left_out: 0 }
    }

    /// Adds the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(self.half - self.head.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let too_many = self.tail.len().saturating_sub(self.half);
        self.tail.drain(..too_many);
        self.left_out += too_many as u64;
    }

    /// Whether a part was left out.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.left_out > 0
    }

    /// Whether the output is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    /// The kept output as text, which says where and how much was left out.
    #[must_use]
    pub fn text(&self) -> String {
        let (front, back) = self.tail.as_slices();
        let tail = [front, back].concat();
        if self.is_cut() {
            return joined(&self.head, self.left_out, &tail);
        }
        // A multi-byte character may be split between both parts.
        String::from_utf8_lossy(&[&self.head, tail.as_slice()].concat()).into_owned()
    }
}

/// A beginning and an end as one text, which says how many bytes were left out between them.
#[must_use]
pub fn joined(head: &[u8], left_out: u64, tail: &[u8]) -> String {
    let [head, tail] = [head, tail].map(String::from_utf8_lossy);
    format!("{head}\n[labproof left out {left_out} bytes here]\n{tail}")
}

/// Reads to the end, and keeps at most `most` bytes. A read error counts as the end.
pub async fn drain(reader: Option<impl AsyncRead + Unpin>, most: usize) -> Bounded {
    let mut kept = Bounded::of(most);
    drain_into(&mut kept, reader).await;
    kept
}

/// Reads to the end. If this is interrupted, `kept` has what was read so far. A read error counts as the end.
pub async fn drain_into(kept: &mut Bounded, reader: Option<impl AsyncRead + Unpin>) {
    let Some(mut reader) = reader else { return };
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = reader.read(&mut bytes).await {
        kept.take(&bytes[..count]);
    }
}

/// Splits an output into lines of limited length.
#[derive(Debug)]
pub struct Lines {
    line: Bounded,
}

impl Default for Lines {
    fn default() -> Self {
        Self { line: Bounded::of(MOST_OF_A_LINE) }
    }
}

impl Lines {
    /// The lines that end within the next `bytes`.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(end) => {
                    self.line.take(end);
                    lines.push(self.end());
                }
                None => self.line.take(piece),
            }
        }
        lines
    }

    /// The last line, if the output does not end with a line break.
    #[must_use]
    pub fn last(mut self) -> Option<String> {
        (!self.line.is_empty()).then(|| self.end())
    }

    fn end(&mut self) -> String {
        let line = std::mem::replace(&mut self.line, Bounded::of(MOST_OF_A_LINE)).text();
        line.strip_suffix('\r').map(str::to_owned).unwrap_or(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_as_it_is() {
        let mut kept = Bounded::of(8);
        "aä€x".as_bytes().chunks(1).for_each(|byte| kept.take(byte));
        assert_eq!((kept.text().as_str(), kept.is_cut()), ("aä€x", false));
    }

    #[test]
    fn of_what_does_not_fit_both_ends_are_kept_and_the_rest_is_counted() {
        let mut kept = Bounded::of(6);
        for piece in ["ab", "cdefgh", "ij"] {
            kept.take(piece.as_bytes());
        }
        assert_eq!(kept.text(), "abc\n[labproof left out 4 bytes here]\nhij");
    }

    #[test]
    fn lines_are_whole_however_they_arrive() {
        let mut lines = Lines::default();
        assert_eq!(lines.take(b"one\r\ntw"), ["one"]);
        assert_eq!(lines.take(b"o\n\nthree"), ["two", ""]);
        assert_eq!(lines.last().as_deref(), Some("three"));
        assert_eq!(Lines::default().last(), None);
    }

    #[test]
    fn a_line_of_50_megabytes_is_no_more_than_its_ends() {
        let mut lines = Lines::default();
        let piece = vec![b'x'; 1 << 20];
        assert!((0..50).all(|_| lines.take(&piece).is_empty()));
        let line = lines.take(b"\n").remove(0);
        assert!(line.len() < MOST_OF_A_LINE + 100 && line.contains("[labproof left out"), "{}", line.len());
    }
}
