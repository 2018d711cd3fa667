//! Compares the modules with the picture in `ARCHITECTURE.md`: a module imports only from the rows below it, and no
//! files import each other in a circle.

pub(super) mod imports;

use std::collections::{BTreeMap, BTreeSet};

use imports::Arrow;
pub(super) use imports::root;

#[test]
fn the_picture_has_each_module_once() {
    let drawn: Vec<String> = layers().into_iter().flatten().collect();
    let code: BTreeSet<String> = imports::modules().into_iter().filter(|module| !module.contains('/')).collect();
    assert_eq!(drawn.iter().cloned().collect::<BTreeSet<_>>(), code, "the picture in ARCHITECTURE.md, and steps/");
    assert_eq!(drawn.len(), code.len(), "the picture has a module twice: {drawn:?}");
}

#[test]
fn a_module_imports_only_what_is_below_it() {
    let layers = layers();
    let depth: BTreeMap<&str, usize> =
        layers.iter().enumerate().flat_map(|(depth, layer)| layer.iter().map(move |name| (&**name, depth))).collect();
    let mut arrows = imports::between_modules();
    arrows.retain(|(from, to)| depth.get(&**from) >= depth.get(&**to));
    assert_eq!(arrows, BTreeSet::new(), "imports that go up or sideways in the picture of ARCHITECTURE.md");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    assert_eq!(circles(&imports::between_files()), BTreeSet::new(), "files that import each other in a circle");
}

#[test]
fn each_file_that_keeps_a_rule_exists() {
    let page = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let files: Vec<&str> =
        page.split('`').filter(|word| word.split('.').next_back() == Some("rs") || word.ends_with('/')).collect();
    assert!(files.len() > 50, "{files:?}");
    let exists = |file: &str| root().join("steps").join(file).exists() || root().join(file).exists();
    let missing: Vec<_> = files.into_iter().filter(|file| !exists(file)).collect();
    assert!(missing.is_empty(), "docs/rules.md names files that do not exist: {missing:?}");
}

/// The modules in the first column of the picture, from top to bottom.
fn layers() -> Vec<Vec<String>> {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let (_, picture) = page.split_once("## The picture").unwrap();
    let picture = picture.split("```").nth(1).unwrap();
    let rows = picture.lines().filter_map(|line| line.strip_prefix('│')?.split('│').next());
    rows.map(|modules| modules.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The imports that are part of a circle.
fn circles(arrows: &BTreeSet<Arrow>) -> BTreeSet<Arrow> {
    let mut imports: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in arrows {
        imports.entry(from).or_default().push(to);
    }
    arrows.iter().filter(|(from, to)| leads(&imports, to, from)).cloned().collect()
}

fn leads(imports: &BTreeMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::from([from]), vec![from]);
    while let Some(file) = next.pop() {
        next.extend(imports.get(file).into_iter().flatten().filter(|imported| seen.insert(imported)));
    }
    seen.contains(to)
}
