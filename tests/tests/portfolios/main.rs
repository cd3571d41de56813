//! A portfolio that was shared with an account is made usable there: it arrives, principals
//! may use it, or the account has a copy of its own; every step once, each to its end.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod forgotten;
mod local;
mod rig;

use landing_zone::model::identity_center::{Assignment, PrincipalKind};
use landing_zone::model::service_catalog::{Node, ShareTarget};
use vending::ledger::{Grant, Principal, Progress, Step};

use rig::{ABOVE, ACCOUNT, PORTFOLIO, Rig, uses};

fn words(told: &[(String, String)]) -> Vec<(&str, &str)> {
    told.iter().map(|(step, end)| (step.as_str(), end.as_str())).collect()
}

#[tokio::test]
async fn a_shared_portfolio_arrives_and_is_opened_to_a_role() {
    let rig = Rig::new();
    rig.ask("Network baseline", &uses(&["role:deploy"])).await;
    let told = rig.ended().await;
    assert_eq!(
        words(&told),
        [
            ("portfolio Network baseline", "done"),
            ("portfolio Network baseline in the account itself", "done"),
            (
                "portfolio Network baseline for role deploy (arn:aws:iam::555566667777:role/deploy)",
                "done"
            ),
        ]
    );
    assert!(rig.is_usable().await);
    assert_eq!(rig.own_shares(), 1);
    assert!(rig.notices().is_empty(), "nothing failed");
}

#[tokio::test]
async fn a_share_with_a_unit_above_is_recognized_and_recorded() {
    let rig = Rig::new();
    rig.share(ShareTarget::Node(Node::OrganizationalUnit(ABOVE.to_owned())));
    rig.ask("Network baseline", &uses(&["role:deploy"])).await;
    let told = rig.ended().await;
    let note = "portfolio Network baseline (covered by the share with ou-aaaa-work0001)";
    assert_eq!(words(&told)[0], (note, "done"));
    assert_eq!(rig.own_shares(), 0, "the account needs no share of its own");
    assert!(rig.is_usable().await);
}

#[tokio::test]
async fn an_invitation_is_accepted() {
    let rig = Rig::new();
    rig.share(ShareTarget::Account(ACCOUNT.to_owned()));
    rig.ask("Network baseline", &uses(&["role:deploy"])).await;
    let told = rig.ended().await;
    assert_eq!(
        words(&told)[..2],
        [
            ("portfolio Network baseline (shared with the account by invitation)", "done"),
            (
                "portfolio Network baseline in the account itself (the invitation to the account was accepted)",
                "done"
            ),
        ]
    );
    assert_eq!(rig.own_shares(), 0);
    assert!(rig.is_usable().await);
}

#[tokio::test]
async fn an_invitation_that_nobody_would_accept_does_not_count() {
    let rig = Rig::new();
    rig.share(ShareTarget::Account(ACCOUNT.to_owned()));
    rig.ask("Network baseline", &vending::handover::PortfolioUses::default()).await;
    assert_eq!(words(&rig.ended().await), [("portfolio Network baseline", "done")]);
    assert_eq!(rig.own_shares(), 1);
}

#[tokio::test]
async fn a_permission_sets_role_is_waited_for() {
    let rig = Rig::new();
    rig.ask("Network baseline", &uses(&["permission-set:BillingView"])).await;
    rig.pass(10).await;
    let told = rig.told().await;
    assert_eq!(
        words(&told)[2],
        ("portfolio Network baseline for permission set BillingView", "pending"),
        "others may assign it"
    );
    rig.world.zone.with(|zone| {
        let set = zone.identity_center.permission_set_named("BillingView").unwrap().arn.clone();
        let group = zone.identity_center.group_named("Developers").unwrap().id.clone();
        zone.identity_center.put_in_effect(Assignment {
            account: ACCOUNT.to_owned(),
            permission_set: set,
            kind: PrincipalKind::Group,
            principal: group,
        });
    });
    let told = rig.ended().await;
    assert!(told[2].0.contains("AWSReservedSSO_BillingView_"), "{told:?}");
    assert!(rig.is_usable().await);
}

