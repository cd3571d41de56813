//! What the delivery keeps between runs: how far it has come with every source,
//! and what is on its way. Written after each delivery, so that a run that is
//! cut off delivers that one again: at least once.
//!
//! Two files take turns, each written over what it held two deliveries ago. A kill in the middle
//! spoils one of them, and the other says how it was before. A file made anew each time, and
//! renamed, would leave an inode to be cleared a dozen times for each account.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::DeliveryError;
use super::mapping::Place;
use super::queue::{Pending, Turn};
use super::undelivered::Undelivered;
use crate::clock::Moment;
use crate::lines::Lines;

/// The files for [`Saved`].
const PLACES: [&str; 2] = ["delivery.0.json", "delivery.1.json"];

/// The file for what was given up, one JSON line each.
const UNDELIVERED: &str = "undelivered.jsonl";

/// What one of the files holds: whole where it ends with the number that it begins with, as a
/// write that was cut off leaves the end of an older one.
#[derive(Serialize, Deserialize)]
struct Written<S> {
    number: u64,
    saved: S,
    end: u64,
}

/// How far the delivery has come.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Saved {
    /// Events taken from the landing zone.
    pub(super) events: usize,
    /// Object versions looked at.
    pub(super) versions: usize,
    /// Scheduled events made.
    pub(super) ticks: u64,
    /// When each schedule is due next.
    pub(super) schedules: BTreeMap<String, Moment>,
    /// Where each stream mapping is.
    pub(super) mappings: BTreeMap<String, Place>,
    /// Events on their way.
    pub(super) queue: Vec<(Turn, Pending)>,
    /// How often it was written.
    #[serde(skip)]
    written: u64,
}

impl Saved {
    /// What the folder `state` keeps.
    pub(super) fn read(state: &Path) -> Result<Self, DeliveryError> {
        let [one, other] = PLACES.map(|place| read(&state.join(place)));
        let (one, other) = (one.map_err(failed)?, other.map_err(failed)?);
        let newest = one.into_iter().chain(other).max_by_key(|written| written.number);
        Ok(newest.map_or_else(Self::default, |Written { number, saved, .. }| Self {
            written: number,
            ..saved
        }))
    }

    /// Keeps it in the folder `state`.
    pub(super) fn write(&mut self, state: &Path) -> Result<(), DeliveryError> {
        self.written += 1;
        let number = self.written;
        let written = Written { number, saved: &*self, end: number };
        let content = serde_json::to_vec(&written).map_err(|error| failed(error.into()))?;
        let [even, odd] = PLACES;
        let place = if number.is_multiple_of(2) { even } else { odd };
        write_over(&state.join(place), &content).map_err(failed)
    }
}

/// What the file holds; `None` where there is none, or a write of it was cut off.
fn read(path: &Path) -> std::io::Result<Option<Written<Saved>>> {
    let content = match std::fs::read(path) {
        Ok(content) => content,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let written = serde_json::from_slice::<Written<Saved>>(&content).ok();
    Ok(written.filter(|written| written.number == written.end))
}

fn write_over(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)
}

/// What was given up in earlier runs.
pub(super) fn read_undelivered(state: &Path) -> Result<Vec<Undelivered>, DeliveryError> {
    let read = Lines::open(&state.join(UNDELIVERED)).and_then(|mut lines| lines.read());
    let lines = read.map_err(failed)?;
    lines.iter().map(|line| serde_json::from_slice(line).map_err(|it| failed(it.into()))).collect()
}

/// Keeps one more.
pub(super) fn add_undelivered(state: &Path, one: &Undelivered) -> Result<(), DeliveryError> {
    let line = serde_json::to_vec(one).map_err(|error| failed(error.into()))?;
    let lines = Lines::open(&state.join(UNDELIVERED));
    lines.and_then(|mut lines| lines.append(line)).map_err(failed)
}

fn failed(source: std::io::Error) -> DeliveryError {
    DeliveryError::State { source }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something that takes as many bytes as there are digits in it.
    fn saved(ticks: u64) -> Saved {
        Saved { ticks, ..Saved::default() }
    }

    #[test]
    fn the_newest_is_read_and_a_later_run_goes_on_from_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Saved::read(folder.path()).unwrap().ticks, 0);
        let mut first = saved(0);
        for ticks in [7, 1_000_000, 5] {
            first.ticks = ticks;
            first.write(folder.path()).unwrap();
            assert_eq!(Saved::read(folder.path()).unwrap().ticks, ticks);
        }
        let mut later = Saved::read(folder.path()).unwrap();
        for ticks in [6, 123] {
            later.ticks = ticks;
            later.write(folder.path()).unwrap();
            assert_eq!(Saved::read(folder.path()).unwrap().ticks, ticks);
        }
    }

    #[test]
    fn a_write_that_is_cut_off_at_any_byte_leaves_what_was_kept_before_or_is_whole() {
        for (before, now) in [(123_456, 7), (7, 123_456), (7, 8)] {
            let folder = tempfile::tempdir().unwrap();
            // The last but one has its place in the file that is written over.
            let mut kept = saved(before);
            kept.write(folder.path()).unwrap();
            kept.ticks = 99;
            kept.write(folder.path()).unwrap();
            let [_, place] = PLACES.map(|place| folder.path().join(place));
            let old = std::fs::read(&place).unwrap();
            kept.ticks = now;
            kept.write(folder.path()).unwrap();
            let new = std::fs::read(&place).unwrap();
            for length in 0..=new.len() {
                let mut torn = new.get(..length).unwrap().to_vec();
                torn.extend(old.get(length..).unwrap_or_default());
                std::fs::write(&place, &torn).unwrap();
                let ticks = Saved::read(folder.path()).unwrap().ticks;
                let expected = if torn == new { now } else { 99 };
                assert_eq!(ticks, expected, "{}", String::from_utf8_lossy(&torn));
            }
        }
    }

    #[test]
    fn a_first_write_that_was_cut_off_never_was() {
        let folder = tempfile::tempdir().unwrap();
        saved(5).write(folder.path()).unwrap();
        let [_, place] = PLACES.map(|place| folder.path().join(place));
        let whole = std::fs::read(&place).unwrap();
        std::fs::write(&place, whole.get(..whole.len() - 1).unwrap()).unwrap();
        assert_eq!(Saved::read(folder.path()).unwrap().ticks, 0);
    }
}
