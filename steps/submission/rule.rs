//! The rules for submissions, each with what it refuses. The tables of `docs/grading.md` are generated from them.

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a rule judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSubject {
    /// Any file of a submission, before it is read.
    AnyFile,
    /// The content of a manifest.
    Manifest,
    /// The content of a Dockerfile.
    Dockerfile,
}

/// What a rule refuses, as Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleEntry {
    /// The subject.
    pub subject: RuleSubject,
    /// What is refused.
    pub refuses: &'static str,
    /// What else is refused in a Dockerfile if the builder is not `BuildKit`; may be empty.
    pub without_buildkit: &'static str,
}

/// Declares the rules: the name of each and, for each subject, what it refuses; after `+`, what else is refused without
/// `BuildKit`.
macro_rules! rules {
    ($($rule:ident $name:literal { $($subject:ident: $refuses:literal $(+ $more:literal)?;)+ })+) => {
        /// A rule that a submission can break. Rules are ordered by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $($(#[doc = $refuses])+ #[serde(rename = $name)] $rule,)+
        }

        impl Rule {
            /// All rules, in their order.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// The name of the rule in reports, such as `no-host-network`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name),+
                }
            }

            /// What the rule refuses.
            #[must_use]
            pub const fn entries(self) -> &'static [RuleEntry] {
                match self {
                    $(Self::$rule => &[$(RuleEntry {
                        subject: RuleSubject::$subject,
                        refuses: $refuses,
                        without_buildkit: concat!($($more)?),
                    }),+]),+
                }
            }
        }
    };
}

