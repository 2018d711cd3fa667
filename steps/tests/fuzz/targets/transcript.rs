//! Expected text with wildcards, compared with output, and what a terminal shows. A byte 0 separates the two texts.
#![no_main]

use labproof::internal::{
    conditions::{
        text,
        wildcard::{self, Kept},
    },
    terminal::dialogue,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (expected, seen) = text.split_once('\0').unwrap_or((&text, &text));
    _ = wildcard::unknown(expected);
    _ = wildcard::fits_anything(expected);
    // A text with wrong names is refused by `check`, and never compared.
    if wildcard::wrong_names(expected).is_none() {
        let kept = Kept::from([("kept".to_owned(), "10.0.0.1".to_owned())]);
        _ = text::is(seen, expected, &kept);
        _ = text::contains(seen, expected.lines().next().unwrap_or_default(), &kept);
    }
    _ = dialogue::without_echo(bytes, expected.lines().next().unwrap_or_default());
});
