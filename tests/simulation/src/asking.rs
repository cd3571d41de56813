//! What rows ask for of access, and what their accounts must have then: told once more and
//! apart from what reads the rows.

use std::collections::BTreeSet;

use landing_zone::Zone;
use landing_zone::model::members;
use landing_zone::model::service_catalog::portfolio_visible;
use vending::account::AccountId;
use vending::ledger::{BatchId, Entry, Status};

use crate::sim::{Sim, Uploaded};
use crate::violation::{Checked, holds};
use crate::world::name;

/// What the stack gives every account.
pub const ASSIGNED_BY_DEFAULT: [(&str, &str); 2] =
    [("Platform-Admins", "AWSAdministratorAccess"), ("Developers", "AWSReadOnlyAccess")];
/// The portfolio that the stack gives every account.
pub const SHARED_BY_DEFAULT: &str = "Network baseline";

/// A user whom rows ask for by name.
pub const ASKED_BY_NAME: &str = "john.smith";

/// The role of each account that every portfolio is opened to.
pub const OPEN_TO: &str = "deploy";

/// The ids of the portfolios that rows may ask for.
const NETWORK: &str = "port-network000001";
const SECURITY: &str = "port-security00001";

/// One way to ask.
struct Shape {
    /// The cells `Assignments`, `Portfolios` and `Defaults`.
    cells: &'static str,
    /// Who must have which permission set, besides the defaults: groups by name, users by e-mail.
    assigned: &'static [(&'static str, &'static str)],
    /// The ids of the portfolios that must be shared, besides the defaults.
    shared: &'static [&'static str],
    /// Whether the defaults are given, too.
    defaults: bool,
}

/// The ways to ask. Of the last two nothing can be made.
const SHAPES: [Shape; 8] = [
    Shape { cells: ",,", assigned: &[], shared: &[], defaults: true },
    Shape {
        cells: "group:Developers=AWSPowerUserAccess;user:john.smith=BillingView,,",
        assigned: &[
            ("Developers", "AWSPowerUserAccess"),
            ("john.smith@example.com", "BillingView"),
        ],
        shared: &[],
        defaults: true,
    },
    Shape {
        cells: "user:jane.doe@example.com=BillingView,local:Security tooling,add",
        assigned: &[("jane.doe@example.com", "BillingView")],
        shared: &[SECURITY],
        defaults: true,
    },
    Shape {
        cells: "user:john.smith@example.com=BillingView;group:Developers=BillingView,\
                Security tooling,replace",
        assigned: &[("john.smith@example.com", "BillingView"), ("Developers", "BillingView")],
        shared: &[SECURITY],
        defaults: false,
    },
    Shape { cells: ",,replace", assigned: &[], shared: &[], defaults: false },
    Shape {
        cells: "group:platform-admins=AWSAdministratorAccess,port-network000001,",
        assigned: &[("Platform-Admins", "AWSAdministratorAccess")],
        shared: &[NETWORK],
        defaults: true,
    },
    Shape { cells: "group:Nobody=BillingView,,", assigned: &[], shared: &[], defaults: true },
    Shape { cells: "Developers=BillingView,,perhaps", assigned: &[], shared: &[], defaults: true },
];

/// The way to ask for [`ASKED_BY_NAME`] by that name.
pub const BY_NAME: usize = 1;

/// How many ways there are.
pub const WAYS: usize = SHAPES.len();
/// Those of which something can be made come first.
pub const SOUND: usize = WAYS - 2;

/// The cells of that way to ask.
#[must_use]
pub fn cells(way: usize) -> &'static str {
    SHAPES[way % WAYS].cells
}

/// What of it is met, for the coverage.
#[must_use]
pub fn met(way: usize) -> Option<&'static str> {
    match way % WAYS {
        0 => None,
        way if way >= SOUND => Some("row asking for access that there is not"),
        way if !SHAPES[way].defaults => Some("row asking for access instead of the defaults"),
        _ => Some("row asking for access besides the defaults"),
    }
}

