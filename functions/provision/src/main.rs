//! The Lambda `provision`: reads its configuration, then answers one event after the other.

use std::sync::Arc;

use provision::{Config, Function};
use serde_json::Value;
use vending_aws::SystemClock;
use vending_aws::lambda::{Error, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    serve(None, Config::from, |clients, config| {
        let function = Function::new(clients, config, Arc::new(SystemClock));
        async move |event: Value| function.handle(&event).await
    })
    .await
}
