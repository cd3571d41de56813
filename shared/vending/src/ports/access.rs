//! The ports of the access that a new account is given: names, and assignments.

use async_trait::async_trait;

use super::CouldNotAsk;
pub use crate::account::PrincipalText;
use crate::account::{AccessRequest, AccountId, PrincipalKind};
use crate::ledger::Grant;

/// What every new account is given, as it is configured: names or ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessDefaults {
    /// Who gets which permission set.
    pub assignments: Vec<(PrincipalText, String)>,
    /// Which portfolios are shared.
    pub portfolios: Vec<String>,
}

impl AccessDefaults {
    /// Reads assignments (see [`read_assignment`](Self::read_assignment)), and
    /// portfolios, by name or id.
    ///
    /// # Errors
    /// A text that names the first assignment which is not of that form.
    pub fn read(assignments: &[String], portfolios: Vec<String>) -> Result<Self, String> {
        let read = assignments.iter().map(|text| Self::read_assignment(text));
        Ok(Self { assignments: read.collect::<Result<_, _>>()?, portfolios })
    }

    /// Reads one assignment, as [`AccessRequest::read_assignment`] does.
    ///
    /// # Errors
    /// A text that says what form is wanted.
    pub fn read_assignment(text: &str) -> Result<(PrincipalText, String), String> {
        let form = AccessRequest::ASSIGNMENT_FORM;
        AccessRequest::read_assignment(text)
            .map_err(|flaw| format!("{text:?} is not of the form {form}: it {flaw}"))
    }
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

impl Unresolved {
    /// There is no such group or user; the name of one that is near may be the one meant.
    #[must_use]
    pub fn principal(meant: &PrincipalText, near: Option<&str>) -> Self {
        let (text, hint) = (&meant.text, hint(near));
        let what = match meant.kind {
            PrincipalKind::Group => "group named",
            PrincipalKind::User => "user with the name or e-mail",
        };
        let what = if is_id(text) { "user or group with the id" } else { what };
        Self::Unknown(format!("there is no {what} {text:?} in IAM Identity Center{hint}"))
    }

    /// There is no such permission set; likewise.
    #[must_use]
    pub fn permission_set(text: &str, near: Option<&str>) -> Self {
        let (what, hint) = (if text.starts_with("arn:") { "" } else { "named " }, hint(near));
        Self::Unknown(format!("there is no permission set {what}{text:?}{hint}"))
    }
}

/// Whether it is as long as an id of a principal and of its characters; what is taken for
/// one or the other by mistake is only told in other words.
fn is_id(text: &str) -> bool {
    text.len() >= 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default()
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

    #[test]
    fn an_unknown_name_is_told_with_the_one_that_may_be_meant() {
        let of = |kind, text: &str, near| {
            let meant = PrincipalText { kind, text: text.to_owned() };
            Unresolved::principal(&meant, near).to_string()
        };
        assert_eq!(
            of(PrincipalKind::Group, "Platfrom-Admins", Some("Platform-Admins")),
            "there is no group named \"Platfrom-Admins\" in IAM Identity Center; did you mean \"Platform-Admins\"?"
        );
        assert_eq!(
            of(PrincipalKind::User, "jane", None),
            "there is no user with the name or e-mail \"jane\" in IAM Identity Center"
        );
        let id = "9067012345-a1b2c3d4-0004-4000-8000-000000000004";
        assert!(of(PrincipalKind::User, id, None).contains("with the id"));
        let set = Unresolved::permission_set("AWSReadonlyAcess", Some("AWSReadOnlyAccess"));
        assert_eq!(
            set.to_string(),
            "there is no permission set named \"AWSReadonlyAcess\"; did you mean \"AWSReadOnlyAccess\"?"
        );
        let set = Unresolved::permission_set("arn:aws:sso:::permissionSet/i/p", None);
        assert_eq!(
            set.to_string(),
            "there is no permission set \"arn:aws:sso:::permissionSet/i/p\""
        );
    }

    #[test]
    fn what_looks_like_an_id_is_told_as_one() {
        let user = |text: &str| {
            let meant = PrincipalText { kind: PrincipalKind::User, text: text.to_owned() };
            Unresolved::principal(&meant, None).to_string()
        };
        let id = "90676f7a5a-0a1b2c3d-4e5f-6789-abcd-ef0123456789";
        assert!(!user(id).contains("name or e-mail"), "{}", user(id));
        for name in ["abc", "somebody with a name as long as an id has"] {
            assert!(user(name).contains("name or e-mail"), "{}", user(name));
        }
    }
}
