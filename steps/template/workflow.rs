//! Workflows that run labs on a CI service.

use std::{path::PathBuf, process::Command};

/// A CI service that runs labs after each push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Ci {
    /// .github/workflows/labs.yml
    Github,
    /// .gitlab-ci.yml
    Gitlab,
}

/// Gets labproof's repository, whose address labproof does not know.
const CLONE: &str = r#"    # Store the address of labproof's own repository in this variable: Settings, Secrets and variables, Actions.
    - name: Get labproof
      run: git clone --depth 1 "$LABPROOF_REPOSITORY" .labproof
      env:
        LABPROOF_REPOSITORY: ${{ vars.LABPROOF_REPOSITORY }}"#;

/// The workflow for a service. A course with its own program runs that.
#[must_use]
pub fn workflow(ci: Ci, has_own_program: bool) -> (PathBuf, String) {
    match ci {
        Ci::Github => {
            let own = || include_str!("github-course.yml").to_owned();
            let text = if has_own_program { own() } else { github(action().as_deref()) };
            (".github/workflows/labs.yml".into(), text)
        }
        Ci::Gitlab => {
            let text = include_str!("gitlab.yml");
            (".gitlab-ci.yml".into(), if has_own_program { gitlab_of_course(text) } else { text.to_owned() })
        }
    }
}

/// The workflow for GitLab that builds and runs the course's own program.
fn gitlab_of_course(text: &str) -> String {
    let is_of_labproof = |line: &&str| line.contains("LABPROOF_REPOSITORY") || line.contains("labproof/bin:$PATH");
    let lines = text.lines().filter(|line| !is_of_labproof(line));
    lines.map(|line| format!("{}\n", line.replace("- labproof ", "- cargo run -- "))).collect()
}

/// The workflow that uses labproof's action at this address, or otherwise a clone of the repository.
fn github(action: Option<&str>) -> String {
    let template = include_str!("github.yml");
    match action {
        Some(action) => template.replace("GET_LABPROOF\n", "").replace("ADDRESS", action),
        None => template.replace("GET_LABPROOF", CLONE).replace("ADDRESS", "./.labproof"),
    }
}

/// The address of labproof's action at the commit from which this program was built, if that folder still exists and was
/// cloned from GitHub.
fn action() -> Option<String> {
    let git = |words: &[&str]| {
        let asked = Command::new("git").args(["-C", env!("CARGO_MANIFEST_DIR")]).args(words).output().ok()?;
        let answer = String::from_utf8(asked.stdout).ok()?;
        asked.status.success().then(|| answer.trim().to_owned())
    };
    let repository = on_github(&git(&["remote", "get-url", "origin"])?)?;
    Some(format!("{repository}@{}", git(&["rev-parse", "HEAD"])?))
}

/// The owner and the name of a repository on GitHub with this remote address.
fn on_github(remote: &str) -> Option<String> {
    let prefixes = ["https://github.com/", "ssh://git@github.com/", "git@github.com:"];
    let path = prefixes.iter().find_map(|prefix| remote.strip_prefix(prefix))?.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    (path.split('/').count() == 2 && path.split('/').all(is_name)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_has_the_address_of_the_remote() {
        for remote in
            ["https://github.com/some/labs.git", "git@github.com:some/labs.git", "https://github.com/some/labs/"]
        {
            assert_eq!(on_github(remote).as_deref(), Some("some/labs"), "{remote}");
        }
        for remote in
            ["https://gitlab.com/some/labs.git", "https://github.com/some", "https://github.com/a b/c", "/some/labs"]
        {
            assert_eq!(on_github(remote), None, "{remote}");
        }
    }

    #[test]
    fn a_course_with_its_own_program_runs_that() {
        for ci in [Ci::Github, Ci::Gitlab] {
            let (_, text) = workflow(ci, true);
            assert!(serde_yaml::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
            assert!(text.contains("cargo run -- setup --install") && text.contains("cargo run -- verify"), "{text}");
            assert!(!text.contains("LABPROOF_REPOSITORY") && !text.contains("cargo install"), "{text}");
        }
    }

    #[test]
    fn without_an_address_the_workflow_clones_the_repository() {
        let steps_of = |text: &str| {
            let workflow: serde_json::Value = serde_yaml::from_str(text).unwrap();
            let steps = workflow["jobs"]["verify"]["steps"].as_array().unwrap().clone();
            let names =
                |key: &str| steps.iter().filter_map(|step| Some(step[key].as_str()?.to_owned())).collect::<Vec<_>>();
            (names("uses"), names("run"))
        };
        let (uses, runs) = steps_of(&github(None));
        assert_eq!(uses[1], "./.labproof");
        assert_eq!(runs, ["git clone --depth 1 \"$LABPROOF_REPOSITORY\" .labproof"]);
        let (uses, runs) = steps_of(&github(Some("some/labs@abc")));
        assert_eq!((&*uses[1], runs.len()), ("some/labs@abc", 0));
    }
}
