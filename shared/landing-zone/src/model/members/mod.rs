//! The member accounts as they are inside: who there is, and Service Catalog as the account
//! itself sees it. What is shared with an account is the management account's to say.

mod constraints;
mod local;
mod people;
mod shared;
mod tags;
#[cfg(test)]
mod testing;

use std::collections::BTreeMap;

pub use constraints::{Constraint, NewConstraint, constraints, create_constraint, find_constraint};
pub use local::{
    LocalPortfolio, NewPortfolio, create_portfolio, find_portfolio, import, portfolios, products,
};
pub use people::{
    AssumeRole, AssumeRoleRefusal, Role, access_key, account_of, assume, role, roles,
};
pub use shared::{Accepted, accept, accepted, associate, principals, sees};
pub use tags::{NewTagOption, TagOption, create_tag_option, tag, tag_options, tags_of};

use super::service_catalog::Association;
use crate::Description;
use crate::description::MembersDescription;

/// The insides of all member accounts.
#[derive(Debug)]
pub struct Members {
    description: MembersDescription,
    accounts: BTreeMap<String, Member>,
}

/// What one account holds of its own.
#[derive(Debug, Default)]
struct Member {
    portfolios: Vec<LocalPortfolio>,
    /// By portfolio, shared or local, in the order in which they were made.
    associations: Vec<(String, Association)>,
    constraints: Vec<Constraint>,
    tag_options: Vec<TagOption>,
    /// Tag option and portfolio.
    tagged: Vec<(String, String)>,
}

impl Members {
    /// The member accounts as `description` has them.
    #[must_use]
    pub fn new(description: &Description) -> Self {
        Self { description: description.members.clone(), accounts: BTreeMap::new() }
    }

    /// How the accounts are described.
    #[must_use]
    pub fn description(&self) -> &MembersDescription {
        &self.description
    }

    /// Nothing, of an account in which nothing was done.
    fn of(&self, account: &str) -> &Member {
        static NOTHING: Member = Member {
            portfolios: Vec::new(),
            associations: Vec::new(),
            constraints: Vec::new(),
            tag_options: Vec::new(),
            tagged: Vec::new(),
        };
        self.accounts.get(account).unwrap_or(&NOTHING)
    }

    fn of_mut(&mut self, account: &str) -> &mut Member {
        self.accounts.entry(account.to_owned()).or_default()
    }
}
