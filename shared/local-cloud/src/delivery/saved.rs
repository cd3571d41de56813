//! What the delivery keeps between runs: how far it has come with every source,
//! and what is on its way. Written after each delivery, so that a run that is
//! cut off delivers that one again: at least once.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::DeliveryError;
use super::mapping::Place;
use super::queue::{Pending, Turn};
use super::undelivered::Undelivered;
use crate::clock::Moment;
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
    let text = match std::fs::read_to_string(state.join(UNDELIVERED)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let read = text.lines().map(|line| serde_json::from_str(line).map_err(|it| failed(it.into())));
    read.collect()
}

/// Keeps one more.
pub(super) fn add_undelivered(state: &Path, one: &Undelivered) -> Result<(), DeliveryError> {
    let mut line = serde_json::to_vec(one).map_err(|error| failed(error.into()))?;
    line.push(b'\n');
    let file = std::fs::OpenOptions::new().append(true).create(true).open(state.join(UNDELIVERED));
    file.and_then(|mut file| file.write_all(&line)).map_err(failed)
}

fn failed(source: std::io::Error) -> DeliveryError {
    DeliveryError::State { source }
}
