//! Waits until a file of the labs changes.
//!
//! Editors write in bursts and by renaming, so an event only says that it is time to look: what changed is found by
//! comparing the contents of the files.

use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::{Instant, timeout},
};

use super::changes::LabFiles;
use crate::{
    project::Project,
    verdict::{Fault, Outcome},
};

/// A burst of events is over if none comes for so long.
const QUIET: Duration = Duration::from_millis(150);

/// The longest burst, for a program that writes all the time.
const LONGEST: Duration = Duration::from_secs(2);

/// Watches the files of the labs.
#[derive(Debug)]
pub struct Watch {
    project: Project,
    watcher: RecommendedWatcher,
    events: UnboundedReceiver<()>,
}

impl Watch {
    /// Begins to watch.
    ///
    /// # Errors
    /// `broken` if the operating system cannot watch the folders.
    pub fn begin(project: &Project) -> Outcome<Self> {
        let (sender, events) = mpsc::unbounded_channel();
        let wake = move |event: notify::Result<Event>| {
            // Reading a file is an event too.
            if !event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
                _ = sender.send(());
            }
        };
        let watcher = notify::recommended_watcher(wake).map_err(|error| cannot(&error))?;
        let mut watch = Self { project: project.clone(), watcher, events };
        watch.follow().map_err(|error| cannot(&error))?;
        Ok(watch)
    }

    /// Waits until the files differ from `known`, also if they changed before, and returns them.
    pub async fn changed(&mut self, known: &LabFiles) -> LabFiles {
        loop {
            self.quiet().await;
            // A folder that could not be watched again was removed; its next event comes from the folder above it.
            _ = self.follow();
            let files = LabFiles::read(&self.project);
            if files != *known {
                return files;
            }
            self.events.recv().await;
        }
    }

    async fn quiet(&mut self) {
        let end = Instant::now() + LONGEST;
        while Instant::now() < end && timeout(QUIET, self.events.recv()).await.is_ok() {}
    }

    /// Watches all folders, including those that are new.
    fn follow(&mut self) -> notify::Result<()> {
        self.watcher.watch(&self.project.file(""), RecursiveMode::NonRecursive)?;
        for folder in ["features", "scenarios"].map(|folder| self.project.file(folder)) {
            if folder.is_dir() {
                self.watcher.watch(&folder, RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }
}

fn cannot(error: &notify::Error) -> Fault {
    Fault::broken(format!("cannot watch the labs' files: {error}"))
        .hint("if the limit of inotify is reached, raise it: sysctl fs.inotify.max_user_watches")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    async fn changed(watch: &mut Watch, known: &LabFiles) -> LabFiles {
        timeout(Duration::from_secs(20), watch.changed(known)).await.unwrap()
    }

    #[tokio::test]
    async fn a_burst_is_one_change_and_a_new_folder_is_watched_too() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("features")).unwrap();
        let project = Project::at(folder.path());
        let (mut watch, before) = (Watch::begin(&project).unwrap(), LabFiles::read(&project));
        let file = |name: &str| folder.path().join(name);
        let write = {
            let (temporary, feature) = (file("features/new"), file("features/a.feature"));
            std::thread::spawn(move || {
                for text in ["a", "b", "c"] {
                    fs::write(&temporary, text).unwrap();
                    fs::rename(&temporary, &feature).unwrap();
                }
            })
        };
        let one = changed(&mut watch, &before).await;
        write.join().unwrap();
        assert_eq!(one.changed_since(&before).len(), 1);
        assert_eq!(one, LabFiles::read(&project), "the burst has ended before it is reported");
        fs::create_dir_all(file("scenarios/a/image")).unwrap();
        fs::write(file("scenarios/a/image/Dockerfile"), "FROM a").unwrap();
        let two = changed(&mut watch, &one).await;
        assert!(two.changed_since(&one).contains(std::path::Path::new("scenarios/a/image/Dockerfile")));
        fs::write(file("scenarios/a/image/Dockerfile"), "FROM b").unwrap();
        assert_ne!(changed(&mut watch, &two).await, two);
    }

    #[tokio::test]
    async fn a_file_that_is_written_without_a_change_wakes_nobody() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("features")).unwrap();
        let feature = folder.path().join("features/a.feature");
        fs::write(&feature, "a").unwrap();
        let project = Project::at(folder.path());
        let (mut watch, known) = (Watch::begin(&project).unwrap(), LabFiles::read(&project));
        fs::write(&feature, "a").unwrap();
        fs::write(folder.path().join("features/.a.feature.swp"), "x").unwrap();
        assert!(timeout(3 * QUIET, watch.changed(&known)).await.is_err());
    }
}
