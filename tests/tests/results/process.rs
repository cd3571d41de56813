//! What a process of `handover` that goes on to the next event remembers of the results files
//! that it wrote: it saves reading, and nothing is written or left out for its sake.

use std::sync::Arc;

use landing_zone::model::service_catalog::Outcome;
use vending::ledger::Batch;

use crate::bucket::Mood;
use crate::rig::Rig;

const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

/// The first of a list has ended in a process that goes on; the others are made.
async fn one_has_ended() -> (Rig, Batch) {
    let mut rig = Rig::new(&[]);
    rig.process = Some(Arc::default());
    let list = rig.upload("a.csv", &NAMES).await;
    rig.made(&NAMES).await;
    rig.ended("alpha").await;
    rig.bucket.forget_calls();
    (rig, list)
}

#[tokio::test]
async fn the_next_end_is_written_over_what_the_process_wrote() {
    let (rig, list) = one_has_ended().await;
    rig.ended("beta").await;
    assert_eq!(rig.bucket.calls(), ["write"]);
    for ended in ["alpha", "beta"] {
        assert!(rig.row(&list, ended).contains(",READY,"), "{}", rig.row(&list, ended));
    }
    assert!(rig.row(&list, "gamma").contains(",QUEUED,"), "{}", rig.row(&list, "gamma"));
}

#[tokio::test]
async fn what_another_process_wrote_since_is_read() {
    let (mut rig, list) = one_has_ended().await;
    let first = rig.process.replace(Arc::default());
    rig.ended("beta").await;
    rig.process = first;
    rig.bucket.forget_calls();
    rig.ended("gamma").await;
    // It is complete, and one reading more finds nothing to write.
    assert_eq!(rig.bucket.calls(), ["write", "read", "write", "read"]);
    for ended in NAMES {
        assert!(rig.row(&list, ended).contains(",READY,"), "{}", rig.row(&list, ended));
    }
}

#[tokio::test]
async fn what_was_deleted_or_replaced_since_is_made_anew() {
    for other in [None, Some("not a results file")] {
        let (rig, list) = one_has_ended().await;
        rig.bucket.replace(&list, other);
        rig.ended("beta").await;
        for ended in ["alpha", "beta"] {
            assert!(rig.row(&list, ended).contains(",READY,"), "{}", rig.row(&list, ended));
        }
    }
}

#[tokio::test]
async fn that_there_is_nothing_to_write_is_not_believed_without_reading() {
    let (rig, list) = one_has_ended().await;
    rig.notice_fails();
    rig.fails_to_end("beta").await;
    rig.bucket.replace(&list, None);
    rig.attend(&["beta"]).await;
    assert!(rig.was_told("beta"));
    assert!(rig.row(&list, "beta").contains(",READY,"), "{}", rig.row(&list, "beta"));
}

#[tokio::test]
async fn after_a_store_that_did_not_answer_it_is_read() {
    let (rig, list) = one_has_ended().await;
    rig.bucket.set(Mood::Silent);
    rig.fails_to_end("beta").await;
    rig.bucket.set(Mood::Good);
    rig.bucket.forget_calls();
    rig.attend(&["beta"]).await;
    assert_eq!(rig.bucket.calls(), ["read", "write"]);
    assert!(rig.row(&list, "beta").contains(",READY,"), "{}", rig.row(&list, "beta"));
}

#[tokio::test]
async fn a_row_of_another_list_does_not_get_into_what_is_remembered_of_this_one() {
    let mut rig = Rig::new(&[("delta", Outcome::Quota)]);
    rig.process = Some(Arc::default());
    let lists = [
        rig.upload("a.csv", &["alpha", "beta"]).await,
        rig.upload("b.csv", &["gamma", "delta"]).await,
    ];
    rig.made(&["alpha", "gamma"]).await;
    for name in ["alpha", "gamma"] {
        rig.ended(name).await;
    }
    rig.minutes(150).await;
    for (list, name, end) in [
        (&lists[0], "alpha", "READY"),
        (&lists[0], "beta", "READY"),
        (&lists[1], "gamma", "READY"),
        (&lists[1], "delta", "FAILED"),
    ] {
        let row = rig.row(list, name);
        assert!(row.contains(&format!(",{end},")), "{row}");
    }
}
