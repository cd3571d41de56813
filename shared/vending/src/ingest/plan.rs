//! What a file does to each row of the ledger: decided from facts, without a call.

use std::collections::HashMap;

use super::LedgerFacts;
use crate::account::AccountRequest;
use crate::file::{Column, Fault};
use crate::ledger::{BatchId, Entry, Stage, State, Status, Timestamp};
use crate::ports::OrganizationAccount;

/// What happens to a row that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowPlan {
    /// It is queued.
    Queue,
    /// It FAILED before the account was usable, and is queued again with the new values.
    QueueAgain,
    /// Its account is there; what failed of access and portfolios is tried again.
    AccessAgain,
    /// It is QUEUED, and takes the new values.
    TakeValues,
    /// It is READY or in flight: nothing changes.
    Unchanged(Status),
    /// A list that was uploaded later has asked for it already: nothing changes.
    Superseded(Status),
}

/// The list that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Its batch.
    pub batch: BatchId,
    /// When it was uploaded, as S3 has it.
    pub uploaded_at: Timestamp,
}

/// A row that is accepted, and what happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    /// The row's line.
    pub line: u64,
    /// What it asks for.
    pub request: AccountRequest,
    /// The entry that stands there now.
    pub before: Option<Entry>,
    /// What happens to it.
    pub plan: RowPlan,
}

impl PlannedRow {
    /// Whether the row changes nothing in the ledger.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        matches!(self.plan, RowPlan::Unchanged(_) | RowPlan::Superseded(_))
    }

    /// Whether the row asks for other values than its entry has and keeps.
    #[must_use]
    pub fn ignores_values(&self) -> bool {
        let Some(entry) = &self.before else { return false };
        let (asked, mut kept) = (&self.request, entry.request.clone());
        match self.plan {
            // What access it asks for is taken.
            RowPlan::AccessAgain => kept.access = asked.access.clone(),
            RowPlan::Unchanged(_) | RowPlan::Superseded(_) => {}
            RowPlan::Queue | RowPlan::QueueAgain | RowPlan::TakeValues => return false,
        }
        kept != *asked
    }

    /// Whether the row asks an account for other access that is not given any by lists any more.
    #[must_use]
    pub fn ignores_access(&self) -> bool {
        let asks = |entry: &Entry| entry.request.access != self.request.access;
        self.plan == RowPlan::Unchanged(Status::Ready) && self.before.as_ref().is_some_and(asks)
    }

    /// The columns in which the row asks for another value than its entry has.
    #[must_use]
    pub fn changes(&self) -> Vec<Column> {
        let Some(entry) = &self.before else { return Vec::new() };
        let (old, new) = (&entry.request, &self.request);
        [
            (Column::SSOUserEmail, old.sso_user.email != new.sso_user.email),
            (Column::AccountEmail, old.email != new.email),
            (Column::SSOUserFirstName, old.sso_user.first_name != new.sso_user.first_name),
            (Column::SSOUserLastName, old.sso_user.last_name != new.sso_user.last_name),
            (Column::OrgUnit, old.unit != new.unit),
            (Column::RequesterEmail, old.requester != new.requester),
            (Column::Assignments, old.access.assignments != new.access.assignments),
            (Column::Portfolios, old.access.portfolios != new.access.portfolios),
            (Column::Defaults, old.access.replaces_defaults != new.access.replaces_defaults),
        ]
        .into_iter()
        .filter_map(|(column, changed)| changed.then_some(column))
        .collect()
    }
}

/// Plans the rows of a list: those that are accepted, and the faults of the others.
/// `accounts` are the organization's, by the key of their e-mail.
#[must_use]
pub fn plan(
    asking: &Asking,
    requests: Vec<(u64, AccountRequest)>,
    ledger: &LedgerFacts,
    accounts: &HashMap<String, OrganizationAccount>,
) -> (Vec<PlannedRow>, Vec<Fault>) {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (line, request) in requests {
        let before = ledger.entries.get(&request.name).cloned();
        if let Some(plan) = before.as_ref().and_then(|entry| settled(entry, asking)) {
            rows.push(PlannedRow { line, request, before, plan });
            continue;
        }
        match fault_of(&request, before.as_ref(), ledger, accounts) {
            Some((problem, accepted)) => {
                let email = request.email.as_str();
                faults.push(Fault::of_cell(line, Column::AccountEmail, email, problem, accepted));
            }
            None => {
                let plan = plan_of(before.as_ref());
                rows.push(PlannedRow { line, request, before, plan });
            }
        }
    }
    (rows, faults)
}

