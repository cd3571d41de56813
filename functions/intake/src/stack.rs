//! What a stack asks of its custom resource, done within bounds and always answered.

use std::time::Duration;

use serde_json::{Value, json};
use tracing::{info, warn};
use vending::launch_path::{close, open};
use vending::ports::LaunchPath;
use vending_aws::cloudformation::{NotAnswered, StackAnswers};
use vending_aws::events::{StackRequest, Wanted};

/// What a stack asks for is given up after this. The answer takes up to 20 s more
/// ([`StackAnswers`]), and the function's timeout must leave time for both.
const PATIENCE: Duration = Duration::from_secs(40);

/// Does what `request` asks for and answers the stack: without an answer it would wait
/// for an hour.
pub(crate) async fn answer(
    path: &dyn LaunchPath,
    stacks: &StackAnswers,
    request: &StackRequest,
) -> Result<Value, NotAnswered> {
    let done = within(PATIENCE, path, request).await;
    stacks.send(request, done.as_ref().copied()).await?;
    log(request, &done);
    Ok(json!({ "outcome": "answered", "done": done.is_ok() }))
}

/// Does it, unless it takes longer than `patience`; the error has the cause and what to do.
async fn within(
    patience: Duration,
    path: &dyn LaunchPath,
    request: &StackRequest,
) -> Result<(), String> {
    let work = tokio::time::timeout(patience, carry_out(path, request)).await;
    work.unwrap_or_else(|_| {
        Err(format!(
            "Service Catalog has not answered within {} seconds: \
             deploy the stack again in some minutes",
            patience.as_secs()
        ))
    })
}

async fn carry_out(path: &dyn LaunchPath, request: &StackRequest) -> Result<(), String> {
    let done = match request.wanted()? {
        Wanted::Open(role) => open(path, &role).await.map(drop),
        Wanted::Close(role) => close(path, &role).await,
        Wanted::Nothing => Ok(()),
    };
    done.map_err(|error| error.to_string())
}

fn log(request: &StackRequest, done: &Result<(), String>) {
    let StackRequest { stack_id, request_id, logical_id, kind, .. } = request;
    match done {
        Ok(()) => {
            info!(
                stack.id = stack_id,
                request.id = request_id,
                resource = logical_id,
                kind,
                "stack answered"
            );
        }
        Err(reason) => {
            warn!(
                stack.id = stack_id,
                request.id = request_id,
                resource = logical_id,
                kind,
                reason,
                "stack answered with a failure"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use vending::account::RoleArn;
    use vending::ports::{CouldNotAsk, FactoryPortfolio, PathError};
    use vending_aws::events::Wake;

    use super::*;

    /// Service Catalog when it does not answer at all, or answers that it is in trouble.
    enum Trouble {
        Silent,
        Told,
    }

    #[async_trait]
    impl LaunchPath for Trouble {
        async fn portfolios(&self) -> Result<Option<Vec<FactoryPortfolio>>, PathError> {
            match self {
                Self::Silent => std::future::pending().await,
                Self::Told => Err(CouldNotAsk::new("Service Catalog", "list", "503").into()),
            }
        }

        async fn associate(&self, _: &str, _: &RoleArn) -> Result<(), PathError> {
            Ok(())
        }

        async fn disassociate(&self, _: &str, _: &RoleArn) -> Result<(), PathError> {
            Ok(())
        }
    }

    fn request(name: &str) -> StackRequest {
        let path = format!("{}/../../samples/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let event = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        match Wake::decode(&event) {
            Ok(Wake::Stack(request)) => *request,
            other => panic!("{name} is {other:?}"),
        }
    }

    #[tokio::test]
    async fn what_is_not_done_in_time_is_given_up_and_told() {
        for name in ["cloudformation-create", "cloudformation-delete"] {
            let told = within(Duration::ZERO, &Trouble::Silent, &request(name)).await.unwrap_err();
            assert!(told.contains("has not answered within 0 seconds: deploy"), "{told}");
        }
    }

    #[tokio::test]
    async fn trouble_is_told_with_what_to_do() {
        for name in ["cloudformation-create", "cloudformation-update", "cloudformation-delete"] {
            let told = within(PATIENCE, &Trouble::Told, &request(name)).await.unwrap_err();
            assert!(told.starts_with("failed to ask Service Catalog to list: deploy"), "{told}");
        }
    }
}
