//! Portfolios that came to the account.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Zone;
use crate::model::members::{self, Accepted};
use crate::wire::service_catalog::{LONG_PAGE, Refusal, invalid, page, shapes};

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ShareKind {
    /// The default of `AcceptPortfolioShare`, and of the list.
    #[default]
    Imported,
    AwsServicecatalog,
    AwsOrganizations,
}

impl ShareKind {
    fn read(self) -> Result<Accepted, Refusal> {
        match self {
            Self::Imported => Ok(Accepted::Imported),
            Self::AwsOrganizations => Ok(Accepted::ByOrganization),
            Self::AwsServicecatalog => {
                Err(invalid("the landing zone does not have AWS's own portfolios".to_owned()))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListAcceptedPortfolioShares {
    page_token: Option<String>,
    page_size: Option<i64>,
    #[serde(default)]
    portfolio_share_type: ShareKind,
}

pub(super) fn accepted(
    zone: &Zone,
    account: &str,
    request: &ListAcceptedPortfolioShares,
) -> Result<Value, Refusal> {
    let all = members::accepted(zone, account, request.portfolio_share_type.read()?);
    let wanted = (&request.page_token, request.page_size);
    let shape = |portfolio| shapes::portfolio(zone, portfolio);
    let (portfolios, next) = page(all, wanted, LONG_PAGE, shape)?;
    Ok(json!({ "PortfolioDetails": portfolios, "NextPageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AcceptPortfolioShare {
    portfolio_id: String,
    #[serde(default)]
    portfolio_share_type: ShareKind,
}

pub(super) fn accept(
    zone: &mut Zone,
    account: &str,
    request: &AcceptPortfolioShare,
) -> Result<Value, Refusal> {
    let how = request.portfolio_share_type.read()?;
    members::accept(zone, account, &request.portfolio_id, how)?;
    Ok(json!({}))
}
