//! What a reader's cluster has and this run's does not: volumes before a Pod uses them, and containers that have ended.

use super::{
    result::Ended,
    walk::{SHORT_LIMIT, Walk},
};
use crate::document::{blanks, reads, story::Typed};

/// Asks for the claims that wait for a Pod.
const WAITING: &str =
    "--field-selector reason=WaitForFirstConsumer -o jsonpath='{range .items[*]}{.involvedObject.name}{\"\\n\"}{end}'";

impl Walk<'_> {
    /// Why a command did not do what it does for a reader: an image, a volume or an earlier container is not there.
    pub(super) async fn lacks_what_readers_have(&mut self, typed: &Typed, ended: &Ended) -> Option<String> {
        match self.waits_for_an_image(typed, ended).await {
            Some(why) => Some(why),
            None => self.waits_for_a_pod(typed).await.or(has_no_earlier_container(typed, ended)),
        }
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
fn has_no_earlier_container(typed: &Typed, ended: &Ended) -> Option<String> {
    let says_so = ended.said.contains("previous terminated container");
    (says_so && typed.command.contains('<'))
        .then(|| "no container has ended in the Pod that labproof chose for the blank".into())
}
