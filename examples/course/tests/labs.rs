//! The labs as tests: `cargo test`.

fn main() -> std::process::ExitCode {
    labproof::course::test(env!("CARGO_MANIFEST_DIR").as_ref(), course::SENTENCES)
}
