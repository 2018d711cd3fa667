//! Credential helpers of Docker's command line: programs such as `docker-credential-pass`, which know the logins to
//! registries (<https://docs.docker.com/reference/cli/docker/login/#credential-helpers>).

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ffi::OsStr,
    fs, io,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::Path,
};

use serde::Deserialize;

/// Writes a program for each helper that these settings name and that is on `path`. It calls the helper with `home`.
pub(super) fn lend(settings: &str, home: &OsStr, path: &OsStr, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for name in names(settings) {
        let program = format!("docker-credential-{name}");
        let found = env::split_paths(path).map(|folder| folder.join(&program)).find(|file| file.is_file());
        let Some(found) = found else { continue };
        let text = [b"#!/bin/sh\nHOME=", &*quoted(home), b" exec ", &*quoted(found.as_os_str()), b" \"$@\"\n"].concat();
        fs::write(to.join(&program), text)?;
        fs::set_permissions(to.join(&program), fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// The helpers that the settings name: one for all registries, and others for some of them.
fn names(settings: &str) -> BTreeSet<String> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Settings {
        creds_store: String,
        cred_helpers: BTreeMap<String, String>,
    }
    let Settings { creds_store, cred_helpers } = serde_json::from_str(settings).unwrap_or_default();
    let is_name = |name: &String| !name.is_empty() && !name.contains('/');
    cred_helpers.into_values().chain([creds_store]).filter(is_name).collect()
}

/// A text as one word of a shell.
fn quoted(text: &OsStr) -> Vec<u8> {
    let inside: Vec<&[u8]> = text.as_bytes().split(|byte| *byte == b'\'').collect();
    [b"'", &*inside.join(&b"'\\''"[..]), b"'"].concat()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_helper_sees_the_users_home_folder() {
        let (folder, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let real = folder.path().join("docker-credential-fake");
        fs::write(&real, "#!/bin/sh\necho \"$HOME $1\"\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o755)).unwrap();
        let settings = r#"{"credsStore":"fake","credHelpers":{"x.example":"not-installed","y.example":"../x"}}"#;
        lend(settings, OsStr::new("/home/o'neil"), folder.path().as_os_str(), to.path()).unwrap();
        let written: Vec<_> = fs::read_dir(to.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(written, ["docker-credential-fake"]);
        let wrapper = to.path().join("docker-credential-fake");
        let answer = Command::new("/bin/sh").arg(wrapper).arg("get").env("HOME", "/other").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&answer.stdout), "/home/o'neil get\n");
    }

    #[test]
    fn settings_without_helpers_need_none() {
        assert!(names("").is_empty() && names("{}").is_empty() && names(r#"{"credsStore":""}"#).is_empty());
    }
}
