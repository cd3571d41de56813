//! What is done in member accounts so that portfolios can be used there, and how portfolios
//! reach accounts through what others share.

use landing_zone::Zone;
use landing_zone::model::members::{principals, tags_of};
use landing_zone::model::service_catalog::{Node, ShareTarget};
use vending::account::AccountId;
use vending::ledger::{Portfolio, PortfolioPrincipal};
use vending::ports::{MemberError, Reach};

use crate::access::{grant, id, portfolio};
use crate::entries::minutes;
use crate::world::World;

const ACCOUNT: &str = "555566667777";
const OTHER: &str = "444455556666";
/// The unit that the account is in, and the one above.
const UNIT: &str = "ou-aaaa-work0002";
const ABOVE: &str = "ou-aaaa-work0001";

async fn network(world: &dyn World) -> Portfolio {
    portfolio(world, "Network baseline").await
}

fn account() -> AccountId {
    id(ACCOUNT)
}

/// The portfolio, once it is shared with the account.
async fn shared(world: &dyn World) -> Portfolio {
    let network = network(world).await;
    world.portfolios().share(&network, &account()).await.unwrap();
    world.pass(minutes(1));
    network
}

fn is_refused<T>(done: &Result<T, MemberError>, code: &str) -> bool {
    matches!(done, Err(MemberError::Refused(words)) if words.contains(code))
}

pub async fn what_comes_by_the_organization_needs_no_acceptance(world: &dyn World) {
    let network = network(world).await;
    assert!(!world.members().sees(&account(), &network).await.unwrap());
    shared(world).await;
    assert!(world.members().sees(&account(), &network).await.unwrap());
    assert!(!world.members().sees(&id(OTHER), &network).await.unwrap());
    let accepted = world.members().accept(&account(), &network).await;
    assert!(is_refused(&accepted, "ResourceNotFoundException"), "{accepted:?}");
    assert_eq!(world.portfolios().reach(&network, &account()).await.unwrap(), None, "Vend's own");
}

pub async fn an_invitation_is_seen_once_it_is_accepted(world: &dyn World) {
    let network = network(world).await;
    world.share_as_others(&network.id, ShareTarget::Account(ACCOUNT.to_owned())).await;
    let reach = world.portfolios().reach(&network, &account()).await.unwrap();
    assert_eq!(reach, Some(Reach::Invitation { accepted: false }));
    assert!(!world.members().sees(&account(), &network).await.unwrap());
    for _ in 0..2 {
        world.members().accept(&account(), &network).await.unwrap();
    }
    assert!(world.members().sees(&account(), &network).await.unwrap());
    let nobody = world.portfolios().reach(&network, &id(OTHER)).await.unwrap();
    assert_eq!(nobody, None);
}

pub async fn a_share_with_a_unit_reaches_what_is_below(world: &dyn World) {
    let network = network(world).await;
    let unit = Node::OrganizationalUnit(ABOVE.to_owned());
    world.share_as_others(&network.id, ShareTarget::Node(unit)).await;
    world.pass(minutes(1));
    let reach = world.portfolios().reach(&network, &account()).await.unwrap();
    assert_eq!(reach, Some(Reach::Through(ABOVE.to_owned())));
    assert_eq!(world.portfolios().reach(&network, &id(OTHER)).await.unwrap(), None);
    assert!(world.members().sees(&account(), &network).await.unwrap());
}

pub async fn a_share_with_the_organization_reaches_every_account(world: &dyn World) {
    let network = network(world).await;
    for node in
        [Node::OrganizationalUnit(UNIT.to_owned()), Node::Organization("o-exampleorg".to_owned())]
    {
        world.share_as_others(&network.id, ShareTarget::Node(node)).await;
        world.pass(minutes(1));
    }
    for account in [ACCOUNT, OTHER] {
        let reach = world.portfolios().reach(&network, &id(account)).await.unwrap();
        assert_eq!(reach, Some(Reach::Through("o-exampleorg".to_owned())));
    }
}

pub async fn nothing_reaches_anybody_of_a_portfolio_that_is_gone(world: &dyn World) {
    let gone = Portfolio { id: "port-nothing00001".into(), name: "Nothing".into() };
    assert_eq!(world.portfolios().reach(&gone, &account()).await.unwrap(), None);
}

pub async fn a_principal_has_to_be_in_the_account(world: &dyn World) {
    let network = shared(world).await;
    let (members, account) = (world.members(), account());
    for (principal, kind) in [
        (PortfolioPrincipal::Role("deploy".into()), "role"),
        (PortfolioPrincipal::User("deploy".into()), "user"),
        (PortfolioPrincipal::Group("deploy".into()), "group"),
    ] {
        let arn = members.principal(&account, &principal).await.unwrap().unwrap();
        assert_eq!(arn, format!("arn:aws:iam::{ACCOUNT}:{kind}/deploy"));
        let done = members.associate(&account, &network.id, &arn).await;
        match kind {
            "role" => assert!(done.is_ok(), "{done:?}"),
            _ => assert!(
                matches!(&done, Err(MemberError::Wait(words)) if words.contains("no principal")),
                "{done:?}"
            ),
        }
    }
    let deploy = format!("arn:aws:iam::{ACCOUNT}:role/deploy");
    members.associate(&account, &network.id, &deploy).await.unwrap();
    world.look(&mut |zone: &Zone| {
        let all = principals(zone, ACCOUNT, &network.id).unwrap();
        assert!(all.map(|it| it.principal.as_str()).eq([deploy.as_str()]), "once");
    });
    let security = portfolio(world, "Security tooling").await;
    let unseen = members.associate(&account, &security.id, &deploy).await;
    assert!(is_refused(&unseen, "ResourceNotFoundException"), "{unseen:?}");
}

