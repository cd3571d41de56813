//! The portfolio files that people upload, and what must come of each: told once more and
//! apart from what reads them.

use std::collections::BTreeSet;

use landing_zone::model::members;
use landing_zone::model::service_catalog::{ShareType, shares};
use vending::ledger::{BatchId, ObjectRef, PortfolioBatch, PortfolioOrder};
use vending::ports::{Clock, PortfolioOrders};

use crate::invariants::at_once;
use crate::invocation::Wake;
use crate::orders::OrderKey;
use crate::sim::Sim;

/// The account that no share with its unit reaches, by its name and its id.
pub const UNREACHED: (&str, &str) = ("old-intranet", "666677778888");

/// More orders than any of the files comes to.
const MOST_ORDERS: u64 = 10;

const WEBSHOP: &str = "555566667777";
const NETWORK: &str = "port-network000001";
const SECURITY: &str = "port-security00001";
const WORKLOADS: &str = "ou-aaaa-work0001";

/// A portfolio file: its text, and the shares and the accounts of each that must come of it.
struct Shape {
    extension: &'static str,
    text: &'static str,
    /// Portfolio, unit, and the accounts to use it in; nothing of a file that is refused.
    shares: &'static [(&'static str, &'static str, &'static [&'static str])],
}

/// The files. The last two are refused: one account is none, and one is no JSON.
const SHAPES: [Shape; 7] = [
    Shape {
        extension: "json",
        text: r#"{"OU_ID": "ou-aaaa-work0001", "PortID": "port-network000001", "DestinationAccountIDs": ["555566667777"]}"#,
        shares: &[(NETWORK, WORKLOADS, &[WEBSHOP])],
    },
    Shape {
        extension: "csv",
        text: "PortfolioId,OrgUnit,AccountId\n\
               port-network000001,Workloads (ou-aaaa-work0001),555566667777\n\
               port-security00001,Infrastructure,444455556666\n\
               port-network000001,ou-aaaa-sandbox1,\n",
        shares: &[
            (NETWORK, WORKLOADS, &[WEBSHOP]),
            (SECURITY, "ou-aaaa-infra001", &["444455556666"]),
            (NETWORK, "ou-aaaa-sandbox1", &[]),
        ],
    },
    Shape {
        extension: "json",
        text: r#"[{"OU_ID": "ou-aaaa-legacy01", "PortID": "port-network000001", "DestinationAccountIDs": ["666677778888"]},
                  {"OU_ID": "ou-aaaa-work0002", "PortID": "port-network000001", "DestinationAccountIDs": ["555566667777"]}]"#,
        shares: &[
            (NETWORK, "ou-aaaa-legacy01", &[UNREACHED.1]),
            (NETWORK, "ou-aaaa-work0002", &[WEBSHOP]),
        ],
    },
    Shape {
        extension: "csv",
        text: "PortfolioId,OrgUnit,AccountId\n\
               port-security00001,Security,222233334444\n\
               port-security00001,Security,333344445555\n",
        shares: &[(SECURITY, "ou-aaaa-sec00001", &["222233334444", "333344445555"])],
    },
    Shape {
        extension: "csv",
        text: "PortfolioId,OrgUnit,AccountId\nport-security00001,Legacy,\n",
        shares: &[(SECURITY, "ou-aaaa-legacy01", &[])],
    },
    Shape {
        extension: "csv",
        text: "PortfolioId,OrgUnit,AccountId\n\
               port-security00001,Workloads,555566667777\n\
               port-security00001,Workloads,999999999999\n",
        shares: &[],
    },
    Shape { extension: "json", text: "{\"OU_ID\": \"ou-aaaa-work0001\"", shares: &[] },
];

/// The file that shares with three units, for two accounts.
pub const THREE_SHARES: usize = 1;

/// How many files there are.
pub const FILES: usize = SHAPES.len();

/// Whether one of the files names the account.
pub fn names(account: &str) -> bool {
    accounts().contains(account)
}

/// The accounts that the files name.
fn accounts() -> BTreeSet<&'static str> {
    let shares = SHAPES.iter().flat_map(|shape| shape.shares);
    shares.flat_map(|(_, _, accounts)| *accounts).copied().collect()
}

/// A portfolio file that was uploaded.
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// Where it is.
    pub object: ObjectRef,
    /// Which of the files.
    shape: usize,
}

