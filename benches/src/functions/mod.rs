//! The functions as they are deployed: how large they are, how soon they answer, what they
//! take when they are warm, how much memory, and how many calls of AWS when there is nothing
//! to do. Beside them a function of Python that reads as much.

mod binaries;
mod idle;
mod process;
mod python;
mod relay;
mod runtime;
mod world;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

pub use idle::{Ticking, calls_of_ticks};

use crate::Figures;
use binaries::FUNCTIONS;
use process::{Run, run};
use relay::Relay;
use runtime::RuntimeApi;
use world::{World, sample, sample_list};

/// Processes that are started for one figure; the median counts.
const COLD: usize = 11;

/// Events that a warm process is given after its first.
const WARM: usize = 200;

/// Calls of all functions in a minute in which nothing happens, as a mean: most ticks make
/// none, since the process remembers that there was nothing to do.
pub const CALLS_OF_AN_IDLE_MINUTE: f64 = 1.0;

/// Measures the release binaries, which it builds, and what they are compared with.
///
/// # Errors
/// When a binary cannot be built or does not answer.
pub fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut target = None;
    for function in FUNCTIONS {
        let executable = binaries::build(function)?;
        runtime.block_on(measure_executable(figures, function, &executable))?;
        target = executable.ancestors().nth(2).map(Path::to_owned);
    }
    let target = target.context("the executables are in no target folder")?;
    match python::find(&target) {
        Some(python) => runtime.block_on(measure_python(figures, &python))?,
        None => eprintln!("there is no Python with boto3 to compare with"),
    }
    runtime.block_on(measure_calls(figures))
}

/// Measures one binary of `function`, however it was built.
///
/// # Errors
/// When it cannot be read or does not answer.
pub async fn measure_executable(
    figures: &mut Figures,
    function: &str,
    executable: &Path,
) -> anyhow::Result<()> {
    let (size, zipped) = binaries::sizes(executable)?;
    figures.add(format!("{function}: size"), megabytes(size as f64), "MB");
    figures.add(format!("{function}: size zipped"), megabytes(zipped as f64), "MB");
    let scene = Scene::of(function).await?;
    scene.measure(figures, function, || Command::new(executable)).await
}

/// Measures the function of Python, run by `python`, which must have boto3.
///
/// # Errors
/// When it does not answer.
pub async fn measure_python(figures: &mut Figures, python: &Path) -> anyhow::Result<()> {
    let scene = Scene::of("python").await?;
    scene.measure(figures, "Python with boto3", || python::command(python)).await
}

async fn measure_calls(figures: &mut Figures) -> anyhow::Result<()> {
    let mut sum = 0.0;
    for (function, ticking) in [("provision", Ticking::Provision), ("handover", Ticking::Handover)]
    {
        let calls = calls_of_ticks(ticking, 60).await?;
        let mean = calls.iter().sum::<u64>() as f64 / calls.len() as f64;
        figures.add(format!("{function}: calls of an idle tick, mean of an hour"), mean, "calls");
        sum += mean;
    }
    figures.hold("calls of an idle minute", sum, "calls", CALLS_OF_AN_IDLE_MINUTE);
    Ok(())
}

/// What a process meets: a world, and an event that finds nothing to do in it.
struct Scene {
    world: World,
    event: Value,
}

impl Scene {
    /// The scene of `function`: a change of an entry that is not there any more, or for
    /// `intake` a list that comes a second time. Not a tick, which an idle process leaves out.
    async fn of(function: &str) -> anyhow::Result<Self> {
        let world = World::open().await?;
        let event = match function {
            "intake" => world.upload(sample_list()?).await?,
            _ => sample("stream-modify")?,
        };
        Ok(Self { world, event })
    }

    async fn measure(
        &self,
        figures: &mut Figures,
        function: &str,
        command: impl Fn() -> Command,
    ) -> anyhow::Result<()> {
        // Whoever comes first does what is done once, such as taking the list.
        self.run(command(), 1).await?;
        let mut cold = Vec::with_capacity(COLD);
        for _ in 0..COLD {
            cold.push(self.run(command(), 1).await?);
        }
        let warm = self.run(command(), 1 + WARM).await?;
        add_cold(figures, function, &cold);
        add_warm(figures, function, &cold, &warm);
        Ok(())
    }

    async fn run(&self, mut command: Command, invocations: usize) -> anyhow::Result<Run> {
        let serving = self.world.cloud.serve(([127, 0, 0, 1], 0).into()).await?;
        let relay = Relay::start(serving.addr).await?;
        let event = self.event.to_string();
        let runtime = RuntimeApi::start(event, invocations, relay.waited.clone()).await?;
        command.env_clear().envs(self.world.variables());
        command.env("AWS_ENDPOINT_URL", format!("http://{}", relay.address));
        let run = run(command, &runtime).await;
        serving.shutdown().await;
        run
    }
}

fn add_cold(figures: &mut Figures, function: &str, cold: &[Run]) {
    let start = median(cold.iter().map(|run| run.start));
    figures.add(format!("{function}: start to asking for an event"), milliseconds(start), "ms");
    let first = median(cold.iter().map(|run| run.first));
    figures.add(format!("{function}: start to first answer"), milliseconds(first), "ms");
    if let Some(times) = cold.iter().map(|run| run.processor).collect::<Option<Vec<_>>>() {
        let what = format!("{function}: processor for that");
        figures.add(what, milliseconds(median(times.into_iter())), "ms");
    }
}

fn add_warm(figures: &mut Figures, function: &str, cold: &[Run], warm: &Run) {
    let own = median(warm.warm.iter().copied());
    figures.add(format!("{function}: each event, warm, besides AWS"), milliseconds(own), "ms");
    let once = cold.iter().map(|run| run.processor).collect::<Option<Vec<_>>>();
    if let Some((once, all)) = once.zip(warm.processor) {
        let each = all.saturating_sub(median(once.into_iter())) / WARM as u32;
        let what = format!("{function}: processor for each event, warm");
        figures.add(what, milliseconds(each), "ms");
    }
    if let Some(memory) = warm.memory {
        figures.add(format!("{function}: peak memory"), megabytes(memory), "MB");
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn megabytes(bytes: f64) -> f64 {
    bytes / 1e6
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_takes_long_changes_no_median() {
        let times = [3, 1, 900, 2, 4].map(Duration::from_millis);
        assert_eq!(median(times.into_iter()), Duration::from_millis(3));
        assert_eq!(median([].into_iter()), Duration::ZERO);
    }

    #[tokio::test]
    async fn what_cannot_be_started_is_named() {
        let runtime = RuntimeApi::start("{}".into(), 1, Default::default()).await.unwrap();
        let refused = run(Command::new("/nowhere"), &runtime).await.unwrap_err().to_string();
        assert!(refused.starts_with("start") && refused.contains("/nowhere"), "{refused}");
    }
}
