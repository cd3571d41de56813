//! Something that must hold and did not.

/// What did not hold, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Violation(String);

/// Whether all held.
pub type Checked = Result<(), Violation>;

impl Violation {
    /// What did not hold.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// What kind it is: its first words, without those that name something.
    #[must_use]
    pub fn kind(&self) -> String {
        let plain = |word: &&str| word.chars().all(char::is_alphabetic);
        self.0.split_whitespace().filter(plain).take(4).collect::<Vec<_>>().join(" ")
    }
}

/// Looks whether something holds.
///
/// # Errors
/// The [`Violation`] that `otherwise` says.
pub fn holds(it: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if it { Ok(()) } else { Err(Violation(otherwise())) }
}
