//! The Lambda `intake`: reads its configuration, then answers one event after the other.

use std::sync::Arc;

use intake::{Config, Function};
use serde_json::Value;
use vending_aws::SystemClock;
use vending_aws::lambda::{Error, serve};
use vending_aws::pace::OF_INTAKE;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    serve(Some(OF_INTAKE), Config::from, |clients, config| {
        let function = Function::new(clients, config, Arc::new(SystemClock));
        async move |event: Value| function.handle(&event).await
    })
    .await
}