pub async fn the_role_of_a_permission_set_comes_with_its_assignment(world: &dyn World) {
    let network = shared(world).await;
    let (members, account) = (world.members(), account());
    let principal = PortfolioPrincipal::PermissionSet("BillingView".into());
    assert_eq!(members.principal(&account, &principal).await.unwrap(), None);
    let billing = grant(world, "BillingView").await;
    world.assignments().request(&account, &billing).await.unwrap();
    world.pass(minutes(2));
    let arn = members.principal(&account, &principal).await.unwrap().expect("its role");
    let role = "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_BillingView_";
    assert!(arn.starts_with(&format!("arn:aws:iam::{ACCOUNT}:{role}")), "{arn}");
    members.associate(&account, &network.id, &arn).await.unwrap();
    let other = PortfolioPrincipal::PermissionSet("Billing".into());
    assert_eq!(members.principal(&account, &other).await.unwrap(), None, "not by a part of it");
}

pub async fn a_local_portfolio_is_made_once_and_filled(world: &dyn World) {
    let network = shared(world).await;
    let (members, account) = (world.members(), account());
    assert_eq!(members.local_portfolio(&account, &network).await.unwrap(), None);
    let local = members.create_local_portfolio(&account, &network).await.unwrap();
    assert_eq!(members.create_local_portfolio(&account, &network).await.unwrap(), local);
    let found = members.local_portfolio(&account, &network).await.unwrap();
    assert_eq!(found.as_deref(), Some(local.as_str()));
    let security = portfolio(world, "Security tooling").await;
    assert_eq!(members.local_portfolio(&account, &security).await.unwrap(), None);

    let products = members.products(&account, &network.id).await.unwrap();
    assert_eq!(products, ["prod-vpc0000000001", "prod-dns0000000001"]);
    assert!(members.products(&account, &local).await.unwrap().is_empty());
    for product in [&products[0], &products[0], &products[1]] {
        members.import_product(&account, product, &network.id, &local).await.unwrap();
    }
    assert_eq!(members.products(&account, &local).await.unwrap(), products);
    let unknown = members.import_product(&account, "prod-none", &network.id, &local).await;
    assert!(is_refused(&unknown, "ResourceNotFoundException"), "{unknown:?}");
}

pub async fn a_local_product_is_launched_by_one_role(world: &dyn World) {
    let network = shared(world).await;
    let (members, account) = (world.members(), account());
    let local = members.create_local_portfolio(&account, &network).await.unwrap();
    let product = "prod-vpc0000000001";
    members.import_product(&account, product, &network.id, &local).await.unwrap();
    assert_eq!(members.launch_role(&account, &local, product).await.unwrap(), None);
    let nobody = members.launch_by(&account, &local, product, "nobody").await;
    assert!(
        matches!(&nobody, Err(MemberError::Wait(words)) if words.contains("there is no role nobody")),
        "{nobody:?}"
    );
    for _ in 0..2 {
        members.launch_by(&account, &local, product, "service-catalog-launch").await.unwrap();
    }
    let role = members.launch_role(&account, &local, product).await.unwrap();
    assert_eq!(role.as_deref(), Some("service-catalog-launch"));
    let second = members.launch_by(&account, &local, product, "deploy").await;
    assert!(second.is_err(), "{second:?}");
}

pub async fn a_tag_option_is_given_once(world: &dyn World) {
    let network = shared(world).await;
    let (members, account) = (world.members(), account());
    let local = members.create_local_portfolio(&account, &network).await.unwrap();
    for (key, value) in [("team", "web"), ("team", "web"), ("team", "data")] {
        members.tag(&account, &local, key, value).await.unwrap();
    }
    world.look(&mut |zone: &Zone| {
        let tags = tags_of(zone, ACCOUNT, &local).map(|tag| (tag.key.as_str(), tag.value.as_str()));
        assert!(tags.eq([("team", "web"), ("team", "data")]));
    });
}

pub async fn without_a_role_to_assume_there_is_no_way_in(world: &dyn World) {
    let network = network(world).await;
    for account in [ACCOUNT, "111122223333", "999999999999"] {
        let error = world.members().sees(&id(account), &network).await.unwrap_err();
        assert!(
            matches!(&error, MemberError::NoWayIn(words) if words.contains("sts:AssumeRole")),
            "{error:?}"
        );
    }
    world.pass(minutes(10));
    assert!(!world.members().sees(&account(), &network).await.unwrap(), "it has come");
}
