//! How a portfolio file stands: its counts, and what failed.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::time::sleep;
use vending::ledger::{BatchId, PortfolioBatch, PortfolioOrder, Status};
use vending::ports::PortfolioOrders;

use super::watch;
use super::words::{indented, moment};
use crate::stack::Stack;
use crate::terminal::{self, BAD, TITLE, harmless, line, paint};
use crate::{Exit, StatusArguments};

const READ: &str = "read the ledger";

/// Orders that are listed one by one: those that failed.
const LISTED: usize = 50;

/// The portfolio file of that id, if the words are one's.
///
/// # Errors
/// When the ledger does not answer.
pub(super) async fn find(stack: &Stack, words: Option<&str>) -> Result<Option<PortfolioBatch>> {
    // The empty id is no key of the table.
    let Some(words) = words.filter(|words| !words.is_empty()) else { return Ok(None) };
    stack.ledger().portfolio_batch(&BatchId(words.to_owned())).await.context(READ)
}

/// Shows it; with `--watch` only when all of it has ended.
///
/// # Errors
/// When the ledger does not answer.
pub(super) async fn run(
    stack: &Stack,
    mut batch: PortfolioBatch,
    arguments: &StatusArguments,
) -> Result<Exit> {
    while arguments.watch && !batch.closed {
        tokio::select! {
            () = sleep(watch::interval(stack)) => {}
            pressed = tokio::signal::ctrl_c() => {
                pressed.context("listen for Ctrl-C")?;
                return Ok(Exit::Interrupted);
            }
        }
        batch = find(stack, Some(batch.id.as_str())).await?.unwrap_or(batch);
    }
    let orders = stack.ledger().orders(&batch).await.context(READ)?;
    if arguments.json {
        terminal::json(&document(&batch, &orders))?;
    } else {
        line(text(stack, &batch, &orders));
    }
    Ok(exit(&batch, &orders))
}

/// How the command ends.
pub(crate) fn exit(batch: &PortfolioBatch, orders: &[PortfolioOrder]) -> Exit {
    if batch.is_refused() {
        return Exit::Refused;
    }
    match orders.iter().any(|order| order.status() == Status::Failed) {
        true => Exit::SomeFailed,
        false => Exit::AllReady,
    }
}

fn text(stack: &Stack, batch: &PortfolioBatch, orders: &[PortfolioOrder]) -> String {
    let (width, now) = (usize::from(terminal::width()), stack.clock().now());
    let file = harmless(&batch.object.key);
    let origin = format!("from {file}, received {} UTC", moment(batch.received_at, now));
    let mut lines = vec![
        paint(TITLE, format!("portfolio file {}", batch.id)),
        indented(&origin, 2, width),
        indented(&counts(batch, orders), 2, width),
    ];
    let failed: Vec<&PortfolioOrder> =
        orders.iter().filter(|order| order.status() == Status::Failed).collect();
    for order in failed.iter().take(LISTED) {
        let text = format!("{}: {}", harmless(&what(order)), harmless(&order.error()));
        lines.push(paint(BAD, indented(&text, 2, width)));
    }
    if failed.len() > LISTED {
        lines.push(format!("  … and {} more", failed.len() - LISTED));
    }
    let results = batch.as_batch().results_key();
    let bucket = harmless(&batch.object.bucket);
    lines.push(indented(&format!("row by row: {results} in the bucket {bucket}"), 2, width));
    lines.join("\n")
}

/// How many stand where, or that it was refused.
pub(crate) fn counts(batch: &PortfolioBatch, orders: &[PortfolioOrder]) -> String {
    if batch.is_refused() {
        return "refused: nothing of it is done".to_owned();
    }
    let of = |status| orders.iter().filter(|order| order.status() == status).count();
    let some = Status::ALL.into_iter().filter(|status| of(*status) > 0);
    let some: Vec<String> = some.map(|status| format!("{} {status}", of(status))).collect();
    if some.is_empty() { "being taken in".to_owned() } else { some.join(", ") }
}

/// What an order is about.
pub(crate) fn what(order: &PortfolioOrder) -> String {
    match order.account() {
        Some(account) => format!("{} in account {account}", order.portfolio.id),
        None => format!("{} for {}", order.portfolio.id, order.unit),
    }
}

/// All of it as JSON.
pub(crate) fn document(batch: &PortfolioBatch, orders: &[PortfolioOrder]) -> Value {
    json!({
        "batch": batch.id,
        "kind": "portfolios",
        "file": batch.object.key,
        "receivedAt": batch.received_at,
        "refused": batch.is_refused(),
        "complete": batch.closed,
        "results": batch.as_batch().results_key(),
        "orders": orders.iter().map(order_json).collect::<Vec<_>>(),
    })
}

fn order_json(order: &PortfolioOrder) -> Value {
    json!({
        "portfolioId": order.portfolio.id,
        "organizationalUnit": order.unit.to_string(),
        "accountId": order.account(),
        "line": order.place.map(|place| place.line),
        "status": order.status(),
        "error": Some(order.error()).filter(|error| !error.is_empty()),
    })
}
