//! A whole run: deliver what is due, then move time to when more is.

use chrono::TimeDelta;
use tokio::time::{Duration, Instant, sleep};

use super::{Delivery, DeliveryError, Step};
use crate::clock::Moment;

/// How fast virtual time passes while nothing is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// At once.
    Unpaced,
    /// This many virtual seconds in each real one. A request from outside that
    /// changes something is noticed at once.
    Factor(f64),
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The caller's condition holds.
    Done,
    /// Nothing is on its way, and nothing will happen by itself.
    NothingLeft,
}

impl Delivery {
    /// Delivers until `done` says so, which is asked at every moment when all
    /// that was due has been delivered, before time moves on.
    ///
    /// # Errors
    /// [`DeliveryError`], when an event source cannot be read or the state cannot
    /// be kept. A failing function is no error here.
    pub async fn run_until(
        &mut self,
        mut done: impl AsyncFnMut(&Self) -> bool,
        pace: Pace,
    ) -> Result<Ended, DeliveryError> {
        loop {
            let Step::Idle { next } = self.step().await? else { continue };
            if done(self).await {
                return Ok(Ended::Done);
            }
            let Some(next) = next else { return Ok(Ended::NothingLeft) };
            self.pass_time(next, pace).await?;
        }
    }

    async fn pass_time(&self, next: Moment, pace: Pace) -> Result<(), DeliveryError> {
        let Pace::Factor(factor) = pace else { return self.advance_to(next) };
        let now = self.cloud().now();
        let ahead = (next - now).to_std().unwrap_or_default();
        let started = Instant::now();
        tokio::select! {
            () = sleep(scaled(ahead, 1.0 / factor)) => self.advance_to(next),
            () = self.cloud().activity() => {
                let passed = TimeDelta::from_std(scaled(started.elapsed(), factor));
                self.advance_to(passed.map_or(next, |passed| (now + passed).min(next)))
            }
        }
    }
}

/// `duration` times `factor`; a factor that makes no sense gives no wait.
fn scaled(duration: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or_default()
}
