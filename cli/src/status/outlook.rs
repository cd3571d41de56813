//! When a batch, or a row of the queue, will have come to its end.

use chrono::TimeDelta;
use vending::forecast::{Forecast, Line, Pace};
use vending::ledger::{Batch, Entry, Status};

use super::scene::Scene;
use super::words::moment;

impl Scene {
    /// In words when the batch will have ended; none where it has.
    pub(super) fn outlook(&self, batch: &Batch) -> Option<String> {
        Some(self.words(&self.forecast(batch)?))
    }

    /// When the batch will have ended, by the launches that were seen; none where it has.
    pub(super) fn forecast(&self, batch: &Batch) -> Option<Forecast> {
        if batch.remaining == 0 {
            return None;
        }
        let queued = |entry: &&Entry| entry.status() == Status::Queued;
        let waiting = self.of(batch).into_iter().filter(queued).count();
        let ahead = if waiting == 0 { 0 } else { self.ahead_of(batch) };
        Some(self.reckon(batch, waiting + ahead))
    }

    fn reckon(&self, batch: &Batch, waiting: usize) -> Forecast {
        // Where nothing waits, what others are at does not matter.
        let concerns = |entry: &&Entry| waiting > 0 || entry.batch == batch.id;
        let held = self.launching.hold_until.map(|until| until - self.now).unwrap_or_default();
        let line = Line {
            waiting,
            in_flight: self
                .slots
                .iter()
                .filter(concerns)
                .filter_map(|it| self.under_way(it))
                .collect(),
            max_in_flight: self.max_in_flight,
            held_for: held.max(TimeDelta::zero()),
            paused: waiting > 0 && self.launching.pause.is_some(),
        };
        Forecast::of(&line, &Pace::observed(self.entries.values()), self.now)
    }

    /// Rows that wait in batches that came before.
    fn ahead_of(&self, batch: &Batch) -> usize {
        let before = self.open.iter().filter(|it| it.received_at < batch.received_at);
        let waiting = before.map(|it| {
            let slots = self.slots.iter().filter(|slot| slot.batch == it.id).count();
            usize::try_from(it.remaining).unwrap_or(usize::MAX).saturating_sub(slots)
        });
        waiting.sum()
    }

    /// How long a launch is under way.
    fn under_way(&self, entry: &Entry) -> Option<TimeDelta> {
        let launch = entry.launch.as_ref()?;
        Some((self.now - launch.started_at).max(TimeDelta::zero()))
    }

    fn words(&self, forecast: &Forecast) -> String {
        let at = forecast.at.map(|at| format!("{} UTC, ", moment(at, self.now)));
        format!(
            "ends in {}",
            forecast.words().replacen(", ", &format!(", {}", at.unwrap_or_default()), 1)
        )
    }
}

#[cfg(test)]
mod tests {
    use vending::ledger::Pause;

    use super::*;
    use crate::status::testing::{at, batch, provisioning, queued, ready, scene};

    #[test]
    fn a_batch_waits_for_those_before_it_and_for_what_is_under_way() {
        let mut scene = scene(vec![provisioning("alpha", 2), queued("beta", 3)], 660);
        let minutes = |scene: &Scene| {
            scene.forecast(&scene.batches[0]).map(|it| it.after.usual.num_minutes())
        };
        assert_eq!(minutes(&scene), Some(20 + 30), "ten of thirty minutes are over");
        let earlier = Batch { received_at: at(-60), remaining: 2, ..batch() };
        scene.open.push(Batch { id: vending::ledger::BatchId("earlier".into()), ..earlier });
        assert_eq!(minutes(&scene), Some(20 + 3 * 30));
    }

    #[test]
    fn what_was_observed_counts_and_what_has_ended_has_no_outlook() {
        let mut scene = scene(vec![ready("alpha", 2), queued("beta", 3)], 2_000);
        let words = scene.outlook(&scene.batches[0]).unwrap_or_default();
        assert_eq!(
            words,
            "ends in about 31 min, 13:04 UTC, if a launch takes 30 min as the last one did"
        );
        let (since, reason) = (at(0), "drift".to_owned());
        scene.launching.pause = Some(Pause { since, reason, announced: true, by: None });
        let words = scene.outlook(&scene.batches[0]).unwrap_or_default();
        assert!(words.contains("from when launching is resumed"), "{words}");
        scene.batches[0].remaining = 0;
        assert_eq!(scene.outlook(&scene.batches[0]), None);
    }
}
