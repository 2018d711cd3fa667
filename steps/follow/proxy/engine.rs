//! Sends requests to the Docker engine's socket.

use std::{error::Error, path::PathBuf};

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, combinators::BoxBody};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1,
    upgrade::OnUpgrade,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{io::copy_bidirectional, net::UnixStream};

/// A request's or an answer's content.
pub(super) type Body = BoxBody<Bytes, hyper::Error>;

type Sent<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The Docker engine behind a socket.
#[derive(Debug)]
pub(super) struct Engine {
    socket: PathBuf,
}

impl Engine {
    pub(super) fn at(socket: PathBuf) -> Self {
        Self { socket }
    }

    /// Passes a request on, and then everything that both sides say if they agree to leave HTTP, as for a terminal.
    pub(super) async fn pass(&self, mut request: Request<Body>) -> Sent<Response<Body>> {
        let asking = hyper::upgrade::on(&mut request);
        let mut response = self.send(request).await?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            tokio::spawn(join(asking, hyper::upgrade::on(&mut response)));
        }
        Ok(response.map(BodyExt::boxed))
    }

    /// What the engine says about an object; `None` if it does not exist.
    pub(super) async fn describe(&self, path: &str) -> Sent<Option<Value>> {
        let body = Empty::new().map_err(|never| match never {}).boxed();
        let response = self.send(Request::get(path).header("host", "docker").body(body)?).await?;
        let status = response.status();
        let text = response.into_body().collect().await?.to_bytes();
        match status {
            // The engine says itself what is wrong with the name.
            _ if status.is_client_error() => Ok(None),
            _ if status.is_success() => Ok(Some(serde_json::from_slice(&text)?)),
            _ => Err(String::from_utf8_lossy(&text).into()),
        }
    }

    /// Sends a request over a connection of its own.
    async fn send(&self, request: Request<Body>) -> Sent<Response<Incoming>> {
        let stream = UnixStream::connect(&self.socket).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection.with_upgrades());
        Ok(sender.send_request(request).await?)
    }
}

/// Passes on what each side says, until both have ended.
async fn join(asking: OnUpgrade, answering: OnUpgrade) {
    let Ok((asking, answering)) = tokio::try_join!(asking, answering) else { return };
    // An error is ignored: one side has hung up.
    _ = copy_bidirectional(&mut TokioIo::new(asking), &mut TokioIo::new(answering)).await;
}
