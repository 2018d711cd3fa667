//! Types a command into the terminal, and again if it only reads and the cluster is not as the document shows it yet.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use regex::Regex;

use super::{
    failure, repair,
    result::{ActResult, ActVerdict},
    said, success,
    walk::{SHORT_LIMIT, Walk},
};
use crate::{
    cluster::fence,
    document::{
        blanks,
        defect::Defect,
        judge::{
            Judged, Seen,
            share::{divided, judge_after},
        },
        names,
        story::{Act, Deed, ProseRole, ShownOutput, Typed},
    },
    expression::{kubectl_regex, regex},
    image_name::ImageName,
    terminal::Output,
    verdict::{Outcome, seconds},
};

/// How long a state may take to become what the document shows.
const PATIENCE: Duration = Duration::from_secs(40);

/// The pause between two tries; the result of a command cannot be watched.
const PAUSE: Duration = Duration::from_millis(500);

/// A time that no slow machine explains.
const LATE: Duration = Duration::from_secs(15);

/// How many outputs the document may show at once.
const MOST_UNSHOWN: usize = 12;

/// How long a command may run.
const LIMIT: Duration = Duration::from_mins(4);

/// One try of a command.
struct Try {
    output: Output,
    judged: Option<Judged>,
    /// What this command leaves of the output that its block shares.
    rest: Option<ShownOutput>,
    /// Whether everything is as the document says.
    holds: bool,
}

