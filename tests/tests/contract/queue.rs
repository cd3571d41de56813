//! The order in which entries are launched, and what is still to be done.

use vending::ledger::{BatchId, Entry, Event};
use vending::ports::{Admitted, OpenWork};

use crate::entries::{
    admit, admitted, after, at, batch, claimed, failed, launched, made, names, queued, ready, save,
    waiting,
};
use crate::world::World;

pub async fn the_queue_is_in_file_order_and_older_first(world: &dyn World) {
    let ids = ["a.csv", "b.csv"].map(|key| batch(key).id);
    let entry = |name: &str, batch: &BatchId, line, moment| {
        let entry = queued(name, batch, line);
        Entry { queued_at: at(moment), ..entry }
    };
    let entries = [
        entry("late", &ids[0], 2, 60),
        entry("tenth", &ids[0], 10, 0),
        entry("second", &ids[0], 2, 0),
        entry("ninth", &ids[0], 9, 0),
        entry("early", &ids[1], 900, -60),
    ];
    for entry in &entries {
        assert_eq!(admit(world, None, entry).await, Admitted::Admitted);
    }
    let queue = world.ledger().queued(at(100), 10).await.unwrap();
    assert_eq!(names(&queue), ["early", "second", "ninth", "tenth", "late"]);
    assert_eq!(queue[1], entries[2], "whole entries");
    let first = world.ledger().queued(at(100), 2).await.unwrap();
    assert_eq!(names(&first), ["early", "second"]);
}

pub async fn what_waits_is_not_in_the_queue_until_its_time(world: &dyn World) {
    let batch = batch("a.csv").id;
    let many: Vec<String> = (0..40).map(|number| format!("waiting-{number:02}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for entry in admitted(world, &batch, &many).await {
        let launched = launched(world, &entry).await;
        save(world, &launched, waiting(&launched, 90)).await;
    }
    let last = queued("last", &batch, 90);
    assert_eq!(admit(world, None, &last).await, Admitted::Admitted);
    assert_eq!(names(&world.ledger().queued(at(89), 2).await.unwrap()), ["last"]);
    let due = world.ledger().queued(at(90), 2).await.unwrap();
    assert_eq!(names(&due), ["waiting-00", "waiting-01"], "they keep their place");
    assert_eq!(world.ledger().queued(at(90), 100).await.unwrap().len(), 41);
}

async fn open(world: &dyn World, work: OpenWork) -> Vec<String> {
    let open = world.ledger().open(work).await.unwrap();
    names(&open).into_iter().map(ToOwned::to_owned).collect()
}

pub async fn what_is_to_be_done_is_open_until_it_is_done(world: &dyn World) {
    let batch = batch("a.csv").id;
    let entries = admitted(world, &batch, &["alpha", "beta", "gamma"]).await;
    let alpha = launched(world, &entries[0]).await;
    let alpha = save(world, &alpha, made(&alpha)).await;
    assert_eq!(open(world, OpenWork::Configuring).await, ["alpha"]);
    assert!(open(world, OpenWork::Unannounced).await.is_empty());

    let alpha = save(world, &alpha, ready(&alpha)).await;
    let beta = save(world, &entries[1], claimed(&entries[1])).await;
    save(world, &beta, failed(&beta)).await;
    assert!(open(world, OpenWork::Configuring).await.is_empty());
    assert_eq!(open(world, OpenWork::Unannounced).await, ["alpha", "beta"]);

    save(world, &alpha, after(&alpha, Event::Announced, at(2_000))).await;
    assert_eq!(open(world, OpenWork::Unannounced).await, ["beta"]);
    let queue = world.ledger().queued(at(0), 10).await.unwrap();
    assert_eq!(names(&queue), ["gamma"]);
}
