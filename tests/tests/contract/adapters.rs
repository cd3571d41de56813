//! The real adapters, with the real SDK clients, over the local cloud.

use std::sync::Arc;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_servicecatalog::types::OrganizationNode;
use aws_sdk_servicecatalog::types::OrganizationNodeType::{
    Account, Organization, OrganizationalUnit,
};
use chrono::TimeDelta;
use landing_zone::model::service_catalog::{Node, Outcome, ShareTarget};
use landing_zone::{Description, Zone};
use local_cloud::{ACCESS_KEY, Cloud, ENDPOINT, SECRET_KEY, Settings, VirtualClock};
use serde_json::{Value, json};
use vending::account::{AccountId, AccountName};
use vending::ledger::{ObjectRef, Timestamp};
use vending::ports::{
    AccountFactory, Assignments, BatchSource, Clock, Directory, LaunchPath, Ledger, MemberCatalog,
    Notifier, OrganizationTree, OutsideAccounts, PortfolioOrders, PortfolioSharing, ResultsFiles,
    Turns, UnitSharing,
};
use vending_aws::{
    AssumedMembers, Clients, DynamoDbLedger, IdentityCenter, MemberRole, OrganizationsDirectory,
    S3BatchSource, ServiceCatalogAccountFactory, ServiceCatalogLaunchPath,
    ServiceCatalogPortfolios, SnsNotifier, SsoAdminAssignments, TableNames, create_tables,
    fixed_config,
};

use crate::world::{BUCKET, World};

const REGION: &str = "us-east-1";
const ACCOUNT: &str = "111122223333";

/// A world behind the wire.
pub struct Adapters {
    cloud: Cloud,
    clients: Clients,
    tables: TableNames,
    ledger: DynamoDbLedger,
    factory: ServiceCatalogAccountFactory,
    directory: OrganizationsDirectory,
    assignments: SsoAdminAssignments,
    portfolios: ServiceCatalogPortfolios,
    members: AssumedMembers,
    launch_path: ServiceCatalogLaunchPath,
    notifier: SnsNotifier,
    source: S3BatchSource,
}

/// The cloud's time, as the adapters ask for it.
struct CloudTime(VirtualClock);

impl Clock for CloudTime {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

fn cloud(description: Description) -> Cloud {
    let settings = Settings {
        state: None,
        seed: 7,
        start: description.organization.since,
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
    };
    Cloud::open(settings, move |seed, start| Zone::new(&description, seed, start), command).unwrap()
}

/// The one command there is: what becomes of the next launch of an account.
fn command(zone: &mut Zone, command: &Value) -> Result<(), String> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned).ok_or("no text");
    let outcome: Outcome = text(&command["outcome"])?.parse().map_err(|_| "no outcome")?;
    zone.service_catalog.plan(&text(&command["account"])?, outcome);
    Ok(())
}

impl Adapters {
    pub async fn open(description: Description) -> Self {
        let role = MemberRole {
            name: Some(description.members.role.clone()),
            external_id: Some(description.members.external_id.clone()),
        };
        let cloud = cloud(description);
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "contract");
        let clients =
            Clients::new(fixed_config(cloud.http_client(), ENDPOINT, REGION, credentials));
        let tables = TableNames { accounts: "accounts".into(), control: "control".into() };
        create_tables(&clients.dynamodb(), &tables).await.unwrap();
        clients.s3().create_bucket().bucket(BUCKET).send().await.unwrap();
        let topic = clients.sns().create_topic().name("notices").send().await.unwrap();
        let owner = IdentityCenter::OwnedBy(AccountId::new(ACCOUNT).unwrap());
        Self {
            ledger: DynamoDbLedger::new(clients.dynamodb(), tables.clone()),
            factory: ServiceCatalogAccountFactory::new(
                clients.service_catalog(),
                Arc::new(CloudTime(cloud.clock())),
            ),
            directory: OrganizationsDirectory::new(clients.organizations()),
            assignments: SsoAdminAssignments::new(
                clients.sso_admin(),
                clients.identity_store(),
                owner,
            ),
            portfolios: ServiceCatalogPortfolios::new(
                clients.service_catalog(),
                clients.organizations(),
            ),
            members: AssumedMembers::new(&clients, role),
            launch_path: ServiceCatalogLaunchPath::new(clients.service_catalog()),
            notifier: SnsNotifier::new(clients.sns(), topic.topic_arn().unwrap_or_default()),
            source: S3BatchSource::new(clients.s3()),
            cloud,
            clients,
            tables,
        }
    }
}

