//! Calls of AWS and invocations of functions: what an account causes, and what a minute does.
//!
//! The real functions and adapters run whole lists over the simulated cloud, and their ticks
//! stay with what is under way as they do where Vend is deployed.

mod floor;
mod old;
mod run;
mod split;

pub use floor::floor;
pub use run::{Asked, Ran, Rig, run};
pub use split::{ByOperation, LAMBDA, Split, by_operation, calls, count, invocations};

use anyhow::{Context, Result};

use crate::Figures;

/// What an account may call at most, over the floor.
pub const OVER_FLOOR: f64 = 1.5;

/// Launches at a time: Control Tower's quota, unless it was raised.
pub const WIDTH: u8 = 5;

/// How long an account takes: the shortest that the simulated landing zone knows.
pub const MINUTES: u8 = 20;

/// What intake may call at most for each row of a list of [`LONG_LIST`].
const EACH_ROW: f64 = 0.1;

/// Rows of the list that intake is measured with.
const LONG_LIST: usize = 1_000;

/// How many are launched at a time, in lists of so many accounts and of twice as many: those
/// that share nothing, and those that end together and want the same at once.
const AT_A_TIME: [(u8, usize); 4] = [(1, 1), (1, 10), (10, 5), (10, 50)];

/// Minutes of the idle hour.
const HOUR: i64 = 60;

/// What is called in each minute in which nothing is under way.
///
/// # Errors
/// When the run cannot go on.
pub async fn idle() -> Result<ByOperation> {
    let mut rig = Rig::new(WIDTH, MINUTES).await?;
    let mut all = by_operation(&rig.pass(HOUR).await?, false);
    all.values_mut().for_each(|number| *number /= 60.0);
    Ok(all)
}

/// Measures all of it.
///
/// # Errors
/// When a run does not come to its end.
pub fn measure(figures: &mut Figures) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    runtime.block_on(measure_all(figures))
}

async fn measure_all(figures: &mut Figures) -> Result<()> {
    for (width, rows) in AT_A_TIME {
        let each = calls(&Split::measure(rows, width, MINUTES).await?.account);
        let lists = format!("of {} accounts, {width} at a time", 2 * rows);
        figures.add(format!("of AWS for each {lists}"), each, "");
        let over = each / calls(&floor(width));
        figures.hold(format!("over the floor, {lists}"), over, "", OVER_FLOOR);
    }
    let floor = floor(WIDTH);
    let few = Split::measure(5, WIDTH, MINUTES).await?;
    for rows in [5, 50, LONG_LIST / 2] {
        let split = few.again(rows, WIDTH, MINUTES).await?;
        let over = calls(&split.account) / calls(&floor);
        figures.add(format!("of AWS for each of {} accounts", 2 * rows), calls(&split.account), "");
        figures.hold(format!("over the floor, of {}", 2 * rows), over, "", OVER_FLOOR);
        figures.add(
            format!("invocations for each of {}", 2 * rows),
            invocations(&split.account),
            "",
        );
        if 2 * rows == LONG_LIST {
            let each = calls(&split.list) / count(LONG_LIST);
            figures.hold("of intake for each row of 1,000", each, "", EACH_ROW);
            detail(figures, &split);
        }
    }
    let idle = idle().await?;
    figures.add("in an idle minute", calls(&idle), "");
    figures.add("invocations in an idle minute", invocations(&idle), "");
    Ok(())
}

fn detail(figures: &mut Figures, split: &Split) {
    for ((service, operation), number) in &split.account {
        figures.add(format!("{service} {operation} for each account"), *number, "");
    }
    for ((service, operation), number) in split.minute.iter().filter(|(_, number)| **number > 0.0) {
        figures.add(format!("{service} {operation} in a minute of launches"), *number, "");
    }
}
