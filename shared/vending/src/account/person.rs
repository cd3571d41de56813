//! First and last names of people.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A first or last name: not blank, trimmed, without [control characters](Self::is_control).
/// `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(String);

impl PersonName {
    /// Characters at most. Identity Center's `GivenName` and `FamilyName` take 1024;
    /// nobody's name comes near, and a row is hostile input.
    pub const LONGEST: usize = 128;
    /// What would be accepted, in words.
    pub const ACCEPTED: &str = "a name of 1 to 128 characters that is not blank";

    /// Reads a name, trimming it; `None` when it is blank, too long or has a control character.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=Self::LONGEST).contains(&text.chars().count());
        (fits && Self::control_in(text).is_none()).then(|| Self(text.to_owned()))
    }

    /// Whether no name has that character: a control character, or one that turns the
    /// direction of writing, so that what follows reads as something else (Unicode's
    /// embeddings, overrides and isolates). Marks and joiners, which names do have, are taken.
    #[must_use]
    pub fn is_control(character: char) -> bool {
        let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || character.is_control()
    }

    /// The first character of the text that [no name has](Self::is_control).
    pub(crate) fn control_in(text: &str) -> Option<char> {
        // Most names are told without looking at characters.
        let plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if text.bytes().all(plain) {
            return None;
        }
        text.chars().find(|character| Self::is_control(*character))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_blank() {
        assert_eq!(PersonName::new(" \t\u{a0}"), None);
        assert_eq!(PersonName::new(" Ana María ").unwrap().as_str(), "Ana María");
        assert_eq!(PersonName::new("a\u{0}b"), None);
    }

    #[test]
    fn does_not_show_itself_in_debug_output() {
        assert_eq!(format!("{:?}", PersonName::new("Ana").unwrap()), "PersonName(…)");
    }

    #[test]
    fn never_reads_as_another() {
        assert_eq!(PersonName::new("Ana \u{202e}avliS"), None);
        assert_eq!(PersonName::new("\u{2067}Ana"), None);
        assert!(PersonName::new("می\u{200c}خواهم").is_some());
    }
}
