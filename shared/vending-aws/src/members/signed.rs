//! One call of IAM, signed and sent with the SDK's own parts. The SDK's client of IAM has 160
//! operations and takes longer to build than all else; this asks for one of them.

use std::convert::Infallible;
use std::time::SystemTime;

use aws_config::BehaviorVersion;
use aws_sdk_sts::config::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::assume::Session;

/// The type of a request of the query protocol.
const FORM: &str = "application/x-www-form-urlencoded";

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

/// Where IAM is in each partition, and the Region that is signed for: IAM is one for all
/// Regions (AWS General Reference, "IAM endpoints and quotas").
fn place(partition: &str) -> (&'static str, &'static str) {
    match partition {
        "aws-cn" => ("https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        "aws-us-gov" => ("https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
        "aws-iso" => ("https://iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        "aws-iso-b" => ("https://iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
        _ => ("https://iam.amazonaws.com", "us-east-1"),
    }
}

/// Asks IAM, as the session, with a form that names `operation`.
pub(super) async fn ask(
    session: &Session,
    partition: &str,
    operation: &'static str,
    form: String,
) -> Result<Answer, BoxError> {
    let config = session.clients.config();
    let (endpoint, region) = place(partition);
    let endpoint = config.endpoint_url().unwrap_or(endpoint).to_owned();
    let http_client = config.http_client().ok_or("there is no HTTP client")?;
    let (credentials, url) = (session.credentials.clone(), format!("{endpoint}/"));
    let call = Operation::builder()
        .service_name("IAM")
        .operation_name(operation)
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client)
        .endpoint_url(&endpoint)
        .no_auth()
        .standard_retry(&config.retry_config().cloned().unwrap_or_else(RetryConfig::standard))
        .retry_classifier(TransientErrorClassifier::<Infallible>::new())
        .retry_classifier(HttpStatusCodeClassifier::default())
        .timeout_config(config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled))
        .interceptor(session.clients.calls().clone())
        .serializer(move |form| signed(&url, region, &credentials, form))
        .deserializer::<_, Infallible>(|response| Ok(read(response)))
        .build();
    Ok(call.invoke(form).await?)
}

fn read(response: &HttpResponse) -> Answer {
    let body = response.body().bytes().unwrap_or_default();
    Answer { status: response.status().as_u16(), body: String::from_utf8_lossy(body).into_owned() }
}

/// The request, signed: a signature is good for some minutes, and so for all attempts.
fn signed(
    url: &str,
    region: &str,
    credentials: &Credentials,
    form: String,
) -> Result<HttpRequest, BoxError> {
    let identity: Identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("iam")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()?;
    let headers = [("content-type", FORM)];
    let body = SignableBody::Bytes(form.as_bytes());
    let signable = SignableRequest::new("POST", url, headers.into_iter(), body)?;
    let (instructions, _) = sign(signable, &SigningParams::from(params))?.into_parts();
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("POST")?;
    request.set_uri("/")?;
    request.headers_mut().insert("content-type", FORM);
    for (name, value) in instructions.headers() {
        request.headers_mut().insert(name.to_owned(), value.to_owned());
    }
    *request.body_mut() = SdkBody::from(form);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iam_is_in_one_place_of_each_partition() {
        for (partition, region) in
            [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
        {
            let (url, signed_for) = place(partition);
            assert!(url.starts_with("https://iam.") && signed_for == region, "{partition}");
        }
    }
}
