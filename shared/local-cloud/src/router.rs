//! One router in front of everything: the signing name in the SigV4 credential
//! scope chooses who answers, and the faults what becomes of it. It knows no
//! operation of any service.

use std::error::Error;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use landing_zone::wire::{WireRequest, WireResponse, account_of};
use s3s::Body;
use serde_json::json;

use crate::arrived::{Arrived, Content};
use crate::clock::Moment;
use crate::cloud::{Cloud, Inner, WATCHER_KEY};
use crate::faults::{self, Fault};
use crate::landing::may_change;
use crate::reads;

/// DynamoDB's protocol.
const JSON_1_0: &str = "application/x-amz-json-1.0";

/// The protocol of most others.
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// Where SQS repeats an error's code from the time of its query protocol.
const QUERY_ERROR: &str = "x-amzn-query-error";

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Routed {
    /// An answer.
    Answered(Response<Body>),
    /// The connection is cut.
    Cut,
    /// There is never an answer.
    Hung,
    /// The caller dies.
    Died,
}

/// Takes one HTTP request to who answers it, through whatever goes wrong. Every answer
/// says what time it is here.
pub(crate) async fn route(cloud: &Cloud, request: Request<Body>) -> Routed {
    match routed(cloud, request).await {
        Routed::Answered(mut response) => {
            date(response.headers_mut(), cloud.now());
            Routed::Answered(response)
        }
        other => other,
    }
}

/// "IMF-fixdate" (RFC 9110, 5.6.7), to the second.
fn date(headers: &mut HeaderMap, now: Moment) {
    let text = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(header::DATE, value);
    }
}

async fn routed(cloud: &Cloud, request: Request<Body>) -> Routed {
    let arrived = match Arrived::read(request).await {
        Ok(arrived) => arrived,
        Err(refusal) => return Routed::Answered(refusal),
    };
    let inner = cloud.parts();
    let watching = arrived.caller.key == WATCHER_KEY;
    if !watching && !matches!(arrived.content, Content::ForBuckets(_)) {
        inner.calls.count(&arrived.caller.service, &arrived.operation);
    }
    let draw = || inner.faults.draw(&arrived.caller.service, &arrived.operation);
    match (!watching).then(draw).flatten() {
        None => Routed::Answered(answer(cloud, arrived).await),
        Some(fault) => disturb(cloud, arrived, fault).await,
    }
}

/// Lets `arrived` meet `fault`.
async fn disturb(cloud: &Cloud, arrived: Arrived, fault: Fault) -> Routed {
    if fault == Fault::Twice {
        return twice(cloud, arrived).await;
    }
    let service = arrived.caller.service.clone();
    let response = if fault.takes_effect() { Some(answer(cloud, arrived).await) } else { None };
    match (fault, response) {
        (Fault::Throttled, _) => Routed::answered(faults::throttled(&service)),
        (Fault::Unavailable, _) => Routed::answered(faults::unavailable()),
        (Fault::FailedBefore | Fault::FailedAfter, _) => Routed::answered(faults::failed(&service)),
        (Fault::HungBefore | Fault::HungAfter, _) => Routed::Hung,
        (Fault::DiedBefore | Fault::DiedAfter, _) => {
            cloud.parts().faults.kill();
            Routed::Died
        }
        (Fault::CutShort, Some(response)) => Routed::Answered(faults::cut_short(response).await),
        (Fault::CutBefore | Fault::CutAfter | Fault::CutShort | Fault::Twice, _) => Routed::Cut,
    }
}

/// Carries `arrived` out twice; the second answer is given.
async fn twice(cloud: &Cloud, arrived: Arrived) -> Routed {
    match arrived.doubled().await {
        Ok((first, second)) => {
            answer(cloud, first).await;
            Routed::Answered(answer(cloud, second).await)
        }
        Err(refusal) => Routed::Answered(refusal),
    }
}

