//! What holds of the orders of portfolio files: at every write, and when all has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use landing_zone::model::service_catalog::{ShareType, shares};
use vending::failure::FailureKind;
use vending::ledger::{BatchId, OrderState, PortfolioOrder, Status};

use crate::asking::is_open;
use crate::order_notices::Said;
use crate::portfolio_files::{UNREACHED, UploadedFile};
use crate::sim::Sim;
use crate::violation::{Checked, holds};

/// The calls by which orders change, and what is given by them.
const CHANGING: [&str; 6] = [
    "place_orders",
    "save_order",
    "save_portfolio_batch",
    "share_with_unit",
    "associate",
    "publish",
];

/// What an order is about: the portfolio, the unit, and the account, if any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey([String; 3]);

impl OrderKey {
    /// The share with the unit, or its use in the account.
    pub fn of(portfolio: &str, unit: &str, account: Option<&str>) -> Self {
        Self([portfolio, unit, account.unwrap_or_default()].map(str::to_owned))
    }

    /// Of that order.
    pub fn of_order(order: &PortfolioOrder) -> Self {
        let account = order.account().map(vending::account::AccountId::as_str);
        Self::of(&order.portfolio.id, &order.unit.id, account)
    }

    /// The portfolio's id.
    pub fn portfolio(&self) -> &str {
        &self.0[0]
    }

    /// The unit's id.
    pub fn unit(&self) -> &str {
        &self.0[1]
    }

    /// The account.
    pub fn account(&self) -> Option<&str> {
        Some(self.0[2].as_str()).filter(|account| !account.is_empty())
    }

    /// How a notice of failures names it.
    pub(crate) fn in_notices(&self) -> String {
        match self.account() {
            Some(account) => format!("{} in account {account}: ", self.portfolio()),
            None => format!("({}): ", self.unit()),
        }
    }
}

/// What is known of portfolio files.
#[derive(Debug, Default)]
pub struct Portfolios {
    /// Those that were uploaded.
    pub files: Vec<UploadedFile>,
    /// Every order as it stood when it was last looked at.
    orders: BTreeMap<(BatchId, u64), PortfolioOrder>,
    /// The failures that somebody was told of.
    pub told: BTreeSet<(BatchId, OrderKey)>,
    /// What was said of each file.
    pub said: BTreeSet<(BatchId, Said)>,
    /// The shares and associations there were.
    given: BTreeSet<[String; 3]>,
}

impl Sim {
    /// Looks, after a call that may have changed something, at what has become of the orders.
    ///
    /// # Errors
    /// When one is not as it may be, or something that was given is gone.
    pub(crate) fn look_at_orders(&mut self, call: &str) -> Checked {
        if !CHANGING.contains(&call) || self.portfolios.files.is_empty() {
            return Ok(());
        }
        for file in self.portfolios.files.clone() {
            let (id, expected) = (file.id(), file.expected());
            for order in self.orders_of(&file) {
                let key = OrderKey::of_order(&order);
                holds(expected.contains(&key), || format!("nobody ordered {key:?} by {id}"))?;
                self.order_is_true(&order)?;
            }
            self.marks_are_true(&file)?;
        }
        let given = self.given();
        let gone = self.portfolios.given.difference(&given).next();
        holds(gone.is_none(), || format!("a share or an association is gone: {gone:?}"))?;
        self.portfolios.given = given;
        Ok(())
    }

    fn order_is_true(&mut self, order: &PortfolioOrder) -> Checked {
        let place = (order.batch.clone(), order.number);
        let before = self.portfolios.orders.insert(place, order.clone());
        if before.as_ref() == Some(order) {
            return Ok(());
        }
        let stayed = before.as_ref().is_none_or(|it| {
            it.status() == Status::Configuring || (&it.state, &it.aim) == (&order.state, &order.aim)
        });
        holds(stayed, || format!("an order that had ended is changed: {before:?}, {order:?}"))?;
        let key = OrderKey::of_order(order);
        holds(!order.told || self.portfolios.told.contains(&(order.batch.clone(), key)), || {
            format!("an order is marked as told, and nobody was: {order:?}")
        })?;
        if before.is_none_or(|it| it.status() != order.status()) {
            self.has_come_to(order)?;
        }
        Ok(())
    }

