use std::{
    fs,
    os::unix::{fs::symlink, net::UnixListener},
    process::Command,
};

use tempfile::TempDir;

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn taken(folder: &TempDir, wanted: &[&str]) -> Taken {
    let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
    take(folder.path(), &wanted).unwrap()
}

/// The file and the rule of each refusal.
fn refused(taken: &Taken) -> Vec<(&str, &str)> {
    taken.refusals.iter().map(|refusal| (refusal.file.as_str(), refusal.rule.name())).collect()
}

fn names(taken: &Taken) -> Vec<&str> {
    taken.files.keys().map(String::as_str).collect()
}

#[test]
fn what_the_lab_asks_for_is_taken_and_the_rest_is_named() {
    let folder = folder(&[
        ("pod.yaml", "kind: Pod"),
        ("tasks/18.sh", "kubectl get pods"),
        ("notes.txt", "x"),
        (".git/HEAD", "x"),
    ]);
    let taken = taken(&folder, &["pod.yaml", "tasks/18.sh", "absent.yaml"]);
    assert_eq!(names(&taken), ["pod.yaml", "tasks/18.sh"]);
    assert_eq!(taken.files["pod.yaml"], b"kind: Pod");
    assert_eq!(taken.ignored, [".git/", "notes.txt"]);
    assert!(taken.refusals.is_empty());
}

#[test]
fn what_was_handed_in_under_another_name_or_in_a_folder_is_named() {
    let folder = folder(&[
        ("Pod.YAML", "a: b"),
        ("pod (1).yaml", "a: b"),
        ("lab/pod.yaml", "a: b"),
        ("lab/notes.txt", "x"),
        ("tasks/18.bash", "true"),
        ("tasks/more/x", "x"),
        ("src/a.ts", "x"),
        ("src/a.js", "x"),
        ("node_modules/x/y.js", "x"),
    ]);
    let taken = taken(&folder, &["pod.yaml", "tasks/18.sh", "src/*.js"]);
    assert_eq!(names(&taken), ["src/a.js"]);
    let ignored =
        ["Pod.YAML", "lab/pod.yaml", "node_modules/", "pod (1).yaml", "src/a.ts", "tasks/18.bash", "tasks/more/"];
    assert_eq!(taken.ignored, ignored);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    assert!(take(Path::new("/nowhere/at/all"), &[]).is_err());
}

#[test]
fn a_link_to_the_folder_itself_is_the_trainers() {
    let folder = folder(&[("real/pod.yaml", "kind: Pod")]);
    symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
    assert_eq!(names(&take(&folder.path().join("link"), &["pod.yaml".into()]).unwrap()), ["pod.yaml"]);
}

#[test]
fn another_ending_serves_under_the_wanted_name() {
    let folder = folder(&[("pod.json", "{}"), ("package.yaml", "a: b")]);
    let taken = taken(&folder, &["pod.yaml", "package.json"]);
    assert_eq!(names(&taken), ["pod.yaml"]);
    assert_eq!(taken.found["pod.yaml"], "pod.json");
    assert_eq!(taken.ignored, ["package.yaml"]);
}

#[test]
fn of_two_files_that_serve_none_is_taken() {
    let folder = folder(&[("pod.yaml", "a: b"), ("pod.yml", "a: c")]);
    let taken = taken(&folder, &["pod.yaml"]);
    assert_eq!(refused(&taken), [("pod.yaml", "one-file")]);
    assert!(taken.refusals[0].message.contains("pod.yml") && taken.files.is_empty());
}

#[test]
fn two_files_that_are_both_asked_for_are_no_choice() {
    let folder = folder(&[("pod.yaml", "a: b"), ("pod.json", "{}")]);
    let taken = taken(&folder, &["pod.yaml", "pod.json"]);
    assert_eq!((names(&taken).len(), refused(&taken).len()), (2, 0));
}

#[test]
fn no_link_is_followed() {
    let folder = folder(&[("real.yaml", "a: b"), ("real/18.sh", "true")]);
    symlink(folder.path().join("real.yaml"), folder.path().join("pod.yaml")).unwrap();
    symlink("/nowhere", folder.path().join("dangling.yaml")).unwrap();
    symlink(folder.path().join("real"), folder.path().join("tasks")).unwrap();
    symlink("/etc/hosts", folder.path().join("evil.js")).unwrap();
    let taken = taken(&folder, &["pod.yaml", "dangling.yaml", "tasks/18.sh", "tasks/*.sh", "*.js"]);
    let links = [("evil.js", "no-links"), ("dangling.yaml", "no-links"), ("pod.yaml", "no-links")];
    let links: Vec<_> = links.into_iter().chain([("tasks", "no-links"), ("tasks/18.sh", "no-links")]).collect();
    assert_eq!(refused(&taken), links);
    assert!(taken.files.is_empty());
}

#[test]
fn a_hard_link_is_a_file() {
    let folder = folder(&[("real.yaml", "a: b")]);
    fs::hard_link(folder.path().join("real.yaml"), folder.path().join("pod.yaml")).unwrap();
    assert_eq!(names(&taken(&folder, &["pod.yaml"])), ["pod.yaml"]);
}

