//! `vend plan`: what an upload of a list would do to each row, and how long it would take.

mod document;
mod outlook;
mod pace;
mod print;
mod row;

use anyhow::Result;

use crate::check::list::List;
use crate::stack::Stack;
use crate::{Exit, PlanArguments};

pub(crate) use document::document;
pub(crate) use outlook::{Outlook, Verdict, prepared};
pub(crate) use print::{print, refusal};

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, or AWS does not answer.
pub(crate) async fn run(stack: &Stack, arguments: &PlanArguments) -> Result<Exit> {
    let file = &arguments.file;
    let list = match List::read(file).await? {
        Ok(list) => list,
        Err(fault) => return refusal(file, fault, arguments.json),
    };
    let outlook = Outlook::look(stack, &list.sheet).await?;
    match arguments.json {
        true => crate::terminal::json(&document(file, &outlook))?,
        false => print(file, &outlook),
    }
    Ok(outlook.verdict().exit())
}
