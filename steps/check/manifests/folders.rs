//! Which files a command gives to the server by naming their folder.

use std::{fs, path::Path};

use crate::{document::story::paths_named, kinds::KUSTOMIZATIONS};

/// Whether a command names a folder of a lab, as in `kubectl apply -f k8s/` or `kubectl apply -k .`, and so gives this file to
/// the server.
pub(super) fn give(lab: &Path, command: &str, file: &Path) -> bool {
    let has = |options: &[&str]| command.split_whitespace().any(|word| options.contains(&word));
    let is_kustomized = has(&["-k", "--kustomize"]);
    let is_deep = has(&["-R", "--recursive"]);
    let folders = paths_named(command)
        .into_iter()
        .map(|path| lab.join(path.trim_start_matches("./").trim_end_matches(['/', '.'])));
    let mut folders = folders.filter(|folder| folder.is_dir() && file.starts_with(folder));
    folders.any(|folder| match file.strip_prefix(&folder) {
        Ok(inner) if is_kustomized => is_resource(&folder, inner),
        Ok(inner) => inner.iter().count() == 1 || is_deep,
        Err(_) => false,
    })
}

/// Whether the kustomization of a folder takes this file as it is. One that changes images may replace those of the file.
fn is_resource(folder: &Path, file: &Path) -> bool {
    let mut texts = KUSTOMIZATIONS.iter().filter_map(|name| fs::read_to_string(folder.join(name)).ok());
    texts.next().is_some_and(|text| {
        let keys = text.lines().filter(|line| line.trim_end().ends_with(':'));
        let only_resources = keys.map(str::trim).all(|key| key == "resources:");
        let mut items = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
        only_resources && items.any(|item| Path::new(item.trim().trim_start_matches("./")) == file)
    })
}
