//! A schedule: all that happens in one run, as data, drawn from a seed.

use chrono::TimeDelta;
use landing_zone::model::service_catalog::{OtherOperation, Outcome};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::asking::{BY_NAME, SOUND, WAYS};
use crate::gate::Fate;

/// Names that rows are about; few, so that files speak of the same ones.
pub const NAMES: usize = 6;

/// The number of the e-mail that an account outside the organization has.
pub const TAKEN_EMAIL: usize = NAMES;

/// Seconds that always pass while functions hang, which are ended by then.
pub const HANGS: i64 = 300;

/// Seconds that the clock of the functions may be off: each is within 30 of every other.
/// Lambda's are within milliseconds (Amazon Time Sync Service).
pub const CLOCKS_OFF: [i64; 6] = [-15, -5, -1, 0, 5, 15];
/// The most of these.
pub(crate) const MOST_OFF: TimeDelta = TimeDelta::seconds(15);

/// A row of an upload: the numbers of its name, of its e-mail, and of the way in which it
/// asks for access.
pub type Row = (usize, usize, usize);

/// How a world is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The landing zone's seed.
    pub seed: u64,
    /// Launches at a time, at first.
    pub max_in_flight: usize,
    /// Whether the good rows of a file with faults are taken.
    pub accept_valid_rows: bool,
    /// What becomes of the first launches of each name.
    pub outcomes: Vec<Outcome>,
    /// When somebody else uses Control Tower.
    pub others: Vec<OtherOperation>,
    /// What is uploaded first.
    pub rows: Vec<Row>,
    /// Whether, in the end, ticks alone bring all to rest: nothing else is delivered.
    pub ticks_alone: bool,
}

/// One decision of the scheduler. Numbers choose among what there is, around and around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A running invocation makes calls; the fate is that of the last one.
    Turn {
        /// Which one.
        which: usize,
        /// How many calls it makes before another one may go on.
        calls: usize,
        /// How the last of them turns out.
        fate: Fate,
    },
    /// A delivery is made: an invocation starts.
    Deliver {
        /// Which one; any but the first is out of order.
        which: usize,
        /// Whether it will be made again.
        again: bool,
    },
    /// The invocation that began last makes calls, likewise.
    TurnOfNewest {
        /// How many calls it makes before another one may go on.
        calls: usize,
        /// How the last of them turns out.
        fate: Fate,
    },
    /// What waits since last is delivered.
    DeliverNewest,
    /// A delivery is lost.
    Lose(usize),
    /// A minute passed, for `provision`.
    ProvisionTick,
    /// A minute passed, for `handover`.
    HandoverTick,
    /// Seconds pass.
    Pass(i64),
    /// A list is uploaded.
    Upload(Vec<Row>),
    /// The event of an upload comes once more.
    UploadAgain(usize),
    /// A portfolio file is uploaded.
    Portfolios(usize),
    /// The event of a portfolio file comes once more.
    PortfoliosAgain(usize),
    /// An operator pauses launching.
    Pause,
    /// An operator resumes launching.
    Resume,
    /// An operator changes `MaxInFlight`.
    MaxInFlight(usize),
    /// The next launch of a name is to turn out like that.
    Plan(usize, Outcome),
    /// An operator has an entry that FAILED tried again, and another one beside it.
    Retry(usize),
    /// An operator cancels an entry that is QUEUED, and another one beside it.
    Cancel(usize),
    /// An operator has Service Catalog asked about everything in flight, and settles it.
    Reconcile,
    /// A person finishes an account in Control Tower, whose launch failed after it was made.
    FinishByHand(usize),
    /// A person finishes such an account in Service Catalog, by updating its product.
    Update(usize),
    /// A person does so at the very moment when a function is about to remove a product.
    UpdateInTheWay(usize),
    /// An admin takes away the launch path to Account Factory, at the very moment when a launch is
    /// heard whose answer is lost, where one is about to be asked for.
    PathTaken(usize),
    /// An admin gives the launch path back.
    PathGiven,
    /// A user whom rows ask for is called something else.
    NameGone,
    /// That user has the old name again.
    NameBack,
    /// The clock of the functions is set to be so many seconds ahead.
    Clock(i64),
    /// Reads of an index stand still.
    IndexLags,
    /// Reads of an index are fresh again.
    IndexCatchesUp,
}

