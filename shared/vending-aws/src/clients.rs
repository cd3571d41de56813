//! The SDK's clients, each built when it is first asked for, from one configuration.

use std::sync::OnceLock;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

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
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(https())
        .timeout_config(timeouts())
        .retry_config(retries())
        .load()
        .await
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

fn https() -> SharedHttpClient {
    let tls = Provider::Rustls(CryptoMode::Ring);
    aws_smithy_http_client::Builder::new().tls_provider(tls).build_https()
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
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    identity_store: OnceLock<aws_sdk_identitystore::Client>,
    organizations: OnceLock<aws_sdk_organizations::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    service_catalog: OnceLock<aws_sdk_servicecatalog::Client>,
    sns: OnceLock<aws_sdk_sns::Client>,
    sso_admin: OnceLock<aws_sdk_ssoadmin::Client>,
}

impl Clients {
    /// Clients of `config`; none is built yet.
    #[must_use]
    pub fn new(config: SdkConfig) -> Self {
        Self {
            config,
            dynamodb: OnceLock::new(),
            identity_store: OnceLock::new(),
            organizations: OnceLock::new(),
            s3: OnceLock::new(),
            service_catalog: OnceLock::new(),
            sns: OnceLock::new(),
            sso_admin: OnceLock::new(),
        }
    }

    /// The configuration they are built from.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The client of DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.dynamodb.get_or_init(|| aws_sdk_dynamodb::Client::new(&self.config)).clone()
    }

    /// The client of the identity store.
    pub fn identity_store(&self) -> aws_sdk_identitystore::Client {
        self.identity_store.get_or_init(|| aws_sdk_identitystore::Client::new(&self.config)).clone()
    }

    /// The client of Organizations.
    pub fn organizations(&self) -> aws_sdk_organizations::Client {
        self.organizations.get_or_init(|| aws_sdk_organizations::Client::new(&self.config)).clone()
    }

    /// The client of S3. At an endpoint of its own it puts the bucket into the path:
    /// names below such an endpoint need not resolve.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let build = || {
            let path_style = self.config.endpoint_url().is_some();
            let config =
                aws_sdk_s3::config::Builder::from(&self.config).force_path_style(path_style);
            aws_sdk_s3::Client::from_conf(config.build())
        };
        self.s3.get_or_init(build).clone()
    }

    /// The client of Service Catalog.
    pub fn service_catalog(&self) -> aws_sdk_servicecatalog::Client {
        self.service_catalog
            .get_or_init(|| aws_sdk_servicecatalog::Client::new(&self.config))
            .clone()
    }

    /// The client of SNS.
    pub fn sns(&self) -> aws_sdk_sns::Client {
        self.sns.get_or_init(|| aws_sdk_sns::Client::new(&self.config)).clone()
    }

    /// The client of IAM Identity Center.
    pub fn sso_admin(&self) -> aws_sdk_ssoadmin::Client {
        self.sso_admin.get_or_init(|| aws_sdk_ssoadmin::Client::new(&self.config)).clone()
    }
}
