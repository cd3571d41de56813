//! What has happened in a run so far, watched change by change: who was told
//! what, and whether every step was one that may be.

use std::collections::{BTreeMap, BTreeSet};

use landing_zone::model::service_catalog::Outcome;
use landing_zone::model::topics::Message;
use vending::account::AccountName;
use vending::failure::FailureKind;
use vending::ledger::{BatchId, Entry, Order, State, Status, Timestamp};

use crate::coverage::explains;
use crate::schedule::TAKEN_EMAIL;
use crate::story;
use crate::violation::{Checked, Violation, holds};

/// One time that an entry came to READY or FAILED.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    name: String,
    attempt: u32,
    /// Why it failed; nothing where it is READY.
    cause: Option<FailureKind>,
    told: bool,
}

/// What has happened so far.
#[derive(Debug, Default)]
pub struct History {
    endings: Vec<Ending>,
    /// What was planned for each name.
    pub planned: BTreeMap<String, Vec<Outcome>>,
    /// The e-mails each name was ever uploaded with, by their number.
    pub emails: BTreeMap<String, BTreeSet<usize>>,
    /// How many different uploads had a row of that name.
    pub asked: BTreeMap<String, u32>,
    tokens: BTreeSet<String>,
    /// Batches that were told refused.
    pub refused: BTreeSet<BatchId>,
    /// When each batch was uploaded.
    pub uploaded: BTreeMap<BatchId, Timestamp>,
    /// Names that an operator cancelled.
    cancelled: BTreeSet<String>,
    /// Whether launching was ever paused.
    pub paused: bool,
    /// Whether an admin ever took the launch path away.
    pub path_taken: bool,
    /// Whether a name that rows ask for was ever gone.
    pub name_gone: bool,
    /// Accounts that a person finished in Control Tower itself.
    pub by_hand: BTreeSet<String>,
    /// Whether a call ever failed or a function died.
    pub disturbed: bool,
}

impl History {
    /// Takes in one write of an entry.
    ///
    /// # Errors
    /// When it is one that must not be.
    pub fn changed(&mut self, before: Option<&Entry>, after: &Entry) -> Checked {
        story::is_kept(before, after)?;
        self.token_is_new(before, after)?;
        self.asked_for(after)?;
        holds(!self.refused.contains(&after.batch), || {
            format!("batch {} was told refused, and asks for {}", after.batch, after.request.name)
        })?;
        if let Some(before) = before {
            ready_stays(before, after)?;
            self.newer_asks(before, after)?;
            self.earlier_were_told(before, after)?;
        }
        let came = after.status().is_terminal()
            && before.is_none_or(|before| is_another_ending(before, after));
        if came {
            story::has_the_end(after)?;
            self.ended(after)?;
        }
        if after.status().is_terminal() && !after.is_end_unannounced() {
            self.was_told(after)?;
        }
        Ok(())
    }

    fn token_is_new(&mut self, before: Option<&Entry>, after: &Entry) -> Checked {
        let claimed = before.is_some_and(|before| before.status() == Status::Queued)
            && after.status() == Status::Provisioning;
        let Some(launch) = after.launch.as_ref().filter(|_| claimed) else { return Ok(()) };
        holds(self.tokens.insert(launch.token.0.clone()), || {
            format!("a token is used for a second launch of {}", after.request.name)
        })
    }

    /// A row is launched again only because somebody asked again.
    fn asked_for(&self, after: &Entry) -> Checked {
        let name = after.request.name.as_str();
        let asked = self.asked.get(name).copied().unwrap_or_default();
        holds(after.attempt <= asked, || {
            format!("attempt {} of {name}, that was uploaded {asked} times", after.attempt)
        })
    }

    /// An operator gives an order about those names.
    pub fn ordered(&mut self, order: Order, names: &[AccountName]) {
        for name in names {
            match order {
                Order::Retry => *self.asked.entry(name.to_string()).or_default() += 1,
                Order::Cancel => drop(self.cancelled.insert(name.to_string())),
            }
        }
    }

    /// No list takes the place of one that was uploaded after it.
    fn newer_asks(&self, before: &Entry, after: &Entry) -> Checked {
        let uploaded = |entry: &Entry| self.uploaded.get(&entry.batch);
        holds(uploaded(after) >= uploaded(before), || {
            let name = &after.request.name;
            format!("{name} is asked for by {}, older than {}", after.batch, before.batch)
        })
    }

    /// What an entry does not keep as untold any longer was told.
    fn earlier_were_told(&self, before: &Entry, after: &Entry) -> Checked {
        if before.untold.len() <= after.untold.len() {
            return Ok(());
        }
        let name = after.request.name.as_str();
        let own = self.endings.iter().filter(|ending| ending.name == name);
        let mut earlier = own.rev().skip(usize::from(before.is_end_unannounced()));
        holds(earlier.all(|ending| ending.told), || {
            format!("{name} keeps no failure to be told, and nobody was told")
        })
    }

