//! The policies of a permission set: attached, put, read and taken away.

use serde_json::{Value, json};

use super::permission_sets::done;
use super::requests::{
    CustomerPolicy, ListOfPermissionSet, ManagedPolicy, OfPermissionSet, PutInlinePolicy,
    PutPermissionsBoundary, Reference,
};
use super::shapes::{boundary, managed_policy, reference};
use super::{Asked, check, check_permission_set, malformed, paged, unknown};
use crate::Zone;
use crate::model::identity_center::{self as center, Boundary, PolicyReference, patterns};
use crate::wire::Refusal;

pub(super) fn answer(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    managed(zone, asked).or_else(|| customer(zone, asked)).or_else(|| single(zone, asked))
}

fn managed(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    let change = |zone: &mut Zone, change: fn(&mut Zone, &str, &str) -> _| {
        let asked: ManagedPolicy = asked.read()?;
        check_permission_set(zone, &asked.instance_arn, &asked.permission_set_arn)?;
        check(patterns::is_managed_policy(&asked.managed_policy_arn), "managedPolicyArn")?;
        done(change(zone, &asked.permission_set_arn, &asked.managed_policy_arn))
    };
    Some(match asked.operation {
        "AttachManagedPolicyToPermissionSet" => change(zone, center::attach_managed),
        "DetachManagedPolicyFromPermissionSet" => change(zone, center::detach_managed),
        "ListManagedPoliciesInPermissionSet" => asked.read().and_then(|it| list_managed(zone, &it)),
        _ => return None,
    })
}

fn customer(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    Some(match asked.operation {
        "AttachCustomerManagedPolicyReferenceToPermissionSet" => {
            asked.read().and_then(|it| attach_customer(zone, it))
        }
        "DetachCustomerManagedPolicyReferenceFromPermissionSet" => {
            asked.read().and_then(|it| detach_customer(zone, it))
        }
        "ListCustomerManagedPolicyReferencesInPermissionSet" => {
            asked.read().and_then(|it| list_customer(zone, &it))
        }
        _ => return None,
    })
}

fn single(zone: &mut Zone, asked: Asked<'_>) -> Option<Result<Value, Refusal>> {
    Some(match asked.operation {
        "PutInlinePolicyToPermissionSet" => asked.read().and_then(|it| put_inline(zone, it)),
        "GetInlinePolicyForPermissionSet" => asked.read().and_then(|it| get_inline(zone, &it)),
        "DeleteInlinePolicyFromPermissionSet" => {
            asked.read().and_then(|it| delete(zone, &it, center::delete_inline))
        }
        "PutPermissionsBoundaryToPermissionSet" => {
            asked.read().and_then(|it| put_boundary(zone, it))
        }
        "GetPermissionsBoundaryForPermissionSet" => {
            asked.read().and_then(|it| get_boundary(zone, &it))
        }
        "DeletePermissionsBoundaryFromPermissionSet" => {
            asked.read().and_then(|it| delete(zone, &it, center::delete_boundary))
        }
        _ => return None,
    })
}

fn list_managed(zone: &Zone, list: &ListOfPermissionSet) -> Result<Value, Refusal> {
    let policies = policies(zone, &list.instance_arn, &list.permission_set_arn)?;
    paged("AttachedManagedPolicies", list, &policies.managed, |it| managed_policy(it))
}

fn list_customer(zone: &Zone, list: &ListOfPermissionSet) -> Result<Value, Refusal> {
    let policies = policies(zone, &list.instance_arn, &list.permission_set_arn)?;
    paged("CustomerManagedPolicyReferences", list, &policies.customer, reference)
}

fn attach_customer(zone: &mut Zone, wanted: CustomerPolicy) -> Result<Value, Refusal> {
    check_permission_set(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    let policy = understood(wanted.customer_managed_policy_reference)?;
    done(center::attach_customer(zone, &wanted.permission_set_arn, policy))
}

fn detach_customer(zone: &mut Zone, unwanted: CustomerPolicy) -> Result<Value, Refusal> {
    check_permission_set(zone, &unwanted.instance_arn, &unwanted.permission_set_arn)?;
    let policy = understood(unwanted.customer_managed_policy_reference)?;
    done(center::detach_customer(zone, &unwanted.permission_set_arn, &policy))
}

/// The model's `InlinePolicy` is of 32,768 characters at the most; the quota, of as many bytes.
fn put_inline(zone: &mut Zone, wanted: PutInlinePolicy) -> Result<Value, Refusal> {
    check_permission_set(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    let policy = wanted.inline_policy;
    let short = policy.chars().count() <= center::INLINE_POLICY_BYTES;
    check(short && patterns::is_policy_text(&policy), "inlinePolicy")?;
    done(center::put_inline(zone, &wanted.permission_set_arn, policy))
}

/// A set without an inline policy is answered without the member.
fn get_inline(zone: &Zone, wanted: &OfPermissionSet) -> Result<Value, Refusal> {
    let policies = policies(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    Ok(policies.inline.as_ref().map_or(json!({}), |policy| json!({ "InlinePolicy": policy })))
}

fn put_boundary(zone: &mut Zone, wanted: PutPermissionsBoundary) -> Result<Value, Refusal> {
    check_permission_set(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    let asked = wanted.permissions_boundary;
    let boundary = match (asked.managed_policy_arn, asked.customer_managed_policy_reference) {
        (Some(arn), None) => {
            check(patterns::is_managed_policy(&arn), "managedPolicyArn")?;
            Boundary::ManagedPolicy(arn)
        }
        (None, Some(policy)) => Boundary::CustomerManagedPolicy(understood(policy)?),
        _ => return Err(malformed("permissionsBoundary")),
    };
    done(center::put_boundary(zone, &wanted.permission_set_arn, boundary))
}

/// A set without a boundary is answered with a refusal, which is how callers tell.
fn get_boundary(zone: &Zone, wanted: &OfPermissionSet) -> Result<Value, Refusal> {
    let policies = policies(zone, &wanted.instance_arn, &wanted.permission_set_arn)?;
    let none = || unknown("PermissionsBoundary of", &wanted.permission_set_arn);
    policies.boundary.as_ref().map(boundary).ok_or_else(none)
}

fn delete(
    zone: &mut Zone,
    asked: &OfPermissionSet,
    delete: fn(&mut Zone, &str) -> Result<(), center::PermissionSetRefusal>,
) -> Result<Value, Refusal> {
    check_permission_set(zone, &asked.instance_arn, &asked.permission_set_arn)?;
    done(delete(zone, &asked.permission_set_arn))
}

fn policies<'a>(
    zone: &'a Zone,
    instance: &str,
    set: &str,
) -> Result<&'a center::Policies, Refusal> {
    check_permission_set(zone, instance, set)?;
    let set = zone.identity_center.permission_set(set).ok_or_else(|| unknown("PermissionSet", set));
    set.map(|set| &set.policies)
}

fn understood(policy: Reference) -> Result<PolicyReference, Refusal> {
    let path = policy.path.unwrap_or_else(|| "/".to_owned());
    check(patterns::is_policy_name(&policy.name), "name")?;
    check(patterns::is_policy_path(&path), "path")?;
    Ok(PolicyReference { name: policy.name, path })
}
