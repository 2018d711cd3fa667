use super::*;

fn spec(process: &str) -> Spec {
    let text = format!(
        r#"{{"info": {{"pid": 7, "runtimeSpec": {{"process": {process},
            "mounts": [{{"destination": "/proc", "source": "proc"}}, {{"destination": "/etc", "source": "/node/etc"}},
                       {{"destination": "/etc/deep", "source": "/node/deep", "options": ["rbind", "ro"]}}],
            "linux": {{"resources": {{"memory": {{"limit": 1048576}}, "cpu": {{"shares": 2, "quota": 20000, "period": 100000}}}}}}}}}}}}"#
    );
    serde_json::from_str::<Inspected>(&text).unwrap().info.runtime_spec
}

fn process(yaml: &str) -> Process {
    spec(yaml).process
}

#[test]
fn a_user_and_groups_are_those_that_the_process_was_started_with() {
    let process = process(r#"{"user": {"uid": 42, "gid": 231, "additionalGids": [231, 7]}}"#);
    assert_eq!(runs_as(&process, 42), Ok(()));
    assert_eq!(runs_as(&process, 0), Err("was started as user 42".into()));
    assert_eq!((has_group(&process, 231), has_group(&process, 7)), (Ok(()), Ok(())));
    assert_eq!(has_group(&process, 8), Err("was started with the groups 231, 231, 7".into()));
}

#[test]
fn a_process_without_capabilities_has_none_in_its_bounding_set() {
    let may = |sets: &str| {
        has_no_capabilities(&process(&format!(r#"{{"user": {{"uid": 0, "gid": 0}}, "capabilities": {sets}}}"#)))
    };
    assert_eq!(may("{}"), Ok(()));
    assert!(may(r#"{"bounding": ["CAP_CHOWN"]}"#).unwrap_err().contains("CAP_CHOWN"));
    assert!(may(r#"{"bounding": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_KILL"]}"#).is_err());
}

#[test]
fn privileges_can_be_gained_where_nothing_is_said() {
    assert!(gains_no_privileges(&process(r#"{"user": {"uid": 0, "gid": 0}}"#)).is_err());
    let bound = process(r#"{"user": {"uid": 0, "gid": 0}, "noNewPrivileges": true}"#);
    assert_eq!(gains_no_privileges(&bound), Ok(()));
}

#[test]
fn a_variable_is_compared_as_a_whole() {
    let process = process(r#"{"user": {"uid": 0, "gid": 0}, "env": ["A=1", "BA=2"]}"#);
    let kept = Kept::default();
    assert!(has_variable(&process, "A=1", &kept).is_ok());
    assert!(has_variable(&process, "A=[NUMBER]", &kept).is_ok());
    assert_eq!(has_variable(&process, "A=", &kept), Err("was started with the variable A=1".into()));
    assert_eq!(has_variable(&process, "C=1", &kept), Err("was started without the variable C".into()));
    let blank = self::process(r#"{"user": {"uid": 0, "gid": 0}, "env": ["A=1 "]}"#);
    let end = "was started with the variable \"A=1 \", which ends with a blank";
    assert_eq!(has_variable(&blank, "A=1", &kept), Err(end.into()));
    assert!(has_variable(&blank, "A=[...]", &kept).is_ok());
    assert!(has_variable(&blank, "A=[NUMBER]", &kept).is_err());
    let list = self::process(r#"{"user": {"uid": 0, "gid": 0}, "env": ["LIST=[1,2] "]}"#);
    assert!(has_variable(&list, "LIST=[1,2]", &kept).is_err());
    assert_eq!(lacks_variable(&process, "B"), Ok(()));
    assert!(lacks_variable(&process, "BA").is_err());
}

#[test]
fn the_command_line_has_blanks_between_its_words() {
    let process = process(r#"{"user": {"uid": 0, "gid": 0}, "args": ["sh", "-c", "sleep 5"]}"#);
    let kept = Kept::default();
    assert!(was_started_with(&process, "-c sleep 5", &kept).is_ok());
    assert_eq!(was_started_with(&process, "sleep 6", &kept), Err("was started with \"sh -c sleep 5\"".into()));
}

#[test]
fn a_process_has_the_whole_command_line() {
    let (kept, processes) = (Kept::default(), ["sh -c sleep 5 # sleep 6".to_owned(), "/bin/sleep 5".to_owned()]);
    for expected in ["sleep 5", "/bin/sleep 5", "sleep [NUMBER]"] {
        assert!(runs(&processes, expected, &kept).is_ok(), "{expected}");
    }
    let why = runs(&processes, "sleep 6", &kept).unwrap_err();
    assert_eq!(why, r#"does not run the process "sleep 6"; it runs "sh -c sleep 5 # sleep 6", "/bin/sleep 5""#);
    assert!(runs(&[], "sleep 6", &kept).unwrap_err().ends_with("it runs no process"));
}

#[test]
fn limits_are_in_bytes_and_processors() {
    let spec = spec(r#"{"user": {"uid": 0, "gid": 0}}"#);
    assert_eq!(spec.limit(Resource::Memory), Some(1_048_576.0));
    assert_eq!(spec.limit(Resource::Cpu), Some(0.2));
    let unlimited = Spec { linux: Linux::default(), ..spec };
    assert_eq!((unlimited.limit(Resource::Memory), unlimited.limit(Resource::Cpu)), (None, None));
}

#[test]
fn a_path_is_read_only_where_its_mount_is() {
    let spec = spec(r#"{"user": {"uid": 0, "gid": 0}}"#);
    let writable = ["/etc/deep/c", "/etc/c", "/usr"].map(|path| spec.writable_at(path));
    assert_eq!(writable, [None, Some("/etc/c"), Some("/usr")]);
    let read_only = Spec { root: Root { readonly: true }, ..spec };
    assert_eq!((read_only.writable_at("/usr"), read_only.writable_at("/etc/c")), (None, Some("/etc/c")));
}

#[test]
fn a_folder_that_is_also_mounted_elsewhere_can_be_written_there() {
    let mut spec = spec(r#"{"user": {"uid": 0, "gid": 0}}"#);
    let mut mount = |destination: &str, source: &str, options: &[&str]| {
        let options = options.iter().map(|option| (*option).into()).collect();
        spec.mounts.push(Mount { destination: destination.into(), source: source.into(), options });
        spec.writable_at("/etc/deep/c").map(str::to_owned)
    };
    assert_eq!(mount("/again", "/node/deep", &["ro"]), None);
    assert_eq!(mount("/neighbour", "/node/deeper", &["rw"]), None);
    assert_eq!(mount("/part", "/node/deep/c/d", &["rw"]).as_deref(), Some("/part"));
    assert_eq!(mount("/archive", "/node/deep", &["rbind", "rw"]).as_deref(), Some("/part"));
}

#[test]
fn a_part_of_a_volume_may_be_the_part_that_is_read_elsewhere() {
    let mut spec = spec(r#"{"user": {"uid": 0, "gid": 0}}"#);
    let mount = |destination: &str, source: &str, option: &str| Mount {
        destination: destination.into(),
        source: format!("/var/lib/kubelet/pods/{source}"),
        options: vec![option.into()],
    };
    spec.mounts = vec![
        mount("/input", "u1/volumes/kubernetes.io~empty-dir/logs", "ro"),
        mount("/other", "u1/volume-subpaths/data/web/0", "rw"),
    ];
    assert_eq!(spec.writable_at("/input/file"), None);
    spec.mounts.push(mount("/archive", "u1/volume-subpaths/logs/web/1", "rw"));
    assert_eq!(spec.writable_at("/input/file"), Some("/archive"));
}

#[test]
fn a_path_is_in_the_deepest_folder_that_is_mounted_over_it() {
    let spec = spec(r#"{"user": {"uid": 0, "gid": 0}}"#);
    assert_eq!(spec.mounted("/etc/a/b"), Some(("/node/etc", "a/b".into())));
    assert_eq!(spec.mounted("/etc/deep/c"), Some(("/node/deep", "c".into())));
    assert_eq!(spec.mounted("/etc"), Some(("/node/etc", String::new())));
    assert_eq!((spec.mounted("/etcetera"), spec.mounted("/proc/1"), spec.mounted("/usr")), (None, None, None));
    let mut with_slashes = spec;
    with_slashes.mounts.iter_mut().for_each(|mount| mount.destination += "/");
    assert_eq!(with_slashes.mounted("/etc"), Some(("/node/etc", String::new())));
    assert_eq!(with_slashes.mounted("/etc/deep/c"), Some(("/node/deep", "c".into())));
}
