//! Runs the labs as tests.
fn main() {}
