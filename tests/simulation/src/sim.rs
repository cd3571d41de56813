//! One run: a world, the invocations under way in it, and what waits to be delivered.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use landing_zone::ports::MemoryWorld;
use vending::ledger::{ObjectRef, Timestamp};
use vending::ports::Clock;

use crate::books::Books;
use crate::clock::Skewed;
use crate::coverage::Coverage;
use crate::gate::{Fate, Gate};
use crate::history::History;
use crate::invariants;
use crate::invocation::{Answer, Memory, Running, Wake, start};
use crate::orders::Portfolios;
use crate::sabotage::Sabotage;
use crate::schedule::{Row, Setting};
use crate::violation::{Checked, holds};
use crate::world::{name, world};

/// The calls that change nothing, after which there is nothing to look at.
const READS: [&str; 34] = [
    "entry",
    "entries",
    "email_owners",
    "queued",
    "open",
    "launching",
    "agenda",
    "overview",
    "outsiders",
    "batch",
    "batch_entries",
    "open_batches",
    "units",
    "find",
    "accounts",
    "account",
    "resolve assignment",
    "resolve portfolio",
    "exists",
    "assignment status",
    "share status",
    "is_shared",
    "read",
    "outside",
    "results_of",
    "wait",
    "portfolio_batch",
    "orders",
    "unit",
    "accounts_in",
    "management_account",
    "owned",
    "unit_share_status",
    "is_shared_with_unit",
];

/// The calls of Identity Center about assignments.
const OF_ACCESS: [&str; 4] = ["resolve assignment", "exists", "request", "assignment status"];

/// Something that waits to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it wakes.
    pub wake: Wake,
    /// How often it was made before.
    pub tries: u32,
}

/// A list that was uploaded.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// Where it is.
    pub object: ObjectRef,
    /// What is in it.
    pub rows: Vec<Row>,
}

/// A world that things happen in.
pub struct Sim {
    /// The world.
    pub world: MemoryWorld,
    pub(crate) clock: Skewed,
    /// The places where functions run: two, by turns.
    memories: [Arc<Memory>; 2],
    pub(crate) sabotage: Option<Sabotage>,
    pub(crate) pending: Vec<Delivery>,
    pub(crate) running: Vec<Running>,
    /// Uploads that failed too often; somebody sends them once more in the end.
    pub(crate) letters: Vec<Wake>,
    pub(crate) uploads: Vec<Uploaded>,
    /// Batches that were taken.
    pub(crate) taken: BTreeSet<String>,
    pub(crate) history: History,
    pub(crate) books: Books,
    pub(crate) portfolios: Portfolios,
    /// What was met.
    pub coverage: Coverage,
    /// What happened, line by line, where it is wanted.
    pub trace: Option<Vec<String>>,
    start: Timestamp,
    started: usize,
    pub(crate) launches: usize,
    pub(crate) messages: usize,
    pub(crate) succeeded: BTreeSet<String>,
}

impl Sim {
    /// A world at its first moment.
    #[must_use]
    pub fn new(setting: &Setting, sabotage: Option<Sabotage>, traced: bool) -> Self {
        let world = world(setting);
        let start = world.zone.now();
        let mut history = History::default();
        for (number, outcome) in setting.outcomes.iter().enumerate() {
            history.planned.entry(name(number)).or_default().push(*outcome);
        }
        Self {
            clock: Skewed::new(&world.zone),
            memories: Default::default(),
            world,
            sabotage,
            pending: Vec::new(),
            running: Vec::new(),
            letters: Vec::new(),
            uploads: Vec::new(),
            taken: BTreeSet::new(),
            history,
            books: Books::default(),
            portfolios: Portfolios::default(),
            coverage: Coverage::default(),
            trace: traced.then(Vec::new),
            start,
            started: 0,
            launches: 0,
            messages: 0,
            succeeded: BTreeSet::new(),
        }
    }

    /// Writes a line of the trace.
    pub(crate) fn say(&mut self, line: impl FnOnce() -> String) {
        let since = self.world.zone.now() - self.start;
        if let Some(trace) = &mut self.trace {
            let (hours, minutes) = (since.num_hours(), since.num_minutes() % 60);
            let seconds = since.num_seconds() % 60;
            trace.push(format!("{hours:02}:{minutes:02}:{seconds:02}  {}", line()));
        }
    }