impl UploadedFile {
    /// Its batch's id.
    pub fn id(&self) -> BatchId {
        BatchId::of(&self.object)
    }

    /// Whether it is to be taken.
    pub fn is_sound(&self) -> bool {
        !SHAPES[self.shape].shares.is_empty()
    }

    /// The orders that must come of it.
    pub fn expected(&self) -> BTreeSet<OrderKey> {
        let shares = SHAPES[self.shape].shares.iter();
        let keys = shares.flat_map(|(portfolio, unit, accounts)| {
            let own = std::iter::once(None).chain(accounts.iter().map(Some));
            own.map(|account| OrderKey::of(portfolio, unit, account.copied()))
        });
        keys.collect()
    }

    /// The rows of its results file: each account, and each share without any.
    pub fn rows(&self) -> BTreeSet<OrderKey> {
        let shares = SHAPES[self.shape].shares;
        let alone = |key: &OrderKey| {
            let of = |share: &&(&str, &str, &[&str])| {
                (share.0, share.1) == (key.portfolio(), key.unit())
            };
            shares.iter().find(of).is_some_and(|(_, _, accounts)| accounts.is_empty())
        };
        self.expected().into_iter().filter(|key| key.account().is_some() || alone(key)).collect()
    }
}

impl Sim {
    pub(crate) fn upload_portfolios(&mut self, which: usize) {
        let shape = which % FILES;
        let Shape { extension, text, .. } = &SHAPES[shape];
        // A few keys, so that some uploads are new versions of others.
        let key = format!("in/portfolios-{}.{extension}", self.portfolios.files.len() % 2);
        let known = self.portfolios.files.iter().any(|file| file.shape == shape);
        self.coverage.happened(match known {
            true => "portfolio file of the same content uploaded",
            false => "portfolio file uploaded",
        });
        self.say(|| format!("{key} is uploaded: portfolio file {shape}"));
        let object = self.world.upload(&key, *text);
        self.deliver_later(Wake::Upload(object.clone()));
        self.portfolios.files.push(UploadedFile { object, shape });
    }

    /// The event of a portfolio file comes once more.
    pub(crate) fn upload_portfolios_again(&mut self, which: usize) {
        let Some(index) = which.checked_rem(self.portfolios.files.len()) else { return };
        self.coverage.happened("file uploaded again");
        self.deliver_later(Wake::Upload(self.portfolios.files[index].object.clone()));
    }

    /// The batch of a portfolio file, as the ledger has it.
    pub(crate) fn portfolio_batch(&self, id: &BatchId) -> Option<PortfolioBatch> {
        at_once(self.world.ledger.portfolio_batch(id))?.ok()?
    }

    /// The orders of the file in the ledger, those too that no batch lists yet.
    pub(crate) fn orders_of(&self, file: &UploadedFile) -> Vec<PortfolioOrder> {
        let batch = PortfolioBatch::new(&file.object, self.world.zone.now());
        let batch = PortfolioBatch { orders: MOST_ORDERS, ..batch };
        at_once(self.world.ledger.orders(&batch)).and_then(Result::ok).unwrap_or_default()
    }

    /// Every order in the ledger: what it is about, and its status.
    pub(crate) fn ordered(&self) -> Vec<(OrderKey, String)> {
        let orders = self.portfolios.files.iter().flat_map(|file| self.orders_of(file));
        orders.map(|it| (OrderKey::of_order(&it), it.status().to_string())).collect()
    }

    /// All shares with units, and all associations in the accounts that were there from the
    /// start: what nobody may take away.
    pub(crate) fn given(&self) -> BTreeSet<[String; 3]> {
        let units = |zone: &landing_zone::Zone, portfolio: &str| {
            let all = shares(zone, portfolio, ShareType::OrganizationalUnit).unwrap_or_default();
            all.iter().map(|share| share.target.id().to_owned()).collect::<Vec<_>>()
        };
        self.world.zone.with(|zone| {
            let mut given = BTreeSet::new();
            for portfolio in [NETWORK, SECURITY] {
                let shared = units(zone, portfolio).into_iter();
                given.extend(shared.map(|unit| [portfolio.to_owned(), unit, String::new()]));
                for account in accounts() {
                    let all = members::principals(zone, account, portfolio).into_iter().flatten();
                    given.extend(all.map(|it| {
                        [portfolio.to_owned(), account.to_owned(), it.principal.clone()]
                    }));
                }
            }
            given
        })
    }
}
