//! Subject lines that SNS takes, whatever they are made of.

use std::fmt;

/// A subject line: printable ASCII, starting with a letter, under 100 characters.
///
/// SNS `Publish`, `Subject`: no line breaks or control characters and less than
/// 100 characters; older documents ask for ASCII that starts with a letter, a
/// number or punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// Characters at most.
    pub const LONGEST: usize = 99;

    /// The subject that `text` makes: what SNS does not take becomes `?`, and what is
    /// too long is cut.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let printable = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
        let text: String = text.trim().chars().map(printable).collect();
        let mut subject = format!("Vend: {text}");
        if subject.len() > Self::LONGEST {
            subject.truncate(Self::LONGEST - 3);
            subject.push_str("...");
        }
        Self(subject)
    }

    /// The subject as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn fits_the_rules_of_sns_whatever_it_is_made_of(text in any::<String>()) {
            let subject = Subject::new(&text);
            assert!(subject.as_str().len() < 100);
            assert!(subject.as_str().chars().all(|c| c == ' ' || c.is_ascii_graphic()));
            assert!(subject.as_str().starts_with("Vend:"));
        }
    }
}
