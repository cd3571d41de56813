//! What Vend takes: time over what the landing zone takes anyway, calls, bytes, dollars.
//!
//! Each group of figures measures one thing; what a figure must not go beyond stands beside
//! it. Figures that are counts or passed in virtual time are held to their bounds by tests,
//! too; those of the wall clock are for a person to read.

pub mod calls;
mod chart;
pub mod cost;
pub mod efficiency;
mod figure;
pub mod functions;
pub mod intake;
pub mod scale;
mod table;
pub mod time;

pub use chart::{ChartError, draw};
pub use figure::{Figure, Figures};
pub use table::table;
