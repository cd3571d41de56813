//! Lambda's Runtime API on loopback for one process: hands out one event again and again, and
//! notes when it was asked for and when it was answered.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Collected, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::relay::Waited;

/// The version is part of every path (Lambda developer guide, "Using the Lambda runtime API
/// for custom runtimes").
const PREFIX: &str = "/2018-06-01/runtime/";

/// The time an invocation is given: `provision`'s timeout.
const TIME: Duration = Duration::from_secs(60);

/// A moment, and how long AWS has been waited for until then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted {
    pub(super) at: Instant,
    pub(super) waited: Duration,
}

/// What has been noted.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// When each event was handed out, which is when it was asked for.
    pub(super) given: Vec<Noted>,
    /// When each was answered.
    pub(super) answered: Vec<Noted>,
    /// What the process said instead of an answer.
    pub(super) error: Option<String>,
}

struct State {
    event: String,
    invocations: usize,
    waited: Waited,
    log: Mutex<Log>,
    done: Notify,
}

impl State {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Noted {
        Noted { at: Instant::now(), waited: self.waited.get() }
    }
}

/// A Runtime API. Dropping it stops it.
pub(super) struct RuntimeApi {
    /// Where it is served.
    pub(super) address: SocketAddr,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

impl RuntimeApi {
    /// One that hands out `event` so many times, then lets the process wait.
    pub(super) async fn start(
        event: String,
        invocations: usize,
        waited: Waited,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (log, done) = (Mutex::default(), Notify::new());
        let state = Arc::new(State { event, invocations, waited, log, done });
        let serving = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, serving })
    }

    /// Waits until all are answered, or one with an error.
    pub(super) async fn done(&self) {
        self.state.done.notified().await;
    }

    /// Takes what has been noted.
    pub(super) fn take(&self) -> Log {
        std::mem::take(&mut *self.state.log())
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).ok();
        let state = Arc::clone(&state);
        let service = service_fn(move |request| {
            let state = Arc::clone(&state);
            async move { Ok::<_, Infallible>(route(&state, request).await) }
        });
        // A process that is stopped breaks its connection off.
        let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move { serving.await.ok() });
    }
}

async fn route(state: &State, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let now = state.now();
    let path = request.uri().path().strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let method = request.method().clone();
    // A connection with a body that nobody has read is closed, and a new one takes time.
    let body = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
    match (method, path.rsplit('/').next().unwrap_or_default()) {
        (Method::GET, "next") => next(state, now).await,
        (Method::POST, "response") => {
            let mut log = state.log();
            log.answered.push(now);
            if log.answered.len() == state.invocations {
                state.done.notify_one();
            }
            plain(StatusCode::ACCEPTED)
        }
        (Method::POST, "error") => {
            state.log().error = Some(String::from_utf8_lossy(&body).into_owned());
            state.done.notify_one();
            plain(StatusCode::ACCEPTED)
        }
        _ => plain(StatusCode::NOT_FOUND),
    }
}

/// The long poll: answers while there are events.
async fn next(state: &State, now: Noted) -> Response<Full<Bytes>> {
    let number = {
        let mut log = state.log();
        log.given.push(now);
        log.given.len()
    };
    if number > state.invocations {
        std::future::pending::<()>().await;
    }
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + TIME;
    let response = Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", format!("00000000-0000-4000-8000-{number:012}"))
        .header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:111122223333:function:vend",
        )
        .body(Full::from(state.event.clone()));
    response.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("{}"));
    *response.status_mut() = status;
    response
}
