//! What is to become of the launches of an account name, and what was launched.

use super::{Moment, Outcome, ServiceCatalog};

/// An outcome, and how many launches it still applies to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    outcome: Outcome,
    /// `None`: all of them.
    left: Option<u32>,
}

impl From<Outcome> for Plan {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, left: outcome.launches() }
    }
}

/// A launch that Service Catalog accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// When.
    pub at: Moment,
    /// The name of the account asked for.
    pub account_name: String,
    /// The e-mail of the account asked for, as it was written.
    pub account_email: String,
    /// The provisioned product's name.
    pub product_name: String,
    /// The record that came of it.
    pub record: String,
}

impl ServiceCatalog {
    /// Lets the next launch of the account called `name` turn out as `outcome`.
    pub fn plan(&mut self, name: &str, outcome: Outcome) {
        self.plans.insert(name.to_owned(), outcome.into());
    }

    /// What stays with the account of that id: `conflict`, `access-fails`,
    /// `share-fails`, or else `ready`.
    #[must_use]
    pub fn outcome_for_account(&self, account_id: &str) -> Outcome {
        let plan = self.accounts.get(account_id).and_then(|name| self.plans.get(name));
        plan.map(|plan| plan.outcome).filter(|it| it.is_persistent()).unwrap_or_default()
    }

    /// What stays with the account of that name, likewise: also with one nobody launched.
    #[must_use]
    pub fn outcome_for_name(&self, name: &str) -> Outcome {
        let plan = self.plans.get(name);
        plan.map(|plan| plan.outcome).filter(|it| it.is_persistent()).unwrap_or_default()
    }

    /// All launches that were accepted, oldest first. A repetition with a token
    /// seen before is none.
    #[must_use]
    pub fn launches(&self) -> &[Launch] {
        &self.launches
    }

    /// How many launches asked for an account with that e-mail, compared without case.
    #[must_use]
    pub fn launches_of(&self, email: &str) -> usize {
        let same = |launch: &&Launch| launch.account_email.eq_ignore_ascii_case(email);
        self.launches.iter().filter(same).count()
    }

    /// The outcome of the launch that is being made, which counts as one.
    pub(super) fn next_outcome(&mut self, name: &str) -> Outcome {
        let Some(plan) = self.plans.get_mut(name) else { return Outcome::Ready };
        match &mut plan.left {
            None => plan.outcome,
            Some(0) => Outcome::Ready,
            Some(left) => {
                *left -= 1;
                plan.outcome
            }
        }
    }
}