impl Step {
    /// Whether what comes of it is looked at call by call.
    pub(crate) fn is_watched(&self) -> bool {
        matches!(
            self,
            Self::Turn { .. }
                | Self::TurnOfNewest { .. }
                | Self::Deliver { .. }
                | Self::DeliverNewest
        )
    }
}

/// All that happens in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// How the world is set up.
    pub setting: Setting,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

impl Schedule {
    /// The schedule of that seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let chance = &mut ChaCha8Rng::seed_from_u64(seed);
        let faults = [0, 2, 5, 15][chance.random_range(0..4)];
        let setting = setting(seed, chance);
        let length = chance.random_range(100..500);
        let mut steps = (0..length).map(|_| step(faults, chance)).collect();
        add_portfolio_files(&mut steps, faults, chance);
        take_the_path(&mut steps, faults, chance);
        forget_a_name(&mut steps, chance);
        Self { setting, steps }
    }
}

fn setting(seed: u64, chance: &mut ChaCha8Rng) -> Setting {
    let rows = chance.random_range(1..=NAMES);
    Setting {
        seed,
        max_in_flight: [1, 1, 2, 3, 5, 10][chance.random_range(0..6)],
        accept_valid_rows: chance.random_bool(0.5),
        outcomes: outcomes(chance),
        others: (0..chance.random_range(0..3)).map(|_| other(chance)).collect(),
        rows: (0..rows).map(|number| row(number, chance)).collect(),
        ticks_alone: chance.random_bool(0.5),
    }
}

/// Now and then the same for all, as where a permission is missing.
fn outcomes(chance: &mut ChaCha8Rng) -> Vec<Outcome> {
    if chance.random_bool(0.1) {
        let shared = [Outcome::Denied, Outcome::Quota, Outcome::Busy][chance.random_range(0..3)];
        return vec![shared; NAMES];
    }
    (0..NAMES).map(|_| outcome(chance)).collect()
}

fn outcome(chance: &mut ChaCha8Rng) -> Outcome {
    if chance.random_bool(0.5) {
        return Outcome::Ready;
    }
    Outcome::ALL[chance.random_range(0..Outcome::ALL.len())]
}

fn other(chance: &mut ChaCha8Rng) -> OtherOperation {
    OtherOperation {
        from_minute: chance.random_range(0..120),
        for_minutes: chance.random_range(1..60),
        account_operations: chance.random_range(0..5),
    }
}

/// Mostly a name's own e-mail.
fn row(number: usize, chance: &mut ChaCha8Rng) -> Row {
    let way = way(chance);
    if chance.random_bool(0.9) {
        return (number, number, way);
    }
    (number, chance.random_range(0..=TAKEN_EMAIL), way)
}

/// Mostly one of which something can be made; now and then a fault of the row.
fn way(chance: &mut ChaCha8Rng) -> usize {
    if chance.random_bool(0.4) {
        return 0;
    }
    let most = if chance.random_bool(0.1) { WAYS } else { SOUND };
    chance.random_range(0..most)
}

fn rows(chance: &mut ChaCha8Rng) -> Vec<Row> {
    let length = chance.random_range(1..5);
    (0..length)
        .map(|_| {
            let number = chance.random_range(0..NAMES);
            row(number, chance)
        })
        .collect()
}

fn step(faults: u32, chance: &mut ChaCha8Rng) -> Step {
    let which = chance.random_range(0..1_000);
    match chance.random_range(0..220) {
        0..90 => turn(which, faults, chance),
        // The oldest one mostly: each is due some time.
        90..130 => Step::Deliver {
            which: if chance.random_bool(0.6) { 0 } else { which },
            again: faults > 0 && chance.random_bool(0.1),
        },
        130..134 if faults > 0 => Step::Lose(which),
        134..148 => Step::ProvisionTick,
        148..160 => Step::HandoverTick,
        160..185 => Step::Pass(seconds(chance)),
        185..188 => Step::Upload(rows(chance)),
        188 => Step::UploadAgain(which),
        189 => Step::Pause,
        190..192 => Step::Resume,
        192 => Step::MaxInFlight(chance.random_range(1..=5)),
        193..195 => Step::Plan(which % NAMES, outcome(chance)),
        195 => Step::FinishByHand(which % NAMES),
        196 => Step::IndexLags,
        197..200 => Step::IndexCatchesUp,
        200..202 => Step::Retry(which % NAMES),
        202 => Step::Cancel(which % NAMES),
        203..206 => Step::Update(which % NAMES),
        210..220 => Step::UpdateInTheWay(which % NAMES),
        207 => Step::Reconcile,
        206 if faults > 0 => Step::Clock(CLOCKS_OFF[which % CLOCKS_OFF.len()]),
        _ => turn(which, faults, chance),
    }
}

