//! `vend submit`: checks a list, shows what it would do, uploads it, and follows its batch.

mod ask;
mod refused;
mod upload;

use anyhow::Result;
use serde_json::json;

use crate::check::list::List;
use crate::plan::{self, Outlook, Verdict};
use crate::stack::Stack;
use crate::status;
use crate::terminal::{self, line};
use crate::{Exit, SubmitArguments};
use upload::{Upload, key_of};

/// Runs the command.
///
/// # Errors
/// When the file cannot be read, nobody said that it be uploaded, AWS does not answer, or
/// intake does not take it.
pub(crate) async fn run(stack: &Stack, arguments: &SubmitArguments) -> Result<Exit> {
    let file = &arguments.file;
    let key = key_of(file, arguments.key.as_deref())?;
    let list = match List::read(file).await? {
        Ok(list) => list,
        Err(fault) => return plan::refusal(file, fault, arguments.json),
    };
    let outlook = Outlook::look(stack, &list.sheet).await?;
    if !arguments.json {
        plan::print(file, &outlook);
        line("");
    }
    if let Some(exit) = ended(arguments, &outlook)? {
        return Ok(exit);
    }
    if !arguments.yes && !ask::upload(stack.bucket()?, &key).await? {
        line("Nothing was uploaded.");
        // As with Ctrl-C: the person stopped it.
        return Ok(Exit::Interrupted);
    }
    let upload = upload::upload(stack, key, list.bytes).await?;
    if arguments.detach {
        return detach(arguments, &outlook, &upload);
    }
    follow(stack, arguments, &upload).await
}

/// How it ends where there is nothing to upload.
fn ended(arguments: &SubmitArguments, outlook: &Outlook) -> Result<Option<Exit>> {
    let (words, exit) = match outlook.verdict() {
        Verdict::Refused => ("Nothing was uploaded.", Exit::Refused),
        Verdict::WithoutFaultyRows | Verdict::Taken if outlook.changes_nothing() => {
            ("Nothing was uploaded: no row would change anything.", outlook.verdict().exit())
        }
        Verdict::WithoutFaultyRows | Verdict::Taken => return Ok(None),
    };
    match arguments.json {
        true => terminal::json(&json!({
            "uploaded": null,
            "plan": plan::document(&arguments.file, outlook),
        }))?,
        false => line(words),
    }
    Ok(Some(exit))
}

fn detach(arguments: &SubmitArguments, outlook: &Outlook, upload: &Upload) -> Result<Exit> {
    match arguments.json {
        true => terminal::json(&json!({
            "uploaded": upload.document(),
            "plan": plan::document(&arguments.file, outlook),
        }))?,
        false => {
            line(upload.words());
            line(format!("To follow it: vend status {} --watch", upload.batch));
        }
    }
    Ok(outlook.verdict().exit())
}

async fn follow(stack: &Stack, arguments: &SubmitArguments, upload: &Upload) -> Result<Exit> {
    if !arguments.json {
        line(upload.words());
    }
    let exit = status::follow(stack, &upload.batch, arguments.json).await?;
    let refused = match exit {
        Exit::Interrupted => 0,
        Exit::AllReady | Exit::SomeFailed | Exit::Refused | Exit::CouldNotRun => {
            refused::tell(stack, upload, arguments.json).await?
        }
    };
    Ok(if exit == Exit::AllReady && refused > 0 { Exit::SomeFailed } else { exit })
}
