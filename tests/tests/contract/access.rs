//! Accounts, assignments and portfolio shares.

use chrono::TimeDelta;
use landing_zone::model::service_catalog::Outcome;
use vending::account::AccountId;
use vending::ledger::{Grant, Portfolio, Principal, PrincipalKind};
use vending::ports::{AssignError, PrincipalText, ShareError, StepStatus, Unresolved};

use crate::entries::minutes;
use crate::factory::launch;
use crate::world::{World, many_accounts};

const ACCOUNT: &str = "555566667777";
const OTHER: &str = "444455556666";

pub fn id(text: &str) -> AccountId {
    AccountId::new(text).unwrap()
}

pub async fn accounts_are_listed_and_found_by_id(world: &dyn World) {
    let accounts = world.directory().accounts().await.unwrap();
    assert_eq!(accounts.len(), 7);
    assert_eq!(accounts[0].email, "aws-management@example.com");
    for account in accounts {
        let found = world.directory().account(&account.id).await.unwrap();
        assert_eq!(found, Some(account));
    }
    assert_eq!(world.directory().account(&id("999999999999")).await.unwrap(), None);
}

fn principal(kind: PrincipalKind, text: &str) -> PrincipalText {
    PrincipalText { kind, text: text.into() }
}

async fn resolve(world: &dyn World, group: &str, set: &str) -> Result<Grant, Unresolved> {
    world.assignments().resolve(&principal(PrincipalKind::Group, group), set).await
}

pub async fn grant(world: &dyn World, set: &str) -> Grant {
    resolve(world, "Platform-Admins", set).await.unwrap()
}

pub async fn principals_and_permission_sets_are_found_by_name(world: &dyn World) {
    let group = "9067012345-a1b2c3d4-0004-4000-8000-000000000004";
    let user = "9067012345-b1b2c3d4-0002-4000-8000-000000000002";
    for (kind, text, expected) in [
        (PrincipalKind::Group, "Platform-Admins", group),
        (PrincipalKind::Group, "platform-admins", group),
        (PrincipalKind::User, "john.smith", user),
        (PrincipalKind::User, "John.Smith@example.com", user),
    ] {
        let grant = world.assignments().resolve(&principal(kind, text), "AWSReadOnlyAccess").await;
        let Ok(Grant::Assignment { permission_set, permission_set_name, principal }) = grant else {
            panic!("{grant:?}")
        };
        assert!(permission_set.ends_with("/ps-1a2b3c4d5e6f0002"), "{permission_set}");
        assert_eq!(permission_set_name, "AWSReadOnlyAccess");
        assert_eq!((principal.kind, principal.id.as_str()), (kind, expected));
        assert_eq!(principal.name, text);
    }
}

pub async fn ids_are_looked_up_like_names(world: &dyn World) {
    let group = "9067012345-a1b2c3d4-0004-4000-8000-000000000004";
    let set = "arn:aws:sso:::permissionSet/ssoins-72230123456789ab/ps-1a2b3c4d5e6f0001";
    let known = resolve(world, group, set).await.unwrap();
    assert!(matches!(&known, Grant::Assignment { permission_set, .. } if permission_set == set));
    world.assignments().request(&id(ACCOUNT), &known).await.unwrap();

    let beef = "9067012345-a1b2c3d4-0004-4000-8000-00000000beef";
    let nobody = [PrincipalKind::Group, PrincipalKind::User].map(|kind| principal(kind, beef));
    for nobody in nobody {
        let told = unknown(world.assignments().resolve(&nobody, set).await);
        assert_eq!(
            told,
            format!("there is no user or group with the id {beef:?} in IAM Identity Center")
        );
    }
    let user = "9067012345-b1b2c3d4-0002-4000-8000-000000000002";
    let no_group = principal(PrincipalKind::Group, user);
    assert!(unknown(world.assignments().resolve(&no_group, set).await).contains(user));
    for nothing in [set.replace("0001", "9999"), set.replace("ssoins-7", "ssoins-8")] {
        let told = unknown(resolve(world, group, &nothing).await);
        assert_eq!(told, format!("there is no permission set {nothing:?}"));
    }
}

