//! The instances of Identity Center: the organization's, and that of an account.

use super::IdentityCenter;
use crate::Description;
use crate::description::InstanceStatus;
use crate::model::Moment;

/// An Identity Center instance the caller can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its ARN.
    pub arn: String,
    /// Its identity store's id.
    pub identity_store: String,
    /// The account it belongs to; the management account for the organization's.
    pub owner: String,
    /// How far it is: its `Status`.
    pub status: InstanceStatus,
    /// When it was made.
    pub created: Moment,
}

impl IdentityCenter {
    /// All instances the caller can see. The organization's is the last: a
    /// caller that takes the first gets one in which nothing can be assigned.
    #[must_use]
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// The organization's instance.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        // `described()` below always ends with it.
        &self.instances[self.instances.len() - 1]
    }
}

/// Those that are described, the organization's last.
pub(super) fn described(description: &Description) -> Vec<Instance> {
    let center = &description.identity_center;
    let created = description.organization.since;
    let foreign = center.account_instance.iter().map(|instance| Instance {
        arn: instance.instance_arn.clone(),
        identity_store: instance.identity_store.clone(),
        owner: instance.owner.clone(),
        status: InstanceStatus::Active,
        created,
    });
    let own = Instance {
        arn: center.instance_arn.clone(),
        identity_store: center.identity_store.clone(),
        owner: description.organization.management_account.clone(),
        status: center.status,
        created,
    };
    foreign.chain([own]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organizations_instance_is_not_the_first() {
        let center = IdentityCenter::new(&Description::builtin());
        assert_eq!(center.instances().len(), 2);
        assert_eq!(center.instance(), &center.instances()[1]);
        assert_eq!(center.instance().owner, "111122223333");
        assert_ne!(center.instances()[0].owner, "111122223333");
    }
}
