//! Shortens a schedule that fails to what it fails by.

use landing_zone::model::service_catalog::Outcome;

use crate::gate::Fate;
use crate::sabotage::Sabotage;
use crate::schedule::{Schedule, Step};
use crate::{Played, play};

/// Plays at most, so that it ends in time.
const MOST_PLAYS: usize = 3_000;

struct Shrinking {
    best: Schedule,
    sabotage: Option<Sabotage>,
    /// The kind of violation that is to stay.
    kind: String,
    plays: usize,
}

/// The shortest schedule found that still fails, by leaving things out of `schedule`
/// and letting calls turn out fine, one after the other.
#[must_use]
pub fn shrink(schedule: &Schedule, sabotage: Option<Sabotage>) -> Schedule {
    let kind = play(schedule, sabotage, false).outcome.err().map(|it| it.kind());
    let kind = kind.unwrap_or_default();
    let mut shrinking = Shrinking { best: schedule.clone(), sabotage, kind, plays: 0 };
    loop {
        let before = shrinking.best.clone();
        shrinking.leave_out_steps();
        shrinking.calm_steps();
        shrinking.calm_setting();
        if shrinking.best == before || shrinking.plays >= MOST_PLAYS {
            return shrinking.best;
        }
    }
}

impl Shrinking {
    /// Takes `candidate` if it fails as well.
    fn offer(&mut self, candidate: Schedule) -> bool {
        self.plays += 1;
        let Played { outcome, .. } = play(&candidate, self.sabotage, false);
        let fails = outcome.is_err_and(|violation| violation.kind() == self.kind);
        if fails {
            self.best = candidate;
        }
        fails
    }

    /// Leaves out runs of steps, ever shorter ones.
    fn leave_out_steps(&mut self) {
        let mut length = (self.best.steps.len() / 2).max(1);
        loop {
            let mut from = 0;
            while from < self.best.steps.len() && self.plays < MOST_PLAYS {
                let mut candidate = self.best.clone();
                let until = (from + length).min(candidate.steps.len());
                candidate.steps.drain(from..until);
                if !self.offer(candidate) {
                    from += length;
                }
            }
            if length == 1 {
                return;
            }
            length /= 2;
        }
    }

    fn calm_steps(&mut self) {
        for index in 0..self.best.steps.len() {
            let step = &self.best.steps[index];
            let calmer = calmed(step);
            if calmer != *step && self.plays < MOST_PLAYS {
                let mut candidate = self.best.clone();
                candidate.steps[index] = calmer;
                self.offer(candidate);
            }
        }
    }

    fn calm_setting(&mut self) {
        for number in 0..self.best.setting.outcomes.len() {
            let mut candidate = self.best.clone();
            candidate.setting.outcomes[number] = Outcome::Ready;
            if candidate != self.best {
                self.offer(candidate);
            }
        }
        for index in (0..self.best.setting.rows.len()).rev() {
            let mut candidate = self.best.clone();
            candidate.setting.rows.remove(index);
            self.offer(candidate);
        }
        if !self.best.setting.others.is_empty() {
            let mut candidate = self.best.clone();
            candidate.setting.others.clear();
            self.offer(candidate);
        }
    }
}

fn calmed(step: &Step) -> Step {
    match step {
        Step::Turn { which, calls, .. } => {
            Step::Turn { which: *which, calls: *calls, fate: Fate::Fine }
        }
        Step::TurnOfNewest { calls, .. } => Step::TurnOfNewest { calls: *calls, fate: Fate::Fine },
        Step::Deliver { .. } => Step::Deliver { which: 0, again: false },
        other => other.clone(),
    }
}
