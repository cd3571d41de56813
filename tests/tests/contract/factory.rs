//! Asking Account Factory for an account.

use landing_zone::model::service_catalog::Outcome;
use vending::account::OrganizationalUnit;
use vending::ledger::{ProvisionToken, ProvisionedProductId, RecordId};
use vending::ports::{LaunchRequest, ProvisionError, Refusal};

use crate::entries::request;
use crate::world::World;

/// A launch of `account`, by the token of that number.
pub fn launch_request(account: &str, number: u32) -> LaunchRequest {
    LaunchRequest {
        product_name: format!("vend-{account}"),
        token: ProvisionToken(format!("vend-{account}-{number}")),
        request: request(account, &format!("{account}@example.com")),
    }
}

/// Launches `account`, which must be taken.
pub async fn launch(
    world: &dyn World,
    account: &str,
    number: u32,
) -> (ProvisionedProductId, RecordId) {
    world.factory().provision(&launch_request(account, number)).await.unwrap()
}

async fn refused(world: &dyn World, request: &LaunchRequest) -> Refusal {
    match world.factory().provision(request).await {
        Err(ProvisionError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

pub async fn units_are_those_that_are_registered(world: &dyn World) {
    let mut units = world.factory().units().await.unwrap();
    units.sort();
    let texts: Vec<String> = units.iter().map(ToString::to_string).collect();
    let expected = [
        "Data, Analytics (EU) (ou-aaaa-work0004)",
        "Infrastructure (ou-aaaa-infra001)",
        "Production (ou-aaaa-infra002)",
        "Production (ou-aaaa-work0002)",
        "Sandbox (ou-aaaa-sandbox1)",
        "Security (ou-aaaa-sec00001)",
        "Test (ou-aaaa-work0003)",
        "Test-OU-1 (ou-aaaa-bbbbcccc)",
        "Test-OU-2 (ou-aaaa-ddddeeee)",
        "Workloads (ou-aaaa-work0001)",
    ];
    assert_eq!(texts, expected);
}

pub async fn without_a_launch_path_nothing_can_be_launched(world: &dyn World) {
    let said = "No launch paths found for resource: prod-";
    let units = match world.factory().units().await {
        Err(ProvisionError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert!(units.message.starts_with(said), "{units}");
    let refusal = refused(world, &launch_request("alpha", 1)).await;
    assert_eq!(refusal.code, "ResourceNotFoundException");
    assert!(refusal.message.starts_with(said), "{refusal}");
}

pub async fn the_same_token_gets_the_same_answer(world: &dyn World) {
    let first = launch(world, "alpha", 1).await;
    assert_eq!(launch(world, "alpha", 1).await, first);
    world.pass(crate::entries::minutes(50));
    assert_eq!(launch(world, "alpha", 1).await, first, "also when all is over");
    world.look(&mut |zone| assert_eq!(zone.service_catalog.launches().len(), 1));
}

pub async fn a_name_in_use_is_told_apart_from_a_refusal(world: &dyn World) {
    launch(world, "alpha", 1).await;
    let second = world.factory().provision(&launch_request("alpha", 2)).await;
    assert!(matches!(second, Err(ProvisionError::NameTaken)), "{second:?}");
    world.plan("beta", Outcome::NameTaken);
    let other = world.factory().provision(&launch_request("beta", 1)).await;
    assert!(matches!(other, Err(ProvisionError::NameTaken)), "{other:?}");
}

pub async fn a_refusal_has_the_code_and_the_words(world: &dyn World) {
    world.plan("alpha", Outcome::Refused);
    let refusal = refused(world, &launch_request("alpha", 1)).await;
    assert_eq!(refusal.code, "InvalidParametersException");
    assert!(refusal.message.contains("parameters"), "{refusal}");
    launch(world, "alpha", 1).await;
}

pub async fn a_unit_that_is_not_registered_is_refused(world: &dyn World) {
    let mut request = launch_request("alpha", 1);
    request.request.unit =
        OrganizationalUnit { name: "Nowhere".into(), id: "ou-aaaa-nowhere1".into() };
    assert_eq!(refused(world, &request).await.code, "InvalidParametersException");
    world.look(&mut |zone| assert!(zone.service_catalog.launches().is_empty()));
}
