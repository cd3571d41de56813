//! Looking provisioned products, records and outputs up.

use super::{CatalogRefusal, Output, ProvisionedProduct, Record, RecordType, ServiceCatalog};
use crate::Zone;

/// Something is asked for by its id or by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By its id.
    Id(String),
    /// By its name.
    Name(String),
}

impl Named {
    /// Whether the thing with that id and name is the one.
    #[must_use]
    pub fn is(&self, id: &str, name: &str) -> bool {
        match self {
            Self::Id(wanted) => wanted == id,
            Self::Name(wanted) => wanted == name,
        }
    }
}

/// The provisioned product as it is now.
///
/// # Errors
///
/// When there is none, or none any more.
pub fn provisioned_product<'a>(
    zone: &'a Zone,
    wanted: &Named,
) -> Result<&'a ProvisionedProduct, CatalogRefusal> {
    let products = &zone.service_catalog.products;
    let found = match wanted {
        Named::Id(id) => products.get(id),
        Named::Name(name) => products.named(name),
    };
    found.ok_or_else(|| CatalogRefusal::not_found("Provisioned product", wanted))
}

/// The record of that id; records outlive their products.
///
/// # Errors
///
/// When there is none.
pub fn record<'a>(zone: &'a Zone, id: &str) -> Result<&'a Record, CatalogRefusal> {
    let refusal = || CatalogRefusal::not_found("Record", &Named::Id(id.to_owned()));
    zone.service_catalog.records.get(id).ok_or_else(refusal)
}

/// What a provisioned product gives out.
///
/// # Errors
///
/// When there is no such product, or it was never provisioned successfully.
pub fn outputs<'a>(zone: &'a Zone, wanted: &Named) -> Result<&'a [Output], CatalogRefusal> {
    let product = provisioned_product(zone, wanted)?;
    match &product.last_successful_provisioning_record {
        Some(id) => Ok(&record(zone, id)?.outputs),
        None => Err(CatalogRefusal::InvalidParameters(format!(
            "Provisioned product {} has no successful provisioning record",
            product.id
        ))),
    }
}

impl ServiceCatalog {
    /// All provisioned products, in the order in which they were asked for.
    #[must_use]
    pub fn provisioned_products(&self) -> &[ProvisionedProduct] {
        self.products.all()
    }

    pub(super) fn product_mut(&mut self, id: &str) -> Option<&mut ProvisionedProduct> {
        self.products.get_mut(id)
    }

    /// The record that the token led to, if it was used before.
    pub(super) fn recorded(&self, kind: RecordType, token: &str) -> Option<&Record> {
        let id = self.tokens.get(&(kind, token.to_owned()))?;
        self.records.get(id)
    }

    pub(super) fn remember(&mut self, record: &Record, token: String) {
        self.tokens.insert((record.kind, token), record.id.clone());
        self.records.insert(record.id.clone(), record.clone());
    }
}
