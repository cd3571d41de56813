//! The results file beside a list: it says how every row ended before people are told,
//! whoever else writes it, and whatever becomes of it.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

mod bucket;
mod meanwhile;
mod process;
mod rig;

use landing_zone::model::service_catalog::Outcome;
use vending::announce::ReadyNotices;

use bucket::Mood;
use rig::Rig;

#[tokio::test]
async fn every_end_is_in_the_file_before_it_is_told() {
    let rig = Rig::new(&[("beta", Outcome::Quota)]);
    let list = rig.upload("a.csv", &["alpha", "beta"]).await;
    for _ in 0..120 {
        rig.minute().await;
        for name in ["alpha", "beta"] {
            if rig.was_told(name) {
                let row = rig.row(&list, name);
                assert!(row.contains(",READY,") || row.contains(",FAILED,"), "{row}");
            }
        }
    }
    let (alpha, beta) = (rig.row(&list, "alpha"), rig.row(&list, "beta"));
    assert!(alpha.contains(",READY,") && alpha.contains(&rig.account("alpha")), "{alpha}");
    assert!(beta.contains(",FAILED,,\"the organization has reached its number"), "{beta}");
    assert!(rig.was_told("alpha") && rig.was_told("beta"));
}

#[tokio::test]
async fn ends_that_come_together_are_one_read_and_one_write() {
    let mut rig = Rig::new(&[]);
    let names = ["a1", "a2", "a3", "a4", "a5"];
    rig.world.max_in_flight = 5;
    let list = rig.upload("a.csv", &names).await;
    rig.made(&names).await;
    rig.settle_access(&names).await;
    rig.bucket.forget_calls();
    rig.attend(&names).await;
    for name in names {
        assert!(rig.row(&list, name).contains(",READY,"));
    }
    // One more read when the batch is complete, which finds nothing to write.
    assert_eq!(rig.bucket.calls(), ["read", "write", "read"]);
}

#[tokio::test]
async fn what_somebody_else_writes_meanwhile_is_not_lost() {
    let rig = Rig::new(&[]);
    let list = rig.upload("a.csv", &["alpha", "beta"]).await;
    rig.made(&["alpha"]).await;
    rig.bucket.set(Mood::OvertakenOnce);
    rig.ended("alpha").await;
    assert!(rig.row(&list, "alpha").contains(",READY,"), "{}", rig.row(&list, "alpha"));
    assert!(rig.row(&list, "beta").contains(",written meanwhile"), "{}", rig.row(&list, "beta"));
}

#[tokio::test]
async fn a_file_that_was_deleted_or_replaced_is_made_anew_from_the_ledger() {
    for other in [None, Some("not a results file")] {
        let rig = Rig::new(&[]);
        let list = rig.upload("a.csv", &["alpha", "beta"]).await;
        rig.made(&["alpha"]).await;
        rig.bucket.replace(&list, other);
        rig.ended("alpha").await;
        assert!(rig.row(&list, "alpha").contains(",READY,"));
        let beta = rig.row(&list, "beta");
        assert!(beta.contains(",PROVISIONING,") || beta.contains(",QUEUED,"), "{beta}");
        assert!(beta.contains("as it is in the ledger"), "{beta}");
    }
}

#[tokio::test]
async fn a_file_made_anew_has_the_accounts_and_the_causes_of_what_ended_before() {
    let rig = Rig::new(&[("beta", Outcome::Quota)]);
    let list = rig.upload("a.csv", &["alpha", "beta", "gamma", "delta"]).await;
    rig.made(&["alpha"]).await;
    rig.ended("alpha").await;
    rig.made(&["gamma"]).await;
    rig.bucket.replace(&list, None);
    rig.ended("gamma").await;
    let (alpha, beta) = (rig.row(&list, "alpha"), rig.row(&list, "beta"));
    assert!(alpha.contains(&format!(",READY,{},", rig.account("alpha"))), "{alpha}");
    assert!(beta.contains(",FAILED,,\"the organization has reached its number"), "{beta}");
}

