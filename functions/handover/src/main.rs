//! The Lambda `handover`: reads its configuration, then answers one event after the other.

use std::sync::Arc;
use std::time::Duration;

use handover::{Config, Function};
use serde_json::Value;
use vending_aws::SystemClock;
use vending_aws::lambda::{Error, serve};
use vending_aws::pace::OF_HANDOVER;

/// How long a tick stays at most: until shortly before the next one comes. Lambda ends it
/// after 90 seconds, and what it begins last has to come to its end before.
const LINGERS: Duration = Duration::from_secs(57);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    serve(Some(OF_HANDOVER), Config::from, |clients, config| {
        let function = Function::new(clients, config, Arc::new(SystemClock)).lingering(LINGERS);
        async move |event: Value| function.handle(&event).await
    })
    .await
}
