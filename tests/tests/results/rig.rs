//! A world with lists in it, and how time is made to pass there.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::service_catalog::Outcome;
use landing_zone::ports::{Hook, Interposed, MemoryWorld, Shared};
use vending::account::AccountName;
use vending::handover::{self, Handover};
use vending::ingest::{Intake, ingest};
use vending::ledger::{Batch, BatchId, ObjectRef, PrincipalKind, Status};
use vending::ports::{Clock, CouldNotAsk, Ledger, PrincipalText};
use vending::provision::{Trigger, provision};
use vending::results::RecentFiles;

use crate::bucket::Bucket;
use crate::meanwhile::TriedAgain;

pub struct Rig {
    pub world: MemoryWorld,
    pub bucket: Bucket,
    /// What the process remembers in which `handover` runs; at first it ends with each invocation.
    pub process: Option<Arc<RecentFiles>>,
    topic: Interposed<Shared>,
    topic_fails: Arc<FailsOnce>,
}

/// Lets one call fail, once.
struct FailsOnce(Mutex<Option<&'static str>>);

#[async_trait]
impl Hook for FailsOnce {
    async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        match self.0.lock().unwrap().take_if(|fails| *fails == call) {
            Some(_) => Err(CouldNotAsk::new("the test", call, "as told")),
            None => Ok(()),
        }
    }

    async fn after(&self, _: &'static str) -> Result<(), CouldNotAsk> {
        Ok(())
    }
}

fn name(text: &str) -> AccountName {
    AccountName::new(text).unwrap()
}

impl Rig {
    /// The usual landing zone, in which those launches turn out so.
    pub fn new(outcomes: &[(&str, Outcome)]) -> Self {
        let mut description = Description::builtin();
        for (account, outcome) in outcomes {
            description.account_factory.outcomes.insert((*account).to_owned(), *outcome);
        }
        let group = PrincipalText { kind: PrincipalKind::Group, text: "Developers".into() };
        let world = MemoryWorld::new(&description, 7)
            .giving(vec![(group, "AWSReadOnlyAccess".into())], Vec::new());
        let bucket = Bucket::new(world.source.clone());
        let topic_fails = Arc::new(FailsOnce(Mutex::new(None)));
        let topic = Interposed::new(world.zone.clone(), topic_fails.clone());
        Self { world, bucket, process: None, topic, topic_fails }
    }

