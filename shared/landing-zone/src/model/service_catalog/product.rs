//! The product "AWS Control Tower Account Factory": its provisioning artifacts,
//! its parameters, and whether the caller may launch it.

use chrono::{DateTime, Utc};

use super::{CatalogRefusal, Named, ServiceCatalog, principals};
use crate::Zone;

/// The product's id; in AWS it differs from one landing zone to the next.
pub const PRODUCT_ID: &str = "prod-y5kq2mtr7xwbe";
/// The product's name, in every landing zone.
pub const PRODUCT_NAME: &str = "AWS Control Tower Account Factory";
/// The product's owner and the portfolio's provider, in every landing zone.
pub const PRODUCT_OWNER: &str = "AWS Control Tower";
/// The type of what it provisions, as the service returns it; the documented
/// list of types does not have it.
pub const PRODUCT_TYPE: &str = "CONTROL_TOWER_ACCOUNT";
/// The one launch path, which the Account Factory portfolio gives.
pub const PATH_ID: &str = "lpv3-n3tq7dkh2wcxu";

/// When the landing zone was set up: 2023-05-04T09:00:00Z.
const SET_UP: DateTime<Utc> = DateTime::from_timestamp_nanos(1_683_190_800_000_000_000);
/// Half a year, in days: landing zone updates add artifacts.
const BETWEEN_UPDATES: i64 = 182;

/// A provisioning artifact: a version of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Artifact {
    /// `pa-xxxxxxxxxxxxx`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether it can be provisioned.
    pub active: bool,
    /// Whether its guidance is `DEPRECATED` rather than `DEFAULT`.
    pub deprecated: bool,
    age: i64,
}

impl Artifact {
    /// When it was added to the product.
    #[must_use]
    pub fn created(&self) -> DateTime<Utc> {
        SET_UP + chrono::Duration::days(BETWEEN_UPDATES * self.age)
    }
}

/// The product's artifacts as AWS lists them. Exactly one is active, and it is
/// neither the first nor the last nor the newest.
pub const ARTIFACTS: [Artifact; 3] = [
    artifact("pa-2vnmh6yq4kzge", "AWS Control Tower Account Factory v1", false, false, 0),
    artifact("pa-7c4dxp5wrhtum", "AWS Control Tower Account Factory v2", true, false, 1),
    artifact("pa-q3bz6sjn2fayk", "AWS Control Tower Account Factory v3", false, true, 2),
];

const fn artifact(
    id: &'static str,
    name: &'static str,
    active: bool,
    deprecated: bool,
    age: i64,
) -> Artifact {
    Artifact { id, name, active, deprecated, age }
}

/// When the product was made.
#[must_use]
pub fn product_created() -> DateTime<Utc> {
    SET_UP
}

/// Looks whether `wanted` is the product.
///
/// # Errors
///
/// When it is any other.
pub fn find_product(catalog: &ServiceCatalog, wanted: &Named) -> Result<(), CatalogRefusal> {
    let found = catalog.factory.product && wanted.is(PRODUCT_ID, PRODUCT_NAME);
    found.then_some(()).ok_or_else(|| CatalogRefusal::not_found("Product", wanted))
}

/// The product's artifacts as they are in this landing zone, where none may be active.
pub fn artifacts(catalog: &ServiceCatalog) -> impl Iterator<Item = Artifact> {
    let active = catalog.factory.active_version;
    ARTIFACTS.into_iter().map(move |it| Artifact { active: it.active && active, ..it })
}

/// The artifact that `wanted` names.
///
/// # Errors
///
/// When the product has none such.
pub fn find_artifact(catalog: &ServiceCatalog, wanted: &Named) -> Result<Artifact, CatalogRefusal> {
    let found = artifacts(catalog).find(|artifact| wanted.is(artifact.id, artifact.name));
    found.ok_or_else(|| CatalogRefusal::not_found("Provisioning artifact", wanted))
}

/// A parameter of the product, as its template declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its key.
    pub key: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The regular expression its values follow, where there is one.
    pub allowed_pattern: Option<&'static str>,
    /// The values it can have, where they are listed.
    pub allowed_values: Vec<String>,
}

const ANYTHING: Option<&str> = Some(".+");
const EMAIL: Option<&str> = Some(r"[^\s@]+@[^\s@]+\.[^\s@]+");
const DECLARED: [(&str, &str, Option<&str>); 6] = [
    (
        "AccountName",
        "Account name, the new managed Account will be created with this name.",
        ANYTHING,
    ),
    ("AccountEmail", "Account email, must be unique for each AWS Account.", EMAIL),
    ("SSOUserFirstName", "SSO user first name.", ANYTHING),
    ("SSOUserLastName", "SSO user last name.", ANYTHING),
    (
        "SSOUserEmail",
        "SSO user email. A new SSO user will be created for this email, if it does not exist.",
        EMAIL,
    ),
    (
        "ManagedOrganizationalUnit",
        "Your account will be added to this registered organizational unit.",
        None,
    ),
];

/// The six parameters of every artifact, at the present moment.
#[must_use]
pub fn parameters(zone: &Zone) -> Vec<Parameter> {
    let declare = |(key, description, allowed_pattern)| Parameter {
        key,
        description,
        allowed_pattern,
        allowed_values: match key {
            "ManagedOrganizationalUnit" => registered_units(zone),
            _ => Vec::new(),
        },
    };
    DECLARED.into_iter().map(declare).collect()
}

/// The keys of the six parameters.
pub(super) fn parameter_keys() -> impl Iterator<Item = &'static str> {
    DECLARED.into_iter().map(|(key, ..)| key)
}

/// The units that accounts can be vended into, as `Name (ou-id)`.
#[must_use]
pub fn registered_units(zone: &Zone) -> Vec<String> {
    let registered = zone.organization.units().filter(|unit| unit.registered);
    registered.map(|unit| format!("{} ({})", unit.name, unit.id)).collect()
}

/// The path by which the caller may launch the product.
///
/// # Errors
///
/// When the caller is not, or not long enough, associated with the portfolio.
pub fn launch_path(zone: &Zone) -> Result<&'static str, CatalogRefusal> {
    let none = || format!("No launch paths found for resource: {PRODUCT_ID}");
    let open = principals::caller_is_associated(zone);
    open.then_some(PATH_ID).ok_or_else(|| CatalogRefusal::ResourceNotFound(none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_active_artifact_is_neither_the_last_nor_the_newest() {
        let active: Vec<_> = ARTIFACTS.iter().filter(|artifact| artifact.active).collect();
        let newest = ARTIFACTS.iter().max_by_key(|artifact| artifact.created());
        assert_eq!(active.len(), 1);
        assert_ne!(active.first(), ARTIFACTS.last().as_ref());
        assert_ne!(active.first(), newest.as_ref());
        assert!(newest.is_some_and(|newest| newest.deprecated && !newest.active));
    }

    #[test]
    fn a_landing_zone_may_lack_the_product_or_an_active_version_of_it() {
        let mut description = crate::Description::builtin();
        let zone = |description: &crate::Description| {
            Zone::new(description, 1, description.organization.since)
        };
        let product = Named::Name(PRODUCT_NAME.to_owned());
        assert!(find_product(&zone(&description).service_catalog, &product).is_ok());
        description.account_factory.product = false;
        description.account_factory.active_version = false;
        let catalog = zone(&description).service_catalog;
        assert!(find_product(&catalog, &product).is_err());
        assert!(!artifacts(&catalog).any(|artifact| artifact.active));
    }
}
