//! Selects the scenarios to run: all of the named labs, filtered by tags, name and shard. It only reads files.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use gherkin::tagexpr::TagOperation;
use regex::Regex;

use super::reach;
use crate::{
    check,
    cluster::abilities::Ability,
    grading_tags::GradingTags,
    image_name::ImageName,
    images::submissions,
    loaded::{self, Loaded},
    machine::{
        claim::{Access, Claim},
        folders,
    },
    project::{Lab, Project, Submitted, Work},
    submission::Submission,
    verdict::{Fault, Outcome},
    vocabulary::{Fact, ParameterKind, Scenario, Step},
};

/// The tag of scenarios that are slow by nature, for example because of delays in their document.
const SLOW: &str = "slow";

/// The image of the Pods that a sentence makes by itself.
const BUSYBOX: &str = "busybox";

/// The filters that the user chose.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// A tag expression, such as `@erratum and not @slow`.
    pub tags: Option<TagOperation>,
    /// A regular expression that must match a part of the scenario's name.
    pub name: Option<Regex>,
    /// Which part to run, and into how many equal parts the scenarios are divided; counted from 1.
    pub shard: Option<(usize, usize)>,
}

/// The scenarios of a run, in order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The scenarios.
    pub scenarios: Vec<Planned>,
    /// The seed of their random order, if it is random.
    pub seed: Option<u64>,
    /// Images that are needed apart from the labs', each with whether Pods pull it.
    pub more_images: BTreeMap<ImageName, bool>,
}

/// One scenario of a run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its unique name in the project.
    pub id: String,
    /// The lab it belongs to.
    pub lab: Arc<Lab>,
    /// The feature file, with its path relative to the project.
    pub feature: String,
    /// The scenario, with the sentence that each of its steps matches.
    pub scenario: Scenario,
    /// How it counts in grading.
    pub grading: GradingTags,
    /// Its feature as the parser returned it, for cucumber.
    pub source: Arc<gherkin::Feature>,
}

impl Plan {
    /// Selects scenarios of these labs.
    ///
    /// # Errors
    /// If a feature file or a `lab.yaml` is invalid.
    ///
    /// # Examples
    ///
    /// ```
    /// use labproof::internal::{
    ///     loaded,
    ///     project::Project,
    ///     run::plan::{Plan, Selection},
    /// };
    ///
    /// let project = Project::at(".".as_ref());
    /// let labs = loaded::load(&project, &project.named(&[])?);
    /// let plan = Plan::select(&labs, &Selection::default())?;
    /// assert_eq!(plan.labs().len(), labs.len());
    /// # Ok::<(), labproof::internal::verdict::Fault>(())
    /// ```
    pub fn select(labs: &[Loaded], selection: &Selection) -> Outcome<Self> {
        let mut scenarios = scenarios_of(labs)?;
        scenarios.retain(|planned| selection.takes(planned));
        longest_first(&mut scenarios);
        if let Some((part, parts)) = selection.shard {
            let mut index = 0..;
            scenarios.retain(|_| index.next().is_some_and(|index: usize| index % parts == part - 1));
        }
        Ok(Self { scenarios, ..Self::default() })
    }

    /// Shuffles the scenarios in a way that depends only on `seed`; the slowest ones still start first.
    #[must_use]
    pub fn shuffled(mut self, seed: u64) -> Self {
        use std::hash::{DefaultHasher, Hash, Hasher};
        self.scenarios.sort_by_key(|planned| {
            let mut hasher = DefaultHasher::new();
            (seed, &planned.id).hash(&mut hasher);
            hasher.finish()
        });
        longest_first(&mut self.scenarios);
        self.seed = Some(seed);
        self
    }

