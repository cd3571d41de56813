//! The command line of `vend local`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use landing_zone::model::service_catalog::Outcome;
use local_cloud::delivery::Pace;

/// The arguments of `vend local`.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit codes:\n  0    every account is READY\n  1    some account FAILED or waits for a person, or a row was refused\n  2    the file was refused (or the command line was wrong)\n  3    the run could not be carried out\n  130  stopped with Ctrl-C; with --state, the same command goes on"
)]
pub struct LocalArguments {
    /// The account list: a CSV file. May be left out with --serve.
    #[arg(required_unless_present = "serve")]
    pub file: Option<PathBuf>,

    /// Describes another landing zone than the built-in one (TOML; see samples/landing-zone.toml).
    #[arg(long, value_name = "FILE")]
    pub landing_zone: Option<PathBuf>,

    /// Virtual seconds for each real one, or "max". At 1000 an account takes about two seconds.
    #[arg(long, default_value = "1000")]
    pub speed: Speed,

    /// The seed of all chance: the same seed makes the same run.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Keep the state in this folder, and go on from what is there. Without it, each run starts anew.
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,

    /// Makes the launch or handover of the account NAME go wrong.
    #[arg(long, value_name = "NAME=KIND", value_parser = read_failure, long_help = failure_help())]
    pub fail: Vec<(String, Outcome)>,

    /// Runs through a cloud in which everything goes wrong that may: requests are throttled,
    /// fail, hang, are cut off or carried out twice; functions are killed; events are lost and
    /// repeated. It must end as a run in peace does.
    #[arg(long, value_name = "SEED", long_help = CHAOS_HELP)]
    pub chaos: Option<u64>,

    /// Lets the functions reach the cloud over real sockets. A hang is waited for then.
    #[arg(long, hide = true)]
    pub sockets: bool,

    /// Launches at a time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub max_in_flight: u8,

    /// Take the rows without a fault of a file that has some.
    #[arg(long)]
    pub accept_valid_rows: bool,

    /// Launch again after a pause that an earlier run in this state folder ended with.
    #[arg(long, requires = "state")]
    pub resume: bool,

    /// Print one JSON document instead of tables and progress.
    #[arg(long)]
    pub json: bool,

    /// Print how often each AWS operation was called, in all and for each account.
    #[arg(long)]
    pub stats: bool,

    /// Leave the endpoints up, on this loopback address, until Ctrl-C.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:4580")]
    pub serve: Option<SocketAddr>,

    /// Write the functions' logs to standard error.
    #[arg(long)]
    pub logs: bool,

    /// The moment the landing zone starts at, instead of now.
    #[arg(long, value_name = "MOMENT", hide = true)]
    pub start: Option<DateTime<Utc>>,
}

/// What `--chaos` does, and what can be relied on.
const CHAOS_HELP: &str = "Runs through a cloud in which everything goes wrong that may, decided by SEED: \
requests of the functions are throttled, answered with 500 or 503, never answered, cut off, or carried out \
twice, before or after they took effect; functions are killed in the middle; lifecycle events and ticks are \
lost; events come again. Whoever uploads is left alone, and so is the third try of intake: on AWS its event \
would go to a dead-letter queue next, for a person to send again.\n\n\
It must end as a run in peace does. In the end the ledger is compared with the landing zone, and what went \
wrong is counted. The same SEED, file and options make the same run: functions are invoked one after the \
other, and wait for nothing but the simulated cloud.";

/// How fast virtual time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// Virtual seconds for each real one.
    Factor(f64),
    /// As fast as it goes.
    Max,
}

impl std::str::FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "max" {
            return Ok(Self::Max);
        }
        match text.parse::<f64>() {
            Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(Self::Factor(factor)),
            _ => Err("a number above 0, or \"max\"".into()),
        }
    }
}

impl From<Speed> for Pace {
    fn from(speed: Speed) -> Self {
        match speed {
            Speed::Factor(factor) => Self::Factor(factor),
            Speed::Max => Self::Unpaced,
        }
    }
}

fn read_failure(text: &str) -> Result<(String, Outcome), String> {
    let (name, kind) = text.split_once('=').ok_or("NAME=KIND, such as alpha=quota")?;
    let outcome = kind.parse::<Outcome>().map_err(|error| error.to_string())?;
    Ok((name.to_owned(), outcome))
}

fn failure_help() -> String {
    let kinds: Vec<String> = Outcome::ALL
        .iter()
        .map(|kind| {
            let (name, meaning) = kind.help();
            format!("  {name:<16} {meaning}")
        })
        .collect();
    format!(
        "Makes the launch or handover of the account NAME go wrong. The kinds:\n{}",
        kinds.join("\n")
    )
}
