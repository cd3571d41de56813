//! `vend retry` and `vend cancel`: the names that are given, or a batch's.

use anyhow::{Context, Result};
use vending::account::AccountName;
use vending::ledger::{Entry, Order};
use vending::operate::{self, Chosen, Done, Plan, Planned, WhyNot};
use vending::ports::Ledger;

use super::outcome::{Outcome, Row};
use crate::stack::Stack;
use crate::status::{find_batch, suggestion};
use crate::terminal::{self, line};
use crate::{EntriesArguments, Exit};

/// Plans the order, carries it out if `apply` says so, and tells what came of it.
pub(super) async fn run(stack: &Stack, order: Order, given: &EntriesArguments) -> Result<Exit> {
    let outcome = carry_out(stack, order, given).await?;
    if given.json {
        terminal::json(&outcome.json())?;
    } else {
        line(outcome.text(usize::from(terminal::width())));
    }
    Ok(outcome.exit())
}

async fn carry_out(stack: &Stack, order: Order, given: &EntriesArguments) -> Result<Outcome> {
    let chosen = match &given.batch {
        Some(words) => Chosen::Batch(find_batch(stack, words).await?),
        None => Chosen::Names(names(&given.names)),
    };
    let mut plan = operate::plan(&stack.operating(), order, &chosen).await.context(READ)?;
    let all = plan.rows.len();
    if let Chosen::Batch(_) = &chosen {
        plan.rows.retain(|row| is_meant(order, row));
    }
    let others = all - plan.rows.len();
    let done = match given.apply && plan.rows.iter().any(|row| row.intent.is_ok()) {
        true => {
            let by = stack.operator().await?;
            let done = operate::apply(&stack.operating(), &plan, by).await;
            done.context("carry out the plan; what was done until now is done")?
        }
        false => Vec::new(),
    };
    let paused = stack.ledger().launching().await.context(READ)?.pause.is_some();
    let rows = rows(stack, given, plan, &done).await;
    let batch = given.batch.clone();
    Ok(Outcome { order, applied: given.apply, batch, rows, others, paused })
}

/// The names that are names, each once.
fn names(given: &[String]) -> Vec<AccountName> {
    let mut names: Vec<AccountName> = Vec::new();
    for name in given.iter().filter_map(|text| AccountName::new(text.as_str()).ok()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether an order for a whole batch is about that row.
fn is_meant(order: Order, row: &Planned) -> bool {
    match (order, row.intent) {
        (_, Ok(_)) | (Order::Retry, Err(WhyNot::StillAtWork)) => true,
        (Order::Retry | Order::Cancel, Err(_)) => false,
    }
}

/// The rows of the plan, and those of what is no name.
async fn rows(stack: &Stack, given: &EntriesArguments, plan: Plan, done: &[Done]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, planned) in plan.rows.into_iter().enumerate() {
        let mut why = planned.intent.err().map(|why| why.to_string());
        if planned.intent == Err(WhyNot::Unknown) {
            let meant = suggestion(stack, planned.name.as_str()).await;
            let meant = meant.map(|meant| format!("; is {meant} meant?")).unwrap_or_default();
            why = Some(format!("{}{meant}", WhyNot::Unknown));
        }
        rows.push(Row {
            name: planned.name.to_string(),
            status: planned.entry.as_ref().map(Entry::status),
            attempt: planned.entry.as_ref().map_or(0, |entry| entry.attempt),
            intent: planned.intent.map_err(|_| why.unwrap_or_default()),
            done: done.get(at).copied(),
        });
    }
    let flawed = given.names.iter().filter_map(|text| {
        let flaw = AccountName::new(text.as_str()).err()?;
        let why = format!("is no account name: it {flaw}");
        Some(Row { name: text.clone(), status: None, attempt: 0, intent: Err(why), done: None })
    });
    rows.extend(flawed);
    rows
}

const READ: &str = "read the ledger";
