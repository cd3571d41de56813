//! What a packager asks for: completions and manual pages, made of the command line itself.

use std::io::{Write, stdout};
use std::path::Path;

use anyhow::{Context, Result};
use clap::CommandFactory;

use crate::{Arguments, CompletionsArguments, Exit, ManArguments};

/// Prints the completions of a shell.
///
/// # Errors
/// When nobody takes them.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "vend", &mut script);
    stdout().write_all(&script).context("write the completions")?;
    Ok(Exit::AllReady)
}

/// Writes a page for every command into a folder, or prints the one of `vend`.
///
/// # Errors
/// When the folder cannot be written, or nobody takes the page.
pub(crate) fn manual(arguments: &ManArguments) -> Result<Exit> {
    match &arguments.folder {
        Some(folder) => write_pages(folder)?,
        None => {
            let page = clap_mangen::Man::new(Arguments::command());
            page.render(&mut stdout()).context("write the manual page")?;
        }
    }
    Ok(Exit::AllReady)
}

fn write_pages(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    clap_mangen::generate_to(Arguments::command(), folder)
        .with_context(|| format!("write the manual pages into {}", folder.display()))
}
