//! When a `CronJob` runs: <https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax>.

/// The fields of a schedule: their names, their smallest and largest numbers, and the words that they know.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("day of the week", 0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

/// Words for a whole schedule.
const WORDS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// What is wrong with a schedule, and what to write.
pub(super) fn wrong(schedule: &str) -> Option<(String, Option<String>)> {
    let example = "write five fields, such as \"*/5 * * * *\" for every five minutes, or a word such as @daily";
    if WORDS.contains(&schedule) || schedule.starts_with("@every ") {
        return None;
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let why =
            format!("spec.schedule: {schedule:?} has not the five fields minute, hour, day, month and day of the week");
        return Some((why, Some(example.to_owned())));
    }
    let mut pairs = fields.into_iter().zip(FIELDS);
    let (field, (name, least, most, _)) = pairs.find(|(field, (_, least, most, words))| {
        // Kubernetes skips an empty part, if there is another one.
        let mut parts = field.split(',').filter(|part| !part.is_empty()).peekable();
        parts.peek().is_none() || !parts.all(|part| is_part(part, *least, *most, words))
    })?;
    let hint = format!(
        "the {name} is *, a number from {least} to {most}, a range such as {least}-{most}, or */2 for every second one"
    );
    Some((format!("spec.schedule: {field} is not a valid {name}"), Some(hint)))
}

/// Whether a part of a field, such as `*/5` or `1-5`, is one that Kubernetes takes.
fn is_part(part: &str, least: u32, most: u32, words: &[&str]) -> bool {
    let (range, step) = part.split_once('/').unwrap_or((part, "1"));
    let is_end = |end: &str| {
        let is_number = end.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number));
        is_number || words.iter().any(|word| word.eq_ignore_ascii_case(end))
    };
    let is_range = ["*", "?"].contains(&range) || range.splitn(2, '-').all(is_end);
    is_range && step.parse::<u32>().is_ok_and(|step| step > 0)
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn a_schedule_has_five_fields_within_their_limits() {
        for right in [
            "* * * * *",
            "*/5 0-6,12 1 JAN-mar mon-fri",
            "0 0 ? * 0",
            "@daily",
            "@every 5m",
            " 0 3 * * 6",
            "0,30,, * * * *",
        ] {
            assert_eq!(wrong(right), None, "{right}");
        }
        for (text, why) in [
            ("every minute", "spec.schedule: \"every minute\" has not the five fields"),
            ("* * * *", "spec.schedule: \"* * * *\" has not the five fields"),
            ("60 * * * *", "spec.schedule: 60 is not a valid minute"),
            ("* * * * 7", "spec.schedule: 7 is not a valid day of the week"),
            ("*/0 * * * *", "spec.schedule: */0 is not a valid minute"),
        ] {
            assert!(wrong(text).is_some_and(|(message, _)| message.starts_with(why)), "{text}: {:?}", wrong(text));
        }
    }
}