    /// The names of the planned labs.
    #[must_use]
    pub fn labs(&self) -> Vec<String> {
        let mut names: Vec<String> = self.scenarios.iter().map(|planned| planned.lab.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The names of all catalogue images that the planned labs use, each with whether Pods pull it.
    #[must_use]
    pub fn images(&self) -> BTreeMap<ImageName, bool> {
        let mut names = self.more_images.clone();
        for lab in self.scenarios.iter().map(|planned| &planned.lab.file) {
            names.extend(lab.bases.iter().map(|name| (name.clone(), false)));
        }
        for lab in self.scenarios.iter().map(|planned| &planned.lab.file) {
            names.extend(lab.pulls.iter().map(|name| (name.clone(), true)));
        }
        let makes_pod = |step: &Step| step.sentence().is_some_and(|(sentence, _)| sentence.has(Fact::MakesOwnPod));
        if self.scenarios.iter().any(|planned| planned.scenario.steps.iter().any(makes_pod)) {
            names.insert(BUSYBOX.into(), true);
        }
        names
    }
}

impl Plan {
    /// The scenarios that judge each submission, which are given with its lab. The submission's files will be written to a
    /// folder of the run.
    #[must_use]
    pub fn graded(submissions: impl IntoIterator<Item = (Lab, Vec<Planned>, Submission)>, run: &str) -> Self {
        let mut scenarios = Vec::new();
        for (number, (lab, own, submission)) in submissions.into_iter().enumerate() {
            let lab = Arc::new(Lab {
                folder: folders::of_run(run).join("submissions").join(number.to_string()),
                work: Work::Submitted(Arc::new(Submitted {
                    submission,
                    image_prefix: submissions::name_prefix(run, number),
                })),
                ..lab
            });
            scenarios.extend(own.into_iter().map(|planned| Planned { lab: lab.clone(), ..planned }));
        }
        Self { scenarios, ..Self::default() }
    }

    /// Whether the run's cluster needs this ability, for a scenario or to keep submissions apart. Scenarios with throwaway
    /// clusters do not count.
    #[must_use]
    pub fn needs(&self, ability: Ability) -> bool {
        let on_the_runs =
            |planned: &&Planned| !planned.scenario.claims().iter().any(|claim| matches!(claim, Claim::Cluster(_)));
        let needs = |step: &Step| step.sentence().is_some_and(|(sentence, _)| sentence.needs() == Some(ability));
        let keeps_apart = ability == Ability::NetworkPolicies && self.has_submissions();
        keeps_apart || self.scenarios.iter().filter(on_the_runs).any(|planned| planned.scenario.steps.iter().any(needs))
    }

    /// Whether the plan contains scenarios with submitted files.
    #[must_use]
    pub fn has_submissions(&self) -> bool {
        self.scenarios.iter().any(|planned| planned.lab.work.is_submitted())
    }
}

/// The graded scenarios of these labs with the labs' own files, in the order of their sheets.
///
/// # Errors
/// If a lab is invalid.
pub fn graded(labs: &[Loaded]) -> Outcome<Vec<Planned>> {
    let mut scenarios = scenarios_of(labs)?;
    scenarios.retain(|planned| planned.grading.is_graded());
    Ok(scenarios)
}

impl Planned {
    /// Whether a step names this manifest.
    #[must_use]
    pub fn uses(&self, file: &str) -> bool {
        let mut arguments = self.scenario.steps.iter().filter_map(Step::sentence).map(|(_, arguments)| arguments);
        arguments.any(|arguments| arguments.of_kind(ParameterKind::Manifest).any(|manifest| manifest == file))
    }
}

/// Moves the slowest scenarios to the front, so they run in parallel with the others and not after them: first those
/// tagged slow, then those that must run one after the other because they need the same claim. Before them come those
/// that change an image, because as long as others use it, they cannot begin.
fn longest_first(scenarios: &mut [Planned]) {
    let mut wanted: HashMap<Claim, usize> = HashMap::new();
    for claim in scenarios.iter().flat_map(|planned| planned.scenario.claims()) {
        *wanted.entry(claim).or_default() += 1;
    }
    scenarios.sort_by_cached_key(|planned| {
        let is_slow = planned.scenario.tags.iter().any(|tag| tag == SLOW);
        let queue = planned.scenario.claims().iter().map(|claim| wanted[claim]).max();
        let changes_images = reach::of_images(&planned.scenario, &planned.lab)
            .iter()
            .any(|claim| matches!(claim, Claim::Image(_, Access::Change)));
        Reverse((changes_images, is_slow, queue))
    });
}

impl Selection {
    fn takes(&self, planned: &Planned) -> bool {
        let by_tags = self.tags.as_ref().is_none_or(|tags| holds(tags, &planned.scenario.tags));
        by_tags && self.name.as_ref().is_none_or(|name| name.is_match(&planned.scenario.name))
    }
}

/// Reads the labs of these names, or all labs.
///
/// # Errors
/// If there is no lab of a name.
pub fn load(project: &Project, names: &[String]) -> Outcome<Vec<Loaded>> {
    Ok(loaded::load(project, &project.named(names)?))
}

/// Checks labs completely, before anything slow happens.
///
/// # Errors
/// If they contain errors; the fault lists all of them.
pub fn check(project: &Project, labs: &[Loaded]) -> Outcome {
    let problems = check::can_run(project, labs)?.problems;
    if problems.is_empty() {
        return Ok(());
    }
    Err(Fault::failed("the labs have errors, so nothing was run").seen("the errors", lines(problems)))
}

fn scenarios_of(labs: &[Loaded]) -> Outcome<Vec<Planned>> {
    labs.iter().map(scenarios_of_lab).collect::<Outcome<Vec<_>>>().map(|scenarios| scenarios.concat())
}

/// The scenarios of the named feature files. The ids depend on all files of the lab, because an id is unique in its
/// lab.
fn scenarios_of_lab(loaded: &Loaded) -> Outcome<Vec<Planned>> {
    let lab = loaded.lab.clone()?;
    if let Some(first) = loaded.unreadable.first() {
        return Err(Fault::refused(format!("{} is not valid", first.feature))
            .seen("the errors", lines(loaded.unreadable.iter().map(check::Problem::from)))
            .hint("run `labproof check`"));
    }
    let planned = loaded.scenarios.iter().map(|placed| Planned {
        id: format!("{}/{}", lab.name, id(&placed.scenario)),
        lab: lab.clone(),
        feature: placed.feature.clone(),
        source: placed.source.clone(),
        grading: GradingTags::of(&placed.scenario),
        scenario: placed.scenario.clone(),
    });
    let mut planned: Vec<Planned> = planned.collect();
    number_rows(&mut planned);
    let named = planned.into_iter().zip(&loaded.scenarios).filter(|(_, placed)| placed.is_named);
    Ok(named.map(|(planned, _)| planned).collect())
}

/// Problems as text, each with its file and line.
fn lines(problems: impl IntoIterator<Item = check::Problem>) -> String {
    problems.into_iter().map(|problem| problem.to_string()).collect::<Vec<_>>().join("\n")
}

/// Gives the rows of an outline, which share a name, different ids, with the next free number.
fn number_rows(planned: &mut [Planned]) {
    let mut count: HashMap<String, usize> = HashMap::new();
    for one in &*planned {
        *count.entry(one.id.clone()).or_default() += 1;
    }
    let mut taken: HashSet<String> = count.iter().filter(|(_, count)| **count == 1).map(|(id, _)| id.clone()).collect();
    let mut last: HashMap<String, usize> = HashMap::new();
    for one in planned.iter_mut().filter(|one| count[&one.id] > 1) {
        let number = last.entry(one.id.clone()).or_default();
        let base = std::mem::take(&mut one.id);
        while one.id.is_empty() || !taken.insert(one.id.clone()) {
            *number += 1;
            one.id = format!("{base}-{number}");
        }
    }
}

/// The scenario's name as lower-case words with hyphens, in any script.
fn id(scenario: &Scenario) -> String {
    let words = scenario.name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

fn holds(tags: &TagOperation, of: &[String]) -> bool {
    match tags {
        TagOperation::And(one, other) => holds(one, of) && holds(other, of),
        TagOperation::Or(one, other) => holds(one, of) || holds(other, of),
        TagOperation::Not(inner) => !holds(inner, of),
        TagOperation::Tag(tag) => of.iter().any(|other| other == tag.trim_start_matches('@')),
    }
}

#[cfg(test)]
mod tests;