    fn ended(&mut self, after: &Entry) -> Checked {
        let name = after.request.name.as_str().to_owned();
        let cause = cause_of(after);
        if let Some(cause) = cause {
            let planned = self.planned.get(&name).map(Vec::as_slice).unwrap_or_default();
            holds(
                self.is_silence(&name, cause)
                    || (cause == FailureKind::Cancelled && self.cancelled.contains(&name))
                    || (cause == FailureKind::NoLaunchPath && self.path_taken)
                    || (cause == FailureKind::AccessUnknown && self.name_gone)
                    || explains(cause, planned, self.clashes(&name)),
                || {
                    format!(
                        "{name} failed with {cause:?}, which the landing zone never said: {planned:?}, {:?}",
                        after.state
                    )
                },
            )?;
        }
        self.endings.push(Ending { name, attempt: after.attempt, cause, told: false });
        Ok(())
    }

    /// A launch that nothing was heard of for an hour, since calls failed, is told as
    /// overdue, and its end as a failure even where Control Tower asks for patience.
    fn is_silence(&self, name: &str, cause: FailureKind) -> bool {
        let before = self.endings.iter().rev().find(|ending| ending.name == name);
        let was_overdue = before.is_some_and(|it| it.cause == Some(FailureKind::Overdue));
        match cause {
            FailureKind::Overdue => self.disturbed,
            FailureKind::Unknown => self.disturbed && was_overdue,
            _ => false,
        }
    }

    /// Whether an e-mail of that name is one that somebody else has or asked for.
    fn clashes(&self, name: &str) -> bool {
        let own = self.emails.get(name).cloned().unwrap_or_default();
        let others = self.emails.iter().filter(|(other, _)| *other != name);
        own.contains(&TAKEN_EMAIL) || others.into_iter().any(|(_, theirs)| !own.is_disjoint(theirs))
    }

    fn was_told(&self, after: &Entry) -> Checked {
        let name = after.request.name.as_str();
        let last = self.endings.iter().rev().find(|ending| ending.name == name);
        holds(last.is_some_and(|ending| ending.told), || {
            format!("{name} is marked as announced, and nobody was told: {:?}", after.state)
        })
    }

    /// Takes in one notice.
    ///
    /// # Errors
    /// When it is not true.
    pub fn told(&mut self, message: &Message) -> Checked {
        let kind = message.attributes.get("kind").map_or("", |kind| kind.value.as_str());
        let ready = match kind {
            "account-ready" => true,
            "account-failed" => false,
            "launching-paused" => {
                return holds(self.paused, || "told of a pause that there never was".to_owned());
            }
            _ => return Ok(()),
        };
        let about = |ending: &Ending| ending.cause.is_none() == ready && is_about(message, ending);
        // Those that look alike are told one after the other.
        let untold = self.endings.iter().position(|ending| !ending.told && about(ending));
        match untold.or_else(|| self.endings.iter().position(about)) {
            Some(index) => {
                self.endings[index].told = true;
                Ok(())
            }
            None => Err(Violation::new(format!("told what is not so: {:?}", message.subject))),
        }
    }

    /// Looks whether of every ending somebody was told.
    ///
    /// # Errors
    /// When nobody was.
    pub fn all_told(&self) -> Checked {
        let untold = self.endings.iter().find(|ending| !ending.told);
        holds(untold.is_none(), || format!("nobody was told: {untold:?}"))
    }
}

pub(crate) fn cause_of(entry: &Entry) -> Option<FailureKind> {
    match &entry.state {
        State::Failed { failure, .. } => Some(failure.kind),
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => None,
    }
}

/// Whether `after` is not the same ending as `before`, or none.
fn is_another_ending(before: &Entry, after: &Entry) -> bool {
    before.status() != after.status()
        || before.holds_slot() != after.holds_slot()
        || cause_of(before) != cause_of(after)
}

fn ready_stays(before: &Entry, after: &Entry) -> Checked {
    let same = (&before.request, &before.account, &before.steps, before.status())
        == (&after.request, &after.account, &after.steps, after.status());
    holds(before.status() != Status::Ready || same, || {
        format!("{} was READY and is changed: {after:?}", before.request.name)
    })
}

fn is_about(message: &Message, ending: &Ending) -> bool {
    let subject = message.subject.as_deref().unwrap_or_default();
    let attempt = format!("\nAttempt: {}\n", ending.attempt);
    subject.starts_with(&format!("Vend: account {} ", ending.name))
        && message.body.contains(&attempt)
        && ending.cause.is_none_or(|cause| message.body.contains(cause.cause()))
}
