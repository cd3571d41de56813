//! Portfolio shares.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{LONG_PAGE, Refusal, invalid, page};
use crate::Zone;
use crate::model::service_catalog::{
    self, Node, Share, ShareError, ShareRequest, ShareTarget, ShareType,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreatePortfolioShare {
    portfolio_id: String,
    account_id: Option<String>,
    organization_node: Option<OrganizationNode>,
    #[serde(default)]
    share_tag_options: bool,
    #[serde(default)]
    share_principals: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct OrganizationNode {
    #[serde(rename = "Type")]
    kind: NodeType,
    value: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum NodeType {
    Organization,
    OrganizationalUnit,
    Account,
}

impl From<OrganizationNode> for Node {
    /// A node is given by its id or its ARN, which ends in its id.
    fn from(node: OrganizationNode) -> Self {
        let id = node.value.rsplit('/').next().unwrap_or(&node.value).to_owned();
        match node.kind {
            NodeType::Organization => Self::Organization(id),
            NodeType::OrganizationalUnit => Self::OrganizationalUnit(id),
            NodeType::Account => Self::Account(id),
        }
    }
}

pub(super) fn create(zone: &mut Zone, request: CreatePortfolioShare) -> Result<Value, Refusal> {
    let target = match (request.account_id, request.organization_node) {
        (Some(account), None) => ShareTarget::Account(account),
        (None, Some(node)) => ShareTarget::Node(node.into()),
        _ => return Err(invalid("Specify either AccountId or OrganizationNode".to_owned())),
    };
    let share = ShareRequest {
        portfolio: request.portfolio_id,
        target,
        share_tag_options: request.share_tag_options,
        share_principals: request.share_principals,
    };
    let token = service_catalog::share(zone, share)?;
    Ok(json!({ "PortfolioShareToken": token }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePortfolioShareStatus {
    portfolio_share_token: String,
}

pub(super) fn status(
    zone: &Zone,
    request: &DescribePortfolioShareStatus,
) -> Result<Value, Refusal> {
    let operation = service_catalog::share_status(zone, &request.portfolio_share_token)?;
    Ok(json!({
        "PortfolioShareToken": operation.token,
        "PortfolioId": operation.portfolio,
        "OrganizationNodeValue": operation.node.id(),
        "Status": operation.status.as_str(),
        "ShareDetails": {
            "SuccessfulShares": operation.successful,
            "ShareErrors": operation.errors.iter().map(error).collect::<Vec<_>>(),
        },
    }))
}

fn error(error: &ShareError) -> Value {
    json!({ "Accounts": error.accounts, "Message": error.message, "Error": error.error })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribePortfolioShares {
    portfolio_id: String,
    #[serde(rename = "Type")]
    kind: ShareKind,
    page_token: Option<String>,
    page_size: Option<i64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ShareKind {
    Account,
    Organization,
    OrganizationalUnit,
    OrganizationMemberAccount,
}

impl From<ShareKind> for ShareType {
    fn from(kind: ShareKind) -> Self {
        match kind {
            ShareKind::Account => Self::Account,
            ShareKind::Organization => Self::Organization,
            ShareKind::OrganizationalUnit => Self::OrganizationalUnit,
            ShareKind::OrganizationMemberAccount => Self::OrganizationMemberAccount,
        }
    }
}

pub(super) fn list(zone: &Zone, request: &DescribePortfolioShares) -> Result<Value, Refusal> {
    let shares = service_catalog::shares(zone, &request.portfolio_id, request.kind.into())?;
    let wanted = (&request.page_token, request.page_size);
    let (shares, next) = page(shares, wanted, LONG_PAGE, share)?;
    Ok(json!({ "PortfolioShareDetails": shares, "NextPageToken": next }))
}

fn share(share: &Share) -> Value {
    json!({
        "PrincipalId": share.target.id(),
        "Type": share.target.kind().as_str(),
        "Accepted": share.accepted,
        "ShareTagOptions": share.share_tag_options,
        "SharePrincipals": share.share_principals,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GetAwsOrganizationsAccessStatus {}

pub(super) fn organizations_access(
    zone: &Zone,
    _: &GetAwsOrganizationsAccessStatus,
) -> Result<Value, Refusal> {
    let enabled = service_catalog::organizations_access(zone);
    Ok(json!({ "AccessStatus": if enabled { "ENABLED" } else { "DISABLED" } }))
}