/// Who must have which permission set, and which portfolios must be shared.
type Given = (BTreeSet<(&'static str, &'static str)>, BTreeSet<&'static str>);

fn given(way: usize) -> Given {
    let shape = &SHAPES[way % WAYS];
    let mut assigned: BTreeSet<_> = shape.assigned.iter().copied().collect();
    let mut shared: BTreeSet<_> = shape.shared.iter().copied().collect();
    if shape.defaults {
        assigned.extend(ASSIGNED_BY_DEFAULT);
        shared.insert(NETWORK);
    }
    (assigned, shared)
}

impl Sim {
    /// Every account that is READY has all that its row asks for, and no account has what no
    /// row of its name ever asked for.
    ///
    /// # Errors
    /// When one lacks something, or has too much.
    pub(crate) fn access_is_as_asked(&self) -> Checked {
        for entry in self.world.ledger.all() {
            let Some(account) = &entry.account else { continue };
            self.world.zone.with(|zone| {
                if entry.status() == Status::Ready {
                    self.has_what_its_row_asks_for(zone, account, &entry)?;
                }
                self.has_nothing_else(zone, account, &entry)
            })?;
        }
        Ok(())
    }

    fn has_what_its_row_asks_for(&self, zone: &Zone, id: &AccountId, entry: &Entry) -> Checked {
        let Some(way) = self.way_of(entry) else { return Ok(()) };
        let (assigned, shared) = given(way);
        let lacks = assigned.iter().find(|(who, set)| !is_assigned(zone, id, who, set));
        let unshared = shared.iter().find(|it| !is_open(zone, id.as_str(), it));
        holds(lacks.is_none() && unshared.is_none(), || {
            format!("{} is READY and lacks {lacks:?} {unshared:?}", entry.request.name)
        })
    }

    fn has_nothing_else(&self, zone: &Zone, id: &AccountId, entry: &Entry) -> Checked {
        let ways = self.ways_of(entry.request.name.as_str());
        let (all_assigned, all_shared) = (0..WAYS).map(given).reduce(both).unwrap_or_default();
        let (assigned, shared) = ways.into_iter().map(given).reduce(both).unwrap_or_default();
        let much = all_assigned.difference(&assigned);
        let much = much.into_iter().find(|(who, set)| is_assigned(zone, id, who, set));
        let many = all_shared.difference(&shared);
        let many = many.into_iter().find(|it| portfolio_visible(zone, id.as_str(), it));
        holds(much.is_none() && many.is_none(), || {
            format!("{} has what nobody asked for: {much:?} {many:?}", entry.request.name)
        })
    }

    /// How the row asks that the entry is of.
    fn way_of(&self, entry: &Entry) -> Option<usize> {
        let of_batch = |upload: &&Uploaded| BatchId::of(&upload.object) == entry.batch;
        let upload = self.uploads.iter().find(of_batch)?;
        // The header is line 1.
        let index = usize::try_from(entry.line).ok()?.checked_sub(2)?;
        upload.rows.get(index).map(|(_, _, way)| *way)
    }

    fn ways_of(&self, wanted: &str) -> BTreeSet<usize> {
        let rows = self.uploads.iter().flat_map(|upload| &upload.rows);
        rows.filter(|(number, _, _)| name(*number) == wanted).map(|(_, _, way)| *way).collect()
    }
}

fn both(mut one: Given, other: Given) -> Given {
    one.0.extend(other.0);
    one.1.extend(other.1);
    one
}

/// Whether the account sees the portfolio, and the role may use it or the account's copy of
/// it, which has all that the portfolio has.
pub(crate) fn is_open(zone: &Zone, account: &str, portfolio: &str) -> bool {
    let open = |id: &str| {
        let mut all = members::principals(zone, account, id).into_iter().flatten();
        all.any(|it| it.principal.ends_with(&format!(":role/{OPEN_TO}")))
    };
    let products = |id: &str| members::products(zone, account, id).unwrap_or_default();
    let copies = members::portfolios(zone, account).iter();
    let mut copies =
        copies.filter(|it| it.description.as_ref().is_some_and(|words| words.contains(portfolio)));
    let whole = |id: &str| products(portfolio).iter().all(|it| products(id).contains(it));
    portfolio_visible(zone, account, portfolio)
        && (open(portfolio) || copies.any(|it| open(&it.id) && whole(&it.id)))
}

fn is_assigned(zone: &Zone, account: &AccountId, who: &str, set: &str) -> bool {
    let center = &zone.identity_center;
    let group = center.group_named(who).map(|group| group.id.as_str());
    let id = group.or_else(|| center.user_by_email(who).map(|user| user.id.as_str()));
    let set = center.permission_set_named(set).map(|set| set.arn.as_str());
    center.assignments().iter().any(|it| {
        it.account == account.as_str()
            && Some(it.permission_set.as_str()) == set
            && Some(it.principal.as_str()) == id
    })
}
