//! What is there beside what was granted. Pure: the facts are all there.

use std::collections::BTreeSet;

use super::control_tower;
use super::finding::{Drift, Finding, Origin, Who};
use super::granted::Granted;
use super::names::Names;
use super::ports::Assigned;
use super::scope::Scope;

/// All that is known.
pub(super) struct Facts<'a> {
    /// How far the audit goes.
    pub(super) scope: &'a Scope,
    /// What is there.
    pub(super) there: &'a BTreeSet<Assigned>,
    /// What the ledger granted.
    pub(super) granted: &'a Granted,
    /// What they are called.
    pub(super) names: &'a Names,
}

/// What is there, and what is missing.
pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let there = facts.there.iter().map(|it| (it, origin(facts, it)));
    let there = there.map(|(it, origin)| (it, origin, extra(facts, it, origin)));
    let missing = facts.granted.done().filter(|it| facts.scope.has(it));
    let missing = missing.filter(|it| !facts.there.contains(it));
    let missing = missing.map(|it| (it, Origin::Vend, Some(Drift::Missing)));
    let mut findings: Vec<Finding> = there
        .chain(missing)
        .flat_map(|(assigned, origin, drift)| told(facts, assigned, origin, drift))
        .collect();
    findings.sort();
    findings
}

fn origin(facts: &Facts<'_>, assigned: &Assigned) -> Origin {
    let owner = facts.granted.owner(&assigned.account);
    match (facts.granted.has(assigned), control_tower::gave(assigned, facts.names, owner)) {
        (true, _) => Origin::Vend,
        (false, true) => Origin::ControlTower,
        (false, false) => Origin::Others,
    }
}

fn extra(facts: &Facts<'_>, assigned: &Assigned, origin: Origin) -> Option<Drift> {
    let vended = facts.granted.owner(&assigned.account).is_some();
    (vended && origin == Origin::Others).then_some(Drift::Extra)
}

/// The findings that an assignment makes: one for each principal that is told of it.
fn told(
    facts: &Facts<'_>,
    assigned: &Assigned,
    origin: Origin,
    drift: Option<Drift>,
) -> Vec<Finding> {
    let member = facts.scope.accounts.iter().find(|it| it.id == assigned.account);
    let account_name = member.map(|it| it.name.clone()).unwrap_or_default();
    let holder = known(facts, facts.names.who(&assigned.holder));
    let tell = |viewer| {
        let principal = known(facts, facts.names.who(viewer));
        Finding {
            account_name: account_name.clone(),
            account: assigned.account.clone(),
            permission_set: permission_set(facts, &assigned.permission_set),
            through: (*viewer != assigned.holder).then(|| holder.clone()),
            principal,
            origin,
            drift,
            permission_set_arn: assigned.permission_set.clone(),
        }
    };
    facts.scope.told_of(&assigned.holder).map(tell).collect()
}

/// Who is gone is called as when it was asked for.
fn known(facts: &Facts<'_>, who: Who) -> Who {
    let words = || facts.granted.words(&who.id).map(str::to_owned);
    Who { name: who.name.clone().or_else(words), ..who }
}

fn permission_set(facts: &Facts<'_>, arn: &str) -> String {
    let name = facts.names.permission_sets.get(arn).map(String::as_str);
    name.or_else(|| facts.granted.words(arn)).unwrap_or(arn).to_owned()
}
