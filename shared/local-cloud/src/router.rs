//! One router in front of everything: the signing name in the SigV4 credential
//! scope chooses who answers. It knows no operation of any service.

use std::error::Error;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use landing_zone::wire::WireRequest;
use s3s::Body;
use serde_json::json;

use crate::cloud::{Cloud, Inner, WATCHER_KEY};
use crate::landing::may_change;

/// More than any JSON or query request may have: BatchWriteItem takes 16 MB.
const MOST_BYTES: usize = 17 * 1024 * 1024;

/// DynamoDB's protocol.
const JSON_1_0: &str = "application/x-amz-json-1.0";

/// The protocol of most others.
const JSON_1_1: &str = "application/x-amz-json-1.1";

/// Answers one HTTP request.
pub(crate) async fn route(cloud: &Cloud, request: Request<Body>) -> Response<Body> {
    let Some(Caller { key, service }) = caller(&request) else {
        return refuse(
            StatusCode::FORBIDDEN,
            "MissingAuthenticationTokenException",
            "the request is not signed: its service cannot be told",
        );
    };
    let inner = cloud.parts();
    if service == "s3" {
        return to_buckets(inner, request).await;
    }
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => {
            let message = format!("the body cannot be read: {error}");
            return refuse(StatusCode::BAD_REQUEST, "SerializationException", &message);
        }
    };
    let target = text(&parts.headers, "x-amz-target").map(str::to_owned);
    let operation = operation(target.as_deref(), &body);
    if key != WATCHER_KEY {
        inner.calls.count(&service, &operation);
    }
    match service.as_str() {
        "dynamodb" => to_tables(cloud, operation, body).await,
        _ => {
            to_landing_zone(inner, &WireRequest { service, target, body: body.into() }, &operation)
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
async fn to_tables(cloud: &Cloud, operation: String, body: Bytes) -> Response<Body> {
    let ours = cloud.clone();
    let answered = tokio::task::spawn_blocking(move || {
        let answer = ours.parts().tables.answer(&operation, &body);
        if answer.changed {
            ours.parts().activity.notify_one();
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

fn to_landing_zone(inner: &Inner, request: &WireRequest, operation: &str) -> Response<Body> {
    let answered = inner.landing.answer(request, operation, inner.clock.now());
    if may_change(operation) {
        inner.activity.notify_one();
    }
    match answered {
        Ok(response) => respond(response.status, response.content_type, response.body),
        Err(error) => {
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", &error.to_string())
        }
    }
}

/// Who calls whom, by the credential scope of the signature.
struct Caller {
    key: String,
    service: String,
}

/// The first and the fourth part of `Credential=<key>/<date>/<region>/<service>/…`,
/// in the header or, for presigned URLs, in the query.
fn caller(request: &Request<Body>) -> Option<Caller> {
    let query = request.uri().query().unwrap_or_default();
    let presigned = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "X-Amz-Credential").then(|| value.into_owned()));
    let scope = match text(request.headers(), header::AUTHORIZATION.as_str()) {
        Some(authorization) => authorization.split_once("Credential=")?.1.to_owned(),
        None => presigned?,
    };
    let mut parts = scope.split([',', ' ']).next()?.split('/');
    let key = parts.next()?.to_owned();
    let service = parts.nth(2).filter(|name| !name.is_empty())?.to_owned();
    Some(Caller { key, service })
}

/// The operation: after the dot in the target, or the `Action` of a query body.
fn operation(target: Option<&str>, body: &[u8]) -> String {
    match target {
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None => form_urlencoded::parse(body)
            .find_map(|(name, value)| (name == "Action").then(|| value.into_owned()))
            .unwrap_or_default(),
    }
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

async fn read(body: Body) -> Result<Bytes, Box<dyn Error + Send + Sync>> {
    Ok(Limited::new(body, MOST_BYTES).collect().await?.to_bytes())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn respond(status: u16, content_type: &'static str, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    response
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    let body = json!({ "__type": code, "message": message }).to_string();
    respond(status.as_u16(), JSON_1_1, body.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(request: &Request<Body>) -> Option<String> {
        caller(request).map(|caller| caller.service)
    }

    fn signed(authorization: &str) -> Request<Body> {
        Request::builder()
            .uri("http://127.0.0.1/")
            .header("authorization", authorization)
            .body(Body::empty())
            .unwrap()
    }

    #[test]
    fn the_service_is_read_from_the_credential_scope() {
        let request = signed(
            "AWS4-HMAC-SHA256 Credential=local/20261121/us-east-1/sso/aws4_request, \
             SignedHeaders=host, Signature=00",
        );
        assert_eq!(service(&request).as_deref(), Some("sso"));
        assert_eq!(service(&signed("Basic bG9jYWw=")), None);
    }

    #[test]
    fn a_presigned_url_carries_it_in_the_query() {
        let request = Request::builder()
            .uri("http://127.0.0.1/b/k?X-Amz-Credential=local%2F20261121%2Fus-east-1%2Fs3%2Faws4_request")
            .body(Body::empty())
            .unwrap();
        assert_eq!(service(&request).as_deref(), Some("s3"));
    }

    #[test]
    fn the_operation_is_in_the_target_or_the_body() {
        assert_eq!(operation(Some("DynamoDB_20120810.PutItem"), b""), "PutItem");
        assert_eq!(operation(None, b"Version=2010-03-31&Action=Publish"), "Publish");
        assert_eq!(operation(None, b""), "");
    }
}
