//! The files beside a document that its commands use.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
};

use crate::document::{
    LARGEST,
    doubt::Doubt,
    judge::outdated,
    names::{file_like, has_unknown_subcommand},
    safety::WhyNotRun,
    story::{Deed, Story, folders_made, in_other_folders, paths_named, wanted_files, written_files},
    words,
};

/// Whether a name is that of a file in the document's folder, or in one below it.
pub(super) fn is_within(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Finds the files that the document uses and does not contain: beside the document, in the document under another
/// name, or nowhere.
pub(super) fn settle_files(story: &mut Story, folder: &Path) -> (BTreeMap<String, Vec<u8>>, BTreeMap<String, String>) {
    let (mut beside, mut meant) = (BTreeMap::new(), BTreeMap::new());
    let wanted = wanted_files(&story.acts);
    for (index, name) in wanted.clone() {
        let is_within = is_within(&name);
        let read = |name: &str| taken(folder, Path::new(name));
        if let Some(content) = read(&name) {
            beside.insert(name, content);
            continue;
        }
        if let Some((below, content)) = in_home(&name).and_then(|below| Some((below, in_clone(folder, below)?))) {
            beside.insert(below.to_owned(), content);
            continue;
        }
        if is_within && folder.join(&name).is_dir() {
            continue;
        }
        if story.write_what_is_shown(index, &name) {
            continue;
        }
        let Deed::Type(typed) = &story.acts[index].deed else { continue };
        let (command, outdated) = (typed.command.clone(), typed.expected.as_ref().and_then(outdated));
        if let Some(other) = story.file_meant(index, &name) {
            meant.insert(name, other);
        } else if let Some(other) = is_within.then(|| file_beside_like(folder, &name)).flatten() {
            beside.extend(read(&other).map(|content| (other.clone(), content)));
            meant.insert(name, other);
        } else if !has_unknown_subcommand(&command) {
            // A misspelt subcommand is the first mistake of its command.
            let others = wanted.iter().map(|(_, other)| other.as_str());
            let lost = lost(folder, &name, others, &story.asked_before(index));
            let lost = lost.map(|text| Doubt::mistake(story.acts[index].line, text));
            let act = &mut story.acts[index];
            act.deed = Deed::Leave(command, WhyNotRun::NeedsFile(name));
            act.doubts.extend(lost.into_iter().chain(outdated));
        }
    }
    for (name, content) in named_in_commands(story, folder) {
        beside.entry(name).or_insert(content);
    }
    // Only a command that does not find its file uses these.
    for (name, other) in in_other_folders(&story.acts) {
        meant.entry(name).or_insert(other);
    }
    (beside, meant)
}

/// Why it is the document's own mistake that a file is nowhere: the folder beside it has other files that it uses, and the
/// prose does not ask the reader to make this one.
fn lost<'a>(folder: &Path, name: &str, mut wanted: impl Iterator<Item = &'a str>, asked: &str) -> Option<String> {
    let parent = |name: &'a str| name.rsplit_once('/').map(|(parent, _)| parent);
    let (own, _) = name.rsplit_once('/').filter(|_| is_within(name))?;
    let has_others = wanted.any(|other| parent(other) == Some(own) && folder.join(other).is_file());
    (has_others && !words::has(asked, words::MAKE))
        .then(|| format!("the folder {own} beside the document has no file {name}, and the document does not make it"))
}

/// The path of a file below the reader's home folder.
fn in_home(name: &str) -> Option<&str> {
    name.strip_prefix("~/").filter(|below| is_within(below))
}

/// The content of a manifest in the reader's clone of the document's repository: beside the document stands one whose path
/// ends the same.
fn in_clone(folder: &Path, below: &str) -> Option<Vec<u8>> {
    if ![".yaml", ".yml", ".json"].iter().any(|ending| below.ends_with(ending)) {
        return None;
    }
    let parts: Vec<&str> = below.split('/').collect();
    (1..parts.len()).find_map(|first| taken(folder, Path::new(&parts[first..].join("/"))))
}

