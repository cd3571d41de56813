//! The SDK's configuration of the functions: as patient as on AWS, but where things go
//! wrong on purpose.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use local_cloud::{Cloud, Serving};

use crate::LocalArguments;

/// The wait between attempts in chaos: virtual time stands still meanwhile.
const NO_WAIT: Duration = Duration::from_millis(1);

/// How long one attempt over a socket waits for its answer, which comes within milliseconds.
const PATIENCE: Duration = Duration::from_secs(1);

/// `config` as the functions use it, and the endpoint that it leads to where it uses sockets.
pub(super) async fn of_functions(
    config: SdkConfig,
    cloud: &Cloud,
    arguments: &LocalArguments,
) -> Result<(SdkConfig, Option<Serving>)> {
    let config = if arguments.chaos.is_some() { without_waits(config) } else { config };
    if !arguments.sockets {
        return Ok((config, None));
    }
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let serving = cloud.serve(any_port).await.context("serve the functions' endpoint")?;
    let config = config
        .into_builder()
        .endpoint_url(format!("http://{}", serving.addr))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build());
    Ok((config.build(), Some(serving)))
}

/// As many attempts as ever, one right after the other.
fn without_waits(config: SdkConfig) -> SdkConfig {
    let Some(retries) = config.retry_config().cloned() else { return config };
    let retries = retries.with_initial_backoff(NO_WAIT).with_max_backoff(NO_WAIT);
    config.into_builder().retry_config(retries).build()
}
