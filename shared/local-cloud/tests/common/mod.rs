//! A cloud, SDK clients for it, and functions that do as they are told.
#![expect(dead_code, reason = "each test binary uses a part")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, StreamSpecification, StreamViewType,
};
use chrono::{DateTime, Utc};
use landing_zone::description::AccountFactoryDescription;
use landing_zone::{Description, Zone};
use local_cloud::delivery::{Function, FunctionError, Refusal};
use local_cloud::{ACCESS_KEY, Cloud, ENDPOINT, SECRET_KEY, Settings};
use serde_json::Value;

pub fn start() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

pub fn open(state: Option<&Path>) -> Cloud {
    let settings = Settings {
        state: state.map(Path::to_owned),
        seed: 7,
        start: start(),
        region: "us-east-1".to_owned(),
        account: "111122223333".to_owned(),
    };
    let build = |seed, start| {
        let mut description = Description::builtin();
        description.account_factory = AccountFactoryDescription::default();
        Zone::new(&description, seed, start)
    };
    Cloud::open(settings, build, create_topic).unwrap()
}

/// The one command there is: `{"topic": "name"}`.
fn create_topic(zone: &mut Zone, command: &Value) -> Result<(), String> {
    let name = command["topic"].as_str().ok_or("which topic?")?;
    zone.topics.create(name).map(|_| ()).map_err(|error| error.to_string())
}

pub fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test")
}

pub fn dynamodb(cloud: &Cloud) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_dynamodb::config::Region::new("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(ENDPOINT)
        .http_client(cloud.http_client())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

pub fn s3_config() -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_s3::config::Region::new("us-east-1"))
        .credentials_provider(credentials())
}

pub fn s3(cloud: &Cloud) -> aws_sdk_s3::Client {
    let config = s3_config().endpoint_url(ENDPOINT).http_client(cloud.http_client()).build();
    aws_sdk_s3::Client::from_conf(config)
}

pub async fn create_table(client: &aws_sdk_dynamodb::Client, name: &str) {
    let key = KeySchemaElement::builder().attribute_name("Name").key_type(KeyType::Hash);
    let attribute = AttributeDefinition::builder()
        .attribute_name("Name")
        .attribute_type(ScalarAttributeType::S);
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages);
    client
        .create_table()
        .table_name(name)
        .key_schema(key.build().unwrap())
        .attribute_definitions(attribute.build().unwrap())
        .billing_mode(BillingMode::PayPerRequest)
        .stream_specification(stream.build().unwrap())
        .send()
        .await
        .unwrap();
}

pub fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub async fn put(client: &aws_sdk_dynamodb::Client, table: &str, name: &str) {
    let put = client.put_item().table_name(table).item("Name", text(name));
    put.item("Status", text("QUEUED")).send().await.unwrap();
}

type Answer = dyn Fn(&Value) -> Result<Value, FunctionError> + Send + Sync;

/// A function that notes when it got what.
pub struct Scripted {
    name: String,
    cloud: Cloud,
    answer: Box<Answer>,
    got: Mutex<Vec<(DateTime<Utc>, Value)>>,
    refusals: Mutex<Vec<Refusal>>,
    refused: Mutex<Vec<DateTime<Utc>>>,
}

impl Scripted {
    pub fn new(
        cloud: &Cloud,
        name: &str,
        answer: impl Fn(&Value) -> Result<Value, FunctionError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            cloud: cloud.clone(),
            answer: Box::new(answer),
            got: Mutex::default(),
            refusals: Mutex::default(),
            refused: Mutex::default(),
        })
    }

    /// Lambda does not take the next events for it: the last one first.
    pub fn refuse(&self, refusals: &[Refusal]) {
        self.refusals.lock().unwrap().extend(refusals);
    }

    /// The seconds since the start at which Lambda did not take an event.
    pub fn refused_seconds(&self) -> Vec<i64> {
        let refused = self.refused.lock().unwrap();
        refused.iter().map(|at| (*at - start()).num_seconds()).collect()
    }

    pub fn got(&self) -> Vec<(DateTime<Utc>, Value)> {
        self.got.lock().unwrap().clone()
    }

    /// The seconds since the start at which it was invoked.
    pub fn seconds(&self) -> Vec<i64> {
        self.got().iter().map(|(at, _)| (*at - start()).num_seconds()).collect()
    }

    /// The `Name`s in each batch it got.
    pub fn batches(&self) -> Vec<String> {
        self.got().iter().map(|(_, event)| names(event).join(" ")).collect()
    }
}

#[async_trait]
impl Function for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        let answer = (self.answer)(&event);
        self.got.lock().unwrap().push((self.cloud.now(), event));
        answer
    }

    fn refusal(&self) -> Option<Refusal> {
        let refusal = self.refusals.lock().unwrap().pop()?;
        self.refused.lock().unwrap().push(self.cloud.now());
        Some(refusal)
    }
}

pub fn fail() -> Result<Value, FunctionError> {
    Err(FunctionError { error_type: "Told".to_owned(), message: "as told".to_owned() })
}

/// The `Name`s of the records of a stream event.
pub fn names(event: &Value) -> Vec<String> {
    let records = event["Records"].as_array().unwrap().iter();
    records.map(|it| it["dynamodb"]["Keys"]["Name"]["S"].as_str().unwrap().to_owned()).collect()
}
