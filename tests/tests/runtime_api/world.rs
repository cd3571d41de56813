//! The simulated cloud that the compiled functions call, over loopback.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use aws_sdk_s3::primitives::ByteStream;
use chrono::{SubsecRound, TimeDelta, Utc};
use landing_zone::model::service_catalog::{FACTORY_PORTFOLIO_ID, principals};
use landing_zone::{Description, Zone};
use local_cloud::{ACCESS_KEY, Cloud, ENDPOINT, SECRET_KEY, Serving, Settings};
use serde_json::{Value, json};
use vending_aws::{Clients, TableNames, create_tables, fixed_config};

use crate::process::Variables;
use crate::samples;

/// The name of the stack, in metrics.
pub const STACK: &str = "vend-under-test";

/// A cloud with the tables, the topic and the built-in landing zone.
pub struct World {
    /// The cloud.
    pub cloud: Cloud,
    clients: Clients,
    serving: Serving,
    topic_arn: String,
}

impl World {
    /// A new one, at the present moment: the functions go by the clock of the machine.
    pub async fn open() -> Self {
        let cloud = cloud(&Description::builtin());
        let serving = cloud.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let credentials = Credentials::from_keys(ACCESS_KEY, SECRET_KEY, None);
        let config = fixed_config(cloud.http_client(), ENDPOINT, cloud.region(), credentials);
        let clients = Clients::new(config);
        create_tables(&clients.dynamodb(), &TableNames::default()).await.unwrap();
        let topic = clients.sns().create_topic().name("vend-notices").send().await.unwrap();
        Self { cloud, clients, serving, topic_arn: topic.topic_arn.unwrap() }
    }

    /// The variables of `function` in this world: every AWS call goes to it.
    pub fn variables(&self, function: &str) -> Variables {
        let mut variables = self.of_aws();
        variables.push(("VEND_STACK", STACK.to_owned()));
        variables.extend(self.required(function));
        if function != "provision" {
            let given = Description::builtin().stack;
            variables.push(("VEND_ASSIGNMENTS", given.assignments.join("; ")));
            variables.push(("VEND_PORTFOLIOS", given.portfolios.join("; ")));
        }
        variables
    }

    /// Those of them that the SDK reads.
    pub fn of_aws(&self) -> Variables {
        vec![
            ("AWS_ENDPOINT_URL", format!("http://{}", self.serving.addr)),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
            ("AWS_REGION", self.cloud.region().to_owned()),
        ]
    }

    /// Those of them that `function` cannot do without.
    pub fn required(&self, function: &str) -> Variables {
        let names = TableNames::default();
        let mut variables = vec![
            ("VEND_ACCOUNTS_TABLE", names.accounts),
            ("VEND_CONTROL_TABLE", names.control),
            ("VEND_TOPIC_ARN", self.topic_arn.clone()),
        ];
        if function != "provision" {
            variables.push(("VEND_MANAGEMENT_ACCOUNT_ID", self.cloud.account().to_owned()));
        }
        variables
    }

    /// Uploads the sample list to where the event says it is, a notification of S3's or
    /// what S3 sends to EventBridge; answers the event with the version that the upload got.
    pub async fn upload(&self, mut event: Value) -> Value {
        let s3 = self.clients.s3();
        let notification = event["Records"].is_array();
        let about =
            if notification { &mut event["Records"][0]["s3"] } else { &mut event["detail"] };
        let bucket = about["bucket"]["name"].as_str().unwrap().to_owned();
        let key = about["object"]["key"].as_str().unwrap();
        let key = if notification { samples::decoded(key) } else { key.to_owned() };
        if s3.head_bucket().bucket(&bucket).send().await.is_err() {
            s3.create_bucket().bucket(&bucket).send().await.unwrap();
        }
        let body = ByteStream::from(samples::accounts().into_bytes());
        let put = s3.put_object().bucket(bucket).key(key).body(body).send().await.unwrap();
        let version = if notification { "versionId" } else { "version-id" };
        about["object"][version] = json!(put.version_id.unwrap());
        event
    }

    /// The status of every entry of the ledger, by the account's name.
    pub async fn statuses(&self) -> BTreeMap<String, String> {
        let scan = self.clients.dynamodb().scan().table_name(TableNames::default().accounts);
        let items = scan.consistent_read(true).send().await.unwrap().items.unwrap();
        items
            .iter()
            .map(|item| {
                let text = |name: &str| item[name].as_s().unwrap().clone();
                (text("AccountName"), text("Status"))
            })
            .collect()
    }

    /// The id of the account with that name in the organization.
    pub fn account_id(&self, name: &str) -> String {
        self.cloud.inspect(|zone| {
            let account = zone.organization.accounts().iter().find(|account| account.name == name);
            account.unwrap().id.clone()
        })
    }

    /// The principals that may launch Account Factory.
    pub fn launchers(&self) -> Vec<String> {
        self.cloud.inspect(|zone| {
            let principals = principals(zone, FACTORY_PORTFOLIO_ID).unwrap();
            principals.into_iter().map(|it| it.principal).collect()
        })
    }

    /// How often the functions and the test have called that operation.
    pub fn calls(&self, service: &str, operation: &str) -> u64 {
        let calls = self.cloud.calls();
        calls.get(&(service.to_owned(), operation.to_owned())).copied().unwrap_or_default()
    }

    /// Moves the cloud's time until everything is done that AWS was asked for.
    pub fn let_aws_work(&self) {
        self.cloud.advance_to(self.cloud.now() + TimeDelta::minutes(40)).unwrap();
    }
}

fn cloud(description: &Description) -> Cloud {
    let settings = Settings {
        state: None,
        seed: 7,
        start: Utc::now().trunc_subsecs(0),
        region: description.organization.home_region.clone(),
        account: description.organization.management_account.clone(),
    };
    let build = |seed, start| Zone::new(description, seed, start);
    Cloud::open(settings, build, |_, _| Err("there are no commands".to_owned())).unwrap()
}
