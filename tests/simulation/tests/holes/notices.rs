//! What dies between a write and its notice is told all the same.

use landing_zone::model::service_catalog::{
    FACTORY_PORTFOLIO_ID, Outcome, PrincipalType, associate, caller, disassociate,
};
use simulation::invariants::at_once;
use vending::file::Fault;
use vending::handover;
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::{Batch, Status};
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
fn a_batch_that_puts_nothing_into_the_ledger_is_never_complete() {
    let rig = Rig::new();
    rig.ingest(&rig.upload(&[("alpha", "alpha@example.com")])).unwrap();
    rig.provision(&Trigger::Changed).unwrap();
    rig.pass(1);
    let again = rig.upload(&[("alpha", "alpha@example.com")]);
    rig.fail("publish", Fails::Before);
    assert!(rig.ingest(&again).is_err());
    rig.heal();
    sweep(&rig);
    sweep(&rig);
    assert_eq!(rig.told("taken").len(), 2);
    assert_eq!(rig.told("complete"), [""; 0]);
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

#[test]
fn a_batch_that_only_the_sweep_told_of_is_told_complete_in_the_end() {
    let rig = Rig::new();
    let object = rig.upload(&[("alpha", "alpha@example.com")]);
    rig.fail("publish", Fails::Before);
    assert!(rig.ingest(&object).is_err());
    rig.heal();
    // The delivery was the last one.
    for _ in 0..90 {
        rig.pass(1);
        rig.provision(&Trigger::Tick).unwrap();
        at_once(handover::tick(&rig.handover())).unwrap().unwrap();
    }
    assert_eq!(rig.status("alpha"), Status::Ready);
    assert_eq!(rig.told(" taken").len(), 1);
    assert_eq!(rig.told(" complete: 1 ready, 0 failed").len(), 1);
}

#[test]
fn rows_that_an_earlier_delivery_took_in_are_not_refused_for_what_is_wrong_by_now() {
    let rig = Rig::new();
    let taken = rig.world.zone.with(|zone| zone.organization.accounts()[0].email.clone());
    let object = rig.upload(&[("alpha", "alpha@example.com"), ("beta", &taken)]);
    let ingest = |accept_valid_rows| {
        let intake = Intake {
            accept_valid_rows,
            ledger: &rig.ledger,
            notifier: &rig.zone,
            ..rig.world.intake()
        };
        at_once(ingest(&intake, &object)).expect("nothing to wait for")
    };
    rig.fail("publish", Fails::Before);
    assert!(ingest(true).is_err());
    rig.heal();
    assert_eq!(rig.status("alpha"), Status::Queued);
    // The stack is configured otherwise by the time of the next delivery.
    let again = ingest(false).unwrap();
    let Ingested::Taken { faults, batch } = again else { panic!("{again:?}") };
    assert_eq!((faults.len(), batch.refused), (1, 1), "{faults:?}");
    assert_eq!(rig.status("alpha"), Status::Queued);
}

#[test]
fn a_list_that_is_half_taken_is_not_refused_while_nothing_can_be_launched() {
    let rig = Rig::new();
    let object = rig.upload(&[("alpha", "alpha@example.com")]);
    rig.fail("publish", Fails::Before);
    assert!(rig.ingest(&object).is_err());
    rig.heal();
    let own = rig.world.zone.with(|zone| {
        let own = caller(zone);
        disassociate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam).unwrap();
        own
    });
    let error = rig.ingest(&object).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the list is taken in part already, and now none of it can be launched: `vend doctor` says why"
    );
    assert_eq!(rig.told("refused").len(), 0);
    assert_eq!(rig.status("alpha"), Status::Queued);

    rig.world.zone.with(|zone| {
        associate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam).unwrap();
    });
    rig.pass(5);
    assert!(matches!(rig.ingest(&object), Ok(Ingested::Taken { .. })));
    assert_eq!(rig.told(" taken").len(), 1);
}

/// A list over the rows of which a first delivery dies where that call fails. One of them is of
/// another list's account; two ask for a name that is gone by the second delivery.
fn delivered_twice(call: &'static str, fails: Fails) -> (Rig, Vec<Fault>, Batch) {
    let rig = Rig::new();
    rig.made("beta");
    let row = |name: &str, asks: &str| {
        format!("{name},jane@example.com,{name}@example.com,Jane,Doe,Test-OU-1,{asks}\n")
    };
    let john = "user:john.smith=BillingView";
    let header = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Assignments\n";
    let rows = [row("alpha", john), row("beta", john), row("gamma", "")];
    let object = rig.world.upload("in/access.csv", format!("{header}{}", rows.concat()));
    rig.fail(call, fails);
    assert!(rig.ingest(&object).is_err());
    rig.heal();
    rig.world.zone.with(|zone| zone.identity_center.rename_user("john.smith", "john.miller"));
    let again = rig.ingest(&object).unwrap();
    let Ingested::Taken { faults, batch } = again else { panic!("{again:?}") };
    let states = ["alpha", "beta", "gamma"].map(|name| rig.status(name));
    assert_eq!(states, [Status::Queued, Status::Configuring, Status::Queued]);
    (rig, faults, *batch)
}

fn results(rig: &Rig, batch: &Batch) -> String {
    let file = rig.world.source.get(&batch.object.bucket, &batch.results_key()).unwrap();
    String::from_utf8(file).unwrap()
}

#[test]
fn of_rows_that_are_wrong_by_now_those_that_a_list_has_in_the_ledger_are_kept() {
    let (rig, faults, batch) = delivered_twice("admit", Fails::After);
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [Some(3)]);
    assert_eq!((batch.queued(), batch.refused, batch.unchanged), (2, 1, 0));
    let file = results(&rig, &batch);
    let outcomes: Vec<&str> = file.lines().filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!(outcomes, ["Outcome", "queued", "refused", "queued"], "{file}");
}

#[test]
fn a_list_that_changes_nothing_is_not_refused_once_it_is_taken() {
    let rig = Rig::new();
    rig.made("alpha");
    let object = rig.upload(&[("alpha", "alpha@example.com")]);
    rig.fail("publish", Fails::Before);
    assert!(rig.ingest(&object).is_err());
    rig.heal();
    rig.world.zone.with(|zone| {
        let own = caller(zone);
        disassociate(zone, FACTORY_PORTFOLIO_ID, &own, PrincipalType::Iam).unwrap();
    });
    assert!(rig.ingest(&object).is_err(), "the file says that its row is unchanged");
    assert_eq!(rig.told("refused").len(), 0);
}

#[test]
fn what_the_results_file_of_a_list_says_is_told_whatever_is_wrong_by_now() {
    let (rig, faults, batch) = delivered_twice("publish", Fails::Before);
    assert_eq!(faults, []);
    assert_eq!((batch.queued(), batch.refused, batch.unchanged), (2, 0, 1));
    assert!(results(&rig, &batch).contains("unchanged: CONFIGURING"));
}

#[test]
fn a_list_counts_from_its_upload_however_late_it_is_read() {
    let rig = Rig::new();
    let object = rig.upload(&[("alpha", "alpha@example.com")]);
    let uploaded = rig.world.zone.now();
    rig.pass(10);
    rig.ingest(&object).unwrap();
    assert_eq!(rig.entry("alpha").uploaded_at, uploaded);
}
