//! The test target `features`, called in the way that people and editors call test targets.

use std::{process::Output, time::Instant};

use assert_cmd::Command;

use super::project::text;

/// Runs the target through cargo, in the same profile as these tests, with an engine that does not answer.
fn features(arguments: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env("DOCKER_HOST", "unix:///nobody/listens.sock");
    cargo.args(["test", "--quiet", "--test", "features"]);
    // Without cargo's variables for this test, because otherwise cargo would run the build scripts of dependencies
    // again.
    for (name, _) in std::env::vars() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|of| name.starts_with(of))
        {
            cargo.env_remove(name);
        }
    }
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    cargo.arg("--").args(arguments).output().unwrap()
}

fn listed(arguments: &[&str]) -> Vec<String> {
    let output = features(&[&["--list", "--format", "terse"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| line.strip_suffix(": test").unwrap().to_owned()).collect()
}

#[test]
fn the_list_is_that_of_the_labs_and_filters_narrow_it() {
    let all = listed(&[]);
    assert!(all.contains(&"helloworld::the_pod_is_listed".to_owned()), "{all:?}");
    let unique: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!(unique.len(), all.len(), "two tests have the same name");
    assert_eq!(listed(&["helloworld::the_pod_is_listed"]).len(), 2);
    assert_eq!(listed(&["--exact", "helloworld::the_pod_is_listed"]), ["helloworld::the_pod_is_listed"]);
    assert_eq!(listed(&["helloworld::the_pod_is_listed", "helloworld::the_pod_is_described"]).len(), 3);
    assert_eq!(listed(&["helloworld::the_pod_is_listed", "--skip", "default"]), ["helloworld::the_pod_is_listed"]);
    assert_eq!(listed(&["--ignored"]), [""; 0]);
    assert_eq!(listed(&["--include-ignored"]), all);
}

#[test]
fn the_list_for_a_person_ends_with_its_count() {
    let output = text(&features(&["--list", "--exact", "helloworld::the_pod_is_listed"]).stdout);
    assert_eq!(output, "helloworld::the_pod_is_listed: test\n\n1 test, 0 benchmarks\n");
}

#[test]
fn a_filter_that_matches_nothing_passes_without_an_engine() {
    let output = features(&["no_test_has_this_name"]);
    assert!(output.status.success());
    let stdout = text(&output.stdout);
    assert!(stdout.starts_with("\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; "));
}

#[test]
fn without_an_engine_the_tests_fail_at_once_and_say_what_to_type() {
    let started = Instant::now();
    let output = features(&["--test-threads", "2", "--nocapture", "--color", "always", "the_pod_is_listed"]);
    assert!(started.elapsed().as_secs() < 30, "it took {:?}", started.elapsed());
    assert_eq!(output.status.code(), Some(101));
    let stderr = text(&output.stderr);
    let (_, end) = stderr.split_once("error: no Docker engine answers").unwrap_or_else(|| panic!("{stderr}"));
    assert!(end.contains("or correct DOCKER_HOST") && end.contains("`labproof setup` lists"), "{stderr}");
    assert!(end.lines().count() < 15, "the message is not at the end:\n{stderr}");
}

#[test]
fn what_the_tests_cannot_do_is_refused() {
    for arguments in [&["--format", "json"][..], &["--logfile", "log"], &["--no-such-argument"]] {
        assert_eq!(features(arguments).status.code(), Some(101), "{arguments:?}");
    }
}
