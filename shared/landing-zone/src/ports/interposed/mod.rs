//! Something that steps in at every call of a port: to let another task run in
//! between, to fail, or to count.

mod aws;
mod ledger;

use std::sync::Arc;

use async_trait::async_trait;
use vending::ports::CouldNotAsk;

/// What steps in.
#[async_trait]
pub trait Hook: Send + Sync {
    /// Before the call named `call` is made.
    ///
    /// # Errors
    /// To let it fail without having been made.
    async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk>;

    /// After the call named `call` was made.
    ///
    /// # Errors
    /// To let it seem to have failed, though it was made.
    async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk>;
}

/// A port with a [`Hook`] around each of its calls.
#[derive(Clone)]
pub struct Interposed<P> {
    port: P,
    hook: Arc<dyn Hook>,
}

impl<P> Interposed<P> {
    /// Puts `hook` around the calls of `port`.
    pub fn new(port: P, hook: Arc<dyn Hook>) -> Self {
        Self { port, hook }
    }

    /// Makes a call, with the hook around it. A refusal is an answer like any other.
    async fn around<T, E: From<CouldNotAsk>>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.hook.before(name).await?;
        let answer = call.await;
        self.hook.after(name).await?;
        answer
    }
}
