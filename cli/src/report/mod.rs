//! `vend report`: one page about a batch that can be sent to anybody, made of what the
//! ledger knows. It holds names, ids and access, and neither e-mail addresses nor people.

mod access;
mod account;
mod axis;
mod discreet;
mod failures;
mod gather;
mod page;
mod phase;
#[cfg(test)]
mod samples;
mod summary;
mod times;
mod words;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::stack::Stack;
use crate::{Exit, ReportArguments, terminal};

use summary::Report;

/// Writes the page, or prints what it says as JSON.
///
/// # Errors
/// When there is no such batch, the ledger does not answer, or the file cannot be written.
pub(crate) async fn run(stack: &Stack, arguments: &ReportArguments) -> Result<Exit> {
    let report = gather::gather(stack.ledger(), stack.clock(), &arguments.batch).await?;
    if arguments.json {
        terminal::json(&report)?;
    } else {
        put(&report, arguments.output.as_deref())?;
    }
    Ok(report.exit())
}

/// Writes the page to where it was asked for, and says where that is.
fn put(report: &Report, output: Option<&Path>) -> Result<()> {
    let html = page::html(report);
    let default = PathBuf::from(format!("{}.html", report.batch));
    let path = output.unwrap_or(&default);
    if path == Path::new("-") {
        let written = std::io::stdout().lock().write_all(html.as_bytes());
        return written.context("write the page to standard output");
    }
    std::fs::write(path, &html).with_context(|| format!("write the page to {}", path.display()))?;
    let kilobytes = html.len().div_ceil(1_000);
    terminal::line(summary::headline(report));
    terminal::line(format!("report: {} ({kilobytes} kB)", path.display()));
    Ok(())
}
