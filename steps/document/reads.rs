//! Which commands only read: they may be typed again, and later commands do not need them.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    bash::{Simple, Word},
    kubectl::{KubectlCommand, ONLY_ASKS},
    safety,
};
use crate::expression::{kubectl_regex, regex};

/// Programs that only read, whatever their arguments are. Where their output goes is judged apart.
const READERS: &str = "cat ls echo printf ps env printenv id whoami df head tail grep egrep fgrep wc cut tr jq \
    base64 column tac rev nl uname pwd nslookup dig host getent ping stat file which type test [ true false diff cmp seq \
    md5sum sha256sum od hexdump strings sleep free uptime ss netstat export less more";

/// How deep commands may be within each other.
const DEPTH: usize = 4;

/// Whether a command only reads, and may therefore be typed again. A loop does not: it may have no end.
#[must_use]
pub fn only_reads(command: &str) -> bool {
    // Arithmetic may count on.
    static LOOPS: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:while|until|for|if)\b|\(\(|\blet\b|\+="));
    let line = command.trim().replace("\\\n", " ");
    !line.contains('\n') && !LOOPS.is_match(&line) && all_read(&line, DEPTH)
}

/// Whether a command only reads what changes by itself.
#[must_use]
pub fn reads_the_cluster(command: &str) -> bool {
    static ASKS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"KUBECTL\s|\b(?:curl|docker|wget)\b"));
    only_reads(command) && ASKS.is_match(command)
}

fn all_read(text: &str, depth: usize) -> bool {
    let commands = safety::simple_commands(text);
    depth > 0 && !commands.is_empty() && commands.iter().all(|command| reads(command, depth - 1))
}

fn reads(command: &Simple, depth: usize) -> bool {
    let is_nowhere = |output: &Word| matches!(output.text.as_str(), "/dev/null" | "/dev/stdout" | "/dev/stderr");
    command.outputs.iter().all(is_nowhere)
        && safety::unwrapped(command).iter().all(|words| {
            let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            program_reads(&texts, words, depth)
        })
}

fn program_reads(texts: &[&str], words: &[Word], depth: usize) -> bool {
    let Some((program, rest)) = texts.split_first() else { return true };
    // Behind an option, a word may be its value: then it is not clear what is done.
    let first = rest.first().copied().unwrap_or_default();
    let second = rest.get(1).copied().unwrap_or_default();
    let has_letter = |letter: char| {
        rest.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
    };
    let has_long = |name: &str| rest.iter().any(|word| word.starts_with(name));
    match *program {
        "kubectl" => kubectl_reads(words, depth),
        "docker" | "podman" | "nerdctl" | "crictl" => match first {
            "ps" | "images" | "logs" | "inspect" | "version" | "info" | "top" | "port" | "history" | "search" => true,
            "image" | "container" | "network" | "volume" | "context" => {
                matches!(second, "ls" | "list" | "inspect" | "history" | "logs" | "top" | "port")
            }
            _ => false,
        },
        "kind" | "minikube" | "k3d" => matches!(first, "get" | "version" | "status" | "ip"),
        "helm" => matches!(first, "list" | "ls" | "get" | "status" | "history" | "show" | "search" | "version"),
        "kustomize" => matches!(first, "build" | "version") && !has_letter('o') && !has_long("--output"),
        "curl" => !rest.iter().any(|word| curl_changes(word)) || is_get(rest),
        "wget" => {
            !rest.iter().any(|word| word.starts_with("--post") || word.starts_with("--method")) && keeps_none(rest)
        }
        "sh" | "bash" | "ash" => match rest {
            ["-c", script, ..] => all_read(script, depth),
            _ => false,
        },
        "redis-cli" => {
            ["ping", "get", "keys", "info", "exists", "dbsize"].contains(&first.to_ascii_lowercase().as_str())
        }
        "sed" => !has_letter('i') && !has_long("--in-place") && !rest.iter().any(|word| word.contains("w ")),
        "yq" => !has_letter('i') && !has_long("--inplace"),
        // Their programs may write, and start others.
        "awk" => !rest.iter().any(|word| word.contains(['>', '|']) || word.contains("system")),
        "sort" => !has_letter('o') && !has_long("--output"),
        "uniq" => rest.iter().all(|word| word.starts_with('-')),
        "find" => !["-delete", "-fprint", "-fls"].into_iter().any(has_long),
        "date" => !has_letter('s') && !has_long("--set"),
        "mount" => rest.is_empty(),
        "hostname" => rest.iter().all(|word| matches!(*word, "-i" | "-I" | "-f" | "-s")),
        "ip" => !rest.iter().any(|word| matches!(*word, "add" | "del" | "delete" | "set" | "flush" | "replace")),
        "nginx" => matches!(rest, ["-v" | "-V" | "-t" | "-T"]),
        program => READERS.split_whitespace().any(|reader| reader == program),
    }
}

