//! The pace of the calls to IAM Identity Center. All of its APIs together take 20 a second,
//! which cannot be raised; what is asked for evenly is never turned away.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, default_async_sleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// Calls a second, of the 20 in all, of the one invocation of `handover` that talks to
/// Identity Center: it looks at ten assignments about every two seconds.
pub const OF_HANDOVER: u32 = 10;

/// Calls a second of an `intake`. Two lists at the same moment are rare, and what is turned
/// away then is asked for again by the SDK.
pub const OF_INTAKE: u32 = 5;

/// Calls a second of an operator's command: what the functions leave.
pub const OF_OPERATORS: u32 = 5;

/// Lets so many calls a second pass, evenly, whoever makes them. Clones are the same pace.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    interval: Duration,
    next: Arc<Mutex<Option<SystemTime>>>,
}

impl Pace {
    /// A pace of so many calls a second, at least one.
    pub(crate) fn of(calls_per_second: u32) -> Self {
        let interval = Duration::from_secs(1) / calls_per_second.max(1);
        Self { interval, next: Arc::default() }
    }

    /// How long the call that is to be made `now` waits for its place.
    fn delay(&self, now: SystemTime) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back by more than the queue is long must not hold up everything.
        let queued = next.filter(|next| *next <= now + self.interval * MOST_WAITING);
        let at = queued.map_or(now, |next| next.max(now));
        *next = Some(at + self.interval);
        at.duration_since(now).unwrap_or_default()
    }

    /// `config` with every call at this pace, its repetitions included.
    pub(crate) fn apply(&self, config: &SdkConfig) -> SdkConfig {
        let Some(inner) = config.http_client() else { return config.clone() };
        config.clone().into_builder().http_client(self.http_client(inner)).build()
    }

    fn http_client(&self, inner: SharedHttpClient) -> SharedHttpClient {
        let pace = self.clone();
        http_client_fn(move |settings, components| {
            SharedHttpConnector::new(Paced {
                pace: pace.clone(),
                inner: inner.http_connector(settings, components),
                time: components.time_source().unwrap_or_default(),
                sleep: components.sleep_impl().or_else(default_async_sleep),
            })
        })
    }
}

/// Calls that wait at most, in any process of ours: each waits for its answer before the next.
const MOST_WAITING: u32 = 100;

#[derive(Debug)]
struct Paced {
    pace: Pace,
    inner: SharedHttpConnector,
    time: SharedTimeSource,
    sleep: Option<SharedAsyncSleep>,
}

impl HttpConnector for Paced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let delay = self.pace.delay(self.time.now());
        let (inner, sleep) = (self.inner.clone(), self.sleep.clone());
        HttpConnectorFuture::new(async move {
            if let Some(sleep) = sleep.filter(|_| !delay.is_zero()) {
                sleep.sleep(delay).await;
            }
            inner.call(request).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_000_000 + milliseconds)
    }

    #[test]
    fn calls_pass_evenly_and_one_after_a_pause_at_once() {
        let pace = Pace::of(8);
        let waits: Vec<u128> = [0, 0, 10, 500, 500]
            .into_iter()
            .map(|moment| pace.delay(at(moment)).as_millis())
            .collect();
        assert_eq!(waits, [0, 125, 240, 0, 125]);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_up() {
        let pace = Pace::of(8);
        pace.delay(at(900_000));
        assert_eq!(pace.delay(at(0)), Duration::ZERO);
    }
}