#[test]
fn pipes_and_sockets_are_refused_without_waiting() {
    let folder = folder(&[]);
    let made = Command::new("mkfifo").arg(folder.path().join("pod.yaml")).status().unwrap();
    assert!(made.success());
    let _socket = UnixListener::bind(folder.path().join("app.js")).unwrap();
    let taken = taken(&folder, &["pod.yaml", "*.js"]);
    assert_eq!(refused(&taken), [("app.js", "no-special-files"), ("pod.yaml", "no-special-files")]);
}

#[test]
fn a_folder_is_no_file() {
    let folder = folder(&[("pod.yaml/x", "a"), ("lib.js/x", "a")]);
    let taken = taken(&folder, &["pod.yaml", "*.js"]);
    assert_eq!(refused(&taken), [("pod.yaml", "no-folders")]);
    assert_eq!(taken.ignored, ["lib.js/"]);
}

#[test]
fn large_files_are_refused_and_the_largest_allowed_is_not() {
    let folder = folder(&[("a.yaml", &"x".repeat(256 * 1024)), ("b.yaml", &"x".repeat(256 * 1024 + 1))]);
    let taken = taken(&folder, &["a.yaml", "b.yaml"]);
    assert_eq!((names(&taken), refused(&taken)), (vec!["a.yaml"], vec![("b.yaml", "file-size")]));
}

#[test]
fn files_that_are_too_large_together_are_refused_together() {
    let text = "x".repeat(250 * 1024);
    let folder = folder(&[("a.js", &text), ("b.js", &text), ("c.js", &text), ("d.js", &text), ("pod.yaml", &text)]);
    let taken = taken(&folder, &["*.js", "pod.yaml"]);
    assert_eq!((refused(&taken), taken.files.len()), (vec![(".", "total-size")], 0));
}

#[test]
fn what_is_no_text_is_refused_by_what_it_is() {
    let folder = folder(&[]);
    let cases: [(&str, &[u8], &str); 4] = [
        ("bom.js", b"\xef\xbb\xbfa: b", "byte order mark"),
        ("latin.yaml", b"a: b\nc: \xe9\n", "line 2"),
        ("utf16.js", b"\xff\xfea\0", "UTF-16"),
        ("zero.yaml", b"a: \0", "zero"),
    ];
    for (name, bytes, _) in cases {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let taken = taken(&folder, &cases.map(|(name, ..)| name));
    for ((name, _, word), refusal) in cases.iter().zip(&taken.refusals) {
        assert_eq!((refusal.file.as_str(), refusal.rule.name()), (*name, "utf-8"));
        assert!(refusal.message.contains(word), "{}", refusal.message);
    }
    assert_eq!((taken.refusals.len(), taken.files.len()), (4, 0));
}

#[test]
fn a_manifest_in_utf16_is_taken_as_kubectl_takes_it() {
    let folder = folder(&[]);
    fs::write(folder.path().join("pod.yaml"), b"\xff\xfea\0:\0 \0b\0").unwrap();
    assert_eq!(taken(&folder, &["pod.yaml"]).files["pod.yaml"], b"a: b");
    fs::write(folder.path().join("pod.yaml"), b"\xff\xfea\0\0\0").unwrap();
    assert_eq!(refused(&taken(&folder, &["pod.yaml"])), [("pod.yaml", "utf-8")]);
}

#[test]
fn a_pattern_takes_all_files_that_fit() {
    let folder = folder(&[("src/a.js", "1"), ("src/b.js", "2"), ("src/c.ts", "3"), ("src/.d.js", "4"), ("e.js", "5")]);
    assert_eq!(names(&taken(&folder, &["src/*.js"])), ["src/a.js", "src/b.js"]);
    let top = taken(&folder, &["*.js"]);
    assert_eq!((names(&top), top.ignored.clone()), (vec!["e.js"], vec!["src/".to_owned()]));
    assert_eq!(
        taken(&folder, &["lib/*.js"]),
        Taken { ignored: vec!["e.js".into(), "src/".into()], ..Taken::default() }
    );
}

#[test]
fn a_pattern_that_finds_too_much_takes_nothing() {
    let many: Vec<String> = (0..51).map(|number| format!("src/{number}.js")).collect();
    let folder = folder(&many.iter().map(|name| (name.as_str(), "x")).collect::<Vec<_>>());
    let taken = taken(&folder, &["src/*.js"]);
    assert_eq!((refused(&taken), taken.files.len()), (vec![("src", "file-count")], 0));
}

#[test]
fn a_huge_folder_is_looked_at_in_part() {
    let many: Vec<String> = (0..1100).map(|number| format!("{number}.txt")).collect();
    let folder = folder(&many.iter().map(|name| (name.as_str(), "x")).collect::<Vec<_>>());
    let taken = taken(&folder, &["pod.yaml", "*.js"]);
    assert_eq!((refused(&taken), taken.ignored.len()), (vec![(".", "file-count")], 50));
}

#[test]
fn names_cannot_lead_out_or_hide_anything() {
    let folder = folder(&[("a\x1b[2J.js", "x"), ("b\x1b.txt", "x")]);
    let taken = taken(&folder, &["../secret.txt", "/etc/hosts", "../*.yaml", "*.js"]);
    let rules: BTreeSet<&str> = taken.refusals.iter().map(|refusal| refusal.rule.name()).collect();
    assert_eq!((rules, taken.refusals.len(), taken.files.len()), (BTreeSet::from(["file-name"]), 4, 0));
    assert!(taken.refusals.iter().all(|refusal| !refusal.message.contains('\x1b')));
    assert_eq!(taken.ignored, ["b\\u{1b}.txt"]);
}
