//! The way in for SDK clients of the same process: an HTTP client that hands
//! every request to the router. Nothing listens.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use s3s::Body;

use crate::cloud::Cloud;
use crate::router::{Routed, route};

/// An HTTP client whose far end is `cloud`.
pub(crate) fn http_client(cloud: Cloud) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector { cloud });
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct Connector {
    cloud: Cloud,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let cloud = self.cloud.clone();
        HttpConnectorFuture::new(async move { call(&cloud, request).await })
    }
}

/// The body passes through as a stream: an upload need not be in memory.
async fn call(cloud: &Cloud, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request.try_into_http1x().map_err(user)?;
    match route(cloud, request.map(Body::http_body_unsync)).await {
        Routed::Answered(response) => {
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x)).map_err(user)
        }
        Routed::Cut => Err(ConnectorError::io("the connection was cut".into())),
        // In virtual time the caller has waited for as long as it would.
        Routed::Hung => Err(ConnectorError::timeout("no answer came in time".into())),
        Routed::Died => std::future::pending().await,
    }
}

fn user(error: impl Into<BoxError>) -> ConnectorError {
    ConnectorError::user(error.into())
}
