//! The command line.

mod access;
mod connection;
mod local;
mod operator;
mod permission_sets;

use clap::{Parser, Subcommand};

pub use access::{AccessCommand, AuditArguments, GiveArguments};
pub use connection::Connection;
pub use local::{LocalArguments, Speed};
pub use operator::{
    ApplyArguments, CheckArguments, CompletionsArguments, DoctorArguments, EntriesArguments,
    ManArguments, PauseArguments, PlanArguments, ReportArguments, ShowArguments, StatusArguments,
    SubmitArguments,
};
pub use permission_sets::{
    PermissionSetsApplyArguments, PermissionSetsCommand, PermissionSetsPlanArguments,
};

/// The exit codes, as every command's help tells them.
const EXIT_CODES: &str = "Exit codes:\n  0    done, and all is well\n  1    done, and something needs a person: an account FAILED, a row was refused, a check is broken\n  2    the file was refused, or the command line was wrong\n  3    it could not be carried out\n  130  stopped with Ctrl-C";

/// From an account list to ready AWS accounts.
#[derive(Debug, Clone, Parser)]
#[command(name = "vend", version, about, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Run an account list through the whole of Vend on this machine, against a
    /// simulated landing zone.
    Local(Box<LocalArguments>),
    /// See whether everything that Vend stands on is as it must be, before a batch.
    Doctor(DoctorArguments),
    /// Check an account list, exactly as an upload would; nothing is uploaded.
    Check(CheckArguments),
    /// Say what an upload of an account list would do to each row, and how long it would take.
    Plan(PlanArguments),
    /// Check an account list, show the plan, upload the list and follow its batch.
    Submit(SubmitArguments),
    /// Show how batches and accounts stand.
    Status(StatusArguments),
    /// Tell the whole story of one account, and what to do next.
    Show(ShowArguments),
    /// Try FAILED accounts again, with the values that are there.
    Retry(EntriesArguments),
    /// Take QUEUED accounts off the queue.
    Cancel(EntriesArguments),
    /// Launch no more accounts; what is under way is finished.
    Pause(PauseArguments),
    /// Launch again after a pause.
    Resume(ApplyArguments),
    /// Ask Service Catalog about every account under way, and catch up with it.
    Reconcile(ApplyArguments),
    /// Write a page about a batch that can be sent to anybody.
    Report(ReportArguments),
    /// See who can reach what, and give accounts that exist access.
    #[command(subcommand)]
    Access(AccessCommand),
    /// Bring about permission sets that are declared in a file.
    #[command(subcommand)]
    PermissionSets(PermissionSetsCommand),
    /// Print the completions of a shell.
    Completions(CompletionsArguments),
    /// Write the manual pages.
    Man(ManArguments),
}
