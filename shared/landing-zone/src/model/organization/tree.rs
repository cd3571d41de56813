//! Walking the organization's tree, up and down.

use super::{Account, Organization, OrganizationalUnit};

/// There is neither a unit nor a root of that id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no root and no organizational unit has that id")]
pub struct UnknownParent;

/// There is neither a unit nor an account of that id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no account and no organizational unit has that id")]
pub struct UnknownChild;

impl Organization {
    /// Whether accounts and units can be under `id`.
    #[must_use]
    pub fn is_parent(&self, id: &str) -> bool {
        id == self.root() || self.unit(id).is_some()
    }

    /// The ids above an account, from its own parent up to the root; none for
    /// an account that does not exist.
    #[must_use]
    pub fn ancestors(&self, account_id: &str) -> Vec<String> {
        self.account(account_id).map(|account| self.upward(&account.parent)).unwrap_or_default()
    }

    /// `id` itself, a unit or the root, and all above it.
    #[must_use]
    pub fn upward(&self, id: &str) -> Vec<String> {
        let mut path = vec![id.to_owned()];
        let mut unit = self.unit(id);
        while let Some(below) = unit {
            path.push(below.parent.clone());
            unit = self.unit(&below.parent);
        }
        path
    }

    /// The unit or the root above a unit or an account.
    ///
    /// # Errors
    ///
    /// When neither a unit nor an account has that id.
    pub fn parent_of(&self, child: &str) -> Result<&str, UnknownChild> {
        let unit = self.unit(child).map(|unit| unit.parent.as_str());
        let account = || self.account(child).map(|account| account.parent.as_str());
        unit.or_else(account).ok_or(UnknownChild)
    }

    /// The units directly under `parent`, by id.
    ///
    /// # Errors
    ///
    /// When neither a unit nor the root has that id.
    pub fn units_under(&self, parent: &str) -> Result<Vec<&OrganizationalUnit>, UnknownParent> {
        self.is_parent(parent)
            .then(|| self.units().filter(|unit| unit.parent == parent).collect())
            .ok_or(UnknownParent)
    }

    /// The accounts directly under `parent`, in the order in which they came there.
    ///
    /// # Errors
    ///
    /// When neither a unit nor the root has that id.
    pub fn accounts_under(&self, parent: &str) -> Result<Vec<&Account>, UnknownParent> {
        let ids = self.by_parent.get(parent).into_iter().flatten();
        self.is_parent(parent)
            .then(|| ids.filter_map(|id| self.account(id)).collect())
            .ok_or(UnknownParent)
    }
}
