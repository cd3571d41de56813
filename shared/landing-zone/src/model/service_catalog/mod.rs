//! AWS Service Catalog with Control Tower's Account Factory behind it:
//! launches, what becomes of them, and the sharing of portfolios.
//!
//! Service Catalog's provisioned product and Control Tower's operation are two
//! things: the operation ends, and tells so by a lifecycle event, before the
//! product shows it; and an operation that Control Tower does not even take up
//! leaves a product in `ERROR` and no event at all.

mod by_hand;
mod checks;
mod creation;
mod description;
mod ending;
mod ids;
mod in_place;
mod launch;
mod lifecycle;
mod load;
mod lookup;
mod messages;
mod operation;
mod outcome;
mod plan;
mod portfolios;
mod principals;
mod product;
mod provisioned;
mod records;
mod refusal;
mod search;
mod shares;
mod sharing;
mod somebody_else;
mod steps;
mod terminate;
#[cfg(test)]
mod testing;

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use by_hand::finish_by_hand;
pub use description::{
    AccountFactoryDescription, OtherOperation, PortfolioDescription, ProductDescription,
};
pub(crate) use ids::{check_token, new_id};
pub use launch::{AccountParameters, LaunchRequest, provision};
pub use load::Peak;
pub use lookup::{Named, outputs, provisioned_product, record};
pub use outcome::{Outcome, UnknownOutcome};
pub use plan::Launch;
pub use portfolios::{FACTORY_PORTFOLIO_ID, FACTORY_PORTFOLIO_NAME, Portfolio, SharedProduct};
pub(crate) use principals::check_principal;
pub use principals::{
    Association, PrincipalType, associate, caller, caller_session, disassociate, principals,
};
pub use product::{
    ARTIFACTS, Artifact, PATH_ID, PRODUCT_ID, PRODUCT_NAME, PRODUCT_OWNER, PRODUCT_TYPE, Parameter,
    artifacts, find_artifact, find_product, launch_path, parameters, product_created,
    registered_units,
};
pub use records::{Output, ProductStatus, ProvisionedProduct, Record, RecordStatus, RecordType};
pub use refusal::CatalogRefusal;
pub use search::{Access, Query, search};
pub use shares::{
    Node, Share, ShareError, ShareOperation, ShareStatus, ShareTarget, ShareType, portfolio_visible,
};
pub use sharing::{ShareRequest, organizations_access, share, share_status, shares};
pub use terminate::{TerminateRequest, terminate};

use super::{Moment, Zone};
use crate::Description;
use in_place::SharesInPlace;
use provisioned::ProvisionedProducts;

/// What happens in Service Catalog and Control Tower by itself.
#[derive(Debug, Clone)]
pub enum Happening {
    /// Control Tower takes a launch up, or will not.
    Asked(String),
    /// Service Catalog learns that Control Tower did not take a launch up.
    TurnedDown(String),
    /// Control Tower makes the account of a launch, or cannot.
    AccountDue(String),
    /// Control Tower ends the operation of a launch.
    Finished(String),
    /// Service Catalog learns how the operation of a launch ended.
    Settled(String),
    /// Control Tower takes up a termination, or will not.
    Unmanaging(String),
    /// A termination is over.
    Unmanaged(String),
    /// Search learns of a provisioned product's state.
    Indexed(Box<ProvisionedProduct>),
    /// Search learns that a provisioned product is gone.
    Unindexed(String),
    /// A portfolio share is being put in place.
    Sharing(String),
    /// A portfolio share is over.
    Shared(String),
}

/// Service Catalog in the management account's home Region.
#[derive(Debug)]
pub struct ServiceCatalog {
    factory: AccountFactoryDescription,
    /// In the order in which they were asked for.
    products: ProvisionedProducts,
    /// What search knows of them.
    index: ProvisionedProducts,
    records: BTreeMap<String, Record>,
    /// The record that a provision or terminate token led to; kept for good.
    tokens: HashMap<(RecordType, String), String>,
    plans: BTreeMap<String, plan::Plan>,
    /// Launches that are not settled, by record.
    operations: BTreeMap<String, operation::Operation>,
    /// Terminations that are not over, by record.
    terminations: BTreeMap<String, terminate::Termination>,
    /// The accounts that Control Tower has made or enrolled, by id, with the
    /// name they were asked for by.
    accounts: BTreeMap<String, String>,
    launches: Vec<Launch>,
    load: load::Load,
    portfolios: Vec<Portfolio>,
    associations: Vec<(String, Association)>,
    shares: SharesInPlace,
    /// By portfolio share token.
    share_operations: BTreeMap<String, ShareOperation>,
    /// The tokens of those that are not over.
    sharing: BTreeSet<String>,
}

impl ServiceCatalog {
    /// Service Catalog as `description` has it, in a landing zone that begins at `start`.
    #[must_use]
    pub fn new(description: &Description, start: Moment) -> Self {
        let factory = description.account_factory.clone();
        Self {
            plans: factory.outcomes.iter().map(|(name, it)| (name.clone(), (*it).into())).collect(),
            load: load::Load::new(&factory.other_operations, start),
            portfolios: portfolios::all(&description.portfolios),
            factory,
            products: ProvisionedProducts::default(),
            index: ProvisionedProducts::default(),
            records: BTreeMap::new(),
            tokens: HashMap::new(),
            operations: BTreeMap::new(),
            terminations: BTreeMap::new(),
            accounts: BTreeMap::new(),
            launches: Vec::new(),
            associations: Vec::new(),
            shares: SharesInPlace::default(),
            share_operations: BTreeMap::new(),
            sharing: BTreeSet::new(),
        }
    }
}

/// Lets `happening` happen at the present moment.
pub(super) fn happen(zone: &mut Zone, happening: Happening) {
    match happening {
        Happening::Asked(record) => operation::asked(zone, &record),
        Happening::TurnedDown(record) => ending::turned_down(zone, &record),
        Happening::AccountDue(record) => creation::account_due(zone, &record),
        Happening::Finished(record) => ending::finished(zone, &record),
        Happening::Settled(record) => ending::settled(zone, &record),
        Happening::Unmanaging(record) => terminate::unmanaging(zone, &record),
        Happening::Unmanaged(record) => terminate::unmanaged(zone, &record),
        Happening::Indexed(product) => search::indexed(zone, *product),
        Happening::Unindexed(id) => search::unindexed(zone, &id),
        Happening::Sharing(token) => sharing::sharing(zone, &token),
        Happening::Shared(token) => sharing::shared(zone, &token),
    }
}
