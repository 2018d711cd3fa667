//! Writes the files of a document where its commands look for them.

use std::path::{Component, Path, PathBuf};

use super::{
    result::{Ended, Word},
    walk::{SHORT_LIMIT, Walk, left},
};
use crate::{
    document::{safety::WhyNotRun, story::Source},
    verdict::Fault,
};

impl Walk<'_> {
    /// Puts the files beside the document into the reader's folder.
    pub(super) fn copy_files(&self) -> Result<(), Fault> {
        for name in &self.page.beside {
            let target = self.scene.home().join(name);
            let cannot = |error: std::io::Error| Fault::broken(format!("cannot copy {name}: {error}"));
            if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder).map_err(cannot)?;
            }
            std::fs::copy(self.page.folder.join(name), target).map_err(cannot)?;
        }
        Ok(())
    }

    /// Writes a file where the terminal is; if its name begins with the home folder, there.
    pub(super) async fn write(&mut self, source: &Source) -> Ended {
        let from_home = ["~/", "$HOME/"].iter().find_map(|home| source.name().strip_prefix(home));
        let name = from_home.unwrap_or(source.name()).to_owned();
        let is_within =
            Path::new(&name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_within {
            return left(&WhyNotRun::Unsafe(format!("the file {name} is outside of the reader's folder")));
        }
        let here = match self.scene.run_for("pwd", SHORT_LIMIT).await {
            Ok(output) => PathBuf::from(output.stdout.trim()),
            Err(fault) => return Ended::from_fault(fault),
        };
        // The terminal may show the home folder under another name.
        let here = here
            .strip_prefix("/home")
            .ok()
            .filter(|_| !here.is_dir())
            .map_or(here.clone(), |rest| self.scene.home().join(rest));
        let path = if from_home.is_some() { self.scene.home().join(&name) } else { here.join(&name) };
        let written =
            path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, &source.text));
        match written {
            Ok(()) => Ended::well(),
            Err(error) => Ended::of(Word::Environment, format!("cannot write {name}: {error}")).undone(),
        }
    }
}
