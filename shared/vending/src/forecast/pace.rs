//! How long launches take: observed in the ledger, or what is usual of Control Tower.

use std::fmt;

use chrono::TimeDelta;

use super::words::{duration, rounded};
use crate::ledger::{Entry, Status, Timestamp};

/// Launches that are looked at, the last ones: what was so long ago tells little.
const MOST_LOOKED_AT: usize = 50;

/// A duration that is estimated, between what is short and what is long for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// As quick as it may go.
    pub shortest: TimeDelta,
    /// What is to be expected.
    pub usual: TimeDelta,
    /// As long as it may take if nothing is wrong.
    pub longest: TimeDelta,
}

impl Span {
    /// "Typically 20-35 min", "could take up to 30 minutes" (Control Tower user guide,
    /// "Provision and manage accounts with Account Factory" and troubleshooting).
    const OF_CONTROL_TOWER: Self = Self {
        shortest: TimeDelta::minutes(20),
        usual: TimeDelta::minutes(30),
        longest: TimeDelta::minutes(35),
    };

    /// Median and quartiles.
    fn among(mut durations: Vec<TimeDelta>) -> Option<Self> {
        durations.sort();
        let last = durations.len().checked_sub(1)?;
        let at = |quarter: usize| durations.get(last * quarter / 4).copied();
        Some(Self {
            shortest: at(1)?,
            usual: at(2)?,
            longest: durations.get((last * 3).div_ceil(4)).copied()?,
        })
    }
}

/// "about 1 h 30 min (1 h to 1 h 45 min)"; the range is left out where there is none.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [shortest, usual, longest] =
            [self.shortest, self.usual, self.longest].map(|it| duration(rounded(it)));
        // "20 to 35 min", not "20 min to 35 min".
        let unit = longest.split_once(' ').map(|(_, unit)| format!(" {unit}"));
        let from = unit.and_then(|unit| shortest.strip_suffix(&unit)).unwrap_or(&shortest);
        match shortest == longest {
            true => write!(f, "about {usual}"),
            false => write!(f, "about {usual} ({from} to {longest})"),
        }
    }
}

/// How long an account takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// From taking a slot until Control Tower has finished.
    pub launch: Span,
    /// From then until READY, usually; not counted where nothing was observed, as then what
    /// is usual of a launch has room for it.
    pub access: TimeDelta,
    /// Launches that this was observed of; 0 when it is assumed.
    pub observed: usize,
}

/// What is usual of Control Tower.
impl Default for Pace {
    fn default() -> Self {
        Self { launch: Span::OF_CONTROL_TOWER, access: TimeDelta::zero(), observed: 0 }
    }
}

impl Pace {
    /// The pace of the last launches among `entries` that made an account; what is usual of
    /// Control Tower if there is none.
    pub fn observed<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let mut seen: Vec<Observed> = entries.into_iter().filter_map(Observed::in_entry).collect();
        seen.sort_by_key(|it| std::cmp::Reverse(it.at));
        seen.truncate(MOST_LOOKED_AT);
        let access = Span::among(seen.iter().filter_map(|it| it.access).collect());
        match Span::among(seen.iter().map(|it| it.launch).collect()) {
            Some(launch) => Self {
                launch,
                access: access.map(|span| span.usual).unwrap_or_default(),
                observed: seen.len(),
            },
            None => Self::default(),
        }
    }

    /// Whether nothing was observed.
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        self.observed == 0
    }
}

/// What the estimate rests on, as "if a launch takes …".
impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = duration(rounded(self.launch.usual));
        match self.observed {
            0 => {
                write!(f, "if a launch takes {usual} as usual (assumed: none was observed lately)")
            }
            1 => write!(f, "if a launch takes {usual} as the last one did"),
            some => write!(f, "if a launch takes {usual} as the last {some} did (median)"),
        }
    }
}

/// One launch that made an account.
struct Observed {
    at: Timestamp,
    launch: TimeDelta,
    access: Option<TimeDelta>,
}

impl Observed {
    fn in_entry(entry: &Entry) -> Option<Self> {
        let (claimed, made) = last_launch(entry)?;
        let done = entry.finished_at.filter(|_| entry.status() == Status::Ready);
        // Access that was tried again took as long as the person who ordered it.
        let done = done.filter(|_| entry.configuring_at == Some(made));
        let launch = Some(made - claimed).filter(|it| *it > TimeDelta::zero())?;
        Some(Self { at: made, launch, access: done.map(|done| done - made) })
    }
}

