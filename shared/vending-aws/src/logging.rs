//! Logs of the functions: one JSON object a line, as CloudWatch Logs Insights reads them.

use tracing::Level;
use tracing_subscriber::filter::{FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Starts logging to standard output: the level is `RUST_LOG`'s, or `info`.
///
/// The SDK's own logs never go below `info`, whatever `RUST_LOG` says: below it
/// they hold whole requests, with the e-mail addresses and names of the rows.
/// Calling it again changes nothing.
pub fn init() {
    let level = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let discreet = filter_fn(|about| !is_of_the_sdk(about.target()) || *about.level() <= Level::INFO);
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true);
    let lines = lines.with_span_list(false).with_filter(level.and(discreet));
    if tracing_subscriber::registry().with(lines).try_init().is_err() {
        tracing::debug!("logging has been started already");
    }
}

/// Whether the target is one that sees requests.
fn is_of_the_sdk(target: &str) -> bool {
    ["aws_", "hyper", "h2", "rustls"].iter().any(|prefix| target.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::is_of_the_sdk;

    #[test]
    fn the_sdk_is_told_from_vend() {
        assert!(is_of_the_sdk("aws_smithy_runtime::client::orchestrator"));
        assert!(!is_of_the_sdk("vending_aws::dynamodb"));
    }
}
