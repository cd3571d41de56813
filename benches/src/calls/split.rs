//! What of the calls an account causes, what a minute, and what a list: told apart by lists of
//! different lengths, and by accounts that take longer. Nothing else differs between them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use vend::local::Counts;

use super::{Asked, Ran, run};

/// What is counted: the service and the operation. An invocation is Lambda's `Invoke`.
pub type Operation = (String, String);

/// Numbers by operation.
pub type ByOperation = BTreeMap<Operation, f64>;

/// The function that takes lists in: what it calls, the list causes.
const INTAKE: &str = "intake";

/// How much longer an account takes in the run that tells what a minute costs.
const LONGER: u8 = 5;

/// The parts of what was called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Split {
    /// For each account, besides what a minute causes.
    pub account: ByOperation,
    /// For each minute while accounts are made.
    pub minute: ByOperation,
    /// By `intake`, for the longer list.
    pub list: ByOperation,
}

impl Split {
    /// Splits what lists of `rows` and of twice as many call.
    ///
    /// # Errors
    /// When a run does not end with every account READY.
    pub async fn measure(rows: usize, width: u8, minutes: u8) -> Result<Self> {
        let asked = Asked { rows, width, minutes };
        let short = run(asked).await?;
        let longer = run(Asked { minutes: minutes + LONGER, ..asked }).await?;
        let double = run(Asked { rows: 2 * rows, ..asked }).await?;
        Ok(Self::of(rows, &short, &longer, &double))
    }

    /// The same for another length of list, by what a minute is known to cost.
    ///
    /// # Errors
    /// As [`measure`](Self::measure).
    pub async fn again(&self, rows: usize, width: u8, minutes: u8) -> Result<Self> {
        let asked = Asked { rows, width, minutes };
        let short = run(asked).await?;
        let double = run(Asked { rows: 2 * rows, ..asked }).await?;
        Ok(Self::with(self.minute.clone(), rows, &short, &double))
    }

    fn of(rows: usize, short: &Ran, longer: &Ran, double: &Ran) -> Self {
        let [a, b] = [short, longer].map(|ran| by_operation(&ran.counts, false));
        let more = minutes(longer) - minutes(short);
        let minute = combined([&a, &b], |a, b| (b - a) / more);
        Self::with(minute, rows, short, double)
    }

    fn with(minute: ByOperation, rows: usize, short: &Ran, double: &Ran) -> Self {
        let [a, b] = [short, double].map(|ran| by_operation(&ran.counts, false));
        let more = (minutes(double) - minutes(short)) / count(rows);
        let account = combined([&a, &b], |a, b| (b - a) / count(rows));
        let account = combined([&account, &minute], |all, minute| all - minute * more);
        Self { account, minute, list: by_operation(&double.counts, true) }
    }
}

/// How many minutes it ran.
fn minutes(ran: &Ran) -> f64 {
    ran.took.as_seconds_f64() / 60.0
}

/// A count as a number to reckon with.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "no count here is near 2^52")]
pub fn count(number: usize) -> f64 {
    number as f64
}

/// The calls of `intake`, or of the other functions, with their invocations.
#[must_use]
pub fn by_operation(counts: &Counts, of_intake: bool) -> ByOperation {
    let mut all = ByOperation::new();
    let mut add = |service: &str, operation: &str, number: u64| {
        let number = count(usize::try_from(number).unwrap_or(usize::MAX));
        *all.entry((service.to_owned(), operation.to_owned())).or_default() += number;
    };
    for ((function, _), counted) in counts {
        if (function == INTAKE) == of_intake {
            add(LAMBDA, INVOKE, counted.invocations);
            for ((service, operation), calls) in &counted.calls {
                add(service, operation, *calls);
            }
        }
    }
    all
}

/// What an invocation is counted as.
pub const LAMBDA: &str = "lambda";
const INVOKE: &str = "Invoke";

/// The calls of AWS in all, invocations left out.
#[must_use]
pub fn calls(all: &ByOperation) -> f64 {
    all.iter().filter(|((service, _), _)| service != LAMBDA).map(|(_, number)| number).sum()
}

/// The invocations in all.
#[must_use]
pub fn invocations(all: &ByOperation) -> f64 {
    all.iter().filter(|((service, _), _)| service == LAMBDA).map(|(_, number)| number).sum()
}

fn combined([one, other]: [&ByOperation; 2], what: impl Fn(f64, f64) -> f64) -> ByOperation {
    let operations: BTreeSet<&Operation> = one.keys().chain(other.keys()).collect();
    let of = |all: &ByOperation, operation| all.get(operation).copied().unwrap_or_default();
    let number =
        |operation| (Operation::clone(operation), what(of(one, operation), of(other, operation)));
    operations.into_iter().map(number).collect()
}