pub async fn what_is_gone_is_refused(world: &dyn World) {
    let known = grant(world, "AWSReadOnlyAccess").await;
    let Grant::Assignment { permission_set, permission_set_name, principal } = &known else {
        panic!("{known:?}")
    };
    let id_of_nobody = "9067012345-a1b2c3d4-0004-4000-8000-00000000beef".to_owned();
    let without_set = Grant::Assignment {
        permission_set: permission_set.replace("0002", "9999"),
        permission_set_name: permission_set_name.clone(),
        principal: principal.clone(),
    };
    let without_principal = Grant::Assignment {
        permission_set: permission_set.clone(),
        permission_set_name: permission_set_name.clone(),
        principal: Principal { id: id_of_nobody, ..principal.clone() },
    };
    for gone in [without_set, without_principal] {
        let refused = world.assignments().request(&id(OTHER), &gone).await;
        assert!(matches!(refused, Err(AssignError::Refused(_))), "{refused:?}");
        assert!(!world.assignments().exists(&id(OTHER), &gone).await.unwrap());
    }
    let nowhere = world.assignments().request(&id("999999999999"), &known).await;
    assert!(matches!(nowhere, Err(AssignError::Refused(_))), "{nowhere:?}");
}

fn unknown(grant: Result<Grant, Unresolved>) -> String {
    match grant {
        Err(Unresolved::Unknown(what)) => what,
        other => panic!("{other:?}"),
    }
}

pub async fn an_unknown_name_is_told_with_the_nearest(world: &dyn World) {
    let group = unknown(resolve(world, "Nobody", "AWSReadOnlyAccess").await);
    assert!(group.contains("group") && group.contains("\"Nobody\""), "{group}");
    let nobody = principal(PrincipalKind::User, "Platform-Admins");
    let user = unknown(world.assignments().resolve(&nobody, "AWSReadOnlyAccess").await);
    assert!(user.contains("user"), "{user}");
    let near = unknown(resolve(world, "Platfrom-Admins", "AWSReadOnlyAccess").await);
    assert!(near.ends_with("; did you mean \"Platform-Admins\"?"), "{near}");
    let nearly = principal(PrincipalKind::User, "jonh.smith");
    let near = unknown(world.assignments().resolve(&nearly, "AWSReadOnlyAccess").await);
    assert!(near.ends_with("; did you mean \"john.smith\"?"), "{near}");
    let set = unknown(resolve(world, "Platform-Admins", "AWSReadonlyAcess").await);
    assert!(set.contains("permission set") && set.contains("\"AWSReadOnlyAccess\""), "{set}");
}

pub async fn an_assignment_is_followed_to_its_end(world: &dyn World) {
    let grant = grant(world, "AWSAdministratorAccess").await;
    let (assignments, account) = (world.assignments(), id(ACCOUNT));
    assert!(!assignments.exists(&account, &grant).await.unwrap());
    let request = assignments.request(&account, &grant).await.unwrap();
    assert_eq!(assignments.status(&request).await.unwrap(), StepStatus::InProgress);
    assert!(!assignments.exists(&account, &grant).await.unwrap());
    world.pass(minutes(2));
    assert_eq!(assignments.status(&request).await.unwrap(), StepStatus::Done);
    assert!(assignments.exists(&account, &grant).await.unwrap());
    assert!(!assignments.exists(&id(OTHER), &grant).await.unwrap());
    let nobodys = "0a0b0c0d-0001-4000-8000-000000000001";
    assert_eq!(assignments.status(nobodys).await.unwrap(), StepStatus::Unknown);
}

pub async fn one_assignment_at_a_time_in_an_account(world: &dyn World) {
    let one = grant(world, "AWSAdministratorAccess").await;
    let other = grant(world, "AWSReadOnlyAccess").await;
    world.assignments().request(&id(ACCOUNT), &one).await.unwrap();
    let second = world.assignments().request(&id(ACCOUNT), &other).await;
    assert!(matches!(second, Err(AssignError::Wait(_))), "{second:?}");
    world.assignments().request(&id(OTHER), &other).await.unwrap();
    world.pass(minutes(2));
    world.assignments().request(&id(ACCOUNT), &other).await.unwrap();
}

pub async fn at_most_ten_assignments_are_under_way(world: &dyn World) {
    let grant = grant(world, "AWSReadOnlyAccess").await;
    for (number, account) in many_accounts().enumerate() {
        let taken = world.assignments().request(&id(&account), &grant).await;
        match number {
            0..10 => assert!(taken.is_ok(), "{taken:?}"),
            _ => assert!(matches!(taken, Err(AssignError::Wait(_))), "{taken:?}"),
        }
    }
}

pub async fn an_assignment_that_fails_says_why(world: &dyn World) {
    let grant = grant(world, "AWSReadOnlyAccess").await;
    // A suspended account.
    let account = id("777788889999");
    let request = world.assignments().request(&account, &grant).await.unwrap();
    world.pass(minutes(2));
    let status = world.assignments().status(&request).await.unwrap();
    assert!(matches!(&status, StepStatus::Failed(reason) if !reason.is_empty()), "{status:?}");
    assert!(!world.assignments().exists(&account, &grant).await.unwrap());
}

