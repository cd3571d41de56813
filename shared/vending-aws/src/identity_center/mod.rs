//! IAM Identity Center: account assignments, by the ids that configured names stand for.

mod assignments;
pub(crate) mod instance;
mod known;
mod near;
pub(crate) mod permission_sets;
pub(crate) mod principals;

use vending::account::AccountId;

pub use assignments::SsoAdminAssignments;

/// What calls that fail are said to have asked.
const IDENTITY_CENTER: &str = "IAM Identity Center";

/// Which instance of IAM Identity Center is meant. A caller may see several: besides
/// the organization's also those of single accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityCenter {
    /// This one.
    Instance {
        /// The instance, `arn:aws:sso:::instance/ssoins-…`.
        arn: String,
        /// Its identity store, `d-…`.
        identity_store: String,
    },
    /// The one this account owns: the management account.
    OwnedBy(AccountId),
}
