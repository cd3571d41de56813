//! A small Lambda Runtime API on loopback: hands out events one by one, as Lambda
//! does, and takes the answers. It knows nothing of what the events mean.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// The version is part of every path (Lambda developer guide, "Using the Lambda
/// runtime API for custom runtimes").
const PREFIX: &str = "/2018-06-01/runtime/";

/// How long an answer may take: far longer than any does, and shorter than the
/// patience of whoever waits for the test.
const PATIENCE: Duration = Duration::from_secs(60);

type Body = Full<Bytes>;

/// What a function says to an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The response.
    Success(Value),
    /// The error.
    Error {
        /// The stable word for the kind of error.
        kind: String,
        /// The message.
        message: String,
    },
}

/// A Runtime API for one function. Dropping it stops it.
pub struct RuntimeApi {
    /// Where it is served.
    pub address: SocketAddr,
    state: Arc<State>,
    events: mpsc::UnboundedSender<(String, Value)>,
    serving: JoinHandle<()>,
}

struct State {
    queue: tokio::sync::Mutex<mpsc::UnboundedReceiver<(String, Value)>>,
    awaited: Mutex<HashMap<String, oneshot::Sender<Answer>>>,
}

impl RuntimeApi {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, queue) = mpsc::unbounded_channel();
        let state = Arc::new(State { queue: queue.into(), awaited: Mutex::default() });
        let serving = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state, events, serving }
    }

    /// Hands `event` to the function as the invocation `id`, and waits for the answer;
    /// `None` when none comes.
    pub async fn invoke(&self, id: &str, event: Value) -> Option<Answer> {
        let (answer, answered) = oneshot::channel();
        self.state.awaited.lock().unwrap().insert(id.to_owned(), answer);
        self.events.send((id.to_owned(), event)).unwrap();
        tokio::time::timeout(PATIENCE, answered).await.ok()?.ok()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(connection(stream, Arc::clone(&state)));
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, Infallible>(route(&state, request).await) }
    });
    // A function that is stopped breaks its connection off.
    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
}

async fn route(state: &State, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let path: Vec<&str> = path.split('/').collect();
    match (request.method(), path.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => next(state).await,
        (&Method::POST, ["invocation", id, "response"]) => {
            let answer = Answer::Success(json(request).await);
            answered(state, id, answer)
        }
        (&Method::POST, ["invocation", id, "error"]) => {
            let answer = error(&json(request).await);
            answered(state, id, answer)
        }
        (&Method::POST, ["init", "error"]) => plain(StatusCode::ACCEPTED),
        _ => plain(StatusCode::NOT_FOUND),
    }
}

/// The long poll: answers when there is an event.
async fn next(state: &State) -> Response<Body> {
    let Some((id, event)) = state.queue.lock().await.recv().await else {
        return plain(StatusCode::GONE);
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + PATIENCE;
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:111122223333:function:vend",
        )
        .header(
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        )
        .body(Full::from(event.to_string()))
        .unwrap()
}

fn answered(state: &State, id: &str, answer: Answer) -> Response<Body> {
    let Some(awaited) = state.awaited.lock().unwrap().remove(id) else {
        return plain(StatusCode::BAD_REQUEST);
    };
    // Whoever asked may have stopped waiting.
    awaited.send(answer).ok();
    plain(StatusCode::ACCEPTED)
}

async fn json(request: Request<Incoming>) -> Value {
    let body = request.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into())
}

fn error(diagnostic: &Value) -> Answer {
    let text = |name: &str| diagnostic[name].as_str().unwrap_or_default().to_owned();
    Answer::Error { kind: text("errorType"), message: text("errorMessage") }
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Full::from("{}"));
    *response.status_mut() = status;
    response
}
