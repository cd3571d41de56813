//! What is asked for, put into an account's record. Pure.

use crate::account::AccountId;
use crate::ledger::{Grant, Progress, Step};
use crate::ports::{Asked, DefaultAccess, OutsideAccount};

/// The record with the grants under way, as its next version; `None` where all are already.
///
/// What was given before is looked at again where it is asked for again, so that what is
/// gone comes back. A failure that was told and is not asked for again is forgotten.
pub(super) fn merged(
    record: Option<OutsideAccount>,
    account: &AccountId,
    grants: &[Grant],
    asked: &Asked,
) -> Option<OutsideAccount> {
    let (mut steps, closed, defaults, version) = match record {
        Some(record) => (record.steps, record.closed, record.defaults, record.version),
        None => (Vec::new(), true, DefaultAccess::NotGiven, 0),
    };
    let asked_again = |step: &Step| grants.iter().any(|grant| grant.is_same(&step.grant));
    if closed {
        let failed = |step: &Step| matches!(step.progress, Progress::Failed { .. });
        steps.retain(|step| !failed(step) || asked_again(step));
    }
    let mut changed = false;
    for grant in grants {
        changed |= put(&mut steps, grant);
    }
    let (account, asked) = (account.clone(), Some(asked.clone()));
    let version = version + 1;
    let next = OutsideAccount { account, steps, closed: false, defaults, asked, version };
    changed.then_some(next)
}

/// Puts the grant among the steps to be done; `false` where it is under way.
fn put(steps: &mut Vec<Step>, grant: &Grant) -> bool {
    let new = Step::new(grant.clone());
    match steps.iter_mut().find(|step| step.grant.is_same(grant)) {
        Some(step) if !step.is_settled() => return false,
        Some(step) => *step = new,
        None => steps.push(new),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn what_is_under_way_is_not_asked_for_again() {
        let pending = Progress::Pending { tries: 2, not_before: Some(testing::at(60)) };
        let mut steps = testing::steps(&pending);
        let grant = steps[0].grant.clone();
        assert!(!put(&mut steps, &grant));
        assert_eq!(steps[0].progress, pending);
        for settled in [Progress::Done, Progress::Failed { reason: "no".to_owned() }] {
            let mut steps = testing::steps(&settled);
            assert!(put(&mut steps, &grant));
            assert_eq!((steps[0].progress.clone(), steps.len()), (Progress::NEW, 2));
        }
        let mut none = Vec::new();
        assert!(put(&mut none, &grant) && none.len() == 1);
    }
}
