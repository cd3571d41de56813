//! What `ProvisionProduct` looks at before it accepts a launch.

use super::product::parameter_keys;
use super::{AccountParameters, CatalogRefusal, LaunchRequest, ids, product};
use crate::Zone;
use crate::model::ids::is_unit;

/// The longest a parameter's value can be, from the API's model.
const LONGEST_VALUE: usize = 4096;

/// What a launch asks for, once it is known to be acceptable.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub artifact: &'static str,
    pub account: AccountParameters,
    pub unit: Unit,
}

/// The organizational unit that a launch names.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub id: String,
    pub name: String,
}

/// Looks at the whole request; the names and tokens in use are another matter.
pub(super) fn check(zone: &Zone, request: &LaunchRequest) -> Result<Checked, CatalogRefusal> {
    ids::check_name(&request.name)?;
    product::find_product(&zone.service_catalog, &request.product)?;
    let artifact = product::find_artifact(&zone.service_catalog, &request.artifact)?;
    check_path(zone, request.path.as_deref())?;
    if !artifact.active {
        let message = format!("Provisioning artifact {} is not active.", artifact.id);
        return Err(CatalogRefusal::InvalidParameters(message));
    }
    let account = read_parameters(&request.parameters)?;
    let unit = find_unit(zone, &account.managed_organizational_unit)?;
    Ok(Checked { artifact: artifact.id, account, unit })
}

fn check_path(zone: &Zone, wanted: Option<&str>) -> Result<(), CatalogRefusal> {
    let path = product::launch_path(zone)?;
    match wanted {
        Some(other) if other != path => {
            Err(CatalogRefusal::ResourceNotFound(format!("Launch path {other} not found")))
        }
        _ => Ok(()),
    }
}

fn read_parameters(given: &[(String, String)]) -> Result<AccountParameters, CatalogRefusal> {
    let known = |key: &str| parameter_keys().any(|known| known == key);
    if let Some((key, _)) = given.iter().find(|(key, _)| !known(key)) {
        let message = format!("Parameters: [{key}] do not exist in the template");
        return Err(CatalogRefusal::InvalidParameters(message));
    }
    let read = |key: &str, fits: fn(&str) -> bool| {
        let mut values = given.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) if fits(value) && value.chars().count() <= LONGEST_VALUE => {
                Ok(value.clone())
            }
            (Some(_), None) => Err(format!("Parameter {key} failed to satisfy constraint")),
            (Some(_), Some(_)) => Err(format!("Duplicate parameter: {key}")),
            (None, _) => Err(format!("Parameters: [{key}] must have values")),
        }
        .map_err(CatalogRefusal::InvalidParameters)
    };
    Ok(AccountParameters {
        account_name: read("AccountName", is_something)?,
        account_email: read("AccountEmail", is_email)?,
        sso_user_first_name: read("SSOUserFirstName", is_something)?,
        sso_user_last_name: read("SSOUserLastName", is_something)?,
        sso_user_email: read("SSOUserEmail", is_email)?,
        managed_organizational_unit: read("ManagedOrganizationalUnit", is_something)?,
    })
}

/// `.+`
fn is_something(value: &str) -> bool {
    !value.is_empty()
}

/// `[^\s@]+@[^\s@]+\.[^\s@]+`
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let dotted = domain.char_indices().any(|(at, c)| c == '.' && at > 0 && at + 1 < domain.len());
    !local.is_empty() && dotted && !domain.contains('@') && !value.contains(char::is_whitespace)
}

/// A unit that exists and is not registered passes here: AWS accepts the
/// launch, and it fails seconds later. Anything else must be an allowed value.
fn find_unit(zone: &Zone, value: &str) -> Result<Unit, CatalogRefusal> {
    let written = value.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let unit = written
        .filter(|(_, id)| is_unit(id))
        .and_then(|(name, id)| zone.organization.unit(id).filter(|unit| unit.name == name));
    let refusal = || {
        let message = "Parameter ManagedOrganizationalUnit must be one of AllowedValues";
        CatalogRefusal::invalid(message)
    };
    let unit = unit.ok_or_else(refusal)?;
    Ok(Unit { id: unit.id.clone(), name: unit.name.clone() })
}
