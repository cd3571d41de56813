//! One process that is measured: from its start to the answer of its last event.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::runtime::{Log, Noted, RuntimeApi};

/// How long a process may take for all its events.
const PATIENCE: Duration = Duration::from_secs(300);

/// What one process took.
#[derive(Debug)]
pub(super) struct Run {
    /// From its start to when it asks for an event.
    pub(super) start: Duration,
    /// From its start to its first answer.
    pub(super) first: Duration,
    /// Each later event, from when it was handed out to its answer, without the time that
    /// AWS took.
    pub(super) warm: Vec<Duration>,
    /// Processor time of all, where the system tells it.
    pub(super) processor: Option<Duration>,
    /// The most memory it had, in bytes, where the system tells it.
    pub(super) memory: Option<f64>,
}

/// Ends the process when it is no longer wanted.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and leaves nothing to be done.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Runs `command` until it has answered all events of `runtime`.
pub(super) async fn run(mut command: Command, runtime: &RuntimeApi) -> anyhow::Result<Run> {
    command
        .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "measured")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/measured")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]0123456789abcdef")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let started = Instant::now();
    let running = Running(command.spawn().with_context(|| format!("start {command:?}"))?);
    let ended = tokio::time::timeout(PATIENCE, runtime.done()).await;
    let process = running.0.id();
    let (processor, memory) = (processor(process), memory(process));
    drop(running);
    ended.context("the process does not answer")?;
    let log = runtime.take();
    if let Some(error) = log.error {
        bail!("the process answered with an error: {error}");
    }
    took(started, &log, processor, memory).context("the process answered nothing")
}

fn took(
    started: Instant,
    log: &Log,
    processor: Option<Duration>,
    memory: Option<f64>,
) -> Option<Run> {
    let mut spans = log.given.iter().zip(&log.answered);
    let (asked, answered) = spans.next()?;
    Some(Run {
        start: asked.at - started,
        first: answered.at - started,
        warm: spans.map(|(given, answered)| own(given, answered)).collect(),
        processor,
        memory,
    })
}

/// The time between the two in which AWS was not waited for.
fn own(given: &Noted, answered: &Noted) -> Duration {
    (answered.at - given.at).saturating_sub(answered.waited - given.waited)
}

/// The time its threads have run (Linux, `Documentation/scheduler/sched-stats.rst`:
/// the first number of `schedstat` is in nanoseconds).
fn processor(process: u32) -> Option<Duration> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let times = threads.map(|thread| -> Option<u64> {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse().ok()
    });
    times.sum::<Option<u64>>().map(Duration::from_nanos)
}

/// The most memory it ever had (`man 5 proc_pid_status`: `VmHWM`, in kB of 1,024 bytes).
fn memory(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
}
