//! The built-in landing zone behind HTTP on loopback, for the contract check:
//! `cargo run -p landing-zone --example serve -- 4577 5` listens on port 4577
//! (0 picks a free one), and every request moves time on by five seconds.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{TimeDelta, Utc};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, http};
use hyper_util::rt::TokioIo;
use landing_zone::wire::WireRequest;
use landing_zone::{Description, Zone};
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let seconds = arguments.next().map_or(Ok(1), |seconds| seconds.parse())?;
    let zone = Arc::new(Mutex::new(Zone::new(&Description::builtin(), 1, Utc::now())));
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let zone = Arc::clone(&zone);
        let service = service_fn(move |request| answer(Arc::clone(&zone), seconds, request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    zone: Arc<Mutex<Zone>>,
    seconds: i64,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let answered = match read(request).await {
        Ok(request) => respond(&zone, seconds, &request),
        Err(error) => Response::builder().status(400).body(Full::from(error.to_string())),
    };
    Ok(answered.unwrap_or_default())
}

async fn read(request: Request<Incoming>) -> Result<WireRequest, Failure> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let signed = header(AUTHORIZATION.as_str()).ok_or("the request is not signed")?;
    // Credential=id/date/region/service/aws4_request
    let service = signed.split(',').next().and_then(|credential| credential.rsplit('/').nth(1));
    let service = service.ok_or("the credential has no scope")?.to_owned();
    let target = header("x-amz-target").map(ToOwned::to_owned);
    let body = request.into_body().collect().await?.to_bytes().to_vec();
    Ok(WireRequest { service, target, body })
}

fn respond(
    zone: &Mutex<Zone>,
    seconds: i64,
    request: &WireRequest,
) -> http::Result<Response<Full<Bytes>>> {
    let mut zone = zone.lock().unwrap_or_else(PoisonError::into_inner);
    let moment = zone.now() + TimeDelta::seconds(seconds);
    zone.advance_to(moment);
    let answer = zone.answer(request);
    Response::builder()
        .status(answer.status)
        .header(CONTENT_TYPE, answer.content_type)
        .body(Full::from(answer.body))
}
