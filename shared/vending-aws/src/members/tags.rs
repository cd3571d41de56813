//! Tag options: what launches from a local portfolio are tagged with.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{ListTagOptionsFilters, TagOptionDetail};

use super::refused::is_duplicate;
use super::{Done, SERVICE_CATALOG, refused};
use crate::calls::present;

const LIST: &str = "list the account's tag options";
const CREATE: &str = "make a tag option";
const ASSOCIATE: &str = "give a portfolio a tag option";

/// Gives the portfolio the tag option, which is made where there is none such.
pub(super) async fn give(catalog: &Client, portfolio: &str, key: &str, value: &str) -> Done<()> {
    let id = match find(catalog, key, value).await? {
        Some(id) => id,
        None => create(catalog, key, value).await?,
    };
    let give = catalog.associate_tag_option_with_resource();
    match give.resource_id(portfolio).tag_option_id(id).send().await {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => Ok(()),
        Err(error) => Err(refused(ASSOCIATE)(error)),
    }
}

async fn find(catalog: &Client, key: &str, value: &str) -> Done<Option<String>> {
    let filters = ListTagOptionsFilters::builder().key(key).value(value).active(true).build();
    let mut pages = catalog.list_tag_options().filters(filters).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(refused(LIST))?;
        if let Some(option) = page.tag_option_details().first() {
            return Ok(Some(
                present(option.id(), "tag option id", SERVICE_CATALOG, LIST)?.to_owned(),
            ));
        }
    }
    Ok(None)
}

/// One that was made since we looked is found the next time.
async fn create(catalog: &Client, key: &str, value: &str) -> Done<String> {
    let made = catalog.create_tag_option().key(key).value(value).send().await;
    let made = made.map_err(refused(CREATE))?;
    let id = made.tag_option_detail().and_then(TagOptionDetail::id);
    Ok(present(id, "tag option id", SERVICE_CATALOG, CREATE)?.to_owned())
}
