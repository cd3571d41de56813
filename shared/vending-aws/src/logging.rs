//! Logs of the functions: one JSON object a line, as CloudWatch Logs Insights reads them.

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::metrics::{Metrics, is_measure};

/// Starts logging to standard output: the level is `RUST_LOG`'s, or `info`.
///
/// The SDK's and the Lambda runtime's own logs never go below `info`, whatever
/// `RUST_LOG` says: below it they hold whole requests and events, with the e-mail
/// addresses and names of the rows.
/// Beside the lines go the metrics of `stack`, whatever the level is.
/// Calling it again changes nothing.
pub fn init(stack: String) {
    let level =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let wanted = filter_fn(|about| is_discreet(about) && !is_repetition(about));
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true);
    let lines = lines.with_span_list(false).with_filter(level.and(wanted));
    let metrics = Metrics::new(stack, std::io::stdout).with_filter(filter_fn(is_measure));
    if tracing_subscriber::registry().with(lines).with(metrics).try_init().is_err() {
        tracing::debug!("logging has been started already");
    }
}

/// Whether a line can hold no request and no event.
fn is_discreet(about: &Metadata<'_>) -> bool {
    !sees_requests(about.target()) || *about.level() <= Level::INFO
}

/// Whether the target is one that sees requests or events.
fn sees_requests(target: &str) -> bool {
    ["aws_", "hyper", "h2", "rustls", "lambda_runtime"].iter().any(|it| target.starts_with(it))
}

/// Whether it is the runtime's line about an error that the function answered and
/// has logged itself, with its causes. A panic's line has a field besides its message.
fn is_repetition(about: &Metadata<'_>) -> bool {
    about.target() == "lambda_runtime::layers::panic" && about.fields().len() == 1
}

#[cfg(test)]
mod tests {
    use super::sees_requests;

    #[test]
    fn the_sdk_is_told_from_vend() {
        assert!(sees_requests("aws_smithy_runtime::client::orchestrator"));
        assert!(!sees_requests("vending_aws::dynamodb"));
    }
}
