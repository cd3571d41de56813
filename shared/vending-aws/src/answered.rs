//! The time, as AWS tells it with every answer.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use chrono::{DateTime, Utc};
use vending::ledger::Timestamp;
use vending::ports::Clock;

/// A clock that goes by the `Date` of the last answer, so that how long something has
/// lasted does not depend on how an operator's machine is set. Clones go together.
#[derive(Debug, Clone, Default)]
pub struct AnswerClock(Arc<Mutex<Option<Timestamp>>>);

impl AnswerClock {
    fn heard(&self, now: Timestamp) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Answers overtake each other.
        *last = (*last).max(Some(now));
    }
}

impl Clock for AnswerClock {
    fn now(&self) -> Timestamp {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.unwrap_or_else(Utc::now)
    }
}

#[dyn_dispatch_hint]
impl Intercept for AnswerClock {
    fn name(&self) -> &'static str {
        "AnswerClock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        if let Some(now) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) {
            self.heard(now.to_utc());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_latest_answer_tells_the_time() {
        let clock = AnswerClock::default();
        assert!((Utc::now() - clock.now()).abs() < TimeDelta::hours(1), "the machine's until then");
        let heard = |text| clock.heard(DateTime::parse_from_rfc2822(text).unwrap().to_utc());
        heard("Wed, 21 Jan 2026 12:00:05 GMT");
        heard("Wed, 21 Jan 2026 12:00:04 GMT");
        assert_eq!(clock.now().to_rfc3339(), "2026-01-21T12:00:05+00:00");
    }
}
