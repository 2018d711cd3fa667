use super::{Input, Shell, Simple, Unread};

fn lines(text: &str) -> Vec<String> {
    Shell::default().read(text).unwrap().iter().map(Simple::line).collect()
}

#[test]
fn quotes_backslashes_and_braces_are_read_as_bash_reads_them() {
    assert_eq!(lines(r#"'r'm "-rf" \/srv"#), ["rm -rf /srv"]);
    assert_eq!(lines("r\\\nm -rf a"), ["rm -rf a"]);
    assert_eq!(lines("{rm,-rf,a}"), ["rm -rf a"]);
    assert_eq!(lines("echo a{1..3}"), ["echo a1 a2 a3"]);
    assert_eq!(lines("echo 'a; b' # c; d"), ["echo a; b"]);
}

#[test]
fn variables_have_the_values_that_commands_gave_them() {
    let mut shell = Shell::default();
    shell.read("A=one; export B='two three'").unwrap();
    let last = shell.read("echo $A \"$B\" ${C:-four} $D").unwrap().pop().unwrap();
    assert_eq!(last.line(), "echo one two three four $D");
    assert_eq!(last.words.len(), 5);
    assert!(!last.words[4].is_known());
    let split = shell.read("$B").unwrap().pop().unwrap();
    assert_eq!(split.words.len(), 2);
}

#[test]
fn commands_within_others_come_first() {
    assert_eq!(lines("echo $(date) `id` <(ls)"), ["date", "id", "ls", "echo $(date) $(id) <(…)"]);
    assert_eq!(lines("if a; then b; else c; fi"), ["a", "b", "c"]);
    assert_eq!(lines("for i in 1 2; do echo $i; done"), ["echo 1", "echo 2"]);
    assert_eq!(lines("while true; do a; done"), ["true", "a", "while true"]);
    assert_eq!(lines("while true; do a && break; done"), ["true", "a", "break"]);
    assert_eq!(lines("alias k=kubectl\nk get pods"), ["alias k=kubectl", "kubectl get pods"]);
}

#[test]
fn a_fork_bomb_is_known_by_what_it_does() {
    assert!(lines("bomb() { bomb | bomb & }; bomb").contains(&":()".to_owned()));
    assert!(!lines("f() { if a; then f; fi; }; f").contains(&":()".to_owned()));
}

#[test]
fn a_command_knows_what_it_reads_and_where_its_output_goes() {
    let last = |text: &str| Shell::default().read(text).unwrap().pop().unwrap();
    assert_eq!(last("cat <<EOF | sh\nls\nEOF").input, Input::Text("ls\n".into()));
    assert_eq!(last("echo ls | sh").input, Input::Text("ls".into()));
    assert_eq!(
        last("docker ps -q | head -1 | xargs docker rm").input,
        Input::Of(vec!["docker ps -q".into(), "head -1".into()])
    );
    assert_eq!(last("sh < a.sh").input, Input::Of(vec!["cat a.sh".into()]));
    assert_eq!(last("sh").input, Input::Terminal);
    let outputs = last("a > b 2>&1 >> c 2>/dev/null").outputs;
    assert_eq!(outputs.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), ["b", "c", "/dev/null"]);
}

#[test]
fn a_text_that_bash_could_not_read_has_no_commands() {
    for text in ["echo 'a", "if a; then", "a | | b"] {
        assert_eq!(Shell::default().read(text), Err(Unread::NotBash), "{text}");
    }
}

#[test]
fn loops_within_loops_come_to_an_end() {
    let nested = "for a in {1..100}; do for b in {1..100}; do for c in {1..100}; do echo $a$b$c; done; done; done";
    // What was not read could be anything, so the whole is not known.
    assert_eq!(Shell::default().read(nested), Err(Unread::TooMuch));
    assert_eq!(Shell::default().read("echo {1..500}"), Err(Unread::TooMuch));
}

/// The parser needs stack for each level: a page must not be able to end labproof.
#[test]
fn deep_nesting_is_not_read() {
    for (begin, end) in [
        ("echo $(", ")"),
        ("echo \"$(", ")\""),
        ("(", ")"),
        ("{ ", "; }"),
        ("if true; then ", "; fi"),
        ("for i in a; do ", "; done"),
        ("echo ${A:-", "}"),
        ("echo <(", ")"),
        ("f() { ", "; }"),
        ("while a; do ", "; done"),
        ("case a in a) ", ";; esac"),
        ("echo $((", "))"),
    ] {
        for depth in [18, 100, 3000] {
            let deep = format!("{}ls{}", begin.repeat(depth), end.repeat(depth));
            let read = Shell::default().read(&deep);
            assert!(depth < 100 || read == Err(Unread::TooMuch), "{begin}: {depth}");
        }
    }
    let long = format!("echo {}", "a ".repeat(100_000));
    assert_eq!(Shell::default().read(&long), Err(Unread::TooMuch));
}

#[test]
fn commands_are_found_wherever_bash_runs_them() {
    for text in [
        "echo $(( $(id) ))",
        "(( $(id) ))",
        "[[ $(id) = a ]]",
        "case $(id) in a) ;; esac",
        "case a in $(id)) ;; esac",
        "for ((i = $(id); i < 1; i++)); do :; done",
        "for i; do id; done",
        "echo ${A:+$(id)}",
        "echo ${A:-$(id)}",
        "echo ${A:?$(id)}",
        "echo ${A%$(id)}",
        "echo ${A/a/$(id)}",
        "echo ${A:$(id)}",
        "echo \"${A:-`id`}\"",
        "A=$(id)",
        "A[$(id)]=1",
        "echo a > $(id)",
        "f() { a; } > $(id)",
        "alias a='b; id'",
        "cat <<EOF\n$(id)\nEOF",
    ] {
        let found = Shell::default().read(text).unwrap_or_default();
        assert!(found.iter().any(|simple| simple.line() == "id"), "{text}: {found:?}");
    }
}

#[test]
fn a_variable_whose_value_a_condition_decides_is_not_known() {
    for text in [
        "if a; then A=/srv; else A=x; fi; echo $A",
        "A=/srv; false && A=x; echo $A",
        "A=x; while a; do A=/srv; done; echo $A",
        "A=x; printf -v A /srv; echo $A",
    ] {
        let last = Shell::default().read(text).unwrap().pop().unwrap();
        assert!(!last.words[1].is_known(), "{text}");
    }
    let last = Shell::default().read("A=/sr; A+=v; echo $A").unwrap().pop().unwrap();
    assert_eq!(last.line(), "echo /srv");
}
