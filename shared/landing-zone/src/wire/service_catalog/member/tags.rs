//! Tag options.

use serde::Deserialize;
use serde_json::{Value, json};

use super::portfolios::tag_option;
use crate::Zone;
use crate::model::members::{self, NewTagOption, TagOption};
use crate::wire::service_catalog::{PAGE, Refusal, page};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateTagOption {
    key: String,
    value: String,
}

pub(super) fn create(
    zone: &mut Zone,
    account: &str,
    request: CreateTagOption,
) -> Result<Value, Refusal> {
    let new = NewTagOption { key: request.key, value: request.value };
    let option = members::create_tag_option(zone, account, new)?;
    Ok(json!({ "TagOptionDetail": tag_option(&option) }))
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
struct Filters {
    key: Option<String>,
    value: Option<String>,
    active: Option<bool>,
}

impl Filters {
    fn meet(&self, option: &TagOption) -> bool {
        self.key.as_ref().is_none_or(|key| *key == option.key)
            && self.value.as_ref().is_none_or(|value| *value == option.value)
            && self.active.unwrap_or(true)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ListTagOptions {
    #[serde(default)]
    filters: Filters,
    page_size: Option<i64>,
    page_token: Option<String>,
}

pub(super) fn list(zone: &Zone, account: &str, request: &ListTagOptions) -> Result<Value, Refusal> {
    let all = members::tag_options(zone, account).iter();
    let met = all.filter(|option| request.filters.meet(option));
    let wanted = (&request.page_token, request.page_size);
    let (options, next) = page(met, wanted, PAGE, tag_option)?;
    Ok(json!({ "TagOptionDetails": options, "PageToken": next }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AssociateTagOptionWithResource {
    resource_id: String,
    tag_option_id: String,
}

pub(super) fn associate(
    zone: &mut Zone,
    account: &str,
    request: &AssociateTagOptionWithResource,
) -> Result<Value, Refusal> {
    members::tag(zone, account, &request.resource_id, &request.tag_option_id)?;
    Ok(json!({}))
}
