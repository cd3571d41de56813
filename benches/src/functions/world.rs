//! The simulated AWS that the functions are measured in: tables with nothing to do in them,
//! and one list that was taken.

use std::path::Path;

use anyhow::Context;
use aws_credential_types::Credentials;
use aws_sdk_s3::primitives::ByteStream;
use chrono::{SubsecRound, Utc};
use landing_zone::{Description, Zone};
use local_cloud::{ACCESS_KEY, Cloud, ENDPOINT, SECRET_KEY, Settings};
use serde_json::{Value, json};
use vending_aws::{Clients, TableNames, create_tables, fixed_config};

/// Variables of a process.
pub(super) type Variables = Vec<(&'static str, String)>;

/// A cloud with the tables, the topic and the built-in landing zone.
pub(super) struct World {
    pub(super) cloud: Cloud,
    clients: Clients,
    topic_arn: String,
}

impl World {
    /// A new one, at the present moment: functions go by the clock of the machine.
    pub(super) async fn open() -> anyhow::Result<Self> {
        let cloud = cloud()?;
        let credentials = Credentials::from_keys(ACCESS_KEY, SECRET_KEY, None);
        let config = fixed_config(cloud.http_client(), ENDPOINT, cloud.region(), credentials);
        let clients = Clients::new(config);
        create_tables(&clients.dynamodb(), &TableNames::default()).await?;
        let topic = clients.sns().create_topic().name("vend-notices").send().await?;
        let topic_arn = topic.topic_arn.context("the topic has no ARN")?;
        Ok(Self { cloud, clients, topic_arn })
    }

    /// The clients of this world, in this process.
    pub(super) fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The variables of a function that is given nothing beyond what it needs.
    pub(super) fn variables(&self) -> Variables {
        let names = TableNames::default();
        let mut variables = self.of_aws();
        variables.extend([
            ("VEND_STACK", "vend-measured".to_owned()),
            ("VEND_ACCOUNTS_TABLE", names.accounts),
            ("VEND_CONTROL_TABLE", names.control),
            ("VEND_TOPIC_ARN", self.topic_arn.clone()),
            ("VEND_MANAGEMENT_ACCOUNT_ID", self.cloud.account().to_owned()),
        ]);
        variables
    }

    fn of_aws(&self) -> Variables {
        vec![
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
            ("AWS_REGION", self.cloud.region().to_owned()),
            ("AWS_DEFAULT_REGION", self.cloud.region().to_owned()),
        ]
    }

    /// Uploads `list`; answers what S3 sends to EventBridge.
    pub(super) async fn upload(&self, list: Vec<u8>) -> anyhow::Result<Value> {
        let mut event = sample("s3-object-created")?;
        let about = &mut event["detail"];
        let text = |value: &Value| value.as_str().map(str::to_owned).context("no text");
        let (bucket, key) = (text(&about["bucket"]["name"])?, text(&about["object"]["key"])?);
        let s3 = self.clients.s3();
        if s3.head_bucket().bucket(&bucket).send().await.is_err() {
            s3.create_bucket().bucket(&bucket).send().await?;
        }
        let put = s3.put_object().bucket(bucket).key(key).body(ByteStream::from(list));
        about["object"]["version-id"] = json!(put.send().await?.version_id);
        Ok(event)
    }

    /// Calls to AWS so far.
    pub(super) fn calls(&self) -> u64 {
        self.cloud.calls().values().sum()
    }
}

fn cloud() -> anyhow::Result<Cloud> {
    let description = Description::builtin();
    let settings = Settings {
        state: None,
        seed: 7,
        start: Utc::now().trunc_subsecs(0),
        region: description.organization.home_region.clone(),
        account: description.organization.management_account.clone(),
    };
    let build = |seed, start| Zone::new(&description, seed, start);
    Ok(Cloud::open(settings, build, |_, _| Err("there are no commands".to_owned()))?)
}

/// A sample of an event of AWS.
pub(super) fn sample(name: &str) -> anyhow::Result<Value> {
    let path = samples().join("events").join(name).with_extension("json");
    let text = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

/// The sample account list.
pub(super) fn sample_list() -> anyhow::Result<Vec<u8>> {
    Ok(std::fs::read(samples().join("accounts.csv"))?)
}

fn samples() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}
