//! Permission sets: made, changed, described and listed.

use serde_json::{Value, json};

use super::requests::{
    CreatePermissionSet, ListPermissionSets, OfPermissionSet, UpdatePermissionSet,
};
use super::shapes::permission_set;
use super::{Asked, check, check_instance, check_permission_set, paged, unknown};
use crate::Zone;
use crate::model::identity_center::{
    self as center, NewPermissionSet, PermissionSetRefusal, Update, patterns,
};
use crate::model::ids;
use crate::wire::Refusal;

pub(super) fn answer(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    Some(match asked.operation {
        "CreatePermissionSet" => asked.read().and_then(|it| create(zone, it)),
        "UpdatePermissionSet" => asked.read().and_then(|it| update(zone, it)),
        "DescribePermissionSet" => asked.read().and_then(|it| describe(zone, &it)),
        "ListPermissionSets" => asked.read().and_then(|it| list(zone, &it)),
        _ => return None,
    })
}

fn create(zone: &mut Zone, wanted: CreatePermissionSet) -> Result<Value, Refusal> {
    check_instance(zone, &wanted.instance_arn)?;
    check(ids::is_permission_set_name(&wanted.name), "name")?;
    check_texts(&wanted.description, &wanted.session_duration, &wanted.relay_state)?;
    let new = NewPermissionSet {
        name: wanted.name,
        description: wanted.description,
        session_duration: wanted.session_duration,
        relay_state: wanted.relay_state,
    };
    let arn = center::create_permission_set(zone, new).map_err(|it| refused(&it))?;
    described(zone, &arn)
}

fn update(zone: &mut Zone, wanted: UpdatePermissionSet) -> Result<Value, Refusal> {
    check_permission_set(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    check_texts(&wanted.description, &wanted.session_duration, &wanted.relay_state)?;
    let update = Update {
        description: wanted.description,
        session_duration: wanted.session_duration,
        relay_state: wanted.relay_state,
    };
    done(center::update_permission_set(zone, &wanted.permission_set_arn, update))
}

fn describe(zone: &Zone, wanted: &OfPermissionSet) -> Result<Value, Refusal> {
    check_permission_set(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    described(zone, &wanted.permission_set_arn)
}

fn described(zone: &Zone, arn: &str) -> Result<Value, Refusal> {
    let set = zone.identity_center.permission_set(arn);
    set.map(permission_set).ok_or_else(|| unknown("PermissionSet", arn))
}

fn list(zone: &Zone, list: &ListPermissionSets) -> Result<Value, Refusal> {
    check_instance(zone, &list.instance_arn)?;
    let sets = zone.identity_center.permission_sets();
    paged("PermissionSets", list, sets, |set| set.arn.as_str().into())
}

fn check_texts(
    description: &Option<String>,
    session_duration: &Option<String>,
    relay_state: &Option<String>,
) -> Result<(), Refusal> {
    let fits = |text: &Option<String>, fits: fn(&str) -> bool| text.as_deref().is_none_or(fits);
    check(fits(description, patterns::is_description), "description")?;
    check(fits(session_duration, patterns::is_session_duration), "sessionDuration")?;
    check(fits(relay_state, patterns::is_relay_state), "relayState")
}

/// The empty answer of a change, or its refusal.
pub(super) fn done(changed: Result<(), PermissionSetRefusal>) -> Result<Value, Refusal> {
    changed.map(|()| json!({})).map_err(|it| refused(&it))
}

fn refused(refusal: &PermissionSetRefusal) -> Refusal {
    let code = match refusal {
        PermissionSetRefusal::Unknown(_)
        | PermissionSetRefusal::NotAttached { .. }
        | PermissionSetRefusal::NotThere(..)
        | PermissionSetRefusal::UnknownPolicy(_) => "ResourceNotFoundException",
        PermissionSetRefusal::NameTaken(_)
        | PermissionSetRefusal::Attached { .. }
        | PermissionSetRefusal::Conflict(_) => "ConflictException",
        PermissionSetRefusal::NoPolicyDocument => "ValidationException",
        PermissionSetRefusal::InlinePolicyTooLarge
        | PermissionSetRefusal::TooManyPermissionSets(_)
        | PermissionSetRefusal::TooManyPolicies(_) => "ServiceQuotaExceededException",
    };
    Refusal::new(code, refusal.to_string())
}
