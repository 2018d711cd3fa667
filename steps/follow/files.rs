//! Writes the files of a document where its commands look for them.

use std::{
    path::{Component, Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    failure,
    result::{ActResult, ActVerdict},
    walk::{SHORT_LIMIT, Walk, left},
};
use crate::{
    document::{
        safety::{Edit, WhyNotRun},
        story::{Source, with_lines},
    },
    expression::kubectl_regex,
    verdict::Fault,
};

impl Walk<'_> {
    /// Puts the files beside the document into the reader's folder.
    pub(super) fn copy_files(&self) -> Result<(), Fault> {
        for (name, content) in &self.page.beside {
            let target = self.scene.home().join(name);
            let cannot = |error: std::io::Error| Fault::broken(format!("cannot copy {name}: {error}"));
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).map_err(cannot)?;
            }
            std::fs::write(&target, content).map_err(cannot)?;
            // A script may be run. A file of the reader's clone has another name here.
            if let Ok(original) = std::fs::metadata(self.page.folder.join(name)) {
                std::fs::set_permissions(target, original.permissions()).map_err(cannot)?;
            }
        }
        Ok(())
    }

    /// Adds lines to a file that a command has made, if it has the field below which they belong.
    pub(super) async fn insert(&mut self, lines: &str, edit: &Edit) -> ActResult {
        if edit.below.is_empty() {
            return left(&WhyNotRun::Edit(edit.clone()));
        }
        let path = match self.path_of(&edit.file).await {
            Ok(path) => path,
            Err(ended) => return ended,
        };
        let found = std::fs::read_to_string(path).ok();
        match found.and_then(|text| with_lines(&edit.below, lines, &text)) {
            Some(text) => {
                let source = Source { name: Some(edit.file.clone()), text, ..Source::default() };
                let note = "labproof added these lines as the prose says".to_owned();
                self.write(&source).await.noted(vec![note])
            }
            None => left(&WhyNotRun::Edit(Edit { below: Vec::new(), ..edit.clone() })),
        }
    }

    /// Looks whether an object exists that a command opens in an editor, which labproof does not.
    pub(super) async fn instead_of_editing(&mut self, command: &str, why: &WhyNotRun) -> ActResult {
        static EDITS: LazyLock<Regex> = LazyLock::new(|| {
            kubectl_regex(
                r"^KUBECTL\s+((?:(?:-n|--namespace)[= ]\S+\s+)?)edit\s+([a-z][\w./ -]*?)(?:\s+(?:--record|--save-config)\S*)*$",
            )
        });
        let Some(found) = EDITS.captures(command.trim()) else { return left(why) };
        let look = format!("kubectl {}get {} -o name", &found[1], &found[2]);
        let Ok((look, _)) = self.filled(&look).await else { return left(why) };
        let Ok(output) = self.scene.run_for(&look, SHORT_LIMIT).await else { return left(why) };
        let says_no = ["not found", "have a resource type"].iter().any(|words| output.stderr.contains(words));
        if output.status == 0 || !says_no {
            return left(why);
        }
        failure::of(&output, &self.objects)
    }

    /// Writes a file where the terminal is; if its name begins with the home folder, there.
    pub(super) async fn write(&mut self, source: &Source) -> ActResult {
        let path = match self.path_of(source.name()).await {
            Ok(path) => path,
            Err(ended) => return ended,
        };
        match write_within(&[self.scene.folder(), Path::new("/tmp")], &path, &source.text) {
            Ok(true) => ActResult::well(),
            Ok(false) => left(&WhyNotRun::Unsafe(format!("{} is outside of the reader's folder", path.display()))),
            Err(error) => {
                ActResult::of(ActVerdict::Environment, format!("cannot write {}: {error}", source.name())).undone()
            }
        }
    }

    /// Where a file of the document is for the terminal; if its name begins with the home folder, there.
    async fn path_of(&mut self, name: &str) -> Result<PathBuf, ActResult> {
        let from_home = ["~/", "$HOME/"].iter().find_map(|home| name.strip_prefix(home));
        let name = from_home.unwrap_or(name);
        let is_within =
            Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_within {
            return Err(left(&WhyNotRun::Unsafe(format!("the file {name} is outside of the reader's folder"))));
        }
        let here = self.scene.run_for("pwd", SHORT_LIMIT).await.map_err(ActResult::from_fault)?;
        let here = PathBuf::from(here.stdout.trim());
        // The terminal may show the home folder under another name.
        let here = here
            .strip_prefix("/home")
            .ok()
            .filter(|_| !here.is_dir())
            .map_or(here.clone(), |rest| self.scene.home().join(rest));
        Ok(if from_home.is_some() { self.scene.home().join(name) } else { here.join(name) })
    }
}

/// Writes a file and the folders that contain it, if it is below one of `folders`. A command may have put a link there that
/// leads elsewhere.
fn write_within(folders: &[&Path], path: &Path, text: &str) -> std::io::Result<bool> {
    let folders = folders.iter().map(|folder| folder.canonicalize()).collect::<std::io::Result<Vec<_>>>()?;
    let is_within = |path: &Path| path.canonicalize().map(|path| folders.iter().any(|folder| path.starts_with(folder)));
    let existing = path.ancestors().skip(1).find(|folder| folder.symlink_metadata().is_ok());
    if !existing.is_some_and(|existing| is_within(existing).unwrap_or(false)) {
        return Ok(false);
    }
    if path.symlink_metadata().is_ok() && !is_within(path)? {
        return Ok(false);
    }
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::write(path, text).map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_below_the_folder_however_links_lead() {
        let (outside, within) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), within.path().join("away")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("there"), within.path().join("link")).unwrap();
        std::fs::write(outside.path().join("there"), "old").unwrap();
        let written = |path: &Path| write_within(&[within.path()], path, "new").unwrap_or(false);
        for good in ["a.yaml", "b/c/d.yaml", "a.yaml"] {
            assert!(written(&within.path().join(good)), "{good}");
            assert_eq!(std::fs::read_to_string(within.path().join(good)).unwrap(), "new");
        }
        for bad in ["away/x", "away/b/c", "link"] {
            assert!(!written(&within.path().join(bad)), "{bad}");
        }
        assert!(!written(&outside.path().join("x")));
        assert_eq!(std::fs::read_to_string(outside.path().join("there")).unwrap(), "old");
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    }
}