/// The file beside the document, in the folder of this one, that is called nearly so.
fn file_beside_like(folder: &Path, name: &str) -> Option<String> {
    let (parent, base) = name.rsplit_once('/').map_or(("", name), |(parent, base)| (parent, base));
    let entries = fs::read_dir(folder.join(parent)).ok()?.filter_map(Result::ok);
    let files = entries.filter(|entry| entry.path().is_file());
    let names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let other = file_like(base, names.iter().map(String::as_str))?;
    Some(if parent.is_empty() { other.to_owned() } else { format!("{parent}/{other}") })
}

/// The content of a file in a folder. Hidden files are keys and settings, and a link may lead anywhere.
fn taken(folder: &Path, name: &Path) -> Option<Vec<u8>> {
    let (root, file) = (folder.canonicalize().ok()?, folder.join(name).canonicalize().ok()?);
    let is_hidden = |path: &Path| path.iter().any(|part| part.to_string_lossy().starts_with('.') && part != ".");
    if is_hidden(name) || is_hidden(file.strip_prefix(&root).ok()?) {
        return None;
    }
    let about = fs::metadata(&file).ok()?;
    (about.is_file() && about.len() <= LARGEST as u64).then(|| fs::read(&file).ok())?
}

/// Whether a file that a command only names is taken: what programs may run is not, unless it is judged as the document's.
fn is_data(file: &Path, about: &fs::Metadata) -> bool {
    const DATA: &str = "yaml yml json txt conf cfg ini env properties toml html css md xml csv sql crt pem key pub";
    const RUN: [&str; 7] =
        ["makefile", "gnumakefile", "package.json", "composer.json", "deno.json", "rakefile", "gemfile"];
    let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let is_known = extension.is_none_or(|extension| DATA.split(' ').any(|known| known == extension));
    is_known && !RUN.contains(&name.as_str()) && about.permissions().mode() & 0o111 == 0
}

/// How many files are taken at most, and how many bytes of them.
const MOST: usize = 200;
const MOST_BYTES: usize = 16 << 20;

/// How many entries of folders are looked at for one name: a folder of packages has many.
const MOST_LOOKED: usize = 10_000;

/// The files and folders beside the document that its commands name in any way, unless the document makes them.
fn named_in_commands(story: &Story, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut made, mut found, mut seen, mut bytes) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new(), 0);
    for act in &story.acts {
        match &act.deed {
            Deed::Write(source) => made.extend(source.name.clone()),
            Deed::Type(typed) if !typed.is_inside => {
                made.extend(written_files(&typed.command));
                made.extend(folders_made(&typed.command));
            }
            _ => {}
        }
    }
    let made: Vec<&str> =
        made.iter().map(|made| made.trim_start_matches("./")).filter(|made| !made.is_empty()).collect();
    let of_document = |name: &Path| made.iter().any(|made| name.starts_with(made));
    for act in &story.acts {
        let Deed::Type(typed) = &act.deed else { continue };
        for name in paths_named(&typed.command).into_iter().filter(|name| !typed.is_inside && is_within(name)) {
            if !seen.insert(name.clone()) {
                continue;
            }
            for file in files_in(folder, Path::new(&name)) {
                let name = file.to_string_lossy().into_owned();
                if !found.contains_key(&name)
                    && found.len() < MOST
                    && !of_document(&file)
                    && let Some(content) = taken(folder, &file).filter(|content| bytes + content.len() <= MOST_BYTES)
                {
                    bytes += content.len();
                    found.insert(name, content);
                }
            }
        }
    }
    found
}

