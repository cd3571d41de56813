//! Histories in which one thing happens at a time, in any order.

use chrono::TimeDelta;
use landing_zone::model::service_catalog::Outcome;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use crate::run::{NAMES, Row, Run, Setting};

/// One thing that happens. Numbers choose among what waits, around and around.
#[derive(Debug, Clone)]
pub enum Happening {
    Upload(Vec<Row>),
    UploadAgain(usize),
    Change { which: usize, times: usize, keep: bool },
    Event { which: usize, times: usize, keep: bool },
    LoseChange(usize),
    LoseEvent(usize),
    ProvisionTick,
    HandoverTick,
    Pass(i64),
    Resume,
    Plan(usize, Outcome),
    IndexLags,
    IndexCatchesUp,
}

pub fn setting() -> impl Strategy<Value = Setting> {
    let outcomes = vec(outcome(), NAMES);
    let rows = vec(row(), 1..=NAMES);
    (1..=10_usize, any::<u64>(), any::<bool>(), outcomes, rows).prop_map(
        |(max_in_flight, seed, accept_valid_rows, outcomes, rows)| Setting {
            max_in_flight,
            seed,
            accept_valid_rows,
            outcomes,
            rows,
        },
    )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(Outcome::Ready), select(Outcome::ALL.to_vec())]
}

/// Mostly a name's own e-mail.
fn row() -> impl Strategy<Value = Row> {
    prop_oneof![
        8 => (0..NAMES).prop_map(|number| (number, number)),
        1 => (0..NAMES, 0..NAMES),
    ]
}

pub fn happening() -> impl Strategy<Value = Happening> {
    let which = any::<usize>;
    let seconds = select(vec![5, 20, 60, 300, 1_200, 2_100, 4_000]);
    prop_oneof![
        3 => vec(row(), 1..5).prop_map(Happening::Upload),
        1 => which().prop_map(Happening::UploadAgain),
        6 => (which(), 1..3_usize, any::<bool>())
            .prop_map(|(which, times, keep)| Happening::Change { which, times, keep }),
        4 => (which(), 1..3_usize, any::<bool>())
            .prop_map(|(which, times, keep)| Happening::Event { which, times, keep }),
        1 => which().prop_map(Happening::LoseChange),
        1 => which().prop_map(Happening::LoseEvent),
        4 => Just(Happening::ProvisionTick),
        4 => Just(Happening::HandoverTick),
        8 => seconds.prop_map(Happening::Pass),
        1 => Just(Happening::Resume),
        1 => (0..NAMES, outcome()).prop_map(|(number, outcome)| Happening::Plan(number, outcome)),
        1 => Just(Happening::IndexLags),
        2 => Just(Happening::IndexCatchesUp),
    ]
}

/// Lets it all happen, and then brings it to an end.
pub fn play(setting: &Setting, happenings: &[Happening]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut run = Run::new(setting);
        run.upload(&setting.rows).await;
        for happening in happenings {
            happen(&mut run, happening).await;
            run.look();
        }
        run.finish().await;
    });
}

async fn happen(run: &mut Run, happening: &Happening) {
    match happening {
        Happening::Upload(rows) => run.upload(rows).await,
        Happening::UploadAgain(which) => {
            if let Some(object) = pick(&run.uploads, *which).cloned() {
                run.ingest(&object).await;
            }
        }
        Happening::Change { which, times, keep } => {
            let Some(name) = pick(&run.changes, *which).cloned() else { return };
            for _ in 0..*times {
                run.change(&name).await;
            }
            lose(&mut run.changes, *which, *keep);
        }
        Happening::Event { which, times, keep } => {
            let Some(event) = pick(&run.events, *which).cloned() else { return };
            for _ in 0..*times {
                run.event(&event).await;
            }
            lose(&mut run.events, *which, *keep);
        }
        Happening::LoseChange(which) => lose(&mut run.changes, *which, false),
        Happening::LoseEvent(which) => lose(&mut run.events, *which, false),
        Happening::ProvisionTick => run.provision_tick().await,
        Happening::HandoverTick => run.handover_tick().await,
        Happening::Pass(seconds) => run.pass(TimeDelta::seconds(*seconds)),
        Happening::Resume => run.resume().await,
        Happening::Plan(number, outcome) => run
            .world
            .zone
            .with(|zone| zone.service_catalog.plan(&format!("account-{number}"), *outcome)),
        Happening::IndexLags => run.world.ledger.let_index_lag(),
        Happening::IndexCatchesUp => run.world.ledger.let_index_catch_up(),
    }
}

fn pick<T>(all: &[T], which: usize) -> Option<&T> {
    (!all.is_empty()).then(|| &all[which % all.len()])
}

fn lose<T>(all: &mut Vec<T>, which: usize, keep: bool) {
    if !keep && !all.is_empty() {
        all.remove(which % all.len());
    }
}
