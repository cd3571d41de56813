//! Slots, and what holds launching back.

use chrono::TimeDelta;
use vending::failure::FailureKind;
use vending::ledger::{Entry, Operator, Pause, Resumed, Status, Streak, Took};
use vending::ports::{Admitted, Claim, Saved};

use crate::entries::{
    admit, admitted, at, batch, claim, claim_at, claimed, failed, launched, made, name, overdue,
    save, slots, waiting,
};
use crate::world::World;

pub async fn slots_are_taken_up_to_the_width_and_no_further(world: &dyn World) {
    let entries = admitted(world, &batch("a.csv").id, &["alpha", "beta", "gamma"]).await;
    assert_eq!(claim(world, &entries[0], 2).await, Claim::Taken);
    assert_eq!(claim(world, &entries[1], 2).await, Claim::Taken);
    assert_eq!(claim(world, &entries[2], 2).await, Claim::NoSlot);
    assert_eq!(slots(world).await, ["alpha", "beta"]);
    let status = |entry: Option<Entry>| entry.map(|entry| entry.status());
    let found = world.ledger().entry(&name("beta")).await.unwrap();
    assert_eq!(status(found), Some(Status::Provisioning));
    let found = world.ledger().entry(&name("gamma")).await.unwrap();
    assert_eq!(status(found), Some(Status::Queued));
    assert_eq!(claim(world, &entries[2], 3).await, Claim::Taken);
}

pub async fn who_has_a_slot_may_claim_again_when_all_are_taken(world: &dyn World) {
    let entries = admitted(world, &batch("a.csv").id, &["alpha", "beta"]).await;
    assert_eq!(claim(world, &entries[0], 1).await, Claim::Taken);
    world.delete_entry(&name("alpha")).await;
    // The row came anew, and the slot of the old one was not freed yet.
    assert_eq!(admit(world, None, &entries[0]).await, Admitted::Admitted);
    assert_eq!(claim(world, &entries[0], 1).await, Claim::Taken);
    assert_eq!(claim(world, &entries[1], 1).await, Claim::NoSlot);
}

pub async fn a_claim_on_an_old_version_takes_no_slot(world: &dyn World) {
    let alpha = admitted(world, &batch("a.csv").id, &["alpha"]).await.remove(0);
    let other = batch("b.csv").id;
    save(world, &alpha, crate::entries::again(&alpha, &other, 3)).await;
    assert_eq!(claim(world, &alpha, 5).await, Claim::Changed);
    assert!(slots(world).await.is_empty());
}

pub async fn nothing_is_claimed_while_launching_is_held(world: &dyn World) {
    let alpha = admitted(world, &batch("a.csv").id, &["alpha"]).await.remove(0);
    world.ledger().hold(at(100)).await.unwrap();
    assert_eq!(claim_at(world, &alpha, 5, 99).await, Claim::NoSlot);
    assert!(slots(world).await.is_empty());
    assert_eq!(claim_at(world, &alpha, 5, 100).await, Claim::Taken);
}

pub async fn the_longer_hold_counts(world: &dyn World) {
    for (until, held_until) in [(100, 100), (50, 100), (100, 100), (150, 150)] {
        world.ledger().hold(at(until)).await.unwrap();
        let launching = world.ledger().launching().await.unwrap();
        assert_eq!(launching.hold_until, Some(at(held_until)));
    }
}

fn pause(since: i64, announced: bool) -> Pause {
    let by = Some(Operator("jane".into()));
    Pause { since: at(since), reason: "3 rows in a row failed".into(), announced, by }
}

fn resumed(seconds: i64) -> Resumed {
    Resumed { by: Operator("john".into()), at: at(seconds) }
}

async fn paused(world: &dyn World) -> Option<Pause> {
    world.ledger().launching().await.unwrap().pause
}

pub async fn nothing_is_claimed_while_launching_is_paused(world: &dyn World) {
    let alpha = admitted(world, &batch("a.csv").id, &["alpha"]).await.remove(0);
    world.ledger().set_pause(&pause(0, false)).await.unwrap();
    assert_eq!(paused(world).await, Some(pause(0, false)));
    assert_eq!(claim(world, &alpha, 5).await, Claim::NoSlot);
    world.ledger().resume(&resumed(30)).await.unwrap();
    assert_eq!(paused(world).await, None);
    assert_eq!(claim(world, &alpha, 5).await, Claim::Taken);
}

pub async fn a_pause_is_marked_as_announced_only_while_it_lasts(world: &dyn World) {
    world.ledger().set_pause(&pause(0, false)).await.unwrap();
    world.ledger().set_pause(&pause(0, true)).await.unwrap();
    assert_eq!(paused(world).await, Some(pause(0, true)));
    world.ledger().resume(&resumed(30)).await.unwrap();
    world.ledger().set_pause(&pause(0, true)).await.unwrap();
    assert_eq!(paused(world).await, None, "somebody resumed launching meanwhile");
    world.ledger().set_pause(&pause(60, false)).await.unwrap();
    world.ledger().set_pause(&pause(0, true)).await.unwrap();
    assert_eq!(paused(world).await, Some(pause(60, false)), "another pause");
}

