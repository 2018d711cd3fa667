//! The forms in which the grade of a submission is given.

use std::{path::PathBuf, str::FromStr};

use crate::{
    machine::folders,
    report::{
        Report, autolab, check50, classroom,
        classroom50::{self, Identity},
        csv, educates, gradescope, json, junit, learner, points, prairielearn,
    },
    verdict::{Fault, Outcome},
};

/// Renders a report; nothing where the form has no way to say that there is no score.
type Render = fn(&Report) -> Outcome<Option<String>>;

/// The forms for other programs, by name.
const FORMS: [(&str, Render); 10] = [
    ("json", |report| Ok(Some(json::render(report)))),
    ("junit", |report| junit::render(report).map(Some).map_err(|error| Fault::broken(format!("no XML: {error}")))),
    ("csv", |report| Ok(Some(csv::render(report)))),
    ("gradescope", |report| Ok(Some(gradescope::render(report)))),
    ("classroom", |report| Ok(Some(classroom::render(report)))),
    ("classroom50", |report| Ok(classroom50::render(report, &Identity::from_environment()?))),
    ("check50", |report| Ok(Some(check50::render(report)))),
    ("prairielearn", |report| Ok(Some(prairielearn::render(report)))),
    ("autolab", |report| Ok(Some(autolab::render(report)))),
    ("educates", |report| Ok(Some(educates::render(report)))),
];

/// A form of a grade, and where it goes.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// All that a trainer wants to know, on standard output.
    Terminal,
    /// What a learner is told, on standard output.
    Learner,
    /// For another program, into a file or, for `-`, to standard output.
    File(Render, PathBuf),
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let file = |(name, file): (&str, &str)| {
            let (_, render) = FORMS.iter().find(|(known, _)| *known == name)?;
            (!file.is_empty()).then(|| Self::File(*render, file.into()))
        };
        match text {
            "terminal" => Ok(Self::Terminal),
            "learner" => Ok(Self::Learner),
            _ => text.split_once('=').and_then(file).ok_or_else(|| {
                let names: Vec<&str> = FORMS.iter().map(|(name, _)| *name).collect();
                format!("expected terminal, learner or NAME=FILE, where NAME is one of {}", names.join(", "))
            }),
        }
    }
}

impl Form {
    /// Removes what an earlier try wrote: its score must not pass for this one's, however this one ends.
    pub(super) fn clear(&self) {
        if let Self::File(_, path) = self {
            // Where there is none, all is well.
            _ = std::fs::remove_file(path);
        }
    }

    /// Gives the report in this form.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(super) fn write(&self, report: &Report) -> Outcome {
        let text = match self {
            Self::Terminal => Some(points::summary(report)),
            Self::Learner => Some(learner::sheet::render(&learner::Grade::of(report))),
            Self::File(render, _) => render(report)?,
        };
        match (self, text) {
            (Self::File(_, path), Some(text)) if path.as_os_str() != "-" => folders::replace(path, text.as_bytes())
                .map_err(|error| Fault::broken(format!("cannot write {}: {error}", path.display())))?,
            (_, Some(text)) => anstream::print!("{text}"),
            (_, None) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_a_name_and_a_file() {
        assert!(matches!("gradescope=results.json".parse(), Ok(Form::File(..))));
        assert!(matches!("learner".parse(), Ok(Form::Learner)));
        for wrong in ["gradescope", "gradescope=", "learner=x", "marks=x", ""] {
            assert!(wrong.parse::<Form>().unwrap_err().contains("expected"), "{wrong}");
        }
    }
}
