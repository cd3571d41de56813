//! What fits into one transaction: DynamoDB takes no item twice, 100 actions and 4 MB.

use std::collections::{HashSet, VecDeque};

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use vending::ports::Admission;

use crate::dynamodb::actions::{delete_own, put_own, put_version};
use crate::dynamodb::attributes::{ACCOUNT_NAME, ID, RawItem, email_id, string};
use crate::dynamodb::changes::Counts;
use crate::dynamodb::transaction::MOST_ACTIONS;
use crate::dynamodb::{TableNames, item};

/// Bytes of entries in one transaction: half of what DynamoDB takes, since they are
/// counted roughly.
const MOST_BYTES: usize = 2_000_000;

/// One admission, and what it takes.
pub(super) struct Plan<'a> {
    /// Its place among all admissions.
    pub(super) place: usize,
    admission: &'a Admission,
    item: RawItem,
    claim: Option<String>,
    /// The claim that it gives up.
    pub(super) release: Option<String>,
}

impl<'a> Plan<'a> {
    /// What `admission` takes. An entry whose account exists keeps the claim on the
    /// address it was made with: AWS does not give that address out again.
    pub(super) fn new(place: usize, admission: &'a Admission) -> Result<Self, serde_dynamo::Error> {
        let before = admission.before.as_ref();
        let (old, new) =
            (before.map(|it| it.request.email.key()), admission.after.request.email.key());
        let changed = old.as_ref() != Some(&new);
        let keeps = before.is_none_or(|before| before.account.is_some());
        Ok(Self {
            place,
            admission,
            item: item::write(&admission.after)?,
            claim: changed.then(|| email_id(&new)),
            release: old.filter(|_| changed && !keeps).map(|old| email_id(&old)),
        })
    }

    fn touches(&self) -> impl Iterator<Item = String> {
        let entry = format!("entry#{}", self.admission.after.request.name);
        [Some(entry), self.claim.clone(), self.release.clone()].into_iter().flatten()
    }

    fn count(&self, counts: &mut Counts) {
        counts.count(self.admission.before.as_ref(), &self.admission.after);
    }
}

/// Which part of which admission an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The entry.
    Entry(usize),
    /// The claim on its e-mail.
    Claim(usize),
    /// The claim on the e-mail it had.
    Release(usize),
    /// The counts of a batch, of all admissions.
    Count,
}

/// Admissions that go into one transaction.
#[derive(Default)]
pub(super) struct Bundle<'a> {
    /// The admissions.
    pub(super) plans: Vec<Plan<'a>>,
    counts: Counts,
    touched: HashSet<String>,
    bytes: usize,
}

impl<'a> Bundle<'a> {
    /// Takes plans from the front of `waiting`: one, and then as many as fit.
    pub(super) fn fill(waiting: &mut VecDeque<Plan<'a>>) -> Self {
        let mut bundle = Self::default();
        while let Some(plan) = waiting.pop_front_if(|plan| bundle.has_room(plan)) {
            bundle.take(plan);
        }
        bundle
    }

    fn has_room(&self, plan: &Plan<'_>) -> bool {
        if self.plans.is_empty() {
            return true;
        }
        let mut counts = self.counts.clone();
        plan.count(&mut counts);
        // A count that this plan evens out may come back with the next.
        let counted = counts.len().max(self.counts.len());
        let touches: Vec<String> = plan.touches().collect();
        let distinct = !touches.iter().any(|id| self.touched.contains(id));
        let actions = self.touched.len() + touches.len() + counted;
        distinct && actions <= MOST_ACTIONS && self.bytes + weight(&plan.item) <= MOST_BYTES
    }

    fn take(&mut self, plan: Plan<'a>) {
        plan.count(&mut self.counts);
        self.touched.extend(plan.touches());
        self.bytes += weight(&plan.item);
        self.plans.push(plan);
    }

    /// The actions of the transaction, and what each one is.
    pub(super) fn actions(
        &self,
        tables: &TableNames,
    ) -> Result<Vec<(Part, TransactWriteItem)>, BuildError> {
        let mut actions = Vec::with_capacity(self.touched.len() + self.counts.len());
        for plan in &self.plans {
            plan.actions(tables, &mut actions)?;
        }
        let counts = self.counts.updates(&tables.control)?;
        actions.extend(counts.into_iter().map(|update| (Part::Count, update)));
        Ok(actions)
    }
}

