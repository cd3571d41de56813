//! What operators ask of AWS with their own permissions, and no function does: one file for
//! each port of [`vending::doctor::ports`]. Nothing is changed by it.

mod account_factory;
mod control_tower;
mod directories;
mod factory;
mod organization;
mod portfolios;
mod queues;
mod topic;
mod unseen;

pub use account_factory::OperatorsAccountFactory;
pub use control_tower::ControlTowerLandingZones;
pub use directories::IdentityCenterDirectories;
pub use factory::ServiceCatalogFactory;
pub use organization::OrganizationsOverview;
pub use portfolios::ServiceCatalogOwnPortfolios;
pub use queues::SqsQueues;
pub use topic::SnsTopic;
