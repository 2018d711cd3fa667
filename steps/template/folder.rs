//! A lab from a folder of manifests: plain ones, a kustomization, or a Helm chart.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{
    TemplateFiles, feature, named,
    promises::{self, Manifest},
};
use crate::{
    check,
    cluster::manifest,
    image_name::ImageName,
    kinds,
    machine::content,
    project::is_for_learners,
    verdict::{Fault, Outcome},
};

/// The file that makes a folder a chart.
const CHART: &str = "Chart.yaml";

/// The endings of manifests.
const MANIFESTS: [&str; 3] = [".yaml", ".yml", ".json"];

/// The names of the images of a lab that `lab.yaml` cannot know.
const OF_CHART: &str = "# Name the images here that `helm template .` shows.\n";
const OF_KUSTOMIZATION: &str =
    "# A kustomization may change images: compare these with what `kubectl kustomize` shows.\n";

/// A lab that applies what is in a folder and its subfolders. The second value contains the files that are not taken, each
/// with the reason.
///
/// # Errors
/// If the folder cannot be read, contains nothing that can be applied, or a manifest that cannot be read.
pub fn from_manifests(lab: &str, folder: &Path) -> Outcome<(TemplateFiles, Vec<String>)> {
    let (texts, mut others) = read(folder)?;
    let roots = kustomizations(&texts);
    let (taken, sheet, images, note) = if texts.contains_key(CHART) {
        (texts, promises::of_chart(lab), BTreeSet::new(), OF_CHART)
    } else if !roots.is_empty() {
        if let Some(word) = leads_out(&texts) {
            let what = format!("a kustomization in {} names {word}, which is not in that folder", folder.display());
            return Err(
                Fault::refused(what).hint("name a folder that contains everything that the kustomization needs")
            );
        }
        let images = texts.values().flat_map(|text| manifest::read_each(text)).flatten();
        let images = images.flat_map(|object| manifest::images(&object)).collect();
        (texts, promises::of_kustomization(lab, &roots), images, OF_KUSTOMIZATION)
    } else {
        let manifests = manifests(folder, &texts, &mut others)?;
        let images = manifests.iter().flat_map(|manifest| &manifest.objects).flat_map(manifest::images).collect();
        let is_taken = |file: &String| manifests.iter().any(|manifest| manifest.file == *file);
        let taken = texts.into_iter().filter(|(file, _)| is_taken(file)).collect();
        (taken, promises::of_manifests(lab, manifests), images, "")
    };
    let scenarios = Path::new("scenarios").join(lab);
    let mut files: TemplateFiles = taken.into_iter().map(|(file, text)| (scenarios.join(file), text)).collect();
    files.insert(scenarios.join("lab.yaml"), description(lab, &images, note));
    files.insert(feature(lab), sheet);
    Ok((files, others))
}

/// The texts of a folder by their paths in it, and the files that no lab can have, each with the reason.
fn read(folder: &Path) -> Outcome<(BTreeMap<String, String>, Vec<String>)> {
    let paths =
        content::files(folder).map_err(|error| Fault::refused(format!("cannot read {}: {error}", folder.display())))?;
    let (mut texts, mut others) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let inner = path.strip_prefix(folder).unwrap_or(&path);
        let file = inner.display().to_string();
        if inner.iter().any(|part| part.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        if !inner.iter().next().is_some_and(|first| is_for_learners(Path::new(first))) {
            others.push(format!("{file} (labproof uses this name itself)"));
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(text) => _ = texts.insert(file, text),
            Err(error) => others.push(format!("{file} ({error})")),
        }
    }
    Ok((texts, others))
}

