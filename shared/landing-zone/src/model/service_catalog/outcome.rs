//! How a launch turns out: what goes wrong with an account, chosen by its name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a launch turns out. All but the last three apply to the first launch of
/// the account's name (`busy`: the first two), so that a retry works.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing goes wrong.
    #[default]
    Ready,
    /// `ProvisionProduct` itself answers `InvalidParametersException`.
    Refused,
    /// Another Control Tower operation is in progress: `ERROR` in seconds, no
    /// lifecycle event, twice.
    Busy,
    /// The new account is not yet activated: "Try again in one hour". It exists.
    Activation,
    /// The e-mail belongs to an account outside the organization.
    EmailInUse,
    /// The organization has as many accounts as its quota allows.
    Quota,
    /// The calling role lacks a permission: `ERROR` in seconds, no lifecycle event.
    Denied,
    /// The organizational unit is not registered: `ERROR` in seconds, no lifecycle event.
    UnregisteredOu,
    /// Enrollment fails after the account was made.
    Failed,
    /// The creation fails before there is an account; the event says "Not Available".
    FailedNoId,
    /// The product ends `TAINTED` and was never provisioned successfully.
    Tainted,
    /// The product ends `TAINTED` and yet was provisioned successfully.
    TaintedUsable,
    /// The lifecycle event never arrives.
    LostEvent,
    /// The lifecycle event arrives many minutes late.
    LateEvent,
    /// The lifecycle event arrives three times.
    RepeatedEvent,
    /// The operation takes three hours, and succeeds.
    Overdue,
    /// A provisioned product of that name exists already, made by somebody else.
    NameTaken,
    /// Identity Center answers `ConflictException` the first three times.
    Conflict,
    /// Account assignments end `FAILED`: too many permission sets in the account.
    AccessFails,
    /// Portfolio shares to the account end `COMPLETED_WITH_ERRORS`.
    ShareFails,
}

impl Outcome {
    /// All outcomes, in the order in which help texts list them.
    pub const ALL: [Self; 20] = [
        Self::Ready,
        Self::Refused,
        Self::Busy,
        Self::Activation,
        Self::EmailInUse,
        Self::Quota,
        Self::Denied,
        Self::UnregisteredOu,
        Self::Failed,
        Self::FailedNoId,
        Self::Tainted,
        Self::TaintedUsable,
        Self::LostEvent,
        Self::LateEvent,
        Self::RepeatedEvent,
        Self::Overdue,
        Self::NameTaken,
        Self::Conflict,
        Self::AccessFails,
        Self::ShareFails,
    ];

    /// Its name in a description or on a command line, and what happens.
    #[must_use]
    pub const fn help(self) -> (&'static str, &'static str) {
        match self {
            Self::Ready => ("ready", "nothing goes wrong"),
            Self::Refused => ("refused", "ProvisionProduct answers InvalidParametersException"),
            Self::Busy => ("busy", "another Control Tower operation is in progress, twice"),
            Self::Activation => ("activation", "the new account is not activated yet, once"),
            Self::EmailInUse => ("email-in-use", "the e-mail belongs to an account elsewhere"),
            Self::Quota => ("quota", "the organization can hold no more accounts"),
            Self::Denied => ("denied", "the calling role lacks a permission"),
            Self::UnregisteredOu => ("unregistered-ou", "Control Tower does not govern the unit"),
            Self::Failed => ("failed", "enrollment fails after the account was made"),
            Self::FailedNoId => ("failed-no-id", "no account is made; the event has no id"),
            Self::Tainted => ("tainted", "the product is TAINTED, never provisioned successfully"),
            Self::TaintedUsable => ("tainted-usable", "the product is TAINTED, and usable"),
            Self::LostEvent => ("lost-event", "the lifecycle event never arrives"),
            Self::LateEvent => ("late-event", "the lifecycle event arrives many minutes late"),
            Self::RepeatedEvent => ("repeated-event", "the lifecycle event arrives three times"),
            Self::Overdue => ("overdue", "the operation takes three hours, and succeeds"),
            Self::NameTaken => ("name-taken", "somebody else's product has the name"),
            Self::Conflict => ("conflict", "Identity Center answers ConflictException three times"),
            Self::AccessFails => ("access-fails", "account assignments end FAILED"),
            Self::ShareFails => ("share-fails", "portfolio shares end COMPLETED_WITH_ERRORS"),
        }
    }

    /// Whether it stays with the account, rather than with its first launch.
    #[must_use]
    pub const fn is_persistent(self) -> bool {
        matches!(self, Self::Conflict | Self::AccessFails | Self::ShareFails)
    }

    /// How many launches it applies to; `None` for those that stay.
    pub(super) const fn launches(self) -> Option<u32> {
        match self {
            Self::Conflict | Self::AccessFails | Self::ShareFails => None,
            Self::Busy => Some(2),
            _ => Some(1),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.help().0)
    }
}

/// No outcome has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no outcome is called `{0}`")]
pub struct UnknownOutcome(String);

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|outcome| outcome.help().0 == name);
        found.ok_or_else(|| UnknownOutcome(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_on_a_command_line_and_in_a_description() {
        for outcome in Outcome::ALL {
            let name = serde_json::to_value(outcome).expect("a name");
            assert_eq!(name, outcome.to_string());
            assert_eq!(outcome.to_string().parse(), Ok(outcome));
        }
    }

    #[test]
    fn an_unknown_name_is_named() {
        let error = "sunny".parse::<Outcome>().expect_err("no such outcome");
        assert_eq!(error.to_string(), "no outcome is called `sunny`");
    }
}
