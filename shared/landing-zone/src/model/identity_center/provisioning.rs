//! Bringing a permission set into accounts: with an assignment, or by asking for it
//! after a change; and what is in which account, as a role of IAM's.

use chrono::TimeDelta;
use rand::RngExt;

use super::permission_sets::PermissionSet;
use super::{Happening, IdentityCenter, ROLE_QUOTA, RequestStatus};
use crate::model::organization::AccountState;
use crate::model::service_catalog::Outcome;
use crate::model::{Happening as Any, Moment, Zone, ids};

/// Where a permission set is to be provisioned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProvisioningTarget {
    /// In the account of that id, whether it holds the set or not.
    Account(String),
    /// In every account that holds it.
    AllProvisionedAccounts,
}

/// A request to provision a permission set, under way or over.
#[derive(Debug, Clone)]
pub struct ProvisioningRequest {
    /// A UUID.
    pub id: String,
    /// The permission set's ARN.
    pub permission_set: String,
    /// Where it is provisioned.
    pub target: ProvisioningTarget,
    /// When it was asked for.
    pub created: Moment,
    /// How far it is.
    pub status: RequestStatus,
    /// The accounts in which it will take effect.
    good: Vec<String>,
    /// The accounts in which it will not, and why.
    bad: Vec<(String, String)>,
}

/// Why provisioning is not even begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProvisionRefusal {
    /// The account is not in the organization.
    #[error("account {0} could not be found")]
    UnknownAccount(String),
    /// The instance has no such permission set.
    #[error("PermissionSet {0} could not be found")]
    UnknownPermissionSet(String),
    /// A permission set is being changed in an account: try again later.
    #[error("there is a conflicting operation in process for {0}")]
    Conflict(String),
}

/// Begins to provision the permission set of the ARN `set`; it is over seconds to a minute
/// later, and failed if it failed in one account. Until then no other permission set can be
/// changed in these accounts, nor this one itself. Where no account holds the set, there is
/// nothing to do, and that ends well.
///
/// # Errors
///
/// When the set or the account does not exist, or when something else is being changed in
/// one of the accounts.
pub fn provision_permission_set(
    zone: &mut Zone,
    set: &str,
    target: ProvisioningTarget,
) -> Result<ProvisioningRequest, ProvisionRefusal> {
    let accounts = accounts(zone, set, &target)?;
    check_free(&zone.identity_center, set, &accounts)?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for account in accounts {
        match failure(zone, &account, set) {
            None => good.push(account),
            Some(why) => bad.push((account, why)),
        }
    }
    let request = ProvisioningRequest {
        id: ids::new_uuid(&mut zone.chance),
        permission_set: set.to_owned(),
        target,
        created: zone.now,
        status: RequestStatus::InProgress,
        good,
        bad,
    };
    begin(zone, &request);
    Ok(request)
}

fn accounts(
    zone: &Zone,
    set: &str,
    target: &ProvisioningTarget,
) -> Result<Vec<String>, ProvisionRefusal> {
    if zone.identity_center.permission_set(set).is_none() {
        return Err(ProvisionRefusal::UnknownPermissionSet(set.to_owned()));
    }
    match target {
        ProvisioningTarget::Account(account) if zone.organization.account(account).is_none() => {
            Err(ProvisionRefusal::UnknownAccount(account.clone()))
        }
        ProvisioningTarget::Account(account) => Ok(vec![account.clone()]),
        ProvisioningTarget::AllProvisionedAccounts => {
            let holding = zone.identity_center.accounts_holding(set, None);
            Ok(holding.map(ToOwned::to_owned).collect())
        }
    }
}

fn check_free(
    center: &IdentityCenter,
    set: &str,
    accounts: &[String],
) -> Result<(), ProvisionRefusal> {
    if center.being_provisioned.contains(set) {
        return Err(ProvisionRefusal::Conflict(format!("permission set {set}")));
    }
    match accounts.iter().find(|account| center.changing.contains_key(*account)) {
        Some(account) => Err(ProvisionRefusal::Conflict(format!("account {account}"))),
        None => Ok(()),
    }
}

fn begin(zone: &mut Zone, request: &ProvisioningRequest) {
    let after = zone.chance.random_range(3..=60);
    zone.agenda.put(
        zone.now + TimeDelta::seconds(after),
        Any::IdentityCenter(Happening::Provisioned(request.id.clone())),
    );
    let center = &mut zone.identity_center;
    center.being_provisioned.insert(request.permission_set.clone());
    request.accounts().for_each(|account| center.occupy(account));
    center.provisionings.insert(request.id.clone(), request.clone());
}