pub async fn who_paused_and_who_resumed_is_kept(world: &dyn World) {
    let launching = || async {
        let launching = world.ledger().launching().await.unwrap();
        assert_eq!(world.ledger().overview().await.unwrap().0, launching);
        launching
    };
    assert_eq!(launching().await.resumed, None);
    world.ledger().set_pause(&pause(0, false)).await.unwrap();
    assert_eq!(launching().await.pause.and_then(|it| it.by), pause(0, false).by);
    world.ledger().resume(&resumed(30)).await.unwrap();
    let after = launching().await;
    assert_eq!((after.pause, after.resumed), (None, Some(resumed(30))));
    let nobodys = Pause { by: None, ..pause(60, false) };
    world.ledger().set_pause(&nobodys).await.unwrap();
    let after = launching().await;
    assert_eq!((after.pause, after.resumed), (Some(nobodys), Some(resumed(30))), "the last one");
    world.ledger().set_pause(&pause(90, false)).await.unwrap();
    let unnamed = Pause { by: None, ..pause(90, true) };
    world.ledger().set_pause(&unnamed).await.unwrap();
    assert_eq!(launching().await.pause, Some(unnamed));
}

pub async fn the_last_tick_that_ended_is_noted(world: &dyn World) {
    let ticked_at = || async { world.ledger().launching().await.unwrap().ticked_at };
    assert_eq!(ticked_at().await, None);
    // A ledger that nothing was launched from has no slots to look at, and is noted in as well.
    for (now, noted) in [(300, 300), (100, 300), (300, 300), (600, 600)] {
        world.ledger().ticked(at(now)).await.unwrap();
        assert_eq!(ticked_at().await, Some(at(noted)));
    }
}

pub async fn a_streak_is_remembered_until_it_is_forgotten(world: &dyn World) {
    let streak = |rows| Some(Streak { kind: FailureKind::AccountQuota, rows });
    for remembered in [streak(1), streak(2), None, None] {
        world.ledger().set_streak(remembered).await.unwrap();
        assert_eq!(world.ledger().launching().await.unwrap().streak, remembered);
    }
}

pub async fn a_slot_is_free_when_its_launch_ends(world: &dyn World) {
    let names = ["alpha", "beta", "gamma"];
    let entries = admitted(world, &batch("a.csv").id, &names).await;
    let alpha = launched(world, &entries[0]).await;
    let beta = launched(world, &entries[1]).await;
    let gamma = launched(world, &entries[2]).await;
    assert_eq!(slots(world).await, names);
    save(world, &alpha, made(&alpha)).await;
    assert_eq!(slots(world).await, ["beta", "gamma"]);
    save(world, &beta, failed(&beta)).await;
    assert_eq!(slots(world).await, ["gamma"]);
    save(world, &gamma, waiting(&gamma, 90)).await;
    assert!(slots(world).await.is_empty());
}

pub async fn how_long_the_last_launches_took_is_kept(world: &dyn World) {
    let took = || async { world.ledger().launching().await.unwrap().took };
    let names = ["alpha", "beta", "gamma"];
    let entries = admitted(world, &batch("a.csv").id, &names).await;
    assert_eq!(took().await, [None; Took::PLACES]);
    let mut all = [None; Took::PLACES];
    for entry in &entries[..2] {
        let launched = launched(world, entry).await;
        save(world, &launched, made(&launched)).await;
        let Took { place, time } = made(&launched).took().expect("it made an account");
        assert!(time > TimeDelta::zero() && all[place].is_none(), "{all:?}");
        all[place] = Some(time);
        assert_eq!(took().await, all);
    }
    let gamma = launched(world, &entries[2]).await;
    save(world, &gamma, failed(&gamma)).await;
    assert_eq!(took().await, all, "what failed says nothing of it");
}

pub async fn an_overdue_launch_keeps_its_slot(world: &dyn World) {
    let alpha = admitted(world, &batch("a.csv").id, &["alpha"]).await.remove(0);
    let alpha = launched(world, &alpha).await;
    let late = save(world, &alpha, overdue(&alpha)).await;
    assert_eq!(slots(world).await, ["alpha"]);
    assert_eq!(world.ledger().save(&alpha, &made(&alpha)).await.unwrap(), Saved::Changed);
    assert_eq!(slots(world).await, ["alpha"], "a write that was not made frees nothing");
    save(world, &late, made(&late)).await;
    assert!(slots(world).await.is_empty());
}

pub async fn the_slot_of_an_entry_that_was_deleted_is_freed_by_name(world: &dyn World) {
    let entries = admitted(world, &batch("a.csv").id, &["alpha", "beta"]).await;
    assert_eq!(claim(world, &entries[0], 1).await, Claim::Taken);
    world.delete_entry(&name("alpha")).await;
    assert_eq!(world.ledger().entry(&name("alpha")).await.unwrap(), None);
    assert_eq!(slots(world).await, ["alpha"]);
    for _ in 0..2 {
        world.ledger().free_slot(&name("alpha")).await.unwrap();
        assert!(slots(world).await.is_empty());
    }
    let claim = world.ledger().claim(&entries[1], &claimed(&entries[1]), 1, at(1)).await;
    assert_eq!(claim.unwrap(), Claim::Taken);
}
