//! Vend's ports over AWS's services: one file or folder for each service, which
//! translates, calls, and translates back. Nothing is decided here.
//!
//! Also what every function needs on AWS: the environment, logs, the events that
//! wake it, and the SDK's clients.

mod answered;
mod calls;
mod clients;
mod clock;
pub mod cloudformation;
mod dynamodb;
pub mod environment;
pub mod events;
mod function_error;
mod identity_center;
pub mod lambda;
mod linger;
pub mod logging;
mod members;
pub mod metrics;
#[cfg(feature = "operator")]
pub mod operator;
mod organization_tree;
mod organizations;
pub mod pace;
mod s3;
mod service_catalog;
mod sns;
#[cfg(test)]
mod testing;

pub use answered::AnswerClock;
pub use clients::{Clients, fixed_config, sdk_config, usual_config};
pub use clock::SystemClock;
pub use dynamodb::{
    BATCH_INDEX, CreateTablesError, DynamoDbLedger, OPEN_INDEX, TableNames, create_tables,
};
pub use environment::{Environment, MissingVariables};
pub use function_error::FunctionError;
pub use identity_center::{IdentityCenter, SsoAdminAssignments};
pub use linger::Linger;
pub use members::{AssumedMembers, MemberRole};
pub use organizations::OrganizationsDirectory;
pub use s3::S3BatchSource;
pub use service_catalog::{
    ServiceCatalogAccountFactory, ServiceCatalogLaunchPath, ServiceCatalogPortfolios,
};
pub use sns::{KIND_ATTRIBUTE, SnsNotifier};
