//! Notices about a portfolio file.

use super::about::place;
use super::batch::list;
use super::{About, Notice, NoticeKind};
use crate::file::Fault;
use crate::ledger::{Aim, PortfolioBatch, PortfolioOrder, Status, Timestamp, Unreached};

/// Orders listed in a notice; the results file has them all.
const ORDERS_LISTED: usize = 200;

/// What a portfolio file asks for is in the ledger.
#[must_use]
pub fn portfolios_taken(batch: &PortfolioBatch, orders: &[PortfolioOrder]) -> Notice {
    let shares = orders.iter().filter(|order| order.account().is_none()).count();
    let accounts = orders.len() - shares;
    let body = format!(
        "The portfolio file {file:?} was taken as batch {id}.\n\n\
         Shares with organizational units: {shares}\nAccounts in which the portfolio is to be usable: {accounts}\n\n\
         What it means: each portfolio is shared with its unit, then the stack's principals get to use it in the accounts. \
         What is there already stays as it is. What becomes of each row is written to {results} as it ends.\n\
         What to do: nothing.\n",
        file = batch.object.key,
        id = batch.id,
        results = results(batch),
    );
    let subject = format!("portfolio file {} taken", batch.id);
    Notice::new(NoticeKind::BatchTaken, &subject, body, about(batch))
}

/// A portfolio file was refused; nothing of it is done.
#[must_use]
pub fn portfolios_refused(batch: &PortfolioBatch, faults: &[Fault]) -> Notice {
    let body = format!(
        "The portfolio file {file:?} was refused. Nothing of it is done.\n\n{count} {word}:\n{list}\n\
         What it means: nothing was changed; what was asked for before goes on.\n\
         What to do: correct the file and upload it again. The faults are also in {results}.\n",
        file = batch.object.key,
        count = faults.len(),
        word = if faults.len() == 1 { "fault" } else { "faults" },
        list = list(faults),
        results = results(batch),
    );
    let subject = format!("portfolio file {} refused", batch.id);
    let about = About { refused: Some(batch.rows), ..about(batch) };
    Notice::new(NoticeKind::BatchRefused, &subject, body, about)
}

/// Something that a portfolio file asks for failed.
#[must_use]
pub fn portfolios_failed(batch: &PortfolioBatch, failed: &[&PortfolioOrder]) -> Notice {
    let body = format!(
        "Of the portfolio file {file:?} (batch {id}) {count} {word} failed:\n{list}\n\
         What it means: the portfolio is not there, or nobody can launch from it. The rest of the file goes on.\n\
         What to do: mend what each message names, then upload the file again; what is there already stays as it is.\n",
        file = batch.object.key,
        id = batch.id,
        count = failed.len(),
        word = if failed.len() == 1 { "thing" } else { "things" },
        list = listed(failed),
    );
    let subject = format!("portfolio file {}: {} failed", batch.id, failed.len());
    let about = About { failed: Some(failed.len() as u64), ..about(batch) };
    Notice::new(NoticeKind::PortfoliosFailed, &subject, body, about)
}

/// All that a portfolio file asks for has ended.
#[must_use]
pub fn portfolios_complete(
    batch: &PortfolioBatch,
    orders: &[PortfolioOrder],
    now: Timestamp,
) -> Notice {
    let failed: Vec<&PortfolioOrder> = of(orders, Status::Failed).collect();
    let ready = of(orders, Status::Ready).count();
    let took = now - batch.received_at;
    let body = format!(
        "Portfolio file {id} is complete: {ready} ready, {count} failed, after {hours} h {minutes:02} min.\n\n\
         {failures}{unreached}\
         What it means: nothing more happens to this file by itself.\n{remedy}\
         What became of every row of the file is in {results}.\n",
        id = batch.id,
        count = failed.len(),
        hours = took.num_hours(),
        minutes = took.num_minutes() % 60,
        failures = if failed.is_empty() { String::new() } else { format!("{}\n", listed(&failed)) },
        unreached = unreached(orders),
        remedy = match failed.len() {
            0 => "What to do: nothing.\n",
            _ =>
                "What to do: mend what each message names, then upload the file again; what is there already stays as it is.\n",
        },
        results = results(batch),
    );
    let subject =
        format!("portfolio file {} complete: {ready} ready, {} failed", batch.id, failed.len());
    let counts = (Some(ready as u64), Some(failed.len() as u64));
    let about = About { ready: counts.0, failed: counts.1, ..about(batch) };
    Notice::new(NoticeKind::PortfoliosComplete, &subject, body, about)
}

