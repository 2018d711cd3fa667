use super::{Input, Shell, Simple};

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
        assert!(Shell::default().read(text).is_none(), "{text}");
    }
}

#[test]
fn loops_within_loops_come_to_an_end() {
    let nested = "for a in {1..100}; do for b in {1..100}; do for c in {1..100}; do echo $a$b$c; done; done; done";
    assert!(lines(nested).len() <= super::MOST + 1);
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
            assert!(depth < 100 || read.is_none(), "{begin}: {depth}");
        }
    }
    let long = format!("echo {}", "a ".repeat(100_000));
    assert!(Shell::default().read(&long).is_none());
}
