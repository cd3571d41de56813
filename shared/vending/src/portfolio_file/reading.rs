//! What is kept of a JSON while it is read, within bounds.

use std::cell::{Cell, RefCell};

use serde::de::Error;

use super::{AskedShare, MOST_FAULTS, PortfolioFile, too_many};
use crate::file::{Fault, MOST_ROWS};

/// A file as far as it was read.
pub(super) struct Reading<'l> {
    /// The line of what was read last, from 1.
    pub(super) line: &'l Cell<u64>,
    pub(super) shares: RefCell<Vec<AskedShare>>,
    pub(super) faults: RefCell<Vec<Fault>>,
    rows: Cell<usize>,
    stopped: Cell<bool>,
}

impl<'l> Reading<'l> {
    pub(super) fn new(line: &'l Cell<u64>) -> Self {
        let (shares, faults) = (RefCell::default(), RefCell::default());
        Self { line, shares, faults, rows: Cell::new(0), stopped: Cell::new(false) }
    }

    /// What was read, and whether it was ended early.
    pub(super) fn into_file(self) -> (PortfolioFile, bool) {
        let (shares, faults) = (self.shares.into_inner(), self.faults.into_inner());
        (PortfolioFile { shares, faults }, self.stopped.get())
    }

    pub(super) fn add(&self, fault: Fault) {
        let mut faults = self.faults.borrow_mut();
        // One more than are told shows that there are more.
        if faults.len() <= MOST_FAULTS {
            faults.push(fault);
        }
    }

    /// Counts one more account or object, and ends the reading when there are too many.
    pub(super) fn count<E: Error>(&self) -> Result<(), E> {
        self.rows.set(self.rows.get() + 1);
        // Each object and each account counts: twice as many as rows of the smallest file.
        if self.rows.get() <= 2 * MOST_ROWS {
            return Ok(());
        }
        Err(self.stop())
    }

    /// Ends the reading: there are too many rows.
    pub(super) fn stop<E: Error>(&self) -> E {
        self.stopped.set(true);
        self.add(too_many(self.line.get()));
        E::custom("too many")
    }
}
