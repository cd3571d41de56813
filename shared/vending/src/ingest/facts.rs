//! What a list is checked against: asked once for the whole file, never for a row.

use std::collections::HashMap;

use super::Preparing;
use crate::Error;
use crate::account::{AccountName, AccountRequest, EmailAddress, OrganizationalUnit};
use crate::failure::{Failure, Verdict, classify};
use crate::file::Fault;
use crate::handover::portfolio_name;
use crate::ledger::Entry;
use crate::ports::{Ledger, OrganizationAccount, ProvisionError, Unresolved};

/// What the organization holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Organization {
    /// The units that accounts can go to.
    pub(super) units: Vec<OrganizationalUnit>,
    /// Its accounts, by [`EmailAddress::key_of`] of their e-mail.
    pub(super) accounts: HashMap<String, OrganizationAccount>,
}

/// What the ledger holds of the names and e-mails in a file.
#[derive(Debug, Default, Clone)]
pub struct LedgerFacts {
    /// Entries, by name.
    pub entries: HashMap<AccountName, Entry>,
    /// Who claims an e-mail, by [`EmailAddress::key`].
    pub owners: HashMap<String, AccountName>,
}

/// Asks for what the organization holds, and sees that every account of the file
/// could be launched and given its access: what no row can mend is a fault of the file.
pub(super) async fn organization(
    world: &Preparing<'_>,
) -> Result<Result<Organization, Vec<Fault>>, Error> {
    let mut faults = Vec::new();
    let units = match world.factory.units().await {
        Ok(units) => units,
        Err(ProvisionError::CouldNotAsk(error)) => return Err(error.into()),
        Err(refused) => {
            faults.push(factory_fault(&refused.to_string()));
            Vec::new()
        }
    };
    for unknown in unknown_access(world).await? {
        faults.push(Fault::of_file(
            unknown,
            "a name or id that exists: correct the stack's parameters or create it",
        ));
    }
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let accounts = world.directory.accounts().await?;
    let accounts = accounts
        .into_iter()
        .map(|account| (EmailAddress::key_of(&account.email), account))
        .collect();
    Ok(Ok(Organization { units, accounts }))
}

fn factory_fault(words: &str) -> Fault {
    let failure = match classify(words) {
        Verdict::Fail(failure) => failure,
        Verdict::Wait(_) => Failure::new(crate::failure::FailureKind::Unknown, words),
    };
    let problem = format!("nothing can be launched: {} ({})", failure.kind.cause(), failure.detail);
    Fault::of_file(problem, format!("{}, then upload the file again", failure.kind.mend()))
}

/// The configured names of access and portfolios that do not exist.
async fn unknown_access(world: &Preparing<'_>) -> Result<Vec<String>, Error> {
    let mut unknown = Vec::new();
    for (principal, permission_set) in &world.defaults.assignments {
        note(world.assignments.resolve(principal, permission_set).await, &mut unknown)?;
    }
    for portfolio in &world.defaults.portfolios {
        note(world.portfolios.resolve(portfolio_name(portfolio)).await, &mut unknown)?;
    }
    Ok(unknown)
}

fn note<T>(resolved: Result<T, Unresolved>, unknown: &mut Vec<String>) -> Result<(), Error> {
    match resolved {
        Ok(_) => {}
        Err(Unresolved::Unknown(what)) => unknown.push(what),
        Err(Unresolved::CouldNotAsk(error)) => return Err(error.into()),
    }
    Ok(())
}

/// Asks the ledger about the names and e-mails in a file.
pub(super) async fn ledger(
    ledger: &dyn Ledger,
    requests: &[(u64, AccountRequest)],
) -> Result<LedgerFacts, Error> {
    let names: Vec<AccountName> =
        requests.iter().map(|(_, request)| request.name.clone()).collect();
    let emails: Vec<EmailAddress> =
        requests.iter().map(|(_, request)| request.email.clone()).collect();
    let entries = ledger.entries(&names).await?;
    let entries = entries.into_iter().map(|entry| (entry.request.name.clone(), entry)).collect();
    Ok(LedgerFacts { entries, owners: ledger.email_owners(&emails).await? })
}
