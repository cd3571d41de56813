//! How many accounts stood where, over time: the timeline of a batch of hundreds.

use maud::{Markup, html};
use vending::ledger::{Status, Timestamp};

use super::charts::{grid_here, legend, scale};
use crate::report::account::Account;
use crate::report::axis::Axis;
use crate::report::phase::PhaseKind;
use crate::report::summary::Report;
use crate::report::words::{number, short_moment};

/// Moments that are counted: one for each few pixels of a large screen.
const MOMENTS: i32 = 240;

/// The height of the drawing, in its own units.
const HEIGHT: f64 = 100.0;

/// What is stacked, from the bottom up, with its class and its name.
const LAYERS: [(&str, &str); 4] =
    [("done", "ready"), ("fail", "failed"), ("make", "under way"), ("queue", "waiting")];

/// How many accounts there are in each layer at one moment.
type Counted = [usize; LAYERS.len()];

/// The chart.
pub(super) fn figure(report: &Report, axis: &Axis) -> Markup {
    let counted: Vec<Counted> =
        (0..=MOMENTS).map(|part| count(&report.accounts, axis.moment(part, MOMENTS))).collect();
    let all = number(report.accounts.len());
    html! {
        figure.flow {
            (legend(LAYERS, []))
            (scale(axis))
            svg.area role="img" viewBox={ "0 0 " (MOMENTS) " " (HEIGHT) } preserveAspectRatio="none" {
                title { "How many of " (all) " accounts stood where, over time" }
                desc { (milestones(report)) }
                @for (layer, (class, _)) in LAYERS.iter().enumerate().rev() {
                    path class=(class) d=(outline(&counted, layer, report.accounts.len())) {}
                }
            }
            svg.over aria-hidden="true" { (grid_here()) }
            figcaption { "The whole height is all " (all) " accounts." }
        }
    }
}

/// The outline of everything up to and with `layer`; what is above it is drawn before.
fn outline(counted: &[Counted], layer: usize, all: usize) -> String {
    let mut path = format!("M0 {HEIGHT}");
    for (x, counts) in counted.iter().enumerate() {
        let below: usize = counts.iter().take(layer + 1).sum();
        let y = HEIGHT - HEIGHT * below as f64 / all.max(1) as f64;
        path.push_str(&format!("L{x} {}", (y * 10.0).round() / 10.0));
    }
    path.push_str(&format!("V{HEIGHT}z"));
    path
}

fn count(accounts: &[Account], at: Timestamp) -> Counted {
    let mut counted = Counted::default();
    for account in accounts {
        counted[layer(account, at)] += 1;
    }
    counted
}

/// The layer that `account` was in at the moment `at`.
fn layer(account: &Account, at: Timestamp) -> usize {
    if account.finished_at.is_some_and(|end| end <= at) {
        return usize::from(account.status != Status::Ready);
    }
    let phase = account.phases.iter().rev().find(|phase| phase.from <= at);
    match phase.map(|phase| phase.kind) {
        Some(PhaseKind::Stopped) => 1,
        Some(PhaseKind::Provisioning | PhaseKind::Configuring) => 2,
        Some(PhaseKind::Queued | PhaseKind::ToldToWait) | None => 3,
    }
}

/// By when how many were ready.
pub(super) fn milestones(report: &Report) -> String {
    let ready = report.accounts.iter().filter(|account| account.status == Status::Ready);
    let mut ends: Vec<Timestamp> = ready.filter_map(|account| account.finished_at).collect();
    ends.sort();
    let all = report.accounts.len();
    let parts = [(1, 4, "A quarter were ready"), (1, 2, "half"), (9, 10, "nine tenths")];
    let reached: Vec<String> = parts
        .into_iter()
        .filter_map(|(some, of, words)| {
            let nth = (all * some).div_ceil(of).checked_sub(1)?;
            Some(format!("{words} by {}", short_moment(*ends.get(nth)?)))
        })
        .collect();
    if reached.is_empty() { String::new() } else { format!("{}.", reached.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn every_account_is_counted_at_every_moment() {
        let report = samples::many(300);
        let axis = Axis::new(report.received_at, report.made_at);
        let counted = |part| count(&report.accounts, axis.moment(part, MOMENTS));
        assert_eq!(counted(0).iter().sum::<usize>(), 300);
        let ready: Vec<usize> = (0..=MOMENTS).map(|part| counted(part)[0]).collect();
        assert!(ready.is_sorted(), "none is ready and then not");
        let counts = report.counts;
        assert_eq!(
            counted(MOMENTS),
            [counts.ready, counts.failed, counts.under_way, counts.waiting]
        );
    }

    #[test]
    fn the_milestones_are_those_that_are_reached() {
        let said = milestones(&samples::many(300));
        assert!(said.starts_with("A quarter were ready by 21 Jan "), "{said}");
        assert!(said.contains("half by 22 Jan") && !said.contains("nine tenths"), "{said}");
        assert_eq!(milestones(&samples::report(&samples::batch("in/a.csv", 0), Vec::new(), 1)), "");
    }
}
