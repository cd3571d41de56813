//! `vend local` from a list to its accounts, at two lengths.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::list::list;
use super::rig::START;
use super::turns::Turns;
use crate::Figures;

/// Lengths that are compared.
const FEW: usize = 1_000;
const MANY: usize = 10_000;

/// So many of the short lists are as many rows as the long one.
const SHORT_LISTS: usize = MANY / FEW;

/// Longer, per row, at many rows than at few. It is time, and the machine has others to serve.
const MOST_LONGER: f64 = 1.2;

/// Calls for an account at many rows over those at few: time is virtual, so that it is the same
/// count at each run, and what a list takes once is shared by more.
const MOST_MORE: f64 = 1.0;

/// Measures `vend local` at ten thousand rows, and ten times at a thousand, by turns: one binary
/// took 59 and 78 s for the same thousand rows, a quarter of an hour apart.
///
/// # Errors
/// When it cannot be run, or does not end well.
pub fn measure(figures: &mut Figures) -> Result<()> {
    let mut long = Run::start(MANY)?;
    let (mut short, mut parts) = (Vec::new(), Vec::new());
    while short.len() < SHORT_LISTS {
        let (before, made_before) = (long.seconds(), long.made()?);
        let mut run = Run::start(FEW)?;
        while !run.turns.turn()? {
            long.turns.turn()?;
        }
        let run = run.end()?;
        if long.turns.ended().is_none() {
            let made = long.made()? - made_before;
            parts.push((long.seconds() - before) / made as f64 / run.each());
        }
        short.push(run);
    }
    while !long.turns.turn()? {}
    let long = long.end()?;

    let each = |run: &Took| run.each() * 1_000.0;
    spread(figures, "vend local, 1000 rows: each thousand", short.iter().map(each), "s");
    figures.add("vend local, 10000 rows: each thousand", each(&long), "s");
    for run in [short.first().context("run a short list")?, &long] {
        figures.add(format!("vend local, {} rows: kept on disk", run.rows), run.megabytes, "MB");
        figures.add(format!("vend local, {} rows: calls per account", run.rows), run.calls, "");
    }
    let of_short: f64 = short.iter().map(|run| run.seconds).sum();
    let longer = long.seconds / of_short;
    figures.hold("vend local: time per row, 10000 rows over 1000", longer, "", MOST_LONGER);
    spread(figures, "vend local: the same, beside each list of 1000", parts, "");
    let calls = short.iter().map(|run| run.calls).fold(f64::INFINITY, f64::min);
    let more = long.calls / calls;
    figures.hold("vend local: calls per account, 10000 rows over 1000", more, "", MOST_MORE);
    Ok(())
}

/// The least and the most of several values.
fn spread(
    figures: &mut Figures,
    what: &str,
    values: impl IntoIterator<Item = f64>,
    unit: &'static str,
) {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (values.first(), values.last()) {
        figures.add(format!("{what}, least"), *least, unit);
        figures.add(format!("{what}, most"), *most, unit);
    }
}

/// A list on its way.
struct Run {
    rows: usize,
    turns: Turns,
    folder: TempDir,
}

/// What a list took.
struct Took {
    rows: usize,
    seconds: f64,
    calls: f64,
    megabytes: f64,
}

impl Took {
    /// Seconds for a row.
    fn each(&self) -> f64 {
        self.seconds / self.rows as f64
    }
}

impl Run {
    fn start(rows: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let list_path = folder.path().join("list.csv");
        std::fs::write(&list_path, list("row", rows))?;
        let mut command = Command::new(program()?);
        command
            .env_clear()
            .args(["local", "--speed", "max", "--max-in-flight", "5", "--json", "--stats"])
            .args(["--start", START])
            .arg("--state")
            .arg(folder.path().join(STATE))
            .arg(list_path)
            .stdout(File::create(folder.path().join(PRINTED))?)
            .stderr(File::create(folder.path().join(SAID))?);
        Ok(Self { rows, turns: Turns::start(&mut command)?, folder })
    }

    /// Seconds up to now.
    fn seconds(&self) -> f64 {
        self.turns.took().as_secs_f64()
    }

    /// How many accounts people were told of by now.
    fn made(&self) -> Result<usize> {
        let mail = self.folder.path().join(STATE).join("mail");
        if !mail.is_dir() {
            return Ok(0);
        }
        let names = std::fs::read_dir(mail)?.map(|entry| entry.map(|it| it.file_name()));
        let names = names.collect::<std::io::Result<Vec<_>>>()?;
        let is_ready = |name: &&OsString| name.to_string_lossy().ends_with("-account-ready.eml");
        Ok(names.iter().filter(is_ready).count())
    }

    /// What it took, where it has come to a good end.
    fn end(self) -> Result<Took> {
        let in_folder = |name: &str| self.folder.path().join(name);
        let said = std::fs::read_to_string(in_folder(SAID))?;
        let ended = self.turns.ended();
        ensure!(ended.is_some_and(|it| it.success()), "run it to a good end: {said}");
        let report: Value = serde_json::from_slice(&std::fs::read(in_folder(PRINTED))?)
            .context("read what it printed")?;
        let accounts = report["accounts"].as_array().map(Vec::len).unwrap_or_default();
        ensure!(accounts == self.rows, "make {} accounts: they are {accounts}", self.rows);
        let calls = report["stats"]["callsPerAccount"].as_f64().context("read the calls")?;
        let megabytes = megabytes_in(&in_folder(STATE))?;
        Ok(Took { rows: self.rows, seconds: self.seconds(), calls, megabytes })
    }
}

/// Names in a run's folder.
const STATE: &str = "state";
const PRINTED: &str = "printed.json";
const SAID: &str = "said.txt";

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
