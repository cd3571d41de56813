//! Plays a schedule, step by step, and brings the run to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::TimeDelta;
use vending::ledger::{Batch, BatchId, Order};
use vending::ports::{Clock, Ledger};

use crate::coverage::Coverage;
use crate::gate::Fate;
use crate::invariants::{self, at_once};
use crate::invocation::Wake;
use crate::sabotage::Sabotage;
use crate::schedule::{HANGS, NAMES, Schedule, Setting, Step};
use crate::sim::{Delivery, Sim};
use crate::violation::{Checked, Violation, holds};

/// Invocations at the same time, at most.
const MOST_RUNNING: usize = 4;

/// Calls for which an invocation is watched: from a claim, about, to what follows a refusal.
const WATCHED_FOR: usize = 12;

/// Calls that no invocation ever needs as many of.
const TO_THE_END: usize = 10_000;

/// Seconds within which a path that was given can be launched by, and some.
const PATH_COMES_WITHIN: i64 = 120;

/// Seconds that may pass while functions run; for longer, they are run to their end first.
const MEANWHILE: i64 = 61;

/// How a run went.
#[derive(Debug)]
pub struct Played {
    /// Whether all held.
    pub outcome: Checked,
    /// What was met.
    pub coverage: Coverage,
    /// What happened, line by line, where it was wanted.
    pub trace: Vec<String>,
}

/// Plays a schedule. The same schedule always goes the same way.
#[must_use]
pub fn play(schedule: &Schedule, sabotage: Option<Sabotage>, traced: bool) -> Played {
    let mut sim = Sim::new(&schedule.setting, sabotage, traced);
    let outcome = catch_unwind(AssertUnwindSafe(|| sim.play(schedule)));
    let outcome = outcome.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        Err(Violation::new(format!("panicked: {}", words.unwrap_or_default())))
    });
    Played { outcome, coverage: sim.coverage, trace: sim.trace.unwrap_or_default() }
}

impl Sim {
    fn play(&mut self, schedule: &Schedule) -> Checked {
        if !schedule.setting.others.is_empty() {
            self.coverage.happened("operations of others");
        }
        self.upload(&schedule.setting.rows);
        for step in &schedule.steps {
            self.step(step)?;
            if !step.is_watched() {
                self.look()?;
            }
        }
        self.finish(&schedule.setting)
    }

    fn step(&mut self, step: &Step) -> Checked {
        match step {
            Step::Turn { which, calls, fate } => return self.take_turn(*which, *calls, *fate),
            Step::Deliver { which, again } => return self.deliver(*which, *again),
            Step::TurnOfNewest { calls, fate } => {
                return self.take_turn(self.running.len().saturating_sub(1), *calls, *fate);
            }
            Step::DeliverNewest => {
                return self.deliver(self.pending.len().saturating_sub(1), false);
            }
            Step::Lose(which) => self.lose(*which),
            Step::ProvisionTick => return self.tick(Wake::ProvisionTick),
            Step::HandoverTick => return self.tick(Wake::HandoverTick),
            Step::Pass(seconds) => return self.pass(*seconds),
            Step::Upload(rows) => self.upload(rows),
            Step::UploadAgain(which) => self.upload_again(*which),
            Step::Portfolios(which) => self.upload_portfolios(*which),
            Step::PortfoliosAgain(which) => self.upload_portfolios_again(*which),
            Step::Pause => return self.pause(),
            Step::Resume => return self.resume(),
            Step::MaxInFlight(most) => {
                self.coverage.happened("MaxInFlight changed");
                self.say(|| format!("an operator sets MaxInFlight to {most}"));
                self.world.max_in_flight = *most;
            }
            Step::Plan(number, outcome) => self.plan(*number, *outcome),
            Step::FinishByHand(number) => self.finish_by_hand(*number),
            Step::Update(number) => self.update(*number),
            Step::UpdateInTheWay(number) => return self.update_in_the_way(*number),
            Step::PathTaken(number) => return self.take_path_in_the_way(*number),
            Step::PathGiven => self.give_path(),
            Step::NameGone => self.forget_name(),
            Step::NameBack => self.remember_name(),
            Step::Retry(number) => return self.order(Order::Retry, *number),
            Step::Cancel(number) => return self.order(Order::Cancel, *number),
            Step::Reconcile => return self.reconcile(),
            Step::Clock(seconds) => self.set_clock(*seconds),
            Step::IndexLags => {
                self.coverage.happened("index read stale");
                self.say(|| "indexes lag".to_owned());
                self.world.ledger.let_index_lag();
            }
            Step::IndexCatchesUp => self.world.ledger.let_index_catch_up(),
        }
        Ok(())
    }

