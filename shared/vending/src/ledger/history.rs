//! What has happened to an entry, event by event: kept with it, for people alone. Nothing
//! is decided from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Operator, Status, Timestamp};
use crate::account::PersonName;

/// What brought an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A file landed.
    Upload,
    /// Somebody gave an order.
    Operator(Operator),
    /// A change of the ledger woke Vend.
    Queue,
    /// Control Tower told of an account.
    Lifecycle,
    /// A minute passed, and Vend looked.
    Minute,
}

impl Source {
    /// The word for it, without who the operator is.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Operator(_) => "operator",
            Self::Queue => "queue",
            Self::Lifecycle => "lifecycle",
            Self::Minute => "minute",
        }
    }
}

/// One thing that happened to an entry, as its history keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// When; the last time, when it came several times in a row.
    pub at: Timestamp,
    /// When it came first, in a row of the same.
    pub first_at: Timestamp,
    /// How often it came in a row.
    pub times: u32,
    /// The event's name, as [`Event::name`](super::Event::name) has it, or
    /// [`LEFT_OUT`](Self::LEFT_OUT).
    pub event: String,
    /// What brought it.
    pub source: Source,
    /// The status after it.
    pub status: Status,
    /// The attempt after it.
    pub attempt: u32,
    /// Words worth keeping, on one line: a reason, a cause with AWS's words, an id, what was
    /// given.
    pub detail: Option<String>,
}

impl Happening {
    /// Characters of the detail that are kept.
    pub const DETAIL_KEPT: usize = 300;
    /// The first ones of a history that always stay: how it began.
    pub const FIRST_KEPT: usize = 20;
    /// The last ones that always stay.
    pub const LAST_KEPT: usize = 40;
    /// The name of what stands for those between, which are no longer kept; its `times` says
    /// how many events they were.
    pub const LEFT_OUT: &str = "left out";

    /// The detail as it is kept: one line, of [`DETAIL_KEPT`](Self::DETAIL_KEPT) characters
    /// at most. It quotes others' words.
    #[must_use]
    pub fn detail_of(words: &str) -> Option<String> {
        let shown = |c| if PersonName::is_control(c) { ' ' } else { c };
        let mut kept: String = words.trim().chars().map(shown).take(Self::DETAIL_KEPT).collect();
        if words.trim().chars().count() > Self::DETAIL_KEPT {
            kept.pop();
            kept.push('…');
        }
        (!kept.is_empty()).then_some(kept)
    }

    /// Whether `next` is the same once more.
    fn is_repeated_by(&self, next: &Self) -> bool {
        (&self.event, &self.source, self.status, self.attempt)
            == (&next.event, &next.source, next.status, next.attempt)
    }

    fn is_left_out(&self) -> bool {
        self.event == Self::LEFT_OUT
    }

    /// Adds `next` to the end of `history`: as one more time of the last where it is the
    /// same, and leaving out those in the middle where there are too many.
    pub(super) fn note(history: &mut Vec<Self>, next: Self) {
        match history.last_mut() {
            Some(last) if last.is_repeated_by(&next) => {
                last.times = last.times.saturating_add(next.times);
                (last.at, last.detail) = (next.at, next.detail);
            }
            Some(_) | None => history.push(next),
        }
        let marked = history.get(Self::FIRST_KEPT).is_some_and(Self::is_left_out);
        if history.len() > Self::FIRST_KEPT + Self::LAST_KEPT + usize::from(marked) {
            leave_out(history);
        }
    }
}

/// Leaves out what stands between the first and the last ones that are kept.
fn leave_out(history: &mut Vec<Happening>) {
    let last = history.len().saturating_sub(Happening::LAST_KEPT);
    let left: Vec<Happening> = history.drain(Happening::FIRST_KEPT..last).collect();
    let (Some(first), Some(last)) = (left.first(), left.last()) else { return };
    let times = left.iter().fold(0, |times: u32, it| times.saturating_add(it.times));
    let mark = Happening {
        first_at: first.first_at,
        times,
        event: Happening::LEFT_OUT.to_owned(),
        detail: Some(format!("{times} events are no longer kept")),
        ..last.clone()
    };
    history.insert(Happening::FIRST_KEPT, mark);
}

