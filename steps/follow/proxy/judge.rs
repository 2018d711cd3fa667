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
    container::{Bind, Reach, reach, volume_driver},
    engine::{Body, Engine},
    fields::{self, UNCLEAR, field, text, texts},
    images::Images,
    kept::{Kept, RequestJudgement},
    node,
};
use crate::{
    document::safety::{holds_credentials, is_readable},
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
    /// The images that the engine had before.
    images: Images,
}

impl Judge {
    /// A judge for a document that begins now.
    ///
    /// # Errors
    /// If the engine does not answer.
    pub(super) async fn begin(engine: Engine, run: &str, nodes: BTreeSet<String>, shared: &[PathBuf]) -> Outcome<Self> {
        let listed = engine.describe("/images/json").await;
        let listed = listed.map_err(|error| Fault::broken(format!("no Docker engine answers: {error}")))?;
        let images = listed.as_ref().map(Images::of).unwrap_or_default();
        let shared = shared.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        Ok(Self { engine, run: run.to_owned(), nodes, shared, images })
    }

    /// The request as the engine gets it.
    ///
    /// # Errors
    /// Why it does not get it.
    pub(super) async fn permitted(&self, request: Request<Incoming>) -> RequestJudgement<Request<Body>> {
        let asked = asked(request.method(), request.uri().path());
        match asked {
            Asked::Allowed => {}
            Asked::Refused(why) => return Err(why.into()),
            Asked::Container(name) => {
                self.owns("containers", &name, "it changes a container that the document has not made").await?;
            }
            Asked::Volume(name) => {
                self.owns("volumes", &name, "it removes a volume that the document has not made").await?;
            }
            Asked::Network(name) => {
                self.owns("networks", &name, "it removes a network that the document has not made").await?;
            }
            Asked::Files(name) => self.files(&name, &query(&request, "path")).await?,
            Asked::Image(name) => self.is_new(&name).await?,
            Asked::Tag | Asked::Pull | Asked::Commit | Asked::Build => self.with_query(&request, &asked).await?,
            Asked::NewContainer | Asked::NewVolume | Asked::NewNetwork | Asked::Program(_) | Asked::Connection => {
                return self.with_content(request, &asked).await;
            }
        }
        Ok(request.map(BodyExt::boxed))
    }

    /// Checks a request that makes or names an image, by its query.
    async fn with_query(&self, request: &Request<Incoming>, asked: &Asked) -> RequestJudgement {
        let value = |name| query(request, name);
        match asked {
            Asked::Build if value("networkmode").starts_with("container:") || !value("cgroupparent").is_empty() => {
                return Err("its build reaches beyond itself".into());
            }
            Asked::Commit => self.shares_with(&value("container")).await?,
            _ => {}
        }
        let gives_name = *asked == Asked::Tag || *asked == Asked::Commit || !value("fromSrc").is_empty();
        if gives_name { self.is_free(&value("repo"), &value("tag")) } else { Ok(()) }
    }

