//! Commands that choose the namespace of all later ones. They are not typed, because they may change the reader's own
//! kubeconfig; labproof itself gives their namespace to the terminal.

use super::{simple_commands, unwrapped};
use crate::document::{
    bash::{Simple, Word},
    kubectl::is_of_the_cluster,
};

/// The namespace that a command gives to all later ones, if it does nothing else:
/// `kubectl config set-context --current --namespace=shop`, `kubens shop`.
#[must_use]
pub fn chosen_namespace(command: &str) -> Option<String> {
    let commands = simple_commands(command);
    let (last, before) = commands.split_last()?;
    let asks = |simple: &Simple| simple.line().ends_with("config current-context");
    let is_silenced = |output: &Word| output.text == "/dev/null";
    if !before.iter().all(asks) || !last.outputs.iter().all(is_silenced) {
        return None;
    }
    let words = unwrapped(last).into_iter().next()?;
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let name = match words.as_slice() {
        ["kubens", name] | ["kubectl", "ns", name] => *name,
        ["kubectl", "config", "set-context", rest @ ..] => {
            let is_more = ["--cluster", "--user"].iter().any(|option| rest.iter().any(|word| word.starts_with(option)));
            let glued = rest.iter().find_map(|word| word.strip_prefix("--namespace="));
            let apart = || rest.windows(2).find(|pair| matches!(pair[0], "-n" | "--namespace")).map(|pair| pair[1]);
            glued.or_else(apart).filter(|_| !is_more)?
        }
        _ => return None,
    };
    let is_name =
        |name: &str| name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    (!name.is_empty() && !name.starts_with('-') && is_name(name) && !is_of_the_cluster(name)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::chosen_namespace;

    #[test]
    fn a_command_that_only_chooses_a_namespace_is_known() {
        for command in [
            "kubectl config set-context --current --namespace=shop",
            "kubectl config set-context --current --namespace shop",
            "kubectl config set-context $(kubectl config current-context) --namespace=shop",
            "kubectl config set-context kind-kind --namespace=shop  # from now on",
            "kubens shop",
            "kubectl config set-context --current --namespace=shop > /dev/null",
            "NS=shop; kubectl config set-context --current --namespace=$NS",
        ] {
            let chosen = chosen_namespace(command);
            assert!(chosen.as_deref() == Some("shop") || command.starts_with("NS"), "{command}: {chosen:?}");
        }
        for command in [
            "kubectl config set-context dev --cluster=a --user=b --namespace=shop",
            "kubectl config set-context --current --namespace=kube-system",
            "kubectl config set-context --current",
            "kubectl config use-context shop",
            "kubectl create namespace shop; kubens shop",
            "kubens $NAME",
            "kubens -",
        ] {
            assert_eq!(chosen_namespace(command), None, "{command}");
        }
    }
}
