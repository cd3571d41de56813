//! The Lambda `intake`: reads its configuration, then answers one event after the other.

use std::sync::Arc;

use intake::{Config, Function};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use tracing::error;
use vending_aws::{Clients, SystemClock, logging, sdk_config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config =
        Config::from_env().inspect_err(|error| error!(%error, "function not configured"))?;
    let clients = Clients::new(sdk_config().await);
    let function = &Function::new(&clients, config, Arc::new(SystemClock));
    run(service_fn(async |event: LambdaEvent<Value>| {
        function.handle(&event.payload).await.map_err(|error| Diagnostic {
            error_type: error.error_type().to_owned(),
            error_message: error.to_string(),
        })
    }))
    .await
}
