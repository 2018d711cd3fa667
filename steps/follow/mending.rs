//! Goes on after a mistake: labproof types a failed command without the mistake that its message names, so that what
//! comes after it is judged as well. The mistake itself stays in the report.

use std::{collections::BTreeSet, iter, sync::LazyLock};

use regex::Regex;

use super::{
    repair,
    result::{ActResult, ActVerdict},
    said,
    walk::{SHORT_LIMIT, Walk},
};
use crate::{
    document::{
        blanks::namespace_of,
        defect::Defect,
        judge::values::generated,
        names,
        story::{self, Act, ProseRole, Typed},
    },
    expression::regex,
    terminal::Output,
    verdict::{Correction, Evidence},
};

/// How many mistakes of one command are mended.
const MOST: usize = 4;

impl Walk<'_> {
    /// The result of a failed command. If labproof can mend it, the mended command has been typed as well.
    pub(super) async fn mended(
        &mut self,
        act: &Act,
        typed: &Typed,
        (command, mut output): (&str, Output),
        mut ended: ActResult,
    ) -> ActResult {
        let mut command = command.to_owned();
        if let Some(next) = self.with_real_pod(&command, &output).await {
            (ended, output) = self.try_typing(act, typed, &next).await;
            command = next;
        }
        let mut written = Some(typed.command.clone());
        for _ in 0..MOST {
            if !ended.may_be_mended() {
                break;
            }
            let Some(next) = self.without_its_mistake(&command, &output).await else { break };
            written = written.and_then(|written| repair::safe(&written, &said::of(&output)));
            let (again, printed) = self.try_typing(act, typed, &next).await;
            if again.is_undone && again.reason == ended.reason {
                break;
            }
            if typed.role == ProseRole::OtherWay && next == command && !again.is_undone {
                return again.noted(vec![
                    "this is another way to do the same: labproof first removed what the first way had made".into(),
                ]);
            }
            ended.evidence.extend(again.hidden());
            ended.corrections.extend(again.corrections);
            if !again.is_undone {
                self.learn_labels(&next);
                ended.corrections.extend(written.map(|write| Correction {
                    line: act.line,
                    says: typed.command.clone(),
                    write,
                }));
                return ended.mended_to(&command, &next);
            }
            (command, output) = (next, printed);
        }
        ended
    }

    /// A failed command with the name of a real Pod in place of a generated one of the author's, which the document lists
    /// nowhere.
    pub(super) async fn with_real_pod(&mut self, command: &str, output: &Output) -> Option<String> {
        let said = said::of(output);
        let (_, name) = repair::not_found(&said).filter(|(kind, _)| names::singular(kind) == "pod")?;
        let stem = |name: &str| generated(name).filter(|(whole, _)| *whole == name).map(|(_, stem)| stem.to_owned());
        let own = stem(name)?;
        if self.world.bound.keys().any(|shown| stem(shown).as_ref() == Some(&own)) {
            return None;
        }
        let namespace = namespace_of(command).map(|name| format!(" -n {name}")).unwrap_or_default();
        let listed = self.scene.run_for(&format!("kubectl get pods -o name{namespace}"), SHORT_LIMIT).await.ok()?;
        let mut pods = listed.stdout.lines().filter_map(|line| line.strip_prefix("pod/"));
        let real = pods.find(|pod| stem(pod).as_ref() == Some(&own))?.to_owned();
        self.world.bound.insert(name.to_owned(), real.clone());
        Some(repair::with_word(command, name, &real))
    }

    /// A failed command without the mistake that its message names. The files of the reader are mended in their place.
    pub(super) async fn without_its_mistake(&mut self, command: &str, output: &Output) -> Option<String> {
        let said = said::of(output);
        let images = story::images_built(&self.page.story).iter().map(ToString::to_string).collect();
        let known = repair::Known { objects: Some(&self.objects), files: Some(&self.page.meant), images };
        let next = match repair::command(command, &said, &known) {
            Some(next) => next,
            None if self.makes_room(&said).await => command.to_owned(),
            None => self.with_mended_manifest(command, &said).await?,
        };
        self.terminal.clone().judge(&next, &self.lines).is_none().then_some(next)
    }

    /// Removes the objects that exist already, as a message says, if the document has made them.
    async fn makes_room(&mut self, said: &str) -> bool {
        let Some(old) = existing(said, &self.objects) else { return false };
        let removed = self.scene.run_for(&format!("kubectl delete {}", old.join(" ")), SHORT_LIMIT).await;
        removed.is_ok_and(|output| output.status == 0)
    }

    /// A Deployment that `kubectl run` made once had the label `run`; one of today has `app`.
    pub(super) fn learn_labels(&mut self, command: &str) {
        static MADE: LazyLock<Regex> = LazyLock::new(|| regex(r"kubectl create deployment ([\w.-]+) .*--image"));
        if let Some(found) = MADE.captures(command) {
            self.world.bound.insert(format!("run={}", &found[1]), format!("app={}", &found[1]));
        }
    }

    /// The command after its manifest is mended: that of a file, or that in the command itself.
    async fn with_mended_manifest(&mut self, command: &str, said: &str) -> Option<String> {
        static FILE: LazyLock<Regex> = LazyLock::new(|| {
            regex(r"kubectl\s(?:.*\s)?(?:apply|create|replace)\s(?:.*\s)?(?:-f|--filename)[ =]?([\w./~-]+)")
        });
        let file = FILE.captures(command)?[1].to_owned();
        let applying = command.replacen("kubectl create", "kubectl apply", 1);
        if file == "-" {
            return repair::manifest(command, said).or_else(|| repair::ignoring(&applying, said));
        }
        let text = self.scene.run_for(&format!("cat {file}"), SHORT_LIMIT).await.ok()?.stdout;
        let Some(mended) = repair::manifest(&text, said) else { return repair::ignoring(&applying, said) };
        let records = self.scene.folder().join("records/mended.yaml");
        std::fs::write(&records, mended).ok()?;
        let copied = self.scene.run_for(&format!("cat {} > {file}", records.display()), SHORT_LIMIT).await.ok()?;
        (copied.status == 0).then_some(applying)
    }
}

