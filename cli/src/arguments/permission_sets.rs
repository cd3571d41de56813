//! The command lines of `vend permission-sets`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Connection;

/// The exit codes of both commands.
const EXIT_CODES: &str = "Exit codes:\n  0    every permission set is as declared, or the plan was printed\n  1    something could not be brought about\n  2    the file was refused, or the command line was wrong\n  3    it could not be carried out\n  130  stopped with Ctrl-C: the same command again carries on";

/// The commands of `vend permission-sets`.
#[derive(Debug, Clone, Subcommand)]
pub enum PermissionSetsCommand {
    /// Say what would become of each permission set that a file declares.
    Plan(PermissionSetsPlanArguments),
    /// Bring the permission sets of a file about, and into the accounts that hold them.
    Apply(PermissionSetsApplyArguments),
}

/// The arguments of `vend permission-sets plan`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct PermissionSetsPlanArguments {
    /// The declared permission sets: a TOML file.
    pub file: PathBuf,

    /// Which stack.
    #[command(flatten)]
    pub connection: Connection,

    /// Print one JSON document instead.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `vend permission-sets apply`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXIT_CODES)]
pub struct PermissionSetsApplyArguments {
    /// The declared permission sets: a TOML file.
    pub file: PathBuf,

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
