//! A world to try single moments in: its use cases run to their end at once, and any call
//! of a port can be made to fail, before or after it is made.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::ports::{Hook, Interposed, MemoryLedger, MemoryWorld, Shared};
use simulation::invariants::at_once;
use vending::Error;
use vending::account::AccountName;
use vending::handover::{self, Handover};
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::{Entry, ObjectRef, PrincipalKind, Status};
use vending::ports::{Clock, CouldNotAsk, PrincipalText};
use vending::provision::{Provisioning, Trigger, provision};

/// Where a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    /// It is not made.
    Before,
    /// It is made, and not answered.
    After,
}

/// Fails the calls of one name, and writes all of them down.
#[derive(Debug, Default)]
pub struct Failing {
    which: Mutex<Option<(&'static str, Fails)>>,
    calls: Mutex<Vec<&'static str>>,
}

impl Failing {
    fn at(&self, call: &'static str, fails: Fails) -> Result<(), CouldNotAsk> {
        match *self.which.lock().unwrap() {
            Some(it) if it == (call, fails) => Err(CouldNotAsk::new("test", call, "no answer")),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Hook for Failing {
    async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        self.calls.lock().unwrap().push(call);
        self.at(call, Fails::Before)
    }

    async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk> {
        self.at(call, Fails::After)
    }
}

/// The world, and the ports that fail on demand.
pub struct Rig {
    pub world: MemoryWorld,
    failing: Arc<Failing>,
    pub zone: Interposed<Shared>,
    pub ledger: Interposed<MemoryLedger>,
}

impl Rig {
    /// The built-in landing zone, where every account is given one permission set.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The built-in landing zone with something changed.
    pub fn with(change: impl FnOnce(&mut Description)) -> Self {
        let mut description = Description::builtin();
        change(&mut description);
        let group = PrincipalText { kind: PrincipalKind::Group, text: "Developers".into() };
        let world = MemoryWorld::new(&description, 7)
            .giving(vec![(group, "AWSReadOnlyAccess".into())], Vec::new());
        let failing = Arc::new(Failing::default());
        let zone = Interposed::new(world.zone.clone(), failing.clone());
        let ledger = Interposed::new(world.ledger.clone(), failing.clone());
        Self { world, failing, zone, ledger }
    }

    /// From now on that call fails.
    pub fn fail(&self, call: &'static str, fails: Fails) {
        *self.failing.which.lock().unwrap() = Some((call, fails));
    }

    /// From now on every call is answered.
    pub fn heal(&self) {
        *self.failing.which.lock().unwrap() = None;
    }

    /// The calls since the last time.
    pub fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.failing.calls.lock().unwrap())
    }

    pub fn pass(&self, minutes: i64) {
        self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(minutes));
    }

    /// Uploads a list of `rows`: name and e-mail.
    pub fn upload(&self, rows: &[(&str, &str)]) -> ObjectRef {
        let mut text = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n".to_owned();
        for (name, email) in rows {
            text.push_str(&format!("{name},jane@example.com,{email},Jane,Doe,Test-OU-1,,,\n"));
        }
        self.world.upload("in/list.csv", text)
    }

    pub fn ingest(&self, object: &ObjectRef) -> Result<Ingested, Error> {
        let intake = Intake { ledger: &self.ledger, notifier: &self.zone, ..self.world.intake() };
        at_once(ingest(&intake, object)).expect("nothing to wait for")
    }

    pub fn provision(&self, trigger: &Trigger) -> Result<(), Error> {
        at_once(provision(&self.provisioning(), trigger)).expect("nothing to wait for")
    }

    pub fn provisioning(&self) -> Provisioning<'_> {
        Provisioning {
            ledger: &self.ledger,
            factory: &self.zone,
            notifier: &self.zone,
            ..self.world.provisioning()
        }
    }

    pub fn handover(&self) -> Handover<'_> {
        Handover {
            ledger: &self.ledger,
            assignments: &self.zone,
            turns: &self.ledger,
            outside: &self.ledger,
            notifier: &self.zone,
            ..self.world.handover()
        }
    }

    pub fn attend(&self, name: &str) -> Result<(), Error> {
        let name = AccountName::new(name).unwrap();
        at_once(handover::attend(&self.handover(), &name)).expect("nothing to wait for")
    }

    pub fn entry(&self, name: &str) -> Entry {
        let entries = self.world.ledger.all();
        entries.into_iter().find(|it| it.request.name.as_str() == name).expect("an entry")
    }

    pub fn status(&self, name: &str) -> Status {
        self.entry(name).status()
    }

    /// Takes a list of one row, and ticks until its account is made.
    pub fn made(&self, name: &str) {
        self.ingest(&self.upload(&[(name, &format!("{name}@example.com"))])).unwrap();
        for _ in 0..90 {
            self.provision(&Trigger::Tick).unwrap();
            if self.status(name) == Status::Configuring {
                return;
            }
            self.pass(1);
        }
        panic!("{name} is {}", self.status(name));
    }

    /// The subjects of the notices so far that say this.
    pub fn told(&self, what: &str) -> Vec<String> {
        self.world.zone.with(|zone| {
            let subjects = zone.topics.messages().iter().filter_map(|it| it.subject.clone());
            subjects.filter(|subject| subject.contains(what)).collect()
        })
    }
}