fn of(orders: &[PortfolioOrder], status: Status) -> impl Iterator<Item = &PortfolioOrder> {
    orders.iter().filter(move |order| order.status() == status)
}

fn about(batch: &PortfolioBatch) -> About {
    About {
        batch: Some(batch.id.to_string()),
        rows: Some(batch.rows),
        results: Some(results(batch)),
        ..About::default()
    }
}

fn results(batch: &PortfolioBatch) -> String {
    place(&batch.as_batch())
}

fn listed(failed: &[&PortfolioOrder]) -> String {
    let lines = failed.iter().take(ORDERS_LISTED);
    let mut text: String = lines.map(|order| line(order)).collect();
    if failed.len() > ORDERS_LISTED {
        text.push_str(&format!("… and {} more\n", failed.len() - ORDERS_LISTED));
    }
    text
}

fn line(order: &PortfolioOrder) -> String {
    let PortfolioOrder { portfolio, unit, .. } = order;
    let what = match order.account() {
        Some(account) => format!("{} in account {account}", portfolio.id),
        None => format!("{} for the unit {unit}", portfolio.id),
    };
    let row = order.place.map(|place| format!("line {}, ", place.line)).unwrap_or_default();
    format!("- {row}{what}: {}\n", order.error())
}

/// The accounts that shares did not reach, those that the file does not name too.
fn unreached(orders: &[PortfolioOrder]) -> String {
    let mut lines = String::new();
    for order in orders {
        let Aim::Share { unreached, .. } = &order.aim else { continue };
        for Unreached { account, reason } in unreached.iter().take(ORDERS_LISTED) {
            lines.push_str(&format!("- {} for {account}: {reason}\n", order.portfolio.id));
        }
    }
    match lines.is_empty() {
        true => lines,
        false => format!("Accounts of the units that the shares did not reach:\n{lines}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountId, OrganizationalUnit};
    use crate::failure::{Failure, FailureKind};
    use crate::ledger::{OrderState, Portfolio, Progress, RowPlace};
    use crate::testing::{self, at, shown};

    fn batch() -> PortfolioBatch {
        let batch = PortfolioBatch::new(&testing::object(), at(0));
        PortfolioBatch { rows: 1, orders: 2, version: 1, ..batch }
    }

    fn account() -> AccountId {
        AccountId::new("111122223333").unwrap()
    }

    fn order(number: u64, aim: Aim, state: OrderState) -> PortfolioOrder {
        PortfolioOrder {
            batch: batch().id,
            number,
            place: (number > 0).then_some(RowPlace { row: 0, line: 2 }),
            portfolio: Portfolio { id: "port-1".into(), name: "Network".into() },
            unit: OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-sandbox1".into() },
            aim,
            state,
            told: false,
            version: 1,
        }
    }

    fn orders() -> [PortfolioOrder; 2] {
        let unreached =
            vec![Unreached { account: account(), reason: "InternalFailure: no".into() }];
        let share = Aim::Share { progress: Progress::Done, unreached };
        let usage = Aim::Use { account: account(), share: 0, steps: Vec::new() };
        let failure = Failure::new(FailureKind::ShareIncomplete, "InternalFailure: no");
        [order(0, share, OrderState::Ready), order(1, usage, OrderState::Failed { failure })]
    }

    #[test]
    fn the_notices_say_what_happened_what_it_means_and_what_to_do() {
        let orders = orders();
        let fault = Fault::of_row(3, "is odd", "even").at("$.PortID").quoting("\u{1b}x");
        let notices = [
            portfolios_taken(&batch(), &orders),
            portfolios_refused(&batch(), &[fault]),
            portfolios_failed(&batch(), &[&orders[1]]),
            portfolios_complete(&batch(), &orders, at(3_720)),
        ];
        let all: Vec<String> = notices.iter().map(shown).collect();
        insta::assert_snapshot!(all.join("\n----\n"));
    }

    #[test]
    fn long_lists_are_cut_and_counted() {
        let [_, failed] = orders();
        let told = |many: usize| portfolios_failed(&batch(), &vec![&failed; many]).body;
        assert!(told(ORDERS_LISTED + 1).contains("\n… and 1 more\n"));
        assert!(!told(ORDERS_LISTED).contains(" more\n"));
    }
}