/// What a program in a Pod is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The Pod's name, as the command has it.
    pub pod: String,
    /// The program and its arguments.
    pub program: Vec<String>,
}

/// Each program that the commands of a text run in a Pod, or that copies a file out of it, and that changes nothing
/// there.
#[must_use]
pub fn asked_inside(text: &str) -> Vec<Inside> {
    let commands = safety::simple_commands(text);
    commands.iter().flat_map(safety::unwrapped).filter_map(|words| inside(&words)).collect()
}

/// The Pods that the commands of a text make with `kubectl run`.
#[must_use]
pub fn pods_run(text: &str) -> Vec<String> {
    let run = |words: Vec<Word>| {
        let command = KubectlCommand::of(&words).filter(|command| command.verb() == "run")?;
        Some(command.words.get(1)?.text.clone())
    };
    safety::simple_commands(text).iter().flat_map(safety::unwrapped).filter_map(run).collect()
}

fn inside(words: &[Word]) -> Option<Inside> {
    let command = KubectlCommand::of(words)?;
    let object = &command.words.get(1)?.text;
    if command.verb() == "cp" {
        let (pod, path) = object.split_once(':')?;
        return Some(Inside { pod: pod.to_owned(), program: vec!["cp".to_owned(), path.to_owned()] });
    }
    let run = (command.verb() == "exec").then(|| run_inside(words, &command))?;
    let asks = match run.as_slice() {
        [shell, option, script, ..] if is_a_shell(&shell.text) && option.text.ends_with('c') => asks(&script.text),
        words => !words.is_empty() && reads(&Simple { words: words.to_vec(), ..Simple::default() }, DEPTH),
    };
    let pod = object.strip_prefix("pod/").unwrap_or(object).to_owned();
    asks.then(|| Inside { pod, program: run.into_iter().map(|word| word.text).collect() })
}

fn is_a_shell(program: &str) -> bool {
    ["sh", "bash", "ash"].contains(&program.rsplit('/').next().unwrap_or_default())
}

/// Whether a script asks something and changes nothing, wherever it does so.
fn asks(script: &str) -> bool {
    let goes = |command: &Simple| command.words.first().is_some_and(|word| word.text == "cd");
    let commands: Vec<Simple> = safety::simple_commands(script).into_iter().filter(|command| !goes(command)).collect();
    !commands.is_empty() && commands.iter().all(|command| reads(command, DEPTH))
}

/// What `kubectl exec` runs in the container; older versions took it without `--` before it.
fn run_inside(words: &[Word], command: &KubectlCommand) -> Vec<Word> {
    let behind = words.iter().position(|word| word.text == "--").map(|at| words[at + 1..].to_vec());
    behind.unwrap_or_else(|| command.words.iter().skip(2).map(|word| (*word).clone()).collect())
}

fn kubectl_reads(words: &[Word], depth: usize) -> bool {
    let Some(command) = KubectlCommand::of(words) else { return false };
    let watches = words.iter().take_while(|word| word.text != "--").any(|word| {
        matches!(word.text.as_str(), "-w" | "--watch" | "--watch-only" | "--watch=true" | "--watch-only=true")
    });
    let object = command.words.get(1).map_or("", |word| word.text.as_str());
    match command.verb() {
        "get" | "describe" | "logs" | "log" | "top" | "version" | "api-resources" | "api-versions" | "explain"
        | "events" | "diff" | "help" | "options" => !watches,
        "cluster-info" => object.is_empty(),
        "config" => matches!(object, "view" | "current-context" | "get-contexts" | "get-clusters" | "get-users"),
        "auth" => matches!(object, "can-i" | "whoami"),
        "rollout" => matches!(object, "status" | "history"),
        "exec" => {
            let inner = run_inside(words, &command);
            depth > 0 && !inner.is_empty() && reads(&Simple { words: inner, ..Simple::default() }, depth - 1)
        }
        "" => false,
        _ => command.has(&ONLY_ASKS),
    }
}

/// Whether an option of curl sends something, or writes a file.
fn curl_changes(word: &str) -> bool {
    static LONG: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^--(?:req|dat|js|for|up|ou|remote|cookie-jar|dump|config|create|trace|hsts|alt-svc|etag-s|unix)")
    });
    static SHORT: LazyLock<Regex> = LazyLock::new(|| regex(r"^-[a-zA-Z#]*?[XdFToOKcD]"));
    LONG.is_match(word) || !word.starts_with("--") && SHORT.is_match(word)
}

