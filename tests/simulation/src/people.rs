//! What people do meanwhile: upload lists, pause and resume, finish accounts by hand.

use std::collections::BTreeSet;

use landing_zone::model::service_catalog::{
    FACTORY_PORTFOLIO_ID, Outcome, PrincipalType, associate, caller, disassociate, finish_by_hand,
    launch_path,
};
use vending::account::AccountId;
use vending::account::AccountName;
use vending::ledger::{BatchId, Entry, Operator, Order, Status};
use vending::lifecycle::LifecycleEvent;
use vending::operate::{self, Operating};
use vending::ports::Clock;

use crate::asking::{ASKED_BY_NAME, met};
use crate::invariants::at_once;
use crate::invocation::Wake;
use crate::schedule::{NAMES, Row};
use crate::sim::{Sim, Uploaded};
use crate::violation::{Checked, Violation};
use crate::world::{list, name};

/// What the user is called meanwhile.
const OTHER_NAME: &str = "john.miller";

impl Sim {
    pub(crate) fn upload(&mut self, rows: &[Row]) {
        // A few keys, so that some uploads are new versions of others.
        let key = format!("in/list-{}.csv", self.uploads.len() % 3);
        self.coverage.happened("file uploaded");
        let mut names = BTreeSet::new();
        for (number, email, way) in rows {
            met(*way).into_iter().for_each(|what| self.coverage.happened(what));
            if name(*email) != name(*number) {
                self.coverage.happened("file with a taken e-mail");
            }
            self.history.emails.entry(name(*number)).or_default().insert(*email);
            names.insert(name(*number));
        }
        for name in names {
            *self.history.asked.entry(name).or_default() += 1;
        }
        self.say(|| format!("{key} is uploaded: {rows:?}"));
        let object = self.world.upload(&key, list(rows));
        self.history.uploaded.insert(BatchId::of(&object), self.world.zone.now());
        self.deliver_later(Wake::Upload(object.clone()));
        self.uploads.push(Uploaded { object, rows: rows.to_vec() });
    }

    pub(crate) fn upload_again(&mut self, which: usize) {
        let index = which % self.uploads.len();
        let object = self.uploads[index].object.clone();
        self.coverage.happened("file uploaded again");
        self.deliver_later(Wake::Upload(object));
    }

    pub(crate) fn pause(&mut self) -> Checked {
        self.coverage.happened("launching paused by an operator");
        self.say(|| "an operator pauses launching".to_owned());
        let (by, why) = (Operator("operator".to_owned()), "the window is over");
        asked(at_once(operate::pause(&self.operating(), &by, why)))
    }

    pub(crate) fn resume(&mut self) -> Checked {
        self.coverage.happened("launching resumed");
        self.say(|| "an operator resumes launching".to_owned());
        let by = Operator("operator".to_owned());
        asked(at_once(operate::resume(&self.operating(), &by)))
    }

