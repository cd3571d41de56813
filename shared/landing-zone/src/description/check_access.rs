//! Whether what is described of permission sets' contents, of memberships and of
//! assignments makes sense: names that mean something, and texts that AWS takes.

use super::{
    AssignmentDescription, Boundary, Description, IdentityCenterDescription,
    PermissionSetDescription, PolicyReference,
};
use crate::model::identity_center::patterns;

/// Everything in it that makes no sense.
pub(super) fn faults(description: &Description) -> Vec<String> {
    let center = &description.identity_center;
    let sets = center.permission_sets.iter().flat_map(of_set);
    let members = center.groups.iter().flat_map(|group| {
        let unknown = group.members.iter().filter(|name| !is_user(center, name));
        unknown.map(|name| {
            let group = &group.name;
            format!("identity_center.groups: `{name}` in `{group}` is not among the users")
        })
    });
    let assignments = center.assignments.iter().flat_map(|it| of_assignment(description, it));
    let accounts = center.faults.provisioning_fails.iter();
    let accounts = accounts
        .filter(|id| !is_account(description, id))
        .map(|id| format!("identity_center.faults: the account `{id}` is not among the accounts"));
    let policies = center.aws_managed_policies.iter().flatten().filter(|it| !is_managed(it));
    let policies = policies.map(|it| {
        format!("identity_center: `{it}` is not the name or the ARN of a policy that AWS manages")
    });
    sets.chain(members).chain(assignments).chain(policies).chain(accounts).collect()
}

fn of_set(set: &PermissionSetDescription) -> Vec<String> {
    let at = |what: String| format!("identity_center.permission_sets: {what} (in `{}`)", set.name);
    let mut faults = Vec::new();
    if !patterns::is_session_duration(&set.session_duration) {
        let session = &set.session_duration;
        faults.push(at(format!("session_duration `{session}` is not of PT1H to PT12H")));
    }
    let boundary = set.boundary.iter();
    let managed = set.managed_policies.iter().chain(boundary.clone().filter_map(|it| match it {
        Boundary::ManagedPolicy(policy) => Some(policy),
        Boundary::CustomerManagedPolicy(_) => None,
    }));
    let customer = set.customer_managed_policies.iter().chain(boundary.filter_map(|it| match it {
        Boundary::ManagedPolicy(_) => None,
        Boundary::CustomerManagedPolicy(policy) => Some(policy),
    }));
    let managed = managed
        .filter(|it| !is_managed(it))
        .map(|it| at(format!("`{it}` is not the name or the ARN of a policy that AWS manages")));
    let customer = customer
        .filter(|it| !is_reference(it))
        .map(|it| at(format!("`{}{}` is not a path and a name of a policy", it.path, it.name)));
    faults.extend(managed.chain(customer));
    faults
}

fn of_assignment(description: &Description, assignment: &AssignmentDescription) -> Vec<String> {
    let AssignmentDescription { account, permission_set, group, user } = assignment;
    let center = &description.identity_center;
    let set = center.permission_sets.iter().any(|set| set.name == *permission_set);
    let known = |name: &String| {
        let name = name.to_lowercase();
        center.groups.iter().any(|group| group.name.to_lowercase() == name)
    };
    let principal = match (group, user) {
        (Some(group), None) => known(group),
        (None, Some(user)) => is_user(center, user),
        _ => false,
    };
    let faults = [
        (is_account(description, account), format!("the account `{account}` is not described")),
        (set, format!("the permission set `{permission_set}` is not described")),
        (principal, format!("one of `{account}` has no group or user, or none that is described")),
    ];
    let faults = faults.into_iter().filter(|(fits, _)| !fits);
    faults.map(|(_, fault)| format!("identity_center.assignments: {fault}")).collect()
}

fn is_account(description: &Description, id: &str) -> bool {
    description.accounts.iter().any(|account| account.id == id)
}

fn is_user(center: &IdentityCenterDescription, name: &str) -> bool {
    let name = name.to_lowercase();
    center.users.iter().any(|user| user.name.to_lowercase() == name)
}

fn is_managed(policy: &str) -> bool {
    let arn = format!("arn:aws:iam::aws:policy/{policy}");
    patterns::is_managed_policy(policy) || patterns::is_managed_policy(&arn)
}

fn is_reference(policy: &PolicyReference) -> bool {
    patterns::is_policy_name(&policy.name) && patterns::is_policy_path(&policy.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_after(change: impl FnOnce(&mut IdentityCenterDescription)) -> Vec<String> {
        let mut description = Description::builtin();
        change(&mut description.identity_center);
        faults(&description)
    }

    #[test]
    fn the_built_in_description_has_none() {
        assert_eq!(faults_after(|_| ()), [""; 0]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let faults = faults_after(|center| {
            center.permission_sets[0].session_duration = "4h".to_owned();
            center.permission_sets[1].managed_policies = vec!["not a policy".to_owned()];
            let slash = PolicyReference { name: "x".to_owned(), path: "x".to_owned() };
            center.permission_sets[1].boundary = Some(Boundary::CustomerManagedPolicy(slash));
            center.groups[0].members = vec!["nobody".to_owned()];
            center.faults.provisioning_fails = vec!["999999999999".to_owned()];
            center.aws_managed_policies = Some(vec!["a b".to_owned()]);
        });
        assert_eq!(faults.len(), 6, "{faults:#?}");
    }

    #[test]
    fn an_assignment_names_what_is_described_and_one_principal() {
        let faults = faults_after(|center| {
            center.assignments = vec![AssignmentDescription {
                account: "999999999999".to_owned(),
                permission_set: "None".to_owned(),
                group: Some("Developers".to_owned()),
                user: Some("john.smith".to_owned()),
            }];
        });
        assert_eq!(faults.len(), 3, "{faults:#?}");
    }
}
