//! The columns of the CSV form.

use crate::file::{self, nearest};

/// A column of the CSV form, in the order of the results file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// The portfolio's id.
    Portfolio,
    /// The organizational unit.
    Unit,
    /// The account's id; a row without one only shares.
    Account,
    /// Filled in on the way out; ignored on the way in, as are those after it.
    Status,
    ErrorMsg,
    Outcome,
}

/// Columns of account lists alone: a header with one of them is one's of those.
const OF_ACCOUNT_LISTS: [file::Column; 5] = [
    file::Column::AccountName,
    file::Column::SSOUserEmail,
    file::Column::AccountEmail,
    file::Column::SSOUserFirstName,
    file::Column::SSOUserLastName,
];

impl Column {
    pub(super) const ALL: [Self; 6] =
        [Self::Portfolio, Self::Unit, Self::Account, Self::Status, Self::ErrorMsg, Self::Outcome];

    /// The columns that a file must have.
    pub(super) const REQUIRED: [Self; 2] = [Self::Portfolio, Self::Unit];

    /// The columns that are read.
    pub(super) const FILLED_IN: [Self; 3] = [Self::Portfolio, Self::Unit, Self::Account];

    /// The name in the header.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Portfolio => "PortfolioId",
            Self::Unit => "OrgUnit",
            Self::Account => "AccountId",
            Self::Status => "Status",
            Self::ErrorMsg => "ErrorMsg",
            Self::Outcome => "Outcome",
        }
    }

    /// The column that a header cell names, whatever its letter case.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(text))
    }

    /// The column that is most likely meant by a name that is none's.
    pub(super) fn near(text: &str) -> Option<Self> {
        nearest(text, Self::ALL.map(Self::name)).and_then(Self::read)
    }

    /// What a cell may hold, in words.
    pub(super) const fn accepted(self) -> &'static str {
        match self {
            Self::Portfolio => "the id of a portfolio, such as port-abcdefghijklm",
            Self::Unit => "an organizational unit, as Name (ou-id), its name or its id",
            Self::Account => {
                "an account id of 12 digits, or nothing: then the portfolio is shared alone"
            }
            Self::Status | Self::ErrorMsg | Self::Outcome => "anything; ignored",
        }
    }
}

/// Whether a header is that of a portfolio file: it names the portfolio's column, or nearly,
/// and none that only account lists have.
pub(super) fn is_header(names: &[&str]) -> bool {
    let portfolio =
        |name: &str| Column::read(name).or_else(|| Column::near(name)) == Some(Column::Portfolio);
    let of_a_list = |name: &&str| {
        file::Column::read(name).is_some_and(|column| OF_ACCOUNT_LISTS.contains(&column))
    };
    names.iter().any(|name| portfolio(name)) && !names.iter().any(of_a_list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portfolio_file_is_known_by_its_header() {
        assert!(is_header(&["PortfolioId", "OrgUnit", "AccountId"]));
        assert!(
            is_header(&["accountid", "portfolioid"]) && is_header(&["Portfolio Id", "OrgUnit"])
        );
        let list = ["AccountName", "SSOUserEmail", "AccountEmail", "OrgUnit", "Portfolios"];
        assert!(!is_header(&list) && !is_header(&["OrgUnit", "AccountId"]));
        assert!(!is_header(&["PortfolioId", "AccountEmail"]), "a column too many in a list");
    }
}