/// The request of that id ends.
pub(super) fn end(zone: &mut Zone, id: &str) {
    let center = &mut zone.identity_center;
    let Some(request) = center.provisionings.get_mut(id) else {
        return;
    };
    request.status = request.end();
    let request = request.clone();
    center.being_provisioned.remove(&request.permission_set);
    request.accounts().for_each(|account| center.release(account));
    request.good.iter().for_each(|account| center.hold(account, &request.permission_set));
}

impl ProvisioningRequest {
    fn accounts(&self) -> impl Iterator<Item = &String> {
        self.good.iter().chain(self.bad.iter().map(|(account, _)| account))
    }

    fn end(&self) -> RequestStatus {
        match self.bad.as_slice() {
            [] => RequestStatus::Succeeded,
            [(_, why), ..] => RequestStatus::Failed(why.clone()),
        }
    }
}

/// Why the permission set of the ARN `set` cannot be brought into the account, if so.
pub(super) fn failure(zone: &Zone, account: &str, set: &str) -> Option<String> {
    let center = &zone.identity_center;
    let outcome = zone.service_catalog.outcome_for_account(account);
    let fails = center.faults.provisioning_fails.iter().any(|it| it == account);
    if outcome == Outcome::AccessFails || fails {
        return Some(ROLE_QUOTA.to_owned());
    }
    let state = zone.organization.account(account).map(|account| account.state);
    if state != Some(AccountState::Active) {
        return Some(format!("Received a 403 status error: account {account} is not active"));
    }
    let set = center.permission_set(set)?;
    over_quota(center, account, set).or_else(|| missing_policy(center, account, set))
}

fn over_quota(center: &IdentityCenter, account: &str, set: &PermissionSet) -> Option<String> {
    let quota = center.quotas.permission_sets_per_account;
    let holds = center.holds(account, &set.arn).is_some();
    (!holds && center.sets_held_by(account, None).count() >= quota).then(|| {
        format!("the quota of {quota} permission sets provisioned in account {account} is reached")
    })
}

fn missing_policy(center: &IdentityCenter, account: &str, set: &PermissionSet) -> Option<String> {
    let missing = set.policies.needed().find(|policy| !center.has_customer_policy(account, policy));
    missing.map(|policy| {
        let arn =
            format!("arn:{}:iam::{account}:policy{}{}", center.partition, policy.path, policy.name);
        format!("Received a 404 status error: Policy {arn} does not exist or is not attachable.")
    })
}

impl IdentityCenter {
    /// The request to provision of that id.
    #[must_use]
    pub fn provisioning(&self, id: &str) -> Option<&ProvisioningRequest> {
        self.provisionings.get(id)
    }

