//! Regular expressions that are constants of the program.

use regex::Regex;

/// Compiles an expression that is a constant, or made of constants and escaped text.
///
/// # Panics
/// If it is no regular expression: an error of labproof, which the tests of the expression find.
#[expect(clippy::expect_used, reason = "the expressions are constants, and the tests use each")]
#[must_use]
pub fn regex(expression: &str) -> Regex {
    Regex::new(expression).expect("a correct expression")
}
