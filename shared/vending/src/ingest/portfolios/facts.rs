//! What a portfolio file is checked against: asked once for the whole file, never for a row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::Intake;
use crate::Error;
use crate::account::{AccountId, OrganizationalUnit, UnitText};
use crate::file::{Fault, nearest};
use crate::ledger::Portfolio;
use crate::portfolio_file::{Located, Sound};

/// Portfolios and units named in a fault, at most; the rest is counted.
const MOST_NAMED: usize = 8;

/// What the organization and Service Catalog hold of it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// This account's own portfolios, by id.
    portfolios: BTreeMap<String, Portfolio>,
    /// The units that the texts name, or what is wrong with them.
    units: HashMap<String, Result<OrganizationalUnit, (String, String)>>,
    /// The accounts in the units, by the unit's id, and whether each is ACTIVE.
    inside: HashMap<String, HashMap<AccountId, bool>>,
    /// Every account of the organization; empty unless one is not where it should be.
    everywhere: BTreeSet<AccountId>,
    /// The account that the organization is managed from; not asked where no account is named.
    management: Option<AccountId>,
}

impl Facts {
    pub(super) fn portfolio(&self, text: &str) -> Option<&Portfolio> {
        self.portfolios.get(text)
    }

    pub(super) fn unit(&self, text: &str) -> Option<&OrganizationalUnit> {
        self.units.get(text)?.as_ref().ok()
    }
}

/// Asks for what the sound shares name.
pub(super) async fn ask(world: &Intake<'_>, sound: &[Sound<'_>]) -> Result<Facts, Error> {
    let mut facts = Facts::default();
    if sound.is_empty() {
        return Ok(facts);
    }
    let owned = world.unit_sharing.owned().await?;
    facts.portfolios = owned.into_iter().map(|it| (it.id.clone(), it)).collect();
    facts.units = units(world, sound).await?;
    let named: BTreeSet<&str> = with_accounts(sound).filter_map(|it| id_of(&facts, it)).collect();
    let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
    for unit in named {
        let accounts = world.tree.accounts_in(&unit).await?;
        let accounts = accounts.into_iter().map(|account| (account.id, account.active)).collect();
        facts.inside.insert(unit, accounts);
    }
    if with_accounts(sound).next().is_some() {
        facts.management = Some(world.tree.management_account().await?);
    }
    if with_accounts(sound)
        .any(|share| share.accounts.iter().any(|(id, _)| is_elsewhere(&facts, share, id)))
    {
        let accounts = world.directory.accounts().await?;
        facts.everywhere = accounts.into_iter().map(|account| account.id).collect();
    }
    Ok(facts)
}

fn with_accounts<'s, 'f>(sound: &'s [Sound<'f>]) -> impl Iterator<Item = &'s Sound<'f>> {
    sound.iter().filter(|share| !share.accounts.is_empty())
}

fn id_of<'a>(facts: &'a Facts, share: &Sound<'_>) -> Option<&'a str> {
    facts.unit(&share.unit.0.text).map(|unit| unit.id.as_str())
}

/// Whether the unit is known, and the account is not in it.
fn is_elsewhere(facts: &Facts, share: &Sound<'_>, account: &AccountId) -> bool {
    let inside = id_of(facts, share).and_then(|unit| facts.inside.get(unit));
    inside.is_some_and(|inside| !inside.contains_key(account))
}

type Units = HashMap<String, Result<OrganizationalUnit, (String, String)>>;

/// Every unit that is named, once: by id with a call of its own, by name in a listing.
async fn units(world: &Intake<'_>, sound: &[Sound<'_>]) -> Result<Units, Error> {
    let mut found = Units::new();
    let mut listed: Option<Vec<OrganizationalUnit>> = None;
    for (text, named) in sound.iter().map(|share| (&share.unit.0.text, &share.unit.1)) {
        if found.contains_key(text) {
            continue;
        }
        let unit = match named {
            UnitText::Id(id) => world.tree.unit(id).await?.ok_or_else(|| unknown(id, &[])),
            UnitText::Exact(unit) => exact(unit, world.tree.unit(&unit.id).await?),
            UnitText::Name(name) => {
                if listed.is_none() {
                    listed = Some(world.tree.units().await?);
                }
                by_name(name, listed.as_deref().unwrap_or_default())
            }
        };
        found.insert(text.clone(), unit);
    }
    Ok(found)
}

