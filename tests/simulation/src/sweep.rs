//! Goes through one run call by call and delivery by delivery: three rows, each
//! given access and a portfolio, and a portfolio file, delivered as AWS does when nothing
//! goes wrong.

use std::collections::BTreeMap;

use landing_zone::model::service_catalog::Outcome;

use crate::gate::Fate;
use crate::invariants;
use crate::invocation::Wake;
use crate::orders::OrderKey;
use crate::portfolio_files::THREE_SHARES;
use crate::schedule::Setting;
use crate::sim::{Delivery, Sim};
use crate::violation::{Checked, Violation, holds};
use crate::world::name;

/// Minutes after which the run must be over.
const MOST_MINUTES: usize = 12 * 60;

/// What a run of the sweep is disturbed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// Nothing.
    None,
    /// The call of that number turns out like that.
    Call(usize, Fate),
    /// The delivery of that number is made twice.
    Repeat(usize),
    /// The delivery of that number is lost.
    Lose(usize),
}

/// How a run of the sweep ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// By name: the status, the attempt, the accounts of its e-mail, the launches of it,
    /// and the steps.
    pub entries: BTreeMap<String, (String, u32, usize, usize, String)>,
    /// By batch: rows READY and FAILED, and whether it is closed.
    pub batches: BTreeMap<String, (u64, u64, bool)>,
    /// The orders of the portfolio file, each with what it is about and its status.
    pub orders: Vec<(OrderKey, String)>,
    /// Calls made, in order.
    pub calls: Vec<&'static str>,
    /// Deliveries made.
    pub deliveries: usize,
}

/// Runs the three rows with one disturbance, to their end.
///
/// # Errors
/// When something does not hold on the way, or at rest.
pub fn run(disturbance: Disturbance) -> Result<End, Violation> {
    let mut run = Run::new(disturbance);
    run.play()?;
    Ok(run.end())
}

/// Whether both ended the same, but for how much was done to get there.
#[must_use]
pub fn same(one: &End, other: &End) -> bool {
    one.entries == other.entries && one.batches == other.batches && one.orders == other.orders
}

struct Run {
    sim: Sim,
    disturbance: Disturbance,
    calls: Vec<&'static str>,
    deliveries: usize,
}

fn setting() -> Setting {
    Setting {
        seed: 7,
        max_in_flight: 1,
        accept_valid_rows: false,
        outcomes: vec![Outcome::Ready; 3],
        others: Vec::new(),
        rows: vec![(0, 0, 0), (1, 1, 2), (2, 2, 3)],
        ticks_alone: false,
    }
}

impl Run {
    fn new(disturbance: Disturbance) -> Self {
        Self {
            sim: Sim::new(&setting(), None, false),
            disturbance,
            calls: Vec::new(),
            deliveries: 0,
        }
    }

    fn play(&mut self) -> Checked {
        self.sim.upload(&setting().rows);
        self.sim.upload_portfolios(THREE_SHARES);
        for _ in 0..MOST_MINUTES {
            self.deliver_all()?;
            self.deliver(Delivery { wake: Wake::ProvisionTick, tries: 0 })?;
            self.deliver(Delivery { wake: Wake::HandoverTick, tries: 0 })?;
            self.deliver_all()?;
            if self.sim.is_over() && !self.sim.world.ledger.all().is_empty() {
                invariants::at_rest(&self.sim.world, &self.sim.taken)?;
                self.sim.files_are_true()?;
                self.sim.orders_rest()?;
                return self.sim.history.all_told();
            }
            self.sim.minute()?;
        }
        holds(false, || "it never comes to rest".to_owned())
    }

    fn deliver_all(&mut self) -> Checked {
        while !self.sim.pending.is_empty() {
            let delivery = self.sim.pending.remove(0);
            self.deliver(delivery)?;
        }
        // Somebody sends an upload once more whose event was given up.
        let letters = std::mem::take(&mut self.sim.letters);
        letters.into_iter().try_for_each(|wake| self.deliver(Delivery { wake, tries: 0 }))
    }