impl Plan<'_> {
    fn actions(
        &self,
        tables: &TableNames,
        actions: &mut Vec<(Part, TransactWriteItem)>,
    ) -> Result<(), BuildError> {
        let replaced = self.admission.before.as_ref().map(|before| before.version);
        let entry = put_version(&tables.accounts, self.item.clone(), ACCOUNT_NAME, replaced)?;
        actions.push((Part::Entry(self.place), entry));
        let own = string(self.admission.after.request.name.as_str());
        if let Some(id) = &self.claim {
            let claim = [(ID, string(id)), (ACCOUNT_NAME, own.clone())];
            let claim = claim.map(|(name, value)| (name.to_owned(), value)).into();
            actions.push((Part::Claim(self.place), put_own(&tables.control, claim, ACCOUNT_NAME)?));
        }
        if let Some(id) = &self.release {
            let release = delete_own(&tables.control, id.clone(), (ACCOUNT_NAME, own))?;
            actions.push((Part::Release(self.place), release));
        }
        Ok(())
    }
}

/// The bytes of an item, about.
fn weight(item: &RawItem) -> usize {
    item.iter().map(|(name, value)| name.len() + weight_of(value)).sum()
}

fn weight_of(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::L(items) => items.iter().map(weight_of).sum(),
        AttributeValue::M(item) => weight(item),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use vending::account::{AccountId, AccountName, EmailAddress};
    use vending::ledger::{BatchId, Entry, State};

    use super::*;
    use crate::dynamodb::item::tests::{entry, failed};

    fn named(name: &str) -> Entry {
        let mut entry = entry(State::Queued { not_before: None, waiting_for: None });
        entry.request.name = AccountName::new(name).unwrap();
        entry.request.email = EmailAddress::new(format!("{name}@example.com")).unwrap();
        entry
    }

    fn new(entry: &Entry) -> Admission {
        Admission { before: None, after: entry.clone() }
    }

    /// How many admissions, and how many actions, each transaction has.
    fn bundles(admissions: &[Admission]) -> Vec<(usize, usize)> {
        let plans = admissions.iter().enumerate().map(|(place, it)| Plan::new(place, it).unwrap());
        let (mut waiting, mut bundles) = (plans.collect::<VecDeque<_>>(), Vec::new());
        while !waiting.is_empty() {
            let bundle = Bundle::fill(&mut waiting);
            let actions = bundle.actions(&TableNames::default()).unwrap();
            bundles.push((bundle.plans.len(), actions.len()));
        }
        bundles
    }

    #[test]
    fn a_transaction_is_filled_up_to_a_hundred_actions() {
        let admissions: Vec<_> = (0..120).map(|n| new(&named(&format!("a-{n:03}")))).collect();
        // Two for each entry, and one for the batch they all count in.
        assert_eq!(bundles(&admissions), [(49, 99), (49, 99), (22, 45)]);
    }

    #[test]
    fn batches_that_are_left_count_too() {
        let before =
            |n: usize| Entry { batch: BatchId(format!("old-{n}")), ..named(&format!("a-{n:03}")) };
        let moved = |n| Admission { before: Some(before(n)), after: named(&format!("a-{n:03}")) };
        let admissions: Vec<_> = (0..60).map(moved).collect();
        assert_eq!(bundles(&admissions), [(49, 99), (11, 23)]);
    }

    #[test]
    fn no_item_is_there_twice() {
        let renamed = |entry: &Entry, email: &str| {
            let mut entry = entry.clone();
            entry.request.email = EmailAddress::new(email).unwrap();
            entry
        };
        let (alpha, beta) = (named("alpha-1"), named("beta-1"));
        let gives_up =
            Admission { before: Some(alpha.clone()), after: renamed(&alpha, "new@example.com") };
        let takes = new(&renamed(&beta, "Alpha-1@example.com"));
        assert_eq!(bundles(&[gives_up, takes]), [(1, 3), (1, 3)]);
        assert_eq!(bundles(&[new(&beta), new(&beta)]), [(1, 3), (1, 3)]);
    }

    #[test]
    fn an_address_that_an_account_was_made_with_stays_claimed() {
        let before = Entry {
            account: AccountId::new("123456789012").ok(),
            state: failed("x"),
            ..named("alpha-1")
        };
        let mut after = named("alpha-1");
        after.request.email = EmailAddress::new("new@example.com").unwrap();
        let kept = Admission { before: Some(before.clone()), after: after.clone() };
        assert!(Plan::new(0, &kept).unwrap().release.is_none());
        let freed = Admission { before: Some(Entry { account: None, ..before }), after };
        assert_eq!(
            Plan::new(0, &freed).unwrap().release.as_deref(),
            Some("email#alpha-1@example.com")
        );
    }
}
