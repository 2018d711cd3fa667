//! The stages of a Dockerfile: their base images, and the sources that they copy from.

use std::collections::BTreeSet;

use super::{Builder, Found, instructions::Instruction, variables::Variables, words};
use crate::{
    image_name::ImageName,
    submission::{
        manifest::{is_among, listed},
        rule::Rule,
        shown,
    },
};

/// The maximum number of stages.
const MOST: usize = 8;

/// The stages so far and the allowed base images.
pub(super) struct Stages<'a> {
    bases: &'a BTreeSet<ImageName>,
    /// The names of the stages so far, in lower case; the last one is the current stage.
    names: Vec<Option<String>>,
    /// The variables set before the first stage, which may be part of a base's name.
    variables: Variables,
}

impl<'a> Stages<'a> {
    pub(super) fn new(bases: &'a BTreeSet<ImageName>, builder: Builder) -> Self {
        Self { bases, names: Vec::new(), variables: Variables::of(builder) }
    }

    /// Records an `ARG`; before the first stage, it applies to all stages.
    pub(super) fn note_arg(&mut self, instruction: &Instruction) {
        if self.names.is_empty() {
            self.variables.note(&instruction.arguments);
        }
    }

    /// Judges `FROM [--platform=…] image [AS name]`, and begins a stage.
    pub(super) fn judge_from(&mut self, found: &mut Found<'_>, instruction: &Instruction) {
        let (flags, rest) = instruction.parts();
        let words: Vec<&str> = rest.split_whitespace().collect();
        let image = words.first().copied().unwrap_or_default();
        // A flag without a value could use the image's name as its value.
        let is_clear = |flag: &String| flag.is_ascii() && flag.contains('=');
        if flags.iter().all(is_clear) {
            self.judge_base(found, instruction.line, image);
        } else {
            let message =
                format!("FROM {} is not allowed: write --platform=…, or leave it out", shown(&flags.join(" ")));
            found.refuse(instruction.line, Rule::BaseImage, message);
        }
        let name = match words.as_slice() {
            [_, word, name] if word.eq_ignore_ascii_case("as") => Some(name.to_lowercase()),
            _ => None,
        };
        self.names.push(name);
        if self.names.len() == MOST + 1 {
            let message = format!("a Dockerfile may have at most {MOST} stages, each with a FROM");
            found.refuse(instruction.line, Rule::InstructionCount, message);
        }
    }

    /// Judges the base of a stage: it must be allowed on every platform, whatever the values of its variables.
    fn judge_base(&self, found: &mut Found<'_>, line: usize, written: &str) {
        let Some(images) = self.variables.filled(written) else {
            let message = format!(
                "FROM {} is not allowed: write the name of the image itself, or ARG NAME=value in lines before it",
                shown(written)
            );
            return found.refuse(line, Rule::BaseImage, message);
        };
        let is_allowed =
            |image: &String| image.is_empty() || image == "scratch" || self.is_known(image, self.names.len());
        if let Some(image) = images.iter().find(|image| !is_allowed(image)) {
            found.refuse(line, Rule::BaseImage, format!("FROM {} is not allowed: {}", shown(image), self.allowed()));
        }
    }

    /// Judges the flag `--from` of `COPY`, and of `ADD`, which has no such flag.
    pub(super) fn judge_copy(&self, found: &mut Found<'_>, instruction: &Instruction) {
        let (flags, _) = instruction.parts();
        let earlier = self.names.len().saturating_sub(1);
        let sources: Vec<&str> = flags.iter().filter_map(|flag| flag.strip_prefix("--from=")).collect();
        for source in &sources {
            let is_number = source.parse().is_ok_and(|number: usize| number < earlier);
            if !is_number && !self.is_known(source, earlier) {
                let message =
                    format!("--from={} does not name an earlier stage of this file: {}", shown(source), self.allowed());
                found.refuse(instruction.line, Rule::CopyFrom, message);
            }
        }
        // Builders differ in what they read as a flag.
        let written = words::bare(&instruction.arguments).matches("--from").count();
        if written > sources.len() || flags.iter().any(|flag| !flag.is_ascii()) {
            let message = "builders read its flags differently: write --from=name once, before what is copied";
            found.refuse(instruction.line, Rule::CopyFrom, message);
        }
    }

    /// Judges `from=` of `RUN --mount`. It accepts no stage numbers: `0` is an image there.
    pub(super) fn judge_mount(&self, found: &mut Found<'_>, line: usize, source: &str) {
        if !self.is_known(source, self.names.len().saturating_sub(1)) {
            let message = format!(
                "--mount=from={} does not name an earlier stage of this file: {}",
                shown(source),
                self.allowed()
            );
            found.refuse(line, Rule::CopyFrom, message);
        }
    }

    /// Whether a name is that of one of the first `earlier` stages, or of an allowed base.
    fn is_known(&self, name: &str, earlier: usize) -> bool {
        let stage = name.to_lowercase();
        self.names.iter().take(earlier).flatten().any(|name| *name == stage) || is_among(name, self.bases)
    }

    fn allowed(&self) -> String {
        format!("the lab's images are {}", listed(self.bases))
    }
}
