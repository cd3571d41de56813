//! Whether anything grows faster than what is asked for: long lists, many lists, an old
//! ledger, a large organization.

pub mod aged;
pub mod files;
pub mod list;
mod local;
pub mod operator;
pub mod organization;
pub mod rig;
mod turns;

use anyhow::Result;

use crate::Figures;

/// Measures all of it.
///
/// # Errors
/// When something cannot be run, or does not end well.
pub fn measure(figures: &mut Figures) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(old_rows(figures, OLD))?;
    runtime.block_on(operator::measure(figures))?;
    runtime.block_on(files::measure(figures))?;
    runtime.block_on(organization::measure(figures))?;
    local::measure(figures)
}

/// Old rows in the ledger, and rows that are asked for beside them.
const OLD: usize = 100_000;
const NEW: usize = 50;

/// Longer in a ledger of so many old rows: nothing that walks through them is that fast.
const MOST_LONGER: f64 = 1.5;

/// Measures what a list takes beside `old` rows, over what it takes beside none.
///
/// # Errors
/// When it cannot be run.
pub async fn old_rows(figures: &mut Figures, old: usize) -> Result<()> {
    let (none, took_with_none) = run_beside(0).await?;
    let (many, took_with_many) = run_beside(old).await?;
    let sum = |counts: &local_cloud::Calls| counts.values().sum::<u64>() as f64;
    let ratio = |of: fn(&rig::Took) -> &local_cloud::Calls| sum(of(&many)) / sum(of(&none));
    figures.add(format!("{NEW} rows beside {old} old ones"), took_with_many, "s");
    let longer = took_with_many / took_with_none;
    figures.hold(format!("time, {old} old rows over none"), longer, "", MOST_LONGER);
    figures.hold(format!("calls, {old} old rows over none"), ratio(|it| &it.calls), "", 1.0);
    figures.hold(format!("items read, {old} old rows over none"), ratio(|it| &it.reads), "", 1.0);
    let invoked = |took: &rig::Took| took.invocations.values().sum::<u64>() as f64;
    let more = invoked(&many) / invoked(&none);
    figures.hold(format!("invocations, {old} old rows over none"), more, "", 1.0);
    Ok(())
}

/// What a list takes beside so many old rows, and its seconds.
async fn run_beside(old: usize) -> Result<(rig::Took, f64)> {
    let mut rig = rig::Rig::open(&["--max-in-flight", "5"]).await?;
    let patterns = aged::Patterns::make(&mut rig).await?;
    patterns.age(&rig.stage, old)?;
    rig.drop_list("new.csv", list::list("new", NEW)).await?;
    let started = std::time::Instant::now();
    let took = rig.finish().await?;
    Ok((took, started.elapsed().as_secs_f64()))
}
