//! Batches and their counts.

use vending::failure::{Failure, FailureKind};
use vending::ledger::{Batch, BatchId, Entry, Event};
use vending::ports::Admitted;

use crate::entries::{
    admit, admitted, after, again, at, batch, claimed, failed, launched, made, names, overdue,
    queued, ready, save,
};
use crate::world::World;

async fn saved(world: &dyn World, key: &str) -> BatchId {
    let batch = batch(key);
    world.ledger().save_batch(&batch).await.unwrap();
    batch.id
}

async fn found(world: &dyn World, id: &BatchId) -> Batch {
    world.ledger().batch(id).await.unwrap().expect("a batch")
}

/// Remaining, ready and failed.
async fn counts(world: &dyn World, id: &BatchId) -> [u64; 3] {
    let Batch { remaining, ready, failed, .. } = found(world, id).await;
    [remaining, ready, failed]
}

pub async fn a_batch_is_unknown_until_its_facts_are_saved(world: &dyn World) {
    let batch = batch("a.csv");
    assert_eq!(world.ledger().batch(&batch.id).await.unwrap(), None);
    admitted(world, &batch.id, &["alpha"]).await;
    assert_eq!(world.ledger().batch(&batch.id).await.unwrap(), None);
    let facts = Batch { rows: 7, refused: 2, unchanged: 1, taken: true, ..batch };
    world.ledger().save_batch(&facts).await.unwrap();
    assert_eq!(found(world, &facts.id).await, Batch { remaining: 1, ..facts });
}

pub async fn a_batch_is_open_until_it_is_closed(world: &dyn World) {
    let open = async || {
        let mut open = world.ledger().open_batches().await.unwrap();
        open.sort_by(|one, other| one.id.cmp(&other.id));
        let ids: Vec<_> = open.into_iter().map(|batch| batch.id).collect();
        let agenda = world.ledger().agenda().await.unwrap();
        assert_eq!(agenda.batches, ids.iter().cloned().collect());
        assert_eq!(world.ledger().overview().await.unwrap().1, agenda);
        ids
    };
    assert!(open().await.is_empty());
    let (a, b) = (saved(world, "a.csv").await, saved(world, "b.csv").await);
    assert_eq!(open().await, [a.clone(), b.clone()]);
    let closed = Batch { closed: true, announced: true, ..batch("a.csv") };
    world.ledger().save_batch(&closed).await.unwrap();
    assert_eq!(open().await, [b]);
    assert!(found(world, &a).await.closed);
}

pub async fn a_batch_is_not_closed_while_rows_remain(world: &dyn World) {
    let id = saved(world, "a.csv").await;
    admitted(world, &id, &["alpha"]).await;
    let closing = Batch { closed: true, announced: true, ..batch("a.csv") };
    world.ledger().save_batch(&closing).await.unwrap();
    let found = found(world, &id).await;
    assert!(found.announced && !found.closed);
    assert_eq!(world.ledger().open_batches().await.unwrap().len(), 1);
}

pub async fn a_batch_is_closed_with_the_counts_that_were_told_alone(world: &dyn World) {
    let id = saved(world, "a.csv").await;
    for (ready, failed) in [(1, 0), (0, 1), (1, 1)] {
        let told = Batch { closed: true, ready, failed, ..batch("a.csv") };
        world.ledger().save_batch(&told).await.unwrap();
        assert!(!found(world, &id).await.closed, "{ready} {failed}");
    }
    let told = Batch { closed: true, ..batch("a.csv") };
    world.ledger().save_batch(&told).await.unwrap();
    assert!(found(world, &id).await.closed);
}

pub async fn a_row_that_is_admitted_opens_its_batch_again(world: &dyn World) {
    let closed = Batch { closed: true, ..batch("a.csv") };
    world.ledger().save_batch(&closed).await.unwrap();
    assert!(found(world, &closed.id).await.closed);
    admitted(world, &closed.id, &["alpha"]).await;
    assert!(!found(world, &closed.id).await.closed);
}

pub async fn saving_facts_leaves_the_counts(world: &dyn World) {
    let id = saved(world, "a.csv").await;
    admitted(world, &id, &["alpha", "beta"]).await;
    let facts = Batch { remaining: 40, ready: 50, failed: 60, taken: true, ..batch("a.csv") };
    world.ledger().save_batch(&facts).await.unwrap();
    assert_eq!(counts(world, &id).await, [2, 0, 0]);
    assert!(found(world, &id).await.taken);
    assert_eq!(world.ledger().open_batches().await.unwrap()[0].remaining, 2);
}

pub async fn every_status_is_counted_in_its_column(world: &dyn World) {
    let id = saved(world, "a.csv").await;
    let entries = admitted(world, &id, &["alpha", "beta"]).await;
    assert_eq!(counts(world, &id).await, [2, 0, 0]);
    let alpha = launched(world, &entries[0]).await;
    assert_eq!(counts(world, &id).await, [2, 0, 0]);
    let alpha = save(world, &alpha, made(&alpha)).await;
    assert_eq!(counts(world, &id).await, [2, 0, 0]);
    let alpha = save(world, &alpha, ready(&alpha)).await;
    assert_eq!(counts(world, &id).await, [1, 1, 0]);
    save(world, &alpha, after(&alpha, Event::Announced, at(2_000))).await;
    let beta = launched(world, &entries[1]).await;
    save(world, &beta, failed(&beta)).await;
    assert_eq!(counts(world, &id).await, [0, 1, 1]);
}