pub async fn portfolio(world: &dyn World, text: &str) -> Portfolio {
    world.portfolios().resolve(text).await.unwrap()
}

pub async fn a_portfolio_is_found_by_name_or_id(world: &dyn World) {
    for text in ["Network baseline", "port-network000001"] {
        let found = portfolio(world, text).await;
        assert_eq!((found.id.as_str(), found.name.as_str()), ("port-network000001", text));
    }
    let unknown = async |text: &str| match world.portfolios().resolve(text).await {
        Err(Unresolved::Unknown(what)) => what,
        other => panic!("{other:?}"),
    };
    let near = unknown("Netwrok baseline").await;
    assert!(near.contains("portfolio") && near.contains("\"Network baseline\""), "{near}");
    assert!(unknown("port-nothing").await.contains("port-nothing"));
    let twins = unknown("Twin").await;
    assert!(twins.contains("port-twin0000001") && twins.contains("port-twin0000002"), "{twins}");
}

pub async fn a_share_is_followed_to_its_end(world: &dyn World) {
    let network = portfolio(world, "Network baseline").await;
    let (portfolios, account) = (world.portfolios(), id(ACCOUNT));
    assert!(!portfolios.is_shared(&network, &account).await.unwrap());
    let token = portfolios.share(&network, &account).await.unwrap().expect("a token");
    for seconds in [0, 2] {
        world.pass(TimeDelta::seconds(seconds));
        let status = portfolios.status(&token, &account).await.unwrap();
        assert_eq!(status, StepStatus::InProgress);
    }
    assert_eq!(portfolios.share(&network, &account).await.unwrap(), None, "on its way already");
    world.pass(minutes(1));
    assert_eq!(portfolios.status(&token, &account).await.unwrap(), StepStatus::Done);
    assert!(portfolios.is_shared(&network, &account).await.unwrap());
    assert_eq!(portfolios.share(&network, &account).await.unwrap(), None, "there already");
    assert!(!portfolios.is_shared(&network, &id(OTHER)).await.unwrap());
    let other = portfolio(world, "Security tooling").await;
    assert!(!portfolios.is_shared(&other, &account).await.unwrap());
    let unknown = portfolios.status("share-abcdefghijklm", &account).await.unwrap();
    assert_eq!(unknown, StepStatus::Unknown);
}

pub async fn a_share_that_is_lost_is_known_to_nobody(world: &dyn World) {
    let network = portfolio(world, "Network baseline").await;
    let (portfolios, first, second) = (world.portfolios(), id(ACCOUNT), id(OTHER));
    let kept = portfolios.share(&network, &first).await.unwrap().expect("a token");
    let lost = portfolios.share(&network, &second).await.unwrap().expect("a token");
    world.pass(minutes(1));
    assert_eq!(portfolios.status(&kept, &first).await.unwrap(), StepStatus::Done);
    assert_eq!(portfolios.status(&lost, &second).await.unwrap(), StepStatus::Unknown);
    assert!(!portfolios.is_shared(&network, &second).await.unwrap());
    assert!(portfolios.share(&network, &second).await.unwrap().is_some(), "it can be made again");
}

pub async fn a_share_with_errors_fails(world: &dyn World) {
    world.plan("alpha", Outcome::ShareFails);
    launch(world, "alpha", 1).await;
    world.pass(minutes(50));
    let accounts = world.directory().accounts().await.unwrap();
    let account = &accounts.iter().find(|account| account.name == "alpha").expect("made").id;
    let network = portfolio(world, "Network baseline").await;
    let token = world.portfolios().share(&network, account).await.unwrap().expect("a token");
    world.pass(minutes(1));
    let status = world.portfolios().status(&token, account).await.unwrap();
    let StepStatus::Failed(reason) = status else { panic!("{status:?}") };
    assert!(reason.contains("could not be imported"), "{reason}");
    assert!(!world.portfolios().is_shared(&network, account).await.unwrap());
}

pub async fn a_share_with_nobody_is_refused(world: &dyn World) {
    let network = portfolio(world, "Network baseline").await;
    let nobody = world.portfolios().share(&network, &id("999999999999")).await;
    assert!(matches!(nobody, Err(ShareError::Refused(_))), "{nobody:?}");
    let nothing = Portfolio { id: "port-nothing00001".into(), name: "Nothing".into() };
    let nothing = world.portfolios().share(&nothing, &id(ACCOUNT)).await;
    assert!(matches!(nothing, Err(ShareError::Refused(_))), "{nothing:?}");
}
