//! What an entry's history must be: a line for every write, the last one of where it stands.

use vending::ledger::{Entry, Happening};

use crate::schedule::MOST_OFF;
use crate::violation::{Checked, holds};

/// What ends an entry, READY or FAILED.
const ENDS: [&str; 5] = ["configured", "launch failed", "overdue", "access failed", "cancelled"];

/// Looks whether the history goes on by this write, and by nothing else.
///
/// # Errors
/// When it does not.
pub fn is_kept(before: Option<&Entry>, after: &Entry) -> Checked {
    if before == Some(after) {
        // Nothing was written but what is beside it.
        return Ok(());
    }
    let name = &after.request.name;
    let last = after.history.last();
    let so = last.is_some_and(|it| (it.status, it.attempt) == (after.status(), after.attempt));
    holds(so, || format!("{name} is {}, and its history ends with {last:?}", after.status()))?;
    let (had, has) = (before.map_or(0, events), events(after));
    holds(has == had + 1, || format!("{name} had {had} events in its history, and has {has}"))?;
    let most = Happening::FIRST_KEPT + 1 + Happening::LAST_KEPT;
    holds(after.history.len() <= most, || format!("the history of {name} is too long"))?;
    let back = after.history.windows(2).find(|pair| pair[1].at + MOST_OFF * 2 < pair[0].at);
    holds(back.is_none(), || format!("the history of {name} goes back in time: {back:?}"))
}

/// Events in the history of the entry, with those that are no longer kept.
fn events(entry: &Entry) -> u32 {
    entry.history.iter().map(|it| it.times).sum()
}

/// Looks whether the end that the entry has just come to is in its history.
///
/// # Errors
/// When it is not.
pub fn has_the_end(entry: &Entry) -> Checked {
    let last = entry.history.last().map(|it| it.event.as_str());
    holds(last.is_some_and(|event| ENDS.contains(&event)), || {
        format!("{} is {}, by {last:?}", entry.request.name, entry.status())
    })
}
