//! Something that steps in at every call of a port: to let another task run in
//! between, to fail, or to count.

mod aws;
mod ledger;
mod members;
mod orders;

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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use vending::account::AccountName;
    use vending::ports::Ledger;

    use super::*;
    use crate::ports::MemoryLedger;

    /// Notes the calls, and lets one of them fail before or after it is made.
    struct Failing {
        fails: &'static str,
        before: bool,
        seen: Mutex<Vec<&'static str>>,
    }

    impl Failing {
        fn fail(&self, call: &'static str, before: bool) -> Result<(), CouldNotAsk> {
            if call == self.fails && before == self.before {
                return Err(CouldNotAsk::new("test", call, "as told"));
            }
            Ok(())
        }
    }

    #[async_trait]
    impl Hook for Failing {
        async fn before(&self, call: &'static str) -> Result<(), CouldNotAsk> {
            self.seen.lock().unwrap().push(call);
            self.fail(call, true)
        }

        async fn after(&self, call: &'static str) -> Result<(), CouldNotAsk> {
            self.fail(call, false)
        }
    }

    #[tokio::test]
    async fn a_call_that_fails_after_it_was_made_was_made() {
        for before in [true, false] {
            let ledger = MemoryLedger::default();
            let seen = Mutex::default();
            let hook = Arc::new(Failing { fails: "hold", before, seen });
            let interposed = Interposed::new(ledger.clone(), hook.clone());
            let until = chrono::DateTime::UNIX_EPOCH;
            assert!(interposed.hold(until).await.is_err());
            assert_eq!(ledger.launching_now().hold_until.is_none(), before);
            let name = AccountName::new("alpha").unwrap();
            assert_eq!(interposed.entry(&name).await.unwrap(), None);
            assert_eq!(*hook.seen.lock().unwrap(), ["hold", "entry"]);
        }
    }
}
