//! A portfolio file in a local run: watched to its end, and what came of it.

use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use local_cloud::delivery::{Delivery, Ended};
use vending::ledger::{BatchId, PortfolioBatch, PortfolioOrder, Timestamp};
use vending::portfolio_file::Uploaded;
use vending::ports::PortfolioOrders;

use super::stage::Stage;
use super::stats::CallStats;
use super::{LONGEST, mail, report, results, upload};
use crate::check::list::Document;
use crate::status::portfolios::{counts, document, exit, what};
use crate::{Exit, LocalArguments};

/// Whether the file is a portfolio file.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn is_one(file: &Path) -> Result<bool> {
    let read = Document::read(file).await?;
    Ok(read.is_ok_and(|read| matches!(read.uploaded, Uploaded::Portfolios(_))))
}

/// Drops the file, and lets time pass until all that it asks for has ended and was told.
///
/// # Errors
/// When the run cannot be carried out.
pub(super) async fn run(stage: &Stage, arguments: &LocalArguments, file: &Path) -> Result<Exit> {
    stage.plan(&arguments.fail)?;
    let id = upload::upload(stage, file).await?;
    let deadline = stage.cloud.now() + LONGEST;
    let mut delivery = stage.delivery()?;
    if let Some(chaos) = &stage.chaos {
        chaos.begin();
    }
    let mut problem = None;
    let done = async |_: &Delivery| match is_done(stage, &id, deadline).await {
        Ok(done) => done,
        Err(error) => {
            problem = Some(error);
            true
        }
    };
    let ended = tokio::select! {
        ended = delivery.run_until(done, arguments.speed.into()) => {
            ended.context("deliver the events")?
        }
        pressed = tokio::signal::ctrl_c() => {
            pressed.context("listen for Ctrl-C")?;
            report::print_interrupted(stage);
            return Ok(Exit::Interrupted);
        }
    };
    if let Some(chaos) = &stage.chaos {
        chaos.end();
    }
    report::print_undelivered(&delivery);
    problem.map_or(Ok(()), Err)?;
    anyhow::ensure!(
        ended != Ended::NothingLeft,
        "finish the run: nothing is on its way, and yet the file is not complete"
    );
    told(stage, arguments, &id, &delivery).await
}

async fn is_done(stage: &Stage, id: &BatchId, deadline: Timestamp) -> Result<bool> {
    stage.write_mail()?;
    anyhow::ensure!(
        stage.cloud.now() < deadline,
        "finish the run: it has not ended after a year of virtual time"
    );
    Ok(stage.ledger.portfolio_batch(id).await?.is_some_and(|batch| batch.closed))
}

/// Prints what came of it.
async fn told(
    stage: &Stage,
    arguments: &LocalArguments,
    id: &BatchId,
    delivery: &Delivery,
) -> Result<Exit> {
    let batch = stage.ledger.portfolio_batch(id).await.context("read the ledger")?;
    let batch = batch.context("find the batch in the ledger")?;
    let orders = stage.ledger.orders(&batch).await.context("read the ledger")?;
    let results = results::write(stage, id).await?;
    let exit = exit(&batch, &orders);
    if arguments.json {
        let mut document = document(&batch, &orders);
        document["exitCode"] = exit.code().into();
        document["faults"] = faults(stage).into();
        document["mail"] = serde_json::to_value(mail::paths(&stage.folder))?;
        document["results"] = serde_json::to_value(&results)?;
        document["state"] = serde_json::to_value(&stage.folder)?;
        println!("{document:#}");
        return Ok(exit);
    }
    print(stage, &batch, &orders);
    println!("\nresults: {}\n\nmail:", results.display());
    for path in mail::paths(&stage.folder) {
        println!("  {}", path.display());
    }
    println!("state:   {}", stage.folder.display());
    if let Some(chaos) = &stage.chaos {
        chaos.counts().print();
    }
    if arguments.stats {
        CallStats::new(stage.calls(), delivery.stats(), orders.len(), 0).print();
    }
    Ok(exit)
}

fn print(stage: &Stage, batch: &PortfolioBatch, orders: &[PortfolioOrder]) {
    if batch.is_refused() {
        println!("refused: nothing of this file is done\n");
        for fault in faults(stage) {
            println!("{fault}");
        }
        return;
    }
    println!("{}\n{}", table(orders), counts(batch, orders));
    for order in orders.iter().filter(|order| !order.error().is_empty()) {
        println!("\n{}: {}", what(order), order.error());
    }
}

/// The faults that intake answered.
fn faults(stage: &Stage) -> Vec<String> {
    let answer = stage.answer.get().unwrap_or_default();
    let faults = answer[0]["faults"].as_array().cloned().unwrap_or_default();
    faults.iter().filter_map(|fault| fault["text"].as_str().map(str::to_owned)).collect()
}

fn table(orders: &[PortfolioOrder]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["portfolio", "organizational unit", "account id", "status"]);
    for order in orders {
        table.add_row([
            order.portfolio.name.clone(),
            order.unit.to_string(),
            order.account().map(ToString::to_string).unwrap_or_default(),
            order.status().to_string(),
        ]);
    }
    table
}