rules! {
    BaseImage "base-image" {
        Dockerfile: "a base that `bases` does not name; a variable in its name whose `ARG NAME=value` is not plain"
            + "BuildKit's variables, such as `TARGETARCH`";
    }
    Capability "capability" {
        Manifest: "a capability beyond those of the Pod Security level \"baseline\"";
    }
    CopyFrom "copy-from" {
        Dockerfile: "`--from` of anything but an earlier stage or a base, for `COPY` and for `RUN --mount`";
    }
    DockerfileSyntax "dockerfile-syntax" {
        Dockerfile: "a line that versions of the builder read differently, such as `<< EOF` with a space; a here-document that does not end; `# syntax=` with another value than `docker/dockerfile`"
            + "here-documents, `# check=`";
    }
    DocumentCount "document-count" {
        Manifest: "more than 20 documents in a file; each object of a `List` counts as one";
    }
    FileCount "file-count" {
        AnyFile: "more than 50 files for one `*`, or more than 1000 names in its folder";
    }
    FileName "file-name" {
        AnyFile: "a name that is not UTF-8, has control characters in it, or leads out of the folder";
    }
    FileSize "file-size" {
        AnyFile: "more than 256 KiB";
        Manifest: "more than 64 KiB";
        Dockerfile: "more than 64 KiB";
    }
    Flag "flag" {
        Dockerfile: "a flag that the instruction does not have"
            + "`--chmod`, `--link`, `--parents`, `--exclude`, `--unpack`";
    }
    GracePeriod "grace-period" {
        Manifest: "more than 120 seconds to end";
    }
    Image "image" {
        Manifest: "an image that the lab does not name, or none";
    }
    InstructionCount "instruction-count" {
        Dockerfile: "more than 60 instructions or 8 stages";
    }
    Kind "kind" {
        Manifest: "a kind that `kinds` does not name, and what belongs to the whole cluster; the same in a `List`";
    }
    Metadata "metadata" {
        Manifest: "finalizers, owners, and annotations or labels that programs of the cluster obey";
        Dockerfile: "labels that are labproof's, or whose names are variables";
    }
    Name "name" {
        Manifest: "`generateName`";
    }
    Namespace "namespace" {
        Manifest: "a namespace: the lab has one of its own";
    }
    NoDownload "no-download" {
        Dockerfile: "`ADD` of an address, or of what could be one";
    }
    NoFolders "no-folders" {
        AnyFile: "a folder where the lab asks for a file";
    }
    NoHostIpc "no-host-ipc" {
        Manifest: "the node's shared memory";
    }
    NoHostNetwork "no-host-network" {
        Manifest: "the node's network; a `host` in a probe or a handler, which the node would ask";
    }
    NoHostPid "no-host-pid" {
        Manifest: "the node's processes";
    }
    NoHostPort "no-host-port" {
        Manifest: "a port of the node";
    }
    NoHostUsers "no-host-users" {
        Manifest: "the node's users";
    }
    NoLinks "no-links" {
        AnyFile: "a symbolic link, or a file that changes while it is read";
    }
    NoPrivileged "no-privileged" {
        Manifest: "a privileged container";
    }
    NoSpecialFiles "no-special-files" {
        AnyFile: "a pipe, a socket, a device";
    }
    ObjectCount "object-count" {
        Manifest: "more than 10 Pods of one object, or 10 containers of one Pod";
    }
    Onbuild "onbuild" {
        Dockerfile: "`ONBUILD`";
    }
    OneFile "one-file" {
        AnyFile: "two files of which one serves, such as `pod.yaml` and `pod.json`";
    }
    RunFlag "run-flag" {
        Dockerfile: "flags of `RUN`, except mounts of the types `cache`, `bind` and `tmpfs`, `--network=none`, `--network=default` and `--security=sandbox`"
            + "all flags of `RUN`";
    }
    Scheduling "scheduling" {
        Manifest: "a chosen node, priority, runtime class, toleration or scheduler";
    }
    Secret "secret" {
        Manifest: "`imagePullSecrets`, and Secrets that are tokens";
    }
    Security "security" {
        Manifest: "other settings beyond \"baseline\": seccomp, AppArmor, SELinux, `procMount`, sysctls; ephemeral containers";
    }
    Service "service" {
        Manifest: "a Service that is reachable from outside the cluster, leads out of it, or chooses its address";
    }
    ServiceAccount "service-account" {
        Manifest: "another account than `default`, and tokens for other audiences";
    }
    TotalSize "total-size" {
        AnyFile: "more than 1 MiB in all files together";
    }
    Unreadable "unreadable" {
        AnyFile: "a file or a folder that labproof has no right to read";
    }
    Utf8 "utf-8" {
        AnyFile: "bytes that are not UTF-8, zero bytes, a byte order mark in a file that is neither a manifest nor a Dockerfile; a manifest may be UTF-16 with its mark, and a comment of a Dockerfile may have any bytes";
    }
    Variables "variables" {
        Manifest: "more than 16 references `$(NAME)` in a container's command, its arguments, and its variables with several references";
    }
    Volume "volume" {
        Manifest: "other volumes than `emptyDir`, `configMap`, `secret`, `projected`, `downwardAPI` and claims; claims that choose their volume";
    }
    YamlBomb "yaml-bomb" {
        Manifest: "more than 20,000 values, 1 MiB of text or 64 levels once its aliases are written out";
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The rules about a subject, as a table in Markdown.
#[must_use]
pub fn table(subject: RuleSubject) -> String {
    let mut table = match subject {
        RuleSubject::Dockerfile => "| rule | refuses | without BuildKit, also |\n|---|---|---|\n".to_owned(),
        RuleSubject::AnyFile | RuleSubject::Manifest => "| rule | refuses |\n|---|---|\n".to_owned(),
    };
    for rule in Rule::ALL {
        for RuleEntry { refuses, without_buildkit, .. } in
            rule.entries().iter().filter(|entry| entry.subject == subject)
        {
            table += &match subject {
                RuleSubject::Dockerfile if without_buildkit.is_empty() => format!("| `{rule}` | {refuses} | |\n"),
                RuleSubject::Dockerfile => format!("| `{rule}` | {refuses} | {without_buildkit} |\n"),
                RuleSubject::AnyFile | RuleSubject::Manifest => format!("| `{rule}` | {refuses} |\n"),
            };
        }
    }
    table
}
