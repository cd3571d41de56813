//! Whether time wakes the functions, and whether they may launch.

use chrono::{SecondsFormat, TimeDelta};

use super::World;
use super::finding::{Looked, broken, sound};
use crate::ledger::Timestamp;

/// Without a tick for as long the alarm `TickStoppedAlarm` goes off.
const ALIVE_WITHIN: TimeDelta = TimeDelta::minutes(15);

pub(super) async fn tick(world: &World<'_>) -> Looked {
    let Some(last) = world.work.launching().await?.ticked_at else {
        return broken("none was seen yet", MEND_TICK);
    };
    let ago = (world.clock.now() - last).max(TimeDelta::zero());
    let seen = format!("last seen {} ago", minutes(ago));
    if ago > ALIVE_WITHIN {
        return broken(seen, MEND_TICK);
    }
    sound(seen)
}

const MEND_TICK: &str = "See whether the stack's rule of the minute is enabled (EventBridge, \
                         Rules), and what the log of the function provision says. A new stack \
                         takes a minute.";

pub(super) async fn launching(world: &World<'_>) -> Looked {
    let launching = world.work.launching().await?;
    if let Some(pause) = &launching.pause {
        let by = pause.by.as_ref().map(|by| format!(" by {}", by.0)).unwrap_or_default();
        return broken(
            format!("paused{by} since {}: {}", moment(pause.since), pause.reason),
            "Mend the cause, then: vend resume --apply",
        );
    }
    match launching.hold_until.filter(|until| *until > world.clock.now()) {
        Some(until) => sound(format!("on; waits until {}: Control Tower is busy", moment(until))),
        None => sound("on"),
    }
}

fn moment(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn minutes(time: TimeDelta) -> String {
    match time.num_minutes() {
        0 => "less than a minute".to_owned(),
        1 => "a minute".to_owned(),
        minutes @ 2..120 => format!("{minutes} minutes"),
        minutes => format!("{} hours", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fake, done, now};
    use super::super::{Check, Finding, Verdict, look};
    use super::*;
    use crate::ledger::{Operator, Pause};

    fn found(fake: &Fake, check: Check) -> Finding {
        done(look(&fake.world(), check))
    }

    #[test]
    fn a_tick_within_a_quarter_of_an_hour_is_alive() {
        let ticked = |ago| {
            let mut fake = Fake::sound();
            fake.launching.ticked_at = Some(now() - ago);
            found(&fake, Check::Tick)
        };
        assert_eq!(ticked(TimeDelta::minutes(15)).verdict, Verdict::Sound);
        assert_eq!(ticked(TimeDelta::minutes(-1)).verdict, Verdict::Sound, "clocks differ");
        let dead = ticked(TimeDelta::minutes(16));
        assert_eq!(dead.verdict, Verdict::Broken);
        assert_eq!(dead.seen, "last seen 16 minutes ago");
        assert!(ticked(TimeDelta::hours(50)).seen.contains("50 hours ago"));
    }

    #[test]
    fn a_pause_is_told_with_who_why_and_since_when() {
        let mut fake = Fake::sound();
        let pause = Pause {
            since: now(),
            reason: "a change of the network".to_owned(),
            announced: true,
            by: Some(Operator("Admin/jane".to_owned())),
        };
        fake.launching.pause = Some(pause.clone());
        let finding = found(&fake, Check::Launching);
        assert_eq!(
            finding.seen,
            "paused by Admin/jane since 2026-01-21T12:00:00Z: a change of the network"
        );
        fake.launching.pause = Some(Pause { by: None, ..pause });
        assert!(found(&fake, Check::Launching).seen.starts_with("paused since 2026"));
    }

    #[test]
    fn a_hold_is_told_while_it_lasts_and_is_nothing_to_mend() {
        let mut fake = Fake::sound();
        fake.launching.hold_until = Some(now() + TimeDelta::minutes(4));
        let finding = found(&fake, Check::Launching);
        assert_eq!(finding.verdict, Verdict::Sound);
        assert_eq!(finding.seen, "on; waits until 2026-01-21T12:04:00Z: Control Tower is busy");
        fake.launching.hold_until = Some(now());
        assert_eq!(found(&fake, Check::Launching).seen, "on");
    }
}
