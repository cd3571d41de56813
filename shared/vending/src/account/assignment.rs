//! Reading an assignment and a portfolio as people write them.

use super::{AccessRequest, PersonName, PrincipalKind, PrincipalText};

/// Characters of a group's name at most: Identity Store's `GroupDisplayName`.
const LONGEST_GROUP: usize = 1_024;
/// Characters of a user's name at most: Identity Store's `UserName`.
const LONGEST_USER: usize = 128;
/// Characters of a permission set's name at most: Identity Center's `PermissionSetName`.
const LONGEST_PERMISSION_SET: usize = 32;
/// Characters of an ARN at most: Identity Center's `PermissionSetArn` has fewer.
const LONGEST_ARN: usize = 128;
/// Characters of a portfolio's name or id at most: Service Catalog's `PortfolioDisplayName`
/// and `PortfolioId`.
const LONGEST_PORTFOLIO: usize = 100;

/// Why a text is no assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssignmentFlaw {
    /// There is no `=`.
    #[error("has no '=' in front of a permission set")]
    NoPermissionSet,
    /// What stands before the name says neither.
    #[error("begins with neither group: nor user:")]
    NoKind,
    /// Nothing is left of the group's or user's name.
    #[error("names no {0}")]
    NoName(&'static str),
    /// The name has that character, which no name has.
    #[error("has the character {0:?}")]
    Character(char),
    /// The name of the group or user is too long.
    #[error("names a {kind} with {length} characters, and {most} are the most")]
    LongName {
        /// `group` or `user`.
        kind: &'static str,
        /// Its characters.
        length: usize,
        /// The most.
        most: usize,
    },
    /// What follows the `=` can be neither name nor ARN of a permission set.
    #[error(
        "has no name of a permission set after the '=', which is 1 to 32 of letters, digits and _ + , . @ -"
    )]
    PermissionSet,
}

/// Why a text is no portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PortfolioFlaw {
    /// Nothing is left after [`AccessRequest::LOCAL`].
    #[error("names no portfolio")]
    NoName,
    /// The name has that character, which no name has.
    #[error("has the character {0:?}")]
    Character(char),
    /// It is too long.
    #[error("has {0} characters")]
    TooLong(usize),
}

impl AccessRequest {
    /// How an assignment is written, in words.
    pub const ASSIGNMENT_FORM: &str = "group:NAME=PERMISSION-SET or user:NAME=PERMISSION-SET";

    /// Reads one assignment, written as [`ASSIGNMENT_FORM`](Self::ASSIGNMENT_FORM) says,
    /// with names or ids. The last `=` separates: a group may have one in its name, a
    /// permission set that has one can be given by its ARN.
    ///
    /// # Errors
    /// The first [`AssignmentFlaw`] found.
    pub fn read_assignment(text: &str) -> Result<(PrincipalText, String), AssignmentFlaw> {
        let (principal, set) = text.rsplit_once('=').ok_or(AssignmentFlaw::NoPermissionSet)?;
        let principal = read_principal(principal)?;
        let set = set.trim();
        if !is_permission_set(set) {
            return Err(AssignmentFlaw::PermissionSet);
        }
        Ok((principal, set.to_owned()))
    }

    /// Reads one portfolio by name or id, with [`LOCAL`](Self::LOCAL) in front or not.
    ///
    /// # Errors
    /// The first [`PortfolioFlaw`] found.
    pub fn read_portfolio(text: &str) -> Result<String, PortfolioFlaw> {
        let text = text.trim();
        let (local, name) = match text.split_at_checked(Self::LOCAL.len()) {
            Some((local, name)) if local.eq_ignore_ascii_case(Self::LOCAL) => (Self::LOCAL, name),
            Some(_) | None => ("", text),
        };
        let name = name.trim();
        let length = name.chars().count();
        match PersonName::control_in(name) {
            _ if name.is_empty() => Err(PortfolioFlaw::NoName),
            Some(control) => Err(PortfolioFlaw::Character(control)),
            None if length > LONGEST_PORTFOLIO => Err(PortfolioFlaw::TooLong(length)),
            None => Ok(format!("{local}{name}")),
        }
    }
}

fn read_principal(text: &str) -> Result<PrincipalText, AssignmentFlaw> {
    let (kind, name) = text.split_once(':').ok_or(AssignmentFlaw::NoKind)?;
    let (kind, most) = match kind.trim() {
        group if group.eq_ignore_ascii_case("group") => (PrincipalKind::Group, LONGEST_GROUP),
        user if user.eq_ignore_ascii_case("user") => (PrincipalKind::User, LONGEST_USER),
        _ => return Err(AssignmentFlaw::NoKind),
    };
    let name = name.trim();
    let length = name.chars().count();
    let word = kind.as_str();
    match PersonName::control_in(name) {
        _ if name.is_empty() => Err(AssignmentFlaw::NoName(word)),
        Some(control) => Err(AssignmentFlaw::Character(control)),
        None if length > most => Err(AssignmentFlaw::LongName { kind: word, length, most }),
        None => Ok(PrincipalText { kind, text: name.to_owned() }),
    }
}

