//! Decides which requests the engine gets: those that read, those that make something, and those that change what the
//! document's run has made.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use serde_json::{Value, json};

use super::{
    asked::{Asked, asked},
    container::{Reach, reach, volume_driver},
    engine::{Body, Engine},
    fields::{self, field, text, texts},
};
use crate::{
    document::safety::{Terminal, WhyNotRun, is_readable},
    image_name::ImageName,
    images::engine::RUN,
    verdict::{Fault, Outcome},
};

/// The maximum size of the description of an object.
const LARGEST: usize = 1024 * 1024;

/// What the requests of one document are judged by.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) engine: Engine,
    run: String,
    nodes: BTreeSet<String>,
    /// The folders that a container may see.
    shared: Vec<PathBuf>,
    /// The names of the images that the engine had before.
    images: BTreeSet<ImageName>,
}

/// What a request is judged to be: passed on, or not, with the reason.
type Judged<T = ()> = Result<T, String>;

impl Judge {
    /// A judge for a document that begins now.
    ///
    /// # Errors
    /// If the engine does not answer.
    pub(super) async fn begin(engine: Engine, run: &str, nodes: BTreeSet<String>, shared: &[PathBuf]) -> Outcome<Self> {
        let listed = engine.describe("/images/json").await;
        let listed = listed.map_err(|error| Fault::broken(format!("no Docker engine answers: {error}")))?;
        let images = listed.iter().filter_map(Value::as_array).flatten().flat_map(names_of).collect();
        let shared = shared.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        Ok(Self { engine, run: run.to_owned(), nodes, shared, images })
    }

    /// The request as the engine gets it.
    ///
    /// # Errors
    /// Why it does not get it.
    pub(super) async fn permitted(&self, request: Request<Incoming>) -> Judged<Request<Body>> {
        let asked = asked(request.method(), request.uri().path());
        match asked {
            Asked::Allowed => {}
            Asked::Refused(why) => return Err(why.to_owned()),
            Asked::Container(name) => {
                self.owns("containers", &name, "it changes a container that the document has not made").await?;
            }
            Asked::Volume(name) => {
                self.owns("volumes", &name, "it removes a volume that the document has not made").await?;
            }
            Asked::Network(name) => {
                self.owns("networks", &name, "it removes a network that the document has not made").await?;
            }
            Asked::Image(name) => self.is_new(&name).await?,
            Asked::NewContainer | Asked::NewVolume | Asked::NewNetwork | Asked::Program(_) | Asked::Connection => {
                return self.with_content(request, &asked).await;
            }
        }
        Ok(request.map(BodyExt::boxed))
    }

