//! What people do meanwhile: upload lists, pause and resume, finish accounts by hand.

use std::collections::BTreeSet;

use landing_zone::model::service_catalog::Outcome;
use vending::account::AccountId;
use vending::ledger::Pause;
use vending::lifecycle::LifecycleEvent;
use vending::ports::{Clock, Ledger};
use vending::provision::resume;

use crate::invariants::at_once;
use crate::invocation::Wake;
use crate::schedule::{NAMES, Row};
use crate::sim::{Sim, Uploaded};
use crate::violation::{Checked, Violation};
use crate::world::{list, name};

impl Sim {
    pub(crate) fn upload(&mut self, rows: &[Row]) {
        // A few keys, so that some uploads are new versions of others.
        let key = format!("in/list-{}.csv", self.uploads.len() % 3);
        self.coverage.happened("file uploaded");
        let mut names = BTreeSet::new();
        for (number, email) in rows {
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
        let since = self.world.zone.now();
        let pause = Pause { since, reason: "an operator said so".into(), announced: false };
        asked(at_once(self.world.ledger.set_pause(Some(&pause))))
    }

    pub(crate) fn resume(&mut self) -> Checked {
        self.coverage.happened("launching resumed");
        self.say(|| "an operator resumes launching".to_owned());
        asked(at_once(resume(&self.world.ledger)))
    }

    pub(crate) fn plan(&mut self, number: usize, outcome: Outcome) {
        let name = name(number);
        self.say(|| format!("the next launch of {name} is to be {outcome}"));
        self.history.planned.entry(name.clone()).or_default().push(outcome);
        self.world.zone.with(|zone| zone.service_catalog.plan(&name, outcome));
    }

    /// A person enrolls an account that a failed launch left behind: that of this
    /// number, or the next one there is.
    pub(crate) fn finish_by_hand(&mut self, number: usize) {
        let mut names = (number..number + NAMES).map(|number| name(number % NAMES));
        let Some((name, id)) = names.find_map(|name| Some((name.clone(), self.enroll(&name)?)))
        else {
            return;
        };
        self.coverage.happened("account finished by hand");
        self.say(|| format!("a person finishes {name} by hand"));
        self.history.by_hand.insert(name.clone());
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

fn asked<E: std::fmt::Display>(answer: Option<Result<(), E>>) -> Checked {
    match answer {
        Some(Ok(())) => Ok(()),
        Some(Err(error)) => Err(Violation::new(error.to_string())),
        None => Err(Violation::new("the ledger let an operator wait")),
    }
}
