//! A landing zone behind HTTP on loopback, for the contract check and the end-to-end test.
//!
//! `cargo run -p landing-zone --example serve -- 4577 5` listens on port 4577 (0 picks a
//! free one), and every request moves time on by five seconds. With `x600` in place of the
//! `5`, time runs by itself, 600 seconds in each; and a third argument names a description
//! in place of the built-in one.
//!
//! Beside AWS's face there is one for whoever runs the test; its requests are not signed:
//!
//! * `GET /zone/events` takes the lifecycle events that were emitted since it was last asked;
//! * `GET /zone/calls` answers how often each operation was asked for over the wire, and
//!   `GET /zone/launches` the names of the accounts that were launched, in order; a launch
//!   that was asked for again is one;
//! * `POST /zone/hold/OPERATION` has the next request for that operation carried out and its
//!   answer held back, `GET /zone/held` names the answers that are held back now, and
//!   `POST /zone/release` lets them go.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, http};
use hyper_util::rt::TokioIo;
use landing_zone::wire::{WireRequest, account_of};
use landing_zone::{Description, Zone};
use tokio::net::TcpListener;
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error + Send + Sync>;

type Answer = http::Result<Response<Full<Bytes>>>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let pace = Pace::parse(&arguments.next().unwrap_or_else(|| "1".to_owned()))?;
    let description =
        arguments.next().map_or_else(|| Ok(Description::builtin()), |it| read(&it))?;
    let stage = Arc::new(Stage::new(&description, pace));
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let stage = Arc::clone(&stage);
        let service = service_fn(move |request| serve(Arc::clone(&stage), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn read(path: &str) -> Result<Description, Failure> {
    Ok(Description::parse(&std::fs::read_to_string(path)?)?)
}

/// How time goes on.
#[derive(Debug, Clone, Copy)]
enum Pace {
    /// By so many seconds with each request.
    Step(i64),
    /// By itself: so many seconds in each.
    Run(i32),
}

impl Pace {
    fn parse(text: &str) -> Result<Self, std::num::ParseIntError> {
        match text.strip_prefix('x') {
            Some(speed) => speed.parse().map(Self::Run),
            None => text.parse().map(Self::Step),
        }
    }
}

/// The landing zone, its clock, and the answers that are held back.
struct Stage {
    zone: Mutex<Zone>,
    pace: Pace,
    since: (Instant, DateTime<Utc>),
    holding: Mutex<Holding>,
    /// How often the answers that are held back were let go.
    releases: watch::Sender<u64>,
}

#[derive(Default)]
struct Holding {
    /// Operations whose next answer is to be held back.
    wanted: Vec<String>,
    /// Operations whose answer is held back now.
    held: Vec<String>,
}

impl Stage {
    fn new(description: &Description, pace: Pace) -> Self {
        let start = Utc::now();
        Self {
            zone: Mutex::new(Zone::new(description, 1, start)),
            pace,
            since: (Instant::now(), start),
            holding: Mutex::default(),
            releases: watch::Sender::new(0),
        }
    }

    /// The landing zone, brought to the present.
    fn zone(&self) -> MutexGuard<'_, Zone> {
        let mut zone = lock(&self.zone);
        let moment = match self.pace {
            Pace::Step(seconds) => zone.now() + TimeDelta::seconds(seconds),
            Pace::Run(speed) => {
                let (began, start) = self.since;
                start
                    + TimeDelta::from_std(began.elapsed() * speed.unsigned_abs())
                        .unwrap_or_default()
            }
        };
        zone.advance_to(moment);
        zone
    }

    /// Waits until the answer may go out: at once, unless the next one of that
    /// operation was to be held back.
    async fn hold(&self, operation: &str) {
        let mut releases = self.releases.subscribe();
        if lock(&self.holding).begin(operation) {
            // The sender lives as long as the stage.
            let _ = releases.changed().await;
        }
    }
}

impl Holding {
    fn begin(&mut self, operation: &str) -> bool {
        let Some(index) = self.wanted.iter().position(|it| it == operation) else { return false };
        self.held.push(self.wanted.remove(index));
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    stage: Arc<Stage>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let answered = match path.strip_prefix("/zone/") {
        Some(wish) => direct(&stage, wish),
        None => match parse(request).await {
            Ok(request) => respond(&stage, &request).await,
            Err(error) => Response::builder().status(400).body(Full::from(error.to_string())),
        },
    };
    Ok(answered.unwrap_or_default())
}

/// Answers whoever runs the test.
fn direct(stage: &Stage, wish: &str) -> Answer {
    match wish.split_once('/') {
        Some(("hold", operation)) => {
            lock(&stage.holding).wanted.push(operation.to_owned());
            json("null".to_owned())
        }
        None if wish == "events" => {
            json(serde_json::Value::from(stage.zone().take_events()).to_string())
        }
        None if wish == "calls" => json(calls(&stage.zone()).to_string()),
        None if wish == "launches" => json(launches(&stage.zone()).to_string()),
        None if wish == "held" => {
            json(serde_json::Value::from(lock(&stage.holding).held.clone()).to_string())
        }
        None if wish == "release" => {
            lock(&stage.holding).held.clear();
            stage.releases.send_modify(|releases| *releases += 1);
            json("null".to_owned())
        }
        Some(_) | None => Response::builder().status(404).body(Full::from("no such wish")),
    }
}

fn calls(zone: &Zone) -> serde_json::Value {
    let calls = zone.calls().iter();
    calls.map(|((service, operation), n)| (format!("{service}:{operation}"), *n)).collect()
}

fn launches(zone: &Zone) -> serde_json::Value {
    zone.service_catalog.launches().iter().map(|it| it.account_name.clone()).collect()
}

fn json(body: String) -> Answer {
    Response::builder().header(CONTENT_TYPE, "application/json").body(Full::from(body))
}

async fn parse(request: Request<Incoming>) -> Result<WireRequest, Failure> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let signed = header(AUTHORIZATION.as_str()).ok_or("the request is not signed")?;
    // Credential=id/date/region/service/aws4_request
    let service = signed.split(',').next().and_then(|credential| credential.rsplit('/').nth(1));
    let service = service.ok_or("the credential has no scope")?.to_owned();
    let key = signed.split_once("Credential=").and_then(|(_, scope)| scope.split('/').next());
    let account = key.and_then(account_of);
    let target = match service.as_str() {
        "controltower" => Some(request.uri().path().to_owned()),
        _ => header("x-amz-target").map(ToOwned::to_owned),
    };
    let body = request.into_body().collect().await?.to_bytes().to_vec();
    Ok(WireRequest { service, target, body, account })
}

async fn respond(stage: &Stage, request: &WireRequest) -> Answer {
    let answer = stage.zone().answer(request);
    let operation = request.target.as_deref().and_then(|target| target.rsplit('.').next());
    stage.hold(operation.unwrap_or_default()).await;
    Response::builder()
        .status(answer.status)
        .header(CONTENT_TYPE, answer.content_type)
        .body(Full::from(answer.body))
}
