//! Programs that a container lacks because its image is a stand-in.

use std::sync::LazyLock;

use regex::Regex;

use super::catalogue::{Source, Used};
use crate::expression::regex;

/// If a message says that a container does not have a program, and these images of the run have stand-ins: what to know
/// about it. The real image may have the program.
#[must_use]
pub fn explained(said: &str, images: &[Used]) -> Option<String> {
    static MISSING: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"exec: "([^"]+)": (?:executable file not found|stat \S+: no such file)|sh: (?:(?:line )?\d+: )?([\w./-]+): (?:command )?not found"#,
        )
    });
    let found = MISSING.captures(said)?;
    let program = found.get(1).or(found.get(2))?.as_str();
    let stand_ins: Vec<&str> =
        images.iter().filter(|image| image.source == Source::StandIn).map(|image| image.name.as_str()).collect();
    let are = if stand_ins.len() == 1 { "is a stand-in" } else { "are stand-ins" };
    (!stand_ins.is_empty()).then(|| {
        format!("no {program:?} in the container: {} {are}, and the real image may have it", stand_ins.join(", "))
    })
}

/// The same for a command that asks for a name with the program of busybox, which had other words before 1.29, and searched
/// in other domains.
#[must_use]
pub fn answers_otherwise(command: &str, images: &[Used]) -> Option<String> {
    static OLD: LazyLock<Regex> = LazyLock::new(|| regex(r"^busybox:1\.(?:1\d|2[0-8])(?:\D|$)"));
    let is_old = |image: &&Used| image.source == Source::StandIn && OLD.is_match(&image.name);
    let image = images.iter().find(is_old).filter(|_| command.contains("nslookup"))?;
    Some(format!("{} is a stand-in with a newer nslookup, which answers in other words", image.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_nslookup_is_explained_where_its_image_is_a_stand_in() {
        let image = |name: &str, source| Used { name: name.into(), source, id: "1".into(), note: None };
        let asks = "kubectl exec a -- nslookup web";
        for name in ["busybox:1.28", "busybox:1.28.4", "busybox:1.27-musl"] {
            assert!(answers_otherwise(asks, &[image(name, Source::StandIn)]).is_some(), "{name}");
            assert_eq!(answers_otherwise(asks, &[image(name, Source::Pulled)]), None, "{name}");
            assert_eq!(answers_otherwise("kubectl exec a -- ls", &[image(name, Source::StandIn)]), None);
        }
        for name in ["busybox:latest", "busybox:1.36", "busybox:1.280"] {
            assert_eq!(answers_otherwise(asks, &[image(name, Source::StandIn)]), None, "{name}");
        }
    }

    #[test]
    fn a_missing_program_is_explained_where_images_are_stand_ins() {
        let image = |source| Used { name: "busybox:latest".into(), source, id: "1".into(), note: None };
        let stand_in = [image(Source::StandIn)];
        for said in [
            "OCI runtime exec failed: exec: \"printenv\": executable file not found in $PATH: unknown",
            "exec: \"/bin/printenv\": stat /bin/printenv: no such file or directory",
            "sh: printenv: not found",
            "/bin/sh: 1: printenv: not found",
            "sh: printenv: command not found",
            "/bin/bash: line 1: printenv: command not found",
            "ash: printenv: not found",
        ] {
            let text = explained(said, &stand_in).unwrap();
            assert!(text.contains("printenv\" in the container: busybox:latest is a stand-in"), "{text}");
            assert_eq!(explained(said, &[image(Source::Pulled)]), None);
        }
        assert_eq!(explained("pods \"web\" not found", &stand_in), None);
    }
}
