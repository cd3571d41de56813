//! Everything that a local run stands on: the simulated cloud with its tables,
//! bucket and topic, and the three functions wired to it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use chrono::{SubsecRound, Utc};
use landing_zone::model::service_catalog::Outcome;
use landing_zone::{Description, Zone};
use local_cloud::delivery::{Delivery, Function};
use local_cloud::template::Stack;
use local_cloud::{
    ACCESS_KEY, Calls, Cloud, ENDPOINT, SECRET_KEY, Serving, Settings, VirtualClock, WATCHER_KEY,
};
use serde_json::{Value, json};
use vending::ledger::{Operator, Resumed, Timestamp};
use vending::ports::Clock;
use vending_aws::{Clients, DynamoDbLedger, TableNames, create_tables, fixed_config};

use super::chaos::Chaos;
use super::clients;
use super::functions::{Functions, LastAnswer, Lingers};
use super::mail;
use super::wiring::{self, ADMIN, BUCKET};
use crate::LocalArguments;

/// What the cloud writes first into a folder that a run begins in.
const JOURNAL: &str = "landing-zone.jsonl";

/// The clock of the simulated cloud, as the functions read it.
struct CloudClock(VirtualClock);

impl Clock for CloudClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// What a local run stands on.
pub struct Stage {
    /// The simulated cloud.
    pub cloud: Cloud,
    /// The ledger, read without being counted among the product's calls.
    pub ledger: DynamoDbLedger,
    /// The folder that everything is kept in.
    pub folder: PathBuf,
    /// What `intake` answered last.
    pub answer: LastAnswer,
    /// What goes wrong, where that was asked for.
    pub(super) chaos: Option<Arc<Chaos>>,
    /// Whether an earlier run began in the folder.
    pub(super) goes_on: bool,
    /// What the functions call AWS with, and whoever uploads.
    pub clients: Clients,
    functions: Functions,
    /// The stack that it stands for.
    stack: Stack,
    mailed: Mutex<usize>,
    furnished: Calls,
    /// The endpoint that the functions use, where they use sockets.
    _sockets: Option<Serving>,
}

impl Stage {
    /// Opens the cloud, makes what is missing in it, and wires the functions.
    ///
    /// # Errors
    /// When the state folder or the description cannot be used.
    pub async fn open(arguments: &LocalArguments) -> Result<Self> {
        Self::open_lingering(arguments, |_| None).await
    }

    /// The same, where ticks of `handover` stay with what is under way as `lingers` says for
    /// the cloud.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(super) async fn open_lingering(
        arguments: &LocalArguments,
        lingers: impl FnOnce(&Cloud) -> Option<Lingers>,
    ) -> Result<Self> {
        let folder = folder(arguments.state.as_deref())?;
        let goes_on = folder.join(JOURNAL).exists();
        let description = description(arguments.landing_zone.as_deref(), &folder)?;
        let cloud = open_cloud(arguments, &description, &folder)?;
        let stack = wiring::stack(&description, arguments)?;
        cloud.deploy(stack.clone());
        let region = description.organization.home_region.clone();
        let chaos = arguments.chaos.map(|seed| Arc::new(Chaos::new(cloud.clone(), seed)));
        let functions = config(&cloud, &region, ACCESS_KEY);
        let (functions, sockets) = clients::of_functions(functions, &cloud, arguments).await?;
        let clients = Clients::new(functions);
        let watcher = Clients::new(config(&cloud, &region, WATCHER_KEY));
        let topic_arn = furnish(&clients, &watcher).await?;
        let clock = Arc::new(CloudClock(cloud.clock()));
        let answer = LastAnswer::default();
        let lingers = lingers(&cloud);
        let functions =
            Functions::new(&clients, arguments, &description, &topic_arn, clock, &answer, lingers)?;
        let ledger = DynamoDbLedger::new(watcher.dynamodb(), TableNames::default());
        let furnished = cloud.calls();
        let mailed = Mutex::new(mail::count(&folder)?);
        let stage = Self {
            cloud,
            ledger,
            folder,
            answer,
            chaos,
            goes_on,
            clients,
            functions,
            stack,
            mailed,
            furnished,
            _sockets: sockets,
        };
        stage.prepare(arguments).await?;
        Ok(stage)
    }

    async fn prepare(&self, arguments: &LocalArguments) -> Result<()> {
        if arguments.resume {
            let by = Operator("vend local --resume".to_owned());
            let resumed = Resumed { by, at: self.cloud.clock().now() };
            vending::provision::resume(&self.ledger, &resumed).await.context("resume launching")?;
        }
        Ok(())
    }

    /// Makes launches or handovers go wrong.
    ///
    /// # Errors
    /// When the landing zone does not take it.
    pub fn plan(&self, fail: &[(String, Outcome)]) -> Result<()> {
        for (name, outcome) in fail {
            let command = json!({ "plan": { "name": name, "outcome": outcome } });
            self.cloud.command(&command).with_context(|| format!("plan the failure of {name}"))?;
        }
        Ok(())
    }

    /// How often the functions called AWS, and the upload.
    #[must_use]
    pub fn calls(&self) -> Calls {
        since(self.cloud.calls(), &self.furnished)
    }

    /// Reads an object of the bucket.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn download(&self, key: &str) -> Result<Vec<u8>> {
        let got = self.clients.s3().get_object().bucket(BUCKET).key(key).send().await?;
        Ok(got.body.collect().await?.to_vec())
    }

    /// The delivery of events to the functions, from where an earlier one stopped.
    ///
    /// # Errors
    /// When the state folder cannot be read.
    pub fn delivery(&self) -> Result<Delivery> {
        let functions = match &self.chaos {
            Some(chaos) => chaos.wrap(self.functions.all()),
            None => self.functions.all(),
        };
        self.deliver_to(functions)
    }

    /// The same, through what `wrap` makes of each function, and without chaos.
    pub(super) fn delivery_through(
        &self,
        wrap: impl Fn(Arc<dyn Function>) -> Arc<dyn Function>,
    ) -> Result<Delivery> {
        self.deliver_to(self.functions.all().into_iter().map(wrap).collect())
    }

    fn deliver_to(&self, functions: Vec<Arc<dyn Function>>) -> Result<Delivery> {
        let wiring = wiring::wiring(&self.stack, functions)?;
        Delivery::new(self.cloud.clone(), wiring).context("wire the functions")
    }

    /// Writes the mail that came since the last call; answers how much there is in all.
    ///
    /// # Errors
    /// When the folder does not take it.
    pub fn write_mail(&self) -> Result<usize> {
        let mut mailed = self.mailed.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let new =
            self.cloud.inspect(|zone| zone.topics.messages().get(*mailed..).map(<[_]>::to_vec));
        for message in new.unwrap_or_default() {
            mail::write(&self.folder, *mailed + 1, &message)?;
            *mailed += 1;
        }
        Ok(*mailed)
    }
}

