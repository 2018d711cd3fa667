use std::{collections::BTreeSet, fs};

use super::*;

/// A project of one lab whose scenarios have these names.
fn project(folder: &tempfile::TempDir, scenarios: &str) -> Project {
    for part in ["features", "scenarios/lab"] {
        fs::create_dir_all(folder.path().join(part)).unwrap();
    }
    fs::write(folder.path().join("features/lab.feature"), format!("Feature: A lab\n{scenarios}")).unwrap();
    fs::write(folder.path().join("scenarios/lab/lab.yaml"), "title: A lab\nsource: a test\n").unwrap();
    Project::at(folder.path())
}

fn scenario(name: &str) -> String {
    format!("  Scenario: {name}\n    When I run \"true\"\n    Then it prints \"x\"\n")
}

fn outline(name: &str, rows: usize) -> String {
    let rows = (0..rows).map(|row| format!("      | {row} |")).collect::<Vec<_>>().join("\n");
    let steps = "    When I run \"echo <n>\"\n    Then it prints \"<n>\"\n";
    format!("  Scenario Outline: {name}\n{steps}    Examples:\n      | n |\n{rows}\n")
}

fn select(project: &Project, selection: &Selection) -> Plan {
    Plan::select(&load(project, &[]).unwrap(), selection).unwrap()
}

fn ids(scenarios: &str, selection: &Selection) -> Vec<String> {
    let folder = tempfile::TempDir::new().unwrap();
    let plan = select(&project(&folder, scenarios), selection);
    plan.scenarios.into_iter().map(|planned| planned.id).collect()
}

#[test]
fn a_tag_expression_selects() {
    let tags = ["erratum".to_owned()];
    let expression = |text: &str| text.parse::<TagOperation>().unwrap();
    assert!(holds(&expression("@erratum and not @slow"), &tags));
    assert!(!holds(&expression("@slow or not @erratum"), &tags));
}

#[test]
fn what_is_slow_begins_first() {
    let all = scenario("One") + "  @slow\n" + &scenario("Two") + &scenario("Three");
    assert_eq!(ids(&all, &Selection::default()), ["lab/two", "lab/one", "lab/three"]);
}

#[test]
fn what_the_cluster_must_be_able_to_do_is_known_beforehand() {
    let needs = |given: &str| {
        let folder = tempfile::TempDir::new().unwrap();
        let scenario = format!("  Scenario: One\n{given}    When I run \"true\"\n    Then it prints \"x\"\n");
        let plan = select(&project(&folder, &scenario), &Selection::default());
        (plan.needs(Ability::Volumes), plan.needs(Ability::NetworkPolicies))
    };
    let (volumes, policies) =
        ("    Given the cluster provides volumes\n", "    Given the cluster enforces NetworkPolicies\n");
    let own = "    Given I work on a cluster of its own, called \"phases\"\n";
    assert_eq!(needs(""), (false, false));
    assert_eq!(needs(volumes), (true, false));
    assert_eq!(needs(&(volumes.to_owned() + policies)), (true, true));
    assert_eq!(needs(&(own.to_owned() + volumes)), (false, false), "its own cluster is another");
}

#[test]
fn what_has_to_run_one_after_the_other_begins_before_what_has_not() {
    let claiming = |name: &str| scenario(name).replace("    When", "    Given port 3001 is free\n    When");
    let all = scenario("One") + &claiming("Two") + &scenario("Three") + &claiming("Four");
    assert_eq!(ids(&all, &Selection::default()), ["lab/two", "lab/four", "lab/one", "lab/three"]);
}

#[test]
fn the_rows_of_an_outline_are_numbered() {
    let all = scenario("The Pod, listed!") + &outline("A row", 3);
    assert_eq!(ids(&all, &Selection::default()), ["lab/the-pod-listed", "lab/a-row-1", "lab/a-row-2", "lab/a-row-3"]);
}

#[test]
fn an_id_is_unique_whatever_scenarios_are_called() {
    let all = scenario("A row 2") + &outline("A row", 3) + &scenario("A row 1");
    let ids = ids(&all, &Selection::default());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 5, "{ids:?}");
    assert_eq!((ids[0].as_str(), ids[4].as_str()), ("lab/a-row-2", "lab/a-row-1"), "a name that is unique is kept");
}

#[test]
fn a_name_in_another_script_is_an_id_too() {
    assert_eq!(ids(&scenario("Под готов"), &Selection::default()), ["lab/под-готов"]);
}

#[test]
fn the_shards_together_are_the_whole_and_share_nothing() {
    let all = outline("A row", 10);
    let whole = ids(&all, &Selection::default());
    let mut together = Vec::new();
    for part in 1..=3 {
        let shard = ids(&all, &Selection { shard: Some((part, 3)), ..Selection::default() });
        assert!((3..=4).contains(&shard.len()), "{shard:?}");
        together.extend(shard);
    }
    together.sort();
    let mut sorted = whole;
    sorted.sort();
    assert_eq!(together, sorted);
}

#[test]
fn a_seed_gives_the_same_order_every_time_and_another_seed_another() {
    let folder = tempfile::TempDir::new().unwrap();
    let plan = select(&project(&folder, &outline("A row", 20)), &Selection::default());
    let order = |seed| {
        let shuffled = plan.clone().shuffled(seed);
        assert_eq!(shuffled.seed, Some(seed));
        shuffled.scenarios.into_iter().map(|planned| planned.id).collect::<Vec<_>>()
    };
    assert_eq!(order(7), order(7));
    assert_ne!(order(7), order(8));
    let (mut one, mut other) = (order(7), order(8));
    one.sort();
    other.sort();
    assert_eq!(one, other);
}

#[test]
fn an_image_that_a_sentence_runs_need_not_be_declared() {
    let folder = tempfile::TempDir::new().unwrap();
    let with_busybox =
        "  Scenario: One\n    Given the Pod \"bb\" runs busybox\n    Then within 5 seconds the Pod \"bb\" is ready\n";
    let images = select(&project(&folder, with_busybox), &Selection::default()).images();
    assert_eq!(images, BTreeMap::from([("busybox".into(), true)]));
    assert!(select(&project(&folder, &scenario("One")), &Selection::default()).images().is_empty());
}
