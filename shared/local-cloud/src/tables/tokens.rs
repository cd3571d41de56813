//! Idempotency of TransactWriteItems, in virtual time: the same token with the
//! same items is answered as before, for ten minutes.

use std::collections::HashMap;

use chrono::TimeDelta;
use dynoxide::DynoxideError;
use serde_json::Value;

use crate::clock::Moment;

/// "A client request token is valid for 10 minutes after the first request that
/// uses it is completed" (API reference, TransactWriteItems).
const VALID: TimeDelta = TimeDelta::minutes(10);

/// The tokens that are still valid, and some that no longer are.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    kept: HashMap<String, Kept>,
}

#[derive(Debug)]
struct Kept {
    at: Moment,
    items: Value,
    answer: String,
}

impl Tokens {
    /// The answer that `token` got before, if it is still valid.
    pub(super) fn recall(
        &mut self,
        token: &str,
        items: &Value,
        now: Moment,
    ) -> Result<Option<String>, DynoxideError> {
        match self.kept.get(token) {
            Some(kept) if now - kept.at >= VALID => Ok(None),
            Some(kept) if kept.items == *items => Ok(Some(kept.answer.clone())),
            Some(_) => Err(DynoxideError::IdempotentParameterMismatchException(
                "Rejecting request because its token was used with other items".to_owned(),
            )),
            None => Ok(None),
        }
    }

    /// Keeps the answer that `token` got, and forgets tokens that are too old.
    pub(super) fn keep(&mut self, token: String, items: Value, answer: String, now: Moment) {
        self.kept.retain(|_, kept| now - kept.at < VALID);
        self.kept.insert(token, Kept { at: now, items, answer });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_holds_for_ten_minutes_and_for_its_items_only() {
        let start = Moment::UNIX_EPOCH;
        let mut tokens = Tokens::default();
        tokens.keep("t".to_owned(), json!([1]), "done".to_owned(), start);
        let later = start + TimeDelta::minutes(9);
        assert_eq!(tokens.recall("t", &json!([1]), later).unwrap().as_deref(), Some("done"));
        assert!(tokens.recall("t", &json!([2]), later).is_err());
        let too_late = start + TimeDelta::minutes(10);
        assert_eq!(tokens.recall("t", &json!([1]), too_late).unwrap(), None);
    }
}
