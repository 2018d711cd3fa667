//! Finds errors in the images of a lab: in their names in `lab.yaml`, and in the lab's own Dockerfiles.

use std::{collections::BTreeSet, fs, io::ErrorKind, path::Path};

use super::{Problem, Wrong, problem};
use crate::{
    image_name::ImageName,
    project::{Build, Lab, Project},
    settings,
    sheet::spelling::nearest,
    submission::dockerfile::{Builder, Instruction, instructions},
};

/// The instructions of a Dockerfile: <https://docs.docker.com/reference/dockerfile/>.
const INSTRUCTIONS: [&str; 18] = [
    "add",
    "arg",
    "cmd",
    "copy",
    "entrypoint",
    "env",
    "expose",
    "from",
    "healthcheck",
    "label",
    "maintainer",
    "onbuild",
    "run",
    "shell",
    "stopsignal",
    "user",
    "volume",
    "workdir",
];

/// Finds the errors in the names of images and in the Dockerfiles of a lab.
pub(super) fn check(project: &Project, lab: &Lab) -> Vec<Problem> {
    let described = lab.folder.join("lab.yaml");
    let text = settings::text(&described).unwrap_or_default();
    let line = |word: &str| text.lines().position(|line| line.contains(word)).map_or(0, |index| index + 1);
    let named = wrong_names(lab).into_iter();
    let mut problems: Vec<Problem> =
        named.map(|(name, (message, hint))| problem(project.shown(&described), line(&name), message, hint)).collect();
    for build in &lab.file.builds {
        let dockerfile = lab.folder.join(&build.folder).join(&build.dockerfile);
        let shown = project.shown(&dockerfile);
        match settings::text(&dockerfile) {
            // That is reported for lab.yaml.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => problems.push(problem(shown, 0, format!("it cannot be read: {error}"), None)),
            Ok(text) => {
                let wrong = wrong_instructions(lab, build, &instructions(&text, Builder::BuildKit)).into_iter();
                problems.extend(wrong.map(|(line, (message, hint))| problem(shown.clone(), line, message, hint)));
            }
        }
    }
    problems
}

/// The errors in the names in `lab.yaml`, each with the name.
fn wrong_names(lab: &Lab) -> Vec<(String, Wrong)> {
    let file = &lab.file;
    let mut wrong = Vec::new();
    let built = file.builds.iter().map(|build| &build.image);
    for name in file.pulls.iter().chain(&file.bases).chain(built).filter(|name| !name.is_valid()) {
        let hint = "write it as `docker pull` takes it, such as busybox, nginx:1.25 or registry.example/team/app:1";
        wrong.push((
            name.to_string(),
            (format!("no image can be called {name:?}", name = name.to_string()), Some(hint.into())),
        ));
    }
    for name in file.absent.iter().filter(|name| file.pulls.contains(name)) {
        let hint = "keep it in `absent` if the lab shows what happens without it, otherwise in `pulls`";
        wrong.push((name.to_string(), (format!("{name} is in `pulls` and in `absent`"), Some(hint.into()))));
    }
    wrong
}

/// The errors in a Dockerfile that make its build fail, each with its line.
fn wrong_instructions(lab: &Lab, build: &Build, all: &[Instruction]) -> Vec<(usize, Wrong)> {
    let mut wrong = Vec::new();
    let first = all.iter().find(|instruction| instruction.name != "arg");
    if first.is_none_or(|first| first.name != "from" && is_instruction(&first.name)) {
        let hint = "write FROM and the image that it begins with, before all other instructions except ARG";
        let line = first.map_or(0, |first| first.line);
        wrong.push((line, ("the Dockerfile does not begin with FROM".into(), Some(hint.into()))));
    }
    let mut stages = BTreeSet::new();
    for instruction in all {
        let found = match instruction.name.as_str() {
            "from" => wrong_base(lab, instruction, &mut stages),
            "copy" | "add" => missing_source(lab, build, instruction),
            name if !is_instruction(name) => Some(unknown(name)),
            _ => None,
        };
        wrong.extend(found.map(|found| (instruction.line, found)));
    }
    wrong
}

fn is_instruction(name: &str) -> bool {
    INSTRUCTIONS.contains(&name)
}

fn unknown(name: &str) -> Wrong {
    let hint = nearest(name, INSTRUCTIONS, 2).map_or_else(
        || format!("the instructions are {}", INSTRUCTIONS.join(", ").to_uppercase()),
        |known| format!("did you mean {}?", known.to_uppercase()),
    );
    (format!("a Dockerfile has no instruction {}", name.to_uppercase()), Some(hint))
}

/// A base must be one of those that the lab declares, because labproof provides these, or an earlier stage.
fn wrong_base(lab: &Lab, instruction: &Instruction, stages: &mut BTreeSet<String>) -> Option<Wrong> {
    let words = instruction.words();
    let base = words.first()?;
    let is_stage = stages.contains(&base.to_lowercase());
    if let [_, word, name] = words.as_slice()
        && word.eq_ignore_ascii_case("as")
    {
        stages.insert(name.to_lowercase());
    }
    let file = &lab.file;
    let mut known = file.bases.iter().chain(&file.pulls).chain(file.builds.iter().map(|build| &build.image));
    let image = ImageName::from(base.as_str());
    if is_stage || base == "scratch" || base.contains('$') || known.any(|known| *known == image) {
        return None;
    }
    let hint = "add it to `bases` in the lab's lab.yaml";
    Some((format!("`bases` in lab.yaml does not list {base}"), Some(hint.into())))
}

/// A source of `COPY` must be in the folder of the build, unless something makes it first.
fn missing_source(lab: &Lab, build: &Build, instruction: &Instruction) -> Option<Wrong> {
    let folder = lab.folder.join(&build.folder);
    let (flags, _) = instruction.parts();
    let comes_from_elsewhere = flags.iter().any(|flag| flag.starts_with("--from"));
    if build.prepare.is_some() || comes_from_elsewhere || instruction.arguments.contains("<<") {
        return None;
    }
    let words = instruction.words();
    let (_, sources) = words.split_last()?;
    let is_plain =
        |source: &&String| !source.contains(['$', '*', '?', '[', '\\', '"', '\'']) && !source.contains("://");
    let source = sources.iter().filter(is_plain).find(|source| !is_in(&folder, source) && !source.contains(".."))?;
    let shown = build.folder.join(source.trim_start_matches('/'));
    Some((
        format!("{} copies {source}, which is not in the folder of the build", instruction.name.to_uppercase()),
        Some(format!("put {} into the lab's folder, or write its right name", shown.display())),
    ))
}

fn is_in(folder: &Path, source: &str) -> bool {
    fs::symlink_metadata(folder.join(source.trim_start_matches('/'))).is_ok()
}
