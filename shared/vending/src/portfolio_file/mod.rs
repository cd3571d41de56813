//! The portfolio file: which portfolio is shared with which organizational unit, and in
//! which accounts of it the configured principals may use it. A JSON, or a CSV whose header
//! names `PortfolioId`.
//!
//! Bytes are pushed in and values come out; what the organization holds is not known here.

mod check;
mod column;
mod csv;
mod json;
mod key;
mod reading;
mod refusal;
mod results;
mod upload;
mod value;
mod visitor;

use crate::file::{Fault, MOST_ROWS};

pub use check::{Sound, check};
pub use refusal::write_refused;
pub use results::write_results;
pub use upload::{UploadReader, Uploaded};

/// Faults of a file that are told; the rest is counted. Each row may have several, and a
/// hostile file millions.
pub const MOST_FAULTS: usize = 10_000;

/// A text of the file, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text, without white space around it.
    pub text: String,
    /// The line, from 1.
    pub line: u64,
    /// The column's name, or the way to it in a JSON: `$[0].PortID`.
    pub place: String,
}

impl Located {
    /// A fault of this text.
    #[must_use]
    pub fn fault(&self, problem: impl Into<String>, accepted: impl Into<String>) -> Fault {
        Fault::of_row(self.line, problem, accepted).at(&self.place).quoting(&self.text)
    }
}

/// One object of a JSON, or one row of a CSV, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedShare {
    /// The line that it begins on, from 1.
    pub line: u64,
    /// The way to it in a JSON: `$[0]`; empty in a CSV.
    pub place: String,
    /// The portfolio; `None` where that is missing or no text, which is a fault already.
    pub portfolio: Option<Located>,
    /// The organizational unit, likewise.
    pub unit: Option<Located>,
    /// The accounts; none asks for the share alone.
    pub accounts: Vec<Located>,
    /// Whether the unit must be named by its id alone.
    pub unit_by_id: bool,
}

/// A portfolio file that was read, with what is wrong with its form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioFile {
    /// What it asks for, in its order.
    pub shares: Vec<AskedShare>,
    /// The faults, in the order in which they were found.
    pub faults: Vec<Fault>,
}

impl PortfolioFile {
    /// A file of which nothing but that can be said.
    #[must_use]
    pub fn unreadable(fault: Fault) -> Self {
        Self { shares: Vec::new(), faults: vec![fault] }
    }

    /// Rows of the results file: one for each account, and for each share without any.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.shares.iter().map(|share| share.accounts.len().max(1)).sum()
    }
}

/// That there are more rows than a file may have.
fn too_many(line: u64) -> Fault {
    let problem = format!("the file asks for more than {MOST_ROWS} accounts and shares");
    Fault::of_row(line, problem, "a smaller file; split it and upload the parts")
}

/// Keeps no more than [`MOST_FAULTS`], and says so.
fn bounded(mut faults: Vec<Fault>) -> Vec<Fault> {
    let more = faults.len().saturating_sub(MOST_FAULTS);
    if more > 0 {
        faults.truncate(MOST_FAULTS);
        let problem = format!("there are {more} faults more, or many more");
        faults.push(Fault::of_file(problem, "a file without those that are told"));
    }
    faults.sort();
    faults.dedup();
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_a_row_and_so_is_a_share_without_any() {
        let id = Located { text: "111122223333".to_owned(), line: 2, place: String::new() };
        let share = |accounts: usize| AskedShare {
            line: 2,
            place: String::new(),
            portfolio: None,
            unit: None,
            accounts: vec![id.clone(); accounts],
            unit_by_id: false,
        };
        let file = PortfolioFile { shares: vec![share(0), share(3), share(1)], faults: vec![] };
        assert_eq!(file.rows(), 5);
    }

    #[test]
    fn no_more_faults_are_kept_than_anybody_reads() {
        let faults = |many: u64| (1..=many).map(|line| Fault::of_row(line, "is odd", "even"));
        let most = MOST_FAULTS as u64;
        assert_eq!(bounded(faults(most).collect()).len(), MOST_FAULTS);
        let more = bounded(faults(most + 2).collect());
        assert_eq!(more.len(), MOST_FAULTS + 1);
        assert!(more[0].to_string().contains("there are 2 faults more"), "{}", more[0]);
    }
}
