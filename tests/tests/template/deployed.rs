//! The real functions on the local cloud, as the template deploys them: its variables,
//! its names, its wiring.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_s3::primitives::ByteStream;
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::{Description, Zone};
use local_cloud::delivery::{Function, FunctionError, Pace, Wiring};
use local_cloud::template::Stack;
use local_cloud::{ACCESS_KEY, Cloud, Delivery, ENDPOINT, SECRET_KEY, Settings, VirtualClock};
use serde_json::Value;
use vending::ledger::{BatchId, ObjectRef, Timestamp};
use vending::ports::Clock;
use vending_aws::{Clients, Environment, TableNames, create_tables, fixed_config};

use crate::calls::Needs;
use crate::stack::{self, FUNCTIONS};

/// When the cloud starts.
pub fn start() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

/// A cloud around the built-in landing zone.
pub fn cloud() -> Cloud {
    around(&Description::builtin())
}

fn around(description: &Description) -> Cloud {
    let settings = Settings {
        state: None,
        seed: 7,
        start: start(),
        region: description.organization.home_region.clone(),
        account: description.organization.management_account.clone(),
    };
    let build = |seed, start| Zone::new(description, seed, start);
    Cloud::open(settings, build, |_, _| Err("there are no commands".to_owned())).unwrap()
}

/// SDK clients whose far end is `cloud`.
pub fn clients(cloud: &Cloud) -> Clients {
    Clients::new(config(cloud, cloud.http_client()))
}

fn config(
    cloud: &Cloud,
    http_client: aws_smithy_runtime_api::client::http::SharedHttpClient,
) -> aws_config::SdkConfig {
    let credentials = Credentials::from_keys(ACCESS_KEY, SECRET_KEY, None);
    fixed_config(http_client, ENDPOINT, cloud.region(), credentials)
}

/// Makes what the stack has of tables, bucket and topic.
pub async fn furnish(cloud: &Cloud, stack: &Stack) {
    let clients = clients(cloud);
    let named = |logical: &str| stack.reference(logical).unwrap();
    clients.s3().create_bucket().bucket(named("ListBucket")).send().await.unwrap();
    let tables = TableNames { accounts: named("AccountsTable"), control: named("ControlTable") };
    create_tables(&clients.dynamodb(), &tables).await.unwrap();
    let topic = stack.attribute("Topic", "TopicName").unwrap();
    let topic = clients.sns().create_topic().name(topic).send().await.unwrap();
    assert_eq!(topic.topic_arn.unwrap(), named("Topic"));
}

/// The needs of each function, by its name.
pub type AllNeeds = BTreeMap<&'static str, Needs>;

/// A deployed stack.
pub struct Deployed {
    pub clients: Clients,
    pub stack: Stack,
    cloud: Cloud,
    functions: Vec<Arc<dyn Function>>,
    delivery: Delivery,
}

impl Deployed {
    /// The stack with these parameters in that landing zone; what its functions ask of
    /// AWS is noted in `needs`.
    pub async fn new(
        description: &Description,
        parameters: &[(&str, &str)],
        needs: &AllNeeds,
    ) -> Self {
        let (cloud, stack) = (around(description), stack::stack(parameters));
        furnish(&cloud, &stack).await;
        let function = |(logical, name): &(&str, &'static str)| -> Arc<dyn Function> {
            let clients = Clients::new(config(&cloud, needs[name].http_client(&cloud)));
            Arc::new(Lambda::new(name, &stack::variables(&stack, logical), &clients, &cloud))
        };
        let functions: Vec<_> = FUNCTIONS.iter().map(function).collect();
        let wiring: Wiring = stack::wiring(&stack, functions.clone());
        let delivery = Delivery::new(cloud.clone(), wiring).unwrap();
        Self { clients: clients(&cloud), stack, cloud, functions, delivery }
    }

