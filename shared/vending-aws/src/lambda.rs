//! Running a function on Lambda: its logs, its configuration, and one event after the other.

pub use lambda_runtime::Error;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use serde_json::Value;
use tracing::error;

use crate::{Clients, Environment, FunctionError, MissingVariables, logging, sdk_config};

/// The name of the stack, which the metrics of two stacks in one account are told apart by.
pub const STACK: &str = "VEND_STACK";

/// Its name where none is set.
const DEFAULT_STACK: &str = "vend";

/// Reads the configuration with `configure`, makes the function of it with `build`, and
/// lets it handle events until Lambda ends the process. Where it calls Identity Center at
/// all, it does so `calls_per_second` times a second at most.
///
/// # Errors
/// When the configuration is not as it must be, or Lambda's Runtime API does not answer.
pub async fn serve<C, H>(
    calls_per_second: Option<u32>,
    configure: impl FnOnce(Environment) -> Result<C, MissingVariables>,
    build: impl FnOnce(&Clients, C) -> H,
) -> Result<(), Error>
where
    H: AsyncFn(Value) -> Result<Value, FunctionError>,
{
    let environment = Environment::read();
    logging::init(environment.optional(STACK).unwrap_or_else(|| DEFAULT_STACK.to_owned()));
    let config =
        configure(environment).inspect_err(|error| error!(%error, "function not configured"))?;
    let clients = Clients::new(sdk_config().await);
    let clients = &match calls_per_second {
        Some(pace) => clients.pacing_identity_center(pace),
        None => clients,
    };
    let handle = &build(clients, config);
    run(service_fn(async |event: LambdaEvent<Value>| {
        let answer = handle(event.payload).await;
        clients.calls().log();
        answer.map_err(diagnostic)
    }))
    .await
}

/// The error as Lambda reports it, by its stable name.
#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn diagnostic(error: FunctionError) -> Diagnostic {
    Diagnostic { error_type: error.error_type().to_owned(), error_message: error.to_string() }
}