impl Walk<'_> {
    /// Types a command that runs to its end, and judges it.
    pub(super) async fn type_here(&mut self, act: &Act, typed: &Typed) -> ActResult {
        let command = act.mended(&typed.command);
        let (command, notes) = match self.filled(command.trim_end_matches('\n')).await {
            Ok(filled) => filled,
            Err(ended) => return ended,
        };
        // Of an output that several commands share, the last one is judged by what is left.
        let left = typed.expected.as_ref().filter(|expected| expected.is_shared).and_then(|_| self.shared.take());
        let typed = &left.map_or_else(|| typed.clone(), |left| Typed { expected: left_over(left), ..typed.clone() });
        let (ended, output) = self.try_typing(act, typed, &command).await;
        if !ended.is_undone && act.doubts.iter().any(|doubt| doubt.instead.is_some()) {
            self.learn_labels(&command);
        }
        self.keep_unshown(typed, &command, &output);
        self.mended(act, typed, (&command, output), ended).await.noted(notes)
    }

    /// Keeps what a command has printed, until the document shows an output: it may show this one as well.
    fn keep_unshown(&mut self, typed: &Typed, command: &str, output: &Output) {
        if typed.expected.is_some() || self.shared.is_some() || self.unshown.len() >= MOST_UNSHOWN {
            self.unshown.clear();
        }
        if typed.expected.is_none() && self.shared.is_none() && output.status == 0 {
            let (stdout, stderr) = (output.stdout.clone(), output.stderr.clone());
            self.unshown.push(Seen { command: command.to_owned(), stdout, stderr });
        }
    }

    /// Types a command, again while it may come too early, and judges it.
    pub(super) async fn try_typing(&mut self, act: &Act, typed: &Typed, command: &str) -> (ActResult, Output) {
        let began = Instant::now();
        let mut tries = tokio::time::interval(PAUSE);
        let mut first: Option<ActResult> = None;
        loop {
            tries.tick().await;
            let attempt = match self.attempt(command, typed).await {
                Ok(attempt) => attempt,
                Err(fault) => return (ActResult::from_fault(fault), Output::default()),
            };
            if let Some(refused) = failure::refused(&attempt.output) {
                // Other parts of the command may have been carried out.
                self.learn_objects(typed, &attempt.output.stdout);
                return (refused, attempt.output);
            }
            let is_over = began.elapsed() > PATIENCE || !may_try_again(command, &attempt);
            if attempt.holds || is_over {
                let waited = first.filter(|_| attempt.holds).map(|early| (early, began.elapsed()));
                let output = attempt.output.clone();
                self.shared = attempt.rest.clone().or(self.shared.take());
                return (self.conclude(act, typed, attempt, waited), output);
            }
            first = first.or_else(|| Some(self.result(typed, &attempt)));
        }
    }

    async fn attempt(&mut self, command: &str, typed: &Typed) -> Outcome<Try> {
        let mut output = self.scene.run_for(command, LIMIT).await?;
        output.stdout = fence::as_for_reader(&output.stdout);
        let shared = self.shared.as_ref().filter(|_| typed.expected.is_none() && output.status == 0);
        let (part, rest) = shared.map(|shared| divided(shared, &output.stdout)).unzip();
        let expected = typed.expected.as_ref().or(part.as_ref().and_then(Option::as_ref));
        let judged = expected.map(|expected| {
            let seen =
                Seen { command: command.to_owned(), stdout: output.stdout.clone(), stderr: output.stderr.clone() };
            judge_after(expected, &seen, &self.unshown, &self.world)
        });
        let is_as_shown = judged.as_ref().is_none_or(|judged| judged.findings.is_empty());
        // A document that shows the very message of a failure expects it, whatever its prose says.
        let says_something = expected.is_some_and(|expected| expected.text.contains(char::is_alphanumeric));
        let is_shown = says_something && is_as_shown && !said::of(&output).trim().is_empty();
        let ends_well = output.status == 0 || typed.may_fail || is_shown || success::is_an_answer(&output);
        let sets_nothing = output.status == 0 && self.sets_an_empty_variable(command).await;
        let is_wrong = sets_nothing || (expected.is_none() && success::mistake(&output).is_some());
        Ok(Try { holds: is_as_shown && ends_well && !is_wrong, output, judged, rest })
    }

    /// Whether an assignment leaves its variable empty: what uses it later would mean something else.
    async fn sets_an_empty_variable(&mut self, command: &str) -> bool {
        let assigned = command.trim().trim_start_matches("export ");
        let Some((name, value)) = assigned.split_once('=') else { return false };
        let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !is_name || !value.trim_start_matches(['"', '\'']).starts_with("$(") {
            return false;
        }
        self.scene.run_for(&format!("[ -z \"${name}\" ]"), LIMIT).await.is_ok_and(|output| output.status == 0)
    }

    fn result(&self, typed: &Typed, attempt: &Try) -> ActResult {
        let findings = attempt.judged.as_ref().map(|judged| judged.findings.clone()).unwrap_or_default();
        let ended = match attempt.output.status {
            _ if attempt.holds => ActResult::well(),
            0 if let Some(why) = self.lacks_a_namespace(&attempt.output) => {
                ActResult::of(ActVerdict::Defect(Defect::Mistake), why)
                    .seen("standard error", &attempt.output.stderr)
                    .failure()
            }
            0 if self.lacks_an_image(typed, &attempt.output) => {
                ActResult::of(ActVerdict::Environment, self.missing_images())
                    .hint(Some("put them into the engine with `docker pull` or `docker load`".into()))
                    .seen("standard output", &attempt.output.stdout)
                    .undone()
            }
            // The last command of a pipe decides the exit status, whatever one before it lacked.
            0 if let Some(why) = failure::unpulled(&attempt.output.stderr) => {
                ActResult::of(ActVerdict::Environment, why).printed(&attempt.output)
            }
            0 if findings.is_empty() => {
                let is_empty = || "the variable stays empty, so later commands mean something else".to_owned();
                ActResult::of(
                    ActVerdict::Defect(Defect::Mistake),
                    success::mistake(&attempt.output).unwrap_or_else(is_empty),
                )
                .printed(&attempt.output)
            }
            // A program that answers by its exit status and says so, such as `kubectl auth can-i`, has not failed.
            _ if !findings.is_empty() && is_answer(&attempt.output) => {
                ActResult::differs(&findings).seen("standard output", &attempt.output.stdout)
            }
            status if status != 0 && !typed.may_fail => failure::of(&attempt.output, &self.objects),
            _ => ActResult::differs(&findings).printed(&attempt.output),
        };
        ActResult { findings, ..ended }
    }

    /// Why nothing is found in a namespace, if the document makes another one, and not this.
    fn lacks_a_namespace(&self, output: &Output) -> Option<String> {
        let said = said::of(output);
        let name = repair::empty_namespace(&said)?;
        let is_known = name == self.world.namespace
            || name == "default"
            || name.starts_with("kube-")
            || self.objects.contains(&format!("namespace/{name}"));
        let meant = repair::nearest_object("namespace", name, &self.objects).filter(|_| !is_known)?;
        Some(format!("the document makes no namespace called {name}; it makes {meant}"))
    }

    fn missing_images(&self) -> String {
        let missing: Vec<&str> = self.scene.context.missing.keys().map(ImageName::short).collect();
        format!("these images are not available: {}", missing.join(", "))
    }

    /// Why a command failed that needs a server or a container, if Pods wait for an image that could not be provided.
    pub(super) async fn lacks_a_server(&mut self, ended: &ActResult) -> Option<String> {
        if !ended.is_unanswered() || self.scene.context.missing.is_empty() {
            return None;
        }
        let pods = self.scene.run_for("kubectl get pods", SHORT_LIMIT).await.ok()?.stdout;
        pods.contains("ImagePull").then(|| self.missing_images())
    }

    /// Why a listing is not as the document shows it, if Pods of an object that it names wait for an image that could not
    /// be provided.
    pub(super) async fn waits_for_an_image(&mut self, typed: &Typed, ended: &ActResult) -> Option<String> {
        static WAITS: LazyLock<Regex> =
            LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:[^|;&]*\s)?(?:wait|rollout\s+status)\s"));
        let may_wait = failure::reads_the_cluster(&typed.command) || WAITS.is_match(typed.command.trim());
        if self.scene.context.missing.is_empty() || !may_wait {
            return None;
        }
        let option = blanks::namespace_of(&typed.command).map(|name| format!(" -n {name}")).unwrap_or_default();
        let pods = self.scene.run_for(&format!("kubectl get pods{option}"), SHORT_LIMIT).await.ok()?.stdout;
        let waiting: Vec<&str> =
            pods.lines().filter(|line| line.contains("ImagePull")).filter_map(|line| line.split(' ').next()).collect();
        let shown = typed.expected.as_ref().map_or("", |expected| &expected.text);
        let said: String = ended.texts().flat_map(|text| [" ", text]).collect();
        let text = format!("{} {shown}{said}", typed.command);
        let is_of_kubectl = |word: &&str| names::is_kubectl(word) || names::is_subcommand(word) || names::is_kind(word);
        let mut words = text.split([' ', '\n', '/']).filter(|word| word.len() > 2 && !is_of_kubectl(word));
        let is_theirs = |word: &str| {
            waiting
                .iter()
                .any(|pod| pod.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
        };
        words.any(is_theirs).then(|| self.missing_images())
    }

    /// Whether an output shows that a Pod waits for an image that could not be provided, and the document shows none.
    fn lacks_an_image(&self, typed: &Typed, output: &Output) -> bool {
        let waits = |text: &str| ["ErrImagePull", "ImagePullBackOff"].iter().any(|state| text.contains(state));
        let is_meant = typed.expected.as_ref().is_some_and(|expected| waits(&expected.text));
        waits(&output.stdout) && !is_meant && !self.scene.context.missing.is_empty()
    }

    /// The result after the last try. If only a later try held, a pause was needed: between commands of one block that
    /// is the document's mistake.
    fn conclude(&mut self, act: &Act, typed: &Typed, attempt: Try, waited: Option<(ActResult, Duration)>) -> ActResult {
        let mut ended = self.result(typed, &attempt);
        if attempt.output.status == 0 {
            self.learn_objects(typed, &attempt.output.stdout);
        }
        if let Some(judged) = attempt.judged {
            ended.notes.extend(judged.notes);
            if ended.verdict == ActVerdict::Match || ended.verdict == ActVerdict::Defect(Defect::Drift) {
                self.world.bound.extend(judged.bound);
            }
        }
        if let Some(warning) = failure::deprecation(&attempt.output).filter(|_| ended.verdict == ActVerdict::Match) {
            let reason = format!("it works, and kubectl warns: {warning}");
            match &typed.expected {
                Some(expected) if expected.text.contains(&warning) => {}
                // The manifest is as right as before; what the command prints is not shown.
                None if warning.starts_with("spec.") => ended.notes.push(reason),
                _ => ended = ActResult::of(ActVerdict::Defect(Defect::Drift), reason).noted(ended.notes),
            }
        }
        let Some((early, time)) = waited else { return ended };
        let later = seconds(time.max(Duration::from_secs(1)));
        let is_shown =
            typed.expected.as_ref().is_some_and(|expected| youngest(&expected.text).is_some_and(|age| age >= time));
        match self.came_too_early(act, &attempt.output, &early, time).filter(|_| !is_shown) {
            Some(timing) => timing.noted(ended.notes),
            None => ended.noted(vec![format!("the output is as shown only after {later}")]),
        }
    }

    /// The mistake that nothing lets the reader wait before a command that held only later; `None` if it may be typed at
    /// once.
    fn came_too_early(&self, act: &Act, output: &Output, early: &ActResult, time: Duration) -> Option<ActResult> {
        let later = seconds(time.max(Duration::from_secs(1)));
        let why = early.reason.as_deref().unwrap_or_default();
        let timing = |reason: String, advice: &str| {
            ActResult::of(ActVerdict::Defect(Defect::Timing), reason).hint(Some(advice.into()))
        };
        if output.status == 0
            && early.verdict == ActVerdict::Defect(Defect::Mistake)
            && self.typed_before == Some(act.block)
            && said::message(&early.said).is_some_and(failure::came_too_early)
        {
            let reason =
                format!("it fails when it is typed right after the command before it ({why}), and holds {later} later");
            return Some(timing(reason, "let the reader wait first, with `kubectl wait`"));
        }
        if output.status == 0 && self.block_before == Some(act.block) && is_younger(act, time) {
            let reason = format!(
                "the ages that it shows are too young: the output is so only {later} after the command before it"
            );
            let timing = timing(reason, "let the reader wait first, with `kubectl wait`");
            return Some(ActResult { line: early.line, ..timing });
        }
        let is_leaving = !waits_before(act) && early.said.contains("Terminating");
        let reason = format!("Pods are still Terminating when it is typed; it holds only {later} later");
        is_leaving.then(|| timing(reason, "let the reader wait first, with `kubectl wait --for=delete`"))
    }
}

