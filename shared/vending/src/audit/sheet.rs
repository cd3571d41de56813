//! An audit as a sheet: UTF-8 with a byte order mark, and nothing that a spreadsheet runs.

use super::Report;
use super::finding::{Drift, Finding, Who};
use crate::file::table;

const COLUMNS: [&str; 8] = [
    "AccountName",
    "AccountId",
    "PermissionSet",
    "PrincipalType",
    "Principal",
    "Through",
    "Origin",
    "Drift",
];

/// The findings as CSV, one on each line.
#[must_use]
pub fn sheet(report: &Report) -> Vec<u8> {
    let rows = report.findings.iter().map(cells);
    table(std::iter::once(COLUMNS).chain(rows))
}

fn cells(finding: &Finding) -> [&str; COLUMNS.len()] {
    [
        &finding.account_name,
        finding.account.as_str(),
        &finding.permission_set,
        finding.principal.kind.as_str(),
        finding.principal.words(),
        finding.through.as_ref().map_or("", Who::words),
        finding.origin.as_str(),
        finding.drift.map_or("", Drift::as_str),
    ]
}
