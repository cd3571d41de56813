//! An HTTP client with ready answers, for what services say only when they are in trouble;
//! and what a stack asks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use crate::events::{StackRequest, Wake};
use crate::fixed_config;

/// The sample of a stack that creates its custom resource.
pub(crate) fn creation() -> StackRequest {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/events/cloudformation-create.json");
    let event = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    match Wake::decode(&event) {
        Ok(Wake::Stack(request)) => *request,
        other => panic!("{other:?}"),
    }
}

/// Answers requests in the order of its list, and then no more.
#[derive(Debug, Clone)]
pub(crate) struct Canned {
    left: Arc<Mutex<VecDeque<(u16, String)>>>,
    requests: Arc<Mutex<Vec<HttpRequest>>>,
    all: usize,
}

impl Canned {
    pub(crate) fn new(answers: Vec<(u16, String)>) -> Self {
        let all = answers.len();
        Self { all, requests: Arc::default(), left: Arc::new(Mutex::new(answers.into())) }
    }

    /// A configuration whose calls are answered from the list, each tried once.
    pub(crate) fn config(&self) -> SdkConfig {
        let connector = SharedHttpConnector::new(self.clone());
        let http_client = http_client_fn(move |_, _| connector.clone());
        let credentials = Credentials::from_keys("key", "secret", None);
        let config = fixed_config(http_client, "http://127.0.0.1", "us-east-1", credentials);
        config.into_builder().retry_config(RetryConfig::disabled()).build()
    }

    /// The requests that came, in order.
    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<HttpRequest>> {
        self.requests.lock().unwrap()
    }

    /// How many requests were answered.
    pub(crate) fn calls(&self) -> usize {
        self.all - self.left.lock().unwrap().len()
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.requests.lock().unwrap().push(request);
        let answer = self.left.lock().unwrap().pop_front();
        HttpConnectorFuture::ready(match answer {
            Some((status, body)) => {
                Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body)))
            }
            None => Err(ConnectorError::io("no answer is left".into())),
        })
    }
}
