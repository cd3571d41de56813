//! What becomes of launches, and clearing away what failed ones left.

use landing_zone::model::service_catalog::Outcome;
use vending::ledger::ProvisionedProductId;
use vending::ports::{Discarded, ProductRef, ProductReport, ProductStatus};

use crate::entries::minutes;
use crate::factory::launch;
use crate::world::World;

async fn find(world: &dyn World, product: &ProvisionedProductId) -> Option<ProductReport> {
    world.factory().find(ProductRef::Id(product)).await.unwrap()
}

/// The launch of `account`, with all time it needs.
async fn ended(world: &dyn World, account: &str, outcome: Outcome) -> ProductReport {
    world.plan(account, outcome);
    let (product, record) = launch(world, account, 1).await;
    world.pass(minutes(50));
    let report = find(world, &product).await.expect("a product");
    assert_eq!((&report.id, report.record.as_ref()), (&product, Some(&record)));
    report
}

pub async fn a_product_nobody_asked_for_is_none(world: &dyn World) {
    let none = ProvisionedProductId("pp-abcdefghijklm".into());
    assert_eq!(find(world, &none).await, None);
    assert_eq!(world.factory().find(ProductRef::Name("vend-nobody")).await.unwrap(), None);
}

pub async fn a_launch_under_way_tells_no_account(world: &dyn World) {
    let (product, record) = launch(world, "alpha", 1).await;
    for time in [0, 10] {
        world.pass(minutes(time));
        let report = find(world, &product).await.expect("a product");
        let expected = ProductReport {
            id: product.clone(),
            record: Some(record.clone()),
            status: ProductStatus::UnderChange,
            message: None,
            succeeded_once: false,
            token: Some("vend-alpha-1".into()),
            account: None,
            account_email: None,
        };
        assert_eq!(report, expected);
        let by_name = world.factory().find(ProductRef::Name("vend-alpha")).await.unwrap();
        assert_eq!(by_name, Some(expected));
    }
}

pub async fn a_launch_that_ended_well_tells_its_account(world: &dyn World) {
    let report = ended(world, "alpha", Outcome::Ready).await;
    assert_eq!((report.status, report.succeeded_once), (ProductStatus::Available, true));
    assert_eq!(report.message, None);
    assert_eq!(report.account_email.as_deref(), Some("alpha@example.com"));
    let id = report.account.expect("an account");
    let account = world.directory().account(&id).await.unwrap().expect("in the organization");
    assert_eq!((account.name.as_str(), account.email.as_str()), ("alpha", "alpha@example.com"));
}

pub async fn a_launch_that_failed_says_why_and_never_succeeded(world: &dyn World) {
    for (account, outcome, said) in [
        ("alpha", Outcome::Busy, "Try again later"),
        ("beta", Outcome::Quota, "limit on the number of accounts"),
        ("gamma", Outcome::Failed, "AWSControlTowerExecution"),
        ("delta", Outcome::Denied, "is not authorized"),
    ] {
        let report = ended(world, account, outcome).await;
        assert_eq!((report.status, report.succeeded_once), (ProductStatus::Error, false));
        assert!(report.message.as_ref().is_some_and(|it| it.contains(said)), "{report:?}");
        assert_eq!((report.account, report.account_email), (None, None), "{account}");
    }
}

pub async fn a_tainted_product_tells_whether_it_ever_succeeded(world: &dyn World) {
    let never = ended(world, "alpha", Outcome::Tainted).await;
    assert_eq!((never.status, never.succeeded_once), (ProductStatus::Tainted, false));
    assert!(never.message.is_some());
    let usable = ended(world, "beta", Outcome::TaintedUsable).await;
    assert_eq!((usable.status, usable.succeeded_once), (ProductStatus::Tainted, true));
    assert!(usable.account.is_some());
}

pub async fn a_discarded_product_is_gone_and_its_name_is_free(world: &dyn World) {
    let report = ended(world, "alpha", Outcome::Quota).await;
    for _ in 0..2 {
        world.factory().discard(&report.id).await.unwrap();
    }
    world.pass(minutes(2));
    assert_eq!(find(world, &report.id).await, None);
    world.factory().discard(&report.id).await.unwrap();
    let (again, _) = launch(world, "alpha", 2).await;
    assert_ne!(again, report.id);
}

pub async fn a_product_that_succeeded_is_never_discarded(world: &dyn World) {
    for (account, outcome) in [("alpha", Outcome::Ready), ("beta", Outcome::TaintedUsable)] {
        let report = ended(world, account, outcome).await;
        let discarded = world.factory().discard(&report.id).await.unwrap();
        assert_eq!(discarded, Discarded::Kept);
        world.pass(minutes(10));
        assert_eq!(find(world, &report.id).await, Some(report));
    }
}

pub async fn a_termination_that_failed_is_asked_for_again(world: &dyn World) {
    // Control Tower takes one account after the other out of its care.
    let first = ended(world, "alpha", Outcome::Tainted).await;
    let second = ended(world, "beta", Outcome::Tainted).await;
    world.factory().discard(&first.id).await.unwrap();
    world.pass(chrono::TimeDelta::seconds(10));
    world.factory().discard(&second.id).await.unwrap();
    world.pass(minutes(3));
    assert_eq!(find(world, &first.id).await, None);
    assert!(find(world, &second.id).await.is_some(), "it was in the way of the other");
    world.factory().discard(&second.id).await.unwrap();
    world.pass(minutes(3));
    assert_eq!(find(world, &second.id).await, None);
}
