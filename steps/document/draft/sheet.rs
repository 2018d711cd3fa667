//! The feature file of a draft.

use super::{
    Original, Part,
    steps::{DraftStep, StepKind},
};

/// The text of the feature file.
pub(super) fn of(original: &Original<'_>, parts: &[Part], left: &[Option<String>]) -> String {
    let name = original.path.rsplit('/').next().unwrap_or(original.path);
    let mut sheet = format!(
        "Feature: {}\n  Drafted from {} by `labproof draft`. Each scenario is a section of the document.\n",
        original.title, name
    );
    for part in parts {
        sheet.push('\n');
        for (act, why) in original.story.acts.iter().zip(left).skip(part.acts.start).take(part.acts.len()) {
            if let Some(why) = why {
                sheet += &format!("  # {}:{}: no step for `{}`: {}\n", name, act.line, act.name(), one_line(why));
            }
        }
        if part.steps.is_empty() {
            continue;
        }
        sheet += &format!("  Scenario: {}\n", part.title);
        let mut before = None;
        for step in &part.steps {
            sheet += &written(step, before == Some(step.kind));
            before = Some(step.kind);
        }
    }
    // Sections without a scenario and without a comment leave empty lines.
    while sheet.contains("\n\n\n") {
        sheet = sheet.replace("\n\n\n", "\n\n");
    }
    sheet.trim_end().to_owned() + "\n"
}

fn written(step: &DraftStep, goes_on: bool) -> String {
    let keyword = match step.kind {
        _ if goes_on => "And",
        StepKind::Given => "Given",
        StepKind::When => "When",
        StepKind::Then => "Then",
    };
    let mut text = format!("    {keyword} {}\n", step.text);
    if !step.block.is_empty() {
        let lines = step.block.iter().map(|line| if line.is_empty() { "\n".into() } else { format!("      {line}\n") });
        text += &format!("      \"\"\"\n{}      \"\"\"\n", lines.collect::<String>());
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
