//! AWS Service Catalog: Account Factory, which is one of its products, the way to it,
//! and the sharing of portfolios.

mod factory;
mod launch_path;
mod launchable;
mod portfolios;
mod reach;
mod refusals;
mod report;
mod sharing;
mod unit_sharing;

pub use factory::ServiceCatalogAccountFactory;
pub use launch_path::ServiceCatalogLaunchPath;
pub use portfolios::ServiceCatalogPortfolios;

/// What calls that fail are said to have asked.
const SERVICE_CATALOG: &str = "Service Catalog";
