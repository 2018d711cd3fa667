//! Which of several tabs labproof follows.

/// Words of tabs for what labproof has: a local cluster, Linux, bash and kubectl.
const HERE: &str = "kind kubectl kubernetes k8s linux ubuntu debian bash shell docker cli local";
/// Words of tabs for other systems and tools.
const ELSEWHERE: &str = "windows powershell pwsh cmd macos mac osx darwin brew homebrew fish openshift oc ocp odo gke eks \
    aks aws azure amazon google gcp cloud openstack rancher podman colima minikube k3d k3s microk8s wsl fedora rhel \
    centos redhat arch suse vagrant arm64 helm kustomize argocd terraform skaffold pulumi desktop";
/// Words of tabs for other ways to do the same.
const WAYS: &str = "option method approach alternative variant yaml json declarative imperative manifest python go java \
    javascript typescript node ruby rust php maven gradle npm yarn pip zsh ash";
/// Words of tabs that belong to one story.
const TOGETHER: &str = "output result response expected terminal window step container command commands input before after \
    server client hint solution explanation description files file test verify";

/// The name of the tab to follow, if these are ways to do the same: one for what labproof has, or one like those chosen
/// earlier, or the first.
pub(super) fn among<'a>(names: &[&'a str], earlier: &[&str]) -> Option<&'a str> {
    let words: Vec<Vec<String>> = names.iter().map(|name| words_of(name)).collect();
    let any = |list: &str| words.iter().any(|words| has(words, list));
    let are_ways = any(HERE) || any(ELSEWHERE) || any(WAYS);
    if names.len() < 2 || !are_ways || any(TOGETHER) {
        return None;
    }
    let rank = |place: usize| match &words[place] {
        _ if earlier.contains(&names[place]) => 0,
        words if has(words, HERE) => 1,
        words if has(words, ELSEWHERE) => 3,
        _ => 2,
    };
    (0..names.len()).min_by_key(|place| rank(*place)).map(|place| names[place])
}

fn words_of(name: &str) -> Vec<String> {
    name.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect()
}

fn has(words: &[String], list: &str) -> bool {
    list.split_whitespace().any(|known| words.iter().any(|word| word == known))
}

#[cfg(test)]
mod tests {
    use super::among;

    #[test]
    fn one_of_several_ways_is_followed() {
        for (names, chosen) in [
            (["oc", "kubectl"], "kubectl"),
            (["macOS", "Linux"], "Linux"),
            (["Minikube", "GKE"], "Minikube"),
            (["YAML", "Imperative"], "YAML"),
            (["Option 1", "Option 2"], "Option 1"),
            (["Windows (PowerShell)", "Ubuntu"], "Ubuntu"),
        ] {
            assert_eq!(among(&names, &[]), Some(chosen));
        }
        assert_eq!(among(&["a Go program", "a Java program"], &["a Java program"]), Some("a Java program"));
    }

    #[test]
    fn tabs_of_one_story_are_all_followed() {
        for names in
            [["Terminal 1", "Terminal 2"], ["kubectl", "Output"], ["Deployment", "Service"], ["app.py", "Dockerfile"]]
        {
            assert_eq!(among(&names, &[]), None);
        }
        assert_eq!(among(&["Linux"], &[]), None);
    }
}