/// The least age in a table that a document shows: so much time has passed before its reader types the command.
fn youngest(table: &str) -> Option<Duration> {
    ages(table).min()
}

/// The ages in a table; none if it has no such column.
fn ages(table: &str) -> impl Iterator<Item = Duration> {
    static AGE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)\s(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?[ \t]*$"));
    let mut lines = table.trim_start().lines();
    let has_ages = lines.next().is_some_and(|header| header.trim_end().ends_with(" AGE"));
    let age = |line: &str| {
        let found = AGE.captures(line)?;
        let part = |group: usize| found.get(group).and_then(|part| part.as_str().parse::<u64>().ok());
        let parts = [(1, 86_400), (2, 3_600), (3, 60), (4, 1)];
        let known: Vec<u64> = parts.into_iter().filter_map(|(group, each)| part(group)?.checked_mul(each)).collect();
        (!known.is_empty()).then(|| Duration::from_secs(known.iter().fold(0, |sum, part| sum.saturating_add(*part))))
    };
    lines.filter(move |_| has_ages).filter_map(age)
}

/// Whether an act shows a table in which all objects are much younger than this: it was not so yet.
fn is_younger(act: &Act, time: Duration) -> bool {
    let Deed::Type(Typed { expected: Some(expected), .. }) = &act.deed else { return false };
    time >= LATE && ages(&expected.text).max().is_some_and(|age| age * 3 < time)
}

