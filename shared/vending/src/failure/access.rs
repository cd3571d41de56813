//! How the reasons for which access or a portfolio was not given are understood: codes
//! of Identity Center and Service Catalog, and the words that come with them.

use super::FailureKind;

/// What either service says, or Vend of both.
const EITHER: [(&str, FailureKind); 5] = [
    ("still told to wait after", FailureKind::AccessBusy),
    ("has not ended it within", FailureKind::AccessOverdue),
    ("kms_", FailureKind::KeyDenied),
    ("accessdenied", FailureKind::HandoverDenied),
    ("not authorized", FailureKind::HandoverDenied),
];

/// What IAM Identity Center says of quotas that no patience lifts, however long it was
/// waited for: the quota of requests under way has the same code.
const STANDING: [(&str, FailureKind); 2] = [
    ("rolesperaccount", FailureKind::PermissionSetQuota),
    ("number of permission sets", FailureKind::PermissionSetQuota),
];

/// What IAM Identity Center says (API reference, `CreateAccountAssignment`).
const ASSIGNMENTS: [(&str, FailureKind); 4] = [
    ("servicequotaexceeded", FailureKind::PermissionSetQuota),
    ("resourcenotfound", FailureKind::PrincipalGone),
    ("could not be found", FailureKind::PrincipalGone),
    ("conflictexception", FailureKind::AccessBusy),
];

/// What Service Catalog says (API reference, `CreatePortfolioShare` and
/// `DescribePortfolioShareStatus`).
const SHARES: [(&str, FailureKind); 9] = [
    ("organizations access", FailureKind::SharingOff),
    ("organizationsaccess", FailureKind::SharingOff),
    ("trusted access", FailureKind::SharingOff),
    ("shared resource", FailureKind::ShareOfShare),
    ("limitexceeded", FailureKind::ShareQuota),
    ("resourcenotfound", FailureKind::PortfolioGone),
    ("completed_with_errors", FailureKind::ShareIncomplete),
    ("without this account", FailureKind::ShareIncomplete),
    ("shared, but not with", FailureKind::ShareIncomplete),
];

/// What is said when a portfolio is made usable in an account: Vend's own words, STS's, and
/// Service Catalog's (API reference, `AssociatePrincipalWithPortfolio`, `CreateConstraint`,
/// `AcceptPortfolioShare`). What a wait to the end was for says more than that it was long.
const MEMBERS: [(&str, FailureKind); 9] = [
    ("no way in", FailureKind::NoWayIn),
    ("sts:assumerole", FailureKind::NoWayIn),
    ("there is no role", FailureKind::PrincipalMissing),
    ("there is no principal", FailureKind::PrincipalMissing),
    ("is launched by", FailureKind::ConstraintInTheWay),
    ("limitexceeded", FailureKind::MemberQuota),
    ("accessdenied", FailureKind::MemberDenied),
    ("not authorized", FailureKind::MemberDenied),
    ("still told to wait after", FailureKind::AccessBusy),
];

/// Understands why a portfolio was not made usable in an account, likewise.
#[must_use]
pub fn classify_usable(reason: &str) -> FailureKind {
    among(&MEMBERS, reason).unwrap_or(FailureKind::NotUsable)
}

/// Understands why an assignment was not made, whatever the case of the words.
#[must_use]
pub fn classify_assignment(reason: &str) -> FailureKind {
    let standing = among(&STANDING, reason);
    standing.or_else(|| find(&ASSIGNMENTS, reason)).unwrap_or(FailureKind::AssignmentFailed)
}

/// Understands why a portfolio was not shared, likewise.
#[must_use]
pub fn classify_share(reason: &str) -> FailureKind {
    find(&SHARES, reason).unwrap_or(FailureKind::ShareFailed)
}

fn find(known: &[(&str, FailureKind)], reason: &str) -> Option<FailureKind> {
    among(&EITHER, reason).or_else(|| among(known, reason))
}

