//! The table of all accounts. It may have 10,000 rows: nothing is said in it twice.

use std::collections::HashMap;

use maud::{Markup, html};
use vending::ledger::Status;

use crate::report::access::SameAccess;
use crate::report::account::Account;
use crate::report::phase::PhaseKind;
use crate::report::summary::Report;
use crate::report::words::{short_moment, span};

/// Every account of the batch, by line.
pub(super) fn section(report: &Report, same: &[SameAccess<'_>]) -> Markup {
    let letters: HashMap<u64, &str> = same
        .iter()
        .flat_map(|set| set.accounts.iter().map(|account| (account.line, set.letter.as_str())))
        .collect();
    html! {
        section.all aria-labelledby="accounts" {
            h2 #accounts { "All accounts" }
            table.accounts {
                thead {
                    tr {
                        th scope="col" { "Account, unit" }
                        th scope="col" { "Status" }
                        th scope="col" { "Account ID" }
                        th scope="col" { "Queue" }
                        th scope="col" { "Work" }
                        th scope="col" { "Ended, UTC" }
                        th scope="col" { "Access" }
                    }
                }
                tbody {
                    @for account in &report.accounts {
                        (row(account, letters.get(&account.line).copied()))
                    }
                }
            }
        }
    }
}

fn row(account: &Account, letter: Option<&str>) -> Markup {
    let waited = account.in_phase(PhaseKind::Queued) + account.in_phase(PhaseKind::ToldToWait);
    html! {
        tr {
            th scope="row" { (account.name) small { (account.unit) } }
            td {
                span class=(class_of(account.status)) { (account.status) }
                @if account.attempt > 1 { small { "attempt " (account.attempt) } }
            }
            td { @if let Some(id) = &account.account_id { (id) } }
            td { (span(waited)) }
            td { @if account.work_seconds > 0 { (span(account.work())) } }
            td { @if let Some(at) = account.finished_at { (short_moment(at)) } }
            td { @if let Some(letter) = letter { (letter) } }
        }
    }
}

/// The badge of a status.
fn class_of(status: Status) -> &'static str {
    match status {
        Status::Queued => "badge queued",
        Status::Provisioning | Status::Configuring => "badge busy",
        Status::Ready => "badge ready",
        Status::Failed => "badge failed",
    }
}
