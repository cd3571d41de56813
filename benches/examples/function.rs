//! Measures binaries of the functions that were built otherwise than they are deployed, and
//! the function of Python with a Python of one's own:
//! `cargo run --release -p benches --example function -- handover=target/…/handover python=…`.

use std::path::Path;

use anyhow::Context;
use benches::functions::{measure_executable, measure_python};
use benches::{Figures, table};

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    for given in std::env::args().skip(1) {
        let (function, path) = given.split_once('=').context("say FUNCTION=PATH")?;
        let mut figures = Figures::of("functions");
        let path = Path::new(path);
        match function {
            "python" => runtime.block_on(measure_python(&mut figures, path))?,
            _ => runtime.block_on(measure_executable(&mut figures, function, path))?,
        }
        println!("{}\n{}", path.display(), table(&figures.into_all()));
    }
    Ok(())
}
