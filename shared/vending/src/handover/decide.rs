//! Which steps an account takes: from the stack's defaults, and from what its row asks for.

use super::{Handover, portfolio_name, portfolio_steps};
use crate::account::AccessRequest;
use crate::ledger::{Grant, Progress, Step};
use crate::ports::{CouldNotAsk, Unresolved};

/// What an account is given that is asked for so, each once: assignments first, then the
/// portfolios with what makes them usable; the defaults before what the row asks for.
///
/// # Errors
/// [`Unresolved::Unknown`] with every name that does not exist.
pub(super) async fn grants(
    world: &Handover<'_>,
    access: &AccessRequest,
) -> Result<Vec<Grant>, Unresolved> {
    let mut decided = Decided::default();
    for (principal, set) in assignments(world, access) {
        decided.take(world.assignments.resolve(principal, set).await, |grant| vec![grant])?;
    }
    for text in portfolios(world, access) {
        let portfolio = world.portfolios.resolve(portfolio_name(text)).await;
        decided.take(portfolio, |portfolio| portfolio_steps(text, portfolio, world.uses))?;
    }
    decided.into_grants()
}

/// The steps to go on with where `grants` are asked for: those of `before` as they are,
/// new ones after them. What is no longer asked for is dropped unless it is given already,
/// or under way: nothing is taken away.
pub(super) fn merged(before: &[Step], grants: &[Grant]) -> Vec<Step> {
    let asked = |step: &&Step| grants.iter().any(|grant| grant.is_same(&step.grant));
    let keeps = |step: &&Step| !matches!(step.progress, Progress::Pending { .. }) || asked(step);
    let mut steps: Vec<Step> = before.iter().filter(keeps).cloned().collect();
    let new = grants.iter().filter(|grant| !before.iter().any(|step| grant.is_same(&step.grant)));
    steps.extend(new.cloned().map(Step::new));
    // A step of a portfolio follows those that it needs.
    steps.sort_by_key(|step| matches!(step.grant, Grant::Portfolio(_) | Grant::Usable(_)));
    steps
}

type Assignment = (crate::account::PrincipalText, String);

fn assignments<'a>(
    world: &'a Handover<'_>,
    access: &'a AccessRequest,
) -> impl Iterator<Item = &'a Assignment> {
    let defaults = (!access.replaces_defaults).then_some(&world.defaults.assignments);
    defaults.into_iter().flatten().chain(&access.assignments)
}

fn portfolios<'a>(
    world: &'a Handover<'_>,
    access: &'a AccessRequest,
) -> impl Iterator<Item = &'a String> {
    let defaults = (!access.replaces_defaults).then_some(&world.defaults.portfolios);
    defaults.into_iter().flatten().chain(&access.portfolios)
}

/// What was found, and what is not there to be found.
#[derive(Default)]
struct Decided {
    grants: Vec<Grant>,
    unknown: Vec<String>,
}

impl Decided {
    fn take<T>(
        &mut self,
        resolved: Result<T, Unresolved>,
        grants: impl FnOnce(T) -> Vec<Grant>,
    ) -> Result<(), CouldNotAsk> {
        match resolved {
            Ok(found) => grants(found).into_iter().for_each(|grant| self.add(grant)),
            Err(Unresolved::Unknown(what)) if self.unknown.contains(&what) => {}
            Err(Unresolved::Unknown(what)) => self.unknown.push(what),
            Err(Unresolved::CouldNotAsk(error)) => return Err(error),
        }
        Ok(())
    }

    fn add(&mut self, grant: Grant) {
        if !self.grants.iter().any(|present| present.is_same(&grant)) {
            self.grants.push(grant);
        }
    }

    fn into_grants(self) -> Result<Vec<Grant>, Unresolved> {
        if self.unknown.is_empty() {
            return Ok(self.grants);
        }
        Err(Unresolved::Unknown(self.unknown.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::PrincipalKind;
    use crate::ledger::{MemberStep, Portfolio, PortfolioUse, Principal};

    fn assignment(set: &str, id: &str, name: &str) -> Grant {
        Grant::Assignment {
            permission_set: format!("arn:{set}"),
            permission_set_name: set.to_owned(),
            principal: Principal { kind: PrincipalKind::Group, id: id.into(), name: name.into() },
        }
    }

    fn portfolio(id: &str) -> Portfolio {
        Portfolio { id: id.to_owned(), name: format!("the {id}") }
    }

    fn step(grant: Grant, progress: Progress) -> Step {
        Step { progress, ..Step::new(grant) }
    }

    fn told(steps: &[Step]) -> Vec<(String, Progress)> {
        steps.iter().map(|step| (step.grant.describe(), step.progress.clone())).collect()
    }

    #[test]
    fn what_is_given_stays_and_what_is_not_asked_for_any_more_is_dropped() {
        let accept = |id: &str| {
            Grant::Usable(PortfolioUse { portfolio: portfolio(id), step: MemberStep::Accept })
        };
        let before = [
            step(assignment("Given", "1", "a"), Progress::Done),
            step(assignment("Again", "1", "a"), Progress::NEW),
            step(assignment("Dropped", "1", "a"), Progress::NEW),
            step(Grant::Portfolio(portfolio("given")), Progress::Done),
            step(accept("given"), Progress::NEW),
            step(Grant::Portfolio(portfolio("dropped")), Progress::NEW),
        ];
        let asked = vec![
            assignment("New", "1", "a"),
            // The same by another name.
            assignment("Again", "1", "the id of a"),
            Grant::Portfolio(portfolio("given")),
            accept("given"),
            Grant::Portfolio(portfolio("new")),
        ];
        let steps = merged(&before, &asked);
        assert_eq!(
            told(&steps),
            [
                ("permission set Given for group a".to_owned(), Progress::Done),
                ("permission set Again for group a".to_owned(), Progress::NEW),
                ("permission set New for group a".to_owned(), Progress::NEW),
                ("portfolio the given".to_owned(), Progress::Done),
                ("portfolio the given in the account itself".to_owned(), Progress::NEW),
                ("portfolio the new".to_owned(), Progress::NEW),
            ]
        );
    }

    #[test]
    fn what_is_asked_for_twice_is_given_once() {
        let mut decided = Decided::default();
        for grant in [
            assignment("A", "1", "a"),
            assignment("A", "1", "by its id"),
            assignment("A", "2", "b"),
            assignment("B", "1", "a"),
            Grant::Portfolio(portfolio("p")),
            Grant::Portfolio(Portfolio { name: "p".into(), ..portfolio("p") }),
        ] {
            decided.add(grant);
        }
        let given: Vec<String> = decided.grants.iter().map(Grant::describe).collect();
        assert_eq!(
            given,
            [
                "permission set A for group a",
                "permission set A for group b",
                "permission set B for group a",
                "portfolio the p",
            ]
        );
    }

    #[test]
    fn every_name_that_does_not_exist_is_told() {
        let mut decided = Decided::default();
        for what in ["no group a", "no portfolio p", "no group a"] {
            let unknown: Result<Grant, _> = Err(Unresolved::Unknown(what.to_owned()));
            decided.take(unknown, |grant| vec![grant]).unwrap();
        }
        let told = decided.into_grants().unwrap_err().to_string();
        assert_eq!(told, "no group a; no portfolio p");
    }
}
