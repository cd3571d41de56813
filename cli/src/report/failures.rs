//! The failures of a batch, those of one cause together: it is mended once.

use vending::ledger::Stage;

use super::account::{Account, Trouble};

/// Accounts that failed for one cause.
#[derive(Debug)]
pub(super) struct SameCause<'a> {
    /// What went wrong, a clause.
    pub(super) cause: &'static str,
    /// What to do, a sentence.
    pub(super) remedy: &'static str,
    /// What AWS said, each with those it was said of.
    pub(super) words: Vec<SameWords<'a>>,
}

/// Accounts that failed at one stage with the same words.
#[derive(Debug)]
pub(super) struct SameWords<'a> {
    /// Where.
    pub(super) stage: Stage,
    /// AWS's words, without addresses; may be empty.
    pub(super) said: &'a str,
    /// Which they are, by line.
    pub(super) accounts: Vec<&'a Account>,
}

impl<'a> SameCause<'a> {
    /// The causes that accounts FAILED for; what hits the most comes first.
    pub(super) fn among(accounts: &'a [Account]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let failed = accounts.iter().filter_map(|it| Some((it, it.failure.as_ref()?)));
        for (account, trouble) in failed {
            match all.iter_mut().find(|it| it.cause == trouble.cause) {
                Some(same) => same.add(account, trouble),
                None => all.push(Self {
                    cause: trouble.cause,
                    remedy: trouble.remedy,
                    words: vec![SameWords::new(account, trouble)],
                }),
            }
        }
        all.sort_by_key(|same| std::cmp::Reverse(same.count()));
        all
    }

    /// How many accounts failed for it.
    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|words| words.accounts.len()).sum()
    }

    fn add(&mut self, account: &'a Account, trouble: &'a Trouble) {
        let is_same =
            |it: &&mut SameWords<'_>| (it.stage, it.said) == (trouble.stage, &trouble.said);
        match self.words.iter_mut().find(is_same) {
            Some(same) => same.accounts.push(account),
            None => self.words.push(SameWords::new(account, trouble)),
        }
    }
}

impl<'a> SameWords<'a> {
    fn new(account: &'a Account, trouble: &'a Trouble) -> Self {
        Self { stage: trouble.stage, said: &trouble.said, accounts: vec![account] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn what_is_mended_once_is_told_once() {
        let report = samples::many(1_000);
        let causes = SameCause::among(&report.accounts);
        let told: Vec<(&str, usize, usize)> =
            causes.iter().map(|same| (same.cause, same.count(), same.words.len())).collect();
        let failed: usize = told.iter().map(|(_, accounts, _)| accounts).sum();
        assert_eq!(failed, report.counts.failed);
        assert_eq!(told[0], ("access was not given", 32, 1));
        assert!(told.is_sorted_by(|one, next| one.1 >= next.1), "{told:?}");
    }
}
