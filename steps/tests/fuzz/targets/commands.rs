//! The commands of a course document, separated by blank lines: read as bash reads them, and judged in one terminal.
#![no_main]

use labproof::internal::document::safety::{ReaderTerminal, lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let commands: Vec<&str> = text.split("\n\n").collect();
    let all: Vec<Vec<String>> = commands.iter().map(|command| lines(command)).collect();
    let mut terminal = ReaderTerminal::default();
    for (number, command) in commands.iter().enumerate() {
        _ = terminal.judge(command, &all[number + 1..]);
    }
});
