//! List prices of us-east-1 in US dollars as of November 2026, without free tiers and taxes;
//! where each is published stands beside it.

/// A million requests of Lambda (aws.amazon.com/lambda/pricing).
pub const LAMBDA_REQUESTS: f64 = 0.20 / MILLION;
/// A GB for a second, on Arm (likewise).
pub const LAMBDA_GB_SECOND: f64 = 0.000_013_333_4;
/// A read of up to 4 kB, strongly consistent, on demand (aws.amazon.com/dynamodb/pricing/on-demand).
pub const READ_UNIT: f64 = 0.125 / MILLION;
/// A write of up to 1 kB; two of them in a transaction (likewise).
pub const WRITE_UNIT: f64 = 0.625 / MILLION;
/// A call of Service Catalog (aws.amazon.com/servicecatalog/pricing).
pub const SERVICE_CATALOG_CALL: f64 = 0.0007;
/// A trace (aws.amazon.com/xray/pricing).
pub const TRACE: f64 = 5.00 / MILLION;
/// A GB of logs taken in (aws.amazon.com/cloudwatch/pricing), as are the next three.
pub const LOG_GB: f64 = 0.50;
/// A metric for a month.
pub const METRIC: f64 = 0.30;
/// An alarm for a month.
pub const ALARM: f64 = 0.10;
/// A dashboard for a month.
pub const DASHBOARD: f64 = 3.00;
/// A request of KMS (aws.amazon.com/kms/pricing).
pub const KEY_REQUEST: f64 = 0.03 / 10_000.0;
/// An e-mail of SNS (aws.amazon.com/sns/pricing).
pub const EMAIL: f64 = 2.00 / 100_000.0;
/// A `PutObject` of S3 (aws.amazon.com/s3/pricing).
pub const S3_PUT: f64 = 5.00 / MILLION;
/// A `GetObject` (likewise).
pub const S3_GET: f64 = 0.40 / MILLION;

const MILLION: f64 = 1_000_000.0;
