//! The ports of what a new account is given: assignments, portfolio shares, and
//! the turns they are taken in.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::CouldNotAsk;
use crate::account::AccountId;
use crate::ledger::{Grant, Portfolio, PrincipalKind, Step, Timestamp};

/// A principal as it is configured: by name or id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalText {
    /// User or group.
    pub kind: PrincipalKind,
    /// A name or an id.
    pub text: String,
}

/// What every new account is given, as it is configured: names or ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessDefaults {
    /// Who gets which permission set.
    pub assignments: Vec<(PrincipalText, String)>,
    /// Which portfolios are shared.
    pub portfolios: Vec<String>,
}

/// Why configured names could not be turned into ids.
#[derive(Debug, thiserror::Error)]
pub enum Unresolved {
    /// There is no such thing; the text says what, and what there is.
    #[error("{0}")]
    Unknown(String),
    /// Nobody knows.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// Where something asynchronous stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepStatus {
    /// AWS is at work on it.
    InProgress,
    /// It is done.
    Done,
    /// It failed, in AWS's words.
    Failed(String),
    /// AWS knows nothing of it (any more).
    Unknown,
}

/// Why an assignment was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// Another change is in the way, or too many are under way: ask again later.
    #[error("told to wait: {0}")]
    Wait(String),
    /// Identity Center answered no.
    #[error("refused: {0}")]
    Refused(String),
    /// Nobody knows: ask again.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// IAM Identity Center's account assignments.
#[async_trait]
pub trait Assignments: Send + Sync {
    /// Turns a configured principal and permission set into a grant.
    ///
    /// # Errors
    /// See [`Unresolved`].
    async fn resolve(
        &self,
        principal: &PrincipalText,
        permission_set: &str,
    ) -> Result<Grant, Unresolved>;

    /// Whether the account has that assignment.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn exists(&self, account: &AccountId, grant: &Grant) -> Result<bool, CouldNotAsk>;

    /// Asks for the assignment; answers the id to ask the outcome with.
    ///
    /// # Errors
    /// See [`AssignError`].
    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError>;

    /// Where a requested assignment stands.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn status(&self, request: &str) -> Result<StepStatus, CouldNotAsk>;
}

/// Why a share was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// Another change is in the way: ask again later.
    #[error("told to wait: {0}")]
    Wait(String),
    /// Service Catalog answered no.
    #[error("refused: {0}")]
    Refused(String),
    /// Nobody knows: ask again.
    #[error(transparent)]
    CouldNotAsk(#[from] CouldNotAsk),
}

/// Service Catalog's portfolio shares, by organization node.
#[async_trait]
pub trait PortfolioSharing: Send + Sync {
    /// Turns a configured portfolio name or id into a portfolio.
    ///
    /// # Errors
    /// See [`Unresolved`].
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved>;

    /// Shares the portfolio with the account; answers the token to ask the
    /// outcome with, or `None` when AWS took it for a repetition and gave none.
    ///
    /// # Errors
    /// See [`ShareError`].
    async fn share(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<Option<String>, ShareError>;

    /// Where a share stands, for that account.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn status(&self, token: &str, account: &AccountId) -> Result<StepStatus, CouldNotAsk>;

    /// Whether the portfolio is shared with the account itself. A listing: only
    /// for when there is no token to ask with.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn is_shared(
        &self,
        portfolio: &Portfolio,
        account: &AccountId,
    ) -> Result<bool, CouldNotAsk>;
}

/// Turns at something that only so many may use at a time, across invocations.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Takes one of `places` turns at `resource` for `holder`; true when it has one, also
    /// from before. It ends at `until` if nobody gives it back: a holder that died does not
    /// keep the others out for ever. A turn that ended before `now` is free.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn take(
        &self,
        resource: &str,
        holder: &str,
        places: usize,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, CouldNotAsk>;

    /// Gives the turn back; giving back what one does not hold changes nothing.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn give_back(&self, resource: &str, holder: &str) -> Result<(), CouldNotAsk>;
}

/// An account that was made outside Vend and is given the defaults; never an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideAccount {
    /// The account.
    pub account: AccountId,
    /// Access and portfolios, and how far each has come.
    pub steps: Vec<Step>,
    /// Whether all steps are settled and, if one failed, that was told.
    pub closed: bool,
    /// Counts the writes; every write names the version it replaces.
    pub version: u64,
}

/// The accounts made outside Vend that handover has taken on.
#[async_trait]
pub trait OutsideAccounts: Send + Sync {
    /// The account of that id.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn outside(&self, id: &AccountId) -> Result<Option<OutsideAccount>, CouldNotAsk>;

    /// Writes it; `false` when its version is not the one before by now.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn save_outside(&self, account: &OutsideAccount) -> Result<bool, CouldNotAsk>;

    /// Those that are not closed.
    ///
    /// # Errors
    /// [`CouldNotAsk`].
    async fn open_outside(&self) -> Result<Vec<OutsideAccount>, CouldNotAsk>;
}

impl AccessDefaults {
    /// How an assignment is written, in words.
    pub const ASSIGNMENT_FORM: &str = "group:NAME=PERMISSION-SET or user:NAME=PERMISSION-SET";

    /// Reads assignments (see [`read_assignment`](Self::read_assignment)), and
    /// portfolios, by name or id.
    ///
    /// # Errors
    /// A text that names the first assignment which is not of that form.
    pub fn read(assignments: &[String], portfolios: Vec<String>) -> Result<Self, String> {
        let read = assignments.iter().map(|text| Self::read_assignment(text));
        Ok(Self { assignments: read.collect::<Result<_, _>>()?, portfolios })
    }

    /// Reads one assignment, written as [`ASSIGNMENT_FORM`](Self::ASSIGNMENT_FORM) says,
    /// with names or ids. The last `=` separates: a group may have one in its name, a
    /// permission set that has one can be given by its ARN.
    ///
    /// # Errors
    /// A text that says what form is wanted.
    pub fn read_assignment(text: &str) -> Result<(PrincipalText, String), String> {
        let wrong = || format!("{text:?} is not of the form {}", Self::ASSIGNMENT_FORM);
        let (principal, permission_set) = text.rsplit_once('=').ok_or_else(wrong)?;
        let (kind, name) = principal.split_once(':').ok_or_else(wrong)?;
        let kind = match kind.trim().to_lowercase().as_str() {
            "group" => PrincipalKind::Group,
            "user" => PrincipalKind::User,
            _ => return Err(wrong()),
        };
        let (name, permission_set) = (name.trim(), permission_set.trim());
        if name.is_empty() || permission_set.is_empty() {
            return Err(wrong());
        }
        Ok((PrincipalText { kind, text: name.to_owned() }, permission_set.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_read_or_refused_with_the_form() {
        let read = |text: &str| AccessDefaults::read(&[text.to_owned()], Vec::new());
        let defaults = read("group:Platform Admins = AWSAdministratorAccess").unwrap();
        let [(principal, permission_set)] = defaults.assignments.as_slice() else { panic!() };
        assert_eq!(
            (principal.kind, principal.text.as_str()),
            (PrincipalKind::Group, "Platform Admins")
        );
        assert_eq!(permission_set, "AWSAdministratorAccess");
        for wrong in ["Admins=X", "team:Admins=X", "group:Admins", "group:=X", "user:a="] {
            assert!(read(wrong).unwrap_err().contains("group:NAME=PERMISSION-SET"), "{wrong}");
        }
    }
}
