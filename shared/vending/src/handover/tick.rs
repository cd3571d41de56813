//! What every minute comes to: a look at all that is under way and, while something may come
//! further in a moment and there is time, another look at that.

use std::collections::BTreeSet;

use super::access::{Access, Work};
use super::{Handover, TOGETHER, attend_by, carry_on, first, orders, outside};
use crate::Error;
use crate::account::AccountName;
use crate::announce::{self, Untellable};
use crate::ledger::{Agenda, Entry, Source, Status, Timestamp};
use crate::ports::OpenWork;
use crate::schedule::{HANDOVER_CALM, is_sweep, list_again_after};

/// Entries in CONFIGURING, as they were listed and as they are known since.
#[derive(Default)]
struct Open {
    agenda: Agenda,
    entries: Vec<Entry>,
    listed: Option<Timestamp>,
    /// How often in a row there was nothing in the list that was not known before.
    in_vain: u32,
}

/// Carries on with what is under way and, every few minutes, with what a lost wake-up left
/// untold. As long as there is time and something may come further in a moment, it stays
/// and looks again, so that a place at Identity Center is used as soon as it is free. One
/// account that goes wrong does not keep the others from it; its error is returned in the end.
///
/// # Errors
/// When a dependency does not answer; the next tick carries on.
pub async fn tick(world: &Handover<'_>) -> Result<(), Error> {
    let began = world.clock.now();
    if world.calm.is_some_and(|calm| calm.lasts(began)) {
        return Ok(());
    }
    let (mut access, mut open) = (Access::default(), Open::default());
    let mut outcome = look(world, &mut access, &mut open).await;
    outcome = outcome.and(orders::carry_on(world, &open.agenda.portfolio_batches).await);
    if is_sweep(began) {
        outcome = outcome.and(look_for_what_was_lost(world, &mut access, &open.agenda).await);
    }
    while let Some(time) = access.look_again_after()
        && world.waiter.wait(time).await
    {
        outcome = outcome.and(look(world, &mut access, &mut open).await);
    }
    if outcome.is_ok() && open.agenda.is_empty() {
        world.calm.inspect(|calm| calm.begin(began + HANDOVER_CALM));
    }
    outcome.and(access.end(world).await)
}

/// Looks once at the entries and the accounts without one that are under way.
async fn look(world: &Handover<'_>, access: &mut Access, open: &mut Open) -> Result<(), Error> {
    access.begin_round();
    let lists = open.is_old(world.clock.now());
    if lists {
        open.list(world).await?;
    }
    let mut outcome = first(attend_open(world, access, &mut open.entries).await);
    if !open.agenda.outside.is_empty() {
        outcome = outcome.and(outside::carry_on(world, access, &open.agenda.outside).await);
    }
    access.end_round();
    outcome
}

impl Open {
    fn is_old(&self, now: Timestamp) -> bool {
        self.listed.is_none_or(|listed| now - listed >= list_again_after(self.in_vain))
    }

    /// Lists what is open. An entry that is CONFIGURING is one of an open batch.
    async fn list(&mut self, world: &Handover<'_>) -> Result<(), Error> {
        let agenda = world.ledger.agenda().await?;
        let entries = match agenda.batches.is_empty() {
            true => Vec::new(),
            false => world.ledger.open(OpenWork::Configuring).await?,
        };
        self.learn(agenda, entries, world.clock.now());
        Ok(())
    }

    /// Takes over what was listed.
    fn learn(&mut self, agenda: Agenda, entries: Vec<Entry>, now: Timestamp) {
        let known: BTreeSet<&AccountName> = self.entries.iter().map(name).collect();
        let tells_nothing = agenda.outside.is_subset(&self.agenda.outside)
            && entries.iter().map(name).all(|name| known.contains(name));
        self.in_vain = if tells_nothing { self.in_vain + 1 } else { 0 };
        (self.agenda, self.entries, self.listed) = (agenda, entries, Some(now));
    }
}

fn name(entry: &Entry) -> &AccountName {
    &entry.request.name
}

async fn attend_open(
    world: &Handover<'_>,
    access: &mut Access,
    open: &mut Vec<Entry>,
) -> Vec<Untellable> {
    let mut failed = Vec::new();
    for together in open.chunks_mut(TOGETHER) {
        let mut ended = Vec::new();
        for entry in together {
            match attend_to(world, access, entry).await {
                Ok(end) => ended.extend(end),
                Err(error) => {
                    let names = vec![entry.request.name.clone()];
                    failed.push(Untellable { names, error });
                }
            }
        }
        failed.extend(announce::entries(&world.telling(), &Source::Minute, ended).await);
    }
    open.retain(|entry| entry.status() == Status::Configuring);
    failed
}

/// Looks at one entry, if it is worth that by what is known of it: the index is a moment
/// behind, the entry itself decides. Answers it if people are to be told of it.
async fn attend_to(
    world: &Handover<'_>,
    access: &mut Access,
    entry: &mut Entry,
) -> Result<Option<Entry>, Error> {
    if !access.chooses(Work::of(entry), world.clock.now()) {
        return Ok(None);
    }
    if let Some(now) = carry_on(world, access, &Source::Minute, &entry.request.name).await? {
        *entry = now;
    }
    Ok(entry.is_unannounced().then(|| entry.clone()))
}

async fn look_for_what_was_lost(
    world: &Handover<'_>,
    access: &mut Access,
    agenda: &Agenda,
) -> Result<(), Error> {
    let untold = world.ledger.open(OpenWork::Unannounced).await?;
    let names: Vec<AccountName> = untold.into_iter().map(|entry| entry.request.name).collect();
    let outcome = first(attend_by(world, access, &Source::Minute, &names).await);
    if agenda.batches.is_empty() {
        return outcome;
    }
    outcome.and(announce::batches(&world.telling()).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccountId;
    use crate::testing::{at, configuring};

    /// The seconds at which it is listed within a minute, where these accounts are in the list from
    /// that second on.
    fn listed(comes: &[(i64, &str)]) -> Vec<i64> {
        let mut open = Open::default();
        let mut listed = Vec::new();
        for second in 0..60 {
            if open.is_old(at(second)) {
                let there = comes.iter().filter(|(from, _)| *from <= second);
                let entries = there.map(|(_, name)| configuring(name)).collect();
                open.learn(Agenda::default(), entries, at(second));
                listed.push(second);
            }
        }
        listed
    }

    #[test]
    fn what_is_under_way_is_listed_often_only_while_accounts_come() {
        assert_eq!(listed(&[(0, "one")]), [0, 10, 30]);
        assert_eq!(listed(&[(0, "one"), (5, "two"), (15, "three")]), [0, 10, 20, 30, 50]);
    }

    #[test]
    fn an_account_without_an_entry_that_comes_is_news_too() {
        let mut open = Open::default();
        let outside = |ids: &[&str]| Agenda {
            outside: ids.iter().map(|id| AccountId::new(*id).unwrap()).collect(),
            ..Agenda::default()
        };
        let one = outside(&["111122223333"]);
        open.learn(one.clone(), Vec::new(), at(0));
        assert_eq!(open.in_vain, 0);
        open.learn(one, Vec::new(), at(10));
        assert_eq!(open.in_vain, 1);
        open.learn(outside(&["111122223333", "444455556666"]), Vec::new(), at(30));
        assert_eq!(open.in_vain, 0);
        // One that has ended is no news.
        open.learn(outside(&["444455556666"]), Vec::new(), at(40));
        assert_eq!(open.in_vain, 1);
    }
}
