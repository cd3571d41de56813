//! `vend access`: who can reach what, and giving access to accounts that exist.

mod apply;
mod audit;
mod outcome;
mod planned;
mod table;
mod watch;

use anyhow::Result;

use crate::Exit;
use crate::arguments::AccessCommand;
use crate::stack::Stack;

/// Runs `vend access`.
///
/// # Errors
/// When there is no such stack, AWS does not answer, or what is named does not exist.
pub(crate) async fn run(command: &AccessCommand) -> Result<Exit> {
    match command {
        AccessCommand::Audit(it) => audit::run(&Stack::find(&it.connection).await?, it).await,
        AccessCommand::Apply(it) => apply::run(&Stack::find(&it.connection).await?, it).await,
    }
}