/// Identity Center's `PermissionSetName`, `[\w+=,.@-]{1,32}`, or an ARN.
fn is_permission_set(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    let is_name = (1..=LONGEST_PERMISSION_SET).contains(&text.len()) && text.bytes().all(fits);
    is_name || is_permission_set_arn(text)
}

fn is_permission_set_arn(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-".contains(&byte);
    let names = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":sso:::permissionSet/"));
    names.is_some() && text.len() <= LONGEST_ARN && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let read = AccessRequest::read_assignment(text);
        read.map(|(principal, set)| format!("{principal} > {set}")).map_err(|flaw| flaw.to_string())
    }

    #[test]
    fn an_assignment_is_read_by_names_ids_and_arns() {
        let arn = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef";
        for (text, expected) in [
            ("group:Admins=X".to_owned(), "group:Admins > X".to_owned()),
            (" Group : Platform = Admins = X ".into(), "group:Platform = Admins > X".into()),
            ("USER:a:b@example.com=A_b+,.@-9".into(), "user:a:b@example.com > A_b+,.@-9".into()),
            (format!("group:Admins={arn}"), format!("group:Admins > {arn}")),
        ] {
            assert_eq!(read(&text), Ok(expected));
        }
    }

    #[test]
    fn what_is_wrong_with_an_assignment_is_said() {
        let (group, user) = ("g".repeat(1_025), "u".repeat(129));
        let permission_set = "has no name of a permission set after the '=', \
            which is 1 to 32 of letters, digits and _ + , . @ -";
        for (text, expected) in [
            ("group:Admins", "has no '=' in front of a permission set"),
            ("Admins=X", "begins with neither group: nor user:"),
            ("team:Admins=X", "begins with neither group: nor user:"),
            ("group: =X", "names no group"),
            ("user:=X", "names no user"),
            ("group:a\nb=X", "has the character '\\n'"),
            ("group:a\u{202e}b=X", "has the character '\\u{202e}'"),
            (&format!("group:{group}=X"), "1025 characters, and 1024 are the most"),
            (&format!("user:{user}=X"), "names a user with 129 characters, and 128 are the most"),
            ("user:jane=", permission_set),
            ("user:jane=two words", permission_set),
            (&format!("user:jane={}", "x".repeat(33)), permission_set),
            ("user:jane=arn:aws:iam::aws:policy/X", permission_set),
            (&format!("user:jane=arn:aws:sso:::permissionSet/{}", "x".repeat(101)), permission_set),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.ends_with(expected), "{text}: {told}");
        }
        assert!(read(&format!("group:{}=X", "g".repeat(1_024))).is_ok());
        assert!(read(&format!("user:{}={}", "u".repeat(128), "x".repeat(32))).is_ok());
    }

    #[test]
    fn a_portfolio_is_read_with_the_form_that_is_asked_for() {
        let read = AccessRequest::read_portfolio;
        let longest = "x".repeat(100);
        for (text, expected) in [
            (" Networking, EU ", "Networking, EU"),
            ("port-abc", "port-abc"),
            ("Local: Shared", "local:Shared"),
            ("locale", "locale"),
            ("é", "é"),
            (&longest, &longest),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected));
        }
        assert_eq!(read("local:"), Err(PortfolioFlaw::NoName));
        assert_eq!(read("a\tb"), Err(PortfolioFlaw::Character('\t')));
        assert_eq!(read(&"x".repeat(101)), Err(PortfolioFlaw::TooLong(101)));
    }

    proptest! {
        /// What was read is written so that it is read as the same.
        #[test]
        fn an_assignment_reads_back_to_itself(
            text in "(group|User|team)? ?:[ =:a-zé]{0,9}=[ a-zA-Z@,.+_-]{0,34}|\\PC{0,40}",
        ) {
            if let Ok(assignment) = AccessRequest::read_assignment(&text) {
                let assignments = vec![assignment.clone()];
                let asked = AccessRequest { assignments, ..AccessRequest::default() };
                let [text] = asked.assignment_texts().try_into().unwrap();
                prop_assert_eq!(AccessRequest::read_assignment(&text), Ok(assignment));
            }
        }

        #[test]
        fn a_portfolio_reads_back_to_itself(text in "(LOCAL: *)?[ :a-zé]{0,9}|\\PC{0,110}") {
            if let Ok(portfolio) = AccessRequest::read_portfolio(&text) {
                prop_assert_eq!(AccessRequest::read_portfolio(&portfolio), Ok(portfolio.clone()));
            }
        }
    }
}
