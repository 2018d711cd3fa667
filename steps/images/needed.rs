//! The images that labs need: which labs need each and for what, and where it came from.

use std::collections::BTreeMap;

use futures::future::try_join_all;

use super::{catalogue::Catalogue, engine};
use crate::{image_name::ImageName, project::Lab, verdict::Outcome};

/// An image that labs need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// Its full name.
    pub name: String,
    /// The labs that need it, each with the purpose: `hello-pod (pulled)`.
    pub labs: Vec<String>,
    /// Where the engine got it, or why it does not have it.
    pub from: String,
}

/// Each image with the labs that need it and, for an image that a lab builds, a note.
type Wants = BTreeMap<ImageName, (Vec<String>, Option<String>)>;

/// All images that these labs need, sorted by name.
///
/// # Errors
/// If the engine does not answer.
pub async fn needed(labs: &[Lab], catalogue: &Catalogue) -> Outcome<Vec<Needed>> {
    let wanted = wanted(labs).into_iter().map(|(name, (labs, built))| async move {
        let from = from(catalogue, &name, built).await?;
        Ok(Needed { name: name.full(), labs, from })
    });
    try_join_all(wanted).await
}

fn wanted(labs: &[Lab]) -> Wants {
    let mut wants = Wants::new();
    let mut want = |image: &ImageName, lab: &Lab, what: &str, made: Option<String>| {
        let (labs, built) = wants.entry(image.clone()).or_default();
        labs.push(format!("{} ({what})", lab.name));
        *built = built.take().or(made);
    };
    for lab in labs {
        lab.file.pulls.iter().for_each(|image| want(image, lab, "pulled by Pods", None));
        lab.file.bases.iter().for_each(|image| want(image, lab, "base of a Dockerfile", None));
        for build in &lab.file.builds {
            let stands_for = build.stands_for.as_ref().map_or_else(String::new, |what| format!(", in place of {what}"));
            want(&build.image, lab, "built", Some(format!("the lab's own Dockerfile{stands_for}")));
        }
    }
    wants
}

async fn from(catalogue: &Catalogue, name: &ImageName, built: Option<String>) -> Outcome<String> {
    let image = engine::image(&name.full()).await?;
    Ok(match (image, built) {
        (Some(_), Some(built)) => built,
        (None, Some(built)) => format!("not built yet: {built}"),
        (Some(image), None) => match image.stand_in {
            Some(stand_in) => {
                let lacks = catalogue.find(name).and_then(|item| item.lacking());
                format!("stand-in: {stand_in}; it lacks {}", lacks.unwrap_or("nothing that is known"))
            }
            None => "the engine has it, and labproof did not build it".into(),
        },
        (None, None) => {
            "not in the engine yet: will be pulled, or replaced by a stand-in if no registry can be reached".into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{project::Work, submission::dockerfile::Builder};

    fn lab(name: &str, file: &str) -> Lab {
        let file = serde_yaml::from_str(&format!("title: t\nsource: s\n{file}")).unwrap();
        Lab {
            name: name.into(),
            features: Vec::new(),
            folder: "f".into(),
            file,
            work: Work::Own,
            builder: Builder::default(),
        }
    }

    #[test]
    fn an_image_is_listed_once_with_all_that_need_it() {
        let labs = [lab("one", "pulls: [busybox]"), lab("two", "bases: ['busybox:latest']\nbuilds: [{image: own:1}]")];
        let wants = wanted(&labs);
        assert_eq!(wants[&"busybox".into()].0, ["one (pulled by Pods)", "two (base of a Dockerfile)"]);
        assert_eq!(wants[&"own:1".into()], (vec!["two (built)".into()], Some("the lab's own Dockerfile".into())));
    }
}
