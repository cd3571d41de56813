//! The keys of the JSON form.

use crate::file::nearest;

/// A key of the JSON form, as AWS's post on sharing portfolios from a file has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Unit,
    Portfolio,
    Accounts,
}

impl Key {
    pub(super) const ALL: [Self; 3] = [Self::Unit, Self::Portfolio, Self::Accounts];

    /// The key as it is written; letter case counts, as it does in JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Unit => "OU_ID",
            Self::Portfolio => "PortID",
            Self::Accounts => "DestinationAccountIDs",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == text)
    }

    /// What a value of it may be, in words.
    pub(super) const fn accepted(self) -> &'static str {
        match self {
            Self::Unit => {
                "the id of an organizational unit in quotes, such as \"ou-abcd-12345678\""
            }
            Self::Portfolio => "the id of a portfolio in quotes, such as \"port-abcdefghijklm\"",
            Self::Accounts => "a list of account ids, each of 12 digits in quotes; [] shares alone",
        }
    }

    /// What would be accepted in the place of an unknown key.
    pub(super) fn instead_of(unknown: &str) -> String {
        match nearest(unknown, Self::ALL.map(Self::name)) {
            Some(near) => format!("perhaps {near}"),
            None => format!("only {}", Self::ALL.map(Self::name).join(", ")),
        }
    }
}
