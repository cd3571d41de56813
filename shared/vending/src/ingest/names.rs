//! Which names of access in a list do not exist: each is looked up once for the whole list.

use std::collections::HashMap;

use super::Preparing;
use crate::Error;
use crate::account::PrincipalText;
use crate::file::{AskedNames, Fault, UnknownNames};
use crate::handover::portfolio_name;
use crate::ports::Unresolved;

/// Different groups, users, permission sets and portfolios that a list may name at most. All
/// of IAM Identity Center's APIs together take 20 calls a second (its quota), and a function
/// has minutes.
const MOST_NAMES: usize = 1_000;

/// That the list names more than can be looked up.
pub(super) fn too_many(names: &AskedNames) -> Option<Fault> {
    let count = names.count();
    (count > MOST_NAMES).then(|| {
        let problem = format!(
            "the file names {count} different groups, users, permission sets and portfolios"
        );
        Fault::of_file(problem, format!("at most {MOST_NAMES}; split it and upload the parts"))
    })
}

/// Looks up every name, and answers those that do not exist.
///
/// # Errors
/// When a dependency does not answer.
pub(super) async fn unknown(
    world: &Preparing<'_>,
    names: &AskedNames,
) -> Result<UnknownNames, Error> {
    let mut lookup = Lookup::new(world);
    for assignment in &names.assignments {
        lookup.judge(assignment).await?;
    }
    lookup.judge_apart().await?;
    for portfolio in &names.portfolios {
        match world.portfolios.resolve(portfolio_name(portfolio)).await {
            Ok(_) => {}
            Err(Unresolved::Unknown(what)) => {
                lookup.unknown.portfolios.insert(portfolio.clone(), what);
            }
            Err(Unresolved::CouldNotAsk(error)) => return Err(error.into()),
        }
    }
    Ok(lookup.unknown)
}

type Assignment = (PrincipalText, String);

/// What is known by now: both halves of an assignment are looked up together, and what does
/// not exist is said of one of them.
struct Lookup<'w> {
    world: &'w Preparing<'w>,
    /// Whether each exists.
    principals: HashMap<PrincipalText, bool>,
    permission_sets: HashMap<String, bool>,
    /// Neither half of these is known to exist; with what was said.
    open: Vec<(Assignment, String)>,
    unknown: UnknownNames,
}

impl<'w> Lookup<'w> {
    /// Nothing known but the defaults, which were looked up already.
    fn new(world: &'w Preparing<'w>) -> Self {
        let defaults = &world.defaults.assignments;
        Self {
            world,
            principals: defaults.iter().map(|(principal, _)| (principal.clone(), true)).collect(),
            permission_sets: defaults.iter().map(|(_, set)| (set.clone(), true)).collect(),
            open: Vec::new(),
            unknown: UnknownNames::default(),
        }
    }

    async fn judge(&mut self, assignment: &Assignment) -> Result<(), Error> {
        let (principal, set) = assignment;
        let known = (self.principals.get(principal), self.permission_sets.get(set));
        match known {
            (Some(_), Some(_)) => Ok(()),
            (Some(false), None) | (None, Some(false)) => {
                self.open.push((assignment.clone(), String::new()));
                Ok(())
            }
            (Some(true) | None, None) | (None, Some(true)) => self.ask(assignment).await,
        }
    }

    async fn ask(&mut self, assignment: &Assignment) -> Result<(), Error> {
        let (principal, set) = assignment;
        match self.world.assignments.resolve(principal, set).await {
            Ok(_) => {
                self.principals.insert(principal.clone(), true);
                self.permission_sets.insert(set.clone(), true);
            }
            Err(Unresolved::Unknown(what)) => self.blame(assignment, what),
            Err(Unresolved::CouldNotAsk(error)) => return Err(error.into()),
        }
        Ok(())
    }

    /// Says it of the half that is not known to exist.
    fn blame(&mut self, (principal, set): &Assignment, what: String) {
        if self.permission_sets.get(set) == Some(&true) {
            self.principals.insert(principal.clone(), false);
            self.unknown.principals.insert(principal.clone(), what);
        } else if self.principals.get(principal) == Some(&true) {
            self.permission_sets.insert(set.clone(), false);
            self.unknown.permission_sets.insert(set.clone(), what);
        } else {
            self.open.push(((principal.clone(), set.clone()), what));
        }
    }

    /// Looks up what is open once more, each half with another one that does exist.
    async fn judge_apart(&mut self) -> Result<(), Error> {
        for ((principal, set), what) in std::mem::take(&mut self.open) {
            if let Some(existing) = existing(&self.permission_sets)
                && !self.principals.contains_key(&principal)
            {
                self.ask(&(principal.clone(), existing)).await?;
            }
            if let Some(existing) = existing(&self.principals)
                && !self.permission_sets.contains_key(&set)
            {
                self.ask(&(existing, set.clone())).await?;
            }
            let blamed = self.principals.get(&principal) == Some(&false)
                || self.permission_sets.get(&set) == Some(&false);
            if !blamed {
                self.unknown.assignments.insert((principal, set), what);
            }
        }
        Ok(())
    }
}

fn existing<K: Clone>(known: &HashMap<K, bool>) -> Option<K> {
    known.iter().find_map(|(name, exists)| exists.then(|| name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccessRequest;

    #[test]
    fn so_many_names_are_looked_up_and_not_one_more() {
        let users = |count| {
            let text = |index| format!("user:u{index}=X");
            (0..count).map(move |index| AccessRequest::read_assignment(&text(index)).unwrap())
        };
        let names = |users| AskedNames { assignments: users, portfolios: ["p".into()].into() };
        assert_eq!(too_many(&names(users(MOST_NAMES - 2).collect())), None);
        let told = too_many(&names(users(MOST_NAMES - 1).collect())).unwrap().to_string();
        assert!(told.starts_with("the file names 1001 different groups, users,"), "{told}");
    }
}