    /// Drops a list into the bucket.
    pub async fn upload(&self, key: &str, list: impl Into<Vec<u8>>) {
        let bucket = self.stack.reference("ListBucket").unwrap();
        let put = self.clients.s3().put_object().bucket(bucket).key(key);
        put.body(ByteStream::from(list.into())).send().await.unwrap();
    }

    /// The results file of what was dropped last at that key.
    pub async fn results(&self, key: &str) -> String {
        let bucket = self.stack.reference("ListBucket").unwrap();
        let uploaded = self.clients.s3().get_object().bucket(&bucket).key(key).send().await;
        let version = uploaded.unwrap().version_id;
        let object = ObjectRef { bucket: bucket.clone(), key: key.to_owned(), version };
        let results = format!("results/{}.csv", BatchId::of(&object));
        let got = self.clients.s3().get_object().bucket(bucket).key(results).send().await.unwrap();
        String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap()
    }

    /// Lets time pass.
    pub async fn run(&mut self, time: TimeDelta) {
        let until = self.cloud.now() + time;
        let done = async |it: &Delivery| it.cloud().now() >= until;
        self.delivery.run_until(done, Pace::Unpaced).await.unwrap();
        let undelivered = self.delivery.undelivered();
        assert!(undelivered.is_empty(), "{undelivered:?}");
    }

    /// The id of the account of that name in the organization, if there is one.
    pub fn account_id(&self, name: &str) -> Option<String> {
        self.cloud.inspect(|zone| {
            let mut accounts = zone.organization.accounts().iter();
            accounts.find(|account| account.name == name).map(|account| account.id.clone())
        })
    }

    /// Invokes a function with an event.
    pub async fn invoke(&self, name: &str, event: Value) -> Value {
        let function = self.functions.iter().find(|it| it.name() == name).unwrap();
        function.invoke(event).await.unwrap()
    }

    /// The status of every entry, by the account's name.
    pub async fn statuses(&self) -> BTreeMap<String, String> {
        let table = self.stack.reference("AccountsTable").unwrap();
        let scan = self.clients.dynamodb().scan().table_name(table).consistent_read(true);
        let items = scan.send().await.unwrap().items.unwrap_or_default();
        let status = |item: &std::collections::HashMap<_, _>| {
            let text = |name: &str| {
                let value: &aws_sdk_dynamodb::types::AttributeValue = &item[name];
                value.as_s().unwrap().clone()
            };
            (text("AccountName"), text("Status"))
        };
        items.iter().map(status).collect()
    }
}

struct CloudClock(VirtualClock);

impl Clock for CloudClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A function, configured by its variables.
enum Lambda {
    Intake(Box<intake::Function>),
    Provision(Box<provision::Function>),
    Handover(Box<handover::Function>),
}

impl Lambda {
    fn new(
        name: &str,
        variables: &BTreeMap<String, String>,
        clients: &Clients,
        cloud: &Cloud,
    ) -> Self {
        let environment = Environment::of(variables.clone());
        let clock = Arc::new(CloudClock(cloud.clock()));
        match name {
            "intake" => {
                let config = intake::Config::from(environment).unwrap();
                Self::Intake(Box::new(intake::Function::new(clients, config, clock)))
            }
            "provision" => {
                let config = provision::Config::from(environment).unwrap();
                Self::Provision(Box::new(provision::Function::new(clients, config, clock)))
            }
            _ => {
                let config = handover::Config::from(environment).unwrap();
                Self::Handover(Box::new(handover::Function::new(clients, config, clock)))
            }
        }
    }
}

#[async_trait]
impl Function for Lambda {
    fn name(&self) -> &str {
        match self {
            Self::Intake(_) => "intake",
            Self::Provision(_) => "provision",
            Self::Handover(_) => "handover",
        }
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        let answered = match self {
            Self::Intake(function) => function.handle(&event).await,
            Self::Provision(function) => function.handle(&event).await,
            Self::Handover(function) => function.handle(&event).await,
        };
        answered.map_err(|error| FunctionError {
            error_type: error.error_type().to_owned(),
            message: error.to_string(),
        })
    }
}
