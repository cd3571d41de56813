//! How long a list takes over what it takes Control Tower anyway, in virtual time.
//!
//! The real use cases, woken as the deployed functions are and over calls that take as long
//! as AWS's, on the ports of the landing zone's model.

mod bell;
mod deliveries;
mod functions;
mod ideal;
mod latency;
mod scenario;
mod world;

pub use scenario::{Run, Scenario};

use crate::Figures;

/// Measures the group.
///
/// # Errors
/// When a run does not come to its end.
pub fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    for accounts in [10, 100, 1_000] {
        for width in [1, 5, 10] {
            let run = Scenario::undisturbed(accounts, width).run()?;
            figures.hold(
                format!("{accounts} accounts, {width} at a time: made"),
                run.ratio_made(),
                "",
                1.01,
            );
            figures.add(
                format!("{accounts} accounts, {width} at a time: READY"),
                run.ratio_ready(),
                "",
            );
        }
    }
    Ok(())
}