/// Whether the prose before an act says that time passes.
fn waits_before(act: &Act) -> bool {
    matches!(&act.deed, Deed::Type(typed) if typed.role == ProseRole::Later)
}

/// Whether a program answered with one word and exit status 1.
fn is_answer(output: &Output) -> bool {
    let is_word = output.stdout.split_whitespace().count() == 1;
    output.status == 1 && is_word && output.stderr.trim().is_empty()
}

/// What is left for the last command of a block; [`None`] if the others have taken all.
fn left_over(left: ShownOutput) -> Option<ShownOutput> {
    (!left.text.trim().is_empty()).then_some(left)
}

/// A command whose Pod kubectl removes at once.
static RUNS_AND_REMOVES: LazyLock<Regex> =
    LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:[^|;&>]*\s)?run\s[^|;&>]*--rm\b[^|;&>]*$"));

/// Whether the command only reads, and may see something else later.
fn may_try_again(command: &str, attempt: &Try) -> bool {
    let message = said::of(&attempt.output);
    // Such a Pod leaves nothing, and what it printed is lost if it ended before kubectl listened.
    let is_lost = attempt.output.stdout.trim().is_empty() || message.contains("couldn't attach to pod");
    if is_lost && RUNS_AND_REMOVES.is_match(command) {
        return !failure::is_final(&message) && failure::environment(&message).is_none();
    }
    if attempt.output.status != 0 && failure::came_too_early(&message) {
        return failure::only_reads(command) || message.contains("unable to") || message.contains("not running");
    }
    let may_change = attempt
        .judged
        .as_ref()
        .is_none_or(|judged| judged.findings.is_empty() || judged.findings.iter().any(|finding| finding.may_change));
    failure::reads_the_cluster(command)
        && may_change
        // A container that ends again and again has an earlier one most of the time.
        && (!message.contains("not found") || message.contains("previous terminated container"))
        && !failure::is_final(&message)
        && failure::environment(&message).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_how_much_time_has_passed() {
        let table = "NAME   READY   STATUS    RESTARTS   AGE\na      1/1     Running   0          1m5s\nb      1/1     Running   0          9s\n";
        assert_eq!(youngest(table), Some(Duration::from_secs(9)));
        assert_eq!(youngest("NAME   AGE\na   2d\n"), Some(Duration::from_secs(172_800)));
        assert_eq!(youngest("NAME   READY\na   1/1\n"), None);
    }
}
