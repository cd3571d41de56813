//! The results file of a portfolio file that was taken: a row for each account and for each
//! share without any, as the ledger has it. It is a portfolio file itself.

use super::refusal::header;
use crate::account::AccountId;
use crate::file::table;
use crate::ledger::{Aim, OrderState, PortfolioOrder, Step, Unreached};

/// Writes the results of the orders that are rows of the file, in its order.
#[must_use]
pub fn write_results(orders: &[PortfolioOrder]) -> Vec<u8> {
    let mut rows: Vec<&PortfolioOrder> = orders.iter().filter(|it| it.place.is_some()).collect();
    rows.sort_by_key(|order| order.place);
    let rows: Vec<[String; 6]> = rows.into_iter().map(row).collect();
    let cells = rows.iter().map(|row| row.each_ref().map(String::as_str));
    table(std::iter::once(header()).chain(cells))
}

fn row(order: &PortfolioOrder) -> [String; 6] {
    [
        order.portfolio.id.clone(),
        order.unit.to_string(),
        order.account().map_or("", AccountId::as_str).to_owned(),
        order.status().to_string(),
        order.error(),
        outcome(order),
    ]
}

/// What became of an order, in words.
fn outcome(order: &PortfolioOrder) -> String {
    match (&order.state, &order.aim) {
        (OrderState::Configuring, _) => "taken".to_owned(),
        (OrderState::Failed { .. }, Aim::Share { .. }) => "not shared".to_owned(),
        (OrderState::Failed { .. }, Aim::Use { .. }) => "not usable in the account".to_owned(),
        (OrderState::Ready, Aim::Share { unreached, .. }) if unreached.is_empty() => {
            "shared with the unit".to_owned()
        }
        (OrderState::Ready, Aim::Share { unreached, .. }) => {
            let accounts: Vec<&str> = unreached.iter().map(unreached_id).collect();
            format!("shared with the unit, but not with {}", accounts.join(", "))
        }
        (OrderState::Ready, Aim::Use { steps, .. }) => {
            let given: Vec<String> = steps.iter().map(Step::describe).collect();
            format!("given: {}", given.join("; "))
        }
    }
}

fn unreached_id(unreached: &Unreached) -> &str {
    unreached.account.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::OrganizationalUnit;
    use crate::failure::{Failure, FailureKind};
    use crate::ledger::{BatchId, Portfolio, Progress};
    use crate::testing;

    #[test]
    fn what_became_of_an_order_is_told_in_words() {
        let account = AccountId::new("111122223333").unwrap();
        let share = |accounts: &[&AccountId]| Aim::Share {
            progress: Progress::Done,
            unreached: accounts
                .iter()
                .map(|it| Unreached { account: (*it).clone(), reason: "no".into() })
                .collect(),
        };
        let usage =
            Aim::Use { account: account.clone(), share: 0, steps: testing::steps(&Progress::Done) };
        let failed =
            || OrderState::Failed { failure: Failure::new(FailureKind::ShareFailed, "no") };
        let told = |aim: &Aim, state: OrderState| {
            outcome(&PortfolioOrder {
                batch: BatchId("b".into()),
                number: 0,
                place: None,
                portfolio: Portfolio { id: "port-1".into(), name: "Network".into() },
                unit: OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-sandbox1".into() },
                aim: aim.clone(),
                state,
                told: false,
                version: 1,
            })
        };
        assert_eq!(told(&share(&[]), OrderState::Configuring), "taken");
        assert_eq!(told(&share(&[]), failed()), "not shared");
        assert_eq!(told(&usage, failed()), "not usable in the account");
        assert_eq!(told(&share(&[]), OrderState::Ready), "shared with the unit");
        let but = told(&share(&[&account]), OrderState::Ready);
        assert_eq!(but, "shared with the unit, but not with 111122223333");
        assert!(told(&usage, OrderState::Ready).starts_with("given: "));
    }
}
