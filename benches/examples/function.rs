//! Measures binaries of the functions that were built otherwise than they are deployed:
//! `cargo run --release -p benches --example function -- handover=target/…/handover …`.

use std::path::Path;

use anyhow::Context;
use benches::functions::measure_executable;
use benches::{Figures, table};

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    for given in std::env::args().skip(1) {
        let (function, path) = given.split_once('=').context("say FUNCTION=PATH")?;
        let mut figures = Figures::of("functions");
        runtime.block_on(measure_executable(&mut figures, function, Path::new(path)))?;
        println!("{path}\n{}", table(&figures.into_all()));
    }
    Ok(())
}
