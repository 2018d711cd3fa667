//! A course document in each format: read, understood, reviewed and drafted. The first byte chooses the format.
#![no_main]

use labproof::internal::document::{Markup, read, review, story::Story};
use libfuzzer_sys::fuzz_target;

const FORMATS: [Markup; 4] = [Markup::Markdown, Markup::Rest, Markup::AsciiDoc, Markup::Html];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let document = read(FORMATS[usize::from(*first) % FORMATS.len()], &text);
    let mut story = Story::of(&document);
    review::review(&document, &mut story);
    _ = story.listing();
});
