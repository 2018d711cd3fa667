//! `labproof draft`: writes a lab from a course document.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clap::Args;

use super::exit::Status;
use crate::{
    check,
    document::{
        draft::{self, Original},
        story::{self, Deed, Story},
    },
    follow::{self, Page},
    progress,
    project::Project,
    template::{self, TemplateFiles},
    verdict::{Fault, Outcome},
};

/// What to draft, and where.
#[derive(Debug, Args)]
pub(super) struct Draft {
    /// The course document, such as page.md
    #[arg(value_name = "DOCUMENT")]
    document: String,
    /// The lab's name: lower-case letters, digits and hyphens [default: from the document's file name]
    #[arg(long, value_name = "NAME")]
    lab: Option<String>,
    /// The folder that contains features/, or will [default: the project's folder, or else this one]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

impl Draft {
    pub(super) fn run(self) -> Outcome<Status> {
        if !follow::is_document(&self.document) {
            return Err(Fault::refused(format!("{} is not a document", self.document))
                .hint("name a file that exists and ends with .md, .rst, .adoc, .html or .txt"));
        }
        let project = self.to.as_ref().map_or_else(Project::find_or_here, |folder| Ok(Project::at(folder)))?;
        let page = Page::read(&project, &self.document)?;
        let lab = self.lab.clone().unwrap_or_else(|| page.name.clone());
        if !check::is_lab_name(&lab) {
            return Err(Fault::refused(format!("a lab cannot be called {lab}"))
                .hint("give --lab a name of lower-case letters, digits and hyphens, at most 40"));
        }
        let beside = beside(&page);
        let path = path(&project, &page, &self.document);
        let original = Original {
            lab: &lab,
            title: &page.title,
            path: &path,
            story: &page.story,
            beside: &beside,
            digests: &page.digests,
        };
        let drafted = draft::draft(&original);
        if drafted.scenarios == 0 {
            return Err(Fault::refused(format!("{} has nothing that a lab could run", page.shown))
                .hint(format!("`labproof check {}` shows how each part is understood", self.document)));
        }
        let described = described(&page, &path, &drafted.files);
        let (summary, files) = (summary(&drafted), files(&lab, drafted, described));
        template::write(&project, &files)?;
        progress::print(&files.keys().map(|path| format!("{}\n", project.file(path).display())).collect::<String>());
        progress::eprint_line(&format!("{summary}; next: `labproof check {lab}`, then `labproof verify {lab}`"));
        Ok(Status::Passed)
    }
}

fn summary(drafted: &draft::Draft) -> String {
    let plural = |number: usize| if number == 1 { "" } else { "s" };
    let (scenarios, left) = (drafted.scenarios, drafted.left);
    let in_comments =
        if left == 0 { String::new() } else { format!("; {left} part{} of the document in comments", plural(left)) };
    format!("{scenarios} scenario{}{in_comments}", plural(scenarios))
}

/// The files beside the document, with their contents. Those that are no text are left out.
fn beside(page: &Page) -> BTreeMap<String, String> {
    let text = |(name, content): (&String, &Vec<u8>)| {
        Some((name.trim_start_matches("./").to_owned(), String::from_utf8(content.clone()).ok()?))
    };
    page.beside.iter().filter_map(text).collect()
}

/// The document's path for the lab: relative to the project if it is within, else absolute.
fn path(project: &Project, page: &Page, document: &str) -> String {
    let name = Path::new(document).file_name().unwrap_or_default();
    let absolute = page.folder.join(name);
    let root = project.file("").canonicalize().unwrap_or_default();
    absolute.strip_prefix(&root).unwrap_or(&absolute).display().to_string()
}

/// All files of the draft, by their paths in the project.
fn files(lab: &str, drafted: draft::Draft, described: String) -> TemplateFiles {
    let scenarios = Path::new("scenarios").join(lab);
    let own = drafted.files.into_iter().map(|(name, text)| (scenarios.join(name), text));
    let rest = [
        (Path::new("features").join(lab).join("sheet.feature"), drafted.sheet),
        (scenarios.join("lab.yaml"), described),
        (Path::new("docs/coverage").join(format!("{lab}.yaml")), drafted.coverage),
    ];
    own.chain(rest).chain(template::schemas()).collect()
}

/// The text of lab.yaml.
fn described(page: &Page, path: &str, files: &BTreeMap<String, String>) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let offered = page.story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Offer(source) => Some(source.text.clone()),
        _ => None,
    });
    let images = story::images(&page.story, &page.files().into_iter().chain(offered).collect::<Vec<_>>());
    let of = |is_pulled: bool| -> BTreeSet<String> {
        images.iter().filter(|(_, pulled)| **pulled == is_pulled).map(|(name, _)| name.to_string()).collect()
    };
    let mut text = format!(
        "# yaml-language-server: $schema=../.schemas/lab.json\ntitle: {}\nsource: {}\n",
        quoted(&page.title),
        quoted(path)
    );
    let (builds, absent) = builds(&page.story, files);
    for (key, names) in [("pulls", of(true)), ("bases", of(false)), ("absent", absent)] {
        if !names.is_empty() {
            let names: String = names.iter().map(|name| format!("- {}\n", quoted(name))).collect();
            text += &format!("{key}:\n{names}");
        }
    }
    if !builds.is_empty() {
        text += "builds:\n";
    }
    for (image, folder) in builds {
        text += &format!("- image: {}\n  folder: {}\n", quoted(&image), quoted(&folder));
    }
    text
}

/// The images that the document builds: those whose Dockerfile is a file of the lab, each with its folder, and others.
fn builds(story: &Story, files: &BTreeMap<String, String>) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let (mut known, mut others) = (BTreeMap::new(), BTreeSet::new());
    for image in story::images_built(story) {
        let name = image.to_string();
        let command = story.texts().into_iter().find(|text| text.contains("docker") && text.contains(image.short()));
        let folder =
            command.as_deref().and_then(|command| command.split_whitespace().next_back()).unwrap_or(".").to_owned();
        let folder = folder.trim_start_matches("./").trim_end_matches('/').to_owned();
        let dockerfile =
            if folder.is_empty() || folder == "." { "Dockerfile".into() } else { format!("{folder}/Dockerfile") };
        if files.contains_key(&dockerfile) {
            known.insert(name, if folder.is_empty() { ".".into() } else { folder });
        } else {
            others.insert(name);
        }
    }
    (known, others)
}
