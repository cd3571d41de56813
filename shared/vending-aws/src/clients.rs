//! The SDK's clients, each built when it is first asked for, from one configuration.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpClient, http_client_fn};

use crate::AnswerClock;
use crate::metrics::CallCounts;
use crate::pace::Pace;

/// To connect takes milliseconds within a Region; SDKs wait 3.1 s by default.
const CONNECT: Duration = Duration::from_secs(3);

/// One attempt. `ProvisionProduct` and `DescribeProductAsAdmin` take seconds on a
/// bad day; no call of ours takes longer than this and is still answered.
const ATTEMPT: Duration = Duration::from_secs(15);

/// A call with all its attempts: leaves a function of a minute or more the time to
/// say so and be invoked again.
const CALL: Duration = Duration::from_secs(45);

/// Attempts for each call. Identity Center takes 20 calls a second in all, and
/// Organizations fewer: three attempts, the default, are spent within a second.
const ATTEMPTS: u32 = 5;

/// The configuration of the environment, as usual with AWS: Region, profile,
/// endpoints and credentials from `AWS_…` variables, the shared files, or the
/// instance or function it runs on.
pub async fn sdk_config() -> SdkConfig {
    usual_config().load().await
}

/// As [`sdk_config`], for what is to be said besides: a profile, a Region, an endpoint.
#[must_use]
pub fn usual_config() -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(https())
        .timeout_config(timeouts())
        .retry_config(retries())
}

/// A configuration that reads no environment: every call goes through
/// `http_client` to `endpoint`, signed with `credentials` for `region`.
#[must_use]
pub fn fixed_config(
    http_client: SharedHttpClient,
    endpoint: &str,
    region: &str,
    credentials: Credentials,
) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client)
        .endpoint_url(endpoint)
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .timeout_config(timeouts())
        .retry_config(retries())
        .build()
}

/// The connector, with the certificates that it trusts, is built at the first call. The
/// SDK's own way builds one more with each client, to throw it away: half of the processor's
/// time before the first event.
fn https() -> SharedHttpClient {
    let tls = Provider::Rustls(CryptoMode::Ring);
    let client = aws_smithy_http_client::Builder::new().tls_provider(tls).build_https();
    http_client_fn(move |settings, components| client.http_connector(settings, components))
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(CALL)
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

/// The clients: a function pays for those it uses.
#[derive(Debug)]
pub struct Clients {
    config: SdkConfig,
    /// For Identity Center and its identity store.
    paced: SdkConfig,
    calls: CallCounts,
    answers: AnswerClock,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    identity_store: OnceLock<aws_sdk_identitystore::Client>,
    organizations: OnceLock<aws_sdk_organizations::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    service_catalog: OnceLock<aws_sdk_servicecatalog::Client>,
    sns: OnceLock<aws_sdk_sns::Client>,
    sso_admin: OnceLock<aws_sdk_ssoadmin::Client>,
    sts: OnceLock<aws_sdk_sts::Client>,
}

/// The client of a service, whose calls are counted; `set` changes its configuration.
macro_rules! client {
    ($clients:ident.$from:ident, $field:ident, $service:ident $(, $set:expr)?) => {{
        let build = || {
            let config = $service::config::Builder::from(&$clients.$from);
            let config = config.interceptor($clients.calls.clone());
            let config = config.interceptor($clients.answers.clone());
            $(let config = $set(config);)?
            $service::Client::from_conf(config.build())
        };
        $clients.$field.get_or_init(build).clone()
    }};
}

impl Clients {
    /// Clients of `config`; none is built yet.
    #[must_use]
    pub fn new(config: SdkConfig) -> Self {
        Self {
            paced: config.clone(),
            config,
            calls: CallCounts::default(),
            answers: AnswerClock::default(),
            dynamodb: OnceLock::new(),
            identity_store: OnceLock::new(),
            organizations: OnceLock::new(),
            s3: OnceLock::new(),
            service_catalog: OnceLock::new(),
            sns: OnceLock::new(),
            sso_admin: OnceLock::new(),
            sts: OnceLock::new(),
        }
    }

    /// The same, with so many calls a second to Identity Center and its identity store
    /// together, evenly. To be said before the first of them.
    #[must_use]
    pub fn pacing_identity_center(self, calls_per_second: u32) -> Self {
        Self { paced: Pace::of(calls_per_second).apply(&self.config), ..self }
    }

    /// Clients of another configuration, such as another account's, counted with these.
    #[must_use]
    pub fn calling_as(&self, config: SdkConfig) -> Self {
        Self { calls: self.calls.clone(), answers: self.answers.clone(), ..Self::new(config) }
    }

    /// The configuration they are built from.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// How often they called each service.
    #[must_use]
    pub fn calls(&self) -> &CallCounts {
        &self.calls
    }

    /// The time by their answers.
    #[must_use]
    pub fn answers(&self) -> &AnswerClock {
        &self.answers
    }

    /// The client of DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        client!(self.config, dynamodb, aws_sdk_dynamodb)
    }

    /// The client of the identity store.
    pub fn identity_store(&self) -> aws_sdk_identitystore::Client {
        client!(self.paced, identity_store, aws_sdk_identitystore)
    }

    /// The client of Organizations.
    pub fn organizations(&self) -> aws_sdk_organizations::Client {
        client!(self.config, organizations, aws_sdk_organizations)
    }

    /// The client of S3. At an endpoint of its own it puts the bucket into the path:
    /// names below such an endpoint need not resolve.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let path_style = self.config.endpoint_url().is_some();
        client!(self.config, s3, aws_sdk_s3, |config: aws_sdk_s3::config::Builder| {
            config.force_path_style(path_style)
        })
    }

    /// The client of Service Catalog.
    pub fn service_catalog(&self) -> aws_sdk_servicecatalog::Client {
        client!(self.config, service_catalog, aws_sdk_servicecatalog)
    }

    /// The client of SNS.
    pub fn sns(&self) -> aws_sdk_sns::Client {
        client!(self.config, sns, aws_sdk_sns)
    }

    /// The client of IAM Identity Center.
    pub fn sso_admin(&self) -> aws_sdk_ssoadmin::Client {
        client!(self.paced, sso_admin, aws_sdk_ssoadmin)
    }

    /// The client of STS.
    pub fn sts(&self) -> aws_sdk_sts::Client {
        client!(self.config, sts, aws_sdk_sts)
    }
}
