//! The JSON 1.1 protocol: dispatch, the form of requests and errors, and paging.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    Refusal, WireRequest, WireResponse, identity_store, organizations, service_catalog,
    service_quotas, sso_admin,
};
use crate::Zone;
use crate::model::Moment;

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// Answers one request; the target decides the service, as it does at AWS.
pub(super) fn answer(zone: &mut Zone, request: &WireRequest, operation: &str) -> WireResponse {
    match dispatch(zone, request, operation) {
        Ok(body) => WireResponse { status: 200, content_type: CONTENT_TYPE, body },
        Err(refusal) => response(&refusal),
    }
}

fn dispatch(zone: &mut Zone, request: &WireRequest, operation: &str) -> Result<Vec<u8>, Refusal> {
    let body = request.body.as_slice();
    ensure_own(request, operation)?;
    let prefix = request.target.as_deref().and_then(|target| target.split('.').next());
    match prefix.unwrap_or_default() {
        "AWSOrganizationsV20161128" => organizations::answer(zone, operation, body),
        "SWBExternalService" => sso_admin::answer(zone, operation, body),
        "AWSIdentityStore" => identity_store::answer(zone, operation, body),
        "AWS242ServiceCatalogService" => {
            service_catalog::answer(zone, request.account.as_deref(), operation, body)
        }
        "ServiceQuotasV20190624" => service_quotas::answer(zone, operation, body),
        _ => Err(Refusal::unknown_operation(&request.service, operation)),
    }
}

/// Of what a member account has, Service Catalog alone is here.
fn ensure_own(request: &WireRequest, operation: &str) -> Result<(), Refusal> {
    match &request.account {
        Some(account) if request.service != "servicecatalog" => Err(Refusal::unknown_operation(
            &format!("{} of account {account}", request.service),
            operation,
        )),
        _ => Ok(()),
    }
}

fn response(refusal: &Refusal) -> WireResponse {
    let body = json!({ "__type": refusal.code, "Message": refusal.message });
    WireResponse {
        status: refusal.status,
        content_type: CONTENT_TYPE,
        body: body.to_string().into_bytes(),
    }
}

/// Reads a request; `code` is the service's code for one that cannot be read.
pub(super) fn read<T: DeserializeOwned>(body: &[u8], code: &str) -> Result<T, Refusal> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let error = error.to_string();
        let unknown = error.starts_with("unknown field");
        let what = if unknown { "the landing zone does not have it" } else { "malformed request" };
        Refusal::new(code, format!("{what}: {error}"))
    })
}

/// Writes an answer.
pub(super) fn write(answer: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(answer).map_err(|error| Refusal {
        code: "InternalServerException".to_owned(),
        message: error.to_string(),
        status: 500,
    })
}

/// A moment as JSON 1.1 has it: seconds since 1970, to the millisecond.
pub(super) fn seconds(moment: Moment) -> f64 {
    moment.timestamp_millis() as f64 / 1000.0
}

/// What is asked for of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Where the page before ended.
    pub token: Option<&'a str>,
    /// `MaxResults` as it was sent.
    pub at_most: Option<i64>,
    /// What the service gives at the most, and unless it is asked for less.
    pub limit: usize,
}

/// Why there is no such page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPage {
    /// `MaxResults` is less than one or more than the limit.
    Size,
    /// The token is none that was given out.
    Token,
}

/// The wanted part of `items`, and the token for what comes after it.
pub(super) fn page<T>(
    items: impl IntoIterator<Item = T>,
    wanted: Wanted<'_>,
) -> Result<(Vec<T>, Option<String>), NoPage> {
    let size = size(wanted)?;
    let start = wanted.token.map_or(Ok(0), |token| start(token).ok_or(NoPage::Token))?;
    let mut items = items.into_iter().skip(start);
    let page: Vec<T> = items.by_ref().take(size).collect();
    let next = items.next().map(|_| format!("page-{}", start + size));
    Ok((page, next))
}

fn size(wanted: Wanted<'_>) -> Result<usize, NoPage> {
    let Some(asked) = wanted.at_most else {
        return Ok(wanted.limit);
    };
    usize::try_from(asked).ok().filter(|size| (1..=wanted.limit).contains(size)).ok_or(NoPage::Size)
}

fn start(token: &str) -> Option<usize> {
    token.strip_prefix("page-")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(token: Option<&str>, at_most: Option<i64>) -> Wanted<'_> {
        Wanted { token, at_most, limit: 20 }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let (first, token) = page(0..45, wanted(None, None)).expect("a page");
        let (second, token) = page(0..45, wanted(token.as_deref(), None)).expect("a page");
        let (third, end) = page(0..45, wanted(token.as_deref(), None)).expect("a page");
        assert_eq!([first, second, third].concat(), (0..45).collect::<Vec<_>>());
        assert_eq!(end, None);
    }

    #[test]
    fn a_page_that_ends_with_the_list_has_no_token() {
        assert_eq!(page(0..20, wanted(None, None)).map(|(_, token)| token), Ok(None));
        assert_eq!(page(0..0, wanted(None, Some(1))), Ok((vec![], None)));
    }

    #[test]
    fn sizes_and_tokens_that_cannot_be_are_refused() {
        assert_eq!(page(0..3, wanted(None, Some(21))), Err(NoPage::Size));
        assert_eq!(page(0..3, wanted(None, Some(0))), Err(NoPage::Size));
        assert_eq!(page(0..3, wanted(Some("x"), None)), Err(NoPage::Token));
    }
}
