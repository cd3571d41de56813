//! What `vend` does: read the command line, call the same use cases as the
//! functions, and say what came of it.

mod arguments;
mod exit;
pub mod local;
mod output;

use std::process::ExitCode;

pub use arguments::{Arguments, Command, LocalArguments, Speed};
pub use exit::Exit;

/// Runs the command; what went wrong is on standard error, with its causes and a hint.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("start the runtime")),
    };
    let result = match arguments.command {
        Command::Local(arguments) => runtime.block_on(local::run(&arguments)),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    output::error(error);
    Exit::CouldNotRun.into()
}
