//! What a stack asks of its custom resource, done within bounds and always answered.

use std::time::Duration;

use serde_json::{Value, json};
use tracing::{info, warn};
use vending::account::RoleArn;
use vending::launch_path::{NotChanged, close, open};
use vending::ports::{LaunchPath, PathError};
use vending_aws::cloudformation::{NotAnswered, StackAnswers};
use vending_aws::events::{StackRequest, Wanted};

/// What a stack asks for is given up after this. The answer takes up to 20 s more
/// ([`StackAnswers`]), and the function's timeout must leave time for both.
const PATIENCE: Duration = Duration::from_secs(40);

/// A refusal is asked again so often, so long after: the stack made the role and its
/// rights seconds ago, and IAM is "eventually consistent" (IAM user guide,
/// "Troubleshooting IAM"). A stack that fails in its first creation is a nuisance.
const SETTLING: Settling = Settling { tries: 6, wait: Duration::from_secs(5) };

/// How refusals are asked again.
#[derive(Clone, Copy)]
struct Settling {
    tries: u32,
    wait: Duration,
}

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
        Wanted::Open(role) => opened(SETTLING, path, &role).await,
        Wanted::Close(role) => close(path, &role).await,
        Wanted::Nothing => Ok(()),
    };
    done.map_err(|error| error.to_string())
}

async fn opened(
    settling: Settling,
    path: &dyn LaunchPath,
    role: &RoleArn,
) -> Result<(), NotChanged> {
    for _ in 0..settling.tries {
        match open(path, role).await {
            Err(NotChanged::Asked(PathError::Refused(_))) => {
                tokio::time::sleep(settling.wait).await;
            }
            done => return done.map(drop),
        }
    }
    open(path, role).await.map(drop)
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
    use std::sync::atomic::{AtomicU32, Ordering};

    use async_trait::async_trait;
    use vending::ports::{CouldNotAsk, FactoryPortfolio, Refusal};
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

    /// Refuses so often, because it has not heard of the role's rights.
    struct Unsettled {
        refusals: u32,
        asked: AtomicU32,
    }

    #[async_trait]
    impl LaunchPath for Unsettled {
        async fn portfolios(&self) -> Result<Option<Vec<FactoryPortfolio>>, PathError> {
            if self.asked.fetch_add(1, Ordering::Relaxed) < self.refusals {
                let (code, message) = ("AccessDeniedException".into(), "not authorized".into());
                return Err(Refusal { code, message }.into());
            }
            Ok(Some(vec![FactoryPortfolio {
                id: "port-factory".into(),
                name: "AWS Control Tower Account Factory Portfolio".into(),
                provider: "AWS Control Tower".into(),
            }]))
        }

        async fn associate(&self, _: &str, _: &RoleArn) -> Result<(), PathError> {
            Ok(())
        }

        async fn disassociate(&self, _: &str, _: &RoleArn) -> Result<(), PathError> {
            Ok(())
        }
    }

    /// Opens the way past so many refusals; answers how often it was asked, too.
    async fn past(refusals: u32) -> (Result<(), NotChanged>, u32) {
        let path = Unsettled { refusals, asked: AtomicU32::new(0) };
        let Ok(Wanted::Open(role)) = request("cloudformation-create").wanted() else {
            panic!("a creation opens the way");
        };
        let settling = Settling { wait: Duration::ZERO, ..SETTLING };
        (opened(settling, &path, &role).await, path.asked.into_inner())
    }

    #[tokio::test]
    async fn rights_that_were_given_a_moment_ago_are_waited_for_and_not_for_ever() {
        let (done, asked) = past(2).await;
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(asked, 3);
        let (done, asked) = past(u32::MAX).await;
        let told = done.unwrap_err().to_string();
        assert!(told.contains("allow it to the role of the function intake"), "{told}");
        assert_eq!(asked, SETTLING.tries + 1);
        assert!(SETTLING.wait * SETTLING.tries < PATIENCE);
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
