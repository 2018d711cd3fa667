//! What the commands of a scenario printed.

use super::Scene;
use crate::{
    terminal::Output,
    verdict::{Evidence, Fault, Outcome},
};

impl Scene {
    /// Makes this output that of the last command, such as the output of an interactive program that ended.
    pub fn ended(&mut self, output: Output) {
        self.last = Some(output);
        self.is_new = true;
    }

    /// The output of the last command.
    ///
    /// # Errors
    /// If no command ran.
    pub fn last(&self) -> Outcome<&Output> {
        self.last
            .as_ref()
            .ok_or_else(|| Fault::failed("no command ran yet").hint("put a step `When I run \"…\"` before this one"))
    }

    /// What the last command printed, if it ran after the last call: standard output, then standard error. Of a long
    /// text, the end is kept.
    pub fn take_printed(&mut self) -> Option<String> {
        let output = self.last.as_ref().filter(|_| std::mem::take(&mut self.is_new))?;
        let parts = [output.stdout.trim_end(), output.stderr.trim_end()];
        let text = parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        (!text.is_empty()).then(|| Evidence::new("printed", text).text)
    }
}
