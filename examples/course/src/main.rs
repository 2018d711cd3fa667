//! labproof, with the sentences of this course: `cargo run -- verify`.

fn main() -> std::process::ExitCode {
    labproof::course::main(course::SENTENCES)
}