    /// Starts an invocation, which stands still at its first call.
    ///
    /// # Errors
    /// When something does not hold.
    pub fn begin(&mut self, delivery: Delivery) -> Checked {
        let Delivery { wake, tries } = delivery;
        let gate = Arc::new(Gate::default());
        self.started += 1;
        let number = self.started;
        let (world, clock, sabotage) = (&self.world, &self.clock, self.sabotage);
        let memory = &self.memories[number % self.memories.len()];
        let future = start(world, clock, memory, sabotage, gate.clone(), wake.clone(), number);
        let alone = self.running.is_empty();
        if !alone {
            self.coverage.happened("invocations interleaved");
        }
        self.running.iter_mut().for_each(|other| other.alone = false);
        self.say(|| format!("#{number} begins: {}", wake.describe()));
        let since = self.world.zone.now();
        let max_in_flight = self.world.max_in_flight;
        let running = Running { number, wake, tries, since, max_in_flight, alone, gate, future };
        self.running.push(running);
        self.poll(self.running.len() - 1, false).map(drop)
    }

    /// Lets an invocation make calls; the fate is that of the last one.
    ///
    /// # Errors
    /// When something does not hold.
    pub fn turn(&mut self, index: usize, calls: usize, fate: Fate) -> Checked {
        for call in 1..=calls {
            let fate = if call == calls { fate } else { Fate::Fine };
            let running = &self.running[index];
            let (number, at) = (running.number, running.gate.waits_at().unwrap_or_default());
            let tells = running.wake.tells();
            let gives = running.wake.gives();
            running.gate.open(fate);
            self.coverage.call(at, fate);
            self.say(|| match fate {
                Fate::Fine => format!("#{number} {at}"),
                fault => format!("#{number} {at}: {}", fault.name().to_uppercase()),
            });
            self.history.disturbed |= fate != Fate::Fine;
            if gives && OF_ACCESS.contains(&at) {
                invariants::talks_alone(&self.world, number)?;
            }
            let over = self.poll(index, !READS.contains(&at))?;
            self.look_at_files(at, fate, tells)?;
            self.look_at_orders(at)?;
            if over {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Lets an invocation go on to its next call, or its end; answers whether it has ended.
    fn poll(&mut self, index: usize, writes: bool) -> Result<bool, crate::Violation> {
        let launching = self.world.ledger.launching_now();
        let running = &mut self.running[index];
        let max = running.max_in_flight;
        let polled = running.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let dead = running.gate.is_dead();
        let slots = self.world.ledger.launching_now().in_flight.len();
        if slots > launching.in_flight.len() {
            holds(slots <= max, || format!("{slots} slots are taken, of {max}"))?;
            holds(launching.pause.is_none(), || "launched during a pause".to_owned())?;
        }
        if writes {
            self.look()?;
        }
        match polled {
            Poll::Ready(answer) => {
                let running = self.running.remove(index);
                self.ended(running, answer)?;
            }
            Poll::Pending if dead => {
                let running = self.running.remove(index);
                self.again(running.wake, running.tries);
            }
            Poll::Pending => return Ok(false),
        }
        Ok(true)
    }

    fn ended(&mut self, running: Running, answer: Answer) -> Checked {
        let number = running.number;
        match answer {
            Ok(said) => {
                self.say(|| format!("#{number} ends"));
                self.check_end(&running, said)
            }
            Err(error) => {
                let illegal = matches!(error, vending::Error::Illegal(_));
                holds(!illegal, || format!("{}: {error}", running.wake.describe()))?;
                self.say(|| format!("#{number} fails: {error}"));
                self.again(running.wake, running.tries);
                Ok(())
            }
        }
    }

    /// What failed is delivered once more, unless it was too often.
    fn again(&mut self, wake: Wake, tries: u32) {
        let tries = tries + 1;
        if wake.most_tries().is_none_or(|most| tries < most) {
            self.coverage.happened("delivery after a failure");
            self.pending.push(Delivery { wake, tries });
        } else if matches!(wake, Wake::Upload(_)) {
            self.coverage.happened("delivery given up");
            self.letters.push(wake);
        } else {
            self.coverage.happened("delivery given up");
        }
    }

    /// Ends the intakes that are under way, wherever they are, when something changes that they
    /// check lists against: two of one list, of which one takes what the other refuses by then,
    /// are not looked at.
    pub(crate) fn end_intakes(&mut self) {
        let is_intake = |it: &Running| matches!(it.wake, Wake::Upload(_));
        while let Some(index) = self.running.iter().position(is_intake) {
            let running = self.running.remove(index);
            self.history.disturbed = true;
            let number = running.number;
            self.say(|| format!("#{number} dies"));
            self.again(running.wake, running.tries);
        }
    }

    /// Ends the invocations that have run for too long.
    pub(crate) fn time_out(&mut self) {
        let now = self.world.zone.now();
        while let Some(index) =
            self.running.iter().position(|it| now - it.since >= it.wake.timeout())
        {
            let running = self.running.remove(index);
            self.coverage.happened("function timed out");
            self.history.disturbed = true;
            let number = running.number;
            self.say(|| format!("#{number} runs for too long and is ended"));
            self.again(running.wake, running.tries);
        }
    }
}
