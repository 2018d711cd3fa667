//! The process groups of the programs that run.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;

/// A program that is the leader of a process group. If this is dropped before the program has ended, the whole group is
/// killed.
pub(super) struct Group {
    pub(super) leader: Child,
    id: Option<u32>,
}

/// The ids of all groups that this process has started and that may still run.
static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// Kills all programs that run, and what they have started, because the process ends at once.
pub fn kill_all() {
    groups().iter().for_each(|group| kill(*group));
}

impl Group {
    pub(super) fn of(leader: Child) -> Self {
        let id = leader.id();
        groups().extend(id);
        Self { leader, id }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A program has no id once it was waited for, so this is not the id of another one.
        self.leader.id().into_iter().for_each(kill);
        if let Some(id) = self.id {
            groups().remove(&id);
        }
    }
}

fn groups() -> MutexGuard<'static, BTreeSet<u32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kill(group: u32) {
    if let Some(leader) = Pid::from_raw(group.cast_signed()) {
        // An error is ignored: the group has ended meanwhile.
        _ = kill_process_group(leader, Signal::KILL);
    }
}
