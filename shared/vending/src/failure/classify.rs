//! How AWS's words are understood. Control Tower's failures come as text in a
//! status message, not as error codes, so they are matched on what they say.

use super::{Failure, FailureKind};

/// What Control Tower asks us to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitKind {
    /// It is busy with other operations, or throttles: nothing can be launched now.
    Busy,
    /// It is not done with activating this one account.
    Activating,
}

/// What a message of AWS's means for the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Launch it again later.
    Wait(WaitKind),
    /// It failed.
    Fail(Failure),
}

/// What Control Tower says when it asks for patience. Texts as users reported
/// them; `Activating` first, since its message also says "try again". The last three are
/// reasons of Organizations', which take so many new accounts at a time.
const WAITS: [(&str, WaitKind); 10] = [
    ("try again in one hour", WaitKind::Activating),
    ("try again later", WaitKind::Busy),
    ("resourceinuse", WaitKind::Busy),
    ("another execution is in progress", WaitKind::Busy),
    ("rate exceeded", WaitKind::Busy),
    ("throttl", WaitKind::Busy),
    ("too many requests", WaitKind::Busy),
    ("account_creation_rate_limit_exceeded", WaitKind::Busy),
    ("accounts that can be in progress", WaitKind::Busy),
    ("concurrent_account_modification", WaitKind::Busy),
];

/// What Control Tower, Organizations and Service Catalog say when it is over. Words in
/// capitals are Organizations' `CreateAccountFailureReason`.
const FAILURES: [(&str, FailureKind); 30] = [
    ("limit on the number of accounts", FailureKind::AccountQuota),
    ("account_limit_exceeded", FailureKind::AccountQuota),
    ("email_already_exists", FailureKind::EmailInUse),
    ("email address is already", FailureKind::EmailInUse),
    ("is associated with another account", FailureKind::EmailInUse),
    ("email already", FailureKind::EmailInUse),
    ("govcloud_account_already_exists", FailureKind::EmailInUse),
    ("invalid_email", FailureKind::EmailRefused),
    ("invalid_address", FailureKind::BillingIncomplete),
    ("missing_business_validation", FailureKind::BillingIncomplete),
    ("payment_instrument", FailureKind::BillingIncomplete),
    ("internal_failure", FailureKind::CreationFailed),
    ("no launch paths found", FailureKind::NoLaunchPath),
    ("not registered", FailureKind::UnitNotRegistered),
    ("is not managed by", FailureKind::UnitNotRegistered),
    ("been moved to a new organizational unit", FailureKind::AccountMoved),
    ("awscontroltowerexecution", FailureKind::RoleNotAssumable),
    ("not authorized", FailureKind::PermissionMissing),
    ("accessdenied", FailureKind::PermissionMissing),
    ("access denied", FailureKind::PermissionMissing),
    ("drift", FailureKind::Drift),
    ("baseline vpc", FailureKind::VpcInUse),
    ("existing resource dependencies", FailureKind::VpcInUse),
    ("delivery channel", FailureKind::ConfigInTheWay),
    ("configuration recorder", FailureKind::ConfigInTheWay),
    ("config recorder", FailureKind::ConfigInTheWay),
    ("already exists", FailureKind::NameTaken),
    ("invalidparameters", FailureKind::InvalidParameters),
    ("invalid parameter", FailureKind::InvalidParameters),
    ("validationexception", FailureKind::InvalidParameters),
];

