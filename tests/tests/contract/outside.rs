//! Turns, and accounts made outside Vend.

use chrono::{DateTime, TimeDelta};
use vending::account::AccountId;
use vending::ledger::{
    Grant, MemberStep, Operator, Portfolio, PortfolioUse, Principal, PrincipalKind, Progress, Step,
};
use vending::ports::{Asked, DefaultAccess, OutsideAccount, Turn};

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
    world.turns().take(resource, holder, places, now, until).await.unwrap().is_held()
}

/// The records of those that are on the agenda, by id.
async fn open(world: &dyn World) -> Vec<OutsideAccount> {
    let ids = world.ledger().agenda().await.unwrap().outside;
    let mut records = world.outside().outsiders(&ids).await.unwrap();
    assert_eq!(records.len(), ids.len());
    records.sort_by(|one, other| one.account.cmp(&other.account));
    records
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

pub async fn who_takes_a_turn_learns_whether_it_had_one(world: &dyn World) {
    let (now, until) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::minutes(1));
    let take = async |holder| world.turns().take("assignments", holder, 1, now, until).await;
    assert_eq!(take("a").await.unwrap(), Turn::Taken);
    assert_eq!(take("a").await.unwrap(), Turn::Kept);
    assert_eq!(take("b").await.unwrap(), Turn::Refused);
    world.turns().give_back("assignments", "a").await.unwrap();
    assert_eq!(take("b").await.unwrap(), Turn::Taken);
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
    OutsideAccount {
        account,
        steps: Vec::new(),
        closed: false,
        defaults: DefaultAccess::Due,
        asked: None,
        version: 1,
    }
}

pub async fn an_account_made_outside_is_written_over_the_version_before_only(world: &dyn World) {
    let first = account("123456789012");
    assert_eq!(world.outside().outside(&first.account).await.unwrap(), None);
    let save = async |account: &OutsideAccount| world.outside().save_outside(account).await;
    assert!(!save(&OutsideAccount { version: 2, ..first.clone() }).await.unwrap());
    assert!(save(&first).await.unwrap());
    assert!(!save(&first).await.unwrap());
    let portfolio = Portfolio { id: "port-1".into(), name: "Networking".into() };
    let step = Step { progress: Progress::Done, ..Step::new(Grant::Portfolio(portfolio)) };
    let second = OutsideAccount { steps: vec![step], version: 2, ..first.clone() };
    assert!(save(&second).await.unwrap());
    assert_eq!(world.outside().outside(&first.account).await.unwrap(), Some(second));
}

pub async fn what_is_asked_for_is_kept_with_who_asked(world: &dyn World) {
    let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(90);
    let asked = Asked { by: Operator("Admin/jane".into()), at };
    let principal =
        Principal { kind: PrincipalKind::User, id: "u-1".into(), name: "jane@example.com".into() };
    let assignment = Grant::Assignment {
        permission_set: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".into(),
        permission_set_name: "Read".into(),
        principal,
    };
    let portfolio = Portfolio { id: "port-1".into(), name: "Networking".into() };
    let use_of = |step| Grant::Usable(PortfolioUse { portfolio: portfolio.clone(), step });
    let failed = Progress::Failed { reason: "no role".into() };
    let requested = Progress::Requested { ticket: "t-1".into(), since: at, tries: 2 };
    let waiting = Progress::Pending { tries: 1, not_before: Some(at) };
    let step = |grant, progress| Step { progress, ..Step::new(grant) };
    let steps = vec![
        step(use_of(MemberStep::Accept), waiting),
        step(assignment, requested),
        step(Grant::Portfolio(portfolio.clone()), Progress::Done),
        step(use_of(MemberStep::LocalPortfolio), failed),
    ];
    let record = OutsideAccount { steps, asked: Some(asked), ..account("123456789012") };
    assert!(world.outside().save_outside(&record).await.unwrap());
    assert_eq!(world.outside().outside(&record.account).await.unwrap(), Some(record.clone()));
    assert_eq!(open(world).await, [record]);
}

pub async fn a_closed_account_is_opened_again_and_of_two_who_write_one_wins(world: &dyn World) {
    let closed = OutsideAccount { closed: true, ..account("123456789012") };
    assert!(world.outside().save_outside(&closed).await.unwrap());
    assert_eq!(open(world).await, []);
    let next = OutsideAccount { version: 2, closed: false, ..closed };
    let other = OutsideAccount { version: 2, closed: true, ..next.clone() };
    assert!(world.outside().save_outside(&next).await.unwrap());
    assert!(!world.outside().save_outside(&other).await.unwrap());
    assert_eq!(open(world).await, [next]);
}

pub async fn an_account_made_outside_is_open_until_it_is_closed(world: &dyn World) {
    let open = async || {
        let open = open(world).await;
        open.into_iter().map(|it| it.account.to_string()).collect::<Vec<_>>()
    };
    for id in ["123456789012", "210987654321"] {
        assert!(world.outside().save_outside(&account(id)).await.unwrap());
    }
    assert_eq!(open().await, ["123456789012", "210987654321"]);
    let closed = OutsideAccount { closed: true, version: 2, ..account("123456789012") };
    assert!(world.outside().save_outside(&closed).await.unwrap());
    assert_eq!(open().await, ["210987654321"]);
}
