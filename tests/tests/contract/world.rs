//! What a case sees of a world: its ports, and what people and time do in it.

use async_trait::async_trait;
use chrono::TimeDelta;
use landing_zone::description::AccountDescription;
use landing_zone::model::service_catalog::{Outcome, PortfolioDescription, ShareTarget};
use landing_zone::{Description, Zone};
use vending::account::AccountName;
use vending::ledger::{ObjectRef, Timestamp};
use vending::ports::{
    AccountFactory, Assignments, BatchSource, Directory, LaunchPath, Ledger, MemberCatalog,
    Notifier, OrganizationTree, OutsideAccounts, PortfolioOrders, PortfolioSharing, ResultsFiles,
    Turns, UnitSharing,
};

/// The bucket that lists are uploaded to.
pub const BUCKET: &str = "vend-lists";

/// A world that keeps what the ports promise.
#[async_trait]
pub trait World: Send + Sync {
    fn ledger(&self) -> &dyn Ledger;
    fn turns(&self) -> &dyn Turns;
    fn orders(&self) -> &dyn PortfolioOrders;
    fn tree(&self) -> &dyn OrganizationTree;
    fn unit_sharing(&self) -> &dyn UnitSharing;
    fn outside(&self) -> &dyn OutsideAccounts;
    fn factory(&self) -> &dyn AccountFactory;
    fn directory(&self) -> &dyn Directory;
    fn assignments(&self) -> &dyn Assignments;
    fn portfolios(&self) -> &dyn PortfolioSharing;
    fn members(&self) -> &dyn MemberCatalog;
    fn launch_path(&self) -> &dyn LaunchPath;
    fn notifier(&self) -> &dyn Notifier;
    fn source(&self) -> &dyn BatchSource;
    fn results(&self) -> &dyn ResultsFiles;

    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Lets time pass, and what happens in it happen.
    fn pass(&self, time: TimeDelta);

    /// Lets the next launch of that account turn out so.
    fn plan(&self, account: &str, outcome: Outcome);

    /// Looks at the landing zone.
    fn look(&self, see: &mut dyn FnMut(&Zone));

    /// Shares a portfolio as somebody else does in the console.
    async fn share_as_others(&self, portfolio: &str, target: ShareTarget);

    /// Uploads a list.
    async fn upload(&self, key: &str, content: Vec<u8>) -> ObjectRef;

    /// The newest version of what is at that key.
    async fn download(&self, key: &str) -> Option<Vec<u8>>;

    /// Deletes an entry, as a person does in the table.
    async fn delete_entry(&self, name: &AccountName);
}

/// The usual landing zone.
pub fn usual() -> Description {
    Description::builtin()
}

/// One in which the caller is not associated with Account Factory's portfolio.
pub fn without_launch_path() -> Description {
    let mut description = usual();
    description.account_factory.principals.clear();
    description
}

/// One in whose accounts the role that Vend assumes is there ten minutes after they are made.
pub fn with_roles_that_come_later() -> Description {
    let mut description = usual();
    description.members.ready_after_minutes = 10;
    description
}

/// One with two portfolios of one name.
pub fn with_twin_portfolios() -> Description {
    let mut description = usual();
    for id in ["port-twin0000001", "port-twin0000002"] {
        description.portfolios.push(PortfolioDescription {
            id: id.into(),
            name: "Twin".into(),
            products: Vec::new(),
        });
    }
    description
}

/// The ids of the accounts in [`with_many_accounts`].
pub fn many_accounts() -> impl Iterator<Item = String> {
    (0..11).map(|number| format!("9000000000{number:02}"))
}

/// One with eleven accounts more, and a suspended one as ever.
pub fn with_many_accounts() -> Description {
    let mut description = usual();
    for (number, id) in many_accounts().enumerate() {
        description.accounts.push(AccountDescription {
            name: format!("team-{number}"),
            email: format!("team-{number}@example.com"),
            id,
            unit: Some("ou-aaaa-sandbox1".into()),
            state: Default::default(),
            managed: None,
        });
    }
    description
}
