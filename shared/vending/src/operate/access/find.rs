//! What the rows of a list mean: accounts of the organization, and what they are given, each
//! distinct name looked up once. Every row that means nothing is a fault.

use std::collections::{BTreeMap, HashMap};

use super::{Giving, Wanted};
use crate::account::{AccountId, PrincipalText};
use crate::audit::Member;
use crate::file::{Column, Fault, Faults, GivenRow, GivenSheet, nearest};
use crate::handover::{portfolio_name, portfolio_steps};
use crate::ledger::Grant;
use crate::ports::{CouldNotAsk, Unresolved};

const EXISTING_NAME: &str = "a name or id that exists";

/// What a list means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What the rows without a fault ask for, in their order.
    pub wanted: Vec<Wanted>,
    /// Every fault, those of the sheet too, sorted.
    pub faults: Vec<Fault>,
}

/// Finds the accounts and names of a list. The management account is a fault unless `management`
/// says that it is meant: whoever administers IAM Identity Center for it by delegation cannot
/// give access to it (IAM Identity Center user guide, "Delegated administration").
///
/// # Errors
/// When AWS does not answer.
pub async fn find(
    world: &Giving<'_>,
    sheet: &GivenSheet,
    management: bool,
) -> Result<Found, CouldNotAsk> {
    let members = world.accounts.accounts().await?;
    let mut names = Names::default();
    let mut faults: Faults = sheet.faults.iter().cloned().collect();
    let mut seen: HashMap<AccountId, u64> = HashMap::new();
    let mut wanted = Vec::new();
    for row in &sheet.rows {
        let grants = names.grants(world, row, &mut faults).await?;
        match member(&members, row, management) {
            Err(fault) => faults.add(fault),
            Ok(member) => match seen.insert(member.id.clone(), row.line) {
                Some(line) => faults.add(repeated(row, line)),
                None => wanted.push((row.line, meant(member, grants))),
            },
        }
    }
    let faulty = faults.lines();
    wanted.retain(|(line, _)| !faulty.contains(line));
    let wanted = wanted.into_iter().map(|(_, wanted)| wanted).collect();
    Ok(Found { wanted, faults: faults.into_vec() })
}

fn meant(member: &Member, grants: Vec<Grant>) -> Wanted {
    Wanted { account: member.id.clone(), name: member.name.clone(), grants }
}

/// The account that the row means.
fn member<'m>(
    members: &'m [Member],
    row: &GivenRow,
    management: bool,
) -> Result<&'m Member, Fault> {
    let member = match &row.id {
        Some(id) => by_id(members, row, id)?,
        None => by_name(members, row)?,
    };
    let refused = |problem: &str, accepted: &str| of_account(row, problem, accepted);
    if !member.active {
        return Err(refused("is not active", "an account that is neither closed nor suspended"));
    }
    if member.is_management && !management {
        let accepted = "another account, or --management-account if it is meant";
        return Err(refused("is the organization's management account", accepted));
    }
    Ok(member)
}

fn by_id<'m>(members: &'m [Member], row: &GivenRow, id: &AccountId) -> Result<&'m Member, Fault> {
    let Some(member) = members.iter().find(|it| it.id == *id) else {
        let near = nearest(id.as_str(), members.iter().map(|it| it.id.as_str()));
        return Err(of_account(row, "is no account of the organization", &perhaps(near)));
    };
    if !row.name.is_empty() && row.name != member.name {
        let problem = format!("is not what the account {id} is called");
        let (column, accepted) = (Column::AccountName, format!("{:?}, or nothing", member.name));
        return Err(Fault::of_cell(row.line, column, &row.name, problem, accepted));
    }
    Ok(member)
}

fn by_name<'m>(members: &'m [Member], row: &GivenRow) -> Result<&'m Member, Fault> {
    let named: Vec<&Member> = members.iter().filter(|it| it.name == row.name).collect();
    match named.as_slice() {
        [one] => Ok(one),
        [] => {
            let near = nearest(&row.name, members.iter().map(|it| it.name.as_str()));
            Err(of_account(row, "is no account of the organization", &perhaps(near)))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|it| it.id.as_str()).collect();
            let accepted = format!("the AccountId of one: {}", ids.join(", "));
            Err(of_account(row, "is what several accounts are called", &accepted))
        }
    }
}

fn perhaps(near: Option<&str>) -> String {
    match near {
        Some(near) => format!("an account of the organization, perhaps {near}"),
        None => "an account of the organization".to_owned(),
    }
}

fn of_account(row: &GivenRow, problem: &str, accepted: &str) -> Fault {
    let (column, value) = match &row.id {
        Some(id) => (Column::AccountId, id.as_str()),
        None => (Column::AccountName, row.name.as_str()),
    };
    Fault::of_cell(row.line, column, value, problem, accepted)
}

fn repeated(row: &GivenRow, line: u64) -> Fault {
    of_account(row, &format!("is on line {line} already"), "each account once")
}

/// What names mean, as far as it is known.
#[derive(Default)]
struct Names {
    assignments: BTreeMap<(PrincipalText, String), Result<Grant, String>>,
    portfolios: BTreeMap<String, Result<Vec<Grant>, String>>,
}

impl Names {
    /// What the row gives, adding a fault for each name that does not exist.
    async fn grants(
        &mut self,
        world: &Giving<'_>,
        row: &GivenRow,
        faults: &mut Faults,
    ) -> Result<Vec<Grant>, CouldNotAsk> {
        let mut grants = Vec::new();
        let texts = row.access.assignment_texts();
        for (asked, text) in row.access.assignments.iter().zip(texts) {
            match self.assignment(world, asked).await? {
                Ok(grant) => grants.push(grant),
                Err(unknown) => faults.add(of_name(row, Column::Assignments, &text, unknown)),
            }
        }
        for text in &row.access.portfolios {
            match self.portfolio(world, text).await? {
                Ok(steps) => grants.extend(steps),
                Err(unknown) => faults.add(of_name(row, Column::Portfolios, text, unknown)),
            }
        }
        Ok(grants)
    }

    async fn assignment(
        &mut self,
        world: &Giving<'_>,
        asked: &(PrincipalText, String),
    ) -> Result<Result<Grant, String>, CouldNotAsk> {
        if let Some(known) = self.assignments.get(asked) {
            return Ok(known.clone());
        }
        let found = known(world.assignments.resolve(&asked.0, &asked.1).await)?;
        self.assignments.insert(asked.clone(), found.clone());
        Ok(found)
    }

    async fn portfolio(
        &mut self,
        world: &Giving<'_>,
        text: &str,
    ) -> Result<Result<Vec<Grant>, String>, CouldNotAsk> {
        if let Some(known) = self.portfolios.get(text) {
            return Ok(known.clone());
        }
        let found = known(world.portfolios.resolve(portfolio_name(text)).await)?;
        let found = found.map(|portfolio| portfolio_steps(text, portfolio, world.uses));
        self.portfolios.insert(text.to_owned(), found.clone());
        Ok(found)
    }
}

fn known<T>(resolved: Result<T, Unresolved>) -> Result<Result<T, String>, CouldNotAsk> {
    match resolved {
        Ok(found) => Ok(Ok(found)),
        Err(Unresolved::Unknown(what)) => Ok(Err(what)),
        Err(Unresolved::CouldNotAsk(error)) => Err(error),
    }
}

fn of_name(row: &GivenRow, column: Column, text: &str, unknown: String) -> Fault {
    Fault::of_cell(row.line, column, text, unknown, EXISTING_NAME)
}
