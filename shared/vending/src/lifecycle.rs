//! What Control Tower says when it is done with an account.

use crate::Error;
use crate::account::{AccountId, AccountName, EmailAddress};
use crate::ledger::Entry;
use crate::ports::{Directory, Ledger, OrganizationAccount};

/// A lifecycle event, `CreateManagedAccount` or `UpdateManagedAccount`.
///
/// Best effort: it may come late, twice, or never. It names no e-mail, product,
/// record or token, and every part of it may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleEvent {
    /// The event's own id.
    pub id: String,
    /// Whether Control Tower takes the account for a new one. A retry of a failed
    /// launch reports an update.
    pub created: bool,
    /// Whether the state is `SUCCEEDED`.
    pub succeeded: bool,
    /// The account's name: a hint, names are not unique.
    pub account_name: Option<String>,
    /// The account, unless it says `Not Available`.
    pub account_id: Option<AccountId>,
    /// Control Tower's words.
    pub message: Option<String>,
}

/// The entry that an event is about.
pub(crate) enum Subject {
    /// The account's name and e-mail are the entry's.
    Proven(Entry, AccountId),
    /// Only the name says so.
    Hinted(Entry),
}

/// Finds the entry that an event is about: by the e-mail of the account it names,
/// or, when it names none, by the account's name as a hint.
pub(crate) async fn entry_of(
    ledger: &dyn Ledger,
    directory: &dyn Directory,
    event: &LifecycleEvent,
) -> Result<Option<Subject>, Error> {
    let hinted = match event.account_name.as_deref().map(AccountName::new) {
        Some(Ok(name)) => ledger.entry(&name).await?,
        Some(Err(_)) | None => None,
    };
    let Some(id) = &event.account_id else { return Ok(hinted.map(Subject::Hinted)) };
    let Some(account) = directory.account(id).await? else {
        return Ok(hinted.map(Subject::Hinted));
    };
    if let Some(entry) = hinted
        && is_account_of(&account, &entry)
    {
        return Ok(Some(Subject::Proven(entry, id.clone())));
    }
    let entry = by_email(ledger, &account).await?;
    Ok(entry.map(|entry| Subject::Proven(entry, id.clone())))
}

/// The event's name was missing or stale; the account's e-mail may still be claimed.
async fn by_email(
    ledger: &dyn Ledger,
    account: &OrganizationAccount,
) -> Result<Option<Entry>, Error> {
    let Ok(email) = EmailAddress::new(account.email.as_str()) else { return Ok(None) };
    let owners = ledger.email_owners(std::slice::from_ref(&email)).await?;
    let Some(owner) = owners.get(&email.key()) else { return Ok(None) };
    Ok(ledger.entry(owner).await?.filter(|entry| is_account_of(account, entry)))
}

/// Name and e-mail must both be the entry's: an e-mail alone may be that of an
/// account the entry failed on.
fn is_account_of(account: &OrganizationAccount, entry: &Entry) -> bool {
    account.name == entry.request.name.as_str()
        && EmailAddress::key_of(&account.email) == entry.request.email.key()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn an_account_is_an_entrys_by_name_and_email_together() {
        let entry = testing::entry("alpha");
        let account = |name: &str, email: &str| OrganizationAccount {
            id: AccountId::new("444455556666").unwrap(),
            name: name.to_owned(),
            email: email.to_owned(),
        };
        let email = entry.request.email.as_str();
        assert!(is_account_of(&account("alpha", &email.to_uppercase()), &entry));
        assert!(!is_account_of(&account("Alpha", email), &entry));
        assert!(!is_account_of(&account("alpha", "other@example.com"), &entry));
    }
}
