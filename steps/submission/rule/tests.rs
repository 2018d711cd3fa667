use std::{collections::BTreeSet, fs, os::unix::fs::symlink, path::Path};

use super::*;
use crate::submission::{Rules, Submission, dockerfile::Builder, manifest};

#[test]
fn rules_are_ordered_by_their_names() {
    assert!(Rule::ALL.is_sorted_by_key(|rule| rule.name()));
    assert!(Rule::ALL.is_sorted());
}

#[test]
fn a_report_has_the_name_of_the_rule() {
    for rule in Rule::ALL {
        let written = serde_json::to_value(rule).unwrap();
        assert_eq!(written, rule.name());
        assert_eq!(serde_json::from_value::<Rule>(written).unwrap(), *rule);
    }
}

#[test]
fn each_rule_refuses_what_breaks_it() {
    for rule in Rule::ALL {
        let found: Vec<Rule> = refusals(*rule).into_iter().collect();
        assert_eq!(found, [*rule]);
    }
}

/// An example that breaks one rule and no other.
enum Example {
    /// A manifest.
    Manifest(String),
    /// A Dockerfile.
    Dockerfile(String),
    /// A folder, filled by the function.
    Folder(fn(&Path)),
    /// A folder that cannot be read.
    Nothing,
}

fn refusals(rule: Rule) -> BTreeSet<Rule> {
    let folder = tempfile::tempdir().unwrap();
    match example(rule) {
        Example::Manifest(text) => fs::write(folder.path().join("pod.yaml"), text).unwrap(),
        Example::Dockerfile(text) => fs::write(folder.path().join("Dockerfile"), text).unwrap(),
        Example::Folder(fill) => fill(folder.path()),
        Example::Nothing => {
            let error = std::io::ErrorKind::PermissionDenied.into();
            let submission = Submission::unreadable("a", &error, &rules());
            return submission.refusals.into_iter().map(|refusal| refusal.rule).collect();
        }
    }
    let submission = Submission::read("a", folder.path(), &rules()).unwrap();
    submission.refusals.into_iter().map(|refusal| refusal.rule).collect()
}

fn rules() -> Rules {
    Rules {
        files: ["Dockerfile", "pod.yaml", "*.js"].map(str::to_owned).into(),
        dockerfiles: ["Dockerfile".to_owned()].into(),
        bases: ["busybox".into()].into(),
        builder: Builder::BuildKit,
        manifests: manifest::Rules {
            kinds: ["Pod", "Service", "Secret"].map(str::to_owned).into(),
            images: ["busybox".into()].into(),
        },
        lab: String::new(),
    }
}

#[expect(clippy::too_many_lines, reason = "each rule has a row")]
fn example(rule: Rule) -> Example {
    match rule {
        Rule::BaseImage => Example::Dockerfile("FROM evil\n".into()),
        Rule::CopyFrom => built("COPY --from=evil a b"),
        Rule::DockerfileSyntax => built("RUN cat << EOF"),
        Rule::Flag => built("COPY --evil=1 a b"),
        Rule::InstructionCount => built(&"USER a\n".repeat(60)),
        Rule::NoDownload => built("ADD http://a/b /c"),
        Rule::Onbuild => built("ONBUILD RUN a"),
        Rule::RunFlag => built("RUN --device=a b"),
        Rule::Capability => container("securityContext: {capabilities: {add: [SYS_ADMIN]}}"),
        Rule::DocumentCount => Example::Manifest("---\na: b\n".repeat(21)),
        Rule::GracePeriod => pod("terminationGracePeriodSeconds: 121"),
        Rule::Image => pod("initContainers: [{name: d, image: evil}]"),
        Rule::Kind => Example::Manifest("kind: Node\n".into()),
        Rule::Metadata => Example::Manifest("kind: Pod\nmetadata: {finalizers: [a]}\n".into()),
        Rule::Name => Example::Manifest("kind: Pod\nmetadata: {generateName: a}\n".into()),
        Rule::Namespace => Example::Manifest("kind: Pod\nmetadata: {namespace: a}\n".into()),
        Rule::NoHostIpc => pod("hostIPC: true"),
        Rule::NoHostNetwork => pod("hostNetwork: true"),
        Rule::NoHostPid => pod("hostPID: true"),
        Rule::NoHostUsers => pod("hostUsers: true"),
        Rule::NoHostPort => container("ports: [{hostPort: 80}]"),
        Rule::NoPrivileged => container("securityContext: {privileged: true}"),
        Rule::ObjectCount => Example::Manifest("kind: Pod\nspec: {replicas: 11}\n".into()),
        Rule::Scheduling => pod("nodeName: a"),
        Rule::Secret => Example::Manifest("kind: Secret\ntype: bootstrap.kubernetes.io/token\n".into()),
        Rule::Security => container("securityContext: {procMount: Unmasked}"),
        Rule::Service => Example::Manifest("kind: Service\nspec: {type: NodePort}\n".into()),
        Rule::ServiceAccount => pod("serviceAccountName: a"),
        Rule::Variables => container(
            "args: [\"$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)$(A)\"], env: [{name: A, value: a}]",
        ),
        Rule::Volume => pod("volumes: [{name: v, hostPath: {path: /}}]"),
        Rule::YamlBomb => Example::Manifest("[".repeat(100)),
        Rule::FileCount => {
            Example::Folder(|folder| (0..51).for_each(|number| write(folder, &format!("{number}.js"), "x")))
        }
        Rule::FileName => Example::Folder(|folder| write(folder, "a\u{1b}.js", "x")),
        Rule::FileSize => Example::Manifest("# \n".repeat(30_000)),
        Rule::NoFolders => Example::Folder(|folder| fs::create_dir(folder.join("pod.yaml")).unwrap()),
        Rule::NoLinks => Example::Folder(|folder| symlink("/etc/passwd", folder.join("pod.yaml")).unwrap()),
        Rule::NoSpecialFiles => Example::Folder(|folder| {
            drop(std::os::unix::net::UnixListener::bind(folder.join("pod.yaml")).unwrap());
        }),
        Rule::OneFile => Example::Folder(|folder| {
            write(folder, "pod.yaml", "");
            write(folder, "pod.json", "");
        }),
        Rule::TotalSize => Example::Folder(|folder| {
            (0..5).for_each(|number| write(folder, &format!("{number}.js"), &"x".repeat(250 * 1024)));
        }),
        Rule::Unreadable => Example::Nothing,
        Rule::Utf8 => Example::Folder(|folder| write(folder, "a.js", "\0")),
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

/// A Dockerfile with an allowed base and this instruction.
fn built(instruction: &str) -> Example {
    Example::Dockerfile(format!("FROM busybox\n{instruction}\n"))
}

/// A Pod with this additional field in its specification.
fn pod(field: &str) -> Example {
    Example::Manifest(format!("kind: Pod\nspec: {{containers: [{{name: c, image: busybox}}], {field}}}\n"))
}

/// A Pod with this additional field in its container.
fn container(field: &str) -> Example {
    Example::Manifest(format!("kind: Pod\nspec: {{containers: [{{name: c, image: busybox, {field}}}]}}\n"))
}
