//! What operators' commands take, over a batch of many rows.

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use vending::ledger::BatchId;
use vending::ports::Ledger;

use super::aged::{Patterns, name};
use super::list;
use super::local::program;
use super::rig::{Rig, Took};
use crate::Figures;

/// Rows of the batch that are still under way: half of them launched, half of them queued.
const UNDER_WAY: usize = 10;

/// How often, and after how long each time, it is seen whether the whole batch was read; and the
/// reads of single items by which the first look is over.
const WAITS: u32 = 600;
const WAIT: Duration = Duration::from_millis(200);
const LOOKED_AGAIN: u64 = 12;

/// How long `vend status --watch` is watched.
const WATCHED: Duration = Duration::from_secs(3);

/// A batch of many rows, most of which have ended.
pub struct Wide {
    rig: Rig,
    rows: u64,
    /// Its batch.
    pub batch: BatchId,
    address: SocketAddr,
    _serving: local_cloud::Serving,
}

/// What a command took.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of the wall clock.
    pub took: Duration,
    /// Of AWS.
    pub of_aws: Took,
    /// What it printed.
    pub printed: String,
}

impl Asked {
    /// Calls of AWS in all.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.of_aws.calls.values().sum()
    }

    /// Items that AWS looked at in all.
    #[must_use]
    pub fn items(&self) -> u64 {
        self.of_aws.reads.values().sum()
    }
}

impl Wide {
    /// A batch of `rows` rows, ten of them under way.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn open(rows: usize) -> Result<Self> {
        let mut rig = Rig::open(&["--max-in-flight", "5"]).await?;
        let patterns = Patterns::make(&mut rig).await?;
        let batch = rig.drop_list("wide.csv", list::list("wide", UNDER_WAY)).await?;
        rig.run_until(async |stage| {
            stage.ledger.launching().await.is_ok_and(|it| it.in_flight.len() == UNDER_WAY / 2)
        })
        .await?;
        patterns.join(&rig.stage, &batch, rows - UNDER_WAY, UNDER_WAY)?;
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let serving = rig.stage.cloud.serve(any).await.context("serve the cloud")?;
        Ok(Self { batch, rows: rows as u64, address: serving.addr, _serving: serving, rig })
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// When it cannot be carried out.
    pub async fn ask(&self, arguments: &[&str]) -> Result<Asked> {
        let mut command = self.command(arguments)?;
        let (before, started) = (self.rig.took(), Instant::now());
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let (took, of_aws) = (started.elapsed(), self.rig.took().since(&before));
        // 1 says that something needs a person, as some of the rows do.
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(matches!(output.status.code(), Some(0 | 1)), "run {arguments:?}: {said}");
        Ok(Asked { took, of_aws, printed: String::from_utf8(output.stdout)? })
    }

    /// Watches the batch for some seconds; answers what that took after the first look.
    ///
    /// # Errors
    /// When it cannot be watched.
    pub async fn watch(&self) -> Result<Asked> {
        let mut command = self.command(&["status", self.batch.as_str(), "--watch"])?;
        let before = self.rig.took();
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        self.until_all_is_read(&before).await?;
        let (before, started) = (self.rig.took(), Instant::now());
        tokio::time::sleep(WATCHED).await;
        let (took, of_aws) = (started.elapsed(), self.rig.took().since(&before));
        child.kill()?;
        child.wait()?;
        let mut printed = String::new();
        child.stdout.take().context("read what it printed")?.read_to_string(&mut printed)?;
        Ok(Asked { took, of_aws, printed })
    }

    /// Waits until the whole batch was read since `before`, and another look was begun.
    async fn until_all_is_read(&self, before: &Took) -> Result<()> {
        for _ in 0..WAITS {
            tokio::time::sleep(WAIT).await;
            let read = self.rig.took().since(before);
            // Each row by the index of its batch, and then by its key.
            let rows = read.reads.values().sum::<u64>() >= 2 * self.rows;
            if rows && read.calls_of("dynamodb", "GetItem") > LOOKED_AGAIN {
                return Ok(());
            }
        }
        anyhow::bail!("watch the batch: it was not read within {WAITS} times {WAIT:?}")
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(program()?);
        command.env_clear().args(arguments).arg(format!("--local={}", self.address));
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        Ok(command)
    }
}

/// Measures the commands over a batch of ten thousand rows.
///
/// # Errors
/// When one cannot be carried out.
pub async fn measure(figures: &mut Figures) -> Result<()> {
    let (few, many) = (Wide::open(1_000).await?, Wide::open(10_000).await?);
    let row = name(5);
    let page = tempfile::NamedTempFile::new()?;
    let page = page.path().to_str().context("name the page")?;
    let (id, other) = (many.batch.as_str(), few.batch.as_str());
    let commands: [(&str, [&[&str]; 2]); 5] = [
        ("status BATCH", [&["status", other], &["status", id]]),
        ("status BATCH --json", [&["status", other, "--json"], &["status", id, "--json"]]),
        ("status NAME", [&["status", &row], &["status", &row]]),
        ("show NAME", [&["show", &row], &["show", &row]]),
        ("report BATCH", [&["report", other, "--output", page], &["report", id, "--output", page]]),
    ];
    for (what, [of_few, of_many]) in commands {
        let (few, many) = (few.ask(of_few).await?, many.ask(of_many).await?);
        add(figures, what, &few, &many);
    }
    let watched = many.watch().await?;
    let each = watched.items() as f64 / watched.calls() as f64;
    figures.add("status --watch, 10000 rows: items in each call", each, "");
    Ok(())
}

fn add(figures: &mut Figures, what: &str, few: &Asked, many: &Asked) {
    figures.add(format!("vend {what}, 10000 rows"), many.took.as_secs_f64(), "s");
    figures.add(format!("vend {what}, 10000 rows: prints"), many.printed.len() as f64, "bytes");
    figures.add(format!("vend {what}, 1000 rows: calls"), few.calls() as f64, "");
    let most = few.calls() as f64 * 10.0;
    figures.hold(format!("vend {what}, 10000 rows: calls"), many.calls() as f64, "", most);
}
