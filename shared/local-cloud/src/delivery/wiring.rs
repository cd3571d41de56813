//! Who gets what: the functions and what triggers them, with AWS's defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;

use super::DeliveryError;
use super::filter::Filters;
use super::function::Function;
use super::pattern::Pattern;

/// All of it. Functions are referred to by name.
#[derive(Clone, Default)]
pub struct Wiring {
    /// The functions.
    pub functions: Vec<Arc<dyn Function>>,
    /// Bucket notifications.
    pub notifications: Vec<BucketNotification>,
    /// Table streams.
    pub streams: Vec<StreamMapping>,
    /// Rules on the default event bus.
    pub rules: Vec<Rule>,
    /// Schedules.
    pub schedules: Vec<Schedule>,
    /// How functions are invoked asynchronously, where not by the defaults.
    pub asynchronous: BTreeMap<String, Asynchronous>,
}

impl Wiring {
    /// Schedules must tick, and every function that is named must be there.
    pub(super) fn check(&self) -> Result<(), DeliveryError> {
        if let Some(bad) = self.schedules.iter().find(|it| it.every <= TimeDelta::zero()) {
            return Err(DeliveryError::Schedule(bad.name.clone()));
        }
        let notified = self.notifications.iter().map(|it| &it.function);
        let named = notified
            .chain(self.streams.iter().map(|it| &it.function))
            .chain(self.rules.iter().flat_map(|it| &it.functions))
            .chain(self.schedules.iter().map(|it| &it.function))
            .chain(self.asynchronous.keys());
        for name in named {
            if !self.functions.iter().any(|it| it.name() == name) {
                return Err(DeliveryError::NoFunction { function: name.clone() });
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Wiring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions: Vec<_> = self.functions.iter().map(|it| it.name()).collect();
        f.debug_struct("Wiring")
            .field("functions", &functions)
            .field("notifications", &self.notifications)
            .field("streams", &self.streams)
            .field("rules", &self.rules)
            .field("schedules", &self.schedules)
            .field("asynchronous", &self.asynchronous)
            .finish()
    }
}

/// Tells a function of every object created in a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BucketNotification {
    /// The bucket.
    pub bucket: String,
    /// The function.
    pub function: String,
    /// Only keys that start so.
    pub prefix: String,
    /// Only keys that end so.
    pub suffix: String,
    /// Keys that start so are left out. S3 has no such filter; it stands for
    /// buckets whose template lists the wanted prefixes one by one.
    pub excluded_prefixes: Vec<String>,
}

impl BucketNotification {
    /// Whether it covers the object `key` in `bucket`.
    pub(super) fn covers(&self, bucket: &str, key: &str) -> bool {
        self.bucket == bucket
            && key.starts_with(&self.prefix)
            && key.ends_with(&self.suffix)
            && !self.excluded_prefixes.iter().any(|prefix| key.starts_with(prefix))
    }
}

/// A rule on the default event bus.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Which events.
    pub pattern: Pattern,
    /// The functions that get them.
    pub functions: Vec<String>,
}

/// A rule with a rate: the first event comes one interval after the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// The interval; EventBridge allows whole minutes.
    pub every: TimeDelta,
    /// The function.
    pub function: String,
}

/// How a function is invoked for events: Lambda's asynchronous invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asynchronous {
    /// Tries after the first one; Lambda allows 0 to 2.
    pub retries: u32,
    /// Older events are not tried again; Lambda allows 60 seconds to 6 hours.
    pub maximum_age: TimeDelta,
}

impl Default for Asynchronous {
    /// "Lambda … retries the function two more times", and keeps an event for up
    /// to 6 hours (developer guide, "Asynchronous invocation").
    fn default() -> Self {
        Self { retries: 2, maximum_age: TimeDelta::hours(6) }
    }
}

impl Asynchronous {
    /// How long Lambda waits after `attempts` of them failed: "a one-minute wait
    /// before the first retry, and a two-minute wait before the second".
    pub(super) fn wait_after(attempts: u32) -> TimeDelta {
        TimeDelta::minutes(i64::from(attempts.clamp(1, 2)))
    }
}

/// A mapping of a table's stream to a function, from its oldest record on
/// (`TRIM_HORIZON`), one batch at a time.
#[derive(Debug, Clone)]
pub struct StreamMapping {
    /// The table.
    pub table: String,
    /// The function.
    pub function: String,
    /// The most records in one event: 100, and at most 10,000.
    pub batch_size: usize,
    /// Which records; the others are consumed silently.
    pub filters: Filters,
    /// Tries after the first one; `None`, AWS's default, is until the record is
    /// too old, and blocks the stream until then.
    pub retries: Option<u32>,
    /// The age at which records are given up; `None`, AWS's default, is the day
    /// that the stream keeps them.
    pub maximum_age: Option<TimeDelta>,
    /// Halve a batch that failed, off by default. Halving uses up no retry.
    pub bisect: bool,
    /// `ReportBatchItemFailures`, off by default.
    pub report_item_failures: bool,
    /// The wait before the first retry, doubled for each further one, up to a
    /// minute. AWS does not say how long it waits.
    pub retry_after: TimeDelta,
}

impl StreamMapping {
    /// A mapping with AWS's defaults (developer guide, "Lambda parameters for
    /// Amazon DynamoDB event source mappings").
    #[must_use]
    pub fn new(table: impl Into<String>, function: impl Into<String>) -> Self {
        Self {
            table: table.into(),
            function: function.into(),
            batch_size: 100,
            filters: Filters::default(),
            retries: None,
            maximum_age: None,
            bisect: false,
            report_item_failures: false,
            retry_after: TimeDelta::seconds(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_covers_by_prefix_suffix_and_exclusion() {
        let notification = BucketNotification {
            bucket: "b".to_owned(),
            suffix: ".csv".to_owned(),
            excluded_prefixes: vec!["results/".to_owned()],
            ..BucketNotification::default()
        };
        assert!(notification.covers("b", "a.csv"));
        assert!(!notification.covers("c", "a.csv"));
        assert!(!notification.covers("b", "a.txt"));
        assert!(!notification.covers("b", "results/a.csv"));
    }
}
