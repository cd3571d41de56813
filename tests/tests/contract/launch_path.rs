//! Who may launch Account Factory.

use chrono::TimeDelta;
use landing_zone::Zone;
use landing_zone::model::service_catalog::{caller, principals};
use vending::account::RoleArn;
use vending::launch_path::{close, open};
use vending::ports::{FactoryPortfolio, PathError, ProvisionError};

use crate::world::World;

/// How long an association takes to have an effect.
const PROPAGATION: TimeDelta = TimeDelta::seconds(10);

fn look<T>(world: &dyn World, see: impl Fn(&Zone) -> T) -> T {
    let mut seen = None;
    world.look(&mut |zone| seen = Some(see(zone)));
    seen.unwrap()
}

/// The role that the world's calls are made by.
fn role(world: &dyn World) -> RoleArn {
    RoleArn::new(look(world, caller)).unwrap()
}

/// The one portfolio there is.
async fn portfolio(world: &dyn World) -> FactoryPortfolio {
    let mut portfolios = world.launch_path().portfolios().await.unwrap().unwrap();
    assert_eq!(portfolios.len(), 1);
    portfolios.remove(0)
}

fn associated(world: &dyn World, portfolio: &FactoryPortfolio) -> Vec<String> {
    let principals = look(world, |zone| principals(zone, &portfolio.id).unwrap());
    principals.into_iter().map(|it| it.principal).collect()
}

pub async fn the_portfolio_of_account_factory_is_control_towers(world: &dyn World) {
    let portfolio = portfolio(world).await;
    assert_eq!(portfolio.name, "AWS Control Tower Account Factory Portfolio");
    assert_eq!(portfolio.provider, "AWS Control Tower");
    assert!(portfolio.id.starts_with("port-"), "{portfolio:?}");
}

pub async fn the_way_is_open_once_the_role_is_associated_and_closed_after(world: &dyn World) {
    let (path, role) = (world.launch_path(), role(world));
    let portfolio = open(path, &role).await.unwrap();
    world.pass(PROPAGATION);
    assert!(!world.factory().units().await.unwrap().is_empty());
    for _ in ["once", "and again"] {
        close(path, &role).await.unwrap();
        assert_eq!(associated(world, &portfolio), Vec::<String>::new());
    }
    let closed = world.factory().provision(&crate::factory::launch_request("alpha", 1)).await;
    assert!(matches!(closed, Err(ProvisionError::Refused(_))), "{closed:?}");
}

pub async fn a_role_is_associated_once_and_beside_others(world: &dyn World) {
    let (path, portfolio) = (world.launch_path(), portfolio(world).await);
    let own = role(world);
    let other = RoleArn::new("arn:aws:iam::111122223333:role/path/to/vend-2").unwrap();
    for _ in ["once", "and again"] {
        path.associate(&portfolio.id, &other).await.unwrap();
        assert_eq!(associated(world, &portfolio), [own.as_str(), other.as_str()]);
    }
    path.disassociate(&portfolio.id, &own).await.unwrap();
    assert_eq!(associated(world, &portfolio), [other.as_str()]);
}

pub async fn a_portfolio_that_is_gone_is_refused_and_needs_no_ending(world: &dyn World) {
    let (path, role) = (world.launch_path(), role(world));
    match path.associate("port-nothing00001", &role).await {
        Err(PathError::Refused(refusal)) => {
            assert_eq!(refusal.code, "ResourceNotFoundException");
        }
        other => panic!("{other:?}"),
    }
    path.disassociate("port-nothing00001", &role).await.unwrap();
}
