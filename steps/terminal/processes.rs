//! Processes below another, as the kernel lists them.

use std::fs;

/// The process and all its descendants.
pub(super) fn from(process: &str) -> Vec<String> {
    let mut all = vec![process.to_owned()];
    let mut next = 0;
    while let Some(process) = all.get(next) {
        let children = children(process);
        all.extend(children);
        next += 1;
    }
    all
}

/// The children of a process; empty if it has ended.
pub(super) fn children(process: &str) -> Vec<String> {
    let read = |task: String| fs::read_to_string(format!("{task}/children")).ok();
    let lists = tasks(process).into_iter().filter_map(read);
    lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The folders of a process's threads in `/proc`.
pub(super) fn tasks(process: &str) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    tasks.map(|task| task.path().display().to_string()).collect()
}