/// Portfolio files, now and then, among the other steps. Drawn last, so that a schedule
/// without any is what it was before there were such files.
fn add_portfolio_files(steps: &mut Vec<Step>, faults: u32, chance: &mut ChaCha8Rng) {
    if chance.random_bool(0.5) {
        return;
    }
    for _ in 0..chance.random_range(1..4) {
        let mut at = chance.random_range(0..=steps.len());
        steps.splice(at..at, taken_in(faults, chance));
        for _ in 0..chance.random_range(0..6) {
            at = chance.random_range(at..=steps.len());
            steps.splice(at..at, carried_on(faults, chance));
        }
    }
}

/// Now and then nothing can be launched for a while, which functions that are at work on a launch
/// learn. Drawn last, as the portfolio files are.
fn take_the_path(steps: &mut Vec<Step>, faults: u32, chance: &mut ChaCha8Rng) {
    if chance.random_bool(0.85) {
        return;
    }
    let back = chance.random_range(0..=steps.len());
    steps.insert(back, Step::PathGiven);
    let taken = chance.random_range(0..=back);
    let learnt = [
        Step::ProvisionTick,
        Step::PathTaken(chance.random_range(0..1_000)),
        Step::Pass(seconds(chance)),
        Step::ProvisionTick,
        turn_of_newest(faults, chance),
    ];
    steps.splice(taken..taken, learnt);
}

/// Now and then a name of access is gone for a while, which rows ask for that intake has only half
/// put into the ledger.
fn forget_a_name(steps: &mut Vec<Step>, chance: &mut ChaCha8Rng) {
    if chance.random_bool(0.85) {
        return;
    }
    let back = chance.random_range(0..=steps.len());
    steps.insert(back, Step::NameBack);
    let gone = chance.random_range(0..=back);
    let number = chance.random_range(0..NAMES);
    let mut list = rows(chance);
    list.push((number, number, BY_NAME));
    let fate = Fate::FAULTS[chance.random_range(0..Fate::FAULTS.len())];
    let half_way = [
        Step::Upload(list),
        Step::DeliverNewest,
        Step::TurnOfNewest { calls: chance.random_range(10..20), fate },
        Step::NameGone,
        Step::DeliverNewest,
    ];
    steps.splice(gone..gone, half_way);
}

/// A portfolio file comes, or comes again, and intake is at work on it.
fn taken_in(faults: u32, chance: &mut ChaCha8Rng) -> Vec<Step> {
    let which = chance.random_range(0..1_000);
    let again = chance.random_bool(0.2);
    let mut steps =
        vec![if again { Step::PortfoliosAgain(which) } else { Step::Portfolios(which) }];
    for _ in 0..chance.random_range(0..3) {
        steps.push(Step::DeliverNewest);
        steps.push(turn_of_newest(faults, chance));
    }
    steps
}

/// Some time later, handover is at work on it.
fn carried_on(faults: u32, chance: &mut ChaCha8Rng) -> Vec<Step> {
    let mut steps = vec![Step::Pass(seconds(chance)), Step::HandoverTick];
    steps.extend((0..chance.random_range(0..4)).map(|_| turn_of_newest(faults, chance)));
    steps
}

fn turn_of_newest(faults: u32, chance: &mut ChaCha8Rng) -> Step {
    let calls = chance.random_range(1..12);
    Step::TurnOfNewest { calls, fate: fate(faults, chance) }
}

fn seconds(chance: &mut ChaCha8Rng) -> i64 {
    [1, 5, 20, 45, 61, 120, HANGS, 600, 900, 1_300, 2_200, 4_000, 25_000]
        [chance.random_range(0..13)]
}

fn turn(which: usize, faults: u32, chance: &mut ChaCha8Rng) -> Step {
    let calls = [1, 1, 2, 3, 5, 50][chance.random_range(0..6)];
    Step::Turn { which, calls, fate: fate(faults, chance) }
}

fn fate(faults: u32, chance: &mut ChaCha8Rng) -> Fate {
    let fails = chance.random_range(0..100) < faults * 3;
    let fault = Fate::FAULTS[chance.random_range(0..Fate::FAULTS.len())];
    if fails { fault } else { Fate::Fine }
}
