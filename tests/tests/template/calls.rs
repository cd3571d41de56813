//! What a function asks of AWS, noted on its way to the cloud, in the words of IAM.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use local_cloud::{Cloud, ENDPOINT};
use serde_json::Value;

/// What a call needs to be allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The operation of the API.
    pub operation: String,
    /// IAM's action, which is not always of that name.
    pub action: String,
    /// The resource's ARN, where the request tells it.
    pub resource: Option<String>,
}

/// The needs of one function.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    noted: Arc<Mutex<BTreeSet<Need>>>,
    /// Those of the role that the function assumes in member accounts.
    in_accounts: Arc<Mutex<BTreeSet<Need>>>,
    /// The operation of which a call is turned away, and how many are let through before.
    refused: Arc<Mutex<Option<(&'static str, usize)>>>,
}

impl Needs {
    /// Those so far.
    pub fn get(&self) -> BTreeSet<Need> {
        self.noted.lock().unwrap().clone()
    }

    /// Those in member accounts so far.
    pub fn in_accounts(&self) -> BTreeSet<Need> {
        self.in_accounts.lock().unwrap().clone()
    }

    /// Turns away the next call of that operation.
    pub fn refuse_next(&self, operation: &'static str) {
        *self.refused.lock().unwrap() = Some((operation, 0));
    }

    /// Turns away the call of that operation after the next.
    pub fn refuse_second(&self, operation: &'static str) {
        *self.refused.lock().unwrap() = Some((operation, 1));
    }

    fn refuses(&self, needs: &[Need]) -> bool {
        let mut refused = self.refused.lock().unwrap();
        let Some((operation, before)) = &mut *refused else { return false };
        if !needs.iter().any(|it| it.operation == *operation) {
            return false;
        }
        match before.checked_sub(1) {
            Some(left) => *before = left,
            None => *refused = None,
        }
        refused.is_none()
    }

    /// An HTTP client to `cloud` that notes what passes. Requests that are not for AWS's
    /// APIs (the answers to CloudFormation) are taken without a look at them.
    pub fn http_client(&self, cloud: &Cloud) -> SharedHttpClient {
        let (inner, needs) = (cloud.http_client(), self.clone());
        http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Noting { inner, needs: needs.clone() })
        })
    }
}

#[derive(Debug)]
struct Noting {
    inner: SharedHttpConnector,
    needs: Needs,
}

impl HttpConnector for Noting {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if !request.uri().starts_with(ENDPOINT) {
            return answered(200);
        }
        let needs = needs(&request);
        if self.needs.refuses(&needs) {
            return answered(403);
        }
        let noted =
            if is_of_member(&request) { &self.needs.in_accounts } else { &self.needs.noted };
        noted.lock().unwrap().extend(needs);
        self.inner.call(request)
    }
}

fn answered(status: u16) -> HttpConnectorFuture {
    HttpConnectorFuture::ready(Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::empty())))
}

/// Whether a session in a member account signed it.
fn is_of_member(request: &HttpRequest) -> bool {
    let signed = request.headers().get("authorization").unwrap();
    let key = signed.split_once("Credential=").unwrap().1.split('/').next().unwrap();
    landing_zone::wire::account_of(key).is_some()
}

fn needs(request: &HttpRequest) -> Vec<Need> {
    let scope = request.headers().get("authorization").unwrap();
    let service = scope.split('/').nth(3).unwrap();
    let body = request.body().bytes().unwrap_or_default();
    match (service, request.headers().get("x-amz-target")) {
        ("s3", _) => vec![of_s3(request.uri())],
        ("dynamodb", Some(target)) => {
            of_dynamodb(last(target), &serde_json::from_slice(body).unwrap())
        }
        (_, Some(target)) => vec![plain(service, last(target), None)],
        (_, None) => vec![of_query(service, body)],
    }
}

fn last(target: &str) -> &str {
    target.rsplit('.').next().unwrap()
}

fn plain(service: &str, operation: &str, resource: Option<String>) -> Need {
    let action = format!("{service}:{operation}");
    Need { operation: operation.to_owned(), action, resource }
}

/// The SDK writes the operation into the query. A read of one version has an action of
/// its own.
fn of_s3(uri: &str) -> Need {
    let (path, query) = uri.trim_start_matches(ENDPOINT).split_once('?').unwrap();
    let (_, operation) = query.split_once("x-id=").unwrap();
    let operation = operation.split('&').next().unwrap();
    let versioned = operation == "GetObject" && query.contains("versionId=");
    let action =
        if versioned { "s3:GetObjectVersion".to_owned() } else { format!("s3:{operation}") };
    let resource = Some(format!("arn:aws:s3:::{}", path.trim_start_matches('/')));
    Need { operation: operation.to_owned(), action, resource }
}

/// The query protocol: of SNS, STS and IAM.
fn of_query(service: &str, body: &[u8]) -> Need {
    let fields: Vec<_> = form_urlencoded::parse(body).collect();
    let field = |name: &str| fields.iter().find(|it| it.0 == name).map(|it| it.1.to_string());
    plain(service, &field("Action").unwrap(), field("TopicArn").or_else(|| field("RoleArn")))
}

/// Transactions have no action of their own, their parts have; what many items are read
/// from are several tables.
fn of_dynamodb(operation: &str, body: &Value) -> Vec<Need> {
    let need = |action: &str, table: &str| Need {
        operation: operation.to_owned(),
        action: format!("dynamodb:{action}"),
        resource: Some(format!("arn:aws:dynamodb:us-east-1:111122223333:table/{table}")),
    };
    match (operation, body.get("IndexName").and_then(Value::as_str)) {
        ("TransactWriteItems", _) => {
            let parts = body["TransactItems"].as_array().unwrap().iter();
            let parts = parts.flat_map(|part| part.as_object().unwrap());
            let table = |part: &Value| part["TableName"].as_str().unwrap().to_owned();
            parts.map(|(kind, part)| need(&part_action(kind), &table(part))).collect()
        }
        ("BatchGetItem", _) => {
            let tables = body["RequestItems"].as_object().unwrap();
            tables.keys().map(|table| need(operation, table)).collect()
        }
        (_, Some(index)) => {
            let table = body["TableName"].as_str().unwrap();
            vec![need(operation, &format!("{table}/index/{index}"))]
        }
        (_, None) => vec![need(operation, body["TableName"].as_str().unwrap())],
    }
}

/// `Put` in a transaction needs `PutItem`; `ConditionCheck` needs `ConditionCheckItem`.
fn part_action(kind: &str) -> String {
    format!("{kind}Item")
}