/// What `counts` has beyond what was counted `before`.
#[must_use]
pub fn since(mut counts: Calls, before: &Calls) -> Calls {
    for (operation, before) in before {
        if let Some(count) = counts.get_mut(operation) {
            *count -= before;
        }
    }
    counts.retain(|_, count| *count > 0);
    counts
}

fn open_cloud(
    arguments: &LocalArguments,
    description: &Description,
    folder: &Path,
) -> Result<Cloud> {
    let settings = Settings {
        state: Some(folder.to_owned()),
        seed: arguments.seed,
        start: arguments.start.unwrap_or_else(Utc::now).trunc_subsecs(0),
        region: description.organization.home_region.clone(),
        account: description.organization.management_account.clone(),
    };
    let build = |seed, start| Zone::new(description, seed, start);
    Cloud::open(settings, build, apply).context("open the simulated cloud")
}

/// Executes a command of ours on the landing zone, now and in every replay.
fn apply(zone: &mut Zone, command: &Value) -> Result<(), String> {
    let name = command["plan"]["name"].as_str().ok_or("the command has no name")?;
    let outcome = serde_json::from_value(command["plan"]["outcome"].clone());
    zone.service_catalog.plan(name, outcome.map_err(|error| error.to_string())?);
    Ok(())
}

/// The SDK's configuration for the cloud; `access_key` says who is calling.
fn config(cloud: &Cloud, region: &str, access_key: &str) -> aws_config::SdkConfig {
    let credentials = Credentials::from_keys(access_key, SECRET_KEY, None);
    fixed_config(cloud.http_client(), ENDPOINT, region, credentials)
}

/// Makes the bucket, the tables, the topic and its subscription; what is there stays as it is.
async fn furnish(clients: &Clients, watcher: &Clients) -> Result<String> {
    if clients.s3().head_bucket().bucket(BUCKET).send().await.is_err() {
        clients.s3().create_bucket().bucket(BUCKET).send().await.context("create the bucket")?;
    }
    create_tables(&watcher.dynamodb(), &TableNames::default())
        .await
        .context("create the tables")?;
    let topic = clients
        .sns()
        .create_topic()
        .name("vend-notices")
        .send()
        .await
        .context("create the topic")?;
    let topic = topic.topic_arn.context("create the topic: the answer has no ARN")?;
    let admin = clients.sns().subscribe().topic_arn(&topic).protocol("email").endpoint(ADMIN);
    admin.send().await.context("subscribe the admin to the topic")?;
    Ok(topic)
}

/// The state folder: the one asked for, or a new one that stays for a look at it.
fn folder(state: Option<&Path>) -> Result<PathBuf> {
    match state {
        Some(state) => {
            std::fs::create_dir_all(state)
                .with_context(|| format!("create {}", state.display()))?;
            Ok(state.to_owned())
        }
        None => {
            let folder =
                tempfile::Builder::new().prefix("vend-").tempdir().context("create a folder")?;
            Ok(folder.keep())
        }
    }
}

/// The landing zone's description: the one asked for, else the one the folder
/// was started with, else the built-in one. Kept in the folder, since a run goes on
/// in the landing zone it began in.
fn description(asked: Option<&Path>, folder: &Path) -> Result<Description> {
    let kept = folder.join("landing-zone.toml");
    let kept_text = std::fs::read_to_string(&kept).ok();
    let Some(path) = asked else {
        return match kept_text {
            Some(text) => Ok(Description::parse(&text)?),
            None => Ok(Description::builtin()),
        };
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let begun = folder.join(JOURNAL).exists();
    anyhow::ensure!(
        !begun || kept_text.as_ref() == Some(&text),
        "go on in {} with {}: its run began in another landing zone",
        folder.display(),
        path.display(),
    );
    let description =
        Description::parse(&text).with_context(|| format!("understand {}", path.display()))?;
    // A kill must leave none or all of it.
    let new = folder.join("landing-zone.new");
    std::fs::write(&new, text)
        .and_then(|()| std::fs::rename(&new, &kept))
        .with_context(|| format!("write {}", kept.display()))?;
    Ok(description)
}
