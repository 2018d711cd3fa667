//! Finds out which images of the engine a scenario's commands change or use by their names. While an image is built
//! again, an engine with containerd's store answers questions about its name with an error.

use std::collections::BTreeSet;

use crate::{
    document::bash::{Shell, Simple},
    image_name::ImageName,
    machine::claim::{Access, Claim},
};

/// Programs that use the engine's images.
const PROGRAMS: [&str; 4] = ["docker", "podman", "nerdctl", "kind"];

/// Words that may come before a verb.
const NOUNS: [&str; 3] = ["image", "buildx", "builder"];

/// Options of the program itself that have a value.
const WITH_VALUE: [&str; 6] = ["-H", "--host", "-c", "--context", "--config", "--log-level"];

/// The claims of these commands: alone on the images that they build, name or remove, and shared on those images of
/// `known` that they only name.
pub fn of(commands: &[String], known: &BTreeSet<ImageName>) -> BTreeSet<Claim> {
    let (mut changed, mut named) = (BTreeSet::new(), BTreeSet::new());
    for command in commands.iter().flat_map(|text| read(text)) {
        let texts = command.words.iter().map(|word| word.text.as_str());
        let words: Vec<&str> = texts.skip_while(|word| !PROGRAMS.contains(word)).skip(1).collect();
        changed.extend(changed_by(&words));
        named.extend(words.into_iter().map(ImageName::from));
    }
    let used = named.intersection(known).filter(|name| !changed.contains(name)).map(|name| (name, Access::Use));
    let changed = changed.iter().map(|name| (name, Access::Change));
    used.chain(changed).map(|(name, access)| Claim::Image(name.full(), access)).collect()
}

/// The commands of a text; those of each line if bash cannot read the whole.
fn read(text: &str) -> Vec<Simple> {
    let whole = Shell::default().read(text);
    whole.unwrap_or_else(|_| text.lines().filter_map(|line| Shell::default().read(line).ok()).flatten().collect())
}

/// The images that a command of the engine, without its program, builds, names or removes.
fn changed_by(words: &[&str]) -> Vec<ImageName> {
    let mut rest = words.iter().copied();
    let verb = loop {
        match rest.next() {
            None => return Vec::new(),
            Some(option) if WITH_VALUE.contains(&option) => _ = rest.next(),
            Some(word) if word.starts_with('-') || NOUNS.contains(&word) => {}
            Some(verb) => break verb,
        }
    };
    let rest: Vec<&str> = rest.collect();
    let mut operands = rest.iter().copied().filter(|word| !word.starts_with('-'));
    let is_about_images = NOUNS.iter().any(|noun| words.contains(noun));
    let names: Vec<&str> = match verb {
        "build" => tags(&rest),
        "tag" | "pull" | "commit" | "import" => operands.next_back().into_iter().collect(),
        "rmi" => operands.collect(),
        "rm" | "remove" if is_about_images => operands.collect(),
        _ => Vec::new(),
    };
    names.into_iter().filter(|name| !name.contains('$')).map(ImageName::from).collect()
}

/// The names that `docker build` gives to its image.
fn tags<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let of = |(index, word): (usize, &&'a str)| match word.split_once('=') {
        Some(("-t" | "--tag", name)) => Some(name),
        None if matches!(*word, "-t" | "--tag") => words.get(index + 1).copied(),
        _ => None,
    };
    words.iter().enumerate().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(command: &str) -> Vec<String> {
        let known = ["ubuntu/helloworld", "web:1"].map(ImageName::from).into();
        let alone = |claim: &Claim| if matches!(claim, Claim::Image(_, Access::Change)) { "alone " } else { "" };
        of(&[command.to_owned()], &known).iter().map(|claim| format!("{}{claim}", alone(claim))).collect()
    }

    #[test]
    fn an_image_that_a_command_changes_is_claimed_alone() {
        for changes in [
            "docker build -t ubuntu/helloworld .",
            "cd lab && sudo docker buildx build --load --tag=ubuntu/helloworld:latest .",
            "docker --context desktop image build . -t 'ubuntu/helloworld'",
            "docker tag web:1 ubuntu/helloworld",
            "name=ubuntu/helloworld; docker rmi -f $name",
            "docker image rm ubuntu/helloworld",
            "docker pull ubuntu/helloworld",
        ] {
            let claims = claims(changes);
            assert!(claims.contains(&"alone image-ubuntu+helloworld:latest".into()), "{changes}: {claims:?}");
        }
    }

    #[test]
    fn an_image_that_a_command_only_names_is_shared() {
        for uses in [
            "docker image inspect -f '{{json .Config.Cmd}}' ubuntu/helloworld",
            "docker run --rm -p 80:3000 ubuntu/helloworld:latest 3000",
            "kind load docker-image ubuntu/helloworld --name demo",
            "docker save ubuntu/helloworld | tar t",
            "docker rm ubuntu/helloworld",
        ] {
            assert_eq!(claims(uses), ["image-ubuntu+helloworld:latest"], "{uses}");
        }
        assert_eq!(
            claims("docker tag web:1 ubuntu/helloworld"),
            ["alone image-ubuntu+helloworld:latest", "image-web:1"]
        );
    }

    #[test]
    fn other_commands_claim_no_image() {
        for other in ["kubectl run hello --image=ubuntu/helloworld", "docker stop hello", "docker build .", "it's"] {
            assert_eq!(claims(other), [""; 0], "{other}");
        }
    }
}