fn exact(
    wanted: &OrganizationalUnit,
    there: Option<OrganizationalUnit>,
) -> Result<OrganizationalUnit, (String, String)> {
    match there {
        Some(unit) if unit.name == wanted.name => Ok(unit),
        Some(unit) => Err(("has the id of a unit of another name".to_owned(), unit.to_string())),
        None => Err(unknown(&wanted.id, &[])),
    }
}

fn by_name(
    name: &str,
    units: &[OrganizationalUnit],
) -> Result<OrganizationalUnit, (String, String)> {
    let named: Vec<&OrganizationalUnit> = units.iter().filter(|unit| unit.name == name).collect();
    match named.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(unknown(name, units)),
        several => {
            let ways = several.iter().take(MOST_NAMED).map(ToString::to_string);
            let ways: Vec<String> = ways.collect();
            Err((format!("is the name of {} units", several.len()), ways.join(", or ")))
        }
    }
}

fn unknown(text: &str, units: &[OrganizationalUnit]) -> (String, String) {
    let near = nearest(text, units.iter().map(|unit| unit.name.as_str()));
    let near = near.and_then(|near| units.iter().find(|unit| unit.name == near));
    let accepted = match near {
        Some(unit) => format!("a unit that exists, perhaps {unit}"),
        None => {
            "a unit that exists (aws organizations list-organizational-units-for-parent)".to_owned()
        }
    };
    ("is no unit of the organization".to_owned(), accepted)
}

/// What is wrong with the shares, by the facts.
pub(super) fn faults(sound: &[Sound<'_>], facts: &Facts) -> Vec<Fault> {
    let mut faults: Vec<Fault> = sound.iter().flat_map(|share| of_share(share, facts)).collect();
    faults.extend(repeated(sound, facts));
    faults
}

/// Shares alone that name one unit in two ways: by its name and by its id.
fn repeated(sound: &[Sound<'_>], facts: &Facts) -> Vec<Fault> {
    let mut seen: HashMap<(&str, &str), &Located> = HashMap::new();
    let mut faults = Vec::new();
    for share in sound.iter().filter(|share| share.accounts.is_empty()) {
        let Some(unit) = id_of(facts, share) else { continue };
        if let Some(first) = seen.insert((&share.portfolio.text, unit), share.unit.0) {
            let problem = format!("is the unit that is asked for on line {}", first.line);
            faults.push(share.unit.0.fault(problem, "each once"));
        }
    }
    faults
}

fn of_share(share: &Sound<'_>, facts: &Facts) -> Vec<Fault> {
    let mut faults = Vec::new();
    if facts.portfolio(&share.portfolio.text).is_none() {
        faults.push(no_portfolio(share.portfolio, facts));
    }
    let unit = match facts.units.get(&share.unit.0.text) {
        Some(Ok(unit)) => unit,
        Some(Err((problem, accepted))) => {
            faults.push(share.unit.0.fault(problem, accepted));
            return faults;
        }
        None => return faults,
    };
    for (id, located) in &share.accounts {
        faults.extend(of_account(id, located, unit, facts));
    }
    faults
}

fn no_portfolio(portfolio: &Located, facts: &Facts) -> Fault {
    let ids = facts.portfolios.keys().map(String::as_str);
    let accepted = match nearest(&portfolio.text, ids) {
        Some(near) => format!("perhaps {near}"),
        None => {
            "a portfolio of this account and Region (aws servicecatalog list-portfolios)".to_owned()
        }
    };
    let problem =
        "is no portfolio of this account and Region; one that others share cannot be shared on";
    portfolio.fault(problem, accepted)
}

fn of_account(
    id: &AccountId,
    located: &Located,
    unit: &OrganizationalUnit,
    facts: &Facts,
) -> Option<Fault> {
    if facts.management.as_ref() == Some(id) {
        let problem = "is the management account, which has the portfolio itself";
        return Some(located.fault(problem, "a member account"));
    }
    let inside = facts.inside.get(&unit.id)?;
    match inside.get(id) {
        Some(true) => None,
        Some(false) => Some(located.fault("is not ACTIVE", "an account that is open")),
        None if facts.everywhere.contains(id) => {
            let problem = format!("is not in {unit}, so that the share does not reach it");
            Some(located.fault(problem, "an account in the unit, or below it"))
        }
        None => Some(located.fault("is no account of the organization", "an account in the unit")),
    }
}
