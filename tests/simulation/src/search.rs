//! Plays schedule after schedule, on every core, until one fails or it is enough.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::coverage::Coverage;
use crate::sabotage::Sabotage;
use crate::schedule::Schedule;
use crate::shrink::shrink;
use crate::violation::Violation;
use crate::{Played, play};

/// When a search is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// After so many schedules.
    Schedules(u64),
    /// After so long.
    Time(Duration),
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Found {
    /// Schedules played.
    pub schedules: u64,
    /// What they met.
    pub coverage: Coverage,
    /// The seeds that failed, and with what; the search goes on to the next after one.
    pub failures: Vec<(u64, Violation)>,
    /// How long it took.
    pub took: Duration,
}

/// Plays the schedules of the seeds from `first` on.
#[must_use]
pub fn search(first: u64, enough: Enough, sabotage: Option<Sabotage>, threads: usize) -> Found {
    let begun = Instant::now();
    let next = AtomicU64::new(first);
    let found = Mutex::new(Found::default());
    let over = |seed: u64| match enough {
        Enough::Schedules(count) => seed - first >= count,
        Enough::Time(time) => begun.elapsed() >= time,
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if over(seed) {
                        return;
                    }
                    let played = play(&Schedule::of(seed), sabotage, false);
                    found.lock().unwrap_or_else(PoisonError::into_inner).add(seed, played);
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    Found { took: begun.elapsed(), ..found }
}

impl Found {
    fn add(&mut self, seed: u64, played: Played) {
        self.schedules += 1;
        self.coverage.add(&played.coverage);
        if let Err(violation) = played.outcome {
            self.failures.push((seed, violation));
        }
    }

    /// Schedules per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.schedules as f64 / self.took.as_secs_f64().max(f64::EPSILON)
    }
}

/// The first seed whose schedule notices the sabotage, and by what.
#[must_use]
pub fn notices(sabotage: Sabotage, most: u64) -> Option<(u64, Violation)> {
    (1..=most).find_map(|seed| {
        let played = play(&Schedule::of(seed), Some(sabotage), false);
        played.outcome.err().map(|violation| (seed, violation))
    })
}

/// A seed in words, and whether all held: what failed, the shortened schedule played
/// in full, and how to see it again.
#[must_use]
pub fn explain(seed: u64, sabotage: Option<Sabotage>) -> (String, bool) {
    let whole = Schedule::of(seed);
    let first = play(&whole, sabotage, true);
    let Err(violation) = first.outcome else {
        return (format!("{}\n\nseed {seed}: all held", first.trace.join("\n")), true);
    };
    let short = shrink(&whole, sabotage);
    let again = play(&short, sabotage, true);
    let shortened = again.outcome.err().map(|it| it.to_string()).unwrap_or_default();
    let text = format!(
        "seed {seed} fails: {violation}\n\nshortened from {} steps to {}, it fails: {shortened}\n\
         {:?}\n\nsteps: {:?}\n\n{}\n\nsee it again: cargo run -p simulation -- replay {seed}",
        whole.steps.len(),
        short.steps.len(),
        short.setting,
        short.steps,
        again.trace.join("\n"),
    );
    (text, false)
}
