//! The answers of the mocked API server.

use std::{
    future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tower::BoxError;

type Piece = Result<Bytes, BoxError>;

/// An answer of the mocked server.
pub(crate) enum Answer {
    /// An object, or a list of objects.
    Object(Value),
    /// A text, such as a log.
    Text(String),
    /// The sent object, as if it had been created.
    Echo,
    /// An error with its status code and message.
    Error(u16, String),
    /// A conflict with another change, after which the client should try again.
    Conflict(String),
    /// No answer, ever.
    Silence,
    /// The connection is refused.
    Away,
    /// A watch with the events that a test sends; without events if an earlier watch has received them.
    Watch(Option<UnboundedReceiver<Piece>>),
    /// Another answer after this delay.
    Late(Duration, Box<Answer>),
}

impl Answer {
    /// A list of objects.
    pub(crate) fn list(objects: impl IntoIterator<Item = Value>) -> Self {
        let items: Vec<Value> = objects.into_iter().collect();
        Self::Object(json!({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": "1"}, "items": items}))
    }

    /// An error with this status code.
    pub(crate) fn error(code: u16, message: &str) -> Self {
        Self::Error(code, message.to_owned())
    }

    /// A conflict with another change, with this message.
    pub(crate) fn conflict(message: &str) -> Self {
        Self::Conflict(message.to_owned())
    }

    /// This answer after this number of seconds.
    pub(crate) fn after(self, seconds: u64) -> Self {
        Self::Late(Duration::from_secs(seconds), Box::new(self))
    }

    /// The answer to a request for which the test has set none.
    pub(super) fn unscripted(line: &str) -> Self {
        if line.starts_with("WATCH ") { Self::Watch(None) } else { Self::error(404, &format!("no script for {line}")) }
    }

    /// The answer for this request; it remains for the next one.
    pub(super) fn again(&mut self) -> Self {
        match self {
            Self::Object(object) => Self::Object(object.clone()),
            Self::Text(text) => Self::Text(text.clone()),
            Self::Echo => Self::Echo,
            Self::Error(code, message) => Self::Error(*code, message.clone()),
            Self::Conflict(message) => Self::Conflict(message.clone()),
            Self::Silence => Self::Silence,
            Self::Away => Self::Away,
            Self::Watch(events) => Self::Watch(events.take()),
            Self::Late(after, answer) => Self::Late(*after, Box::new(answer.again())),
        }
    }

    /// Sends the answer to a request with this body.
    pub(super) async fn give(mut self, sent: &Value) -> Result<Response<Stream>, BoxError> {
        while let Self::Late(after, answer) = self {
            tokio::time::sleep(after).await;
            self = *answer;
        }
        match self {
            Self::Object(object) => response(200, Stream::whole(&object)),
            Self::Text(text) => response(200, Stream::text(text)),
            Self::Echo => response(201, Stream::whole(sent)),
            Self::Error(code, message) => response(code, Stream::whole(&status(code, reason(code), &message))),
            Self::Conflict(message) => response(409, Stream::whole(&status(409, "Conflict", &message))),
            Self::Watch(events) => response(200, Stream(events)),
            Self::Away => Err("connection refused".into()),
            Self::Silence | Self::Late(..) => future::pending().await,
        }
    }
}

fn response(code: u16, body: Stream) -> Result<Response<Stream>, BoxError> {
    Ok(Response::builder().status(code).body(body)?)
}

fn reason(code: u16) -> &'static str {
    match code {
        403 => "Forbidden",
        404 => "NotFound",
        409 => "AlreadyExists",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalError",
    }
}

fn status(code: u16, reason: &str, message: &str) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": message})
}

/// The events of a watch. Dropping it ends the watch.
pub(crate) struct Events(UnboundedSender<Piece>);

impl Events {
    /// The events of a watch, and the answer that starts it.
    pub(crate) fn new() -> (Self, Answer) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), Answer::Watch(Some(receiver)))
    }

    /// Sends that an object was added.
    pub(crate) fn added(&self, object: Value) {
        self.send("ADDED", object);
    }

    /// Sends that an object was modified.
    pub(crate) fn modified(&self, object: Value) {
        self.send("MODIFIED", object);
    }

    /// Sends that an object was deleted.
    pub(crate) fn deleted(&self, object: Value) {
        self.send("DELETED", object);
    }

    /// Sends that the version from which the watch started has expired.
    pub(crate) fn expired(&self) {
        self.send("ERROR", status(410, reason(410), "too old resource version: 1 (2)"));
    }

    /// Breaks the connection.
    pub(crate) fn breaks(self) {
        _ = self.0.send(Err("connection reset by peer".into()));
    }

    fn send(&self, kind: &str, object: Value) {
        let event = Value::from_iter([("type", kind.into()), ("object", object)]);
        // An error is ignored: the code under test may have stopped watching.
        _ = self.0.send(Ok(format!("{event}\n").into()));
    }
}

/// The body of an answer, in pieces; `None` never ends.
pub(crate) struct Stream(Option<UnboundedReceiver<Piece>>);

impl Stream {
    fn whole(object: &Value) -> Self {
        Self::text(object.to_string())
    }

    fn text(text: String) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        _ = sender.send(Ok(text.into()));
        Self(Some(receiver))
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Some(pieces) => pieces.poll_recv(context).map(|piece| piece.map(|bytes| bytes.map(Frame::data))),
            None => Poll::Pending,
        }
    }
}
