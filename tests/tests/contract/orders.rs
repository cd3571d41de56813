//! Portfolio files: what they ask for in the ledger, the organization's tree, and shares with
//! units.

use chrono::{DateTime, TimeDelta};
use landing_zone::model::service_catalog::Outcome;
use vending::account::{AccountId, OrganizationalUnit};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{
    Aim, Grant, MemberStep, ObjectRef, OrderState, Portfolio, PortfolioBatch, PortfolioOrder,
    PortfolioUse, Progress, RowPlace, Step, Unreached,
};
use vending::ports::{Saved, ShareError, UnitShareStatus};

use crate::world::World;

const WORKLOADS: &str = "ou-aaaa-work0001";

fn batch(key: &str, orders: u64) -> PortfolioBatch {
    let object = ObjectRef { bucket: "b".into(), key: key.into(), version: Some("v1".into()) };
    let received = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(1_500);
    let batch = PortfolioBatch::new(&object, received);
    PortfolioBatch { rows: orders, orders, version: 1, ..batch }
}

fn portfolio() -> Portfolio {
    Portfolio { id: "port-network000001".into(), name: "Network baseline".into() }
}

fn account() -> AccountId {
    AccountId::new("555566667777").unwrap()
}

fn order(batch: &PortfolioBatch, number: u64) -> PortfolioOrder {
    PortfolioOrder {
        batch: batch.id.clone(),
        number,
        place: None,
        portfolio: portfolio(),
        unit: OrganizationalUnit { name: "Work, (EU)".into(), id: WORKLOADS.into() },
        aim: Aim::Share { progress: Progress::NEW, unreached: Vec::new() },
        state: OrderState::Configuring,
        told: false,
        version: 1,
    }
}

pub async fn a_portfolio_file_is_open_until_it_is_closed(world: &dyn World) {
    let orders = world.orders();
    let (one, other) = (batch("in/a.json", 1), batch("in/b.json", 2));
    assert_eq!(orders.portfolio_batch(&one.id).await.unwrap(), None);
    for batch in [&one, &other] {
        assert_eq!(orders.save_portfolio_batch(batch).await.unwrap(), Saved::Saved);
        assert_eq!(orders.save_portfolio_batch(batch).await.unwrap(), Saved::Changed);
    }
    let open = async || world.ledger().agenda().await.unwrap().portfolio_batches;
    assert_eq!(open().await, [one.id.clone(), other.id.clone()].into());
    let closed = PortfolioBatch { announced: true, closed: true, version: 2, ..one };
    assert_eq!(orders.save_portfolio_batch(&closed).await.unwrap(), Saved::Saved);
    assert_eq!(open().await, [other.id].into());
    assert_eq!(orders.portfolio_batch(&closed.id).await.unwrap(), Some(closed));
}

pub async fn orders_that_are_there_are_not_put_in_again(world: &dyn World) {
    let (orders, batch) = (world.orders(), batch("in/a.json", 230));
    let all: Vec<PortfolioOrder> = (0..230).map(|number| order(&batch, number)).collect();
    orders.place_orders(&all[..120]).await.unwrap();
    let ready = PortfolioOrder { state: OrderState::Ready, version: 2, ..all[7].clone() };
    assert_eq!(orders.save_order(&ready).await.unwrap(), Saved::Saved);
    orders.place_orders(&all).await.unwrap();
    orders.place_orders(&all).await.unwrap();
    let found = orders.orders(&batch).await.unwrap();
    let expected: Vec<PortfolioOrder> =
        all.into_iter().map(|it| if it.number == 7 { ready.clone() } else { it }).collect();
    assert_eq!(found, expected);
}

pub async fn an_order_in_any_state_comes_back_as_it_was_saved(world: &dyn World) {
    let (orders, batch) = (world.orders(), batch("in/a.json", 2));
    let since = DateTime::UNIX_EPOCH + TimeDelta::seconds(90);
    let requested = Progress::Requested { ticket: "share-1".into(), since, tries: 3 };
    let unreached = vec![Unreached { account: account(), reason: "Denied: \"no\"".into() }];
    let usage = PortfolioUse { portfolio: portfolio(), step: MemberStep::Accept };
    let steps = vec![Step { progress: Progress::Done, ..Step::new(Grant::Usable(usage)) }];
    let failure = Failure::new(FailureKind::NotUsable, "words");
    let place = Some(RowPlace { row: 0, line: 9 });
    let saved = [
        PortfolioOrder { aim: Aim::Share { progress: requested, unreached }, ..order(&batch, 0) },
        PortfolioOrder {
            aim: Aim::Use { account: account(), share: 0, steps },
            state: OrderState::Failed { failure },
            place,
            told: true,
            ..order(&batch, 1)
        },
    ];
    orders.place_orders(&saved).await.unwrap();
    assert_eq!(orders.orders(&batch).await.unwrap(), saved);
}