async fn answer(cloud: &Cloud, arrived: Arrived) -> Response<Body> {
    let counted = arrived.caller.key != WATCHER_KEY;
    match arrived.content {
        Content::ForBuckets(request) => to_buckets(cloud.parts(), *request).await,
        Content::Message { target: _, body } if arrived.caller.service == "dynamodb" => {
            to_tables(cloud, arrived.operation, body, counted).await
        }
        Content::Message { target: _, body } if arrived.caller.service == "cloudformation" => {
            let since = cloud.start();
            wired(cloud.parts().stacks.answer(&arrived.operation, &body, since))
        }
        Content::Message { target: _, body } if arrived.caller.service == "sqs" => {
            to_queues(cloud.parts(), &arrived.operation, &body)
        }
        Content::Message { target, body } => {
            let service = arrived.caller.service;
            let account = account_of(&arrived.caller.key);
            let request = WireRequest { service, target, body: body.into(), account };
            to_landing_zone(cloud.parts(), &request, &arrived.operation, counted)
        }
    }
}

async fn to_buckets(inner: &Inner, mut request: Request<Body>) -> Response<Body> {
    add_host(&mut request);
    let changes = !matches!(request.method().as_str(), "GET" | "HEAD");
    let response = inner.buckets.answer(request).await;
    if changes {
        inner.activity.notify_one();
    }
    response.unwrap_or_else(|error| {
        let error: Box<dyn Error + Send + Sync> = error.into();
        refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", &error.to_string())
    })
}

/// The table engine blocks, so it gets a thread where it may.
async fn to_tables(cloud: &Cloud, operation: String, body: Bytes, counted: bool) -> Response<Body> {
    let ours = cloud.clone();
    let answered = tokio::task::spawn_blocking(move || {
        let answer = ours.parts().tables.answer(&operation, &body);
        if answer.changed {
            ours.parts().activity.notify_one();
        }
        if counted {
            let items = reads::of_tables(&operation, &body, &answer.body);
            ours.parts().calls.read("dynamodb", &operation, items);
        }
        answer
    });
    match answered.await {
        Ok(answer) => respond(answer.status, JSON_1_0, answer.body),
        Err(error) => {
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &error.to_string())
        }
    }
}

fn to_queues(inner: &Inner, operation: &str, body: &[u8]) -> Response<Body> {
    let answer = inner.queues.answer(&inner.stacks.queues(), operation, body);
    let mut response = respond(answer.status, JSON_1_0, answer.body.to_string().into_bytes());
    if let Some(error) = answer.query_error {
        response.headers_mut().insert(QUERY_ERROR, HeaderValue::from_static(error));
    }
    response
}

fn to_landing_zone(
    inner: &Inner,
    request: &WireRequest,
    operation: &str,
    counted: bool,
) -> Response<Body> {
    let answered = inner.landing.answer(request, operation, inner.clock.now());
    if may_change(operation) {
        inner.activity.notify_one();
    }
    if let Ok(response) = &answered
        && counted
    {
        inner.calls.read(&request.service, operation, reads::listed(&response.body));
    }
    match answered {
        Ok(response) => wired(response),
        Err(error) => {
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", &error.to_string())
        }
    }
}

impl Routed {
    fn answered((status, content_type, body): (u16, &'static str, Vec<u8>)) -> Self {
        Self::Answered(respond(status, content_type, body))
    }
}

fn wired(response: WireResponse) -> Response<Body> {
    respond(response.status, response.content_type, response.body)
}

/// The SDK signs the host and leaves it to the connection to send it.
fn add_host(request: &mut Request<Body>) {
    if request.headers().contains_key(header::HOST) {
        return;
    }
    let host = request.uri().authority().and_then(|it| it.as_str().parse().ok());
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
}

fn respond(status: u16, content_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(crate) fn refuse(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    let body = json!({ "__type": code, "message": message }).to_string();
    respond(status.as_u16(), JSON_1_1, body.into_bytes())
}
