use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use super::*;

#[test]
fn what_a_pod_has_written_is_added_up() {
    let lines = ["a 1500000", "b 2097152", "a 600000", "nonsense", "d x"];
    let found = written(lines.into_iter());
    assert_eq!((found["a"], found["b"], found["d"]), (2_100_000, 2_097_152, 0));
}

#[test]
fn the_largest_pods_are_too_much_together() {
    let excess = |sizes: &[u64]| excess(sizes.iter().map(|size| (*size, "pod")).collect()).len();
    assert_eq!((excess(&[]), excess(&[MOST]), excess(&[MOST / 2, MOST / 2])), (0, 0, 0));
    assert_eq!((excess(&[MOST + 1]), excess(&[10, MOST, 20]), excess(&[MOST / 2; 5])), (1, 1, 3));
}

/// Where a Pod can write that has a running container, one that has ended, and a claim; each path gets this many KiB.
const PATHS: [(&str, u64); 9] = [
    ("var/lib/kubelet/pods/uid/etc-hosts", 100),
    ("var/lib/kubelet/pods/uid/containers/web/1a2b3c", 200),
    ("var/lib/kubelet/pods/uid/volumes/kubernetes.io~empty-dir/data/file", 400),
    ("var/log/pods/space_web_uid/web/0.log", 800),
    ("var/lib/containerd/io.containerd.grpc.v1.cri/containers/runs/volumes/9f/file", 1600),
    ("var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/sandbox/resolv.conf", 3200),
    ("snapshots/1/fs/file", 6400),
    ("snapshots/2/fs/file", 12800),
    ("var/claims/one/file", 25600),
];

/// A folder that looks like a node, and a folder of programs that answer as a node's do.
fn node(root: &Path) {
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    for (path, size) in PATHS {
        write(path, &"x".repeat(usize::try_from(size * 1024).unwrap()));
    }
    write("var/lib/kubelet/pods/other/etc-hosts", "127.0.0.1");
    for others in ["read-only/file", "run/memory/file"] {
        write(others, &"x".repeat(1 << 20));
    }
    let (folder, running) = (root.display(), "run/containerd/io.containerd.runtime.v2.task/k8s.io");
    let mounts = format!(
        "overlay {folder}/{running}/runs/rootfs overlay rw,lowerdir=/l,upperdir={folder}/snapshots/1/fs,workdir=/w 0 0\n"
    );
    write("proc/mounts", &mounts);
    let mount =
        |source: &str, options: &str| format!(r#"{{"type": "bind", "source": "{source}", "options": {options}}}"#);
    let mounts = [
        mount(&format!("{folder}/var/claims/one"), r#"["rbind", "rw"]"#),
        mount(&format!("{folder}/read-only"), r#"["rbind", "ro"]"#),
        mount(&format!("{folder}/run/memory"), r#"["rbind", "rw"]"#),
    ];
    write(&format!("{running}/runs/config.json"), &format!(r#"{{"mounts": [{}]}}"#, mounts.join(", ")));
    let container = |id: &str| {
        format!(r#"{{"id": "{id}", "podSandboxId": "sandbox", "labels": {{"io.kubernetes.pod.uid": "uid"}}}}"#)
    };
    let containers = format!(r#"{{"containers": [{}, {}]}}"#, container("runs"), container("ended"));
    write("bin/crictl", &format!("#!/bin/sh\ncat <<'END'\n{containers}\nEND\n"));
    let snapshot = format!("mount -t overlay overlay / -o workdir=/w,upperdir={folder}/snapshots/2/fs,lowerdir=/l");
    write("bin/ctr", &format!("#!/bin/sh\n[ \"$5\" = / ] && [ \"$6\" = ended ] && echo '{snapshot}'\n"));
}

/// How much the script finds of each Pod, without what the folders themselves take.
fn measured(root: &Path) -> BTreeMap<String, u64> {
    let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").args(["-c", WRITTEN, "sh"]).arg(root).env("PATH", path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| line.split_once(' ').map(|(uid, size)| (uid.to_owned(), size.parse().unwrap()));
    text.lines().map(|text| line(text).unwrap()).collect()
}

#[test]
fn every_path_that_a_pod_can_write_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    node(folder.path());
    let found = measured(folder.path());
    let all: u64 = PATHS.iter().map(|(_, size)| size).sum();
    assert!((all..all + 100).contains(&found["uid"]), "{found:?} and {all}");
    assert!(found["other"] < 100, "{found:?}");
    for (path, size) in PATHS {
        fs::write(folder.path().join(path), "").unwrap();
        let fewer = measured(folder.path())["uid"];
        assert!(fewer + size <= found["uid"], "{path} is not counted: {fewer}");
        fs::write(folder.path().join(path), "x".repeat(usize::try_from(size * 1024).unwrap())).unwrap();
    }
}
