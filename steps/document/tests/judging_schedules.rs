//! What a `CronJob` has made by the clock.

use super::judging::{NONE, found};

#[test]
fn how_many_jobs_a_schedule_has_made_is_a_matter_of_time() {
    let shown = "NAME    STATUS     COMPLETIONS   AGE\none     Complete   1/1           3s\n";
    let later = format!("{shown}hello-29930459   Complete   1/1   2s\n");
    assert_eq!(found("kubectl get jobs", shown, &later), NONE);
    let other = format!("{shown}two   Complete   1/1   2s\n");
    assert_eq!(found("kubectl get jobs", shown, &other).len(), 1);
    assert_eq!(found("kubectl get jobs", &later, shown).len(), 1);
}

#[test]
fn whether_a_schedule_has_begun_is_a_matter_of_time() {
    let table = |active: &str, last: &str| {
        let header = "NAME    SCHEDULE    SUSPEND   ACTIVE   LAST SCHEDULE   AGE\n";
        format!("{header}hello   * * * * *   False     {active}        {last}          5s\n")
    };
    let found_in_table = |says: &str, prints: &str| found("kubectl get cronjobs", says, prints);
    assert_eq!(found_in_table(&table("0", "<none>"), &table("1", "2s    ")), NONE);
    assert_eq!(found_in_table(&table("1", "2s    "), &table("0", "40s   ")), NONE);
    assert_eq!(found_in_table(&table("1", "2s    "), &table("0", "<none>")).len(), 1, "it has not begun");

    let described = |last: &str, active: &str| {
        format!("Name: hello\nSchedule: * * * * *\nLast Schedule Time:  {last}\nActive Jobs:         {active}\n")
    };
    let before = described("<unset>", "<none>");
    let after = described("Sun, 29 Nov 2026 13:20:00 +0000", "hello-29930459");
    let found_in_description = |says: &str, prints: &str| found("kubectl describe cronjob hello", says, prints);
    assert_eq!(found_in_description(&before, &after), NONE);
    assert_eq!(found_in_description(&after, &before).len(), 2, "it has not begun");
    assert_eq!(found_in_description(&before.replace("hello", "other"), &after).len(), 1);

    let data =
        "kind: CronJob\nstatus: {lastScheduleTime: \"2026-11-29T14:19:00Z\", active: [{name: hello-29932699}]}\n";
    assert_eq!(found("kubectl get cronjob hello -o yaml", "kind: CronJob\nstatus: {}\n", data), NONE);
}
