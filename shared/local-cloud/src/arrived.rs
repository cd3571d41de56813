//! A request, read as far as it takes to know who asks which service for what. It
//! knows no operation of any service.

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Collected, Limited};
use landing_zone::wire;
use s3s::Body;

use crate::router::refuse;

/// More than any JSON or query request may have: BatchWriteItem takes 16 MB.
const MOST_BYTES: usize = 17 * 1024 * 1024;

/// A request, read as far as it takes to know what it asks for.
pub(crate) struct Arrived {
    pub(crate) caller: Caller,
    /// Its name, as far as it can be told.
    pub(crate) operation: String,
    pub(crate) content: Content,
}

/// What a request says.
pub(crate) enum Content {
    /// For S3, which reads the body as a stream: an upload need not be in memory.
    ForBuckets(Box<Request<Body>>),
    /// For the services whose requests are one message.
    Message { target: Option<String>, body: Bytes },
}

impl Arrived {
    /// Reads `request`, or says why not.
    pub(crate) async fn read(request: Request<Body>) -> Result<Self, Response<Body>> {
        let unsigned = || {
            let words = "the request is not signed: its service cannot be told";
            refuse(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException", words)
        };
        let caller = caller(&request).ok_or_else(unsigned)?;
        if caller.service == "s3" {
            let operation = object_operation(&request);
            return Ok(Self { caller, operation, content: Content::ForBuckets(Box::new(request)) });
        }
        let (parts, body) = request.into_parts();
        let body = read(body, MOST_BYTES).await?;
        let target = match caller.service.as_str() {
            "controltower" => Some(parts.uri.path()),
            _ => text(&parts.headers, "x-amz-target"),
        };
        let target = target.map(str::to_owned);
        let operation = wire::operation(&caller.service, target.as_deref(), &body);
        Ok(Self { caller, operation, content: Content::Message { target, body } })
    }

    /// The same request twice.
    pub(crate) async fn doubled(self) -> Result<(Self, Self), Response<Body>> {
        let (first, second) = match self.content {
            Content::ForBuckets(request) => {
                let (parts, body) = request.into_parts();
                let body = read(body, usize::MAX).await?;
                let request =
                    || Box::new(Request::from_parts(parts.clone(), Body::from(body.clone())));
                (Content::ForBuckets(request()), Content::ForBuckets(request()))
            }
            Content::Message { target, body } => (
                Content::Message { target: target.clone(), body: body.clone() },
                Content::Message { target, body },
            ),
        };
        let (caller, operation) = (self.caller.clone(), self.operation.clone());
        Ok((
            Self { caller, operation, content: first },
            Self { caller: self.caller, operation: self.operation, content: second },
        ))
    }
}

/// Who calls whom, by the credential scope of the signature.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The access key id.
    pub(crate) key: String,
    /// The signing name.
    pub(crate) service: String,
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

/// The operation on an object, such as `PutObject`; of those on buckets only the method.
fn object_operation(request: &Request<Body>) -> String {
    let path = request.uri().path().trim_matches('/');
    let what = if path.contains('/') { "Object" } else { "Bucket" };
    let method = request.method().as_str();
    let rest = method.get(1..).unwrap_or_default().to_lowercase();
    format!("{}{rest}{what}", method.get(..1).unwrap_or_default())
}

/// The body, if it has at most so many bytes.
async fn read(body: Body, most_bytes: usize) -> Result<Bytes, Response<Body>> {
    let read = Limited::new(body, most_bytes).collect().await;
    read.map(Collected::to_bytes).map_err(|error| {
        let message = format!("the body cannot be read: {error}");
        refuse(StatusCode::BAD_REQUEST, "SerializationException", &message)
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
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
    fn the_operation_is_in_the_target_the_path_or_the_body() {
        let operation = wire::operation;
        assert_eq!(operation("dynamodb", Some("DynamoDB_20120810.PutItem"), b""), "PutItem");
        assert_eq!(operation("sns", None, b"Version=2010-03-31&Action=Publish"), "Publish");
        assert_eq!(operation("sns", None, b""), "");
        assert_eq!(operation("controltower", Some("/get-landingzone"), b"{}"), "GetLandingZone");
    }

    #[test]
    fn what_is_done_to_an_object_is_told_by_the_method() {
        let asked = |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty());
            object_operation(&request.unwrap())
        };
        assert_eq!(asked("PUT", "/lists/results/a.csv?x-id=PutObject"), "PutObject");
        assert_eq!(asked("GET", "/lists/a.csv?versionId=1"), "GetObject");
        assert_eq!(asked("HEAD", "/lists/"), "HeadBucket");
    }
}