    /// The request as the engine gets it, if it is judged by its content.
    async fn with_content(&self, request: Request<Incoming>, asked: &Asked) -> RequestJudgement<Request<Body>> {
        let (mut parts, body) = request.into_parts();
        let bytes = Limited::new(body, LARGEST).collect().await.map_err(|_| UNCLEAR)?.to_bytes();
        let mut content: Value = serde_json::from_slice(&bytes).map_err(|_| UNCLEAR)?;
        match asked {
            Asked::Program(name) => self.program(name, &content).await?,
            Asked::Connection => self.shares_with(text(&content, "Container")?).await?,
            Asked::NewVolume => self.new_volume(&content).await?,
            Asked::NewNetwork => self.new_network(&content).await?,
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

    /// Checks that the document made an object, or that it does not exist: then the engine itself says so. The paths of a
    /// container are checked again, because a link may have replaced a folder.
    async fn owns(&self, kind: &str, name: &str, why: &str) -> RequestJudgement {
        check_name(name)?;
        let Some(object) = self.describe(&format!("/{kind}/{}", of_kind(kind, name))).await? else { return Ok(()) };
        if !self.is_own(&object) {
            return Err(why.into());
        }
        let mounts = object["Mounts"].as_array().into_iter().flatten().filter(|mount| mount["Type"] == "bind");
        let binds = mounts.map(|mount| Bind {
            path: mount["Source"].as_str().unwrap_or_default().into(),
            is_read_only: mount["RW"] == false,
        });
        self.are_shared(&binds.collect::<Vec<_>>())
    }

    /// Checks that the document made a container before it shares something with it, connects it, or copies it.
    async fn shares_with(&self, container: &str) -> RequestJudgement {
        check_name(container)?;
        match self.describe(&format!("/containers/{container}/json")).await? {
            Some(object) if self.is_own(&object) => Ok(()),
            _ => Err("it joins a namespace or a volume of a container that the document has not made".into()),
        }
    }

    /// Whether an object has the label of the run; a container has it in its configuration.
    fn is_own(&self, object: &Value) -> bool {
        let labels = object.pointer("/Config/Labels").unwrap_or(&object["Labels"]);
        labels[RUN] == self.run.as_str()
    }

    async fn describe(&self, path: &str) -> RequestJudgement<Option<Value>> {
        self.engine.describe(path).await.map_err(Kept::no_answer)
    }

    /// Checks that an image may be removed: it was not there before the document, or it has another name that stays.
    async fn is_new(&self, name: &str) -> RequestJudgement {
        let Some(image) = self.describe(&format!("/images/{name}/json")).await? else { return Ok(()) };
        if self.images.suffer(name, &image) {
            return Err("it removes an image that was there before the document".into());
        }
        Ok(())
    }

    /// Checks that no image from before the document has a name, which would go to another one.
    fn is_free(&self, name: &str, tag: &str) -> RequestJudgement {
        let full = if tag.is_empty() { name.to_owned() } else { format!("{name}:{tag}") };
        if self.images.has(&full) {
            return Err("it takes the name of an image that was there before the document".into());
        }
        Ok(())
    }

    /// Checks a program that is started in a container: the document's own, or one on a node that only looks.
    async fn program(&self, name: &str, content: &Value) -> RequestJudgement {
        let Some(container) = self.describe(&format!("/containers/{name}/json")).await? else { return Ok(()) };
        let has_all_rights = field(content, "Privileged")? == &Value::Bool(true);
        if self.is_own(&container) {
            return if has_all_rights { Err("it reaches beyond its container".into()) } else { Ok(()) };
        }
        let node = name_of(&container);
        if !self.nodes.contains(node) {
            return Err("it starts a program in a container that the document has not made".into());
        }
        node::refused(&texts(content, "Cmd")?, node, &self.nodes).map_or(Ok(()), |why| Err(why.into()))
    }

    /// Checks files that are copied from a container: the document's own, or a node, but not with the cluster's
    /// credentials. Without a path, all files are copied.
    async fn files(&self, name: &str, path: &str) -> RequestJudgement {
        check_name(name)?;
        let Some(container) = self.describe(&format!("/containers/{name}/json")).await? else { return Ok(()) };
        let is_node = self.nodes.contains(name_of(&container));
        if self.is_own(&container) || is_node && !holds_credentials(Path::new(path)) {
            return Ok(());
        }
        let whose = if is_node {
            "with the cluster's own credentials"
        } else {
            "of a container that the document has not made"
        };
        Err(format!("it copies files {whose}").into())
    }

    /// A network of another name, with the engine's own driver and no options: they can take over an interface.
    async fn new_network(&self, content: &Value) -> RequestJudgement {
        let has_options = field(content, "Options")?.as_object().is_some_and(|options| !options.is_empty());
        let name = text(content, "Name")?;
        check_name(name)?;
        let is_taken = self.describe(&format!("/networks/{name}")).await?.is_some_and(|other| !self.is_own(&other));
        if is_taken {
            return Err("there is already a network of this name, which the document has not made".into());
        }
        if has_options || !matches!(text(content, "Driver")?, "" | "bridge") {
            return Err("only bridge networks without options may be made".into());
        }
        Ok(())
    }

    async fn new_volume(&self, content: &Value) -> RequestJudgement {
        volume_driver(content, "Driver", "DriverOpts")?;
        match text(content, "Name")? {
            "" => Ok(()),
            name => self.owns("volumes", name, FOREIGN_VOLUME).await,
        }
    }

    async fn new_container(&self, content: &Value) -> RequestJudgement {
        let Reach { containers, volumes, binds } = reach(content)?;
        for container in containers {
            self.shares_with(&container).await?;
        }
        for volume in volumes {
            self.volume(&volume).await?;
        }
        self.are_shared(&binds)
    }

    /// Checks that a container may see these paths.
    fn are_shared(&self, binds: &[Bind]) -> RequestJudgement {
        let may_see = |bind: &&Bind| self.is_shared(&bind.path) || bind.is_read_only && is_readable(&bind.path);
        match binds.iter().find(|bind| !may_see(bind)) {
            Some(bind) => Err(format!("it lets a container reach {}", bind.path.display()).into()),
            None => Ok(()),
        }
    }

    /// Makes a volume for a container, which otherwise the engine would do, without the label of the run.
    async fn volume(&self, name: &str) -> RequestJudgement {
        self.owns("volumes", name, FOREIGN_VOLUME).await?;
        let content = json!({"Name": name, "Labels": {RUN: self.run}}).to_string();
        let body = Full::from(content).map_err(|never| match never {}).boxed();
        let request =
            Request::post("/volumes/create").header("host", "docker").header("content-type", "application/json");
        let request = request.body(body).map_err(|error| error.to_string())?;
        let made = self.engine.pass(request).await.map_err(Kept::no_answer)?;
        let why = || Kept::NoAnswer(format!("it does not make the volume {name}"));
        if made.status().is_success() { Ok(()) } else { Err(why()) }
    }

    /// Whether a path is in a folder that a container may see, wherever links lead.
    fn is_shared(&self, path: &Path) -> bool {
        let Some(real) = real(path) else { return false };
        let first = real.strip_prefix("/tmp").ok().and_then(|rest| rest.components().next());
        let is_of_others = |name: &str| ["labproof-", "ssh-", "systemd-"].iter().any(|own| name.starts_with(own));
        let is_in_tmp = first.and_then(|first| first.as_os_str().to_str()).is_some_and(|name| !is_of_others(name));
        is_in_tmp || self.shared.iter().any(|folder| real.starts_with(folder))
    }
}

const FOREIGN_VOLUME: &str = "it uses a volume that the document has not made";

/// The name of a container, by its description.
fn name_of(container: &Value) -> &str {
    container["Name"].as_str().unwrap_or_default().trim_start_matches('/')
}

/// The path of an object's description below that of its kind.
fn of_kind(kind: &str, name: &str) -> String {
    if kind == "containers" { format!("{name}/json") } else { name.to_owned() }
}

/// Checks that a name can be a part of a path, as the engine's own names can.
fn check_name(name: &str) -> RequestJudgement {
    let is_usual =
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter));
    if is_usual && !name.starts_with('.') {
        Ok(())
    } else {
        Err("a name in the request has characters that Docker's names do not have".into())
    }
}

/// A value of a request's query; empty if it has none.
fn query(request: &Request<Incoming>, name: &str) -> String {
    let query = request.uri().query().unwrap_or_default();
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    found.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A path without links, as far as it exists.
fn real(path: &Path) -> Option<PathBuf> {
    let goes_up = path.components().any(|part| part == std::path::Component::ParentDir);
    let existing = path.ancestors().find(|folder| folder.symlink_metadata().is_ok()).filter(|_| !goes_up)?;
    let rest = path.strip_prefix(existing).ok()?;
    Some(existing.canonicalize().ok()?.join(rest))
}
