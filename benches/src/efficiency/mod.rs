//! How long a list takes over what it takes Control Tower anyway, in virtual time.
//!
//! The real use cases, woken as the deployed functions are and over calls that take as long
//! as AWS's, on the ports of the landing zone's model. The least time is what a schedule
//! without a gap takes: `accounts / width` rounds, or, where launches take differently long
//! or others have some of Control Tower's slots, the next launch at the very moment at which
//! there is room for it. Until "made" counts when the last account is known to be made; how
//! long its access takes after that is Identity Center's, and a figure of its own.

mod bell;
mod busy;
mod deliveries;
mod functions;
mod ideal;
mod latency;
mod scenario;
mod world;

pub use busy::others;
pub use scenario::{Run, Scenario};

use crate::Figures;

/// Accounts and accounts at a time.
const SIZES: [(usize, usize); 9] = [
    (10, 1),
    (10, 5),
    (10, 10),
    (100, 1),
    (100, 5),
    (100, 10),
    (1_000, 1),
    (1_000, 5),
    (1_000, 10),
];

/// Undisturbed, at most.
pub const UNDISTURBED: f64 = 1.01;
/// With one event in twenty lost, at most.
pub const EVENTS_LOST: f64 = 1.05;
/// With others who have some of Control Tower's slots, at most, over what is left by them.
pub const BUSY: f64 = 1.05;

/// Measures the group.
///
/// # Errors
/// When a run does not come to its end.
pub fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    for (accounts, width) in SIZES {
        undisturbed(figures, accounts, width)?;
    }
    for width in [1, 5, 10] {
        let run = Scenario { minutes: (20, 35), ..Scenario::undisturbed(100, width) }.run()?;
        let what = format!("100 accounts of 20 to 35 minutes, {width} at a time");
        figures.hold(what, run.ratio_made(), "", UNDISTURBED);
        let asked = format!("asked after each of 20 to 35 minutes, {width} at a time");
        figures.add(asked, run.asked_after(), "calls");
    }
    for (accounts, width) in SIZES {
        events_lost(figures, accounts, width)?;
    }
    for (accounts, width, people) in [(10, 5, 3), (100, 5, 3), (100, 10, 5)] {
        for told in [true, false] {
            busy(figures, accounts, width, (people, told))?;
        }
    }
    Ok(())
}

fn undisturbed(figures: &mut Figures, accounts: usize, width: usize) -> anyhow::Result<()> {
    let run = Scenario::undisturbed(accounts, width).run()?;
    let what = format!("{accounts} accounts, {width} at a time");
    figures.hold(what.clone(), run.ratio_made(), "", UNDISTURBED);
    let after = (run.ready - run.made).as_seconds_f64();
    figures.add(format!("{what}: READY after the last is made"), after, "s");
    figures.add(format!("{what}: asked after each"), run.asked_after(), "calls");
    Ok(())
}

fn events_lost(figures: &mut Figures, accounts: usize, width: usize) -> anyhow::Result<()> {
    // The fewer accounts, the more it depends on which event is lost and when the minute is.
    let seeds = 200_u64.div_ceil(u64::try_from(accounts)?);
    let base = Scenario::undisturbed(accounts, width);
    let ratios =
        ratios(seeds, |seed| Scenario { lost: base.one_in_twenty(), seed, ..base.clone() })?;
    let what = format!("{accounts} accounts, {width} at a time, one event in twenty lost");
    figures.hold(what.clone(), mean(&ratios), "", EVENTS_LOST);
    figures.add(format!("{what}: worst of {seeds}"), worst(&ratios), "");
    Ok(())
}

/// With so many people beside Vend, whose ends Control Tower tells or not.
fn busy(
    figures: &mut Figures,
    accounts: usize,
    width: usize,
    (people, told): (usize, bool),
) -> anyhow::Result<()> {
    let seeds = 10;
    let base = Scenario::undisturbed(accounts, width);
    let ratios = ratios(seeds, |seed| base.clone().beside(people, told, seed))?;
    let silent = if told { "" } else { " silently" };
    let what = format!("{accounts} accounts, {width} at a time, {people} others{silent}");
    figures.hold(what.clone(), mean(&ratios), "", BUSY);
    figures.add(format!("{what}: worst of {seeds}"), worst(&ratios), "");
    Ok(())
}

/// How much longer making the accounts took than it had to, for each seed.
///
/// # Errors
/// When a run does not come to its end.
pub fn ratios(seeds: u64, scenario: impl Fn(u64) -> Scenario) -> anyhow::Result<Vec<f64>> {
    (0..seeds).map(|seed| Ok(scenario(seed).run()?.ratio_made())).collect()
}

/// The mean of ratios.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a few dozen")]
pub fn mean(ratios: &[f64]) -> f64 {
    ratios.iter().sum::<f64>() / ratios.len() as f64
}

fn worst(ratios: &[f64]) -> f64 {
    ratios.iter().copied().fold(0.0, f64::max)
}
