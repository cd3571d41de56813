//! The catalogue of failures: one cause and one remedy for each kind. They are read in
//! a table, so they are short.

use super::FailureKind;
use crate::account::AccountName;

/// What is said of a kind.
struct Said {
    /// What went wrong: a clause without a period.
    cause: &'static str,
    /// What is to be mended first: a clause without a period.
    mend: &'static str,
    /// What to do: a sentence with its period.
    remedy: &'static str,
}

/// Nothing in the row is wrong: once that is mended it is tried again as it is.
macro_rules! retry {
    ($cause:literal, $mend:literal) => {
        Said {
            cause: $cause,
            mend: $mend,
            remedy: concat!($mend, ", then run vend retry NAME --apply."),
        }
    };
}

/// A value in the row has to change.
macro_rules! correct {
    ($cause:literal, $mend:literal) => {
        Said {
            cause: $cause,
            mend: $mend,
            remedy: concat!($mend, ": correct the row and upload it again."),
        }
    };
}

impl FailureKind {
    /// What went wrong: a clause without a period.
    #[must_use]
    pub fn cause(self) -> &'static str {
        self.said().cause
    }

    /// What a person is to mend, whatever comes after it: a clause without a period.
    #[must_use]
    pub fn mend(self) -> &'static str {
        self.said().mend
    }

    /// What a person is to do: a sentence with its period, in which NAME stands for the
    /// account's name.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        self.said().remedy
    }

    /// The remedy for the account of that name.
    #[must_use]
    pub fn remedy_for(self, name: &AccountName) -> String {
        self.remedy().replace("NAME", name.as_str())
    }

    fn said(self) -> Said {
        match self {
            Self::EmailInUse
            | Self::EmailRefused
            | Self::AccountQuota
            | Self::BillingIncomplete
            | Self::CreationFailed
            | Self::UnitNotRegistered
            | Self::AccountMoved
            | Self::PermissionMissing
            | Self::NoLaunchPath
            | Self::Drift
            | Self::NameTaken
            | Self::InvalidParameters => self.before_an_account(),
            Self::RoleNotAssumable
            | Self::VpcInUse
            | Self::ConfigInTheWay
            | Self::AccountNotClean
            | Self::Overdue
            | Self::ProductGone
            | Self::Cancelled
            | Self::Unknown => self.of_a_launch(),
            Self::AssignmentFailed
            | Self::PermissionSetQuota
            | Self::PrincipalGone
            | Self::KeyDenied
            | Self::HandoverDenied
            | Self::AccessBusy
            | Self::AccessOverdue
            | Self::AccessUnknown => self.of_access(),
            Self::ShareFailed
            | Self::SharingOff
            | Self::ShareQuota
            | Self::ShareOfShare
            | Self::PortfolioGone
            | Self::ShareIncomplete => self.of_a_share(),
            Self::NoWayIn
            | Self::MemberDenied
            | Self::MemberQuota
            | Self::PrincipalMissing
            | Self::ConstraintInTheWay
            | Self::NotUsable => self.of_a_member(),
        }
    }

    /// Account Factory was not asked, or made no account.
    fn before_an_account(self) -> Said {
        match self {
            Self::EmailInUse => correct!(
                "the account e-mail already belongs to an AWS account",
                "use an address that no AWS account has or had in the last 90 days"
            ),
            Self::EmailRefused => {
                correct!("AWS does not take the account e-mail", "use an address that AWS takes")
            }
            Self::AccountQuota => retry!(
                "the organization has reached its number of accounts",
                "ask for more accounts in Service Quotas (AWS Organizations)"
            ),
            Self::BillingIncomplete => retry!(
                "the management account's address, payment or business details are not complete",
                "complete them in the management account's Billing console"
            ),
            Self::CreationFailed => retry!(
                "AWS Organizations failed to make the account, through no fault of the row",
                "wait an hour"
            ),
            Self::UnitNotRegistered => Said {
                cause: "the organizational unit is not registered with Control Tower",
                mend: "register the unit in Control Tower",
                remedy: "register the unit in Control Tower, then run vend retry NAME --apply; or name a registered one: correct the row and upload it again.",
            },
            Self::AccountMoved => retry!(
                "the account was moved to another organizational unit",
                "update the account in Control Tower, or re-register its unit"
            ),
            Self::PermissionMissing => retry!(
                "the provision role lacks a permission that Control Tower needs",
                "compare the provision role with the template's (deploy the stack again)"
            ),
            Self::NoLaunchPath => retry!(
                "the provision role has no launch path to Account Factory",
                "associate the provision role with the portfolio 'AWS Control Tower Account Factory Portfolio'"
            ),
            Self::Drift => retry!(
                "the landing zone is in drift",
                "repair the landing zone in Control Tower's settings"
            ),
            Self::NameTaken => Said {
                cause: "a provisioned product of this name exists that is not Vend's to remove",
                mend: "look at the product in Service Catalog",
                remedy: "if nobody needs the product in Service Catalog, terminate it and run vend retry NAME --apply; otherwise give the row another AccountName: correct the row and upload it again.",
            },
            _ => correct!(
                "Account Factory refused the values of the row",
                "mend what the message names"
            ),
        }
    }

    /// A launch was under way.
    fn of_a_launch(self) -> Said {
        match self {
            Self::RoleNotAssumable => retry!(
                "Control Tower cannot assume AWSControlTowerExecution in the account",
                "create AWSControlTowerExecution in the account, trusting the management account"
            ),
            Self::VpcInUse => retry!(
                "a VPC in the account is in use, so that Control Tower cannot remove it",
                "delete what uses the account's default VPCs"
            ),
            Self::ConfigInTheWay => retry!(
                "AWS Config is set up in the account already",
                "delete the account's Config recorder and delivery channel"
            ),
            Self::AccountNotClean => retry!(
                "something in the account is in Control Tower's way",
                "remove what the message names from the account"
            ),
            Self::Overdue => Said {
                cause: "Control Tower has not finished the account within an hour",
                mend: "look at the product in Service Catalog",
                remedy: "look at the product in Service Catalog. Its slot stays taken until Control Tower ends it; if it succeeds after all, Vend goes on by itself.",
            },
            Self::ProductGone => retry!(
                "the provisioned product of this launch no longer exists",
                "see in CloudTrail who terminated it"
            ),
            Self::Cancelled => Said {
                cause: "an operator cancelled it before it was launched",
                mend: "nothing",
                remedy: "if the account is wanted after all, run vend retry NAME --apply.",
            },
            _ => retry!(
                "Control Tower reported a failure",
                "see the product in Service Catalog and mend what its message names"
            ),
        }
    }

    /// The account is there, and access to it is not.
    fn of_access(self) -> Said {
        match self {
            Self::PermissionSetQuota => retry!(
                "the account has as many permission sets or IAM roles as it may have",
                "give it fewer, or ask for more in Service Quotas (IAM Identity Center; IAM roles per account)"
            ),
            Self::PrincipalGone => retry!(
                "the user, group or permission set no longer exists",
                "create it again or correct the stack's parameters"
            ),
            Self::KeyDenied => retry!(
                "IAM Identity Center's customer managed key cannot be used",
                "enable the key, and let the handover role use it"
            ),
            Self::HandoverDenied => retry!(
                "the handover role lacks a permission",
                "compare the handover role with the template's (deploy the stack again)"
            ),
            Self::AccessBusy => retry!(
                "AWS was busy with other changes of access for hours",
                "wait until nothing else changes the account's access"
            ),
            Self::AccessOverdue => retry!(
                "AWS has not ended a change of access within an hour",
                "see in CloudTrail what became of it"
            ),
            Self::AccessUnknown => retry!(
                "access or a portfolio that is asked for does not exist",
                "create it, or correct the row or the stack's parameters"
            ),
            _ => retry!("access was not given", "mend what the message names"),
        }
    }

    /// The account is there, and a portfolio is not shared with it.
    fn of_a_share(self) -> Said {
        match self {
            Self::SharingOff => retry!(
                "Service Catalog has no trusted access to the organization",
                "run aws servicecatalog enable-aws-organizations-access in the management account"
            ),
            Self::ShareQuota => retry!(
                "the portfolio is shared with as many accounts as it may be",
                "share it with the organizational unit, or ask for more in Service Quotas (Service Catalog)"
            ),
            Self::ShareOfShare => retry!(
                "the portfolio was shared with this account itself and cannot be passed on",
                "name a portfolio that this account owns, with products of its own"
            ),
            Self::PortfolioGone => retry!(
                "the portfolio no longer exists",
                "create it again or correct the stack's parameters"
            ),
            Self::ShareIncomplete => retry!(
                "Service Catalog ended the share with errors",
                "mend what the message names, if it names anything"
            ),
            _ => retry!("a portfolio was not shared", "mend what the message names"),
        }
    }

    /// The portfolio is shared, and not usable in the account.
    fn of_a_member(self) -> Said {
        match self {
            Self::NoWayIn => retry!(
                "the account has no role that lets Vend's handover role in",
                "deploy infra/member-role.yaml to it, with the stack's MemberRole and MemberExternalId"
            ),
            Self::MemberDenied => retry!(
                "the role that Vend assumes in the account lacks a permission",
                "compare that role with infra/member-role.yaml (deploy it again)"
            ),
            Self::MemberQuota => retry!(
                "a quota of Service Catalog in the account is reached",
                "ask for more in Service Quotas (Service Catalog) in that account"
            ),
            Self::PrincipalMissing => retry!(
                "the account has no such role, user or group",
                "create it there, or assign the permission set, or correct the stack's parameters"
            ),
            Self::ConstraintInTheWay => retry!(
                "another launch role was set for the product in the local portfolio",
                "remove that constraint in the account, or let LaunchRole name its role"
            ),
            _ => retry!(
                "the portfolio was shared, but not made usable in the account",
                "mend what the message names"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_cause_and_a_remedy_that_read_as_one_text() {
        let mut texts = Vec::new();
        for kind in FailureKind::ALL {
            assert!(!kind.cause().ends_with('.') && !kind.mend().ends_with('.'), "{kind:?}");
            assert!(kind.remedy().ends_with('.'), "{kind:?}");
            let goes_on = ["vend retry NAME --apply", "upload it again", "goes on by itself"];
            assert!(goes_on.iter().any(|it| kind.remedy().contains(it)), "{kind:?}");
            assert!(kind.cause().len() + kind.remedy().len() < 260, "{kind:?} is read in a table");
            texts.push(format!("{kind:?}: {}. What to do: {}", kind.cause(), kind.remedy()));
        }
        insta::assert_snapshot!(texts.join("\n"));
    }

    #[test]
    fn a_remedy_names_the_account() {
        let name = AccountName::new("alpha").unwrap();
        let remedy = FailureKind::Drift.remedy_for(&name);
        assert!(remedy.ends_with("then run vend retry alpha --apply."), "{remedy}");
    }
}
