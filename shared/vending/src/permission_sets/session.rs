//! How long a session of a permission set lasts.

use std::fmt;
use std::str::FromStr;

/// One to twelve hours ("Set session duration for AWS accounts", IAM Identity Center user
/// guide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Session {
    seconds: u32,
}

/// The text is no session's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not of one to twelve hours")]
pub struct SessionFlaw;

impl Session {
    /// What Identity Center takes where nothing is said: an hour.
    pub const DEFAULT: Self = Self { seconds: HOUR };

    const SHORTEST: u32 = HOUR;
    const LONGEST: u32 = 12 * HOUR;

    /// As the API has it: a duration of ISO 8601, such as `PT4H` or `PT1H30M`.
    #[must_use]
    pub fn iso(self) -> String {
        let mut text = "PT".to_owned();
        for (unit, number) in self.parts() {
            if number > 0 {
                text.push_str(&format!("{number}{}", unit.to_ascii_uppercase()));
            }
        }
        text
    }

    fn parts(self) -> [(char, u32); 3] {
        let Self { seconds } = self;
        [('h', seconds / HOUR), ('m', seconds % HOUR / 60), ('s', seconds % 60)]
    }
}

const HOUR: u32 = 3600;

/// As people write it: `4h`, `1h30m`.
impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts().into_iter().filter(|(_, number)| *number > 0);
        parts.into_iter().try_for_each(|(unit, number)| write!(f, "{number}{unit}"))
    }
}

/// Reads both forms, in any case.
impl FromStr for Session {
    type Err = SessionFlaw;

    fn from_str(text: &str) -> Result<Self, SessionFlaw> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("pt").unwrap_or(&text);
        let seconds = seconds(text).ok_or(SessionFlaw)?;
        let fits = (Self::SHORTEST..=Self::LONGEST).contains(&seconds);
        fits.then_some(Self { seconds }).ok_or(SessionFlaw)
    }
}

/// The seconds of hours, minutes and seconds, each at most once and in that order.
fn seconds(text: &str) -> Option<u32> {
    let (mut rest, mut all) = (text, 0_u32);
    for (unit, length) in [('h', HOUR), ('m', 60), ('s', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let digits = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
            let number: u32 = digits.then(|| number.parse().ok()).flatten()?;
            all = all.checked_add(number.checked_mul(length)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_mean_the_same() {
        for (text, shown, iso) in [
            ("4h", "4h", "PT4H"),
            ("PT4H", "4h", "PT4H"),
            ("90m", "1h30m", "PT1H30M"),
            ("pt12h", "12h", "PT12H"),
            ("PT3601S", "1h1s", "PT1H1S"),
        ] {
            let session: Session = text.parse().unwrap();
            assert_eq!((session.to_string().as_str(), session.iso().as_str()), (shown, iso));
            assert_eq!(session.iso().parse(), Ok(session));
        }
        assert_eq!(Session::DEFAULT.iso(), "PT1H");
    }

    #[test]
    fn what_is_shorter_longer_or_nothing_is_refused() {
        for text in ["59m", "12h1s", "13h", "4", "h", "", "+4h", "4h4h", "1m1h", "P1D", "PT"] {
            assert_eq!(text.parse::<Session>(), Err(SessionFlaw), "{text}");
        }
    }
}