pub async fn an_order_is_written_over_the_version_before_only(world: &dyn World) {
    let (orders, batch) = (world.orders(), batch("in/a.json", 1));
    let first = order(&batch, 0);
    let second = PortfolioOrder { told: true, version: 2, ..first.clone() };
    assert_eq!(orders.save_order(&second).await.unwrap(), Saved::Changed, "it is not there");
    orders.place_orders(std::slice::from_ref(&first)).await.unwrap();
    assert_eq!(orders.save_order(&second).await.unwrap(), Saved::Saved);
    assert_eq!(orders.save_order(&second).await.unwrap(), Saved::Changed);
    assert_eq!(orders.orders(&batch).await.unwrap(), [second]);
}

pub async fn units_are_found_by_id_and_listed_registered_or_not(world: &dyn World) {
    let tree = world.tree();
    let unit = tree.unit(WORKLOADS).await.unwrap().unwrap();
    assert_eq!(unit.to_string(), "Workloads (ou-aaaa-work0001)");
    assert_eq!(tree.unit("ou-aaaa-nowhere1").await.unwrap(), None);
    let units = tree.units().await.unwrap();
    assert_eq!(units.len(), 11);
    for name in ["Legacy (ou-aaaa-legacy01)", "Data, Analytics (EU) (ou-aaaa-work0004)"] {
        assert!(units.iter().any(|unit| unit.to_string() == name), "{name}: {units:?}");
    }
}

pub async fn the_accounts_in_a_unit_are_those_below_it_too(world: &dyn World) {
    let inside = async |unit| {
        let accounts = world.tree().accounts_in(unit).await.unwrap();
        accounts.into_iter().map(|it| (it.id.to_string(), it.active)).collect::<Vec<_>>()
    };
    assert_eq!(inside(WORKLOADS).await, [("555566667777".to_owned(), true)]);
    assert_eq!(inside("ou-aaaa-sandbox1").await, [("777788889999".to_owned(), false)]);
    assert_eq!(inside("ou-aaaa-work0003").await, []);
    assert_eq!(world.tree().management_account().await.unwrap().as_str(), "111122223333");
}

/// Follows a share to its end.
async fn ended(world: &dyn World, token: &str) -> UnitShareStatus {
    for _ in 0..60 {
        match world.unit_sharing().unit_share_status(token).await.unwrap() {
            UnitShareStatus::InProgress => world.pass(TimeDelta::seconds(1)),
            ended => return ended,
        }
    }
    panic!("the share does not end");
}

pub async fn a_share_with_a_unit_is_followed_to_its_end(world: &dyn World) {
    let (sharing, portfolio) = (world.unit_sharing(), portfolio());
    assert!(sharing.owned().await.unwrap().contains(&portfolio));
    assert!(!sharing.is_shared_with_unit(&portfolio, WORKLOADS).await.unwrap());
    let token = sharing.share_with_unit(&portfolio, WORKLOADS).await.unwrap().unwrap();
    assert_eq!(ended(world, &token).await, UnitShareStatus::Ended(Vec::new()));
    assert!(sharing.is_shared_with_unit(&portfolio, WORKLOADS).await.unwrap());
    assert!(!sharing.is_shared_with_unit(&portfolio, "ou-aaaa-work0002").await.unwrap());
    assert_eq!(sharing.share_with_unit(&portfolio, WORKLOADS).await.unwrap(), None);
    let forgotten = sharing.unit_share_status("share-nobodyknows").await.unwrap();
    assert_eq!(forgotten, UnitShareStatus::Unknown);
}

pub async fn a_share_with_a_unit_names_whom_it_did_not_reach(world: &dyn World) {
    world.plan("webshop-production", Outcome::ShareFails);
    let token = world.unit_sharing().share_with_unit(&portfolio(), WORKLOADS).await.unwrap();
    let UnitShareStatus::Ended(unreached) = ended(world, &token.unwrap()).await else {
        panic!("it failed as a whole")
    };
    let [one] = unreached.as_slice() else { panic!("{unreached:?}") };
    assert_eq!(one.account, account());
    assert!(one.reason.starts_with("InternalFailure: "), "{}", one.reason);
    assert!(world.unit_sharing().is_shared_with_unit(&portfolio(), WORKLOADS).await.unwrap());
}

pub async fn a_share_with_no_unit_is_refused(world: &dyn World) {
    let refused = world.unit_sharing().share_with_unit(&portfolio(), "ou-aaaa-nowhere1").await;
    assert!(
        matches!(&refused, Err(ShareError::Refused(why)) if why.contains("InvalidParameters")),
        "{refused:?}"
    );
}
