use super::*;
use crate::conditions::wildcard::Kept;

/// The new text after `seen` was printed, on Kubernetes 1.34.
fn new(written: &str, seen: &str) -> String {
    let lines: Vec<&str> = written.split('\n').collect();
    let expected = versions::meant_for(written, "v1.34.0");
    let instead = Instead { expected, seen: seen.into(), kept: Kept::from([("ip".into(), "10.0.0.9".into())]) };
    match changed(&lines, &instead, "v1.34.0", Some("lab-abcdef-1")) {
        Ok(new) => new.iter().map(|line| line.text(&lines)).collect::<Vec<_>>().join("\n"),
        Err(why) => format!("error: {why}"),
    }
}

#[test]
fn only_what_differs_changes_in_a_line() {
    let written = "NAME    READY   STATUS    AGE\nhello   1/1     Running   [AGE]\nx       [IP]    [...]";
    let seen = "NAME    READY   STATUS    AGE\nhello   0/1     Error     5s\nx  10.0.0.1  what ever";
    assert_eq!(new(written, seen), written.replace("1/1     Running", "0/1     Error"));
}

#[test]
fn lines_come_and_go_and_dots_stay() {
    assert_eq!(new("a\n[...]\nb\nc", "a\nx\ny\nb"), "a\n[...]\nb");
    assert_eq!(new("a\nc", "a\nb\nc"), "a\nb\nc");
    assert_eq!(new("[...]\nlast line: 3", "first\nlast line: 4"), "[...]\nlast line: 4");
}

#[test]
fn names_are_kept_and_expected_again() {
    let written = "IP: [IP:a]\nagain [=a] old\nfrom [=ip]";
    assert_eq!(new(written, "IP: 10.0.0.1\nagain 10.0.0.1 new\nfrom 10.0.0.9"), written.replace("old", "new"));
}

#[test]
fn what_is_for_other_versions_stays() {
    let written = "a [to 1.34: x][from 1.35: y]\n[from 1.35: only there]\nb";
    assert_eq!(new(written, "a z\nb"), written.replace("to 1.34: x", "to 1.34: z"));
    assert_eq!(new(written, "a x\nc"), written.replace("\nb", "\nc"));
}

#[test]
fn what_the_next_run_prints_otherwise_becomes_a_wildcard() {
    let seen = "NAME AGE\nweb-6d4cf56db6-x8k2j 5s\nin lab-abcdef-1 at 10.244.1.7 and 127.0.0.1\n2026-11-26T11:42:46Z";
    assert_eq!(new("x", seen), "NAME AGE\nweb-[NAME] [AGE]\nin [NAME] at [IP] and 127.0.0.1\n[TIME]");
}

#[test]
fn tabs_and_other_scripts_stay_as_they_are() {
    assert_eq!(new("\tgröße\t1 日本\nb", "\tgröße\t2 日本\nb"), "\tgröße\t2 日本\nb");
    assert_eq!(new("  a", "\ta"), "\ta");
}

#[test]
fn what_cannot_be_proposed_says_why() {
    assert!(new("a", "\n").starts_with("error: it prints nothing"));
    assert!(new("a", "\u{1b}[31mred").starts_with("error: it prints invisible characters"));
    assert!(new("a", "what [IP] is").starts_with("error: what it prints cannot be written"));
}
