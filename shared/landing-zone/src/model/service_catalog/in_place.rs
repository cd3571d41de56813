//! The portfolio shares that are in place, oldest first; those that concern an account are
//! found without a look at those with ten thousand others.

use std::collections::HashMap;

use super::{Node, Share, ShareTarget};

/// Shares, of which each stays for good.
#[derive(Debug, Default)]
pub(super) struct SharesInPlace {
    all: Vec<Share>,
    /// The places of those with one member account through the organization.
    of_members: HashMap<String, Vec<usize>>,
    /// The places of all others: few, and about many accounts or invited ones.
    others: Vec<usize>,
}

impl SharesInPlace {
    /// Adds one.
    pub(super) fn push(&mut self, share: Share) {
        let place = self.all.len();
        match member(&share.target) {
            Some(account) => self.of_members.entry(account.to_owned()).or_default().push(place),
            None => self.others.push(place),
        }
        self.all.push(share);
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Share] {
        &self.all
    }

    /// Those that may be about the account, and no member's other than its own.
    pub(super) fn about(&self, account: &str) -> impl Iterator<Item = &Share> {
        let own = self.of_members.get(account).into_iter().flatten();
        let mut places: Vec<usize> = own.chain(&self.others).copied().collect();
        places.sort_unstable();
        places.into_iter().filter_map(|place| self.all.get(place))
    }

    /// Those that are with no single member account.
    pub(super) fn others(&self) -> impl Iterator<Item = &Share> {
        self.others.iter().filter_map(|place| self.all.get(*place))
    }

    /// The first of [`others`](Self::others) that `is_wanted`, to be changed.
    pub(super) fn other_mut(&mut self, is_wanted: impl Fn(&Share) -> bool) -> Option<&mut Share> {
        let all = &self.all;
        let wanted = |place: &&usize| all.get(**place).is_some_and(&is_wanted);
        let place = self.others.iter().find(wanted).copied()?;
        self.all.get_mut(place)
    }

    /// Whether there is one of that portfolio with that target.
    pub(super) fn has(&self, portfolio: &str, target: &ShareTarget) -> bool {
        let same = |share: &Share| share.portfolio == portfolio && share.target == *target;
        match member(target) {
            Some(account) => self.about(account).any(same),
            None => self.others().any(same),
        }
    }
}

/// The one member account that something is shared with through the organization.
fn member(target: &ShareTarget) -> Option<&str> {
    match target {
        ShareTarget::Node(Node::Account(id)) => Some(id),
        ShareTarget::Node(_) | ShareTarget::Account(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(portfolio: &str, target: ShareTarget) -> Share {
        Share {
            portfolio: portfolio.to_owned(),
            target,
            accepted: true,
            share_tag_options: false,
            share_principals: false,
            unreached: Vec::new(),
        }
    }

    #[test]
    fn an_account_is_concerned_by_its_own_shares_and_those_with_many_in_their_order() {
        let member = |id: &str| ShareTarget::Node(Node::Account(id.to_owned()));
        let unit = ShareTarget::Node(Node::OrganizationalUnit("ou".to_owned()));
        let mut shares = SharesInPlace::default();
        for (portfolio, target) in [
            ("a", member("1")),
            ("b", unit.clone()),
            ("c", member("2")),
            ("d", member("1")),
            ("e", ShareTarget::Account("1".to_owned())),
        ] {
            shares.push(share(portfolio, target));
        }
        let names = |of: &mut dyn Iterator<Item = &Share>| -> Vec<String> {
            of.map(|it| it.portfolio.clone()).collect()
        };
        assert_eq!(names(&mut shares.about("1")), ["a", "b", "d", "e"]);
        assert_eq!(names(&mut shares.about("3")), ["b", "e"]);
        assert!(shares.has("c", &member("2")) && !shares.has("c", &member("1")));
        assert!(shares.has("b", &unit) && !shares.has("a", &unit));
        let invited = |it: &Share| matches!(it.target, ShareTarget::Account(_));
        shares.other_mut(invited).unwrap().accepted = false;
        assert!(!shares.all()[4].accepted);
    }
}
