//! What events are delivered to.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use tokio::task::JoinSet;

/// A function as Lambda knows one: an event in, an answer or an error out.
#[async_trait]
pub trait Function: Send + Sync {
    /// Its name, by which [`super::Wiring`] refers to it.
    fn name(&self) -> &str;

    /// Handles one event.
    ///
    /// # Errors
    /// [`FunctionError`], as Lambda reports a function error.
    async fn invoke(&self, event: Value) -> Result<Value, FunctionError>;

    /// Why Lambda does not even take an event for it from a rule; `None` when it
    /// does, as it always does unless something is wrong with Lambda itself.
    fn refusal(&self) -> Option<Refusal> {
        None
    }
}

/// Why Lambda does not take an event from a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Too many are sent; the same may be taken later.
    Throttled,
    /// The function's policy does not let the rule invoke it. EventBridge does not try
    /// again: "the event is sent to the dead-letter queue" (user guide, "Using
    /// dead-letter queues").
    Forbidden,
}

impl Refusal {
    /// The `ERROR_CODE` on the message in the rule's dead-letter queue.
    pub(super) fn error(self) -> FunctionError {
        let (code, message) = match self {
            Self::Throttled => ("THROTTLING", "Lambda is asked too often"),
            Self::Forbidden => ("NO_PERMISSIONS", "the rule may not invoke the function"),
        };
        FunctionError { error_type: code.to_owned(), message: message.to_owned() }
    }
}

/// A function error, as Lambda reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Error)]
#[error("{error_type}: {message}")]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// The stable name of the error.
    pub error_type: String,
    /// What went wrong, for people.
    #[serde(rename = "errorMessage")]
    pub message: String,
}

/// Invokes `function`. A panic is a function error, as it is in Lambda. Dropping
/// the future stops the function.
pub(super) async fn invoke(
    function: &Arc<dyn Function>,
    event: Value,
) -> Result<Value, FunctionError> {
    let function = Arc::clone(function);
    let mut running = JoinSet::new();
    running.spawn(async move { function.invoke(event).await });
    match running.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(panicked(&error.to_string())),
        None => Err(panicked("the function did not run")),
    }
}

fn panicked(message: &str) -> FunctionError {
    FunctionError { error_type: "Panic".to_owned(), message: message.to_owned() }
}
