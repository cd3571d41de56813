//! Waiting within an invocation, by the clock that the SDK waits by.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, default_async_sleep};
use aws_smithy_async::time::SharedTimeSource;
use chrono::TimeDelta;
use vending::ports::Waiter;

/// Lets an invocation wait until so long after its beginning.
#[derive(Debug)]
pub struct Linger {
    time: SharedTimeSource,
    sleep: Option<SharedAsyncSleep>,
    until: SystemTime,
}

impl Linger {
    /// An invocation begins, which may wait for `lasts` in all.
    #[must_use]
    pub fn begin(config: &SdkConfig, lasts: Duration) -> Self {
        let time = config.time_source().unwrap_or_default();
        let sleep = config.sleep_impl().or_else(default_async_sleep);
        Self { until: time.now() + lasts, time, sleep }
    }
}

#[async_trait]
impl Waiter for Linger {
    async fn wait(&self, time: TimeDelta) -> bool {
        let Some(sleep) = &self.sleep else { return false };
        let time = time.to_std().unwrap_or_default();
        if self.time.now() + time > self.until {
            return false;
        }
        sleep.sleep(time).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_invocation_waits_while_it_has_time() {
        let config = SdkConfig::builder().build();
        let linger = Linger::begin(&config, Duration::from_secs(50));
        assert!(linger.wait(TimeDelta::milliseconds(1)).await);
        assert!(
            !linger.wait(TimeDelta::seconds(51)).await,
            "and does not wait for what it has not"
        );
    }
}
