//! The kinds of failures; what is said of each is in the catalogue.

use serde::{Deserialize, Serialize};

/// What kind of failure ended an account request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FailureKind {
    /// The e-mail belongs to an AWS account, in this organization or outside it.
    EmailInUse,
    /// AWS does not take the e-mail.
    EmailRefused,
    /// The organization may have no more accounts.
    AccountQuota,
    /// The management account's address, billing or business details are not complete.
    BillingIncomplete,
    /// Organizations failed to make the account, through no fault of the row.
    CreationFailed,
    /// The organizational unit is not registered with Control Tower.
    UnitNotRegistered,
    /// The account is in another unit than Control Tower thinks.
    AccountMoved,
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
    /// A VPC in the account is in use and in Control Tower's way.
    VpcInUse,
    /// AWS Config in the account is set up already, and in Control Tower's way.
    ConfigInTheWay,
    /// Something in the account is in Control Tower's way. Kept for entries that say so.
    AccountNotClean,
    /// Account Factory refused the values.
    InvalidParameters,
    /// Control Tower has not ended the launch within the time it ever takes.
    Overdue,
    /// The provisioned product is gone.
    ProductGone,
    /// An account assignment failed.
    AssignmentFailed,
    /// The account has as many permission sets as it may have.
    PermissionSetQuota,
    /// The user, the group or the permission set of an assignment does not exist.
    PrincipalGone,
    /// Identity Center's own key cannot be used.
    KeyDenied,
    /// The role of `handover` lacks a permission.
    HandoverDenied,
    /// Something else kept changing the account's access, or AWS throttled, for hours.
    AccessBusy,
    /// AWS has not ended an assignment or a share.
    AccessOverdue,
    /// A portfolio share failed.
    ShareFailed,
    /// Service Catalog has no trusted access to the organization.
    SharingOff,
    /// The portfolio is shared as often as it may be.
    ShareQuota,
    /// The portfolio is, or holds, something that was shared with this account.
    ShareOfShare,
    /// The portfolio does not exist any more.
    PortfolioGone,
    /// Service Catalog ended the share, and not with this account.
    ShareIncomplete,
    /// There is no role in the account that `handover` may assume.
    NoWayIn,
    /// The role in the account lacks a permission.
    MemberDenied,
    /// The account has as much of Service Catalog as it may have.
    MemberQuota,
    /// The account has no such role, user or group.
    PrincipalMissing,
    /// The local portfolio's product is launched by another role already.
    ConstraintInTheWay,
    /// A shared portfolio was not made usable in the account.
    NotUsable,
    /// A configured name of access or a portfolio does not exist.
    AccessUnknown,
    /// An operator cancelled it before it was launched.
    Cancelled,
    /// Nothing that Vend knows.
    Unknown,
}

impl FailureKind {
    /// Every kind, for tests and documents.
    pub const ALL: [Self; 40] = [
        Self::EmailInUse,
        Self::EmailRefused,
        Self::AccountQuota,
        Self::BillingIncomplete,
        Self::CreationFailed,
        Self::UnitNotRegistered,
        Self::AccountMoved,
        Self::PermissionMissing,
        Self::NoLaunchPath,
        Self::Drift,
        Self::NameTaken,
        Self::RoleNotAssumable,
        Self::VpcInUse,
        Self::ConfigInTheWay,
        Self::AccountNotClean,
        Self::InvalidParameters,
        Self::Overdue,
        Self::ProductGone,
        Self::AssignmentFailed,
        Self::PermissionSetQuota,
        Self::PrincipalGone,
        Self::KeyDenied,
        Self::HandoverDenied,
        Self::AccessBusy,
        Self::AccessOverdue,
        Self::ShareFailed,
        Self::SharingOff,
        Self::ShareQuota,
        Self::ShareOfShare,
        Self::PortfolioGone,
        Self::ShareIncomplete,
        Self::NoWayIn,
        Self::MemberDenied,
        Self::MemberQuota,
        Self::PrincipalMissing,
        Self::ConstraintInTheWay,
        Self::NotUsable,
        Self::AccessUnknown,
        Self::Cancelled,
        Self::Unknown,
    ];

    /// Whether the cause lies outside the row, so that the next row would fail to be
    /// launched as well.
    #[must_use]
    pub fn is_shared(self) -> bool {
        match self {
            Self::AccountQuota
            | Self::BillingIncomplete
            | Self::PermissionMissing
            | Self::NoLaunchPath
            | Self::Drift => true,
            Self::EmailInUse
            | Self::EmailRefused
            | Self::CreationFailed
            | Self::UnitNotRegistered
            | Self::AccountMoved
            | Self::NameTaken
            | Self::RoleNotAssumable
            | Self::VpcInUse
            | Self::ConfigInTheWay
            | Self::AccountNotClean
            | Self::InvalidParameters
            | Self::Overdue
            | Self::ProductGone
            | Self::AssignmentFailed
            | Self::PermissionSetQuota
            | Self::PrincipalGone
            | Self::KeyDenied
            | Self::HandoverDenied
            | Self::AccessBusy
            | Self::AccessOverdue
            | Self::ShareFailed
            | Self::SharingOff
            | Self::ShareQuota
            | Self::ShareOfShare
            | Self::PortfolioGone
            | Self::ShareIncomplete
            | Self::NoWayIn
            | Self::MemberDenied
            | Self::MemberQuota
            | Self::PrincipalMissing
            | Self::ConstraintInTheWay
            | Self::NotUsable
            | Self::AccessUnknown
            | Self::Cancelled
            | Self::Unknown => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_is_listed_once() {
        let all: BTreeSet<FailureKind> = FailureKind::ALL.into_iter().collect();
        assert_eq!(all.len(), FailureKind::ALL.len());
        assert_eq!(all.last(), Some(&FailureKind::Unknown), "the last of the enum");
        assert_eq!(all.len(), FailureKind::Unknown as usize + 1);
    }

    #[test]
    fn what_no_row_can_mend_is_shared() {
        use FailureKind::{
            AccountQuota, BillingIncomplete, Drift, NoLaunchPath, PermissionMissing,
        };
        let shared: BTreeSet<_> =
            FailureKind::ALL.into_iter().filter(|kind| kind.is_shared()).collect();
        let expected = [AccountQuota, BillingIncomplete, Drift, NoLaunchPath, PermissionMissing];
        assert_eq!(shared, BTreeSet::from(expected));
    }
}
