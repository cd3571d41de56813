//! The portfolios of this account, and Service Catalog's access to the organization.

use async_trait::async_trait;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::AccessStatus;
use vending::doctor::ports::{OwnPortfolio, Portfolios, Unseen};

use super::unseen::{lacks, unseen};
use crate::Clients;

const LIST: &str = "servicecatalog:ListPortfolios";
const ACCESS: &str = "servicecatalog:GetAWSOrganizationsAccessStatus";

/// Asks Service Catalog.
#[derive(Debug, Clone)]
pub struct ServiceCatalogOwnPortfolios {
    client: Client,
}

impl ServiceCatalogOwnPortfolios {
    /// Portfolios over those clients.
    #[must_use]
    pub fn new(clients: &Clients) -> Self {
        Self { client: clients.service_catalog() }
    }
}

#[async_trait]
impl Portfolios for ServiceCatalogOwnPortfolios {
    /// Those that were shared with the account are in `ListAcceptedPortfolioShares`.
    async fn own(&self) -> Result<Vec<OwnPortfolio>, Unseen> {
        let mut pages = self.client.list_portfolios().into_paginator().send();
        let mut own = Vec::new();
        while let Some(page) = pages.next().await {
            for detail in page.map_err(unseen(LIST))?.portfolio_details() {
                own.push(OwnPortfolio {
                    id: detail.id().ok_or_else(|| lacks("id", LIST))?.to_owned(),
                    name: detail.display_name().unwrap_or_default().to_owned(),
                });
            }
        }
        Ok(own)
    }

    async fn trusted_access(&self) -> Result<bool, Unseen> {
        let answer = self.client.get_aws_organizations_access_status().send().await;
        let answer = answer.map_err(unseen(ACCESS))?;
        let status = answer.access_status().ok_or_else(|| lacks("status", ACCESS))?;
        Ok(*status == AccessStatus::Enabled)
    }
}
