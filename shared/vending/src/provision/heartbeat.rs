//! A sign of life: that ticks come, and come to their end without an error.

use tracing::warn;

use super::Provisioning;
use crate::ledger::Timestamp;
use crate::schedule::HEARTBEAT_EVERY;

/// Notes that a tick came to its end, where the last one noted, `last`, is some minutes old.
/// That it cannot be noted is no reason for the tick to fail.
pub(super) async fn beat(world: &Provisioning<'_>, last: Option<Timestamp>) {
    let now = world.clock.now();
    if !is_due(last, now) {
        return;
    }
    if let Err(error) = world.ledger.ticked(now).await {
        warn!(error.chain = error.chain(), "the end of a tick could not be noted");
    }
}

fn is_due(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now - last >= HEARTBEAT_EVERY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    #[test]
    fn every_fifth_minute_is_noted() {
        assert!(is_due(None, at(0)));
        let noted = |now: i64| is_due(Some(at(0)), at(now));
        assert_eq!([noted(-60), noted(240), noted(269), noted(295)], [false, false, false, true]);
    }
}
