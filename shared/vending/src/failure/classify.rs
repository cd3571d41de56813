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
/// them; `Activating` first, since its message also says "try again".
const WAITS: [(&str, WaitKind); 7] = [
    ("try again in one hour", WaitKind::Activating),
    ("try again later", WaitKind::Busy),
    ("resourceinuse", WaitKind::Busy),
    ("another execution is in progress", WaitKind::Busy),
    ("rate exceeded", WaitKind::Busy),
    ("throttl", WaitKind::Busy),
    ("too many requests", WaitKind::Busy),
];

/// What Control Tower, Organizations and Service Catalog say when it is over.
const FAILURES: [(&str, FailureKind); 20] = [
    ("limit on the number of accounts", FailureKind::AccountQuota),
    ("account_limit_exceeded", FailureKind::AccountQuota),
    ("email_already_exists", FailureKind::EmailInUse),
    ("email address is already", FailureKind::EmailInUse),
    ("email already", FailureKind::EmailInUse),
    ("no launch paths found", FailureKind::NoLaunchPath),
    ("not registered", FailureKind::UnitNotRegistered),
    ("is not managed by", FailureKind::UnitNotRegistered),
    ("awscontroltowerexecution", FailureKind::RoleNotAssumable),
    ("not authorized", FailureKind::PermissionMissing),
    ("accessdenied", FailureKind::PermissionMissing),
    ("access denied", FailureKind::PermissionMissing),
    ("drift", FailureKind::Drift),
    ("baseline vpc", FailureKind::AccountNotClean),
    ("delivery channel", FailureKind::AccountNotClean),
    ("configuration recorder", FailureKind::AccountNotClean),
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

    #[test]
    fn busy_means_wait_in_every_wording_users_have_met() {
        for message in [
            "ResourceInUseException: Account Factory cannot complete an operation on this account, because the allowed maximum of 5 concurrent account operations is exceeded. Try again later.",
            "Account Factory cannot complete an operation on this account, because another AWS Control Tower operation is in progress. Try again later.",
            "ResourceInUseException Account Factory cannot create this enrolled account right now, because another execution is in progress. Try again later.",
            "Rate exceeded (Service: AWSOrganizations; Status Code: 400)",
            "ThrottlingException",
        ] {
            assert_eq!(classify(message), Verdict::Wait(WaitKind::Busy), "{message}");
        }
    }

    #[test]
    fn an_activation_that_is_not_complete_means_wait_for_an_hour() {
        let message = "AWS Control Tower cannot complete the operation because activation of account 123456789012 not complete. Try again in one hour. If this error persists, contact AWS Support.";
        assert_eq!(classify(message), Verdict::Wait(WaitKind::Activating));
    }

    #[test]
    fn known_failures_are_named() {
        let cases = [
            (
                "AWS Control Tower cannot create an account because you have reached the limit on the number of accounts in your organization.",
                FailureKind::AccountQuota,
            ),
            (
                "AWSControlTowerExecution role can't be assumed on the account.",
                FailureKind::RoleNotAssumable,
            ),
            (
                "AWS Control Tower could not baseline VPC in the managed account because of existing resource dependencies.",
                FailureKind::AccountNotClean,
            ),
            (
                "AWS Control Tower cannot create an AWS Config delivery channel because one already exists.",
                FailureKind::AccountNotClean,
            ),
            ("A stack named vend-a already exists.", FailureKind::NameTaken),
            ("No launch paths found for resource: prod-abc", FailureKind::NoLaunchPath),
            ("EMAIL_ALREADY_EXISTS", FailureKind::EmailInUse),
            (
                "User: arn:aws:sts::111122223333:assumed-role/x is not authorized to perform: sso:GetProfile",
                FailureKind::PermissionMissing,
            ),
            ("something new", FailureKind::Unknown),
        ];
        for (message, expected) in cases {
            assert_eq!(kind(message), expected, "{message}");
        }
    }

    #[test]
    fn the_message_has_the_cause_the_words_and_the_remedy() {
        let text = Failure::new(FailureKind::EmailInUse, "EMAIL_ALREADY_EXISTS").message();
        assert!(text.starts_with("the account e-mail already belongs"), "{text}");
        assert!(text.contains("(EMAIL_ALREADY_EXISTS). What to do: use an address"), "{text}");
    }
}
