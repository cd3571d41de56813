//! Everything up to the decision about a list: what it is checked against is read, and
//! nothing is changed. `intake` decides by it, and `vend check` and `vend plan` tell it, so
//! that they never differ.

use super::facts::{self, Organization};
use super::names;
use super::plan::{Asking, PlannedRow, plan};
use crate::Error;
use crate::file::{AskedNames, Checked, Fault, Sheet, check};
use crate::ports::{
    AccessDefaults, AccountFactory, Assignments, Directory, Ledger, PortfolioSharing,
};

/// The world as preparing needs it; nothing in it is changed.
#[derive(Clone, Copy)]
pub struct Preparing<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// Account Factory, for the units that accounts can go to.
    pub factory: &'a dyn AccountFactory,
    /// The organization's accounts.
    pub directory: &'a dyn Directory,
    /// Account assignments, to see that the names of access exist.
    pub assignments: &'a dyn Assignments,
    /// Portfolios, likewise.
    pub portfolios: &'a dyn PortfolioSharing,
    /// What every new account is given.
    pub defaults: &'a AccessDefaults,
}

/// What a list would do, row by row, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The rows that are acceptable by themselves, in the file's order.
    pub rows: Vec<PlannedRow>,
    /// Every fault, sorted by line, then column.
    pub faults: Vec<Fault>,
    /// The lines of the rows that are sound by themselves, but conflict with what the ledger or
    /// the organization holds.
    pub conflicts: Vec<u64>,
    /// What the rows were checked against; `None` when nothing can be launched at all, and
    /// that is the only fault told.
    pub(super) organization: Option<Organization>,
}

impl Prepared {
    /// Whether anything of the list is taken: of one with faults only where
    /// `accept_valid_rows` says so, and it has rows without any.
    #[must_use]
    pub fn is_acceptable(&self, accept_valid_rows: bool) -> bool {
        let valid = accept_valid_rows && !self.rows.is_empty();
        self.organization.is_some() && (self.faults.is_empty() || valid)
    }

    /// How many accounts the organization has; `None` when that was not asked.
    #[must_use]
    pub fn accounts(&self) -> Option<usize> {
        self.organization.as_ref().map(|organization| organization.accounts.len())
    }

    /// That nothing can be launched at all, for `faults` that are no row's.
    #[must_use]
    pub fn refused(faults: Vec<Fault>) -> Self {
        Self { rows: Vec::new(), faults, conflicts: Vec::new(), organization: None }
    }
}

/// Checks the list against everything, and plans its rows. Changes nothing.
///
/// # Errors
/// When a dependency does not answer.
pub async fn prepare(
    world: &Preparing<'_>,
    asking: &Asking,
    sheet: &Sheet,
) -> Result<Prepared, Error> {
    let organization = match facts::organization(world).await? {
        Ok(organization) => organization,
        Err(faults) => return Ok(Prepared::refused(faults)),
    };
    let names = AskedNames::of(sheet);
    if let Some(fault) = names::too_many(&names) {
        return Ok(Prepared::refused(vec![fault]));
    }
    let unknown = names::unknown(world, &names).await?;
    let Checked { requests, mut faults } = check(sheet, &organization.units, &unknown);
    let ledger = facts::ledger(world.ledger, &requests).await?;
    let (rows, more) = plan(asking, requests, &ledger, &organization.accounts);
    let conflicts = more.iter().filter_map(|fault| fault.line).collect();
    faults.extend(more);
    faults.sort();
    Ok(Prepared { rows, faults, conflicts, organization: Some(organization) })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::ingest::RowPlan;
    use crate::testing;

    #[test]
    fn a_list_with_faults_is_taken_only_where_its_other_rows_may_be() {
        let row = PlannedRow {
            line: 2,
            request: testing::request("alpha"),
            before: None,
            plan: RowPlan::Queue,
        };
        let organization = Organization { units: Vec::new(), accounts: HashMap::new() };
        let prepared = |rows: &[PlannedRow], faults: usize, known: bool| Prepared {
            rows: rows.to_vec(),
            faults: vec![Fault::of_row(3, "is odd", "even"); faults],
            conflicts: Vec::new(),
            organization: Some(organization.clone()).filter(|_| known),
        };
        let taken = |it: &Prepared| [false, true].map(|valid| it.is_acceptable(valid));
        let rows = [row];
        assert_eq!(taken(&prepared(&rows, 0, true)), [true, true]);
        assert_eq!(taken(&prepared(&rows, 1, true)), [false, true]);
        assert_eq!(taken(&prepared(&[], 1, true)), [false, false]);
        assert_eq!(taken(&prepared(&rows, 0, false)), [false, false]);
        assert_eq!(prepared(&rows, 0, true).accounts(), Some(0));
        assert_eq!(Prepared::refused(Vec::new()).accounts(), None);
    }
}