/// When the last launch that made an account took its slot, and when it had made it.
fn last_launch(entry: &Entry) -> Option<(Timestamp, Timestamp)> {
    let made = entry.history.iter().rposition(|it| it.event == "account made");
    let Some((made, before)) =
        made.and_then(|made| Some((entry.history.get(made)?, entry.history.get(..made)?)))
    else {
        // Written before histories were kept.
        let first = entry.history.is_empty() && entry.attempt == 1;
        return Some((entry.launch.as_ref()?.started_at, entry.configuring_at.filter(|_| first)?));
    };
    let last = before.last().filter(|it| it.status == Status::Provisioning)?;
    let claimed = before.iter().rfind(|it| it.event == "claimed" && it.attempt == last.attempt)?;
    Some((claimed.at, made.first_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccountId;
    use crate::ledger::{Event, ProvisionToken};
    use crate::testing::{self, after, at};

    /// An entry that was launched at `start` and finished `minutes` later.
    fn launched(start: i64, minutes: i64) -> Entry {
        let token = ProvisionToken("vend-token".into());
        let entry = testing::entry("alpha");
        let claimed = after(&entry, Event::Claimed { token, check_at: at(start) }, at(start));
        let account = AccountId::new("123456789012").unwrap();
        let made = at(start + minutes * 60);
        let configuring = after(&claimed, Event::AccountMade { account }, made);
        after(&configuring, Event::Configured { steps: vec![] }, made + TimeDelta::minutes(2))
    }

    #[test]
    fn nothing_observed_is_what_is_usual_of_control_tower() {
        let open = [testing::entry("a"), testing::provisioning("b"), testing::failed("c")];
        let pace = Pace::observed(&open);
        assert_eq!(pace, Pace::default());
        assert!(pace.is_assumed());
        assert!(!Pace::observed(&[launched(0, 30)]).is_assumed());
    }

    #[test]
    fn a_launch_takes_from_its_slot_to_its_account_whatever_happened_between() {
        let pace = Pace::observed(&[testing::ready("alpha")]);
        assert_eq!(pace.launch.usual, TimeDelta::minutes(30));
        assert_eq!(pace.access, TimeDelta::minutes(1));
    }

    #[test]
    fn a_launch_that_took_no_time_tells_nothing() {
        assert!(Pace::observed(&[launched(0, 0)]).is_assumed());
    }

    #[test]
    fn what_was_tried_again_before_histories_were_kept_tells_nothing() {
        let old = launched(0, 30);
        let again = Entry { attempt: 2, history: vec![], ..old.clone() };
        assert!(Pace::observed(&[again]).is_assumed());
        // Its history says nothing of the launch that made the account.
        let history = old.history.into_iter().filter(|it| it.event != "account made").collect();
        let unsaid = Entry { history, ..launched(0, 30) };
        assert!(Pace::observed(&[unsaid]).is_assumed());
    }

    #[test]
    fn what_was_observed_is_the_median_with_its_quartiles() {
        let entries = [22, 40, 20, 24, 26].map(|minutes| launched(0, minutes));
        let Pace { launch, access, observed } = Pace::observed(&entries);
        let minutes = [launch.shortest, launch.usual, launch.longest].map(|it| it.num_minutes());
        assert_eq!((minutes, access.num_minutes(), observed), ([22, 24, 26], 2, 5));
    }

    #[test]
    fn only_the_last_launches_count() {
        let old = (0..60).map(|_| launched(0, 50));
        let new = (0..MOST_LOOKED_AT).map(|_| launched(100_000, 25));
        let entries: Vec<Entry> = old.chain(new).collect();
        assert_eq!(Pace::observed(&entries).launch.longest, TimeDelta::minutes(25));
    }

    #[test]
    fn what_is_no_launch_of_ours_tells_nothing() {
        // A person finished it while it was queued.
        let account = AccountId::new("123456789012").unwrap();
        let by_hand = after(&testing::entry("a"), Event::AccountMade { account }, at(60));
        // Written before histories were kept, and tried again since.
        let old = Entry { history: vec![], attempt: 2, ..launched(0, 30) };
        assert!(Pace::observed(&[by_hand, old]).is_assumed());
        let first = Entry { history: vec![], ..launched(0, 31) };
        assert_eq!(Pace::observed([&first]).launch.usual, TimeDelta::minutes(31));
    }

    #[test]
    fn a_span_says_its_range_where_there_is_one() {
        let span = |minutes: [i64; 3]| {
            let [shortest, usual, longest] = minutes.map(TimeDelta::minutes);
            Span { shortest, usual, longest }.to_string()
        };
        assert_eq!(span([30, 30, 30]), "about 30 min");
        assert_eq!(span([20, 30, 35]), "about 30 min (20 to 35 min)");
        assert_eq!(span([40, 60, 70]), "about 1 h (40 min to 1 h 10 min)");
    }

    #[test]
    fn a_pace_says_what_it_rests_on() {
        let of = |observed| Pace { observed, ..Pace::default() }.to_string();
        assert_eq!(of(1), "if a launch takes 30 min as the last one did");
        assert_eq!(of(7), "if a launch takes 30 min as the last 7 did (median)");
    }

    #[test]
    fn a_first_launch_of_before_histories_were_kept_tells_how_long_it_took() {
        let old = Entry { history: vec![], ..launched(0, 30) };
        assert!(!Pace::observed(&[old]).is_assumed());
    }
}