#[tokio::test]
async fn a_principal_that_never_comes_fails_after_half_an_hour_alone() {
    let rig = Rig::new();
    let asked = ["role:nobody", "role:deploy", "permission-set:BillingView"];
    rig.ask("Network baseline", &uses(&asked)).await;
    let told = rig.ended().await;
    let words = words(&told);
    assert!(
        words[2].1.starts_with(
            "still told to wait after 8 tries: there is no principal arn:aws:iam::555566667777:role/nobody"
        ),
        "{words:?}"
    );
    assert_eq!(words[3].1, "done", "the others have nothing to do with it");
    let unassigned = "still told to wait after 8 tries: there is no role of";
    assert!(words[4].1.starts_with(unassigned), "{words:?}");
    let [notice] = &rig.notices()[..] else { panic!("{:?}", rig.notices()) };
    assert!(notice.contains("the account has no such role, user or group"), "{notice}");
}

#[tokio::test]
async fn a_role_that_comes_later_is_waited_for() {
    let rig = Rig::with(|description| description.members.ready_after_minutes = 12);
    rig.ask("Network baseline", &uses(&["role:deploy"])).await;
    rig.pass(10).await;
    let told = rig.told().await;
    assert_eq!(words(&told)[1].1, "pending", "nobody is let in yet");
    rig.ended().await;
    assert!(rig.is_usable().await);
    assert!(rig.notices().is_empty());
}

#[tokio::test]
async fn an_account_that_lets_nobody_in_fails_in_the_end_and_says_what_to_do() {
    let rig = Rig::with(|description| description.members.ready_after_minutes = 100_000);
    rig.ask("Network baseline", &uses(&["role:deploy"])).await;
    let told = rig.ended().await;
    let words = words(&told);
    assert_eq!(words[0].1, "done");
    let failed = "still told to wait after 24 tries: no way in: AccessDenied";
    assert!(words[1].1.starts_with(failed), "{words:?}");
    assert_eq!(
        words[2].1, "not tried without the portfolio Network baseline in the account itself",
        "what it stands on is told once"
    );
    let [notice] = &rig.notices()[..] else { panic!("{:?}", rig.notices()) };
    assert!(notice.contains("no role that lets Vend's handover role in"), "{notice}");
}

#[tokio::test]
async fn nothing_is_tried_in_the_account_where_the_share_failed() {
    let rig = Rig::with(|description| description.organization.trusted_services.clear());
    rig.ask("local:Network baseline", &uses(&["role:deploy"])).await;
    let told = rig.ended().await;
    let tried: Vec<_> = told.iter().filter(|(_, end)| !end.starts_with("not tried")).collect();
    let [(share, reason)] = &tried[..] else { panic!("{told:?}") };
    assert_eq!(share, "portfolio Network baseline");
    assert!(reason.contains("access is not enabled"), "{reason}");
}

#[tokio::test]
async fn a_share_that_nobody_gets_is_made_again_while_others_share() {
    let rig = Rig::new();
    // Somebody shares at the same moment: of two shares at once the later is lost.
    rig.world.zone.with(|zone| {
        let request = landing_zone::model::service_catalog::ShareRequest {
            portfolio: PORTFOLIO.to_owned(),
            target: ShareTarget::Node(Node::Account("444455556666".to_owned())),
            share_tag_options: false,
            share_principals: false,
        };
        landing_zone::model::service_catalog::share(zone, request).unwrap();
    });
    rig.ask("Network baseline", &uses(&["role:deploy"])).await;
    vending::handover::tick(&rig.world.handover()).await.unwrap();
    rig.ended().await;
    assert!(rig.is_usable().await);
}

#[tokio::test]
async fn a_permission_set_and_its_portfolio_are_given_together() {
    let rig = Rig::new();
    let portfolio = vending::ledger::Portfolio { id: PORTFOLIO.into(), name: "Net".into() };
    let (set, group) = rig.world.zone.with(|zone| {
        let center = &zone.identity_center;
        let set = center.permission_set_named("AWSServiceCatalogEndUserAccess").unwrap();
        (set.arn.clone(), center.group_named("Developers").unwrap().id.clone())
    });
    let principal =
        Principal { kind: vending::ledger::PrincipalKind::Group, id: group, name: "Dev".into() };
    let assignment = Grant::Assignment {
        permission_set: set,
        permission_set_name: "AWSServiceCatalogEndUserAccess".into(),
        principal,
    };
    let uses = uses(&["permission-set:AWSServiceCatalogEndUserAccess"]);
    let mut steps = vec![Step::new(assignment)];
    steps.extend(
        vending::handover::portfolio_steps("Net", portfolio, &uses).into_iter().map(Step::new),
    );
    rig.give(steps).await;
    rig.ended().await;
    assert!(rig.is_usable().await);
    let steps = rig.record().await.unwrap().steps;
    assert!(steps.iter().all(|step| step.progress == Progress::Done));
}