    /// What must be so of an order that has just come to its end.
    fn has_come_to(&mut self, order: &PortfolioOrder) -> Checked {
        let key = OrderKey::of_order(order);
        match &order.state {
            OrderState::Configuring => Ok(()),
            OrderState::Ready => {
                self.coverage.happened("portfolio order READY");
                holds(self.is_brought_about(&key), || {
                    format!("an order is READY, and the landing zone has it not: {key:?}")
                })
            }
            OrderState::Failed { failure } => {
                self.coverage.happened("portfolio order FAILED");
                // Told by the share itself, or found by looking where its outcome was not heard.
                let so =
                    matches!(failure.kind, FailureKind::ShareIncomplete | FailureKind::AccessBusy);
                holds(so && key.account() == Some(UNREACHED.1), || {
                    format!("an order is FAILED, which the landing zone never said: {order:?}")
                })
            }
        }
    }

    /// Whether the landing zone shows the portfolio shared with the unit or, where it is about
    /// an account, open to the role there.
    fn is_brought_about(&self, key: &OrderKey) -> bool {
        self.world.zone.with(|zone| {
            let all = shares(zone, key.portfolio(), ShareType::OrganizationalUnit);
            let shared = all.unwrap_or_default().iter().any(|it| it.target.id() == key.unit());
            shared && key.account().is_none_or(|account| is_open(zone, account, key.portfolio()))
        })
    }

    /// What the batch is marked as told was told.
    fn marks_are_true(&self, file: &UploadedFile) -> Checked {
        let id = file.id();
        let Some(batch) = self.portfolio_batch(&id) else { return Ok(()) };
        let said = |what| self.portfolios.said.contains(&(id.clone(), what));
        let first = if file.is_sound() { Said::Taken } else { Said::Refused };
        holds(!batch.announced || said(first), || format!("{batch:?}, and nobody was told"))?;
        let closed = !file.is_sound() || said(Said::Complete);
        holds(!batch.closed || closed, || format!("{batch:?} is closed, and nobody was told"))
    }

    /// Looks whether all that portfolio files ask for has come to its end, and was told.
    ///
    /// # Errors
    /// The first thing that has not.
    pub(crate) fn orders_rest(&self) -> Checked {
        for file in &self.portfolios.files {
            let (id, orders) = (file.id(), self.orders_of(file));
            let batch = self.portfolio_batch(&id);
            let told = batch.as_ref().is_some_and(|batch| batch.announced && batch.closed);
            holds(told, || format!("portfolio file {id} is not told: {batch:?} {orders:?}"))?;
            let keys: BTreeSet<OrderKey> = orders.iter().map(OrderKey::of_order).collect();
            holds(keys == file.expected(), || format!("not the orders of {id}: {orders:?}"))?;
            let open = of(&orders, Status::Configuring);
            holds(open.is_empty(), || format!("orders of {id} never end: {open:?}"))?;
            let untold = of(&orders, Status::Failed).into_iter();
            let untold = untold.map(|key| (id.clone(), key));
            let untold: Vec<_> = untold.filter(|it| !self.portfolios.told.contains(it)).collect();
            holds(untold.is_empty(), || format!("nobody was told of the failed {untold:?}"))?;
            if file.is_sound() {
                self.file_says_each_end(file)?;
            }
        }
        Ok(())
    }

    /// Whether nothing of a portfolio file is under way.
    pub(crate) fn orders_are_over(&self) -> bool {
        let batches = self.portfolios.files.iter().map(|file| self.portfolio_batch(&file.id()));
        batches.flatten().all(|batch| batch.closed)
    }
}

/// What the orders with that status are about.
pub(crate) fn of(orders: &[PortfolioOrder], status: Status) -> Vec<OrderKey> {
    orders.iter().filter(|order| order.status() == status).map(OrderKey::of_order).collect()
}
