//! The access that accounts are given: each account's, and which accounts have the same.

use serde::Serialize;
use vending::ledger::{
    Entry, Grant, MemberStep, PortfolioPrincipal, PortfolioUse, PrincipalKind, Progress, Step,
};

use super::account::Account;
use super::discreet::discreet;

/// How far something that an account is given has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Given {
    /// It is there.
    There,
    /// AWS is at work on it.
    UnderWay,
    /// Nobody has asked for it yet.
    Waiting,
    /// AWS said no.
    Failed,
}

impl Given {
    fn of(progress: &Progress) -> Self {
        match progress {
            Progress::Pending { .. } => Self::Waiting,
            Progress::Requested { .. } => Self::UnderWay,
            Progress::Done => Self::There,
            Progress::Failed { .. } => Self::Failed,
        }
    }

    /// The words for it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::There => "given",
            Self::UnderWay => "under way",
            Self::Waiting => "not asked for yet",
            Self::Failed => "failed",
        }
    }
}

/// One thing that an account is given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Access {
    /// What it is, in words, without people.
    pub(crate) what: String,
    /// How far it has come.
    pub(crate) given: Given,
}

impl Access {
    /// What `entry` is given.
    pub(crate) fn of(entry: &Entry) -> Vec<Self> {
        entry.steps.iter().map(Self::of_step).collect()
    }

    fn of_step(step: &Step) -> Self {
        Self { what: discreet(&words(&step.grant)), given: Given::of(&step.progress) }
    }
}

/// The grant in words. A user of IAM Identity Center is a person, and is not named.
fn words(grant: &Grant) -> String {
    match grant {
        Grant::Assignment { permission_set_name, principal, .. } => match principal.kind {
            PrincipalKind::User => format!("Permission set {permission_set_name} for a user"),
            PrincipalKind::Group => {
                format!("Permission set {permission_set_name} for group {}", principal.name)
            }
        },
        Grant::Portfolio(portfolio) => format!("Portfolio {}", portfolio.name),
        Grant::Usable(PortfolioUse { portfolio, step }) => match step {
            // An IAM user is mostly a person, too.
            MemberStep::Principal(PortfolioPrincipal::User(_)) => {
                format!("Portfolio {} for a user", portfolio.name)
            }
            MemberStep::LocalPrincipal(PortfolioPrincipal::User(_)) => {
                format!("Local copy of portfolio {} for a user", portfolio.name)
            }
            _ => capitalized(&grant.describe()),
        },
    }
}

fn capitalized(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Accounts that are given the same, and have come equally far with it.
#[derive(Debug)]
pub(crate) struct SameAccess<'a> {
    /// What stands for it in the table: A, B, … Z, AA …
    pub(crate) letter: String,
    /// What they are given.
    pub(crate) access: &'a [Access],
    /// Which they are, by line.
    pub(crate) accounts: Vec<&'a Account>,
}

impl<'a> SameAccess<'a> {
    /// The accounts that something is known to be given to, those with the same together.
    pub(crate) fn among(accounts: &'a [Account]) -> Vec<Self> {
        let mut places = std::collections::HashMap::new();
        let mut all: Vec<Self> = Vec::new();
        for account in accounts.iter().filter(|account| !account.access.is_empty()) {
            let place = *places.entry(account.access.as_slice()).or_insert(all.len());
            if place == all.len() {
                let letter = letter(place);
                all.push(Self { letter, access: &account.access, accounts: Vec::new() });
            }
            all[place].accounts.push(account);
        }
        all
    }
}

/// What spreadsheets call the column at `place`, from 0.
fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    match place / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letter(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 701, 702].map(letter), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
