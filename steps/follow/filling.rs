//! Commands with the names of this run: generated names that the document shows, and the names that it leaves to its reader.

use super::{
    result::{Ended, Word},
    walk::{SHORT_LIMIT, Walk, left},
};
use crate::document::{
    blanks::{self, Blank},
    safety,
};

impl Walk<'_> {
    /// The command with real names, and a note for each blank that was filled in.
    ///
    /// # Errors
    /// The result of the command if there is no object that a blank can stand for, or if it must not be run as it is now.
    pub(super) async fn filled(&mut self, command: &str) -> Result<(String, Vec<String>), Ended> {
        let mut command = self.with_real_names(command);
        let mut notes = Vec::new();
        while let Some(blank) = blanks::first(&command) {
            let name = self.name_for(&blank).await?;
            command = command.replace(&blank.text, &name);
            notes.push(format!("{} stands for {name}", blank.text));
        }
        // A name may say what is harmful: that of a node, for example.
        match safety::on_this_machine(&command, &self.page.texts().join("\n")) {
            Some(why) => Err(left(&why)),
            None => Ok((command, notes)),
        }
    }

    /// The first name of the last listing of the kind or, if the document lists none, of all objects of the kind.
    async fn name_for(&mut self, Blank { text, kind }: &Blank) -> Result<String, Ended> {
        if let Some(name) = self.listed.get(kind) {
            return Ok(name.clone());
        }
        let listing = format!("kubectl get {kind} -o name");
        let output = self.scene.run_for(&listing, SHORT_LIMIT).await.map_err(Ended::from_fault)?;
        let name = output.stdout.lines().next().and_then(|line| line.split_once('/')).map(|(_, name)| name.to_owned());
        name.ok_or_else(|| {
            let why = format!("not run: placeholder: {text} stands for a {kind}, and there is none");
            Ended::of(Word::NotRun, why)
        })
    }
}
