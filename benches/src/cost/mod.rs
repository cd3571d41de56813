//! What Vend costs, by service: the arithmetic behind the section of `infra/README.md`.

mod counts;
mod page;
mod prices;

pub use counts::{ACCOUNT, BUSY_MINUTE, IDLE_MINUTE, Paid};
pub use page::{BEGINS, ENDS, page};

use prices::{
    ALARM, DASHBOARD, EMAIL, KEY_REQUEST, LAMBDA_GB_SECOND, LAMBDA_REQUESTS, LOG_GB, METRIC,
    READ_UNIT, S3_GET, S3_PUT, SERVICE_CATALOG_CALL, TRACE, WRITE_UNIT,
};

use crate::Figures;

/// Minutes of a month of 30 days.
const MONTH: f64 = 43_200.0;
/// Accounts that are reckoned with.
const ACCOUNTS: f64 = 1_000.0;
/// Minutes that they take, five at a time and half an hour each.
const MINUTES: f64 = ACCOUNTS / 5.0 * 30.0;
/// Memory of a function, in GB (`infra/template.yaml`).
const MEMORY: f64 = 0.25;
/// Seconds of an idle tick: an assumption.
const TICK: f64 = 0.1;
/// Seconds of another invocation: an assumption.
const INVOCATION: f64 = 1.0;
/// Seconds for which a tick stays with an account, at most.
const STAYS: f64 = 120.0;
/// Units of writing an item: up to 3 kB, and its copy in the index of open work.
const WRITE_UNITS: f64 = 6.0;
/// Units of a transaction: an entry twice, and up to two small items twice.
const TRANSACTION_UNITS: f64 = 2.0 * WRITE_UNITS + 4.0;

/// One line of the bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The service.
    pub service: &'static str,
    /// How it comes about.
    pub arithmetic: String,
    /// US dollars.
    pub dollars: f64,
}

fn line(service: &'static str, dollars: f64, arithmetic: String) -> Line {
    Line { service, arithmetic, dollars }
}

/// The bill of a month in which nothing happens.
#[must_use]
pub fn idle_month() -> Vec<Line> {
    let ticks = IDLE_MINUTE.invocations * MONTH;
    let (reads, writes) = (IDLE_MINUTE.reads * MONTH, IDLE_MINUTE.writes * MONTH);
    let lambda = ticks * LAMBDA_REQUESTS + ticks * TICK * MEMORY * LAMBDA_GB_SECOND;
    let key = 2.0 * 12.0 * 720.0;
    vec![
        line("dashboard", DASHBOARD, "1 × 3.00".into()),
        line("metrics", 7.0 * METRIC, "5 of each tick and 2 of its calls, 7 × 0.30".into()),
        line("alarms", 10.0 * ALARM, "10 × 0.10".into()),
        line("X-Ray", ticks * TRACE, format!("{} traces × 5.00 / million", whole(ticks))),
        line("logs", 0.11 * LOG_GB, "about 2.5 kB a minute, 0.11 GB × 0.50".into()),
        line(
            "key of the tables",
            key * KEY_REQUEST,
            format!("2 tables × 12 an hour × 720 h = {} requests × 0.03 / 10,000", whole(key)),
        ),
        line(
            "Lambda",
            lambda,
            format!(
                "{} × 0.20 / million + {} × {TICK} s × {MEMORY} GB × 0.0000133334",
                whole(ticks),
                whole(ticks)
            ),
        ),
        line(
            "DynamoDB",
            reads * READ_UNIT + writes * WRITE_UNIT,
            format!(
                "{} reads × 0.125 / million + {} writes × 0.625 / million",
                whole(reads),
                whole(writes)
            ),
        ),
    ]
}

/// The bill of a thousand accounts, besides that of the month they are made in.
#[must_use]
pub fn thousand_accounts() -> Vec<Line> {
    let all = |each: f64| each * ACCOUNTS;
    let hours = MINUTES / 60.0;
    let (invocations, calls) = (all(ACCOUNT.invocations), all(ACCOUNT.service_catalog));
    let more_reads = (BUSY_MINUTE.reads - IDLE_MINUTE.reads).max(0.0) * MINUTES;
    let reads = all(ACCOUNT.reads) + more_reads;
    let writes = all(ACCOUNT.writes * WRITE_UNITS + ACCOUNT.transactions * TRANSACTION_UNITS);
    let lambda =
        invocations * LAMBDA_REQUESTS + invocations * INVOCATION * MEMORY * LAMBDA_GB_SECOND;
    let (emails, gets, puts) = (all(ACCOUNT.notices), all(ACCOUNT.gets), all(ACCOUNT.puts));
    vec![
        line(
            "Service Catalog",
            calls * SERVICE_CATALOG_CALL,
            format!("{} calls × 0.0007", whole(calls)),
        ),
        line(
            "metrics",
            19.0 * METRIC * hours / 720.0,
            format!(
                "up to 19 more for {} of 720 hours, 19 × 0.30 × {} / 720",
                whole(hours),
                whole(hours)
            ),
        ),
        line(
            "Lambda, while `handover` stays with access under way",
            all(STAYS) * MEMORY * LAMBDA_GB_SECOND,
            format!("up to two minutes for each: 1,000 × {STAYS} s × {MEMORY} GB × 0.0000133334"),
        ),
        line(
            "DynamoDB",
            reads * READ_UNIT + writes * WRITE_UNIT,
            format!(
                "{} reads × 0.125 / million + {} units of writing × 0.625 / million",
                whole(reads),
                whole(writes)
            ),
        ),
        line("logs", 0.05 * LOG_GB, "about 50 kB for each, 0.05 GB × 0.50".into()),
        line("e-mails", emails * EMAIL, format!("{} × 2.00 / 100,000", whole(emails))),
        line(
            "X-Ray",
            invocations * TRACE,
            format!("{} traces × 5.00 / million", whole(invocations)),
        ),
        line(
            "Lambda",
            lambda,
            format!(
                "{} × 0.20 / million + {} × {INVOCATION} s × {MEMORY} GB × 0.0000133334",
                whole(invocations),
                whole(invocations)
            ),
        ),
        line(
            "S3",
            gets * S3_GET + puts * S3_PUT,
            format!(
                "{} results files written × 5.00 / million, {} read × 0.40 / million",
                whole(puts),
                whole(gets)
            ),
        ),
    ]
}

/// The sum of a bill.
#[must_use]
pub fn sum(bill: &[Line]) -> f64 {
    bill.iter().map(|line| line.dollars).sum()
}

/// A number without decimals, in groups of three digits.
fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// Adds what it costs to the figures.
///
/// # Errors
/// None: it is arithmetic alone.
pub fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    figures.add("of an idle month", sum(&idle_month()), "$");
    figures.add("of 1,000 accounts", sum(&thousand_accounts()), "$");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(
            [999.0, 1_000.0, 86_400.0, 1_234_567.4].map(whole),
            ["999", "1,000", "86,400", "1,234,567"]
        );
    }
}
