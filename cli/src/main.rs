//! `vend`, the operator's entry point.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    vend::run(vend::Arguments::parse())
}