/// Understands a message of AWS's, whatever its case.
#[must_use]
pub fn classify(message: &str) -> Verdict {
    let said = message.to_lowercase();
    let wait = WAITS.iter().find(|(words, _)| said.contains(words));
    if let Some((_, kind)) = wait {
        return Verdict::Wait(*kind);
    }
    let failure = FAILURES.iter().find(|(words, _)| said.contains(words));
    let kind = failure.map_or(FailureKind::Unknown, |(_, kind)| *kind);
    Verdict::Fail(Failure::new(kind, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(message: &str) -> FailureKind {
        match classify(message) {
            Verdict::Fail(failure) => failure.kind,
            Verdict::Wait(wait) => panic!("{message} means wait: {wait:?}"),
        }
    }

    /// A test for each message that means to wait, named by what it is.
    macro_rules! waits {
        ($($case:ident: $message:literal => $wait:ident;)*) => {
            $(#[test]
            fn $case() {
                assert_eq!(classify($message), Verdict::Wait(WaitKind::$wait));
                assert_eq!(classify(&$message.to_uppercase()), Verdict::Wait(WaitKind::$wait));
            })*
        };
    }

    /// A test for each message that is an end, with what the remedy comes to.
    macro_rules! fails {
        ($($case:ident: $message:literal => $kind:ident, $remedy:literal;)*) => {
            $(#[test]
            fn $case() {
                let kind = kind($message);
                assert_eq!(kind, FailureKind::$kind);
                assert!(kind.remedy().contains($remedy), "{}", kind.remedy());
            })*
        };
    }

    waits! {
        five_operations_at_a_time:
            "ResourceInUseException: Account Factory cannot complete an operation on this account, because the allowed maximum of 5 concurrent account operations is exceeded. Try again later."
            => Busy;
        another_operation:
            "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later."
            => Busy;
        another_execution:
            "ResourceInUseException Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later."
            => Busy;
        organizations_throttles:
            "Rate exceeded (Service: AWSOrganizations; Status Code: 400)" => Busy;
        somebody_throttles: "ThrottlingException" => Busy;
        too_many_requests: "TooManyRequestsException: Too many requests" => Busy;
        too_many_accounts_in_the_making:
            "ConstraintViolationException: ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED: You attempted to exceed the number of accounts that can be in progress at a time."
            => Busy;
        the_account_is_being_changed: "CONCURRENT_ACCOUNT_MODIFICATION" => Busy;
        an_activation_that_is_not_complete:
            "AWS Control Tower cannot complete the operation because activation of account 123456789012 not complete. Try again in one hour. If this error persists, contact AWS Support."
            => Activating;
    }

    fails! {
        as_many_accounts_as_there_may_be:
            "AWS Control Tower cannot create an account because you have reached the limit on the number of accounts in your organization."
            => AccountQuota, "Service Quotas";
        the_reason_of_the_quota: "ACCOUNT_LIMIT_EXCEEDED" => AccountQuota, "vend retry NAME --apply";
        an_email_in_use: "EMAIL_ALREADY_EXISTS" => EmailInUse, "correct the row and upload it again";
        an_email_in_use_in_control_towers_words:
            "InvalidParametersException: AWS Control Tower cannot create an account because the email address provided is associated with another account"
            => EmailInUse, "correct the row";
        an_email_that_aws_refuses: "INVALID_EMAIL" => EmailRefused, "correct the row and upload it again";
        an_organization_without_a_valid_address: "INVALID_ADDRESS" => BillingIncomplete, "Billing console";
        an_organization_without_a_validated_business:
            "MISSING_BUSINESS_VALIDATION" => BillingIncomplete, "Billing console";
        an_organization_without_a_payment_instrument:
            "MISSING_PAYMENT_INSTRUMENT" => BillingIncomplete, "vend retry NAME --apply";
        an_organization_with_an_invalid_payment_instrument:
            "INVALID_PAYMENT_INSTRUMENT" => BillingIncomplete, "vend retry NAME --apply";
        organizations_own_failure: "INTERNAL_FAILURE" => CreationFailed, "vend retry NAME --apply";
        a_role_that_cannot_be_assumed:
            "AWSControlTowerExecution role can't be assumed on the account."
            => RoleNotAssumable, "create AWSControlTowerExecution";
        a_vpc_that_is_in_use:
            "AWS Control Tower could not baseline VPC in the managed account because of existing resource dependencies."
            => VpcInUse, "default VPCs";
        a_delivery_channel_that_is_there:
            "AWS Control Tower cannot create an AWS Config delivery channel because one already exists. To continue, delete the existing delivery channel and try again."
            => ConfigInTheWay, "delivery channel";
        a_recorder_that_is_there:
            "AWS Control Tower cannot create an AWS Config configuration recorder because one already exists."
            => ConfigInTheWay, "Config recorder";
        an_account_that_was_moved:
            "AWS Control Tower detects that your enrolled account has been moved to a new organizational unit."
            => AccountMoved, "update the account in Control Tower";
        a_unit_that_is_not_registered:
            "AWS Control Tower cannot create an account in the organizational unit Test because it is not registered with AWS Control Tower."
            => UnitNotRegistered, "name a registered one: correct the row";
        a_landing_zone_in_drift: "The landing zone is in drift" => Drift, "repair the landing zone";
        a_name_that_is_taken: "A stack named vend-a already exists." => NameTaken, "another AccountName";
        a_role_without_a_launch_path:
            "No launch paths found for resource: prod-abc" => NoLaunchPath, "associate the provision role";
        a_permission_that_is_missing:
            "User: arn:aws:sts::111122223333:assumed-role/x is not authorized to perform: sso:GetProfile"
            => PermissionMissing, "compare the provision role";
        values_that_are_refused:
            "InvalidParametersException: Parameter SSOUserEmail is odd" => InvalidParameters, "correct the row";
        a_user_that_is_disabled:
            "AWS Control Tower cannot create an account because the IAM Identity Center user is disabled."
            => Unknown, "vend retry NAME --apply";
        something_new: "something new" => Unknown, "vend retry NAME --apply";
    }

    #[test]
    fn the_message_has_the_cause_the_words_and_the_remedy() {
        let text = Failure::new(FailureKind::EmailInUse, "EMAIL_ALREADY_EXISTS").message();
        assert!(text.starts_with("the account e-mail already belongs"), "{text}");
        assert!(text.contains("(EMAIL_ALREADY_EXISTS). What to do: use an address"), "{text}");
    }
}
