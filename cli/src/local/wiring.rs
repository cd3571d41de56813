//! What wakes which function: the same as the deployed stack's.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use local_cloud::delivery::{
    BucketNotification, Filters, Function, Pattern, Rule, Schedule, StreamMapping, Wiring,
};
use serde_json::{Value, json};
use vending::ledger::Batch;
use vending_aws::TableNames;

/// The bucket that files are dropped into.
pub const BUCKET: &str = "vend-lists";

/// The function that takes files in.
pub const INTAKE: &str = "intake";
/// The function that launches accounts.
pub const PROVISION: &str = "provision";
/// The function that gives accounts their access.
pub const HANDOVER: &str = "handover";

/// Tries of a stream batch after the first: with the wait doubling, some minutes.
const STREAM_RETRIES: u32 = 8;

/// What wakes `functions`.
///
/// # Errors
/// When a pattern or filter is not one of AWS's.
pub fn wiring(functions: Vec<Arc<dyn Function>>) -> Result<Wiring> {
    let pattern = Pattern::parse(&lifecycle_pattern()).context("understand the rule's pattern")?;
    let rule = Rule {
        name: "control-tower".into(),
        pattern,
        functions: vec![PROVISION.into(), HANDOVER.into()],
    };
    let every_minute = |function: &str| Schedule {
        name: format!("{function}-tick"),
        every: TimeDelta::minutes(1),
        function: function.into(),
    };
    Ok(Wiring {
        functions,
        notifications: vec![BucketNotification {
            bucket: BUCKET.into(),
            function: INTAKE.into(),
            // No suffix: a list by any other name is refused by intake, not passed over.
            excluded_prefixes: vec![Batch::RESULTS_PREFIX.into()],
            ..BucketNotification::default()
        }],
        streams: vec![stream(PROVISION, &queued_filter())?, stream(HANDOVER, &handover_filter())?],
        rules: vec![rule],
        schedules: vec![every_minute(PROVISION), every_minute(HANDOVER)],
        ..Wiring::default()
    })
}

fn stream(function: &str, filter: &Value) -> Result<StreamMapping> {
    let filters =
        Filters::parse(filter).with_context(|| format!("understand the filter of {function}"))?;
    Ok(StreamMapping {
        filters,
        retries: Some(STREAM_RETRIES),
        maximum_age: Some(TimeDelta::hours(6)),
        bisect: true,
        report_item_failures: true,
        ..StreamMapping::new(TableNames::default().accounts, function)
    })
}

/// Both lifecycle events in both states: a retry reports an update, and a failure is news, too.
#[must_use]
pub fn lifecycle_pattern() -> Value {
    json!({
        "source": ["aws.controltower"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["controltower.amazonaws.com"],
            "eventName": ["CreateManagedAccount", "UpdateManagedAccount"],
        },
    })
}

/// Entries that are QUEUED, from the start or again.
#[must_use]
pub fn queued_filter() -> Value {
    filters(&[json!({ "dynamodb": { "NewImage": { "Status": { "S": ["QUEUED"] } } } })])
}

/// Entries that have become CONFIGURING, and those that are READY or FAILED and not told yet.
#[must_use]
pub fn handover_filter() -> Value {
    filters(&[
        json!({
            "dynamodb": {
                "NewImage": { "Status": { "S": ["CONFIGURING"] } },
                "OldImage": { "Status": { "S": [{ "anything-but": ["CONFIGURING"] }] } },
            },
        }),
        json!({ "dynamodb": { "NewImage": { "Announced": { "BOOL": [false] } } } }),
    ])
}

/// Filter criteria in AWS's form: each pattern is a text.
fn filters(patterns: &[Value]) -> Value {
    let filters: Vec<Value> =
        patterns.iter().map(|it| json!({ "Pattern": it.to_string() })).collect();
    json!({ "Filters": filters })
}