/// The folders with a kustomization that no other kustomization names, `.` for the folder itself.
fn kustomizations(texts: &BTreeMap<String, String>) -> Vec<String> {
    let is_one =
        |path: &Path| path.file_name().is_some_and(|name| kinds::KUSTOMIZATIONS.iter().any(|known| name == *known));
    let found = texts.iter().filter(|(file, _)| is_one(Path::new(file)));
    let found: Vec<(&Path, &str)> =
        found.map(|(file, text)| (Path::new(file).parent().unwrap_or(Path::new("")), text.as_str())).collect();
    let others_name = |wanted: &Path| {
        found.iter().any(|(folder, text)| {
            let words = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
            words.into_iter().any(|word| joined(folder, word.trim().trim_matches(['"', '\''])) == wanted)
        })
    };
    let roots = found.iter().map(|(folder, _)| *folder).filter(|folder| !others_name(folder));
    let shown = |folder: &Path| if folder == Path::new("") { ".".into() } else { folder.display().to_string() };
    roots.map(shown).collect()
}

/// A path in a kustomization, such as `../base`, that leads out of the folder with all of them.
fn leads_out(texts: &BTreeMap<String, String>) -> Option<&str> {
    let is_outside = |file: &str, word: &str| {
        let mut depth = Path::new(file).iter().count() - 1;
        Path::new(word).iter().any(|part| {
            let is_above = part == ".." && depth == 0;
            depth = if part == ".." { depth.saturating_sub(1) } else { depth + usize::from(part != ".") };
            is_above
        })
    };
    let ours = texts.iter().filter(|(file, _)| {
        Path::new(file).file_name().is_some_and(|name| kinds::KUSTOMIZATIONS.iter().any(|known| name == *known))
    });
    ours.flat_map(|(file, text)| text.lines().map(move |line| (file, line)))
        .filter_map(|(file, line)| Some((file, line.trim().strip_prefix("- ")?.trim().trim_matches(['"', '\'']))))
        .find_map(|(file, word)| (word.starts_with("..") && is_outside(file, word)).then_some(word))
}

/// The path that a word such as `../base` in a file of a folder stands for.
fn joined(folder: &Path, word: &str) -> PathBuf {
    Path::new(word).iter().fold(folder.to_owned(), |mut path, part| {
        match part.to_str() {
            Some("..") => _ = path.pop(),
            Some(".") => {}
            _ => path.push(part),
        }
        path
    })
}

/// The manifests among these texts. The other files are added to `others`, each with the reason.
fn manifests(folder: &Path, texts: &BTreeMap<String, String>, others: &mut Vec<String>) -> Outcome<Vec<Manifest>> {
    let mut manifests = Vec::new();
    for (file, text) in texts {
        if !MANIFESTS.iter().any(|ending| file.ends_with(ending)) {
            others.push(format!("{file} (it is not a manifest)"));
            continue;
        }
        match manifest::read(text) {
            Ok(objects) => manifests.push(Manifest { file: file.clone(), objects }),
            Err(why) if check::is_manifest(text) => {
                let shown = folder.join(file);
                return Err(Fault::refused(format!("cannot read {}: {why}", shown.display()))
                    .hint("correct the manifest, then run this again: nothing was written"));
            }
            Err(why) => others.push(format!("{file} ({why})")),
        }
    }
    if manifests.is_empty() {
        let hint =
            "name a folder with .yaml, .yml or .json files that kubectl applies, a kustomization or a Helm chart";
        let seen = if others.is_empty() { String::new() } else { format!(": {}", others.join(", ")) };
        return Err(Fault::refused(format!("no file in {} is a manifest{seen}", folder.display())).hint(hint));
    }
    Ok(manifests)
}

/// The lab's description, which names these images.
fn description(lab: &str, images: &BTreeSet<ImageName>, note: &str) -> String {
    let pulls = images.iter().filter(|image| image.is_valid()).map(|image| format!("\"{image}\""));
    let pulls = pulls.collect::<Vec<_>>().join(", ");
    let text = named(include_str!("sheet-only.yaml"), lab).replace("PULLS", &pulls);
    text.replace("pulls: ", &format!("{note}pulls: "))
}

#[cfg(test)]
mod tests;
