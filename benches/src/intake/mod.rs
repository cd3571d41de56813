//! Intake: from the bytes of a list to the ledger, the results file and the notice.
//!
//! Times are those of the processor in one thread, and medians: what else runs on the
//! machine matters little. Memory is counted by [`fuzz::Counting`], where that is the
//! program's allocator; without it every peak is 0.

pub mod lists;
mod memory;
mod milliseconds;
mod reading;
mod reporting;
mod wire;
pub mod world;
mod writes;

use crate::Figures;

pub use memory::{
    BLANK, GIANT, Held, LONG_LINES, MOST_FOR_NOTHING, MOST_FOR_ROWS, MOST_FOR_TOO_MANY, held,
    held_of, held_of_a_million_rows,
};
pub use wire::Wire;
pub use writes::{Writes, writes};

/// Measures all of it.
///
/// # Errors
/// When a list that is good is refused.
pub fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    reading::measure(figures)?;
    reporting::measure(figures)?;
    memory::measure(figures)?;
    writes::measure(figures)
}
