//! What Control Tower says when something goes wrong. AWS's own words where a
//! user or the documentation has reported them; each constant says so.

/// Reported by Gruntwork's users, with the quota of the moment in it.
pub(super) fn too_many_operations(quota: usize) -> String {
    format!(
        "ResourceInUseException: Account Factory cannot complete an operation on this account, because the allowed maximum of {quota} concurrent account operations is exceeded. Try again later."
    )
}

/// AWS's words (terraform-aws-control_tower_account_factory #363).
pub(super) const OTHER_OPERATION: &str = "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later.";

/// AWS's words (aws-control-tower-automate-account-creation #9).
pub(super) const OTHER_EXECUTION: &str = "ResourceInUseException Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later.";

/// AWS's words, reported by a user in 2022.
pub(super) fn not_activated(account: &str) -> String {
    format!(
        "AWS Control Tower cannot complete the operation because activation of account {account} not complete. Try again in one hour. If this error persists, contact AWS Support."
    )
}

/// AWS's words (terraform-aws-control_tower_account_factory #39).
pub(super) const QUOTA: &str = "AWS Control Tower cannot create an account because you have reached the limit on the number of accounts in your organization.";

/// "the email address provided is associated with another account" is AWS's
/// (landing-zone-accelerator-on-aws #162), as is the reason; the whole is not.
pub(super) const EMAIL_IN_USE: &str = "InvalidParametersException: AWS Control Tower cannot create an account because the email address provided is associated with another account (EMAIL_ALREADY_EXISTS).";

/// AWS's words (documentation, troubleshooting).
pub(super) const ROLE: &str = "AWSControlTowerExecution role can't be assumed on the account.";

/// AWS's words (documentation, troubleshooting).
pub(super) const BASELINE: &str = "AWS Control Tower could not baseline VPC in the managed account because of existing resource dependencies.";

/// Ours; the reason is Organizations' own.
pub(super) const CREATION: &str = "AWS Control Tower cannot create an account because of an error in AWS Organizations (INTERNAL_FAILURE).";

/// Ours, in the form of IAM's refusals.
pub(super) fn denied(session: &str) -> String {
    format!(
        "AccessDeniedException: User: {session} is not authorized to perform: controltower:CreateManagedAccount"
    )
}

/// Ours: nobody reported what AWS says.
pub(super) fn unregistered(unit: &str) -> String {
    format!(
        "AWS Control Tower cannot create an account in the organizational unit {unit} because it is not registered with AWS Control Tower."
    )
}
