//! What a row asks for, in types that cannot be wrong: parsed once at the edge,
//! never checked again inside.

mod access;
mod assignment;
mod email;
mod id;
mod name;
mod person;
mod role;
mod unit;

use serde::{Deserialize, Serialize};

pub use access::{AccessRequest, PrincipalKind, PrincipalText};
pub use assignment::{AssignmentFlaw, PortfolioFlaw};
pub use email::{EmailAddress, EmailFlaw};
pub use id::{AccountId, InvalidAccountId};
pub use name::{AccountName, NameFlaw};
pub use person::PersonName;
pub use role::{InvalidRoleArn, RoleArn};
pub use unit::{OrganizationalUnit, UnitText};

/// One account request: what one row of the file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRequest {
    /// The account's name, and the entry's key in the ledger.
    pub name: AccountName,
    /// The root user's address: unique in all of AWS, and for ever.
    pub email: EmailAddress,
    /// The Identity Center user that Control Tower links to the account.
    pub sso_user: SsoUser,
    /// The registered organizational unit that the account goes to.
    pub unit: OrganizationalUnit,
    /// Who asks for the account, where the list says so: named to people, never logged.
    #[serde(default)]
    pub requester: Option<EmailAddress>,
    /// What access and portfolios it asks for.
    #[serde(default)]
    pub access: AccessRequest,
}

/// The Identity Center user that Control Tower links to a new account; it is
/// created when its address is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsoUser {
    /// The user's address.
    pub email: EmailAddress,
    /// The user's first name.
    pub first_name: PersonName,
    /// The user's last name.
    pub last_name: PersonName,
}

/// The first character that does not fit, where only characters of one byte do.
fn misfit(text: &str, fits: impl Fn(u8) -> bool) -> Option<char> {
    let at = text.bytes().position(|byte| !fits(byte))?;
    text.get(at..).and_then(|rest| rest.chars().next())
}