/// The file of this name, or those in the folder of this name, relative to a folder.
fn files_in(folder: &Path, name: &Path) -> Vec<PathBuf> {
    let (mut files, mut open) =
        (Vec::new(), vec![name.components().filter(|part| *part != Component::CurDir).collect()]);
    let mut looked = 0;
    while let Some(name) = open.pop().filter(|_| looked < MOST_LOOKED) {
        let name: PathBuf = name;
        looked += 1;
        let is_hidden = name.iter().any(|part| part.to_string_lossy().starts_with('.'));
        let Ok(about) = fs::symlink_metadata(folder.join(&name)) else { continue };
        if is_hidden || name.as_os_str().is_empty() || files.len() >= MOST {
            continue;
        }
        if about.is_file() && is_data(&name, &about) {
            files.push(name);
        } else if about.is_dir() {
            let entries = fs::read_dir(folder.join(&name)).into_iter().flatten().filter_map(Result::ok);
            open.extend(entries.map(|entry| name.join(entry.file_name())));
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_only_its_folder_lacks_is_a_mistake() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("web")).unwrap();
        fs::write(folder.path().join("web/a.yaml"), "x").unwrap();
        let doubts = |commands: &str| {
            let page = format!("# A\n\n{commands}\n");
            let mut story = Story::of(&crate::document::read(crate::document::Markup::Markdown, &page));
            settle_files(&mut story, folder.path());
            story.acts.iter().flat_map(|act| act.doubts.clone()).map(|doubt| doubt.text).collect::<Vec<_>>()
        };
        let both = "```sh\nkubectl apply -f web/ingress.yaml\nkubectl apply -f web/a.yaml\n```";
        assert!(matches!(doubts(both).as_slice(), [one] if one.contains("has no file web/ingress.yaml")));
        assert_eq!(doubts("```sh\nkubectl apply -f db/ingress.yaml\nkubectl apply -f web/a.yaml\n```"), [""; 0]);
        assert_eq!(doubts("```sh\nkubectl apply -f web/ingress.yaml\n```"), [""; 0]);
        let second = both
            .replace("web/ingress.yaml\nkubectl apply -f web/a.yaml", "web/a.yaml\nkubectl apply -f web/ingress.yaml");
        for page in [both, &second] {
            assert_eq!(doubts(&format!("Create a manifest for the Ingress and apply it:\n\n{page}")), [""; 0]);
        }
    }

    #[test]
    fn files_and_folders_that_commands_name_are_taken() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["manifests/cm/city", "manifests/.key", "web/Dockerfile", "notes.txt", "config/a", ".env"] {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "x").unwrap();
        }
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("manifests/link")).unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("data")).unwrap();
        fs::write(folder.path().join("Makefile"), "all:\n\trm x\n").unwrap();
        fs::write(folder.path().join("run.js"), "x").unwrap();
        let taken = |commands: &str| {
            let page = format!("# A\n\n```sh\n{commands}\n```\n");
            let story = Story::of(&crate::document::read(crate::document::Markup::Markdown, &page));
            named_in_commands(&story, folder.path()).into_keys().collect::<Vec<_>>()
        };
        assert_eq!(taken("kubectl create cm a --from-file=manifests/cm/"), ["manifests/cm/city"]);
        assert_eq!(taken("cd manifests\ncat notes.txt ./.env"), ["manifests/cm/city", "notes.txt"]);
        assert_eq!(taken("docker build -t web ./web"), ["web/Dockerfile"]);
        assert_eq!(taken("kubectl get pod web -n config"), [""; 0], "names of objects");
        assert_eq!(taken("mkdir config\necho a > notes.txt\nkubectl create cm a --from-file=config"), [""; 0]);
        assert_eq!(taken("cat ../x /etc/hostname manifests/link data/hostname"), [""; 0]);
        assert_eq!(taken("make -f ./Makefile; node ./run.js"), [""; 0]);
        for name in ["data/hostname", "manifests/link", "manifests/.key", ".env"] {
            assert_eq!(super::taken(folder.path(), Path::new(name)), None, "{name}");
        }
        assert!(super::taken(folder.path(), Path::new("./notes.txt")).is_some());
    }

    #[test]
    fn a_manifest_in_the_readers_clone_is_the_one_beside_the_document() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("2.rs")).unwrap();
        for file in ["2.rs/rs.yaml", "pod.yaml", "setup.sh"] {
            fs::write(folder.path().join(file), "kind: Pod\nspec: {hostNetwork: true}\n").unwrap();
        }
        let settled = |file: &str| {
            let page = format!("# A\n\n```sh\nkubectl apply -f {file}\n```\n");
            let mut story = Story::of(&crate::document::read(crate::document::Markup::Markdown, &page));
            let (beside, _) = settle_files(&mut story, folder.path());
            (beside.into_keys().collect::<Vec<_>>(), matches!(story.acts[0].deed, Deed::Type(_)))
        };
        assert_eq!(settled("~/school/practice/2.rs/rs.yaml"), (vec!["school/practice/2.rs/rs.yaml".into()], true));
        assert_eq!(settled("~/school/other.yaml"), (vec![], false));
        assert_eq!(settled("~/../pod.yaml"), (vec![], false));
        assert_eq!(settled("~/school/setup.sh"), (vec![], false));
    }
}
