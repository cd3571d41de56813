//! The catalogue of failures: one cause and one remedy for each kind.

use serde::{Deserialize, Serialize};

/// What kind of failure ended an account request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FailureKind {
    /// The e-mail belongs to an AWS account, in this organization or outside it.
    EmailInUse,
    /// The organization may have no more accounts.
    AccountQuota,
    /// The organizational unit is not registered with Control Tower.
    UnitNotRegistered,
    /// The caller lacks a permission that Control Tower needs of it.
    PermissionMissing,
    /// The role has no launch path to Account Factory.
    NoLaunchPath,
    /// The landing zone is in drift.
    Drift,
    /// A provisioned product of that name exists and is not Vend's to remove.
    NameTaken,
    /// Control Tower cannot assume its role in the account.
    RoleNotAssumable,
    /// Something in the account is in Control Tower's way.
    AccountNotClean,
    /// Account Factory refused the values.
    InvalidParameters,
    /// Control Tower has not ended the launch within the time it ever takes.
    Overdue,
    /// The provisioned product is gone.
    ProductGone,
    /// An account assignment failed.
    AssignmentFailed,
    /// A portfolio share failed.
    ShareFailed,
    /// A configured name of access or a portfolio does not exist.
    AccessUnknown,
    /// An operator cancelled it before it was launched.
    Cancelled,
    /// Nothing that Vend knows.
    Unknown,
}

impl FailureKind {
    /// Every kind, for tests and documents.
    pub const ALL: [Self; 17] = [
        Self::EmailInUse,
        Self::AccountQuota,
        Self::UnitNotRegistered,
        Self::PermissionMissing,
        Self::NoLaunchPath,
        Self::Drift,
        Self::NameTaken,
        Self::RoleNotAssumable,
        Self::AccountNotClean,
        Self::InvalidParameters,
        Self::Overdue,
        Self::ProductGone,
        Self::AssignmentFailed,
        Self::ShareFailed,
        Self::AccessUnknown,
        Self::Cancelled,
        Self::Unknown,
    ];

    /// Whether the cause lies outside the row, so that the next row would fail as well.
    #[must_use]
    pub fn is_shared(self) -> bool {
        match self {
            Self::AccountQuota | Self::PermissionMissing | Self::NoLaunchPath | Self::Drift => true,
            Self::EmailInUse
            | Self::UnitNotRegistered
            | Self::NameTaken
            | Self::RoleNotAssumable
            | Self::AccountNotClean
            | Self::InvalidParameters
            | Self::Overdue
            | Self::ProductGone
            | Self::AssignmentFailed
            | Self::ShareFailed
            | Self::AccessUnknown
            | Self::Cancelled
            | Self::Unknown => false,
        }
    }

    /// What went wrong: a clause without a period.
    #[must_use]
    pub fn cause(self) -> &'static str {
        match self {
            Self::EmailInUse => "the account e-mail already belongs to an AWS account",
            Self::AccountQuota => "the organization has reached its number of accounts",
            Self::UnitNotRegistered => {
                "the organizational unit is not registered with Control Tower"
            }
            Self::PermissionMissing => {
                "the provision role lacks a permission that Control Tower needs"
            }
            Self::NoLaunchPath => "the provision role has no launch path to Account Factory",
            Self::Drift => "the landing zone is in drift",
            Self::NameTaken => {
                "a provisioned product of this name exists that is not Vend's to remove"
            }
            Self::RoleNotAssumable => {
                "Control Tower cannot assume AWSControlTowerExecution in the account"
            }
            Self::AccountNotClean => "something in the account is in Control Tower's way",
            Self::InvalidParameters => "Account Factory refused the values of the row",
            Self::Overdue => "Control Tower has not finished the account within an hour",
            Self::ProductGone => "the provisioned product of this launch no longer exists",
            Self::AssignmentFailed => "access was not given",
            Self::ShareFailed => "a portfolio was not shared",
            Self::AccessUnknown => "the configured access or portfolio does not exist",
            Self::Cancelled => "an operator cancelled it before it was launched",
            Self::Unknown => "Control Tower reported a failure",
        }
    }

    /// What a person is to do: a sentence with its period.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::EmailInUse => {
                "use an address that no AWS account has or had in the last 90 days, and upload the row again."
            }
            Self::AccountQuota => {
                "ask for a higher number of accounts in Service Quotas (AWS Organizations), then upload the rows again."
            }
            Self::UnitNotRegistered => {
                "register the unit in Control Tower or name a registered one, and upload the row again."
            }
            Self::PermissionMissing => {
                "compare the provision role with the template's, then upload the rows again."
            }
            Self::NoLaunchPath => {
                "associate the provision role with the portfolio 'AWS Control Tower Account Factory Portfolio', then upload the rows again."
            }
            Self::Drift => {
                "repair the landing zone in Control Tower's settings, then upload the rows again."
            }
            Self::NameTaken => {
                "look at the product in Service Catalog; give the row another AccountName, or terminate the product if nobody needs it, and upload the row again."
            }
            Self::RoleNotAssumable => {
                "create AWSControlTowerExecution in the account, trusting the management account, then upload the row again to enroll it."
            }
            Self::AccountNotClean => {
                "remove what the message names from the account (an AWS Config recorder or delivery channel, a VPC that is in use), then upload the row again."
            }
            Self::InvalidParameters => "correct what the message names and upload the row again.",
            Self::Overdue => {
                "look at the product in Service Catalog. Its slot stays taken until Control Tower ends it; if it succeeds after all, Vend goes on by itself."
            }
            Self::ProductGone => {
                "see in CloudTrail who terminated it; upload the row again to launch it anew."
            }
            Self::AssignmentFailed => {
                "mend what the message names, then upload the row again: the account is kept, only what failed is tried again."
            }
            Self::ShareFailed => {
                "mend what the message names, then upload the row again: the account is kept, only what failed is tried again."
            }
            Self::AccessUnknown => {
                "correct the stack's parameters or create what they name, then upload the row again: the account is kept."
            }
            Self::Cancelled => {
                "upload the row again, or retry it, if the account is wanted after all."
            }
            Self::Unknown => {
                "look at the product in Service Catalog and at Control Tower's message, mend the cause, and upload the row again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_cause_and_a_remedy_that_read_as_one_text() {
        for kind in FailureKind::ALL {
            assert!(!kind.cause().ends_with('.'), "{kind:?}");
            assert!(kind.remedy().ends_with('.'), "{kind:?}");
            assert!(kind.remedy().contains("upload") || kind == FailureKind::Overdue, "{kind:?}");
        }
    }
}