    /// The same for a request that is judged by its content.
    async fn with_content(&self, request: Request<Incoming>, asked: &Asked) -> Judged<Request<Body>> {
        let (mut parts, body) = request.into_parts();
        let unclear = "labproof cannot read what it asks for";
        let text = Limited::new(body, LARGEST).collect().await.map_err(|_| unclear)?.to_bytes();
        let mut content: Value = serde_json::from_slice(&text).map_err(|_| unclear)?;
        match asked {
            Asked::Program(name) => self.program(name, &content).await?,
            Asked::Connection => self.owns("containers", fields::text(&content, "Container")?, CONNECTS).await?,
            Asked::NewVolume => self.new_volume(&content).await?,
            Asked::NewContainer => self.new_container(&content).await?,
            _ => {}
        }
        if matches!(asked, Asked::NewContainer | Asked::NewVolume | Asked::NewNetwork) {
            fields::add_label(&mut content, RUN, &self.run)?;
        }
        let body = Full::from(Bytes::from(content.to_string()));
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::TRANSFER_ENCODING);
        Ok(Request::from_parts(parts, body.map_err(|never| match never {}).boxed()))
    }

    /// Checks that something is the document's; what does not exist harms nobody.
    async fn owns(&self, kind: &str, name: &str, why: &str) -> Judged {
        match self.describe(&format!("/{kind}/{}", of_kind(kind, name))).await? {
            Some(object) if !self.is_own(&object) => Err(why.to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether an object has the label of the run; a container has it in its configuration.
    fn is_own(&self, object: &Value) -> bool {
        let labels = object.pointer("/Config/Labels").unwrap_or(&object["Labels"]);
        labels[RUN] == self.run.as_str()
    }

    async fn describe(&self, path: &str) -> Judged<Option<Value>> {
        self.engine.describe(path).await.map_err(|error| format!("the engine does not say what it is: {error}"))
    }

    /// Checks that an image may be removed: it was not there before the document, or it has another name that stays.
    async fn is_new(&self, name: &str) -> Judged {
        let Some(image) = self.describe(&format!("/images/{name}/json")).await? else { return Ok(()) };
        let (name, names) = (ImageName::from(name), names_of(&image));
        let goes = if names.contains(&name) { BTreeSet::from([name]) } else { names };
        if goes.is_disjoint(&self.images) {
            return Ok(());
        }
        Err("it removes an image that was there before the document".to_owned())
    }

    /// Checks a program that is started in a container: on a node, by the rules for commands.
    async fn program(&self, name: &str, content: &Value) -> Judged {
        let Some(container) = self.describe(&format!("/containers/{name}/json")).await? else { return Ok(()) };
        if self.is_own(&container) {
            return Ok(());
        }
        let node = container["Name"].as_str().unwrap_or_default().trim_start_matches('/');
        if !self.nodes.contains(node) {
            return Err("it starts a program in a container that the document has not made".to_owned());
        }
        let words = texts(content, "Cmd")?;
        let is_fed = field(content, "AttachStdin")? == &Value::Bool(true);
        if is_fed
            && matches!(words.as_slice(), ["sh" | "bash" | "/bin/sh" | "/bin/bash", rest @ ..] if !rest.contains(&"-c"))
        {
            return Err("it opens a shell on a node of the cluster".to_owned());
        }
        let line = shell_words::join(["docker", "exec", node].into_iter().chain(words));
        match Terminal::of(self.nodes.clone()).judge(&line, &[]) {
            Some(WhyNotRun::Unsafe(why) | WhyNotRun::NotUnderstood(why)) => Err(why),
            _ => Ok(()),
        }
    }

    async fn new_volume(&self, content: &Value) -> Judged {
        volume_driver(content, "Driver", "DriverOpts")?;
        match text(content, "Name")? {
            "" => Ok(()),
            name => self.owns("volumes", name, FOREIGN_VOLUME).await,
        }
    }

    async fn new_container(&self, content: &Value) -> Judged {
        let Reach { containers, volumes, binds } = reach(content)?;
        for container in containers {
            self.owns("containers", &container, "it shares something with a container that the document has not made")
                .await?;
        }
        for volume in volumes {
            self.volume(&volume).await?;
        }
        match binds.iter().find(|bind| !(self.is_shared(&bind.path) || bind.is_read_only && is_readable(&bind.path))) {
            Some(bind) => Err(format!("it lets a container reach {}", bind.path.display())),
            None => Ok(()),
        }
    }

    /// Makes a volume for a container, which otherwise the engine would do, without the label of the run.
    async fn volume(&self, name: &str) -> Judged {
        self.owns("volumes", name, FOREIGN_VOLUME).await?;
        let content = json!({"Name": name, "Labels": {RUN: self.run}}).to_string();
        let body = Full::from(content).map_err(|never| match never {}).boxed();
        let request =
            Request::post("/volumes/create").header("host", "docker").header("content-type", "application/json");
        let request = request.body(body).map_err(|error| error.to_string())?;
        self.engine.pass(request).await.map(|_| ()).map_err(|error| error.to_string())
    }

    /// Whether a path is in a folder that a container may see, wherever links lead.
    fn is_shared(&self, path: &Path) -> bool {
        let Some(real) = real(path) else { return false };
        let is_in_tmp = real.strip_prefix("/tmp").is_ok_and(|rest| rest.components().next().is_some());
        is_in_tmp || self.shared.iter().any(|folder| real.starts_with(folder))
    }
}

const CONNECTS: &str = "it connects a container that the document has not made";

const FOREIGN_VOLUME: &str = "it uses a volume that the document has not made";

/// The path of an object's description below that of its kind.
fn of_kind(kind: &str, name: &str) -> String {
    if kind == "containers" { format!("{name}/json") } else { name.to_owned() }
}

/// The names of an image that the engine describes.
fn names_of(image: &Value) -> BTreeSet<ImageName> {
    image["RepoTags"].as_array().into_iter().flatten().filter_map(Value::as_str).map(ImageName::from).collect()
}

/// A path without links, as far as it exists.
fn real(path: &Path) -> Option<PathBuf> {
    let goes_up = path.components().any(|part| part == std::path::Component::ParentDir);
    let existing = path.ancestors().find(|folder| folder.symlink_metadata().is_ok()).filter(|_| !goes_up)?;
    let rest = path.strip_prefix(existing).ok()?;
    Some(existing.canonicalize().ok()?.join(rest))
}
