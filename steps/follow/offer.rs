//! Gives manifests that no command uses to the server, which says whether it accepts them.

use super::{
    cause::names_of,
    failure,
    result::{ActResult, ActVerdict},
    walk::{SHORT_LIMIT, Walk},
};
use crate::{
    document::{
        blanks::namespace_of,
        defect::Defect,
        story::{Act, Deed, Source, Typed},
    },
    terminal::Output,
    verdict::Outcome,
};

/// A dry run: the server checks everything and keeps nothing.
const DRY_RUN: &str = "--dry-run=server";

impl Walk<'_> {
    /// The namespace in which the next command that names an object of a manifest looks for it.
    pub(super) fn namespace_for(&self, act: &Act) -> Option<String> {
        let Deed::Offer(source) = &act.deed else { return None };
        if source.text.lines().any(is_namespace) {
            return None;
        }
        let names = names_of(source);
        let later = self.page.story.acts.iter().filter(|other| other.line > act.line);
        let mut commands = later.filter_map(|act| match &act.deed {
            Deed::Type(typed) => Some(typed.command.as_str()),
            _ => None,
        });
        commands
            .find(|command| command.split([' ', '/']).any(|word| names.iter().any(|name| name == word)))
            .and_then(namespace_of)
    }

    /// Gives a manifest to the server, in this namespace. What hides behind the first refusal is found by asking again
    /// without its cause.
    pub(super) async fn offer(&mut self, source: &Source, namespace: Option<String>) -> ActResult {
        let in_namespace = namespace.map(|name| format!("-n {name}")).unwrap_or_default();
        let (mode, note) = if source.is_applied {
            (in_namespace.as_str(), "labproof applied it, because later commands need it and none makes it")
        } else {
            (DRY_RUN, "no command uses it: labproof asked the server, without creating anything")
        };
        let here: String =
            source.text.lines().filter(|line| !is_namespace(line)).map(|line| format!("{line}\n")).collect();
        let ignoring = format!("{DRY_RUN} --validate=ignore");
        let mut refusals: Vec<String> = Vec::new();
        for (text, options) in [(&source.text, mode), (&here, DRY_RUN), (&here, ignoring.as_str())] {
            let mut output = match self.ask("apply", text, options).await {
                Ok(output) => output,
                Err(fault) => return ActResult::from_fault(fault),
            };
            // The document shows the object twice; its reader makes one of them.
            if is_of_another(&output.stderr) {
                let asked = if options.contains(DRY_RUN) {
                    self.ask("create", text, options).await.map(unless_it_exists)
                } else if is_of_one_run(source) {
                    self.ask("replace", text, &format!("--force {options}")).await
                } else {
                    Ok(output)
                };
                output = match asked {
                    Ok(output) => output,
                    Err(fault) => return ActResult::from_fault(fault),
                };
            }
            if let Some(refused) = failure::refused(&output) {
                return refused;
            }
            let new = self.refusals(&output).into_iter().filter(|refusal| !refusals.contains(refusal));
            let new: Vec<String> = new.collect();
            refusals.extend(new);
            if output.status == 0 {
                break;
            }
        }
        let mut ended = judged(&refusals);
        ended.notes.push(note.into());
        ended
    }

    async fn ask(&mut self, verb: &str, text: &str, options: &str) -> Outcome<Output> {
        let file = self.scene.folder().join("records/offered.yaml");
        std::fs::write(&file, text)
            .map_err(|error| crate::verdict::Fault::broken(format!("cannot write a manifest: {error}")))?;
        let output =
            self.scene.run_for(&format!("kubectl {verb} {options} -f {}", file.display()), SHORT_LIMIT).await?;
        if !options.contains(DRY_RUN) {
            self.learn_objects(&Typed::default(), &output.stdout);
        }
        Ok(output)
    }

    /// What the server refuses, with the document's names.
    fn refusals(&self, output: &Output) -> Vec<String> {
        let file = self.scene.folder().join("records/offered.yaml").display().to_string();
        let said = output.stderr.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("Warning"));
        said.map(|line| line.replace(&file, "the manifest").replace(&self.scene.namespace, "default")).collect()
    }
}

/// Whether the server only refuses to make one object of another of the same name.
fn is_of_another(said: &str) -> bool {
    const SIGNS: [&str; 4] = [
        "field is immutable",
        "may not change fields",
        "may not add or remove containers",
        "updates to statefulset spec",
    ];
    SIGNS.iter().any(|sign| said.contains(sign))
}

/// The answer to a dry run of a creation. That there is such an object is the last thing that the server looks at.
fn unless_it_exists(output: Output) -> Output {
    let said: Vec<&str> = output.stderr.lines().filter(|line| !line.starts_with("Warning")).collect();
    let is_right = !said.is_empty() && said.iter().all(|line| line.contains("(AlreadyExists)"));
    if is_right { Output { status: 0, stderr: String::new(), ..output } } else { output }
}

/// Whether a manifest has one object, of a kind that the server makes once and does not change: it may be replaced.
fn is_of_one_run(source: &Source) -> bool {
    matches!(source.objects().as_slice(), [object] if object.starts_with("Pod/") || object.starts_with("Job/"))
}

/// Whether a message only says what to do about another.
fn is_follow_up(refusal: &str) -> bool {
    refusal.starts_with("ensure CRDs are installed first")
}

fn is_namespace(line: &str) -> bool {
    line.trim_start().starts_with("namespace:")
}

fn judged(refusals: &[String]) -> ActResult {
    // A version that is gone is all that is wrong.
    let gone: Vec<String> = refusals.iter().filter_map(|refusal| failure::since("kubectl apply", refusal)).collect();
    if let [since, ..] = gone.as_slice()
        && gone.len() == refusals.iter().filter(|refusal| !is_follow_up(refusal)).count()
    {
        return ActResult::of(ActVerdict::Defect(Defect::Drift), format!("the server refuses the manifest: {since}"))
            .seen("it says", &refusals.join("\n"))
            .undone();
    }
    match refusals {
        [] => ActResult::well(),
        [one] => ActResult::of(ActVerdict::Defect(Defect::Mistake), format!("the server refuses the manifest: {one}"))
            .saying(one)
            .undone(),
        many => ActResult::of(
            ActVerdict::Defect(Defect::Mistake),
            format!("the server refuses the manifest, in {} messages", many.len()),
        )
        .seen("it says", &many.join("\n"))
        .undone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_that_exists_is_no_refusal() {
        let status =
            |stderr: &str| unless_it_exists(Output { status: 1, stderr: stderr.into(), ..Output::default() }).status;
        assert_eq!(status("Error from server (AlreadyExists): pods \"web\" already exists\n"), 0);
        assert_eq!(status("Error from server (Invalid): no\n"), 1);
        assert_eq!(status(""), 1, "a failure without a word is none of these");
    }
}
