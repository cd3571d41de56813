//! Writes that belong together, and patience with writes that collide.

use std::future::Future;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use vending::ports::CouldNotAsk;

use super::DYNAMODB;
use crate::calls::could_not;

/// Actions in one transaction, at most: DynamoDB API reference, `TransactWriteItems`.
pub(super) const MOST_ACTIONS: usize = 100;

/// Attempts of a write that collides with others. Every waiting writer has its turn
/// long before: a transaction takes tens of milliseconds.
const ATTEMPTS: u32 = 8;

/// The wait after the first collision; it doubles with each, to six seconds in all.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// What became of a transaction.
#[derive(Debug)]
pub(super) enum Transacted {
    /// All of it is written.
    Written,
    /// None of it is: conditions failed. One reason for each action, in order.
    Cancelled(Vec<CancellationReason>),
}

/// What became of one attempt.
enum Attempt<T> {
    Settled(T),
    Collided(CouldNotAsk),
}

/// Writes all of `actions` or none, again and again while others are in the way.
pub(super) async fn write_together(
    client: &Client,
    operation: &'static str,
    actions: &[TransactWriteItem],
) -> Result<Transacted, CouldNotAsk> {
    patiently(|| attempt(client, operation, actions.to_vec())).await
}

async fn attempt(
    client: &Client,
    operation: &'static str,
    actions: Vec<TransactWriteItem>,
) -> Result<Attempt<Transacted>, CouldNotAsk> {
    let Err(error) = client.transact_write_items().set_transact_items(Some(actions)).send().await
    else {
        return Ok(Attempt::Settled(Transacted::Written));
    };
    match reasons(&error) {
        Some(reasons) if reasons.iter().any(is_condition) => {
            Ok(Attempt::Settled(Transacted::Cancelled(reasons.to_vec())))
        }
        Some(reasons) if reasons.iter().all(is_passing) => {
            Ok(Attempt::Collided(could_not(DYNAMODB, operation)(error)))
        }
        _ => Err(could_not(DYNAMODB, operation)(error)),
    }
}

fn reasons(error: &SdkError<TransactWriteItemsError>) -> Option<&[CancellationReason]> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            Some(cancelled.cancellation_reasons()).filter(|reasons| !reasons.is_empty())
        }
        _ => None,
    }
}

/// Whether the reason is a condition that does not hold.
pub(super) fn is_condition(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

/// Whether the reason passes by itself, or is none: codes of `TransactWriteItems`
/// in the DynamoDB API reference.
fn is_passing(reason: &CancellationReason) -> bool {
    match reason.code() {
        None | Some("None" | "TransactionConflict" | "ThrottlingError") => true,
        Some(code) => code == "ProvisionedThroughputExceeded",
    }
}

/// Sends a write of one item, which a transaction of somebody else may be in the way
/// of. Answers the service's error where there is one that patience does not help.
pub(super) async fn write_alone<O, E, F>(
    operation: &'static str,
    mut send: impl FnMut() -> F,
) -> Result<Result<O, SdkError<E>>, CouldNotAsk>
where
    F: Future<Output = Result<O, SdkError<E>>>,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    patiently(|| {
        let sent = send();
        async move {
            Ok(match sent.await {
                Err(error) if is_collision(&error) => {
                    Attempt::Collided(could_not(DYNAMODB, operation)(error))
                }
                settled => Attempt::Settled(settled),
            })
        }
    })
    .await
}

fn is_collision<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
        == Some("TransactionConflictException")
}

async fn patiently<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, CouldNotAsk>
where
    F: Future<Output = Result<Attempt<T>, CouldNotAsk>>,
{
    let mut wait = FIRST_WAIT;
    for _ in 1..ATTEMPTS {
        match attempt().await? {
            Attempt::Settled(settled) => return Ok(settled),
            Attempt::Collided(_) => tokio::time::sleep(wait).await,
        }
        wait *= 2;
    }
    match attempt().await? {
        Attempt::Settled(settled) => Ok(settled),
        Attempt::Collided(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    fn cancelled(codes: &[&str]) -> (u16, String) {
        let reasons: Vec<String> =
            codes.iter().map(|code| format!("{{\"Code\":\"{code}\"}}")).collect();
        let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
        (400, format!("{{\"__type\":\"{kind}\",\"CancellationReasons\":[{}]}}", reasons.join(",")))
    }

    async fn write(answers: Vec<(u16, String)>) -> (Result<Transacted, CouldNotAsk>, usize) {
        let canned = Canned::new(answers);
        let client = Client::new(&canned.config());
        let written = write_together(&client, "write", &[]).await;
        (written, canned.calls())
    }

    #[tokio::test]
    async fn a_write_that_collides_is_sent_again() {
        let collided = cancelled(&["None", "TransactionConflict"]);
        let (written, calls) = write(vec![collided, (200, "{}".to_owned())]).await;
        assert!(matches!(written, Ok(Transacted::Written)), "{written:?}");
        assert_eq!(calls, 2);
    }

    #[tokio::test]
    async fn a_condition_that_fails_is_told_at_once_even_beside_a_collision() {
        let reasons = cancelled(&["ConditionalCheckFailed", "TransactionConflict", "None"]);
        let (written, calls) = write(vec![reasons]).await;
        let Ok(Transacted::Cancelled(reasons)) = written else { panic!("{written:?}") };
        assert_eq!((reasons.len(), calls), (3, 1));
    }

    #[tokio::test]
    async fn what_patience_does_not_help_is_an_error() {
        let (written, calls) = write(vec![cancelled(&["ValidationError", "None"])]).await;
        assert!(written.is_err());
        assert_eq!(calls, 1);
    }
}