    fn operating(&self) -> Operating<'_> {
        Operating { ledger: &self.world.ledger, clock: &self.clock }
    }

    /// An entry that the order is for, of that number or the next one there is, and the
    /// one of the number itself, whatever it is.
    pub(crate) fn names_for(&self, order: Order, number: usize) -> Vec<AccountName> {
        let wanted = |entry: &&Entry| match order {
            Order::Retry => entry.status() == Status::Failed,
            Order::Cancel => entry.status() == Status::Queued,
        };
        let entries = self.world.ledger.all();
        let named = |name: String| entries.iter().find(|it| it.request.name.as_str() == name);
        let mut around = (number..number + NAMES).filter_map(|number| named(name(number % NAMES)));
        let Some(first) = around.find(wanted) else { return Vec::new() };
        let beside = named(name(number)).filter(|it| it.request.name != first.request.name);
        [Some(first), beside].into_iter().flatten().map(|it| it.request.name.clone()).collect()
    }

    pub(crate) fn plan(&mut self, number: usize, outcome: Outcome) {
        let name = name(number);
        self.say(|| format!("the next launch of {name} is to be {outcome}"));
        self.history.planned.entry(name.clone()).or_default().push(outcome);
        self.world.zone.with(|zone| zone.service_catalog.plan(&name, outcome));
    }

    /// A person enrolls an account in Control Tower that a failed launch left behind: that
    /// of this number, or the next one there is. Service Catalog knows nothing of it.
    pub(crate) fn finish_by_hand(&mut self, number: usize) {
        let mut names = (number..number + NAMES).map(|number| name(number % NAMES));
        let Some((name, id)) = names.find_map(|name| Some((name.clone(), self.enroll(&name)?)))
        else {
            return;
        };
        self.coverage.happened("account finished by hand");
        self.say(|| format!("a person finishes {name} by hand"));
        self.history.by_hand.insert(name.clone());
        self.announce_by_hand(name, id);
    }

    /// A person updates the product that a failed launch left behind, which succeeds.
    pub(crate) fn update(&mut self, number: usize) {
        let mut names = (number..number + NAMES).map(|number| name(number % NAMES));
        let product = |name: &str| format!("vend-{name}");
        let finished = names.find_map(|name| {
            let id = self.world.zone.with(|zone| finish_by_hand(zone, &product(&name)))?;
            Some((name, AccountId::new(id).ok()?))
        });
        let Some((name, id)) = finished else { return };
        self.coverage.happened("account finished in Service Catalog");
        self.say(|| format!("a person updates the product of {name}, and its account is finished"));
        self.announce_by_hand(name, id);
    }

    /// An admin takes away what launches go by: the association with Account Factory's portfolio.
    pub(crate) fn take_path(&mut self) {
        let taken = self.world.zone.with(|zone| {
            let own = caller(zone);
            disassociate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam)
        });
        if taken.is_ok() {
            self.end_intakes();
            self.coverage.happened("launch path taken away");
            self.say(|| "an admin takes the launch path away".to_owned());
            self.history.path_taken = true;
        }
    }

    /// An admin gives it back, where it is away.
    pub(crate) fn give_path(&mut self) {
        let given = self.world.zone.with(|zone| {
            let own = caller(zone);
            let away = launch_path(zone).is_err();
            away && associate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam).is_ok()
        });
        if given {
            self.end_intakes();
            self.say(|| "an admin gives the launch path back".to_owned());
        }
    }

    /// A user whom rows ask for has another name.
    pub(crate) fn forget_name(&mut self) {
        if self.rename(ASKED_BY_NAME, OTHER_NAME) {
            self.end_intakes();
            self.coverage.happened("name gone that rows ask for");
            self.say(|| format!("{ASKED_BY_NAME} is called {OTHER_NAME}"));
            self.history.name_gone = true;
        }
    }

    /// The user has the old name again, where it was another.
    pub(crate) fn remember_name(&mut self) {
        if self.rename(OTHER_NAME, ASKED_BY_NAME) {
            self.end_intakes();
            self.say(|| format!("{OTHER_NAME} is called {ASKED_BY_NAME} again"));
        }
    }

    fn rename(&self, name: &str, new: &str) -> bool {
        self.world.zone.with(|zone| zone.identity_center.rename_user(name, new))
    }

    fn announce_by_hand(&mut self, name: String, id: AccountId) {
        self.announce(LifecycleEvent {
            id: format!("by-hand-{id}"),
            created: false,
            succeeded: true,
            account_name: Some(name),
            account_id: Some(id),
            message: None,
        });
    }

    fn enroll(&self, name: &str) -> Option<AccountId> {
        let entries = self.world.ledger.all();
        let entry = entries.iter().find(|entry| entry.request.name.as_str() == name)?;
        if entry.holds_slot() {
            return None;
        }
        self.world.zone.with(|zone| {
            let mut accounts = zone.organization.accounts().iter();
            let id = accounts.find(|it| it.name == name && !it.managed)?.id.clone();
            zone.organization.set_managed(&id, true);
            AccountId::new(id).ok()
        })
    }
}

fn asked<T, E: std::fmt::Display>(answer: Option<Result<T, E>>) -> Checked {
    match answer {
        Some(Ok(_)) => Ok(()),
        Some(Err(error)) => Err(Violation::new(error.to_string())),
        None => Err(Violation::new("the ledger let an operator wait")),
    }
}
