//! What `vend` does: read the command line, call the same use cases as the
//! functions, and say what came of it.

mod access;
mod arguments;
mod check;
mod doctor;
mod exit;
pub mod local;
mod operate;
mod output;
mod pages;
mod permission_sets;
mod plan;
mod report;
mod show;
mod stack;
mod status;
mod submit;
mod terminal;

use std::process::ExitCode;

use anyhow::Result;

pub use arguments::{
    AccessCommand, ApplyArguments, Arguments, AuditArguments, CheckArguments, Command,
    CompletionsArguments, Connection, DoctorArguments, EntriesArguments, GiveArguments,
    LocalArguments, ManArguments, PauseArguments, PermissionSetsApplyArguments,
    PermissionSetsCommand, PermissionSetsPlanArguments, PlanArguments, ReportArguments,
    ShowArguments, Speed, StatusArguments, SubmitArguments,
};
pub use exit::Exit;

use stack::Stack;

/// Runs the command; what went wrong is on standard error, with its causes and a hint.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("start the runtime")),
    };
    match runtime.block_on(carry_out(arguments.command)) {
        Ok(exit) => exit.into(),
        Err(error) => fail(&error),
    }
}

async fn carry_out(command: Command) -> Result<Exit> {
    let find = async |connection: &Connection| Stack::find(connection).await;
    match command {
        Command::Local(arguments) => local::run(&arguments).await,
        Command::Doctor(it) => doctor::run(&find(&it.connection).await?, &it).await,
        Command::Check(it) => check::run(&it).await,
        Command::Plan(it) => plan::run(&find(&it.connection).await?, &it).await,
        Command::Submit(it) => submit::run(&find(&it.connection).await?, &it).await,
        Command::Status(it) => status::run(&find(&it.connection).await?, &it).await,
        Command::Show(it) => show::run(&find(&it.connection).await?, &it).await,
        Command::Retry(it) => operate::retry(&find(&it.connection).await?, &it).await,
        Command::Cancel(it) => operate::cancel(&find(&it.connection).await?, &it).await,
        Command::Pause(it) => operate::pause(&find(&it.connection).await?, &it).await,
        Command::Resume(it) => operate::resume(&find(&it.connection).await?, &it).await,
        Command::Reconcile(it) => operate::reconcile(&find(&it.connection).await?, &it).await,
        Command::Report(it) => report::run(&find(&it.connection).await?, &it).await,
        Command::Access(it) => access::run(&it).await,
        Command::PermissionSets(it) => permission_sets::run(&it).await,
        Command::Completions(it) => pages::completions(&it),
        Command::Man(it) => pages::manual(&it),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    output::error(error);
    Exit::CouldNotRun.into()
}
