//! Turns, and accounts made outside Vend.

use chrono::{DateTime, TimeDelta};
use vending::account::AccountId;
use vending::ledger::{Grant, Portfolio, Progress, Step};
use vending::ports::OutsideAccount;

use crate::world::World;

async fn take(world: &dyn World, resource: &str, holder: &str, places: usize) -> bool {
    take_at(world, resource, holder, places, 0).await
}

/// Takes a turn of a minute, `second` seconds after the start.
async fn take_at(
    world: &dyn World,
    resource: &str,
    holder: &str,
    places: usize,
    second: i64,
) -> bool {
    let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
    let until = now + TimeDelta::minutes(1);
    world.turns().take(resource, holder, places, now, until).await.unwrap()
}

pub async fn a_turn_that_nobody_gives_back_ends(world: &dyn World) {
    assert!(take_at(world, "assignments", "a", 2, 0).await);
    assert!(take_at(world, "assignments", "b", 2, 50).await);
    assert!(!take_at(world, "assignments", "c", 2, 59).await);
    assert!(take_at(world, "assignments", "c", 2, 60).await, "the turn of a has ended");
    assert!(!take_at(world, "assignments", "a", 2, 61).await, "b and c have the places");
    assert!(take_at(world, "assignments", "b", 2, 61).await, "taken again, a turn lasts longer");
    assert!(!take_at(world, "assignments", "a", 2, 115).await);
}

pub async fn so_many_have_a_turn_and_no_more(world: &dyn World) {
    assert!(take(world, "assignments", "a", 2).await);
    assert!(take(world, "assignments", "b", 2).await);
    assert!(!take(world, "assignments", "c", 2).await);
    assert!(take(world, "portfolio#1", "c", 1).await, "each resource has its own");
    assert!(!take(world, "portfolio#1", "a", 1).await);
    world.turns().give_back("assignments", "a").await.unwrap();
    assert!(take(world, "assignments", "c", 2).await);
    assert!(!take(world, "nothing", "a", 0).await);
}

pub async fn a_turn_is_taken_and_given_back_any_number_of_times(world: &dyn World) {
    world.turns().give_back("assignments", "a").await.unwrap();
    for _ in 0..2 {
        assert!(take(world, "assignments", "a", 1).await, "it has one, also from before");
    }
    world.turns().give_back("assignments", "b").await.unwrap();
    assert!(!take(world, "assignments", "b", 1).await, "what one has not, one cannot give");
    for _ in 0..2 {
        world.turns().give_back("assignments", "a").await.unwrap();
    }
    assert!(take(world, "assignments", "b", 1).await);
}

fn account(id: &str) -> OutsideAccount {
    let account = AccountId::new(id).unwrap();
    OutsideAccount { account, steps: Vec::new(), closed: false, version: 1 }
}

pub async fn an_account_made_outside_is_written_over_the_version_before_only(world: &dyn World) {
    let first = account("123456789012");
    assert_eq!(world.outside().outside(&first.account).await.unwrap(), None);
    let save = async |account: &OutsideAccount| world.outside().save_outside(account).await;
    assert!(!save(&OutsideAccount { version: 2, ..first.clone() }).await.unwrap());
    assert!(save(&first).await.unwrap());
    assert!(!save(&first).await.unwrap());
    let portfolio = Portfolio { id: "port-1".into(), name: "Networking".into() };
    let step = Step { grant: Grant::Portfolio(portfolio), progress: Progress::Done };
    let second = OutsideAccount { steps: vec![step], version: 2, ..first.clone() };
    assert!(save(&second).await.unwrap());
    assert_eq!(world.outside().outside(&first.account).await.unwrap(), Some(second));
}

pub async fn an_account_made_outside_is_open_until_it_is_closed(world: &dyn World) {
    let open = async || {
        let open = world.outside().open_outside().await.unwrap();
        let mut ids: Vec<_> = open.into_iter().map(|it| it.account.to_string()).collect();
        ids.sort();
        ids
    };
    for id in ["123456789012", "210987654321"] {
        assert!(world.outside().save_outside(&account(id)).await.unwrap());
    }
    assert_eq!(open().await, ["123456789012", "210987654321"]);
    let closed = OutsideAccount { closed: true, version: 2, ..account("123456789012") };
    assert!(world.outside().save_outside(&closed).await.unwrap());
    assert_eq!(open().await, ["210987654321"]);
}