/// What is settled before anything is checked: the row is in the ledger by this list, or
/// by one that was uploaded later.
fn settled(entry: &Entry, asking: &Asking) -> Option<RowPlan> {
    if entry.batch == asking.batch {
        // An earlier delivery of this very file put it there.
        return Some(RowPlan::Queue);
    }
    let superseded = asking.uploaded_at < entry.uploaded_at;
    superseded.then(|| RowPlan::Superseded(entry.status()))
}

fn plan_of(before: Option<&Entry>) -> RowPlan {
    let Some(entry) = before else { return RowPlan::Queue };
    match &entry.state {
        State::Queued { .. } => RowPlan::TakeValues,
        State::Failed { launch_open: true, .. } => RowPlan::Unchanged(Status::Provisioning),
        State::Failed { stage: Stage::Provision, .. } => RowPlan::QueueAgain,
        State::Failed { stage: Stage::Access, .. } => RowPlan::AccessAgain,
        State::Provisioning { .. } | State::Configuring | State::Ready { .. } => {
            RowPlan::Unchanged(entry.status())
        }
    }
}

type Problem = (String, &'static str);

const FREE_EMAIL: &str = "an address that no AWS account has";

/// What is wrong with the row's e-mail, by what the ledger and the organization hold.
fn fault_of(
    request: &AccountRequest,
    before: Option<&Entry>,
    ledger: &LedgerFacts,
    accounts: &HashMap<String, OrganizationAccount>,
) -> Option<Problem> {
    let key = request.email.key();
    if let Some(owner) = ledger.owners.get(&key).filter(|owner| **owner != request.name) {
        return Some((format!("is the e-mail of {owner} in the ledger"), FREE_EMAIL));
    }
    match before {
        Some(entry) if keeps_account(entry) => kept_email(entry, request),
        Some(entry) => {
            changed_email(entry, &key, accounts).or_else(|| taken(request, Some(entry), accounts))
        }
        None => taken(request, None, accounts),
    }
}

/// Whether the row changes nothing about which account it is.
fn keeps_account(entry: &Entry) -> bool {
    match entry.state {
        State::Queued { .. }
        | State::Failed { stage: Stage::Provision, launch_open: false, .. } => false,
        State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. }
        | State::Failed { .. } => true,
    }
}

/// A row whose access is tried again must mean the account that is there.
fn kept_email(entry: &Entry, request: &AccountRequest) -> Option<Problem> {
    let retries = matches!(entry.state, State::Failed { stage: Stage::Access, .. });
    (retries && entry.request.email.key() != request.email.key()).then(|| {
        ("is not the e-mail that the account was made with".to_owned(), "the account's own e-mail")
    })
}

/// A failed launch may have made the account; with another e-mail the row would make a second one.
fn changed_email(
    entry: &Entry,
    key: &str,
    accounts: &HashMap<String, OrganizationAccount>,
) -> Option<Problem> {
    let old = entry.request.email.key();
    let made = entry.account.is_some() || made_by(entry, accounts.get(&old));
    (old != key && made).then(|| {
        (
            "is not the e-mail of the account that an earlier attempt made".to_owned(),
            "that account's e-mail",
        )
    })
}

/// The e-mail is an account's in the organization: a fault, unless an earlier
/// launch of this very entry made that account, which is then enrolled.
fn taken(
    request: &AccountRequest,
    before: Option<&Entry>,
    accounts: &HashMap<String, OrganizationAccount>,
) -> Option<Problem> {
    let account = accounts.get(&request.email.key())?;
    let same_email = |entry: &&Entry| entry.request.email.key() == request.email.key();
    if before.filter(same_email).is_some_and(|entry| made_by(entry, Some(account))) {
        return None;
    }
    Some((format!("is the e-mail of account {} in the organization", account.id), FREE_EMAIL))
}