    fn handover(&self) -> Handover<'_> {
        Handover {
            results: &self.bucket,
            recent: self.process.as_deref(),
            notifier: &self.topic,
            ..self.world.handover()
        }
    }

    /// The next notice is not published.
    pub fn notice_fails(&self) {
        *self.topic_fails.0.lock().unwrap() = Some("publish");
    }

    fn put(&self, key: &str, names: &[&str]) -> ObjectRef {
        let mut text = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n".to_owned();
        for name in names {
            let row = format!("{name},jane@example.com,{name}-beta@example.com");
            text.push_str(&format!("{row},Jane,Doe,Test-OU-1,,,\n"));
        }
        self.world.upload(&format!("in/{key}"), text)
    }

    /// Uploads a list, which is taken.
    pub async fn upload(&self, key: &str, names: &[&str]) -> Batch {
        let object = self.put(key, names);
        ingest(&self.world.intake(), &object).await.unwrap();
        self.batch(&object).await
    }

    /// Uploads a list; intake fails at that call, and comes again when every row has ended.
    pub async fn taken_in_two_goes(&self, key: &str, names: &[&str], fails: &'static str) -> Batch {
        let object = self.put(key, names);
        let hook = Arc::new(FailsOnce(Mutex::new(Some(fails))));
        let source = Interposed::new(self.world.source.clone(), hook.clone());
        let zone = Interposed::new(self.world.zone.clone(), hook);
        let intake =
            Intake { source: &source, results: &source, notifier: &zone, ..self.world.intake() };
        ingest(&intake, &object).await.unwrap_err();
        self.minutes(40).await;
        ingest(&intake, &object).await.unwrap();
        self.batch(&object).await
    }

    async fn batch(&self, object: &ObjectRef) -> Batch {
        self.world.ledger.batch(&BatchId::of(object)).await.unwrap().unwrap()
    }

    pub fn pass(&self, minutes: i64) {
        self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(minutes));
    }

    pub async fn minutes(&self, minutes: usize) {
        for _ in 0..minutes {
            self.minute().await;
        }
    }

    /// A minute passes, and both functions hear of it.
    pub async fn minute(&self) {
        self.provision_minute().await;
        handover::tick(&self.handover()).await.unwrap();
    }

    async fn provision_minute(&self) {
        provision(&self.world.provisioning(), &Trigger::Tick).await.unwrap();
        self.pass(1);
        self.world.ledger.let_index_catch_up();
    }

    /// Lets time pass until those accounts are made; `handover` sleeps.
    pub async fn made(&self, names: &[&str]) {
        for _ in 0..200 {
            self.provision_minute().await;
            if names.iter().all(|name| self.status(name) == Status::Configuring) {
                return;
            }
        }
        panic!("not made: {names:?}");
    }

    /// Their access is asked for, and AWS has ended it.
    pub async fn settle_access(&self, names: &[&str]) {
        for _ in 0..2 {
            for name in names {
                handover::attend(&self.handover(), &self::name(name)).await.unwrap();
                assert_eq!(self.status(name), Status::Configuring);
            }
        }
        self.pass(5);
    }

    pub async fn attend(&self, names: &[&str]) {
        let names: Vec<AccountName> = names.iter().map(|it| name(it)).collect();
        let failed = handover::attend_all(&self.handover(), &names).await;
        assert!(failed.is_empty(), "{failed:?}");
    }

    /// `handover` looks after an account that is made, until it is READY.
    pub async fn ended(&self, name: &str) {
        for _ in 0..10 {
            self.attend(&[name]).await;
            if self.status(name) == Status::Ready {
                return;
            }
            self.pass(1);
        }
        panic!("{name} is {}", self.status(name));
    }

    /// The same, and while the batch is being closed an operator tries another row again.
    pub async fn ended_while_tried_again(&self, name: &str, batch: &Batch, row: &str) {
        let hook = Arc::new(TriedAgain {
            ledger: self.world.ledger.clone(),
            clock: self.world.zone.clone(),
            batch: batch.id.clone(),
            row: self::name(row),
            done: AtomicBool::new(false),
        });
        let ledger = Interposed::new(self.world.ledger.clone(), hook.clone());
        let handover = Handover { ledger: &ledger, ..self.handover() };
        for _ in 0..10 {
            let failed = handover::attend_all(&handover, &[self::name(name)]).await;
            assert!(failed.is_empty(), "{failed:?}");
            self.pass(1);
        }
        assert!(hook.done.load(Ordering::SeqCst), "the batch was never being closed");
    }

    /// The same, where in the end it cannot be told.
    pub async fn fails_to_end(&self, name: &str) {
        for _ in 0..10 {
            let told = handover::attend(&self.handover(), &self::name(name)).await;
            if self.status(name) == Status::Ready {
                told.unwrap_err();
                return;
            }
            self.pass(1);
        }
        panic!("{name} is {}", self.status(name));
    }

    fn status(&self, name: &str) -> Status {
        let entries = self.world.ledger.all();
        entries.iter().find(|it| it.request.name.as_str() == name).unwrap().status()
    }

    pub fn account(&self, name: &str) -> String {
        let entries = self.world.ledger.all();
        let entry = entries.iter().find(|it| it.request.name.as_str() == name).unwrap();
        entry.account.as_ref().unwrap().to_string()
    }

    /// The row of an account in the results file of a batch.
    pub fn row(&self, batch: &Batch, name: &str) -> String {
        let file = self.world.source.get(&batch.object.bucket, &batch.results_key()).unwrap();
        let text = String::from_utf8(file).unwrap();
        let mut rows = text.lines().filter(|line| line.starts_with(&format!("{name},")));
        rows.next().unwrap_or_else(|| panic!("no row of {name} in {text}")).to_owned()
    }

    pub fn was_told(&self, name: &str) -> bool {
        self.world.zone.with(|zone| {
            let mut subjects = zone.topics.messages().iter().filter_map(|it| it.subject.as_ref());
            subjects.any(|subject| subject.starts_with(&format!("Vend: account {name} ")))
        })
    }

    pub fn kinds_told(&self) -> Vec<String> {
        self.world.zone.with(|zone| {
            let messages = zone.topics.messages().iter();
            messages.map(|message| message.attributes["kind"].value.clone()).collect()
        })
    }

    pub fn last_body(&self) -> String {
        self.world.zone.with(|zone| zone.topics.messages().last().unwrap().body.clone())
    }
}
