//! Measures all there is to measure, prints the table, and writes it as JSON and as a picture.
//!
//! `cargo bench -p benches --bench whole`, or with `-- GROUP…` for some of it.

use anyhow::Context;
use benches::{Figure, Figures, draw, table};

/// Counts what is held of memory; what that costs is lost in what is measured.
#[global_allocator]
static COUNTING: fuzz::Counting = fuzz::Counting;

/// How a group is measured.
type Measure = fn(&mut Figures) -> anyhow::Result<()>;

/// The groups, in the order of measuring.
const GROUPS: [(&str, Measure); 6] = [
    ("efficiency", benches::efficiency::measure),
    ("calls", benches::calls::measure),
    ("intake", benches::intake::measure),
    ("functions", benches::functions::measure),
    ("scale", benches::scale::measure),
    ("cost", benches::cost::measure),
];

fn main() -> anyhow::Result<()> {
    // Cargo adds `--bench` to what it is given.
    let chosen: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let mut all = Vec::new();
    for (name, measure) in GROUPS {
        if chosen.is_empty() || chosen.iter().any(|it| it == name) {
            let mut figures = Figures::of(name);
            measure(&mut figures).with_context(|| format!("measure {name}"))?;
            all.extend(figures.into_all());
        }
    }
    println!("{}", table(&all));
    write(&all)
}

/// Beside what was built: the folder `target` is no part of the project.
fn write(figures: &[Figure]) -> anyhow::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (document, picture) = (folder.join("figures.json"), folder.join("figures.svg"));
    std::fs::write(&document, serde_json::to_vec_pretty(figures)?)?;
    std::fs::write(&picture, draw(figures)?)?;
    println!("\n{}\n{}", document.display(), picture.display());
    Ok(())
}
