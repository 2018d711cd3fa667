//! Which of several tabs labproof follows.

use std::collections::BTreeSet;

/// Kinds of ways to do the same, each with its words. Two tabs with words of one kind are ways.
const WAYS: [&str; 5] = [
    "windows powershell pwsh cmd macos mac osx darwin brew homebrew linux ubuntu debian fedora rhel centos redhat arch suse \
     wsl bash zsh fish shell unix",
    "kubectl kubernetes k8s oc openshift ocp odo helm kustomize argocd terraform skaffold pulumi docker podman cli",
    "kind minikube k3d k3s microk8s kubernetes openshift gke eks aks iks doks oke ibm aws azure amazon google gcp digitalocean linode oracle cloud openstack rancher rke talos okd crc \
     colima vagrant local desktop docker",
    "python go java javascript typescript node ruby rust php maven gradle npm yarn pip",
    "yaml json declarative imperative manifest kubectl cli",
];
/// Words of tabs that are ways by themselves, with a number behind them.
const NUMBERED: &str = "option method approach alternative variant";
/// Words of tabs for what labproof has: a local cluster, Linux, bash and kubectl.
const HERE: &str = "kind kubectl kubernetes k8s linux ubuntu debian bash shell docker cli local";
/// Words of tabs for other systems and tools.
const ELSEWHERE: &str = "windows powershell pwsh cmd macos mac osx darwin brew homebrew fish openshift oc ocp odo okd crc gke eks \
    aks iks doks oke ibm digitalocean linode oracle rke talos aws azure amazon google gcp cloud openstack rancher podman colima minikube k3d k3s microk8s wsl fedora rhel \
    centos redhat arch suse vagrant arm64 helm kustomize argocd terraform skaffold pulumi desktop";
/// Words of tabs for clusters that have a program of their own in place of kubectl.
const OTHER_PROGRAM: &str = "openshift oc ocp odo okd";
/// Words of tabs that belong to one story.
const TOGETHER: &str = "output result response expected terminal window step container command commands input before after \
    server client hint solution explanation description files file test verify dockerfile makefile";

/// The name of the tab to follow, if these are ways to do the same: one for what labproof has, or one like those chosen
/// earlier, or the first.
pub(super) fn among<'a>(names: &[&'a str], earlier: &BTreeSet<&str>) -> Option<&'a str> {
    let words: Vec<BTreeSet<String>> = names.iter().map(|name| words_of(name)).collect();
    if names.len() < 2 || names.iter().any(|name| is_file(name)) || words.iter().any(|words| has(words, TOGETHER)) {
        return None;
    }
    let are_numbered = words.iter().all(|words| has(words, NUMBERED));
    // What all tabs are about does not tell them apart.
    let shared = words.iter().skip(1).fold(words[0].clone(), |shared, words| &shared & words);
    let own: Vec<BTreeSet<String>> = words.iter().map(|words| words - &shared).collect();
    let are_of_one_kind = |kind: &&str| own.iter().filter(|words| has(words, kind)).count() > 1;
    if !are_numbered && !WAYS.iter().any(are_of_one_kind) {
        return None;
    }
    let rank = |index: usize| match &own[index] {
        _ if earlier.contains(&names[index]) => 0,
        words if has(words, HERE) => 1,
        words if has(words, OTHER_PROGRAM) => 4,
        words if has(words, ELSEWHERE) => 3,
        _ => 2,
    };
    (0..names.len()).min_by_key(|index| rank(*index)).map(|index| names[index])
}

/// Whether a name is that of a file: `pod.yaml`.
fn is_file(name: &str) -> bool {
    name.split_whitespace().any(|word| {
        let parts = word.rsplit_once('.');
        parts.is_some_and(|(stem, end)| !stem.is_empty() && end.len() > 1 && end.chars().all(char::is_alphabetic))
    })
}

fn words_of(name: &str) -> BTreeSet<String> {
    name.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect()
}

fn has(words: &BTreeSet<String>, list: &str) -> bool {
    list.split_whitespace().any(|known| words.contains(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen<'a>(names: &[&'a str]) -> Option<&'a str> {
        among(names, &BTreeSet::new())
    }

    #[test]
    fn one_of_several_ways_is_followed() {
        for (names, followed) in [
            (["oc", "kubectl"], "kubectl"),
            (["macOS", "Linux"], "Linux"),
            (["Minikube", "GKE"], "Minikube"),
            (["YAML", "Imperative"], "YAML"),
            (["Option 1", "Option 2"], "Option 1"),
            (["Windows (PowerShell)", "Ubuntu"], "Ubuntu"),
            (["OpenShift", "IKS"], "IKS"),
        ] {
            assert_eq!(chosen(&names), Some(followed));
        }
        let names = ["a Go program", "a Java program"];
        assert_eq!(among(&names, &["a Java program"].into()), Some("a Java program"));
    }

    #[test]
    fn tabs_of_one_story_are_all_followed() {
        for names in [
            ["Terminal 1", "Terminal 2"],
            ["kubectl", "Output"],
            ["Deployment", "Service"],
            ["app.py", "Dockerfile"],
            ["deployment.yaml", "service.yaml"],
            ["main.go", "Makefile"],
            ["Kubernetes Deployment", "Kubernetes Service"],
            ["Python", "Docker"],
        ] {
            assert_eq!(chosen(&names), None, "{names:?}");
        }
        assert_eq!(chosen(&["Linux"]), None);
    }
}
