//! The fault search from the command line.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use simulation::search::{Enough, explain, search};
use simulation::{Sabotage, Violation, sweep};

/// Searches for a schedule of faults that Vend does not survive.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays schedules, reports what they met, and explains the first that fails.
    Search {
        /// How long, in minutes.
        #[arg(long, default_value_t = 1.0)]
        minutes: f64,
        /// The first seed.
        #[arg(long, default_value_t = 1)]
        first: u64,
    },
    /// Fails at every call and repeats and loses every delivery of one run.
    Sweep,
    /// Breaks Vend in every known way, and counts the schedules until each is noticed.
    Sabotage {
        /// Schedules at most for each.
        #[arg(long, default_value_t = 1_000)]
        most: u64,
        /// Only this one, by its name as this command prints it.
        #[arg(long)]
        only: Option<String>,
    },
    /// Plays the schedule of one seed, with a trace; one that fails is shortened first.
    Replay {
        /// The seed.
        seed: u64,
        /// The way in which Vend is broken, by its name as `sabotage` prints it.
        #[arg(long)]
        sabotage: Option<String>,
    },
}

fn main() -> ExitCode {
    let good = match Arguments::parse().command {
        Command::Search { minutes, first } => run_search(minutes, first),
        Command::Sweep => run_sweeps(),
        Command::Sabotage { most, only } => run_sabotages(most, only.as_deref()),
        Command::Replay { seed, sabotage } => {
            let named = |it: &Sabotage| Some(format!("{it:?}")) == sabotage;
            let (text, held) = explain(seed, Sabotage::ALL.into_iter().find(named));
            println!("{text}");
            held
        }
    };
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_search(minutes: f64, first: u64) -> bool {
    let time = Duration::from_secs_f64(minutes * 60.0);
    let found = search(first, Enough::Time(time), None, threads());
    println!("{}", found.coverage.report());
    let (schedules, rate, failed) = (found.schedules, found.rate(), found.failures.len());
    let took = found.took.as_secs_f64();
    println!("{schedules} schedules in {took:.1} s, {rate:.0} per second, {failed} failed");
    for (seed, violation) in &found.failures {
        println!("seed {seed}: {violation}");
    }
    if let Some((seed, _)) = found.failures.first() {
        println!("\n{}", explain(*seed, None).0);
    }
    found.failures.is_empty()
}

fn run_sweeps() -> bool {
    let sweeps = [("call", sweep::every_call()), ("delivery", sweep::every_delivery())];
    sweeps.into_iter().map(|(what, swept)| report_sweep(what, swept)).fold(true, |all, it| all & it)
}

fn report_sweep(what: &str, swept: Result<sweep::Swept, Violation>) -> bool {
    match swept {
        Ok(swept) => {
            println!("every {what}: {} runs, {} went astray", swept.runs, swept.strays.len());
            swept.strays.iter().for_each(|stray| println!("  {stray}"));
            swept.strays.is_empty()
        }
        Err(violation) => {
            println!("every {what}: the undisturbed run fails: {violation}");
            false
        }
    }
}

fn run_sabotages(most: u64, only: Option<&str>) -> bool {
    let mut all = true;
    let chosen = |it: &Sabotage| only.is_none_or(|only| format!("{it:?}") == only);
    for sabotage in Sabotage::ALL.into_iter().filter(chosen) {
        match simulation::search::notices(sabotage, most) {
            Some((seed, violation)) => println!("{sabotage:?}: seed {seed}: {violation}"),
            None => {
                all = false;
                println!("{sabotage:?}: not noticed by {most} schedules");
            }
        }
    }
    all
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
