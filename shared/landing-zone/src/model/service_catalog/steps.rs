//! Small moves that several happenings share.

use chrono::Duration;

use super::{Happening, RecordStatus};
use crate::Zone;
use crate::model;

impl Zone {
    /// Puts `happening` down for `wait` from now.
    pub(super) fn later(&mut self, wait: Duration, happening: Happening) {
        self.agenda.put(self.now + wait, model::Happening::ServiceCatalog(happening));
    }

    /// Moves a record to `status`.
    pub(super) fn set_record(&mut self, id: &str, status: RecordStatus) {
        if let Some(record) = self.service_catalog.records.get_mut(id) {
            record.status = status;
            record.updated = self.now;
        }
    }

    /// Ends a record in vain, for the reason `failure`.
    pub(super) fn fail_record(&mut self, id: &str, failure: &str) {
        self.set_record(id, RecordStatus::Failed);
        if let Some(record) = self.service_catalog.records.get_mut(id) {
            record.error = Some(failure.to_owned());
        }
    }
}