    /// Sets the clock of the functions.
    fn set_clock(&mut self, seconds: i64) {
        let before = self.clock.set(seconds);
        if seconds != before {
            let back = seconds < before;
            self.coverage.happened(if back { "clock set back" } else { "clock set forward" });
            self.say(|| format!("the clock of the functions is {seconds} seconds ahead"));
        }
    }

    /// When an invocation is about to remove a product, a person finishes one.
    fn update_in_the_way(&mut self, number: usize) -> Checked {
        if self.about_to("discard", number)?.is_some() {
            self.update(number);
        }
        Ok(())
    }

    /// An admin takes the launch path away, just when the answer to a launch is lost, where one
    /// is about to be asked for.
    fn take_path_in_the_way(&mut self, number: usize) -> Checked {
        if let Some(index) = self.about_to("provision", number)? {
            self.turn(index, 1, Fate::TimedOut)?;
        }
        self.take_path();
        Ok(())
    }

    /// Watches an invocation for some calls, until it, or another one, is about to make that
    /// one; answers which.
    fn about_to(&mut self, call: &str, number: usize) -> Result<Option<usize>, Violation> {
        for _ in 0..WATCHED_FOR {
            let about = self.running.iter().position(|it| it.gate.waits_at() == Some(call));
            if about.is_some() || self.running.is_empty() {
                return Ok(about);
            }
            self.turn(number % self.running.len(), 1, Fate::Fine)?;
        }
        Ok(None)
    }

    /// An operator gives an order about entries, which stands still at every call.
    fn order(&mut self, order: Order, number: usize) -> Checked {
        let names = self.names_for(order, number);
        if names.is_empty() || self.running.len() >= MOST_RUNNING {
            return Ok(());
        }
        self.history.ordered(order, &names);
        self.coverage.happened(match order {
            Order::Retry => "entries retried by an operator",
            Order::Cancel => "entries cancelled by an operator",
        });
        self.begin(Delivery { wake: Wake::Order(order, names), tries: 0 })
    }

    /// An operator reconciles, and stands still at every call.
    fn reconcile(&mut self) -> Checked {
        if self.running.len() >= MOST_RUNNING {
            return Ok(());
        }
        self.coverage.happened("reconciled by an operator");
        self.begin(Delivery { wake: Wake::Reconcile, tries: 0 })
    }

    fn take_turn(&mut self, which: usize, calls: usize, fate: Fate) -> Checked {
        match self.running.len() {
            0 => self.deliver(0, false),
            running => self.turn(which % running, calls, fate),
        }
    }

    fn deliver(&mut self, which: usize, again: bool) -> Checked {
        if self.pending.is_empty() {
            return Ok(());
        }
        if self.running.len() >= MOST_RUNNING {
            return self.take_turn(which, 1, Fate::Fine);
        }
        let index = which % self.pending.len();
        if index > 0 {
            self.coverage.happened("delivery out of order");
        }
        let delivery = self.pending.remove(index);
        if again {
            self.coverage.happened("delivery repeated");
            self.pending.push(delivery.clone());
        }
        self.begin(delivery)
    }