#[async_trait]
impl World for Adapters {
    fn ledger(&self) -> &dyn Ledger {
        &self.ledger
    }

    fn turns(&self) -> &dyn Turns {
        &self.ledger
    }

    fn orders(&self) -> &dyn PortfolioOrders {
        &self.ledger
    }

    fn tree(&self) -> &dyn OrganizationTree {
        &self.directory
    }

    fn unit_sharing(&self) -> &dyn UnitSharing {
        &self.portfolios
    }

    fn outside(&self) -> &dyn OutsideAccounts {
        &self.ledger
    }

    fn factory(&self) -> &dyn AccountFactory {
        &self.factory
    }

    fn directory(&self) -> &dyn Directory {
        &self.directory
    }

    fn assignments(&self) -> &dyn Assignments {
        &self.assignments
    }

    fn portfolios(&self) -> &dyn PortfolioSharing {
        &self.portfolios
    }

    fn members(&self) -> &dyn MemberCatalog {
        &self.members
    }

    fn launch_path(&self) -> &dyn LaunchPath {
        &self.launch_path
    }

    fn notifier(&self) -> &dyn Notifier {
        &self.notifier
    }

    fn source(&self) -> &dyn BatchSource {
        &self.source
    }

    fn results(&self) -> &dyn ResultsFiles {
        &self.source
    }

    fn now(&self) -> Timestamp {
        self.cloud.now()
    }

    fn pass(&self, time: TimeDelta) {
        self.cloud.advance_to(self.now() + time).unwrap();
    }

    fn plan(&self, account: &str, outcome: Outcome) {
        self.cloud.command(&json!({ "account": account, "outcome": outcome })).unwrap();
    }

    fn look(&self, see: &mut dyn FnMut(&Zone)) {
        self.cloud.inspect(|zone| see(zone));
    }

    async fn share_as_others(&self, portfolio: &str, target: ShareTarget) {
        let share = self.clients.service_catalog().create_portfolio_share();
        let share = share.portfolio_id(portfolio);
        let node = |kind| OrganizationNode::builder().r#type(kind).value(target.id()).build();
        let share = match &target {
            ShareTarget::Account(id) => share.account_id(id),
            ShareTarget::Node(Node::Account(_)) => share.organization_node(node(Account)),
            ShareTarget::Node(Node::Organization(_)) => share.organization_node(node(Organization)),
            ShareTarget::Node(Node::OrganizationalUnit(_)) => {
                share.organization_node(node(OrganizationalUnit))
            }
        };
        share.send().await.unwrap();
    }

    async fn upload(&self, key: &str, content: Vec<u8>) -> ObjectRef {
        let put = self.clients.s3().put_object().bucket(BUCKET).key(key).body(content.into());
        let version = put.send().await.unwrap().version_id;
        ObjectRef { bucket: BUCKET.into(), key: key.into(), version }
    }

    async fn download(&self, key: &str) -> Option<Vec<u8>> {
        let got = self.clients.s3().get_object().bucket(BUCKET).key(key).send().await.ok()?;
        Some(got.body.collect().await.unwrap().to_vec())
    }

    async fn delete_entry(&self, name: &AccountName) {
        let key = aws_sdk_dynamodb::types::AttributeValue::S(name.as_str().to_owned());
        let delete = self.clients.dynamodb().delete_item().table_name(&self.tables.accounts);
        delete.key("AccountName", key).send().await.unwrap();
    }
}
