//! Many lists dropped at once, some of whose rows are about what others ask for, too.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use vending::account::AccountName;
use vending::ledger::{Batch, BatchId, Status};
use vending::ports::Ledger;

use super::list;
use super::rig::{Rig, Took};
use crate::Figures;

/// What the rig is opened with: good rows are taken from a list with bad ones.
pub const ARGUMENTS: [&str; 3] = ["--accept-valid-rows", "--max-in-flight", "5"];

/// Calls of AWS that intake may take for a list of up to 21 rows.
pub const CALLS_OF_A_FILE: f64 = 18.0;

/// A list, and the accounts that are its own.
pub struct Dropped {
    /// What is uploaded.
    pub text: String,
    /// The names that no list before it has asked for.
    pub own: Vec<String>,
    /// The names that are refused: the e-mail is another account's.
    pub refused: Vec<String>,
}

/// So many lists, each with `rows` own accounts and up to ten more. Of those after the first,
/// every other one asks for an account of the one before once more, and the rest for a new
/// account with the e-mail of one.
#[must_use]
pub fn lists(files: usize, rows: usize) -> Vec<Dropped> {
    (0..files).map(|file| dropped(file, rows + file % 11)).collect()
}

fn dropped(file: usize, rows: usize) -> Dropped {
    let name = |file: usize, row: usize| format!("team-{file:03}-{row:02}");
    let own: Vec<String> = (0..rows).map(|row| name(file, row)).collect();
    let mut asked: Vec<(String, String)> = own.iter().map(|it| (it.clone(), it.clone())).collect();
    let mut refused = Vec::new();
    match file.checked_sub(1) {
        None => {}
        Some(before) if file % 2 == 1 => asked.push((name(before, 0), name(before, 0))),
        Some(before) => {
            refused.push(format!("other-{file:03}"));
            asked.push((format!("other-{file:03}"), name(before, 0)));
        }
    }
    let text = list::of(asked.iter().map(|(name, email)| (name.as_str(), email.as_str())));
    Dropped { text, own, refused }
}

/// Drops them all at one moment; answers their batches.
///
/// # Errors
/// When the bucket does not take them.
pub async fn drop_all(rig: &Rig, lists: &[Dropped]) -> Result<Vec<BatchId>> {
    let mut batches = Vec::new();
    for (number, list) in lists.iter().enumerate() {
        batches.push(rig.drop_list(&format!("in/{number:03}.csv"), list.text.clone()).await?);
    }
    Ok(batches)
}

/// That every list was taken and told of, and every account is asked for once, with an e-mail
/// that no other has.
///
/// # Errors
/// What is not so.
pub async fn check_taken(rig: &Rig, lists: &[Dropped], batches: &[BatchId]) -> Result<()> {
    let ledger = &rig.stage.ledger;
    for (id, list) in batches.iter().zip(lists) {
        let batch = ledger.batch(id).await?.with_context(|| format!("find the batch {id}"))?;
        ensure!(batch.taken && batch.announced, "take {id}, and tell of it: {batch:?}");
        ensure!(batch.refused == list.refused.len() as u64, "refuse what is another's: {batch:?}");
    }
    let named = |names: fn(&Dropped) -> &[String]| -> Result<Vec<AccountName>> {
        let names = lists.iter().flat_map(|list| names(list).iter());
        names.map(|name| Ok(AccountName::new(name.as_str())?)).collect()
    };
    let (own, refused) = (named(|it| &it.own)?, named(|it| &it.refused)?);
    let entries = ledger.entries(&own).await?;
    ensure!(entries.len() == own.len(), "take {} accounts, not {}", own.len(), entries.len());
    ensure!(ledger.entries(&refused).await?.is_empty(), "refuse an e-mail that is another's");
    let emails: BTreeSet<String> = entries.iter().map(|it| it.request.email.key()).collect();
    ensure!(emails.len() == own.len(), "have each e-mail once");
    Ok(())
}

/// That every list has come to its end, with every account READY and made once.
///
/// # Errors
/// What is not so.
pub async fn check_ended(rig: &Rig, lists: &[Dropped], batches: &[BatchId]) -> Result<()> {
    check_taken(rig, lists, batches).await?;
    let ledger = &rig.stage.ledger;
    for id in batches {
        let batch = ledger.batch(id).await?.with_context(|| format!("find the batch {id}"))?;
        ensure!(batch.closed && batch.failed == 0, "end {id} well: {batch:?}");
        let results = rig.stage.download(&format!("{}{id}.csv", Batch::RESULTS_PREFIX)).await;
        let results = String::from_utf8(results.context("read a results file")?)?;
        // Of a row that another list asked for before it ended, that one says how it did.
        let open = results.lines().filter(|row| row.contains(&format!(",{},", Status::Queued)));
        let open = open.filter(|row| !row.contains("another list has asked for it"));
        ensure!(open.count() == 0, "say how each row ended: {results}");
    }
    let names = lists.iter().flat_map(|list| list.own.iter());
    let wanted: BTreeSet<&str> = names.map(String::as_str).collect();
    let made: Vec<String> = rig.stage.cloud.inspect(|zone| {
        let made = zone.organization.accounts().iter();
        made.map(|it| it.name.clone()).filter(|it| wanted.contains(it.as_str())).collect()
    });
    let distinct: BTreeSet<&str> = made.iter().map(String::as_str).collect();
    ensure!(made.len() == wanted.len() && distinct == wanted, "make each account once");
    Ok(())
}

/// What taking them in took for each, by what intake alone calls or calls once in a list.
#[must_use]
pub fn calls_of_each(took: &Took, files: usize) -> f64 {
    took.calls.values().sum::<u64>() as f64 / files as f64
}

/// Measures a hundred lists, from the drop to their ends.
///
/// # Errors
/// When they cannot be run, or one is lost.
pub async fn measure(figures: &mut Figures) -> Result<()> {
    let lists = lists(100, 10);
    let accounts: usize = lists.iter().map(|list| list.own.len()).sum();
    let mut rig = Rig::open(&ARGUMENTS).await?;
    let started = Instant::now();
    let batches = drop_all(&rig, &lists).await?;
    let taken = rig.take(&batches).await?;
    figures.add("100 lists at once: until all are taken", started.elapsed().as_secs_f64(), "s");
    let each = calls_of_each(&taken, lists.len());
    figures.hold("100 lists at once: calls for each until taken", each, "", CALLS_OF_A_FILE);
    check_taken(&rig, &lists, &batches).await?;
    rig.finish().await?;
    let seconds = started.elapsed().as_secs_f64();
    figures.add(format!("100 lists at once: until {accounts} accounts are READY"), seconds, "s");
    check_ended(&rig, &lists, &batches).await
}