    fn deliver(&mut self, delivery: Delivery) -> Checked {
        let number = self.deliveries;
        self.deliveries += 1;
        if self.disturbance == Disturbance::Lose(number)
            && !matches!(delivery.wake, Wake::Upload(_))
        {
            return Ok(());
        }
        if self.disturbance == Disturbance::Repeat(number) {
            self.sim.begin(delivery.clone())?;
            self.run_out()?;
        }
        self.sim.begin(delivery)?;
        self.run_out()
    }

    fn run_out(&mut self) -> Checked {
        while !self.sim.running.is_empty() {
            let fate = match self.disturbance {
                Disturbance::Call(number, fate) if number == self.calls.len() => fate,
                _ => Fate::Fine,
            };
            self.calls.extend(self.sim.running[0].gate.waits_at());
            self.sim.turn(0, 1, fate)?;
        }
        Ok(())
    }

    fn end(&self) -> End {
        let world = &self.sim.world;
        let entries = world.ledger.all().into_iter().map(|entry| {
            let email = entry.request.email.as_str();
            let (accounts, launches) = world.zone.with(|zone| {
                let accounts = zone.organization.accounts().iter();
                let own = accounts.filter(|account| account.email.eq_ignore_ascii_case(email));
                (own.count(), zone.service_catalog.launches_of(email))
            });
            let steps = entry.steps.iter().map(|step| format!("{:?}", step.progress));
            let steps = steps.collect::<Vec<_>>().join(", ");
            let status = entry.status().to_string();
            (entry.request.name.to_string(), (status, entry.attempt, accounts, launches, steps))
        });
        let batches = self.sim.batches();
        let batches = batches.map(|it| (it.id.to_string(), (it.ready, it.failed, it.closed)));
        End {
            entries: entries.collect(),
            batches: batches.collect(),
            orders: self.sim.ordered(),
            calls: self.calls.clone(),
            deliveries: self.deliveries,
        }
    }
}

/// What a sweep went through.
#[derive(Debug, Default)]
pub struct Swept {
    /// Runs made.
    pub runs: usize,
    /// Runs that did not end as the undisturbed one did, and how.
    pub strays: Vec<String>,
}

impl Swept {
    fn take(&mut self, disturbance: Disturbance, undisturbed: &End) {
        self.runs += 1;
        match run(disturbance) {
            Ok(end) if same(&end, undisturbed) => {}
            Ok(end) => self.strays.push(format!("{disturbance:?} ends otherwise: {end:?}")),
            Err(violation) => self.strays.push(format!("{disturbance:?}: {violation}")),
        }
    }
}

/// Every call of the run fails before, fails after, and dies before and after.
///
/// # Errors
/// When the undisturbed run does not hold.
pub fn every_call() -> Result<Swept, Violation> {
    let undisturbed = run(Disturbance::None)?;
    let mut swept = Swept::default();
    for call in 0..undisturbed.calls.len() {
        for fate in [Fate::Unavailable, Fate::TimedOut, Fate::DiesBefore, Fate::DiesAfter] {
            swept.take(Disturbance::Call(call, fate), &undisturbed);
        }
    }
    Ok(swept)
}

/// Every delivery of the run is made twice, and is lost.
///
/// # Errors
/// When the undisturbed run does not hold.
pub fn every_delivery() -> Result<Swept, Violation> {
    let undisturbed = run(Disturbance::None)?;
    let mut swept = Swept::default();
    for delivery in 0..undisturbed.deliveries {
        swept.take(Disturbance::Repeat(delivery), &undisturbed);
        swept.take(Disturbance::Lose(delivery), &undisturbed);
    }
    Ok(swept)
}

impl End {
    /// Whether all three rows are READY, and all that the portfolio file asks for.
    #[must_use]
    pub fn is_all_ready(&self) -> bool {
        (0..3).all(|number| {
            self.entries.get(&name(number)).is_some_and(|(status, ..)| status == "READY")
        }) && self.orders.len() == 5
            && self.orders.iter().all(|(_, status)| status == "READY")
    }
}