/// Neither who the operator was nor the detail, which quotes others.
impl fmt::Debug for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, first_at, times, event, source, status, attempt, .. } = self;
        write!(f, "{at} {event:?} by {} -> {status}, attempt {attempt}", source.as_str())?;
        if *times > 1 {
            write!(f, ", {times} times since {first_at}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    fn happening(event: &str, seconds: i64) -> Happening {
        Happening {
            at: at(seconds),
            first_at: at(seconds),
            times: 1,
            event: event.to_owned(),
            source: Source::Minute,
            status: Status::Provisioning,
            attempt: 1,
            detail: Some(format!("{event} at {seconds}")),
        }
    }

    fn noted(happenings: impl IntoIterator<Item = Happening>) -> Vec<Happening> {
        let mut history = Vec::new();
        happenings.into_iter().for_each(|next| Happening::note(&mut history, next));
        history
    }

    #[test]
    fn the_same_in_a_row_is_one_line_with_its_last_words() {
        let mut by_event = happening("still at work", 360);
        by_event.source = Source::Lifecycle;
        let history = noted([
            happening("asked", 0),
            happening("still at work", 60),
            happening("still at work", 300),
            by_event,
            happening("still at work", 400),
        ]);
        let times: Vec<u32> = history.iter().map(|it| it.times).collect();
        assert_eq!(times, [1, 2, 1, 1]);
        assert_eq!((history[1].first_at, history[1].at), (at(60), at(300)));
        assert_eq!(history[1].detail.as_deref(), Some("still at work at 300"));
    }

    #[test]
    fn a_long_history_keeps_its_beginning_and_its_end_and_says_how_much_is_missing() {
        for many in [60, 61, 62, 100, 1_000_u32] {
            let history = noted((0..many).map(|n| happening(&format!("event {n}"), i64::from(n))));
            assert!(history.len() <= 61, "{}", history.len());
            assert_eq!(history[19].event, "event 19");
            assert_eq!(history.last().unwrap().event, format!("event {}", many - 1));
            assert_eq!(history.iter().map(|it| it.times).sum::<u32>(), many, "none is forgotten");
            let left = history.iter().find(|it| it.is_left_out());
            assert_eq!(left.is_some(), many > 60);
            if let Some(left) = left {
                assert_eq!((left.first_at, left.at), (at(20), at(i64::from(many) - 41)));
                let words = format!("{} events are no longer kept", many - 60);
                assert_eq!(left.detail, Some(words));
            }
            assert!(history.is_sorted_by_key(|it| it.at));
        }
    }

    #[test]
    fn a_detail_is_one_short_line() {
        let kept = |words: &str| Happening::detail_of(words);
        assert_eq!(kept(" \n "), None);
        assert_eq!(kept("busy\r\n\u{1b}[2Jnow").as_deref(), Some("busy   [2Jnow"));
        assert_eq!(kept(&"ä".repeat(300)), Some("ä".repeat(300)));
        let long = kept(&"ä".repeat(301)).unwrap();
        assert_eq!((long.chars().count(), long.ends_with("ä…")), (300, true));
    }

    #[test]
    fn who_it_was_and_what_was_said_are_not_for_logs() {
        let mut told = happening("retried", 0);
        told.source = Source::Operator(Operator("jane".into()));
        told.detail = Some("jane.doe@example.com".into());
        assert_eq!(
            format!("{told:?}"),
            "2026-01-21 12:00:00 UTC \"retried\" by operator -> PROVISIONING, attempt 1"
        );
    }

    #[test]
    fn nothing_is_left_out_before_there_are_too_many() {
        let mut history = Vec::new();
        let most = Happening::FIRST_KEPT + Happening::LAST_KEPT;
        let mut note = |number: usize| {
            let next = happening(&format!("event-{number}"), number as i64);
            Happening::note(&mut history, next);
            (history.len(), history.iter().filter(|it| it.is_left_out()).count())
        };
        let lengths: Vec<(usize, usize)> = (0..most + 3).map(&mut note).collect();
        assert_eq!(lengths[most - 1], (most, 0));
        assert_eq!(lengths[most..], [(most + 1, 1); 3], "with the mark");
    }

    #[test]
    fn debug_tells_how_often_where_that_is_more_than_once() {
        let once = happening("told to wait", 0);
        let twice = Happening { times: 2, ..once.clone() };
        assert!(!format!("{once:?}").contains("times"));
        assert!(format!("{twice:?}").contains("2 times since"));
    }
}