    fn has_customer_policy(&self, account: &str, policy: &super::PolicyReference) -> bool {
        self.customer_managed_policies.iter().any(|known| {
            (&known.name, &known.path) == (&policy.name, &policy.path)
                && known.accounts.as_ref().is_none_or(|all| all.iter().any(|it| it == account))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::model::identity_center::{
        Assignment, PolicyReference, PrincipalKind, Provisioned, attach_customer, attach_managed,
    };

    const ACCOUNT: &str = "555566667777";
    const OTHER: &str = "444455556666";
    const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

    /// A zone in which two accounts hold the first permission set; and its ARN.
    fn held(description: &Description) -> (Zone, String) {
        let mut zone = Zone::new(description, 1, description.organization.since);
        let center = &mut zone.identity_center;
        let set = center.permission_sets()[0].arn.clone();
        let group = center.group_named("Developers").expect("a group").id.clone();
        for account in [ACCOUNT, OTHER] {
            center.put_in_effect(Assignment {
                account: account.to_owned(),
                permission_set: set.clone(),
                kind: PrincipalKind::Group,
                principal: group.clone(),
            });
        }
        (zone, set)
    }

    fn step(zone: &mut Zone) {
        let next = zone.next_happening().expect("something to happen");
        zone.advance_to(next);
    }

    fn all(zone: &mut Zone, set: &str) -> Result<ProvisioningRequest, ProvisionRefusal> {
        provision_permission_set(zone, set, ProvisioningTarget::AllProvisionedAccounts)
    }

    fn status(zone: &Zone, request: &ProvisioningRequest) -> RequestStatus {
        zone.identity_center.provisioning(&request.id).expect("known").status.clone()
    }

    #[test]
    fn accounts_hold_the_old_one_until_the_new_one_is_provisioned() {
        let (mut zone, set) = held(&Description::builtin());
        attach_managed(&mut zone, &set, READ_ONLY).expect("attached");
        let outdated = |zone: &Zone| {
            zone.identity_center.accounts_holding(&set, Some(Provisioned::Outdated)).count()
        };
        assert_eq!(outdated(&zone), 2);
        let request = all(&mut zone, &set).expect("begun");
        assert_eq!((status(&zone, &request), outdated(&zone)), (RequestStatus::InProgress, 2));
        step(&mut zone);
        assert_eq!((status(&zone, &request), outdated(&zone)), (RequestStatus::Succeeded, 0));
        let latest = Some(Provisioned::Latest);
        assert_eq!(zone.identity_center.sets_held_by(ACCOUNT, latest).collect::<Vec<_>>(), [&set]);
    }

    #[test]
    fn while_it_is_provisioned_neither_set_nor_account_can_be_changed() {
        let (mut zone, set) = held(&Description::builtin());
        let other = zone.identity_center.permission_sets()[1].arn.clone();
        all(&mut zone, &set).expect("begun");
        assert!(matches!(all(&mut zone, &set), Err(ProvisionRefusal::Conflict(_))));
        assert!(attach_managed(&mut zone, &set, READ_ONLY).is_err());
        let account = ProvisioningTarget::Account(ACCOUNT.to_owned());
        let refusal = provision_permission_set(&mut zone, &other, account.clone());
        assert!(matches!(refusal, Err(ProvisionRefusal::Conflict(_))));
        step(&mut zone);
        attach_managed(&mut zone, &set, READ_ONLY).expect("attached");
        provision_permission_set(&mut zone, &other, account).expect("begun");
    }

    #[test]
    fn a_failure_in_one_account_fails_the_request_and_leaves_that_account_as_it_was() {
        let mut description = Description::builtin();
        description.identity_center.faults.provisioning_fails = vec![ACCOUNT.to_owned()];
        let (mut zone, set) = held(&description);
        attach_managed(&mut zone, &set, READ_ONLY).expect("attached");
        let request = all(&mut zone, &set).expect("begun");
        step(&mut zone);
        assert_eq!(status(&zone, &request), RequestStatus::Failed(ROLE_QUOTA.to_owned()));
        let center = &zone.identity_center;
        assert_eq!(center.holds(ACCOUNT, &set), Some(Provisioned::Outdated));
        assert_eq!(center.holds(OTHER, &set), Some(Provisioned::Latest));
    }

    #[test]
    fn a_policy_that_an_account_lacks_is_named_with_its_arn() {
        let (mut zone, set) = held(&Description::builtin());
        let policy = PolicyReference { name: "Edge".to_owned(), path: "/vend/".to_owned() };
        attach_customer(&mut zone, &set, policy).expect("attached");
        let request = all(&mut zone, &set).expect("begun");
        step(&mut zone);
        let RequestStatus::Failed(why) = status(&zone, &request) else { panic!("it failed") };
        assert!(why.contains(":iam::444455556666:policy/vend/Edge does not exist"), "{why}");
    }

    #[test]
    fn a_policy_that_is_described_in_every_account_is_not_missing() {
        let mut description = Description::builtin();
        let text = "name = \"Edge\"\npath = \"/vend/\"";
        let known = toml::from_str(text).expect("a description");
        description.identity_center.customer_managed_policies.push(known);
        let (mut zone, set) = held(&description);
        let policy = PolicyReference { name: "Edge".to_owned(), path: "/vend/".to_owned() };
        attach_customer(&mut zone, &set, policy).expect("attached");
        let request = all(&mut zone, &set).expect("begun");
        step(&mut zone);
        assert_eq!(status(&zone, &request), RequestStatus::Succeeded);
    }

    #[test]
    fn an_account_holds_as_many_permission_sets_as_the_quota_allows() {
        let mut description = Description::builtin();
        description.identity_center.quotas.permission_sets_per_account = 1;
        let (mut zone, _) = held(&description);
        let other = zone.identity_center.permission_sets()[1].arn.clone();
        let account = ProvisioningTarget::Account(ACCOUNT.to_owned());
        let request = provision_permission_set(&mut zone, &other, account).expect("begun");
        step(&mut zone);
        let RequestStatus::Failed(why) = status(&zone, &request) else { panic!("it failed") };
        assert!(why.contains("quota of 1 permission sets"), "{why}");
        assert_eq!(zone.identity_center.holds(ACCOUNT, &other), None);
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let (mut zone, set) = held(&Description::builtin());
        let nowhere = ProvisioningTarget::Account("999999999999".to_owned());
        let refusal = provision_permission_set(&mut zone, &set, nowhere);
        assert!(matches!(refusal, Err(ProvisionRefusal::UnknownAccount(_))));
        assert!(matches!(all(&mut zone, "x"), Err(ProvisionRefusal::UnknownPermissionSet(_))));
    }
}
