//! E-mail addresses that Organizations, Control Tower and the product's template all take.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::misfit;

/// An e-mail address that every layer of AWS takes.
///
/// The intersection of Organizations' rules (`CreateAccount`, `Email`: model
/// pattern and prose), Control Tower's pre-check
/// (`[A-Z0-9a-z._%+-]+@[A-Za-z0-9.-]+[.]+[A-Za-z]+`) and the list's own rule
/// of more than seven characters. `Debug` does not print the address.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why a text is not an address that AWS takes for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailFlaw {
    /// Nothing is there.
    #[error("is empty")]
    Empty,
    /// Seven characters or fewer.
    #[error("has only {0} characters")]
    TooShort(usize),
    /// More than [`EmailAddress::LONGEST`] characters.
    #[error("has {0} characters")]
    TooLong(usize),
    /// Not exactly one `@` with something before it.
    #[error("is not of the form name@domain")]
    Form,
    /// A character that is not taken before the `@`.
    #[error("has the character {0:?} before the @")]
    Local(char),
    /// The local part begins with a dot.
    #[error("begins with a dot")]
    LeadingDot,
    /// A character that is not taken in the domain.
    #[error("has the character {0:?} in the domain")]
    Domain(char),
    /// The domain is not labels joined by single dots, ending in letters.
    #[error("has no valid domain")]
    DomainForm,
}

impl EmailAddress {
    /// Characters at least: the list's rule is "more than seven".
    pub const SHORTEST: usize = 8;
    /// Characters at most: Organizations `CreateAccount`, `Email`.
    pub const LONGEST: usize = 64;
    /// What would be accepted, in words.
    pub const ACCEPTED: &str =
        "name@domain.tld of 8 to 64 characters: letters, digits and . _ + - before the @";

    /// Reads an address.
    ///
    /// # Errors
    /// The first [`EmailFlaw`] found.
    pub fn new(text: impl Into<String>) -> Result<Self, EmailFlaw> {
        let text = text.into();
        if text.is_empty() {
            return Err(EmailFlaw::Empty);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailFlaw::Form)?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') {
            return Err(EmailFlaw::Form);
        }
        check_local(local)?;
        check_domain(domain)?;
        match text.len() {
            length if length < Self::SHORTEST => Err(EmailFlaw::TooShort(length)),
            length if length > Self::LONGEST => Err(EmailFlaw::TooLong(length)),
            _ => Ok(Self(text)),
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form two addresses share when AWS takes them for one: lower case.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.0)
    }

    /// [`key`](Self::key) of an address that was not read by [`new`](Self::new).
    #[must_use]
    pub fn key_of(text: &str) -> String {
        text.to_lowercase()
    }
}

fn check_local(local: &str) -> Result<(), EmailFlaw> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-');
    if let Some(character) = misfit(local, fits) {
        return Err(EmailFlaw::Local(character));
    }
    if local.starts_with('.') {
        return Err(EmailFlaw::LeadingDot);
    }
    Ok(())
}

fn check_domain(domain: &str) -> Result<(), EmailFlaw> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if let Some(character) = misfit(domain, fits) {
        return Err(EmailFlaw::Domain(character));
    }
    let (labels, tld) = domain.rsplit_once('.').ok_or(EmailFlaw::DomainForm)?;
    let label_fits =
        |label: &str| !(label.is_empty() || label.starts_with('-') || label.ends_with('-'));
    let tld_fits = !tld.is_empty() && tld.bytes().all(|byte| byte.is_ascii_alphabetic());
    if tld_fits && labels.split('.').all(label_fits) { Ok(()) } else { Err(EmailFlaw::DomainForm) }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailFlaw;

    fn try_from(text: String) -> Result<Self, EmailFlaw> {
        Self::new(text)
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_all_layers_take() {
        for good in ["user+tag@example.com", "a.b-c_d@ex-ample.co.uk", "abc@d.ef"] {
            assert!(EmailAddress::new(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn refuses_what_any_layer_refuses() {
        let cases = [
            ("", EmailFlaw::Empty),
            ("a@bc.de", EmailFlaw::TooShort(7)),
            ("o'neil@example.com", EmailFlaw::Local('\'')),
            (".a@example.com", EmailFlaw::LeadingDot),
            ("a@-example.com", EmailFlaw::DomainForm),
            ("a%b@example.com", EmailFlaw::Local('%')),
            ("é@example.com", EmailFlaw::Local('é')),
            ("a@ex_ample.com", EmailFlaw::Domain('_')),
            ("a@b.c d e.com", EmailFlaw::Domain(' ')),
            ("a@@example.com", EmailFlaw::Form),
            ("a@example..com", EmailFlaw::DomainForm),
            ("a@example.c0m", EmailFlaw::DomainForm),
            ("nobody.example.com", EmailFlaw::Form),
        ];
        for (text, flaw) in cases {
            assert_eq!(EmailAddress::new(text), Err(flaw), "{text}");
        }
    }

    #[test]
    fn sixty_four_characters_fit_and_sixty_five_do_not() {
        let of_length = |n: usize| format!("{}@example.com", "a".repeat(n - 12));
        assert!(EmailAddress::new(of_length(64)).is_ok());
        assert_eq!(EmailAddress::new(of_length(65)), Err(EmailFlaw::TooLong(65)));
    }

    #[test]
    fn does_not_show_itself_in_debug_output() {
        let email = EmailAddress::new("someone@example.com").unwrap();
        assert_eq!(format!("{email:?}"), "EmailAddress(…)");
    }

    #[test]
    fn is_written_as_it_was_read() {
        let email = EmailAddress::new("Some.One@example.com").unwrap();
        assert_eq!(String::from(email), "Some.One@example.com");
    }
}
