//! What holds at every moment, and what holds in the end.

use std::collections::{BTreeSet, HashMap, HashSet};

use landing_zone::Zone;
use landing_zone::model::service_catalog::portfolio_visible;
use landing_zone::ports::{MemoryWorld, is_usable};
use vending::account::AccountName;
use vending::file::{RowNews, update};
use vending::ledger::{Batch, BatchId, Entry, Grant, PrincipalKind, State, Status};
use vending::ports::Ledger;

use crate::run::Run;

/// Looks whether what must hold at every moment does.
pub fn always(world: &MemoryWorld) {
    let entries = world.ledger.all();
    slots_are_those_of_entries_in_flight(world, &entries);
    let emails: HashSet<String> = entries.iter().map(|entry| entry.request.email.key()).collect();
    assert_eq!(emails.len(), entries.len(), "two names hold one e-mail");
    world.zone.with(|zone| {
        let peak = zone.service_catalog.peak().ours;
        assert!(peak <= world.max_in_flight, "{peak} launches of {}", world.max_in_flight);
        let accounts = zone.organization.accounts();
        let emails: HashSet<String> = accounts.iter().map(|it| it.email.to_lowercase()).collect();
        assert_eq!(emails.len(), accounts.len(), "two accounts have one e-mail");
        for entry in entries.iter().filter(|entry| entry.status() == Status::Ready) {
            ready_is_true(zone, entry);
        }
    });
}

fn slots_are_those_of_entries_in_flight(world: &MemoryWorld, entries: &[Entry]) {
    let slots = world.ledger.launching_now().in_flight;
    assert!(slots.len() <= world.max_in_flight, "{slots:?}");
    let holders = entries.iter().filter(|entry| entry.holds_slot());
    let holders: BTreeSet<AccountName> = holders.map(|entry| entry.request.name.clone()).collect();
    assert_eq!(slots, holders, "slots and entries in flight");
}

fn ready_is_true(zone: &Zone, entry: &Entry) {
    let name = &entry.request.name;
    let id = entry.account.as_ref().expect("an account").as_str();
    let account = zone.organization.account(id).expect("in the organization");
    assert_eq!(account.email.to_lowercase(), entry.request.email.key(), "{name}");
    assert!(account.managed, "{name} is enrolled");
    assert_eq!(entry.steps.len(), 3, "{name} was given everything");
    for step in &entry.steps {
        assert!(has(zone, id, &step.grant), "{name} has {}", step.grant.describe());
    }
}

fn has(zone: &Zone, account: &str, grant: &Grant) -> bool {
    match grant {
        Grant::Assignment { permission_set, principal, .. } => {
            assert_eq!(principal.kind, PrincipalKind::Group);
            let mut given = zone.identity_center.assignments_of(account, permission_set);
            given.any(|assignment| assignment.principal == principal.id)
        }
        Grant::Portfolio(portfolio) => portfolio_visible(zone, account, &portfolio.id),
        Grant::Usable(usage) => is_usable(zone, account, usage),
    }
}

/// Looks whether everything has come to its end, and was told.
pub async fn finally(run: &Run) {
    let entries = run.world.ledger.all();
    for entry in &entries {
        assert!(entry.status().is_terminal(), "rests: {entry:?}");
        assert!(!entry.is_unannounced(), "not told: {entry:?}");
        assert!(!entry.holds_slot(), "still in flight: {entry:?}");
        told_of_entry(run, entry);
    }
    for id in &run.taken {
        told_of_batch(run, &BatchId(id.clone())).await;
    }
    counts_are_those_of_entries(run, &entries).await;
    for id in &run.taken {
        let batch = run.world.ledger.batch(&BatchId(id.clone())).await.unwrap().expect("a batch");
        results_are_true(run, &batch, &entries);
    }
}

/// Every row of the file says how it ended, or where to look for that.
fn results_are_true(run: &Run, batch: &Batch, entries: &[Entry]) {
    let object = &batch.object;
    let file = run.world.source.get(&object.bucket, &batch.results_key()).expect("a results file");
    let own = entries.iter().filter(|entry| entry.batch == batch.id);
    let news: HashMap<&str, RowNews> =
        own.map(|entry| (entry.request.name.as_str(), told_in_results(entry))).collect();
    let text = String::from_utf8_lossy(&file);
    assert_eq!(text, String::from_utf8_lossy(&update(&file, &news).unwrap()), "{batch:?}");
    for line in text.lines().filter(|line| line.contains("account-")) {
        let rests = [",READY,", ",FAILED,"].iter().any(|it| line.contains(it));
        let refused = line.contains(",refused");
        assert!(rests || refused || line.contains("results/"), "{line}");
    }
}

fn told_in_results(entry: &Entry) -> RowNews {
    let error = match &entry.state {
        State::Failed { failure, .. } => failure.message(),
        _ => String::new(),
    };
    let account_id = entry.account.as_ref().map(ToString::to_string).unwrap_or_default();
    RowNews { status: entry.status().to_string(), account_id, error, outcome: None }
}

fn told_of_entry(run: &Run, entry: &Entry) {
    let kind = match entry.status() {
        Status::Ready => "account-ready",
        _ => "account-failed",
    };
    let name = entry.request.name.as_str();
    assert!(was_told(run, kind, name), "{kind} of {name}");
}

async fn told_of_batch(run: &Run, id: &BatchId) {
    let batch = run.world.ledger.batch(id).await.unwrap().expect("a batch");
    assert!(batch.taken && batch.announced && batch.closed, "{batch:?}");
    assert!(was_told(run, "batch-taken", id.as_str()), "taken: {batch:?}");
    let complete = was_told(run, "batch-complete", id.as_str());
    assert!(batch.queued() == 0 || complete, "complete: {batch:?}");
}

async fn counts_are_those_of_entries(run: &Run, entries: &[Entry]) {
    for id in &run.taken {
        let id = BatchId(id.clone());
        let batch = run.world.ledger.batch(&id).await.unwrap().expect("a batch");
        let count = |status| {
            entries.iter().filter(|it| it.batch == id && it.status() == status).count() as u64
        };
        assert_eq!((batch.remaining, batch.ready), (0, count(Status::Ready)), "{batch:?}");
        // One that failed and was uploaded again stays counted here.
        assert!(batch.failed >= count(Status::Failed), "{batch:?}");
    }
}

fn was_told(run: &Run, kind: &str, subject: &str) -> bool {
    run.world.zone.with(|zone| {
        zone.topics.messages().iter().any(|message| {
            let of_kind = message.attributes.get("kind").is_some_and(|it| it.value == kind);
            of_kind && message.subject.as_ref().is_some_and(|text| text.contains(subject))
        })
    })
}
