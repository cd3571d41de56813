//! What was found in the identity store, for some minutes: the names of a long list are the
//! same few, and every call counts among 20 a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use vending::ledger::PrincipalKind;
use vending::ports::PrincipalText;

/// How long what was found is not asked for again.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(5 * 60);

/// Names that are kept at most; then all are forgotten.
const MOST_KEPT: usize = 1_000;

/// Ids by what was asked for, and when they were found. A name that was not found is not
/// kept: somebody may be about to make it.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<HashMap<(bool, String), (Instant, String)>>);

impl Known {
    /// The id that was found for it, if that is not long ago.
    pub(super) fn get(&self, meant: &PrincipalText) -> Option<String> {
        self.get_at(meant, Instant::now())
    }

    /// Keeps the id that was found for it, and answers it.
    pub(super) fn put(&self, meant: &PrincipalText, id: String) -> String {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        known.insert(key(meant), (Instant::now(), id.clone()));
        id
    }

    fn get_at(&self, meant: &PrincipalText, now: Instant) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, id) = known.get(&key(meant))?;
        (now.duration_since(*found) < KEPT_FOR).then(|| id.clone())
    }
}

fn key(meant: &PrincipalText) -> (bool, String) {
    (meant.kind == PrincipalKind::Group, meant.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: PrincipalKind, text: &str) -> PrincipalText {
        PrincipalText { kind, text: text.to_owned() }
    }

    #[test]
    fn what_was_found_is_known_for_some_minutes() {
        let known = Known::default();
        let admins = text(PrincipalKind::Group, "Admins");
        assert_eq!(known.get(&admins), None);
        assert_eq!(known.put(&admins, "1".to_owned()), "1");
        assert_eq!(known.get(&admins).as_deref(), Some("1"));
        assert_eq!(known.get(&text(PrincipalKind::User, "Admins")), None, "a user is no group");
        assert_eq!(known.get_at(&admins, Instant::now() + KEPT_FOR), None);
    }

    #[test]
    fn no_more_are_kept_than_so_many() {
        let known = Known::default();
        for number in 0..=MOST_KEPT {
            known.put(&text(PrincipalKind::User, &number.to_string()), "1".to_owned());
        }
        assert_eq!(known.get(&text(PrincipalKind::User, "0")), None);
        assert!(known.get(&text(PrincipalKind::User, &MOST_KEPT.to_string())).is_some());
    }
}
