//! What it takes to launch Account Factory: its product, the version that is active,
//! and the path that leads the role to it. All three change with the landing zone.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    LaunchPathSummary, ProvisioningArtifactDetail, ProvisioningArtifactGuidance,
};
use vending::ports::{ProvisionError, Refusal};

use super::SERVICE_CATALOG;
use super::refusals::unanswered;
use crate::calls::present;

/// The product's name; Control Tower gives no other (AFT, `aft-common` constants).
pub(super) const PRODUCT: &str = "AWS Control Tower Account Factory";

/// The portfolio it is in, whose name is the launch path's as well.
const PORTFOLIO: &str = "AWS Control Tower Account Factory Portfolio";

pub(super) const FIND_PRODUCT: &str = "find the Account Factory product";
const LIST_ARTIFACTS: &str = "list the versions of Account Factory";
const LIST_PATHS: &str = "list the launch paths to Account Factory";

/// The ids that a launch names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Launchable {
    /// The product, `prod-…`.
    pub(super) product: String,
    /// Its version, `pa-…`.
    pub(super) artifact: String,
    /// The launch path, `lpv2-…` or the like.
    pub(super) path: String,
}

/// Looks all three up.
pub(super) async fn find(client: &Client) -> Result<Launchable, ProvisionError> {
    let product = product(client).await?;
    let artifact = artifact(client, &product).await?;
    let path = path(client, &product).await?;
    Ok(Launchable { product, artifact, path })
}

async fn product(client: &Client) -> Result<String, ProvisionError> {
    let described = client.describe_product_as_admin().name(PRODUCT).send().await;
    let described = described.map_err(unanswered(FIND_PRODUCT))?;
    let product = described.product_view_detail().and_then(|detail| detail.product_view_summary());
    let id = product.and_then(|product| product.product_id());
    Ok(present(id, "product id", SERVICE_CATALOG, FIND_PRODUCT)?.to_owned())
}

async fn artifact(client: &Client, product: &str) -> Result<String, ProvisionError> {
    let listed = client.list_provisioning_artifacts().product_id(product).send().await;
    let listed = listed.map_err(unanswered(LIST_ARTIFACTS))?;
    Ok(choose_artifact(listed.provisioning_artifact_details())?)
}

async fn path(client: &Client, product: &str) -> Result<String, ProvisionError> {
    let mut pages = client.list_launch_paths().product_id(product).into_paginator().send();
    let mut paths = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(unanswered(LIST_PATHS))?;
        paths.extend_from_slice(page.launch_path_summaries());
    }
    Ok(choose_path(&paths, product)?)
}

/// The one active version that is not deprecated, or the one active version.
fn choose_artifact(listed: &[ProvisioningArtifactDetail]) -> Result<String, Refusal> {
    let active: Vec<_> = listed.iter().filter(|it| it.active() == Some(true)).collect();
    let current: Vec<_> = active.iter().copied().filter(|it| !is_deprecated(it)).collect();
    let candidates = if current.is_empty() { active } else { current };
    match candidates.as_slice() {
        [one] => one.id().map(str::to_owned).ok_or_else(|| no_version(listed)),
        _ => Err(no_version(listed)),
    }
}

fn is_deprecated(artifact: &ProvisioningArtifactDetail) -> bool {
    artifact.guidance() == Some(&ProvisioningArtifactGuidance::Deprecated)
}

fn no_version(listed: &[ProvisioningArtifactDetail]) -> Refusal {
    let seen = listed.iter().map(|it| {
        let active = if it.active() == Some(true) { "active" } else { "not active" };
        let deprecated = if is_deprecated(it) { ", deprecated" } else { "" };
        format!("{} ({active}{deprecated})", it.id().unwrap_or("one without an id"))
    });
    let seen = seen.collect::<Vec<_>>().join(", ");
    Refusal {
        code: "AccountFactoryVersion".to_owned(),
        message: format!("{PRODUCT} needs exactly one active version, and has: {seen}"),
    }
}

/// The only path, or the one of the portfolio that Control Tower made.
fn choose_path(paths: &[LaunchPathSummary], product: &str) -> Result<String, Refusal> {
    let of_control_tower = paths.iter().find(|path| path.name() == Some(PORTFOLIO));
    let chosen = match paths {
        [only] => Some(only),
        _ => of_control_tower,
    };
    let id = chosen.and_then(|path| path.id()).map(str::to_owned);
    id.ok_or_else(|| if paths.is_empty() { no_path(product) } else { many_paths(paths) })
}

/// In the words of `ProvisionProduct`, which says so when it is asked without a path.
fn no_path(product: &str) -> Refusal {
    Refusal {
        code: "ResourceNotFoundException".to_owned(),
        message: format!("No launch paths found for resource: {product}"),
    }
}

fn many_paths(paths: &[LaunchPathSummary]) -> Refusal {
    let names: Vec<&str> =
        paths.iter().map(|path| path.name().unwrap_or("one without a name")).collect();
    Refusal {
        code: "AccountFactoryPath".to_owned(),
        message: format!(
            "several launch paths lead to {PRODUCT}, and none is {PORTFOLIO:?}: {}",
            names.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(
        id: &str,
        active: bool,
        guidance: ProvisioningArtifactGuidance,
    ) -> ProvisioningArtifactDetail {
        ProvisioningArtifactDetail::builder().id(id).active(active).guidance(guidance).build()
    }

    fn path(name: &str) -> LaunchPathSummary {
        LaunchPathSummary::builder().id(format!("lpv2-{name}")).name(name).build()
    }

    #[test]
    fn the_active_version_that_is_not_deprecated_is_chosen_wherever_it_stands() {
        use ProvisioningArtifactGuidance::{Default, Deprecated};
        let listed = [
            artifact("pa-2", true, Default),
            artifact("pa-1", true, Deprecated),
            artifact("pa-3", false, Default),
        ];
        assert_eq!(choose_artifact(&listed).unwrap(), "pa-2");
        assert_eq!(choose_artifact(&listed[1..]).unwrap(), "pa-1");
    }

    #[test]
    fn a_choice_that_nobody_can_make_tells_what_there_is() {
        use ProvisioningArtifactGuidance::Default;
        let listed = [artifact("pa-2", true, Default), artifact("pa-1", true, Default)];
        let refusal = choose_artifact(&listed).unwrap_err();
        assert!(refusal.message.ends_with("pa-2 (active), pa-1 (active)"), "{refusal}");
        assert!(choose_artifact(&[]).is_err());
    }

    #[test]
    fn control_towers_own_path_is_chosen_of_several() {
        assert_eq!(choose_path(&[path("other")], "prod-1").unwrap(), "lpv2-other");
        assert_eq!(
            choose_path(&[path("other"), path(PORTFOLIO)], "prod-1").unwrap(),
            format!("lpv2-{PORTFOLIO}")
        );
        let several = choose_path(&[path("a"), path("b")], "prod-1").unwrap_err();
        assert!(several.message.ends_with(": a, b"), "{several}");
    }

    #[test]
    fn no_path_is_said_in_words_that_are_understood() {
        use vending::failure::{FailureKind, Verdict, classify};
        let refusal = choose_path(&[], "prod-1").unwrap_err();
        let Verdict::Fail(failure) = classify(&refusal.to_string()) else {
            panic!("{refusal} means wait")
        };
        assert_eq!(failure.kind, FailureKind::NoLaunchPath);
    }
}
