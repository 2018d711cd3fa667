use super::*;

const SOON: Duration = Duration::from_secs(10);

async fn terminal() -> (tempfile::TempDir, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::open(folder.path(), folder.path(), &[]).await.unwrap();
    (folder, terminal)
}

async fn shows(dialogue: &mut Dialogue, text: &str) -> bool {
    dialogue.until(SOON, |shown| shown.lines().any(|line| line == text)).await.is_ok()
}

#[tokio::test]
async fn the_program_has_a_terminal_and_the_shells_variables() {
    let (_folder, mut terminal) = terminal().await;
    terminal.run("export lab=hello", SOON).await.unwrap();
    let mut dialogue = Dialogue::open(&mut terminal, "PS1='$ ' sh -i", SOON).await.unwrap();
    dialogue.type_line("test -t 0 && test -t 1 && echo \"$lab, terminal\"").await.unwrap();
    assert!(shows(&mut dialogue, "hello, terminal").await);
    dialogue.type_line("exit 3").await.unwrap();
    assert_eq!(dialogue.end(&mut terminal, SOON).await.unwrap().status, 3);
}

#[tokio::test]
async fn the_echo_of_a_line_is_not_what_the_program_shows() {
    let (_folder, mut terminal) = terminal().await;
    let mut dialogue = Dialogue::open(&mut terminal, "echo ready; read line; sleep 600", SOON).await.unwrap();
    dialogue.type_line("hello").await.unwrap();
    let moment = Duration::from_millis(300);
    assert_eq!(dialogue.until(moment, |shown| shown.contains("hello")).await, Err(String::new()));
}

#[tokio::test]
async fn typing_waits_until_the_terminal_has_taken_the_line() {
    let (_folder, mut terminal) = terminal().await;
    let mut dialogue = Dialogue::open(&mut terminal, "echo ready; exec sleep 600", SOON).await.unwrap();
    terminal.run("kill -STOP $labproof_dialogue", SOON).await.unwrap();
    let moment = Duration::from_millis(300);
    assert!(tokio::time::timeout(moment, dialogue.type_line("hello")).await.is_err(), "nobody took the line");
    terminal.run("kill -CONT $labproof_dialogue", SOON).await.unwrap();
    dialogue.type_line("again").await.unwrap();
    let shown = text(dialogue.shown.borrow().since(0));
    assert!(shown.contains("hello\n") && shown.contains("again"), "{shown}");
}

#[tokio::test]
async fn every_line_is_answered_while_the_program_prints_on_its_own() {
    let (_folder, mut terminal) = terminal().await;
    let program = "echo ready; while sleep 0.001; do echo tick; done & exec sed -u 's/^/got /'";
    let mut dialogue = Dialogue::open(&mut terminal, program, SOON).await.unwrap();
    for number in 0..50 {
        let answer = format!("got line {number}.");
        dialogue.type_line(&format!("line {number}.")).await.unwrap();
        let answered = dialogue.until(SOON, |shown| shown.lines().any(|line| line.ends_with(&answer))).await;
        let (seen, all) = (answered.is_ok(), text(dialogue.shown.borrow().since(dialogue.before)));
        let near: String = all.lines().filter(|line| !line.trim().is_empty() && *line != "tick").collect();
        assert!(seen, "line {number}: {near}");
    }
}

#[tokio::test]
async fn a_key_interrupts_the_program() {
    let (_folder, mut terminal) = terminal().await;
    let mut dialogue = Dialogue::open(&mut terminal, "echo ready; exec sleep 600", SOON).await.unwrap();
    dialogue.press(Key::CtrlC).await.unwrap();
    assert_eq!(dialogue.end(&mut terminal, SOON).await.unwrap().status, 130);
}

#[tokio::test]
async fn a_program_that_has_ended_takes_no_lines() {
    let (_folder, mut terminal) = terminal().await;
    let mut dialogue = Dialogue::open(&mut terminal, "echo gone", SOON).await.unwrap();
    let ended = async { while dialogue.shown.changed().await.is_ok() {} };
    tokio::time::timeout(SOON, ended).await.unwrap();
    assert!(dialogue.type_line("hello").await.unwrap_err().reason.contains("has ended"));
}

#[test]
fn a_prompt_before_the_echo_and_colours_are_left_out() {
    let since = |bytes: &[u8]| {
        let mut shown = Shown::default();
        shown.take(bytes);
        since(&shown, 0, "hostname")
    };
    assert_eq!(since(b"/ # hostname\r\n\x1b[1mweb\x1b[0m\r\n/ # "), "web\n/ # ");
    assert_eq!(since(b"/ # "), "");
}

#[test]
fn an_echo_that_an_output_has_torn_apart_is_found() {
    let since = |bytes: &[u8], typed: &str| without_echo(bytes, typed);
    assert_eq!(since(b"tick\r\nlitick\r\nne 4.\r\ngot line 4.\r\n", "line 4."), "got line 4.\n");
    assert_eq!(since(b"line 9.tick\r\n\r\ngot line 9.\r\n", "line 9."), "\ngot line 9.\n");
    assert_eq!(since(b"linetick 31.\r\n\r\ngot line 31.\r\n", "line 31."), "\ngot line 31.\n");
    assert_eq!(since(b"lots\r\n", "ls"), "");
    assert_eq!(since(b"hello to all\r\nworld\r\n", "hello world"), "");
    assert_eq!(since(b"litick\r\ntick\r\nne 4.\r\n", "line 4."), "");
}

#[test]
fn of_what_is_shown_without_end_the_end_is_kept() {
    let mut shown = Shown::default();
    (0..100).for_each(|_| shown.take(&vec![b'x'; KEPT / 4]));
    let before = shown.len();
    shown.take(b"the end");
    assert!(shown.kept.len() <= 2 * KEPT && shown.kept.capacity() <= 4 * KEPT, "{}", shown.kept.capacity());
    assert_eq!(shown.since(before), b"the end");
}
