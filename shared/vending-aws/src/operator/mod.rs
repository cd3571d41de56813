//! What operators ask of AWS with their own permissions, and no function does: one file for
//! each port of [`vending::doctor::ports`] and of [`vending::audit`]. Nothing is changed by it, but for
//! permission sets.

mod access;
mod access_records;
mod account_factory;
mod control_tower;
mod directories;
mod directory;
mod factory;
mod organization;
mod permission_sets;
mod portfolios;
mod queues;
mod topic;
mod unseen;

pub use access::IdentityCenterAccess;
pub use account_factory::OperatorsAccountFactory;
pub use control_tower::ControlTowerLandingZones;
pub use directories::IdentityCenterDirectories;
pub use directory::OrganizationsAccounts;
pub use factory::ServiceCatalogFactory;
pub use organization::OrganizationsOverview;
pub use permission_sets::SsoAdminPermissionSets;
pub use portfolios::ServiceCatalogOwnPortfolios;
pub use queues::SqsQueues;
pub use topic::SnsTopic;
