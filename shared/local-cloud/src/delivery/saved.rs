//! What the delivery keeps between runs: how far it has come with every source,
//! and what is on its way. Written after each delivery, so that a run that is
//! cut off delivers that one again: at least once.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::DeliveryError;
use super::mapping::Place;
use super::queue::{Pending, Turn};
use super::undelivered::Undelivered;
use crate::clock::Moment;
use crate::lines::Lines;
use crate::state::replace_file;

/// The file for [`Saved`].
const PLACE: &str = "delivery.json";

/// The file for what was given up, one JSON line each.
const UNDELIVERED: &str = "undelivered.jsonl";

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
}

impl Saved {
    /// What the folder `state` keeps.
    pub(super) fn read(state: &Path) -> Result<Self, DeliveryError> {
        match std::fs::read(state.join(PLACE)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| failed(error.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Keeps it in the folder `state`.
    pub(super) fn write(&self, state: &Path) -> Result<(), DeliveryError> {
        let content = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        replace_file(&state.join(PLACE), &content).map_err(failed)
    }
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