fn among(known: &[(&str, FailureKind)], reason: &str) -> Option<FailureKind> {
    let said = reason.to_lowercase();
    known.iter().find(|(words, _)| said.contains(words)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A test for each reason, named by what it is.
    macro_rules! understood {
        ($($by:ident $case:ident: $reason:literal => $kind:ident;)*) => {
            $(#[test]
            fn $case() {
                let kind = $by($reason);
                assert_eq!(kind, FailureKind::$kind);
                assert!(kind.remedy().contains("vend retry NAME --apply"), "the row is not wrong");
            })*
        };
    }

    understood! {
        classify_assignment an_assignment_for_which_iam_has_no_more_roles:
            "Received a 409 status error: Cannot exceed quota for RolesPerAccount: 1000"
            => PermissionSetQuota;
        classify_assignment an_assignment_beyond_the_quota_of_permission_sets:
            "still told to wait after 24 tries: ServiceQuotaExceededException: You have reached the maximum number of permission sets for this account"
            => PermissionSetQuota;
        classify_assignment an_assignment_to_a_principal_that_is_gone:
            "ResourceNotFoundException: GROUP 1234 not found" => PrincipalGone;
        classify_assignment an_assignment_that_conflicted_to_the_end:
            "still told to wait after 24 tries: ConflictException: there is a conflicting operation in process"
            => AccessBusy;
        classify_assignment an_assignment_that_conflicted_with_an_earlier_write:
            "ConflictException: conflict with a previous successful write" => AccessBusy;
        classify_assignment an_assignment_that_was_throttled_to_the_end:
            "still told to wait after 24 tries: ThrottlingException: Rate exceeded" => AccessBusy;
        classify_assignment an_assignment_that_was_one_too_many_to_the_end:
            "still told to wait after 24 tries: ServiceQuotaExceededException: the limit of 10 outstanding account assignments is reached"
            => AccessBusy;
        classify_assignment an_assignment_that_the_key_is_throttled_for:
            "still told to wait after 24 tries: ThrottlingException: slow down (KMS_ThrottlingException)"
            => AccessBusy;
        classify_assignment an_assignment_in_the_management_account_by_a_delegated_administrator:
            "AccessDeniedException: a delegated administrator cannot manage permission sets provisioned in the management account"
            => HandoverDenied;
        classify_assignment an_assignment_that_never_ends:
            "AWS has not ended it within 60 minutes" => AccessOverdue;
        classify_assignment an_assignment_that_the_key_forbids:
            "AccessDeniedException: KMS_AccessDeniedException" => KeyDenied;
        classify_assignment an_assignment_that_the_role_may_not_make:
            "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/x is not authorized to perform: sso:CreateAccountAssignment"
            => HandoverDenied;
        classify_assignment an_assignment_that_fails_for_a_new_reason:
            "ValidationException: something new" => AssignmentFailed;
        classify_share a_share_without_trusted_access:
            "InvalidStateException: AWS Organizations Access is not enabled" => SharingOff;
        classify_share a_share_by_an_operation_that_trusted_access_is_needed_for:
            "OperationNotSupportedException: EnableAWSOrganizationsAccess must be called first"
            => SharingOff;
        classify_share a_share_of_what_was_shared:
            "OperationNotSupportedException: You can't share a shared resource, including portfolios that contain a shared product."
            => ShareOfShare;
        classify_share a_share_beyond_the_quota:
            "LimitExceededException: the portfolio has too many shares" => ShareQuota;
        classify_share a_share_of_a_portfolio_that_is_gone:
            "ResourceNotFoundException: Portfolio port-1 not found" => PortfolioGone;
        classify_share a_share_that_completes_with_errors: "COMPLETED_WITH_ERRORS" => ShareIncomplete;
        classify_share a_share_that_completes_without_the_account:
            "Service Catalog says that it shared, but not with 123456789012, and not why"
            => ShareIncomplete;
        classify_share a_share_that_waits_to_the_end:
            "still told to wait after 24 tries: InvalidStateException: a share is under way"
            => AccessBusy;
        classify_share a_share_that_the_role_may_not_make:
            "AccessDeniedException: not authorized to perform: servicecatalog:CreatePortfolioShare"
            => HandoverDenied;
        classify_share a_share_that_fails_for_a_new_reason:
            "InvalidParametersException: something new" => ShareFailed;
        classify_usable an_account_without_a_role_to_assume:
            "still told to wait after 24 tries: no way in: AccessDenied: User: x is not authorized to perform: sts:AssumeRole"
            => NoWayIn;
        classify_usable a_permission_set_that_never_comes_to_the_account:
            "still told to wait after 24 tries: there is no role of permission set AWSReadOnlyAccess in the account"
            => PrincipalMissing;
        classify_usable a_principal_that_is_not_there:
            "still told to wait after 8 tries: there is no principal arn:aws:iam::123456789012:role/x"
            => PrincipalMissing;
        classify_usable a_launch_role_of_somebody_else:
            "prod-1 is launched by Other, which was set by somebody else" => ConstraintInTheWay;
        classify_usable a_role_that_may_not_do_it:
            "AccessDeniedException: User: x is not authorized to perform: servicecatalog:CreatePortfolio"
            => MemberDenied;
        classify_usable a_portfolio_with_too_many_principals:
            "LimitExceededException: the portfolio has too many principals" => MemberQuota;
        classify_usable a_portfolio_that_never_arrives:
            "still told to wait after 24 tries: the portfolio has not arrived" => AccessBusy;
        classify_usable a_product_that_is_launched_as_a_stack_set:
            "product prod-1 is launched by a STACKSET constraint" => ConstraintInTheWay;
        classify_usable an_account_whose_profile_service_catalog_never_has:
            "still told to wait after 24 tries: InvalidParametersException: profile does not exist"
            => AccessBusy;
        classify_usable something_new_in_an_account:
            "InvalidParametersException: something new" => NotUsable;
    }
}