/// The objects, each as `kind/name`, that exist already, as a message says; `None` if not all of them are the document's.
fn existing(said: &str, made: &BTreeSet<String>) -> Option<Vec<String>> {
    static EXISTS: LazyLock<Regex> = LazyLock::new(|| regex(r#"([a-z]+)(?:\.[\w.]+)? "([\w.-]+)" already exists"#));
    let old: Vec<String> =
        EXISTS.captures_iter(said).map(|found| format!("{}/{}", names::singular(&found[1]), &found[2])).collect();
    (!old.is_empty() && old.iter().all(|object| made.contains(object))).then_some(old)
}

impl ActResult {
    /// Whether the failure is the document's, and nothing was done.
    pub(super) fn may_be_mended(&self) -> bool {
        self.is_undone && matches!(self.verdict, ActVerdict::Defect(Defect::Mistake | Defect::Drift))
    }

    /// Whether the server has refused a manifest, not kubectl a command.
    fn is_about_manifest(&self) -> bool {
        let message = said::message(&self.said).unwrap_or_default();
        !["unknown command", "unknown flag", "error: the path \""].iter().any(|words| message.contains(words))
    }

    /// What the result says, as evidence of one that it was hidden behind.
    fn hidden(&self) -> Vec<Evidence> {
        let is_bad = matches!(self.verdict, ActVerdict::Defect(_));
        let Some(reason) = self.reason.as_ref().filter(|_| is_bad) else { return Vec::new() };
        iter::once(Evidence::new("without this mistake", reason)).chain(self.differences()).collect()
    }

    /// The result of a command that failed, and that labproof then typed without its mistake.
    pub(super) fn mended_to(mut self, written: &str, command: &str) -> Self {
        self.is_undone = false;
        if written == command {
            self.notes.push("labproof removed what exists already, to judge what comes after it".into());
            return self;
        }
        let short = command.lines().next().unwrap_or_default();
        let is_manifest = [" -f", "--filename"].iter().any(|option| short.contains(option)) && self.is_about_manifest();
        let what = if is_manifest { "mended the manifest".to_owned() } else { format!("typed `{short}` instead") };
        if !is_manifest {
            self.hint = self.hint.or_else(|| Some(format!("write `{short}`")));
        }
        self.notes.push(format!("labproof {what}, to judge what comes after it"));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_document_has_made_is_removed_to_make_room() {
        let made: BTreeSet<String> = ["pod/web", "deployment/web"].map(str::to_owned).into();
        let says = |objects: &[&str]| {
            let lines =
                objects.iter().map(|object| format!("Error from server (AlreadyExists): {object} already exists"));
            existing(&lines.collect::<Vec<_>>().join("\n"), &made)
        };
        assert_eq!(says(&["pods \"web\""]), Some(vec!["pod/web".to_owned()]));
        assert_eq!(says(&["deployments.apps \"web\""]), Some(vec!["deployment/web".to_owned()]));
        assert_eq!(says(&["pods \"web\"", "pods \"other\""]), None, "the other Pod is not the document's");
        assert_eq!(existing("pods \"web\" not found", &made), None);
    }
}
