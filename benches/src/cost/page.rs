//! The bills as the section of a page.

use super::{ACCOUNT, Line, Paid, idle_month, sum, thousand_accounts};

/// Where the section begins in `infra/README.md`.
pub const BEGINS: &str = "<!-- what it costs: made by benches/src/cost, UPDATE_README=1 cargo test -p benches --test cost -->";

/// Where it ends.
pub const ENDS: &str = "<!-- end of what it costs -->";

/// The section, without its marks.
#[must_use]
pub fn page() -> String {
    let (idle, accounts) = (table(&idle_month()), table(&thousand_accounts()));
    let Paid { invocations, reads, writes, transactions, service_catalog, .. } = ACCOUNT;
    format!(
        "
**A month in which nothing happens** (30 days, 43,200 minutes): two ticks a minute.

{idle}

With the free tiers that an account has once (3 dashboards, 10 metrics, 10 alarms, 100,000 traces, 5 GB of
logs …) hardly anything of that is left. A tick of 0.1 s is an assumption; ten times that adds 26 cents.

**1,000 accounts**, five at a time, 30 minutes each, besides the 100 hours of ticks they take. Counted in the
built-in landing zone, with a group and a portfolio that a role uses, for each account: {invocations:.1} invocations, {reads:.0}
reads, {writes:.0} writes and {transactions:.0} transactions of DynamoDB, {service_catalog:.1} calls of Service Catalog (up to
four more where none ends in the same minutes as another, which shares what is looked up for both).

{accounts}
"
    )
}

fn table(bill: &[Line]) -> String {
    let mut table = String::from("| | arithmetic | $ |\n| --- | --- | --- |\n");
    for Line { service, arithmetic, dollars } in bill {
        table.push_str(&format!("| {service} | {arithmetic} | {dollars:.2} |\n"));
    }
    table + &format!("| | | **{:.2}** |", sum(bill))
}
