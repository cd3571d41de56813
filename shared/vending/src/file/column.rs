//! The columns of an account list.

use std::fmt;

use crate::account::{AccountName, EmailAddress, PersonName};

const ASSIGNMENTS_ACCEPTED: &str =
    "nothing, or group:NAME=PERMISSION-SET and user:NAME=PERMISSION-SET, parted by semicolons";

const PORTFOLIOS_ACCEPTED: &str = "nothing, or names or ids of portfolios, parted by semicolons, each with local: in front \
     where it is to be copied into the account";

const DEFAULTS_ACCEPTED: &str = "nothing or add, where the row asks besides the stack's defaults, or replace, where it asks \
     instead of them";

/// [`EmailAddress::ACCEPTED`], or nothing.
const REQUESTER_ACCEPTED: &str =
    "nothing, or name@domain.tld of 8 to 64 characters: letters, digits and . _ + - before the @";

/// A column of the account list, in canonical order: the order of the results
/// file, and of faults on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The account's name.
    AccountName,
    /// The address of the Identity Center user.
    SSOUserEmail,
    /// The address of the account's root user.
    AccountEmail,
    /// The Identity Center user's first name.
    SSOUserFirstName,
    /// The Identity Center user's last name.
    SSOUserLastName,
    /// The organizational unit the account goes to.
    OrgUnit,
    /// The address of who asks for the account; a list need not have it.
    RequesterEmail,
    /// Who gets which permission sets, parted by semicolons; a list need not have it.
    Assignments,
    /// Which portfolios the account is given, parted by semicolons; a list need not have it.
    Portfolios,
    /// Whether the row asks besides the stack's defaults or instead of them; a list need not
    /// have it.
    Defaults,
    /// Filled in on the way out; ignored on the way in.
    Status,
    /// Filled in on the way out; ignored on the way in.
    AccountId,
    /// Filled in on the way out; ignored on the way in.
    ErrorMsg,
    /// What became of the row, in words; filled in on the way out, ignored on the way in.
    Outcome,
}

impl Column {
    /// Every column, in canonical order.
    pub const ALL: [Self; 14] = [
        Self::AccountName,
        Self::SSOUserEmail,
        Self::AccountEmail,
        Self::SSOUserFirstName,
        Self::SSOUserLastName,
        Self::OrgUnit,
        Self::RequesterEmail,
        Self::Assignments,
        Self::Portfolios,
        Self::Defaults,
        Self::Status,
        Self::AccountId,
        Self::ErrorMsg,
        Self::Outcome,
    ];

    /// What a person fills in, in canonical order: the required ones come first.
    pub const FILLED_IN: [Self; 10] = [
        Self::AccountName,
        Self::SSOUserEmail,
        Self::AccountEmail,
        Self::SSOUserFirstName,
        Self::SSOUserLastName,
        Self::OrgUnit,
        Self::RequesterEmail,
        Self::Assignments,
        Self::Portfolios,
        Self::Defaults,
    ];

    /// The columns that a list must have, in canonical order.
    pub const REQUIRED: [Self; 6] = [
        Self::AccountName,
        Self::SSOUserEmail,
        Self::AccountEmail,
        Self::SSOUserFirstName,
        Self::SSOUserLastName,
        Self::OrgUnit,
    ];

    /// The columns that a person may fill in and need not, in canonical order.
    pub const OPTIONAL: [Self; 4] =
        [Self::RequesterEmail, Self::Assignments, Self::Portfolios, Self::Defaults];

    /// The name in the header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountName => "AccountName",
            Self::SSOUserEmail => "SSOUserEmail",
            Self::AccountEmail => "AccountEmail",
            Self::SSOUserFirstName => "SSOUserFirstName",
            Self::SSOUserLastName => "SSOUserLastName",
            Self::OrgUnit => "OrgUnit",
            Self::RequesterEmail => "RequesterEmail",
            Self::Assignments => "Assignments",
            Self::Portfolios => "Portfolios",
            Self::Defaults => "Defaults",
            Self::Status => "Status",
            Self::AccountId => "AccountId",
            Self::ErrorMsg => "ErrorMsg",
            Self::Outcome => "Outcome",
        }
    }

    /// The column that a header cell names. White space around the name and its
    /// letter case are forgiven, and so is `ErrroMsg`, a misspelling of `ErrorMsg`
    /// that lists in circulation have.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("ErrroMsg") {
            return Some(Self::ErrorMsg);
        }
        Self::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(text))
    }

    /// What a cell of this column may hold, in words.
    #[must_use]
    pub fn accepted(self) -> &'static str {
        match self {
            Self::AccountName => AccountName::ACCEPTED,
            Self::SSOUserEmail | Self::AccountEmail => EmailAddress::ACCEPTED,
            Self::SSOUserFirstName | Self::SSOUserLastName => PersonName::ACCEPTED,
            Self::OrgUnit => "a registered organizational unit, as Name (ou-id)",
            Self::RequesterEmail => REQUESTER_ACCEPTED,
            Self::Assignments => ASSIGNMENTS_ACCEPTED,
            Self::Portfolios => PORTFOLIOS_ACCEPTED,
            Self::Defaults => DEFAULTS_ACCEPTED,
            Self::Status | Self::AccountId | Self::ErrorMsg | Self::Outcome => "anything; ignored",
        }
    }

    /// Whether a list must have it.
    pub(super) fn is_required(self) -> bool {
        Self::REQUIRED.contains(&self)
    }

    /// The position in [`FILLED_IN`](Self::FILLED_IN); `None` for a column that is
    /// ignored on the way in.
    pub(super) fn slot(self) -> Option<usize> {
        // They are the first, in the same order.
        let slot = self as usize;
        (slot < Self::FILLED_IN.len()).then_some(slot)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_name_however_it_is_written() {
        for column in Column::ALL {
            let name = column.name();
            for text in [name.to_owned(), format!(" {name}\t"), name.to_lowercase()] {
                assert_eq!(Column::read(&text), Some(column));
            }
        }
        assert_eq!(Column::read("ErrroMsg"), Some(Column::ErrorMsg));
        assert_eq!(Column::read("Account Name"), None);
        assert_eq!(Column::read(""), None);
    }

    #[test]
    fn the_required_ones_come_first() {
        for (slot, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column.slot(), (slot < Column::FILLED_IN.len()).then_some(slot));
            assert_eq!(column.is_required(), slot < Column::REQUIRED.len());
        }
        let filled_in = Column::REQUIRED.into_iter().chain(Column::OPTIONAL);
        assert!(filled_in.eq(Column::FILLED_IN));
        assert!(Column::RequesterEmail.accepted().ends_with(EmailAddress::ACCEPTED));
    }
}