/// Whether an earlier launch of the entry made that account, as far as can be told.
fn made_by(entry: &Entry, account: Option<&OrganizationAccount>) -> bool {
    account.is_some_and(|account| {
        let known = entry.account.as_ref() == Some(&account.id);
        known || (entry.launch.is_some() && account.name == entry.request.name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccessRequest, AccountId, AccountName, EmailAddress};
    use crate::failure::{Failure, FailureKind};
    use crate::ledger::{Event, Progress};
    use crate::testing;

    fn account(name: &str, email: &str) -> (String, OrganizationAccount) {
        let id = AccountId::new("123456789012").unwrap();
        (
            EmailAddress::key_of(email),
            OrganizationAccount { id, name: name.into(), email: email.into() },
        )
    }

    /// Another list, uploaded `seconds` after the one that the entries are of.
    fn other(seconds: i64) -> Asking {
        Asking { batch: BatchId("other".into()), uploaded_at: testing::at(seconds) }
    }

    #[test]
    fn a_list_changes_nothing_of_what_a_later_one_asked_for_whatever_it_says() {
        let older = |entry: &Entry, request: AccountRequest| {
            let ledger = LedgerFacts {
                entries: [(entry.request.name.clone(), entry.clone())].into(),
                owners: [(request.email.key(), AccountName::new("somebody").unwrap())].into(),
            };
            let (rows, faults) = plan(&other(-1), vec![(2, request)], &ledger, &HashMap::new());
            assert_eq!(faults, []);
            (rows[0].plan, rows[0].ignores_values())
        };
        let same = testing::request("alpha");
        let changed = with_email("alpha", "new@example.com");
        for entry in [testing::entry("alpha"), testing::failed("alpha"), testing::ready("alpha")] {
            let superseded = RowPlan::Superseded(entry.status());
            assert_eq!(older(&entry, same.clone()), (superseded, false));
            assert_eq!(older(&entry, changed.clone()), (superseded, true));
        }
    }

    fn planned(
        request: AccountRequest,
        entries: &[Entry],
        accounts: &[(String, OrganizationAccount)],
    ) -> Result<RowPlan, String> {
        let ledger = LedgerFacts {
            entries: entries
                .iter()
                .map(|entry| (entry.request.name.clone(), entry.clone()))
                .collect(),
            owners: entries
                .iter()
                .map(|entry| (entry.request.email.key(), entry.request.name.clone()))
                .collect(),
        };
        let accounts = accounts.iter().cloned().collect();
        let (rows, faults) = plan(&other(0), vec![(2, request)], &ledger, &accounts);
        match (rows.as_slice(), faults.as_slice()) {
            ([row], []) => Ok(row.plan),
            ([], [fault]) => Err(fault.problem.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn with_email(name: &str, email: &str) -> AccountRequest {
        AccountRequest { email: EmailAddress::new(email).unwrap(), ..testing::request(name) }
    }

    #[test]
    fn a_row_that_this_very_file_put_there_is_left_alone_whatever_became_of_it() {
        let own = account("alpha", "alpha@example.com");
        for entry in [testing::entry("alpha"), testing::failed("alpha"), testing::ready("alpha")] {
            let own_list = Asking { batch: entry.batch.clone(), uploaded_at: testing::at(-60) };
            let ledger = LedgerFacts {
                entries: [(entry.request.name.clone(), entry)].into(),
                owners: HashMap::new(),
            };
            let requests = vec![(2, testing::request("alpha"))];
            let (rows, faults) = plan(&own_list, requests, &ledger, &[own.clone()].into());
            assert_eq!((rows[0].plan, faults), (RowPlan::Queue, vec![]));
        }
    }

    #[test]
    fn the_columns_with_other_values_are_named() {
        let row = |request| PlannedRow {
            line: 2,
            request,
            before: Some(testing::entry("alpha")),
            plan: RowPlan::TakeValues,
        };
        assert_eq!(row(testing::request("alpha")).changes(), []);
        let mut changed = with_email("alpha", "new@example.com");
        changed.unit.name = "Elsewhere".into();
        changed.requester = Some(changed.email.clone());
        let columns = [Column::AccountEmail, Column::OrgUnit, Column::RequesterEmail];
        assert_eq!(row(changed).changes(), columns);
    }

    #[test]
    fn a_new_row_is_queued() {
        assert_eq!(planned(testing::request("alpha"), &[], &[]), Ok(RowPlan::Queue));
    }

    #[test]
    fn an_email_of_an_account_anywhere_in_the_organization_is_refused_whatever_its_case() {
        let taken = account("Audit", "ALPHA@example.com");
        let fault = planned(testing::request("alpha"), &[], &[taken]).unwrap_err();
        assert_eq!(fault, "is the e-mail of account 123456789012 in the organization");
    }

    #[test]
    fn an_email_of_another_entry_is_refused() {
        let fault =
            planned(with_email("beta", "Alpha@example.com"), &[testing::entry("alpha")], &[]);
        assert_eq!(fault, Err("is the e-mail of alpha in the ledger".into()));
    }

    #[test]
    fn ready_and_in_flight_rows_are_unchanged_though_their_account_has_the_email() {
        let own = account("alpha", "alpha@example.com");
        for entry in
            [testing::provisioning("alpha"), testing::configuring("alpha"), testing::ready("alpha")]
        {
            let plan = planned(
                testing::request("alpha"),
                std::slice::from_ref(&entry),
                std::slice::from_ref(&own),
            );
            assert_eq!(plan, Ok(RowPlan::Unchanged(entry.status())));
        }
    }

    #[test]
    fn a_failed_row_is_queued_again_also_when_its_own_launch_used_up_the_email() {
        let failed = testing::failed("alpha");
        let own = account("alpha", "alpha@example.com");
        assert_eq!(
            planned(testing::request("alpha"), std::slice::from_ref(&failed), &[]),
            Ok(RowPlan::QueueAgain)
        );
        assert_eq!(
            planned(testing::request("alpha"), std::slice::from_ref(&failed), &[own]),
            Ok(RowPlan::QueueAgain)
        );
        let somebody = account("Audit", "alpha@example.com");
        assert!(planned(testing::request("alpha"), &[failed], &[somebody]).is_err());
    }

    #[test]
    fn a_failed_row_cannot_change_the_email_of_an_account_that_was_made() {
        let failed = testing::failed("alpha");
        let own = account("alpha", "alpha@example.com");
        let changed = with_email("alpha", "new@example.com");
        assert!(planned(changed.clone(), std::slice::from_ref(&failed), &[own]).is_err());
        assert_eq!(planned(changed, &[failed], &[]), Ok(RowPlan::QueueAgain));
    }

    #[test]
    fn a_queued_row_takes_new_values() {
        let changed = with_email("alpha", "new@example.com");
        assert_eq!(planned(changed, &[testing::entry("alpha")], &[]), Ok(RowPlan::TakeValues));
    }

    #[test]
    fn access_that_a_list_gives_no_more_is_told_for_ready_accounts_alone() {
        let ignores = |before: Option<Entry>, plan: RowPlan, access: &str| {
            let mut request = testing::request("alpha");
            let assignment = AccessRequest::read_assignment(access).ok();
            request.access.assignments = assignment.into_iter().collect();
            let row = PlannedRow { line: 2, request, before, plan };
            (row.ignores_access(), row.changes_nothing())
        };
        let ready = || Some(testing::ready("alpha"));
        let unchanged = |status| RowPlan::Unchanged(status);
        let other = "group:Admins=X";
        assert_eq!(ignores(ready(), unchanged(Status::Ready), other), (true, true));
        assert_eq!(ignores(ready(), unchanged(Status::Ready), ""), (false, true));
        let failed = Some(testing::failed("alpha"));
        assert_eq!(ignores(failed, unchanged(Status::Failed), other), (false, true));
        assert_eq!(ignores(ready(), RowPlan::Superseded(Status::Ready), other), (false, true));
        assert_eq!(ignores(None, RowPlan::Queue, other), (false, false));
    }

    #[test]
    fn an_account_whose_access_is_tried_again_keeps_its_email() {
        let failure = Failure::new(FailureKind::AssignmentFailed, "no");
        let steps = testing::steps(&Progress::Failed { reason: "no".to_owned() });
        let failed = Event::AccessFailed { failure, steps };
        let failed = testing::after(&testing::configuring("alpha"), failed, testing::at(2_000));
        let own = account("alpha", "alpha@example.com");
        let again = planned(
            testing::request("alpha"),
            std::slice::from_ref(&failed),
            std::slice::from_ref(&own),
        );
        assert_eq!(again, Ok(RowPlan::AccessAgain));
        let other =
            planned(with_email("alpha", "new@example.com"), &[failed], std::slice::from_ref(&own));
        assert_eq!(other, Err("is not the e-mail that the account was made with".to_owned()));
        // What is in flight keeps its e-mail as well, and the list's is ignored.
        let moving = testing::configuring("alpha");
        let other = planned(with_email("alpha", "new@example.com"), &[moving], &[own]);
        assert_eq!(other, Ok(RowPlan::Unchanged(Status::Configuring)));
    }
}
