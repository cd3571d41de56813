//! How long accounts take: from the launch until READY, without the queue.

use chrono::TimeDelta;
use serde::Serialize;

use super::account::Account;
use vending::ledger::Status;

/// How long the accounts that are READY took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Times {
    /// How many they are.
    pub(crate) accounts: usize,
    /// Half of them took no longer, in seconds.
    pub(crate) median_seconds: i64,
    /// The quickest, in seconds.
    pub(crate) shortest_seconds: i64,
    /// The slowest, in seconds.
    pub(crate) longest_seconds: i64,
    /// The slowest one's name.
    pub(crate) longest: String,
    /// How many took how long; nothing where they are too few to count.
    pub(crate) spread: Vec<Bin>,
}

/// Accounts that took from so long, until but not including so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bin {
    /// From here on, in seconds.
    pub(crate) from_seconds: i64,
    /// Until here, in seconds.
    pub(crate) until_seconds: i64,
    /// How many.
    pub(crate) accounts: usize,
}

/// Fewer accounts than these show more in the timeline than in a spread.
const FEW: usize = 5;

/// Widths of a bin that people can read, in seconds: 1 s to a day.
const WIDTHS: [i64; 15] =
    [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];

/// More bins than these are no summary.
const MOST_BINS: i64 = 10;

impl Times {
    /// The times of those among `accounts` that are READY.
    pub(crate) fn of(accounts: &[Account]) -> Option<Self> {
        let is_ready = |account: &&Account| account.status == Status::Ready;
        let mut ready: Vec<&Account> = accounts.iter().filter(is_ready).collect();
        ready.sort_by_key(|account| account.work_seconds);
        let (first, last) = (ready.first()?, ready.last()?);
        let seconds: Vec<i64> = ready.iter().map(|account| account.work_seconds).collect();
        Some(Self {
            accounts: ready.len(),
            median_seconds: seconds[(seconds.len() - 1) / 2],
            shortest_seconds: first.work_seconds,
            longest_seconds: last.work_seconds,
            longest: last.name.clone(),
            spread: spread(&seconds),
        })
    }
}

impl Bin {
    /// From here on.
    pub(crate) fn from(&self) -> TimeDelta {
        TimeDelta::seconds(self.from_seconds)
    }

    /// Until here.
    pub(crate) fn until(&self) -> TimeDelta {
        TimeDelta::seconds(self.until_seconds)
    }
}

/// How many of `seconds`, which are sorted, fall into bins of one readable width.
fn spread(seconds: &[i64]) -> Vec<Bin> {
    let (Some(first), Some(last)) = (seconds.first(), seconds.last()) else { return Vec::new() };
    if seconds.len() < FEW {
        return Vec::new();
    }
    let bins = |width: i64| last / width - first / width + 1;
    let fits = |width: &i64| bins(*width) <= MOST_BINS;
    // As many days as it takes, where a batch took weeks.
    let beyond = 86_400 * (last / (86_400 * MOST_BINS) + 1);
    let width = WIDTHS.into_iter().find(fits).unwrap_or(beyond);
    let count = |from: i64| seconds.iter().filter(|it| (from..from + width).contains(it)).count();
    (0..bins(width))
        .map(|bin| (first / width + bin) * width)
        .map(|from| Bin { from_seconds: from, until_seconds: from + width, accounts: count(from) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_in_one_of_a_few_readable_bins() {
        for times in [
            vec![30; 5],
            (0..1_000).collect(),
            vec![0, 1, 2, 3, 1_000_000],
            (0..50).map(|n| 1_200 + n * 17).collect(),
            vec![9_000_000, 9_000_001, 9_500_000, 9_900_000, 10_000_000],
        ] {
            let bins = spread(&times);
            assert!((1..=10).contains(&bins.len()), "{bins:?}");
            assert_eq!(bins.iter().map(|bin| bin.accounts).sum::<usize>(), times.len());
            assert!(bins.iter().all(|bin| bin.from_seconds < bin.until_seconds));
        }
        assert_eq!(spread(&[1, 2, 3, 4]), []);
    }
}
