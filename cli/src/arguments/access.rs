//! The command lines of `vend access`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Connection;

/// The exit codes of an audit.
const AUDIT_EXIT_CODES: &str = "Exit codes:\n  0    what is there is what was granted\n  1    something is missing, or there besides\n  2    the command line was wrong\n  3    it could not be carried out\n  130  stopped with Ctrl-C";

/// The exit codes of giving access.
const APPLY_EXIT_CODES: &str = "Exit codes:\n  0    all of it is there, or the plan was printed\n  1    something could not be given\n  2    the file was refused, or the command line was wrong\n  3    it could not be carried out\n  130  stopped with Ctrl-C: what was asked for goes on";

/// The commands of `vend access`.
#[derive(Debug, Clone, Subcommand)]
pub enum AccessCommand {
    /// Say who can reach what and through what, and how that differs from what Vend granted.
    Audit(AuditArguments),
    /// Give accounts that exist the access of a list; what others gave is never taken away.
    Apply(GiveArguments),
}

/// The arguments of `vend access audit`.
#[derive(Debug, Clone, Args)]
#[command(after_help = AUDIT_EXIT_CODES)]
pub struct AuditArguments {
    /// Only this account; may be given several times, as may the others.
    #[arg(long, value_name = "ID|NAME")]
    pub account: Vec<String>,

    /// Only what this group holds.
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,

    /// Only what this user reaches, through groups as well.
    #[arg(long, value_name = "NAME")]
    pub user: Vec<String>,

    /// Only this permission set.
    #[arg(long, value_name = "NAME")]
    pub permission_set: Vec<String>,

    /// Tell of the people in each group instead of the group.
    #[arg(long)]
    pub people: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print a CSV instead.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend access apply`.
#[derive(Debug, Clone, Args)]
#[command(after_help = APPLY_EXIT_CODES)]
pub struct GiveArguments {
    /// The list: a CSV file with the columns AccountId or AccountName, and Assignments or
    /// Portfolios.
    pub file: PathBuf,

    /// Do it; without this only the plan is printed.
    #[arg(long)]
    pub apply: bool,

    /// Take rows for the management account, too.
    #[arg(long)]
    pub management_account: bool,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}
