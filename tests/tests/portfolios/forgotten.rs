//! What was asked for, and of which AWS tells nothing any more, or no end.

use chrono::TimeDelta;
use landing_zone::model::identity_center::{Assignment, PrincipalKind};
use landing_zone::model::service_catalog::{Node, ShareTarget};
use vending::ledger::{Grant, Portfolio, Principal, Progress, Step};
use vending::ports::{Assignments, Clock, PortfolioSharing};

use crate::rig::{ACCOUNT, PORTFOLIO, Rig};
use crate::words;

/// An id of a request that Identity Center does not know.
const NOBODYS: &str = "0a0b0c0d-0001-4000-8000-000000000001";

fn network() -> Grant {
    Grant::Portfolio(Portfolio { id: PORTFOLIO.into(), name: "Network baseline".into() })
}

/// A group's permission set, by the ids that the landing zone has for them.
fn reading(rig: &Rig) -> (Grant, Assignment) {
    rig.world.zone.with(|zone| {
        let center = &zone.identity_center;
        let set = center.permission_set_named("BillingView").unwrap().arn.clone();
        let id = center.group_named("Developers").unwrap().id.clone();
        let assignment = Assignment {
            account: ACCOUNT.to_owned(),
            permission_set: set.clone(),
            kind: PrincipalKind::Group,
            principal: id.clone(),
        };
        let (kind, name) = (vending::ledger::PrincipalKind::Group, "Developers".to_owned());
        let grant = Grant::Assignment {
            permission_set: set,
            permission_set_name: "BillingView".to_owned(),
            principal: Principal { kind, id, name },
        };
        (grant, assignment)
    })
}

/// The grant as it is recorded once it was asked for, so many minutes ago.
fn requested(rig: &Rig, grant: Grant, ticket: &str, minutes: i64) -> Step {
    let since = rig.world.zone.now() - TimeDelta::minutes(minutes);
    let progress = Progress::Requested { ticket: ticket.to_owned(), since, tries: 0 };
    Step { progress, ..Step::new(grant) }
}

/// The most requests that Identity Center ever had under way at once.
fn most_requests(rig: &Rig) -> usize {
    rig.world.zone.with(|zone| zone.identity_center.peak_outstanding())
}

#[tokio::test]
async fn an_assignment_whose_request_is_forgotten_is_looked_for() {
    let rig = Rig::new();
    let (grant, assignment) = reading(&rig);
    rig.world.zone.with(|zone| zone.identity_center.put_in_effect(assignment));
    rig.give(vec![requested(&rig, grant, NOBODYS, 2)]).await;
    assert_eq!(rig.ended().await[0].1, "done");
    assert_eq!(most_requests(&rig), 0, "it is there, and not asked for once more");
}

#[tokio::test]
async fn an_assignment_that_came_to_nothing_unseen_is_asked_for_again() {
    let rig = Rig::new();
    let (grant, _) = reading(&rig);
    rig.give(vec![requested(&rig, grant.clone(), NOBODYS, 2)]).await;
    assert_eq!(rig.ended().await[0].1, "done");
    let shared = &rig.world.zone;
    assert!(Assignments::exists(shared, &Rig::account(), &grant).await.unwrap());
}

#[tokio::test]
async fn a_share_whose_token_is_forgotten_is_looked_for() {
    let rig = Rig::new();
    rig.share(ShareTarget::Node(Node::Account(ACCOUNT.to_owned())));
    rig.give(vec![requested(&rig, network(), "share-nobodyknows", 2)]).await;
    assert_eq!(words(&rig.ended().await), [("portfolio Network baseline", "done")]);
    assert_eq!(rig.own_shares(), 1);
}

#[tokio::test]
async fn a_share_that_came_to_nothing_unseen_is_made_again() {
    let rig = Rig::new();
    rig.give(vec![requested(&rig, network(), "share-nobodyknows", 2)]).await;
    assert_eq!(words(&rig.ended().await), [("portfolio Network baseline", "done")]);
    assert_eq!(rig.own_shares(), 1);
}

#[tokio::test]
async fn a_repeated_share_has_no_token_and_is_looked_for() {
    let rig = Rig::new();
    rig.share(ShareTarget::Node(Node::Account(ACCOUNT.to_owned())));
    rig.give(vec![Step::new(network())]).await;
    assert_eq!(words(&rig.ended().await), [("portfolio Network baseline", "done")]);
    assert_eq!(rig.own_shares(), 1);
}

#[tokio::test]
async fn what_is_under_way_for_more_than_an_hour_has_failed_and_is_told() {
    let rig = Rig::new();
    let (grant, _) = reading(&rig);
    let request = Assignments::request(&rig.world.zone, &Rig::account(), &grant).await.unwrap();
    let Grant::Portfolio(portfolio) = network() else { panic!() };
    let share = PortfolioSharing::share(&rig.world.zone, &portfolio, &Rig::account()).await;
    let token = share.unwrap().expect("a token");
    rig.give(vec![requested(&rig, grant, &request, 61), requested(&rig, network(), &token, 61)])
        .await;
    vending::handover::tick(&rig.world.handover()).await.unwrap();
    let told = rig.told().await;
    for (_, end) in &told {
        assert_eq!(end, "AWS has not ended it within 60 minutes", "{told:?}");
    }
    let notices = rig.notices();
    assert!(
        notices[0].contains("AWS has not ended a change of access within an hour"),
        "{notices:?}"
    );
}
