//! Waiting, for a use case that would rather look again in a moment than end.

use async_trait::async_trait;
use chrono::TimeDelta;

/// Waits within the time that an invocation has.
#[async_trait]
pub trait Waiter: Send + Sync {
    /// Waits for `time`; `false`, at once, when less than that is left of the invocation.
    async fn wait(&self, time: TimeDelta) -> bool;
}

/// Has no time to wait: every invocation looks once, and ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTime;

#[async_trait]
impl Waiter for NoTime {
    async fn wait(&self, _: TimeDelta) -> bool {
        false
    }
}
