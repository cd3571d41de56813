//! What dies between a write and its notice is told all the same.

use landing_zone::model::service_catalog::Outcome;
use simulation::invariants::at_once;
use vending::handover;
use vending::ledger::Status;
use vending::ports::Clock;
use vending::provision::Trigger;

use crate::rig::{Fails, Rig};

/// A tick that also looks for what a lost wake-up left untold.
fn sweep(rig: &Rig) {
    for _ in 0..5 {
        rig.pass(1);
        at_once(handover::tick(&rig.handover())).unwrap().unwrap();
    }
}

fn refused() -> Rig {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Refused);
    });
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    assert_eq!(rig.status("alpha"), Status::Failed);
    rig
}

#[test]
fn an_end_that_was_written_and_not_told_is_told_by_the_next_sweep() {
    for fails in [Fails::Before, Fails::After] {
        let rig = Rig::new();
        rig.made("alpha");
        rig.attend("alpha").unwrap();
        rig.pass(3);
        rig.fail("publish", fails);
        assert!(rig.attend("alpha").is_err());
        assert_eq!(rig.status("alpha"), Status::Ready, "it is written");
        assert!(rig.entry("alpha").is_unannounced());
        rig.heal();
        sweep(&rig);
        assert!(!rig.entry("alpha").is_unannounced());
        let told = rig.told("account alpha is ready").len();
        assert_eq!(told, if fails == Fails::After { 2 } else { 1 });
    }
}

#[test]
fn an_end_that_was_told_and_not_marked_is_told_again_and_marked() {
    let rig = refused();
    rig.fail("save", Fails::Before);
    assert!(rig.attend("alpha").is_err());
    rig.heal();
    sweep(&rig);
    assert_eq!(rig.told("account alpha failed").len(), 2);
    assert!(!rig.entry("alpha").is_unannounced());
}

#[test]
fn a_failure_that_is_asked_for_again_before_it_was_told_is_told_with_what_came_since() {
    let rig = refused();
    rig.fail("publish", Fails::Before);
    assert!(rig.attend("alpha").is_err());
    rig.heal();
    rig.pass(1);
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    assert_eq!(rig.status("alpha"), Status::Queued);
    rig.attend("alpha").unwrap();
    assert_eq!(rig.told("account alpha had failed (provision), and went on").len(), 1);
    assert!(!rig.entry("alpha").is_unannounced());
    rig.attend("alpha").unwrap();
    assert_eq!(rig.told("account alpha had failed").len(), 1, "once is enough");
}

#[test]
fn a_batch_that_was_taken_and_not_told_is_told_by_the_same_delivery_or_the_next_sweep() {
    for by_delivery in [true, false] {
        let rig = Rig::new();
        let object = rig.upload(&[("alpha", "alpha@example.com")]);
        rig.fail("publish", Fails::Before);
        assert!(rig.ingest(&object).is_err());
        assert_eq!(rig.told("taken").len(), 0);
        rig.heal();
        if by_delivery {
            rig.ingest(&object).unwrap();
        } else {
            sweep(&rig);
        }
        assert_eq!(rig.told("taken").len(), 1, "at {}", rig.world.zone.now());
    }
}

#[test]
fn a_list_that_comes_late_is_told_what_a_newer_one_has_taken_the_place_of() {
    let rig = Rig::with(|it| {
        it.account_factory.outcomes.insert("alpha".into(), Outcome::Refused);
    });
    let older = rig.upload(&[("alpha", "old@example.com"), ("beta", "beta@example.com")]);
    rig.pass(1);
    let newer = rig.upload(&[("alpha", "alpha@example.com")]);
    rig.ingest(&newer).unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    assert_eq!(rig.status("alpha"), Status::Failed);
    rig.pass(1);
    rig.ingest(&older).unwrap();
    let alpha = rig.entry("alpha");
    assert_eq!(
        (alpha.status(), alpha.request.email.as_str()),
        (Status::Failed, "alpha@example.com")
    );
    assert_eq!(rig.status("beta"), Status::Queued, "what only the older one asks for is taken");
    let batch = vending::ledger::BatchId::of(&older);
    let results = rig.world.source.get("vend-lists", &format!("results/{batch}.csv")).unwrap();
    let results = String::from_utf8(results).unwrap();
    assert!(
        results.contains(
            "superseded by a list that was uploaded later: FAILED; the new values are ignored"
        ),
        "{results}"
    );
    let said = rig.world.zone.with(|zone| {
        zone.topics
            .messages()
            .iter()
            .any(|it| it.body.contains("Superseded by a list that was uploaded later: 1"))
    });
    assert!(said);
}