    /// What is lost for good; an upload's event that nobody hears is sent once more in the end.
    fn lose(&mut self, which: usize) {
        if self.pending.is_empty() {
            return;
        }
        let index = which % self.pending.len();
        let lost = self.pending.remove(index);
        self.coverage.happened("delivery lost");
        self.say(|| format!("lost: {}", lost.wake.describe()));
        if matches!(lost.wake, Wake::Upload(_)) {
            self.letters.push(lost.wake);
        }
    }

    fn tick(&mut self, wake: Wake) -> Checked {
        if self.running.len() >= MOST_RUNNING {
            return Ok(());
        }
        self.begin(Delivery { wake, tries: 0 })
    }

    fn pass(&mut self, seconds: i64) -> Checked {
        if seconds > MEANWHILE && seconds != HANGS {
            self.run_out()?;
        }
        if seconds > 20_000 {
            self.coverage.happened("clock jumped hours");
        }
        self.world.zone.advance_to(self.world.zone.now() + TimeDelta::seconds(seconds));
        self.time_out();
        Ok(())
    }

    pub(crate) fn minute(&mut self) -> Checked {
        self.pass(60)?;
        self.look()
    }

    /// Runs what is under way to its end.
    fn run_out(&mut self) -> Checked {
        while !self.running.is_empty() {
            self.turn(0, TO_THE_END, Fate::Fine)?;
        }
        Ok(())
    }

    /// Starts an invocation and runs it to its end.
    pub(crate) fn invoke(&mut self, wake: Wake) -> Checked {
        self.begin(Delivery { wake, tries: 0 })?;
        self.run_out()
    }

    /// Nothing goes wrong any more, and all comes to its end.
    pub(crate) fn finish(&mut self, setting: &Setting) -> Checked {
        self.say(|| "from here on nothing goes wrong".to_owned());
        self.world.ledger.let_index_catch_up();
        self.set_clock(0);
        self.run_out()?;
        self.give_path();
        self.remember_name();
        self.pass(PATH_COMES_WITHIN)?;
        for wake in std::mem::take(&mut self.letters) {
            self.invoke(wake)?;
        }
        let mut rests = false;
        // Twelve hours of nothing but waiting are more than any row ever needs.
        for _ in 0..NAMES * 12 * 30 {
            self.deliver_all(setting.ticks_alone)?;
            self.invoke(Wake::ProvisionTick)?;
            self.invoke(Wake::HandoverTick)?;
            rests = self.is_over();
            if rests {
                break;
            }
            if self.world.ledger.launching_now().pause.is_some() {
                self.resume()?;
            }
            self.pass(120)?;
        }
        invariants::at_rest(&self.world, &self.taken)?;
        self.files_are_true()?;
        self.orders_rest()?;
        holds(rests, || "it never comes to rest".to_owned())?;
        self.history.all_told()
    }

    /// Delivers all that waits; where ticks alone are to do it, only the uploads.
    pub(crate) fn deliver_all(&mut self, uploads_only: bool) -> Checked {
        while !self.pending.is_empty() {
            let delivery = self.pending.remove(0);
            if !uploads_only || matches!(delivery.wake, Wake::Upload(_)) {
                self.begin(delivery)?;
                self.run_out()?;
            }
        }
        Ok(())
    }

    /// The batches of every upload that is known.
    pub(crate) fn batches(&self) -> impl Iterator<Item = Batch> {
        self.uploads.iter().filter_map(|upload| {
            let id = BatchId::of(&upload.object);
            at_once(self.world.ledger.batch(&id))?.ok()?
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        let entries = self.world.ledger.all();
        let settled = entries.iter().all(|it| it.status().is_terminal() && !it.is_unannounced());
        let open = at_once(self.world.ledger.open_batches());
        settled
            && self.orders_are_over()
            && self.world.ledger.launching_now().in_flight.is_empty()
            && matches!(open, Some(Ok(batches)) if batches.is_empty())
    }
}
