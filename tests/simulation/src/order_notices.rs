//! What people are told of portfolio files, in notices and in results files.

use std::collections::BTreeSet;

use landing_zone::model::topics::Message;
use vending::ledger::{PortfolioOrder, Status};

use crate::orders::{OrderKey, of};
use crate::portfolio_files::UploadedFile;
use crate::sim::Sim;
use crate::violation::{Checked, Violation, holds};

impl Sim {
    /// Takes in one notice, if it is of a portfolio file.
    ///
    /// # Errors
    /// When it is not true.
    pub(crate) fn told_of_portfolios(&mut self, message: &Message) -> Checked {
        let subject = message.subject.as_deref().unwrap_or_default();
        let about = subject.strip_prefix("Vend: portfolio file ");
        let Some((id, says)) = about.and_then(|about| about.split_once([' ', ':'])) else {
            return Ok(());
        };
        let file = self.portfolios.files.iter().find(|file| file.id().as_str() == id).cloned();
        let file = file.ok_or_else(|| Violation::new(format!("told of no file: {subject}")))?;
        let orders = self.orders_of(&file);
        let said = Said::of(says.trim());
        let listed = listed(&orders, &message.body);
        let so = said.is_so(says.trim(), &file, &orders, listed.as_deref());
        holds(so, || format!("told what is not so: {subject}, {}, of {orders:?}", message.body))?;
        if said == Said::Complete {
            self.file_says_each_end(&file)?;
        }
        let told = listed.into_iter().flatten().map(|key| (file.id(), key));
        self.portfolios.told.extend(told.filter(|_| said == Said::Failed));
        self.portfolios.said.insert((file.id(), said));
        Ok(())
    }

    /// The results file has the rows of the file, and how each has ended.
    ///
    /// # Errors
    /// When it has not.
    pub(crate) fn file_says_each_end(&self, file: &UploadedFile) -> Checked {
        let rows = self.rows_of_portfolios(file)?;
        let orders = self.orders_of(file);
        let says_so = |row: &(OrderKey, String, bool)| {
            let order = orders.iter().find(|order| OrderKey::of_order(order) == row.0);
            order.is_some_and(|order| {
                let status = order.status();
                status != Status::Configuring
                    && row.1 == status.as_str()
                    && row.2 == (status == Status::Failed)
            })
        };
        let keys: BTreeSet<OrderKey> = rows.iter().map(|(key, _, _)| key.clone()).collect();
        let whole = keys == file.rows() && rows.len() == keys.len();
        holds(whole && rows.iter().all(says_so), || {
            format!("the results file of {} says otherwise: {rows:?}, {orders:?}", file.id())
        })
    }

    /// The rows of its results file: what each is about, its status, and whether it has an error.
    fn rows_of_portfolios(
        &self,
        file: &UploadedFile,
    ) -> Result<Vec<(OrderKey, String, bool)>, Violation> {
        let content = self.content_of(&file.object.bucket, &file.id()).unwrap_or_default();
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
        let mut reader = csv::Reader::from_reader(content);
        let row = |record: Result<csv::StringRecord, csv::Error>| {
            let record = record
                .map_err(|error| Violation::new(format!("a results file is broken: {error}")))?;
            let cell = |index: usize| record.get(index).unwrap_or_default();
            let unit = cell(1).rsplit_once('(').map_or(cell(1), |(_, id)| id.trim_end_matches(')'));
            let key = OrderKey::of(cell(0), unit, Some(cell(2)));
            Ok((key, cell(3).to_owned(), !cell(4).is_empty()))
        };
        reader.records().map(row).collect()
    }
}

/// What is said of a portfolio file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// It was taken.
    Taken,
    /// It was refused.
    Refused,
    /// Something of it failed.
    Failed,
    /// All of it has ended.
    Complete,
}

impl Said {
    /// By the end of a notice's subject.
    fn of(says: &str) -> Self {
        match says {
            "taken" => Self::Taken,
            "refused" => Self::Refused,
            says if says.starts_with("complete") => Self::Complete,
            _ => Self::Failed,
        }
    }

    /// Whether it is true of the file, whose failed orders are `listed`.
    fn is_so(
        self,
        says: &str,
        file: &UploadedFile,
        orders: &[PortfolioOrder],
        listed: Option<&[OrderKey]>,
    ) -> bool {
        let (ready, failed) = (of(orders, Status::Ready).len(), of(orders, Status::Failed).len());
        match self {
            Self::Taken => file.is_sound() && orders.len() == file.expected().len(),
            Self::Refused => !file.is_sound() && orders.is_empty(),
            Self::Failed => listed.is_some_and(|listed| {
                !listed.is_empty() && says == format!("{} failed", listed.len())
            }),
            Self::Complete => {
                ready + failed == file.expected().len()
                    && listed.is_some_and(|listed| listed.len() == failed)
                    && says == format!("complete: {ready} ready, {failed} failed")
            }
        }
    }
}

/// The failed orders that a notice lists, if each line of an order is that of a failed one.
fn listed(orders: &[PortfolioOrder], body: &str) -> Option<Vec<OrderKey>> {
    let failed = of(orders, Status::Failed);
    let of_order =
        |line: &&str| [" in account ", " for the unit "].iter().any(|it| line.contains(it));
    let lines = body.lines().filter(|line| line.starts_with("- ")).filter(of_order);
    let named = |line: &str| failed.iter().find(|key| line.contains(&key.in_notices())).cloned();
    lines.map(named).collect()
}
