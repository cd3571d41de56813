//! How many launches may start at a moment, and which.

use crate::failure::{Verdict, WaitKind, classify};
use crate::ledger::{Entry, Launching, State, Timestamp};

/// What there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// How many launches.
    pub(super) free: usize,
    /// The moment that the queue and the hold are looked at as of: the present one, or the end
    /// of a hold that does not count.
    pub(super) as_of: Timestamp,
    now: Timestamp,
}

impl Room {
    /// What `launching` leaves. While Control Tower is busy nothing is launched, until it has
    /// `told` that it is done with an account: then there is room for one, whoever had it.
    pub(super) fn of(launching: &Launching, told: bool, slots: usize, now: Timestamp) -> Self {
        match launching.hold_until.filter(|until| told && *until > now) {
            Some(until) => Self { free: launching.free(slots, until).min(1), as_of: until, now },
            None => Self { free: launching.free(slots, now), as_of: now, now },
        }
    }

    /// Whether the entry may go now: nothing else than Control Tower's being busy is waited for.
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        match &entry.state {
            State::Queued { not_before: Some(at), waiting_for } if *at > self.now => {
                let told = waiting_for.as_deref().map(classify);
                told == Some(Verdict::Wait(WaitKind::Busy))
            }
            State::Queued { .. } => true,
            State::Provisioning { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Event, Pause};
    use crate::testing::{after, at, entry, provisioning};

    fn held() -> Launching {
        Launching { hold_until: Some(at(300)), ..Launching::default() }
    }

    #[test]
    fn while_control_tower_is_busy_there_is_room_for_one_when_it_is_done_with_another() {
        let free = |launching: &Launching, told, now| Room::of(launching, told, 5, at(now)).free;
        assert_eq!([free(&held(), false, 60), free(&held(), true, 60)], [0, 1]);
        assert_eq!([free(&held(), false, 300), free(&held(), true, 300)], [5, 5]);
        let pause = Pause { since: at(0), reason: String::new(), announced: true, by: None };
        assert_eq!(free(&Launching { pause: Some(pause), ..held() }, true, 60), 0);
        let in_flight = (0..5).map(|n| entry(&format!("row-{n}")).request.name).collect();
        assert_eq!(free(&Launching { in_flight, ..held() }, true, 60), 0);
    }

    #[test]
    fn what_waits_for_anything_else_waits_on() {
        let room = Room::of(&held(), true, 5, at(60));
        let told = |reason: &str| {
            let event = Event::ToldToWait { until: at(300), reason: reason.to_owned() };
            after(&provisioning("alpha"), event, at(30))
        };
        assert!(room.takes(&entry("alpha")));
        let over = Room::of(&held(), true, 5, at(300));
        assert!(over.takes(&told("Activation is not complete. Try again in one hour.")));
        assert!(room.takes(&told("Another operation is in progress. Try again later.")));
        assert!(!room.takes(&told("Activation is not complete. Try again in one hour.")));
        assert!(!room.takes(&told("its earlier product is being removed")));
    }
}
