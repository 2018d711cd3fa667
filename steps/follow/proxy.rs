//! Stands between the commands of a document and the Docker engine, and passes on only what the document may ask for,
//! however a command came to ask it.
//!
//! What a document makes gets the label of the run. The document may change what has this label, and labproof removes it
//! after the run. This guards an engine against a document's mistakes. It is no sandbox: an ordinary user's commands can
//! also open the engine's own socket.

mod asked;
mod container;
mod engine;
mod fields;
mod images;
mod judge;
mod kept;
mod node;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
    time::Duration,
};

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use regex::Regex;
use serde_json::json;
use tokio::{
    net::UnixListener,
    task::{AbortHandle, JoinSet},
};

use self::{
    engine::{Body, Engine},
    judge::Judge,
    kept::Kept,
};
use crate::{
    expression::regex,
    verdict::{Fault, Outcome},
};

/// What each refusal begins with.
const REFUSED: &str = "labproof does not pass this on for a document: ";

/// The pause after a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(100);

/// A socket that takes the place of the engine's, until it is dropped.
#[derive(Debug)]
pub(super) struct Proxy {
    socket: PathBuf,
    serving: AbortHandle,
}

impl Proxy {
    /// Begins to serve at a socket in `folder`, for commands that may show the folders `shared` to a container.
    ///
    /// # Errors
    /// If the socket cannot be made, or the engine does not answer.
    pub(super) async fn open(
        folder: &Path,
        engine: PathBuf,
        run: &str,
        nodes: BTreeSet<String>,
        shared: &[PathBuf],
    ) -> Outcome<Self> {
        let socket = folder.join("engine");
        let judge = Judge::begin(Engine::at(engine), run, nodes, shared).await?;
        let listener = UnixListener::bind(&socket)
            .map_err(|error| Fault::broken(format!("cannot make the socket {}: {error}", socket.display())))?;
        let serving = tokio::spawn(serve(listener, Arc::new(judge))).abort_handle();
        Ok(Self { socket, serving })
    }

    /// The path of its socket.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Why the engine was not asked, if a command printed that.
pub(super) fn refusal(printed: &str) -> Option<&str> {
    static REFUSAL: LazyLock<Regex> = LazyLock::new(|| regex(&format!("{REFUSED}([^\n\"]+)")));
    REFUSAL.captures(printed)?.get(1).map(|why| why.as_str().trim_end())
}

/// Serves each connection until this future is dropped.
async fn serve(listener: UnixListener, judge: Arc<Judge>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many connections are open.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let judge = judge.clone();
        let answer = service_fn(move |request| answer(request, judge.clone()));
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).with_upgrades());
    }
}

async fn answer(request: Request<Incoming>, judge: Arc<Judge>) -> Result<Response<Body>, http::Error> {
    match judge.permitted(request).await {
        Ok(request) => match judge.engine.pass(request).await {
            Ok(response) => Ok(response),
            Err(error) => no_answer(&error.to_string()),
        },
        Err(Kept::NoAnswer(error)) => no_answer(&error),
        Err(Kept::Refused(why)) => said(StatusCode::FORBIDDEN, &format!("{REFUSED}{why}")),
    }
}

fn no_answer(error: &str) -> Result<Response<Body>, http::Error> {
    said(StatusCode::BAD_GATEWAY, &format!("Cannot connect to the Docker daemon: {error}"))
}

/// An answer as the engine gives it for an error.
fn said(status: StatusCode, message: &str) -> Result<Response<Body>, http::Error> {
    let text = json!({ "message": message }).to_string();
    let body = Full::from(text).map_err(|never| match never {}).boxed();
    Response::builder().status(status).header("content-type", "application/json").body(body)
}

#[cfg(test)]
mod tests;