/// Whether curl's options of this kind change nothing: a request with GET, or an output to `/dev/null`.
fn is_get(rest: &[&str]) -> bool {
    let mut rest = rest.iter().copied().peekable();
    while let Some(word) = rest.next() {
        let harmless: &[&str] = match word {
            "-X" | "--request" => &["GET", "HEAD"],
            "-o" | "--output" => &["/dev/null", "-"],
            "-XGET" | "-XHEAD" | "-o/dev/null" | "-I" => continue,
            _ if word.len() > 2 && word.starts_with('-') && !word.starts_with("--") && word.ends_with('o') => {
                let others = format!("-{}", &word[1..word.len() - 1]);
                if curl_changes(&others) {
                    return false;
                }
                &["/dev/null", "-"]
            }
            _ if curl_changes(word) => return false,
            _ => continue,
        };
        if !rest.next().is_some_and(|value| harmless.contains(&value)) {
            return false;
        }
    }
    true
}

/// Whether wget keeps no file under a name of its own.
fn keeps_none(rest: &[&str]) -> bool {
    let mut names = rest.iter().enumerate().filter_map(|(index, word)| {
        let long = word.strip_prefix("--output-document=");
        let short = || (word.starts_with('-') && !word.starts_with("--")).then(|| word.split_once('O')).flatten();
        match long.or_else(|| short().map(|(_, name)| name)) {
            Some("") => rest.get(index + 1).copied(),
            name => name,
        }
    });
    names.all(|name| matches!(name, "-" | "/dev/null" | "/dev/stdout"))
}

/// Whether a command shows volumes or claims.
#[must_use]
pub fn lists_volumes(command: &str) -> bool {
    static LISTS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"^KUBECTL\s(?:\S+\s+)*?(?:get|describe)\s+(?:\S+,)?(?:pvc?|persistentvolume(?:claim)?s?)\b")
    });
    LISTS.is_match(command.trim())
}

#[cfg(test)]
mod tests {
    use super::{only_reads, reads_the_cluster};

    #[test]
    fn only_commands_that_read_are_typed_again() {
        for command in [
            "kubectl get pods",
            "k -n x logs web",
            "kubectl exec bb -- wget -O - http://10.0.0.1:3000",
            "kubectl exec bb -- sh -c 'ls / | wc -l'",
            "kubectl exec bb date",
            "kubectl get pods \\\n  -o wide | grep web",
            "kubectl create deployment web --image=nginx --dry-run=client -o yaml",
            "curl http://localhost:5000",
            "curl -s -o /dev/null -w '%{http_code}' http://localhost",
            "curl -so /dev/null -XGET http://localhost",
            "wget -qO- http://web | head -1",
            "export ip=\"$(kubectl get pod web -o go-template='{{.status.podIP}}')\"",
            "kubectl get pods 2>&1",
            "kubectl get pods 2>/dev/null; echo $?",
            "sudo docker image ls",
            "timeout 5 kubectl exec redis -- redis-cli ping",
            "kubectl get pods --no-headers | awk '{print $1}' | sort | uniq -c",
        ] {
            assert!(only_reads(command), "{command}");
        }
        assert!(!reads_the_cluster("cat Dockerfile") && reads_the_cluster("kubectl get pods"));
    }

    #[test]
    fn commands_that_change_something_are_not_typed_again() {
        for command in [
            "kubectl delete pod web",
            "kubectl apply -f web.yaml",
            "kubectl exec web -- rm x",
            "kubectl exec web -- sh -c 'echo a > /data/x; cat /data/x'",
            "kubectl exec r -- redis-cli incr hits | tail -1",
            "kubectl get pods -w",
            "curl -X POST http://localhost",
            "curl -XPOST http://localhost",
            "curl -sd a=b http://localhost",
            "curl -d a=b http://localhost",
            "curl -LO http://localhost/x",
            "wget -qO x http://localhost/x",
            "kubectl get pod web -o yaml > web.yaml",
            "kubectl get pod web -o yaml > /tmp/web.yaml",
            "kubectl get pods | tee pods.txt",
            "kubectl get pod web -o yaml | kubectl replace -f -",
            "kubectl get pods | xargs kubectl delete pod",
            "kubectl get pods && kubectl scale deployment web --replicas=2",
            "ls; kubectl delete pod web",
            "cat x.sql | psql",
            "kubectl get pods\nkubectl delete pods --all",
            "while true; do curl http://localhost; done",
            "a=$(kubectl create job x)",
            "sed -i s/a/b/ x",
            "./get-pods",
            "docker --log-level info run busybox",
            "docker -c ps rm -f web",
            "helm -n list install web ./web",
            "kubectl exec web -- sed -ri s/a/b/ x",
            "kubectl exec r -- redis-cli incr keys",
            "kubectl get pods | sort -uo out",
            "kubectl get pods | awk '{print > \"x\"}'",
            "uniq in out",
            "kubectl exec web -- hostname x",
            "n=$((n+1)); kubectl get pods",
            "kubectl cluster-info dump --output-directory=x",
            "curl --dat a=b http://localhost",
        ] {
            assert!(!only_reads(command), "{command}");
        }
    }
}
