//! Blocks as authors write them, in the one form in which they are read.

use crate::document::{Block, shell, words};

/// The block with `$ ` as its prompt, if its prompt is `> `. Below another prompt, `> ` continues a command.
pub(super) fn with_dollars(block: Block) -> Block {
    let typed = |line: &str| line.strip_prefix("> ").is_some_and(shell::is_known);
    let first = block.text.lines().find(|line| !line.trim().is_empty());
    if !first.is_some_and(typed) {
        return block;
    }
    let lines = block.text.lines().map(|line| {
        let with_dollar = line.strip_prefix("> ").filter(|_| typed(line)).map(|command| format!("$ {command}\n"));
        with_dollar.unwrap_or_else(|| format!("{line}\n"))
    });
    Block { text: lines.collect(), ..block }
}

/// The two parts of a block of commands between which only the word `or` stands.
pub(super) fn two_ways(block: &Block) -> Option<(Block, Block)> {
    let is_or = |line: &str| {
        let word = line.trim().trim_start_matches('#').trim().to_lowercase();
        words::OR.split('|').any(|or| or == word)
    };
    let lines: Vec<&str> = block.text.lines().collect();
    let place = lines.iter().position(|line| is_or(line)).filter(|place| *place > 0)?;
    let is_command = |line: &&str| {
        let line = line.trim();
        shell::is_known(shell::prompt(line).map_or(line, |(_, command)| command))
    };
    let surrounds = |lines: &[&str]| lines.iter().any(is_command);
    let first_below = lines[place + 1..].iter().find(|line| !line.trim().is_empty())?;
    if !surrounds(&lines[..place]) || !is_command(first_below) {
        return None;
    }
    let part = |from: usize, lines: &[&str]| {
        let text = lines.iter().map(|line| format!("{line}\n")).collect();
        Block { line: block.line + from, text, ..block.clone() }
    };
    Some((part(0, &lines[..place]), part(place + 1, &lines[place + 1..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block { line: 3, text: text.into(), ..Block::default() }
    }

    #[test]
    fn a_prompt_of_one_sign_is_one_only_before_a_known_program() {
        let read = |text: &str| with_dollars(block(text)).text;
        assert_eq!(read("> kubectl get pods\nNAME\n"), "$ kubectl get pods\nNAME\n");
        assert_eq!(read("$ cat <<EOF\n> kubectl\n> EOF\n"), "$ cat <<EOF\n> kubectl\n> EOF\n");
        assert_eq!(read("> a quotation\n"), "> a quotation\n");
    }

    #[test]
    fn two_ways_have_a_word_between_them() {
        let (one, other) = two_ways(&block("oc get pods\n# or\nkubectl get pods\n")).unwrap();
        assert_eq!((one.line, other.line, other.text.as_str()), (3, 5, "kubectl get pods\n"));
        assert!(two_ways(&block("kubectl get pods\nor\nNAME\n")).is_none());
        assert!(two_ways(&block("or\nkubectl get pods\n")).is_none());
    }
}
