//! What a reader has and this run does not: volumes before a Pod uses them, containers that have ended, folders from
//! elsewhere, and objects that the document leaves to its reader.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    cause, repair,
    result::ActResult,
    walk::{SHORT_LIMIT, Walk},
};
use crate::{
    document::{
        blanks, names, reads,
        story::{Act, Deed, Typed},
        words,
    },
    expression::regex,
};

/// Asks for the claims that wait for a Pod.
const WAITING: &str =
    "--field-selector reason=WaitForFirstConsumer -o jsonpath='{range .items[*]}{.involvedObject.name}{\"\\n\"}{end}'";

impl Walk<'_> {
    /// Why a command did not do what it does for a reader: an image, a volume or an earlier container is not there.
    pub(super) async fn lacks_what_readers_have(&mut self, typed: &Typed, ended: &ActResult) -> Option<String> {
        match self.waits_for_an_image(typed, ended).await {
            Some(why) => Some(why),
            None => self.waits_for_a_pod(typed).await.or(has_no_earlier_container(typed, ended)),
        }
    }

    /// Why an object does not exist, if the prose before a command asks its reader to make it, and no act does: an exercise.
    pub(super) fn is_left_to_the_reader(&self, act: &Act, ended: &ActResult) -> Option<String> {
        static COMMAND: LazyLock<Regex> = LazyLock::new(|| regex(r"`[^`]*\s[^`]*`"));
        let Deed::Type(Typed { asked, .. }) = &act.deed else { return None };
        let (kind, name) =
            repair::not_found(&ended.said).filter(|_| ended.is_failure && ended.corrections.is_empty())?;
        let acts = &self.page.story.acts;
        let is_made = acts.iter().any(|act| cause::makes(act, acts).iter().any(|made| made == name));
        let asked = COMMAND.replace_all(asked, "");
        let mut words = asked.split(|letter: char| !(letter.is_alphanumeric() || letter == '-'));
        let is_asked = !is_made && words.any(|word| word == name) && words::has(&asked, words::MAKE);
        is_asked.then(|| format!("the reader is to make the {} {name}, and decides how", names::singular(kind)))
    }

    /// Why a folder is not found that a command names from the reader's home or from the root: readers have it from
    /// elsewhere. Any other is the document's own.
    pub(super) fn lacks_a_folder(act: &Act, ended: &ActResult) -> Option<String> {
        let Deed::Type(typed) = &act.deed else { return None };
        let folder = typed.command.trim().strip_prefix("cd ").filter(|folder| !folder.contains(['&', ';', '|']))?;
        let is_from_elsewhere = ["~", "/", "$HOME", "\"$HOME"].iter().any(|start| folder.trim().starts_with(start));
        let is_absent =
            ended.is_failure && ended.corrections.is_empty() && ended.said.contains("No such file or directory");
        (is_from_elsewhere && is_absent)
            .then(|| format!("the document does not make the folder {folder}, and it is not beside the document"))
    }

    /// Why a claim has no volume although the document shows one: this cluster makes the volume once a Pod uses the claim.
    async fn waits_for_a_pod(&mut self, typed: &Typed) -> Option<String> {
        let shows_volume = typed.expected.as_ref().is_some_and(|expected| expected.text.contains("Bound"));
        if !shows_volume || !reads::lists_volumes(&typed.command) {
            return None;
        }
        let option = blanks::namespace_of(&typed.command).map(|name| format!(" -n {name}")).unwrap_or_default();
        let waiting = self.scene.run_for(&format!("kubectl get events{option} {WAITING}"), SHORT_LIMIT).await.ok()?;
        let claims = self.scene.run_for(&format!("kubectl get pvc{option} --no-headers"), SHORT_LIMIT).await.ok()?;
        let is_pending =
            |name: &&str| claims.stdout.lines().any(|line| line.split_whitespace().take(2).eq([*name, "Pending"]));
        let is_shown = |name: &&str| {
            let shown = typed.expected.as_ref().map_or("", |expected| &expected.text);
            shown.split(|letter: char| letter.is_whitespace() || letter == '/').any(|word| word == *name)
        };
        let name = waiting.stdout.lines().filter(is_shown).find(is_pending)?;
        Some(format!("this cluster makes the volume of the claim {name} once a Pod uses it (WaitForFirstConsumer)"))
    }
}

/// Why the log of an earlier container is not there: of a Pod that labproof chose for a blank, none has ended.
fn has_no_earlier_container(typed: &Typed, ended: &ActResult) -> Option<String> {
    let says_so = ended.said.contains("previous terminated container");
    (says_so && typed.command.contains('<'))
        .then(|| "no container has ended in the Pod that labproof chose for the blank".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Markup, defect::Defect, read, story::Story},
        follow::result::ActVerdict,
    };

    #[test]
    fn only_folders_from_elsewhere_are_the_reader_s_own() {
        let lacks = |command: &str| {
            let story = Story::of(&read(Markup::Markdown, &format!("```sh\n{command}\n```\n")));
            let failed = ActResult::of(ActVerdict::Defect(Defect::Mistake), "it fails")
                .saying("cd: No such file or directory")
                .failure();
            Walk::lacks_a_folder(&story.acts[0], &failed).is_some()
        };
        assert!(lacks("cd ~/course/lessons/7") && lacks("cd $HOME/labs"));
        assert!(!lacks("cd mapp") && !lacks("cat ~/a.txt"));
    }
}
