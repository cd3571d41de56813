//! Which stack a command is about, and how it is reached.

use std::net::SocketAddr;

use clap::Args;

/// Which stack, and how it is reached: profile, Region, credentials and endpoint come from
/// where every AWS tool takes them, unless they are given here.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which stack")]
pub struct Connection {
    /// The name of the CloudFormation stack.
    #[arg(long, value_name = "NAME", env = "VEND_STACK", default_value = "vend")]
    pub stack: String,

    /// The AWS profile to use.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// The AWS Region of the stack: Control Tower's home Region.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// Where AWS answers, if not at its own endpoints.
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// The stack of a running `vend local --serve`, at this address.
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "VEND_LOCAL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "127.0.0.1:4580",
        conflicts_with_all = ["profile", "region", "endpoint_url"]
    )]
    pub local: Option<SocketAddr>,
}
