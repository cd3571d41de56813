//! The hub-and-spoke form: the account's own copy of a portfolio.

use landing_zone::model::members::{self, NewConstraint, NewPortfolio};
use vending::handover::PortfolioUses;
use vending::ledger::Step;
use vending::ports::{LOCAL_PROVIDER, OutsideAccount};

use crate::rig::{ACCOUNT, Rig, uses};
use crate::words;

const LOCAL: &str = "local:Network baseline";

fn whole() -> PortfolioUses {
    PortfolioUses {
        launch_role: Some("service-catalog-launch".to_owned()),
        tag_options: vec![
            ("team".to_owned(), "web".to_owned()),
            ("stage".to_owned(), "test".to_owned()),
        ],
        ..uses(&["role:deploy"])
    }
}

fn portfolios(rig: &Rig) -> Vec<String> {
    rig.world
        .zone
        .with(|zone| members::portfolios(zone, ACCOUNT).iter().map(|it| it.id.clone()).collect())
}

/// Does every step once more, as if none had been recorded.
async fn again(rig: &Rig) {
    let OutsideAccount { steps, .. } = rig.record().await.unwrap();
    rig.give(steps.into_iter().map(|step| Step::new(step.grant)).collect()).await;
    rig.ended().await;
}

#[tokio::test]
async fn a_local_copy_has_everything_and_has_it_once() {
    let rig = Rig::new();
    rig.ask(LOCAL, &whole()).await;
    let told = rig.ended().await;
    assert_eq!(told.len(), 8);
    assert!(told.iter().all(|(_, end)| end == "done"), "{told:?}");
    assert!(rig.is_usable().await);
    let [local] = &portfolios(&rig)[..] else { panic!() };
    assert_eq!(words(&told)[2].0, format!("local copy of portfolio Network baseline ({local})"));
    assert_eq!(
        words(&told)[3].0,
        format!("products of portfolio Network baseline in its local copy (2 in {local})")
    );
    again(&rig).await;
    assert_eq!(portfolios(&rig), std::slice::from_ref(local), "the same one");
    assert!(rig.is_usable().await);
    rig.world.zone.with(|zone| {
        let count = members::constraints(zone, ACCOUNT, local, None).unwrap().len();
        assert_eq!((count, members::tags_of(zone, ACCOUNT, local).count()), (2, 2));
        assert_eq!(members::principals(zone, ACCOUNT, local).unwrap().count(), 1);
    });
}

#[tokio::test]
async fn somebody_elses_portfolio_of_that_name_is_not_touched() {
    let rig = Rig::new();
    let theirs = rig.world.zone.with(|zone| {
        let new = NewPortfolio {
            name: "Network baseline".to_owned(),
            description: Some("ours".to_owned()),
            provider: LOCAL_PROVIDER.to_owned(),
            token: "somebody".to_owned(),
        };
        members::create_portfolio(zone, ACCOUNT, new).unwrap().id
    });
    rig.ask(LOCAL, &whole()).await;
    rig.ended().await;
    assert_eq!(portfolios(&rig).len(), 2);
    rig.world.zone.with(|zone| {
        assert!(members::products(zone, ACCOUNT, &theirs).unwrap().is_empty());
        assert_eq!(members::principals(zone, ACCOUNT, &theirs).unwrap().count(), 0);
    });
}

#[tokio::test]
async fn another_launch_role_of_somebody_else_is_left_and_told() {
    let rig = Rig::new();
    rig.ask(LOCAL, &uses(&[])).await;
    rig.ended().await;
    let [local] = &portfolios(&rig)[..] else { panic!() };
    rig.world.zone.with(|zone| {
        let new = NewConstraint {
            portfolio: local.clone(),
            product: "prod-dns0000000001".to_owned(),
            role: "deploy".to_owned(),
            token: "somebody".to_owned(),
        };
        members::create_constraint(zone, ACCOUNT, new).unwrap();
    });
    rig.ask(LOCAL, &whole()).await;
    let told = rig.ended().await;
    assert_eq!(
        words(&told)[4].1,
        "product prod-dns0000000001 is launched by deploy, which somebody else has set"
    );
    assert_eq!(told.iter().filter(|(_, end)| end != "done").count(), 1, "{told:?}");
    let [notice] = &rig.notices()[..] else { panic!("{:?}", rig.notices()) };
    assert!(notice.contains("another launch role was set"), "{notice}");
}

#[tokio::test]
async fn a_launch_role_that_is_not_there_is_named() {
    let rig = Rig::new();
    let uses = PortfolioUses { launch_role: Some("nobody".to_owned()), ..uses(&[]) };
    rig.ask(LOCAL, &uses).await;
    let told = rig.ended().await;
    let reason = words(&told)[4].1;
    assert!(
        reason.starts_with("still told to wait after 8 tries: there is no role nobody"),
        "{reason}"
    );
}

#[tokio::test]
async fn every_step_can_be_cut_off_and_done_again() {
    let rig = Rig::new();
    rig.ask(LOCAL, &whole()).await;
    rig.ended().await;
    let steps = rig.record().await.unwrap().steps;
    for done in 0..=steps.len() {
        let step = |(at, step): (usize, &Step)| {
            if at < done { step.clone() } else { Step::new(step.grant.clone()) }
        };
        rig.give(steps.iter().enumerate().map(step).collect()).await;
        rig.ended().await;
        assert!(rig.is_usable().await, "after {done}");
        assert_eq!(portfolios(&rig).len(), 1);
    }
}
