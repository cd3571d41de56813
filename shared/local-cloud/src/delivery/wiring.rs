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
    /// Buckets that tell the default event bus of every object created in them
    /// (`EventBridgeConfiguration`).
    pub buckets: Vec<String>,
    /// When versions of objects that were replaced are removed.
    pub expirations: Vec<Expiration>,
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
    /// The target `function` of the rule or schedule `name`; with the defaults, when
    /// the wiring that an event was put down by had one and this one does not.
    pub(super) fn target(&self, name: &str, function: &str) -> Target {
        let rules = self.rules.iter().filter(|it| it.name == name).flat_map(|it| &it.targets);
        let schedules = self.schedules.iter().filter(|it| it.name == name);
        let mut targets = rules.chain(schedules.flat_map(|it| &it.targets));
        let found = targets.find(|it| it.function == function);
        found.cloned().unwrap_or_else(|| Target::new(function))
    }

    /// Schedules must tick, and every function that is named must be there.
    pub(super) fn check(&self) -> Result<(), DeliveryError> {
        if let Some(bad) = self.schedules.iter().find(|it| it.every <= TimeDelta::zero()) {
            return Err(DeliveryError::Schedule(bad.name.clone()));
        }
        let streams = self.streams.iter().map(|it| &it.function);
        let rules = self.rules.iter().flat_map(|it| &it.targets);
        let schedules = self.schedules.iter().flat_map(|it| &it.targets);
        let named = streams
            .chain(rules.chain(schedules).map(|it| &it.function))
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
            .field("buckets", &self.buckets)
            .field("expirations", &self.expirations)
            .field("streams", &self.streams)
            .field("rules", &self.rules)
            .field("schedules", &self.schedules)
            .field("asynchronous", &self.asynchronous)
            .finish()
    }
}

/// A rule of a bucket's lifecycle: versions that another one has replaced are removed some
/// time after, but for the newest of each object.
///
/// "Amazon S3 calculates the time by adding the number of days … to when the new successor
/// version is created and rounding up the resulting time to the next day at midnight UTC"
/// (S3 user guide, "Lifecycle rules based on an object's age"). It runs them once a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiration {
    /// The bucket.
    pub bucket: String,
    /// How the keys begin that it is about.
    pub prefix: String,
    /// The time after: whole days.
    pub after: TimeDelta,
    /// As many replaced versions of each object stay, however old they are.
    pub newest_kept: usize,
}

/// A rule on the default event bus.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Which events.
    pub pattern: Pattern,
    /// Who gets them.
    pub targets: Vec<Target>,
}

/// A rule with a rate: the first event comes one interval after the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// The interval; EventBridge allows whole minutes.
    pub every: TimeDelta,
    /// Who gets its events.
    pub targets: Vec<Target>,
}

/// A function as the target of a rule.
///
/// Its settings are about handing an event to Lambda and nothing later: once Lambda
/// has taken it, [`Asynchronous`] applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The function.
    pub function: String,
    /// Tries after the first one; EventBridge allows 0 to 185.
    pub retries: u32,
    /// Older events are not tried again; EventBridge allows 60 seconds to 24 hours.
    pub maximum_age: TimeDelta,
    /// The queue for what is given up; without one it is dropped.
    pub dead_letter: Option<String>,
    /// Whether the function's policy lets the rule invoke it. Where it does not, an
    /// event is given up at once.
    pub permitted: bool,
}

impl Target {
    /// A target with AWS's defaults: EventBridge "retries sending the event for 24
    /// hours and up to 185 times" (user guide, "Retrying event delivery").
    #[must_use]
    pub fn new(function: impl Into<String>) -> Self {
        Self {
            function: function.into(),
            retries: 185,
            maximum_age: TimeDelta::hours(24),
            dead_letter: None,
            permitted: true,
        }
    }

    /// How long EventBridge waits after `tries` that Lambda did not take. It says "an
    /// exponential back off" and no numbers; with these, 186 tries fill the 24 hours.
    pub(super) fn wait_after(tries: u32) -> TimeDelta {
        TimeDelta::seconds(1 << tries.clamp(1, 9)).min(LONGEST_WAIT_OF_THE_BUS)
    }
}

/// See [`Target::wait_after`].
const LONGEST_WAIT_OF_THE_BUS: TimeDelta = TimeDelta::minutes(8);

/// How a function is invoked for events: Lambda's asynchronous invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asynchronous {
    /// Tries after the first one; Lambda allows 0 to 2.
    pub retries: u32,
    /// Older events are not tried again; Lambda allows 60 seconds to 6 hours.
    pub maximum_age: TimeDelta,
    /// The destination for what is given up; without one it is dropped.
    pub on_failure: Option<String>,
}

impl Default for Asynchronous {
    /// "Lambda … retries the function two more times", and keeps an event for up
    /// to 6 hours (developer guide, "Asynchronous invocation").
    fn default() -> Self {
        Self { retries: 2, maximum_age: TimeDelta::hours(6), on_failure: None }
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
    /// How long records are gathered before a batch that is not full is delivered; at
    /// once by default, and at most 5 minutes.
    pub window: TimeDelta,
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
    /// The destination for what is told of batches that are given up; without one
    /// they are dropped.
    pub on_failure: Option<String>,
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
            window: TimeDelta::zero(),
            filters: Filters::default(),
            retries: None,
            maximum_age: None,
            bisect: false,
            report_item_failures: false,
            retry_after: TimeDelta::seconds(1),
            on_failure: None,
        }
    }
}