#[tokio::test]
async fn a_batch_of_which_a_row_is_tried_again_at_its_end_is_complete_when_that_has_ended() {
    let rig = Rig::new(&[("beta", Outcome::Quota)]);
    let list = rig.upload("a.csv", &["beta", "alpha"]).await;
    rig.made(&["alpha"]).await;
    rig.ended_while_tried_again("alpha", &list, "beta").await;
    let complete = || rig.kinds_told().iter().filter(|kind| *kind == "batch-complete").count();
    assert_eq!(complete(), 0);
    rig.minutes(150).await;
    assert_eq!(complete(), 1);
}

#[tokio::test]
async fn a_store_that_refuses_keeps_nobody_from_being_told() {
    let rig = Rig::new(&[]);
    let list = rig.upload("a.csv", &["alpha"]).await;
    rig.made(&["alpha"]).await;
    rig.bucket.set(Mood::Refuses);
    rig.ended("alpha").await;
    assert!(rig.was_told("alpha"));
    rig.bucket.set(Mood::Good);
    assert!(rig.row(&list, "alpha").contains(",QUEUED,"), "it was never written");
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_asked_again_for_an_hour() {
    let rig = Rig::new(&[]);
    let list = rig.upload("a.csv", &["alpha"]).await;
    rig.made(&["alpha"]).await;
    rig.bucket.set(Mood::Silent);
    rig.fails_to_end("alpha").await;
    assert!(!rig.was_told("alpha"), "nobody is told of what the file does not say");
    rig.pass(50);
    rig.fails_to_end("alpha").await;
    rig.pass(11);
    rig.attend(&["alpha"]).await;
    assert!(rig.was_told("alpha"), "an hour is enough");
    rig.bucket.set(Mood::Good);
    assert!(rig.row(&list, "alpha").contains(",QUEUED,"));
}

#[tokio::test]
async fn a_later_list_says_where_the_end_of_a_row_in_flight_will_be() {
    let rig = Rig::new(&[]);
    let first = rig.upload("a.csv", &["alpha"]).await;
    rig.minute().await;
    let second = rig.upload("b.csv", &["alpha", "beta"]).await;
    let row = rig.row(&second, "alpha");
    assert!(row.contains("unchanged: PROVISIONING; its end: results/a-"), "{row}");
    rig.minutes(150).await;
    assert!(rig.row(&first, "alpha").contains(",READY,"));
    let row = rig.row(&second, "alpha");
    assert!(row.contains(",READY,") && row.contains("see results/a-"), "{row}");
    assert!(rig.row(&second, "beta").contains(",READY,"));
}

#[tokio::test]
async fn a_row_that_a_later_list_has_taken_over_is_followed_there() {
    let rig = Rig::new(&[]);
    let first = rig.upload("a.csv", &["alpha", "beta"]).await;
    let second = rig.upload("b.csv", &["beta"]).await;
    rig.minutes(150).await;
    let row = rig.row(&first, "beta");
    assert!(row.contains("another list has asked for it: see results/b-"), "{row}");
    assert!(rig.row(&second, "beta").contains(",READY,"));
}

#[tokio::test]
async fn what_ends_before_its_list_is_taken_is_in_the_file_too() {
    let rig = Rig::new(&[("alpha", Outcome::Quota)]);
    let list = rig.taken_in_two_goes("a.csv", &["alpha"], "replace_results").await;
    assert!(rig.row(&list, "alpha").contains(",FAILED,"), "{}", rig.row(&list, "alpha"));
    let rig = Rig::new(&[("alpha", Outcome::Quota)]);
    let list = rig.taken_in_two_goes("a.csv", &["alpha"], "publish").await;
    assert!(rig.row(&list, "alpha").contains(",FAILED,"), "{}", rig.row(&list, "alpha"));
}

#[tokio::test]
async fn a_digest_tells_of_failures_at_once_and_of_the_rest_when_all_is_done() {
    let mut rig = Rig::new(&[("beta", Outcome::Quota)]);
    rig.world.ready_notices = ReadyNotices::Digest;
    rig.upload("a.csv", &["alpha", "beta"]).await;
    rig.minutes(150).await;
    let kinds = rig.kinds_told();
    assert_eq!(kinds, ["batch-taken", "account-failed", "batch-complete"]);
    assert!(rig.last_body().contains("alpha    READY"), "{}", rig.last_body());
}
