//! `vend local` from a list to its accounts, at several lengths.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::list::list;
use super::rig::START;
use crate::Figures;

/// Lengths that are compared.
const FEW: usize = 1_000;
const MANY: usize = 10_000;

/// Longer, per row, at many rows than at few. It is time, and the machine has others to serve.
const MOST_LONGER: f64 = 1.2;

/// More calls for an account at many rows than at few: the clock of the machine decides how many
/// ticks fall into a run.
const MOST_MORE: f64 = 1.01;

/// Measures `vend local` at a thousand and at ten thousand rows. The few are measured before the
/// many and after: one binary took 61 s for them before and 72 s after, which is no matter of
/// the rows, and may be either way.
///
/// # Errors
/// When it cannot be run, or does not end well.
pub fn measure(figures: &mut Figures) -> Result<()> {
    let (few, many, few_again) = (run(FEW)?, run(MANY)?, run(FEW)?);
    for (when, run) in [("", &few), ("", &many), (", afterwards", &few_again)] {
        let name = format!("vend local, {} rows{when}", run.rows);
        figures.add(&name, run.took.as_secs_f64(), "s");
        figures.add(format!("{name}: each thousand"), run.each_thousand(), "s");
        figures.add(format!("{name}: kept on disk"), run.megabytes, "MB");
    }
    let each_of_few = f64::midpoint(few.each_thousand(), few_again.each_thousand());
    let longer = many.each_thousand() / each_of_few;
    figures.hold("vend local: time per row, 10000 rows over 1000", longer, "", MOST_LONGER);
    figures.add("vend local, 1000 rows: calls per account", few.calls, "");
    let more = many.calls / few.calls;
    figures.hold("vend local: calls per account, 10000 rows over 1000", more, "", MOST_MORE);
    Ok(())
}

/// What a run took.
struct Run {
    rows: usize,
    took: Duration,
    calls: f64,
    megabytes: f64,
}

impl Run {
    fn each_thousand(&self) -> f64 {
        self.took.as_secs_f64() * 1_000.0 / self.rows as f64
    }
}

fn run(rows: usize) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let (list_path, state) = (folder.path().join("list.csv"), folder.path().join("state"));
    std::fs::write(&list_path, list("row", rows))?;
    let started = Instant::now();
    let output = Command::new(program()?)
        .env_clear()
        .args(["local", "--speed", "max", "--max-in-flight", "5", "--json", "--stats"])
        .args(["--start", START])
        .arg("--state")
        .arg(&state)
        .arg(&list_path)
        .output()?;
    let took = started.elapsed();
    let report = document(&output)?;
    let accounts = report["accounts"].as_array().map(Vec::len).unwrap_or_default();
    ensure!(accounts == rows, "make {rows} accounts: they are {accounts}");
    let calls = report["stats"]["callsPerAccount"].as_f64().context("read the calls")?;
    Ok(Run { rows, took, calls, megabytes: megabytes_in(&state)? })
}

/// The document that a command printed that went well.
fn document(output: &Output) -> Result<Value> {
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "run it to a good end: {said}");
    serde_json::from_slice(&output.stdout).context("read what it printed")
}

/// The operators' program, which cargo has put beside what runs.
pub(super) fn program() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2);
    let candidates = folders.map(|it| it.join("vend-measured")).find(|it| it.is_file());
    candidates.context("find the program vend-measured: build the whole package")
}

fn megabytes_in(folder: &Path) -> Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += match entry.file_type()?.is_dir() {
            true => (megabytes_in(&entry.path())? * 1e6) as u64,
            false => entry.metadata()?.len(),
        };
    }
    Ok(bytes as f64 / 1e6)
}
