//! The end of CloudFormation's that waits for answers, on loopback.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What makes the URL a secret.
pub const SIGNATURE: &str = "X-Amz-Signature";

/// A request that came.
#[derive(Debug)]
pub struct Arrived {
    /// `PUT`, if it is an answer.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The content type, which the URL is not signed for.
    pub content_type: Option<String>,
    /// The answer.
    pub answer: Value,
}

/// A stack that waits for answers. Dropping it stops it.
pub struct Stack {
    address: SocketAddr,
    arrived: UnboundedReceiver<Arrived>,
    serving: JoinHandle<()>,
}

impl Stack {
    /// One that takes every answer with `status`.
    pub async fn start(status: StatusCode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (arriving, arrived) = unbounded_channel();
        let serving = tokio::spawn(accept(listener, status, arriving));
        Self { address, arrived, serving }
    }

    /// The path of the URL that `event` gets.
    pub const PATH: &str =
        "/arn%3Aaws%3Acloudformation%7CFactoryAccess?X-Amz-Expires=7200&X-Amz-Signature=5d672d79";

    /// `event` with a URL that leads here.
    pub fn asks(&self, mut event: Value) -> Value {
        event["ResponseURL"] = json!(format!("http://{}{}", self.address, Self::PATH));
        event
    }

    /// The next request that comes.
    pub async fn next(&mut self) -> Arrived {
        tokio::time::timeout(PATIENCE, self.arrived.recv()).await.unwrap().unwrap()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn accept(listener: TcpListener, status: StatusCode, arriving: UnboundedSender<Arrived>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let arriving = arriving.clone();
        let service = service_fn(move |request| {
            let arriving = arriving.clone();
            async move {
                // The test may have seen all that it wants to see.
                arriving.send(read(request).await).ok();
                let mut response = Response::new(Empty::<Bytes>::new());
                *response.status_mut() = status;
                Ok::<_, Infallible>(response)
            }
        });
        let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move { serving.await.ok() });
    }
}

async fn read(request: Request<Incoming>) -> Arrived {
    let method = request.method().to_string();
    let path = request.uri().to_string();
    let content_type = request.headers().get("content-type");
    let content_type = content_type.map(|it| it.to_str().unwrap().to_owned());
    let body = request.into_body().collect().await.unwrap().to_bytes();
    Arrived { method, path, content_type, answer: serde_json::from_slice(&body).unwrap() }
}
