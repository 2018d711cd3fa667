//! The simple commands within groups, loops, conditions and functions.

use brush_parser::ast::{CompoundCommand, ForClauseCommand, FunctionDefinition, WhileOrUntilClauseCommand};

use super::{MOST, Shell, Simple, Word};

impl Shell {
    /// Reads a group, a loop or a condition; returns the lines of its last pipelines.
    pub(super) fn compound(&mut self, compound: &CompoundCommand) -> Vec<String> {
        match compound {
            CompoundCommand::BraceGroup(group) => self.list(&group.list),
            CompoundCommand::Subshell(subshell) => {
                let outer = self.variables.clone();
                let lines = self.list(&subshell.list);
                self.variables = outer;
                lines
            }
            CompoundCommand::ForClause(clause) => self.for_each(clause),
            CompoundCommand::ArithmeticForClause(clause) => {
                for part in [&clause.initializer, &clause.condition, &clause.updater].into_iter().flatten() {
                    self.expand_text(&part.value);
                }
                self.perhaps(|shell| shell.list(&clause.body.list))
            }
            CompoundCommand::CaseClause(clause) => {
                self.expand(&clause.value.value);
                for pattern in clause.cases.iter().flat_map(|case| &case.patterns) {
                    self.expand(&pattern.value);
                }
                let commands = clause.cases.iter().filter_map(|case| case.cmd.as_ref());
                self.perhaps(|shell| commands.flat_map(|list| shell.list(list)).collect())
            }
            CompoundCommand::IfClause(clause) => {
                self.list(&clause.condition);
                self.perhaps(|shell| {
                    let mut lines = shell.list(&clause.then);
                    for other in clause.elses.iter().flatten() {
                        if let Some(condition) = &other.condition {
                            shell.list(condition);
                        }
                        lines.extend(shell.list(&other.body));
                    }
                    lines
                })
            }
            CompoundCommand::WhileClause(clause) => self.perhaps(|shell| shell.while_clause("while", clause)),
            CompoundCommand::UntilClause(clause) => self.perhaps(|shell| shell.while_clause("until", clause)),
            CompoundCommand::Arithmetic(arithmetic) => {
                self.expand_text(&arithmetic.expr.value);
                Vec::new()
            }
        }
    }

    /// A loop, as a command `while CONDITION` and what it contains; one that breaks off ends.
    fn while_clause(&mut self, word: &str, clause: &WhileOrUntilClauseCommand) -> Vec<String> {
        let condition = self.list(&clause.0);
        let before = self.found.len();
        let lines = self.list(&clause.1.list);
        let breaks = self.found[before..].iter().any(|simple| matches!(simple.line().as_str(), "break" | "exit"));
        if !breaks {
            let words = [word].into_iter().chain(condition.iter().map(String::as_str)).map(Word::known).collect();
            self.found.push(Simple { words, ..Simple::default() });
        }
        lines
    }

    fn for_each(&mut self, clause: &ForClauseCommand) -> Vec<String> {
        let values: Vec<Word> = match &clause.values {
            Some(values) => values.iter().flat_map(|value| self.expand(&value.value)).collect(),
            // Those that the shell was given.
            None => vec![Word::printed(format!("${}", clause.variable_name), Vec::new())],
        };
        let mut lines = Vec::new();
        for value in values {
            if self.found.len() >= MOST {
                return self.unread();
            }
            self.variables.insert(clause.variable_name.clone(), value);
            lines = self.list(&clause.body.list);
        }
        lines
    }

    /// A function: its commands, with arguments that are not known. One that starts itself twice is a fork bomb.
    pub(super) fn function(&mut self, function: &FunctionDefinition) {
        let before = self.found.len();
        self.perhaps(|shell| shell.compound(&function.body.0));
        self.redirected(function.body.1.as_ref());
        let name = &function.fname.value;
        let starts_itself = |simple: &&Simple| simple.words.first().is_some_and(|word| word.text == *name);
        if self.found[before..].iter().filter(starts_itself).count() > 1 {
            self.found.push(Simple { words: vec![Word::known(":()")], ..Simple::default() });
        }
    }
}
