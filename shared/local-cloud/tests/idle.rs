//! Idle time: the ticks of two days, with a stream and a state folder.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::sync::Arc;

use chrono::TimeDelta;
use common::{Scripted, create_table, dynamodb, open, put, start};
use local_cloud::Delivery;
use local_cloud::delivery::{Pace, Schedule, StreamMapping, Target, Wiring};
use serde_json::Value;

#[tokio::test]
async fn every_tick_of_two_days_is_delivered_once() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = open(Some(folder.path()));
    let client = dynamodb(&cloud);
    create_table(&client, "accounts").await;
    for n in 0..200 {
        put(&client, "accounts", &n.to_string()).await;
    }
    let function = Scripted::new(&cloud, "f", |_| Ok(Value::Null));
    let wiring = Wiring {
        functions: vec![Arc::clone(&function) as _],
        streams: vec![StreamMapping { batch_size: 10, ..StreamMapping::new("accounts", "f") }],
        schedules: vec![Schedule {
            name: "tick".to_owned(),
            every: TimeDelta::minutes(1),
            targets: vec![Target::new("f")],
        }],
        ..Wiring::default()
    };
    let mut delivery = Delivery::new(cloud.clone(), wiring).unwrap();
    let until = start() + TimeDelta::hours(48);
    delivery.run_until(async |it| it.cloud().now() >= until, Pace::Unpaced).await.unwrap();
    assert_eq!(function.got().len(), 20 + 48 * 60);
}
