//! The command lines of the operator's commands.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::{Connection, EXIT_CODES};

/// The arguments of `vend doctor`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct DoctorArguments {
    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend check`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct CheckArguments {
    /// The account list: a CSV file.
    pub file: PathBuf,

    /// Ask the landing zone and the ledger, too: which units there are, which e-mails and
    /// names are taken. Without it nothing is asked of AWS.
    #[arg(long)]
    pub online: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend plan`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct PlanArguments {
    /// The account list: a CSV file.
    pub file: PathBuf,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend submit`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct SubmitArguments {
    /// The account list: a CSV file.
    pub file: PathBuf,

    /// The object's key in the bucket; the file's name if not given.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,

    /// Upload without asking. Needed where there is nobody to ask: in a script or a pipe.
    #[arg(long, short)]
    pub yes: bool,

    /// Upload, and do not wait for the accounts.
    #[arg(long)]
    pub detach: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document at the end instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend status`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct StatusArguments {
    /// A batch or an account; every open batch if not given.
    #[arg(value_name = "BATCH|NAME")]
    pub subject: Option<String>,

    /// Go on showing until everything has ended, or Ctrl-C.
    #[arg(long, short)]
    pub watch: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead; with --watch, one line of JSON for each change.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend show`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ShowArguments {
    /// The account.
    pub name: String,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend retry` and `vend cancel`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct EntriesArguments {
    /// The accounts.
    #[arg(value_name = "NAME", required_unless_present = "batch", conflicts_with = "batch")]
    pub names: Vec<String>,

    /// Every account of this batch that it can be done with.
    #[arg(long)]
    pub batch: Option<String>,

    /// Do it; without this only the plan is printed.
    #[arg(long)]
    pub apply: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend pause`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct PauseArguments {
    /// Why: it is told to the admins.
    #[arg(long, value_name = "WHY", default_value = "no reason given")]
    pub reason: String,

    /// Do it; without this only the plan is printed.
    #[arg(long)]
    pub apply: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend resume` and `vend reconcile`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ApplyArguments {
    /// Do it; without this only the plan is printed.
    #[arg(long)]
    pub apply: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend report`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ReportArguments {
    /// The batch.
    pub batch: String,

    /// Where the page goes; BATCH.html if not given, standard output for "-".
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print what the page says as one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArguments {
    /// The shell.
    pub shell: Shell,
}

/// The arguments of `vend man`.
#[derive(Debug, Clone, Args)]
pub struct ManArguments {
    /// Write a page for every command into this folder; without it, the page of `vend` is printed.
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}
