//! Service Catalog's ids and the patterns of its API's model.

use chrono::Duration;
use rand::{Rng, RngExt};

use super::CatalogRefusal;

const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Real ids have as many characters behind their prefix.
const LENGTH: usize = 13;

/// A new id: `prefix`, a hyphen, and 13 lower-case letters and digits.
pub(crate) fn new_id(prefix: &str, chance: &mut impl Rng) -> String {
    let mut pick = || char::from(ALPHABET[chance.random_range(0..ALPHABET.len())]);
    let rest: String = (0..LENGTH).map(|_| pick()).collect();
    format!("{prefix}-{rest}")
}

/// A stretch of time between two numbers of seconds, both included.
pub(super) fn seconds(range: std::ops::RangeInclusive<i64>, chance: &mut impl Rng) -> Duration {
    Duration::seconds(chance.random_range(range))
}

/// Looks whether `token` follows `[a-zA-Z0-9][a-zA-Z0-9_-]*`, 1-128 characters.
pub(crate) fn check_token(member: &str, token: &str) -> Result<(), CatalogRefusal> {
    check(member, token, "[a-zA-Z0-9][a-zA-Z0-9_-]*", "_-")
}

/// Looks whether `name` follows `[a-zA-Z0-9][a-zA-Z0-9._-]*`, 1-128 characters.
pub(super) fn check_name(name: &str) -> Result<(), CatalogRefusal> {
    check("provisionedProductName", name, "[a-zA-Z0-9][a-zA-Z0-9._-]*", "._-")
}

fn check(member: &str, value: &str, pattern: &str, also: &str) -> Result<(), CatalogRefusal> {
    let plain = |c: char| c.is_ascii_alphanumeric();
    let fits = value.starts_with(plain) && value.chars().all(|c| plain(c) || also.contains(c));
    let constraint = match value.len() {
        0 => "Member must have length greater than or equal to 1".to_owned(),
        1..=128 if fits => return Ok(()),
        1..=128 => format!("Member must satisfy regular expression pattern: {pattern}"),
        _ => "Member must have length less than or equal to 128".to_owned(),
    };
    Err(CatalogRefusal::Malformed(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_cannot_be_an_email_or_a_timestamp() {
        for token in ["", "a@b.c", "2026-01-21T12:06:51Z", "_a", "-a", &"a".repeat(129)] {
            assert!(check_token("provisionToken", token).is_err(), "{token}");
        }
        for token in ["a", "0b-_", &"a".repeat(128)] {
            assert_eq!(check_token("provisionToken", token), Ok(()), "{token}");
        }
    }

    #[test]
    fn a_name_has_dots_and_no_spaces() {
        assert_eq!(check_name("Team-1.dev_2"), Ok(()));
        assert!(check_name("Example product 1").is_err());
    }
}