pub async fn a_queued_entry_that_moves_is_counted_where_it_is(world: &dyn World) {
    let (a, b) = (saved(world, "a.csv").await, saved(world, "b.csv").await);
    let entries = admitted(world, &a, &["alpha", "beta"]).await;
    let moved = again(&entries[0], &b, 5);
    assert_eq!(admit(world, Some(&entries[0]), &moved).await, Admitted::Admitted);
    assert_eq!((counts(world, &a).await, counts(world, &b).await), ([1, 0, 0], [1, 0, 0]));
}

async fn that_failed(world: &dyn World, entry: &Entry) -> Entry {
    let launched = launched(world, entry).await;
    save(world, &launched, failed(&launched)).await
}

pub async fn a_failed_entry_that_moves_stays_counted_where_it_failed(world: &dyn World) {
    let (a, b) = (saved(world, "a.csv").await, saved(world, "b.csv").await);
    let entries = admitted(world, &a, &["alpha", "beta"]).await;
    let alpha = that_failed(world, &entries[0]).await;
    let moved = again(&alpha, &b, 5);
    assert_eq!(admit(world, Some(&alpha), &moved).await, Admitted::Admitted);
    assert_eq!((counts(world, &a).await, counts(world, &b).await), ([1, 0, 1], [1, 0, 0]));

    let beta = launched(world, &entries[1]).await;
    let beta = save(world, &beta, made(&beta)).await;
    let failure = Failure::new(FailureKind::AssignmentFailed, "quota");
    let event = Event::AccessFailed { steps: Vec::new(), failure };
    let beta = save(world, &beta, after(&beta, event, at(1_900))).await;
    let moved = again(&beta, &b, 6);
    assert_eq!(admit(world, Some(&beta), &moved).await, Admitted::Admitted);
    assert_eq!((counts(world, &a).await, counts(world, &b).await), ([0, 0, 2], [2, 0, 0]));
    save(world, &moved, ready(&moved)).await;
    assert_eq!((counts(world, &a).await, counts(world, &b).await), ([0, 0, 2], [1, 1, 0]));
}

pub async fn a_failed_entry_queued_again_by_its_own_batch_is_counted_once(world: &dyn World) {
    let id = saved(world, "a.csv").await;
    let entries = admitted(world, &id, &["alpha"]).await;
    let alpha = that_failed(world, &entries[0]).await;
    assert_eq!(counts(world, &id).await, [0, 0, 1]);
    assert_eq!(admit(world, Some(&alpha), &again(&alpha, &id, 2)).await, Admitted::Admitted);
    assert_eq!(counts(world, &id).await, [1, 0, 0]);
}

pub async fn an_account_made_after_all_is_counted_as_such(world: &dyn World) {
    let id = saved(world, "a.csv").await;
    let entries = admitted(world, &id, &["alpha"]).await;
    let alpha = launched(world, &entries[0]).await;
    let alpha = save(world, &alpha, overdue(&alpha)).await;
    assert_eq!(counts(world, &id).await, [0, 0, 1]);
    let alpha = save(world, &alpha, made(&alpha)).await;
    assert_eq!(counts(world, &id).await, [1, 0, 0]);
    save(world, &alpha, ready(&alpha)).await;
    assert_eq!(counts(world, &id).await, [0, 1, 0]);
}

pub async fn the_entries_of_a_batch_come_by_line(world: &dyn World) {
    let (a, b) = (batch("a.csv").id, batch("b.csv").id);
    for (name, line) in [("tenth", 10), ("ninth", 9), ("second", 2)] {
        assert_eq!(admit(world, None, &queued(name, &a, line)).await, Admitted::Admitted);
    }
    assert_eq!(admit(world, None, &queued("other", &b, 3)).await, Admitted::Admitted);
    let ninth = queued("ninth", &a, 9);
    let ninth = save(world, &ninth, claimed(&ninth)).await;
    let entries = world.ledger().batch_entries(&a).await.unwrap();
    assert_eq!(names(&entries), ["second", "ninth", "tenth"]);
    assert_eq!(entries[1], ninth, "as they are by now");
    assert_eq!(admit(world, Some(&ninth), &again_moved(&ninth, &b)).await, Admitted::Admitted);
    let entries = world.ledger().batch_entries(&a).await.unwrap();
    assert_eq!(names(&entries), ["second", "tenth"]);
    assert!(world.ledger().batch_entries(&BatchId("none".into())).await.unwrap().is_empty());
}

/// The launch failed, and another list asks for it again.
fn again_moved(entry: &Entry, batch: &BatchId) -> Entry {
    let moved = again(&failed(entry), batch, 4);
    Entry { version: entry.version + 1, ..moved }
}
