//! `vend local`: the real functions, fed AWS's own events, through the real SDK
//! clients; only the far end is simulated.

mod chaos;
mod clients;
mod counted;
pub mod functions;
mod mail;
mod portfolios;
mod report;
mod results;
pub mod stage;
mod stats;
mod upload;
mod verdict;
mod watch;
pub mod wiring;

use std::path::Path;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use landing_zone::model::service_catalog::Outcome;
use local_cloud::delivery::Ended;
use tracing_subscriber::EnvFilter;
use vending::account::AccountName;
use vending::file::{Column, SheetReader};

use crate::{Exit, LocalArguments};
pub use counted::{Count, CountedRun, Counts, Waker};
use report::Report;
use stage::Stage;
use watch::Watch;

/// Virtual time after which a run that does not end is given up.
const LONGEST: TimeDelta = TimeDelta::days(365);

/// Runs the command.
///
/// # Errors
/// When the run cannot be carried out: a file that cannot be read, a state folder
/// in use, an address that is taken.
pub async fn run(arguments: &LocalArguments) -> Result<Exit> {
    if arguments.logs {
        print_logs();
    }
    let stage = Stage::open(arguments).await?;
    let serving = match arguments.serve {
        Some(address) => Some(stage.cloud.serve(address).await.context("serve the endpoints")?),
        None => None,
    };
    let exit = match &arguments.file {
        Some(file) => run_file(&stage, arguments, file).await?,
        None => {
            // Nobody knows yet what will be uploaded.
            stage.plan(&arguments.fail)?;
            Exit::AllReady
        }
    };
    if let Some(serving) = serving {
        report::print_endpoints(&stage, serving.addr);
        stay_up(&stage, arguments).await?;
        serving.shutdown().await;
    }
    Ok(exit)
}

async fn run_file(stage: &Stage, arguments: &LocalArguments, file: &Path) -> Result<Exit> {
    if portfolios::is_one(file).await? {
        return portfolios::run(stage, arguments, file).await;
    }
    let names = names_in(file).await?;
    ensure_known(&arguments.fail, &names)?;
    stage.plan(&arguments.fail)?;
    let batch = upload::upload(stage, file).await?;
    let deadline = stage.cloud.now() + LONGEST;
    let mut watch = Watch::new(stage, batch.clone(), &names, arguments.json);
    let mut delivery = stage.delivery()?;
    if let Some(chaos) = &stage.chaos {
        chaos.begin();
    }
    let run = delivery.run_until(async |_| watch.is_done(deadline).await, arguments.speed.into());
    let ended = tokio::select! {
        ended = run => ended.context("deliver the events")?,
        pressed = tokio::signal::ctrl_c() => {
            pressed.context("listen for Ctrl-C")?;
            watch.finish();
            report::print_interrupted(stage);
            return Ok(Exit::Interrupted);
        }
    };
    if let Some(chaos) = &stage.chaos {
        chaos.end();
    }
    watch.finish();
    report::print_undelivered(&delivery);
    watch.check()?;
    if ended == Ended::NothingLeft {
        anyhow::bail!("finish the run: nothing is on its way, and yet the batch is not complete");
    }
    let report = Report::gather(stage, &batch, &names, delivery.stats()).await?;
    report.check(stage, arguments)?;
    report.print(stage, arguments);
    Ok(report.exit())
}

/// That every failure asked for is of a name in the file.
fn ensure_known(fail: &[(String, Outcome)], names: &[AccountName]) -> Result<()> {
    let unknown = fail.iter().find(|(name, _)| !names.iter().any(|known| known.as_str() == name));
    if let Some((name, _)) = unknown {
        anyhow::bail!("plan the failure of {name:?}: the file has no row of that name");
    }
    Ok(())
}

/// Goes on delivering what comes in from outside, until Ctrl-C.
async fn stay_up(stage: &Stage, arguments: &LocalArguments) -> Result<()> {
    let mut delivery = stage.delivery()?;
    let run = delivery.run_until(async |_| stage.write_mail().is_err(), arguments.speed.into());
    tokio::select! {
        ended = run => ended.map(|_| ()).context("deliver the events"),
        pressed = tokio::signal::ctrl_c() => pressed.context("listen for Ctrl-C"),
    }
}

/// The names that a file asks for, to show how they fare; a file that cannot be
/// read has none, and intake says why.
async fn names_in(file: &Path) -> Result<Vec<AccountName>> {
    let bytes = tokio::fs::read(file).await.with_context(|| format!("read {}", file.display()))?;
    let mut reader = SheetReader::new();
    let Ok(sheet) = reader.push(&bytes).and_then(|()| reader.finish()) else {
        return Ok(Vec::new());
    };
    let names =
        sheet.rows.iter().filter_map(|row| AccountName::new(row.text(Column::AccountName)?).ok());
    Ok(names.collect())
}

/// Lets the functions' logs appear, as on AWS.
fn print_logs() {
    let filter = EnvFilter::new("info");
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}
