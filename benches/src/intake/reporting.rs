//! What follows reading: checks, the plan, the results file, the notice; and all of intake,
//! with everything around it in memory.

use std::collections::HashMap;

use anyhow::{Context, ensure};
use landing_zone::ports::MemoryWorld;
use vending::account::{AccountId, AccountName};
use vending::file::{
    AskedNames, Checked, Column, Layout, MOST_ROWS, ResultRow, RowNews, Sheet, UnknownNames, check,
    update, write,
};
use vending::ingest::{Asking, Ingested, LedgerFacts, ingest, plan};
use vending::ledger::{Batch, BatchId, Entry, ObjectRef};
use vending::notice;
use vending::ports::OrganizationAccount;

use super::milliseconds::{RUNS, milliseconds};
use super::reading::read;
use super::{lists, world};
use crate::Figures;

/// Milliseconds from bytes to report at most: the bound.
const MOST: f64 = 200.0;

/// Measures it.
pub(super) fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let full = lists::full(MOST_ROWS);
    let sum = parts(figures, &full)?;
    figures.hold("10,000 longest rows read, checked and reported, part by part", sum, "ms", MOST);
    for (what, list, most) in [
        ("10,000 longest rows", full, Some(MOST)),
        ("10,000 plain rows", lists::plain(MOST_ROWS), Some(MOST)),
        ("as many of the longest rows as 10 MB take", lists::longest(), None),
        ("10,000 rows with a fault in each", lists::faulty(MOST_ROWS), Some(MOST)),
        ("10,000 rows with a fault in each cell", lists::hopeless(MOST_ROWS), None),
    ] {
        let took = whole(&list).with_context(|| what.to_owned())?;
        let what = format!("all of intake, in memory: {what}");
        match most {
            Some(most) => figures.hold(what, took, "ms", most),
            None => figures.add(what, took, "ms"),
        }
    }
    Ok(())
}

/// Each part by itself; answers what they take together.
fn parts(figures: &mut Figures, list: &[u8]) -> anyhow::Result<f64> {
    let (units, unknown) = (lists::units(), UnknownNames::default());
    let sheet = read(list)?;
    let Checked { requests, faults } = check(&sheet, &units, &unknown);
    ensure!(requests.len() == MOST_ROWS && faults.is_empty(), "{} faults", faults.len());
    let (asking, batch) = asking();
    let (ledger, accounts) = (claims(), accounts());
    let (planned, _) = plan(&asking, requests.clone(), &ledger, &accounts);
    ensure!(planned.len() == MOST_ROWS, "only {} rows are planned", planned.len());
    let mut copies = std::iter::repeat_with(|| requests.clone()).take(RUNS + 1).collect::<Vec<_>>();
    let mut sum = 0.0;
    let mut add = |what: &str, took: f64| {
        sum += took;
        figures.add(format!("10,000 longest rows: {what}"), took, "ms");
    };
    add("read", milliseconds(|| read(list)));
    add("names of access", milliseconds(|| AskedNames::of(&sheet)));
    add("checks", milliseconds(|| check(&sheet, &units, &unknown)));
    let took = milliseconds(|| plan(&asking, copies.pop().unwrap_or_default(), &ledger, &accounts));
    add("plan, against 10,000 claims and 10,000 accounts", took);
    add("results file", milliseconds(|| results(&sheet)));
    add("notice", milliseconds(|| notice::batch_taken(&batch, &[])));
    updates(figures, &results(&sheet), &sheet)?;
    let entries: Vec<Entry> = requests
        .into_iter()
        .map(|(line, request)| {
            Entry::queued(request, asking.batch.clone(), line, asking.uploaded_at)
        })
        .collect();
    let took = milliseconds(|| notice::batch_complete(&batch, &entries, asking.uploaded_at));
    figures.add("notice that a batch of 10,000 is complete", took, "ms");
    Ok(sum)
}

fn asking() -> (Asking, Batch) {
    let object =
        ObjectRef { bucket: "lists".into(), key: "in/list.csv".into(), version: Some("v1".into()) };
    let uploaded_at = chrono::DateTime::UNIX_EPOCH;
    let asking = Asking { batch: BatchId::of(&object), uploaded_at };
    let batch = Batch { rows: MOST_ROWS as u64, ..Batch::new(&object, uploaded_at) };
    (asking, batch)
}

/// What the ledger holds: as many claims on other e-mails.
fn claims() -> LedgerFacts {
    let owner = |n: usize| {
        let name = AccountName::new(format!("there-{n}")).ok()?;
        Some((format!("aws+there-{n}@example.com"), name))
    };
    LedgerFacts { entries: HashMap::new(), owners: (0..MOST_ROWS).filter_map(owner).collect() }
}

fn accounts() -> HashMap<String, OrganizationAccount> {
    let account = |n: usize| {
        let email = format!("aws+old-{n}@example.com");
        let id = AccountId::new(format!("{:012}", 700_000_000_000 + n)).ok()?;
        Some((email.clone(), OrganizationAccount { id, name: format!("old-{n}"), email }))
    };
    (0..MOST_ROWS).filter_map(account).collect()
}

/// The results file of rows that were queued.
fn results(sheet: &Sheet) -> Vec<u8> {
    let row = |row| ResultRow {
        status: "QUEUED".into(),
        outcome: "queued".into(),
        ..ResultRow::of_row(row)
    };
    write(Layout::of(&sheet.header), sheet.rows.iter().map(row))
}

/// What handover does with the file when one account has come to its end, and when all have.
fn updates(figures: &mut Figures, file: &[u8], sheet: &Sheet) -> anyhow::Result<()> {
    let news = || RowNews {
        status: "READY".into(),
        account_id: "123456789012".into(),
        error: String::new(),
        outcome: None,
    };
    let names = || sheet.rows.iter().filter_map(|row| row.text(Column::AccountName));
    for (what, most) in [("one account", 1), ("each account", usize::MAX)] {
        let news: HashMap<&str, RowNews> = names().take(most).map(|name| (name, news())).collect();
        let updated = update(file, &news)?;
        let ready = updated.windows(7).filter(|text| text == b",READY,").count();
        ensure!(ready == news.len(), "{ready} rows are up to date");
        let took = milliseconds(|| update(file, &news));
        figures.add(format!("results file of 10,000 longest rows, news of {what}"), took, "ms");
    }
    Ok(())
}

/// All of intake: from the bytes in a bucket to the ledger, the results file and the notice.
fn whole(list: &[u8]) -> anyhow::Result<f64> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let described = world::with_accounts(100);
    let mut fresh: Vec<_> = std::iter::repeat_with(|| {
        let world = MemoryWorld::new(&described, 7);
        let object = world.upload("in/list.csv", list);
        (world, object)
    })
    .take(RUNS + 1)
    .collect();
    let mut outcomes = Vec::new();
    let took = milliseconds(|| {
        let (world, object) = fresh.pop()?;
        let outcome = runtime.block_on(ingest(&world.intake(), &object));
        outcomes.push(outcome.is_ok_and(|it| is_all(&it, &world)));
        Some(world)
    });
    ensure!(
        outcomes.len() == RUNS + 1 && outcomes.iter().all(|all| *all),
        "not taken or refused as a whole"
    );
    Ok(took)
}

fn is_all(ingested: &Ingested, world: &MemoryWorld) -> bool {
    let entries = world.ledger.all().len() as u64;
    let told = world.zone.with(|zone| zone.topics.messages().len());
    let all = match ingested {
        Ingested::Taken { batch, .. } => entries == batch.rows,
        _ => entries == 0,
    };
    all && told == 1
}
