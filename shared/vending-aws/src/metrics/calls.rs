//! How often each service of AWS was called, and how often it did not answer properly.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tracing::debug;

use crate::calls::speaks_of_the_request;

/// Counts calls by service, each attempt as one. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct CallCounts(Arc<Mutex<BTreeMap<String, Count>>>);

/// The calls of one service since they were logged last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    calls: u64,
    /// Those that were answered by what was asked for, or by a refusal of just that.
    answered: u64,
}

impl CallCounts {
    /// Logs what was counted since the last time, a line for each service that was called.
    pub fn log(&self) {
        for (service, Count { calls, answered }) in std::mem::take(&mut *self.counts()) {
            debug!(
                aws.service = service,
                aws.calls = calls,
                aws.errors = calls.saturating_sub(answered),
                "service called",
            );
        }
    }

    fn count(&self, cfg: &ConfigBag, count: impl FnOnce(&mut Count)) {
        let service = cfg.load::<Metadata>().map_or("unknown", Metadata::service);
        count(self.counts().entry(service.to_owned()).or_default());
    }

    /// A panic of somebody else's leaves the counts as they were between two calls.
    fn counts(&self) -> MutexGuard<'_, BTreeMap<String, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[dyn_dispatch_hint]
impl Intercept for CallCounts {
    fn name(&self) -> &'static str {
        "CallCounts"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.count(cfg, |count| count.calls += 1);
        Ok(())
    }

    /// Not called for an attempt that took too long: that one is counted, and not answered.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.response().is_some_and(is_answer) {
            self.count(cfg, |count| count.answered += 1);
        }
        Ok(())
    }
}

/// Whether the service answered what it was asked: a condition that does not hold, or a
/// thing that is not there, is an answer; throttling and a missing permission are none.
fn is_answer(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    match status {
        0..=399 => true,
        408 | 429 | 500.. => false,
        _ => response
            .body()
            .bytes()
            .is_none_or(|body| speaks_of_the_request(&String::from_utf8_lossy(body))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    async fn counted(answers: Vec<(u16, String)>, calls: usize) -> BTreeMap<String, Count> {
        let clients = Clients::new(Canned::new(answers).config());
        for _ in 0..calls {
            clients.service_catalog().describe_record().id("rec-1").send().await.ok();
        }
        std::mem::take(&mut *clients.calls().counts())
    }

    fn told(code: &str) -> (u16, String) {
        (400, format!(r#"{{"__type":"{code}","message":"words"}}"#))
    }

    #[tokio::test]
    async fn refusals_are_answers_and_trouble_is_not() {
        for (answer, answered) in [
            ((200, "{}".to_owned()), 1),
            (told("ResourceNotFoundException"), 1),
            (told("ThrottlingException"), 0),
            (told("AccessDeniedException"), 0),
            (told("ExpiredTokenException"), 0),
            ((503, String::new()), 0),
        ] {
            let counted = counted(vec![answer.clone()], 1).await;
            let expected = Count { calls: 1, answered };
            assert_eq!(counted.get("Service Catalog"), Some(&expected), "{answer:?}");
        }
    }

    #[tokio::test]
    async fn no_answer_at_all_is_trouble_and_counts_add_up() {
        let counted = counted(vec![(200, "{}".to_owned())], 3).await;
        let expected = Count { calls: 3, answered: 1 };
        assert_eq!(
            counted.into_iter().collect::<Vec<_>>(),
            [("Service Catalog".to_owned(), expected)]
        );
    }

    #[tokio::test]
    async fn every_client_counts_by_the_name_of_its_service() {
        let clients = Clients::new(Canned::new(Vec::new()).config());
        clients.dynamodb().list_tables().send().await.ok();
        clients.identity_store().list_users().identity_store_id("d-1").send().await.ok();
        clients.organizations().list_roots().send().await.ok();
        clients.s3().list_buckets().send().await.ok();
        clients.service_catalog().list_portfolios().send().await.ok();
        clients.sns().list_topics().send().await.ok();
        clients.sso_admin().list_instances().send().await.ok();
        let counted = clients.calls().counts().keys().cloned().collect::<Vec<_>>();
        let expected = [
            "DynamoDB",
            "Organizations",
            "S3",
            "SNS",
            "SSO Admin",
            "Service Catalog",
            "identitystore",
        ];
        assert_eq!(counted, expected);
    }
}
