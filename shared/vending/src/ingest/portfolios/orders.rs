//! From a sound portfolio file to its orders: one for each share of a portfolio with a unit,
//! then one for each account.

use std::collections::HashMap;

use super::facts::Facts;
use crate::account::OrganizationalUnit;
use crate::ledger::{Aim, BatchId, OrderState, Portfolio, PortfolioOrder, Progress, RowPlace};
use crate::portfolio_file::Sound;

/// The orders of a file without faults, by their numbers.
pub(super) fn of(batch: &BatchId, sound: &[Sound<'_>], facts: &Facts) -> Vec<PortfolioOrder> {
    let mut making = Making { batch, orders: Vec::new(), shares: HashMap::new() };
    let resolved: Vec<Resolved<'_>> = resolved(sound, facts).collect();
    for share in &resolved {
        making.share(share);
    }
    for share in &resolved {
        making.accounts(share);
    }
    making.orders
}

/// A share with what its texts name, and the row of its first account or its own.
struct Resolved<'a> {
    sound: &'a Sound<'a>,
    portfolio: &'a Portfolio,
    unit: &'a OrganizationalUnit,
    row: u64,
}

fn resolved<'a>(sound: &'a [Sound<'a>], facts: &'a Facts) -> impl Iterator<Item = Resolved<'a>> {
    let mut next = 0;
    sound.iter().filter_map(move |sound| {
        let row = next;
        next += sound.accounts.len().max(1) as u64;
        let portfolio = facts.portfolio(&sound.portfolio.text)?;
        let unit = facts.unit(&sound.unit.0.text)?;
        Some(Resolved { sound, portfolio, unit, row })
    })
}

struct Making<'a> {
    batch: &'a BatchId,
    orders: Vec<PortfolioOrder>,
    /// The numbers of the shares, by portfolio and unit.
    shares: HashMap<(&'a str, &'a str), u64>,
}

impl<'a> Making<'a> {
    /// One order for each portfolio and unit, however many rows name them.
    fn share(&mut self, share: &Resolved<'a>) {
        let key = (share.portfolio.id.as_str(), share.unit.id.as_str());
        let line = share.sound.asked.line;
        let bare = share.sound.accounts.is_empty();
        let place = bare.then_some(RowPlace { row: share.row, line });
        if let Some(number) = self.shares.get(&key) {
            let known = self.orders.iter_mut().find(|order| order.number == *number);
            if let Some(order) = known {
                order.place = order.place.or(place);
            }
            return;
        }
        let aim = Aim::Share { progress: Progress::NEW, unreached: Vec::new() };
        let number = self.add(share, place, aim);
        self.shares.insert(key, number);
    }

    fn accounts(&mut self, share: &Resolved<'a>) {
        let key = (share.portfolio.id.as_str(), share.unit.id.as_str());
        let Some(number) = self.shares.get(&key).copied() else { return };
        for (place, (account, located)) in (share.row..).zip(&share.sound.accounts) {
            let place = RowPlace { row: place, line: located.line };
            let aim = Aim::Use { account: account.clone(), share: number, steps: Vec::new() };
            self.add(share, Some(place), aim);
        }
    }

    fn add(&mut self, share: &Resolved<'a>, place: Option<RowPlace>, aim: Aim) -> u64 {
        let number = self.orders.len() as u64;
        self.orders.push(PortfolioOrder {
            batch: self.batch.clone(),
            number,
            place,
            portfolio: share.portfolio.clone(),
            unit: share.unit.clone(),
            aim,
            state: OrderState::Configuring,
            told: false,
            version: 1,
        });
        number
    }
}
