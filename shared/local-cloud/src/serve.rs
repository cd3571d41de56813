//! The way in for other processes: the router behind HTTP, on loopback only,
//! because anybody who can connect is served.

use std::net::SocketAddr;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::Body;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::cloud::Cloud;
use crate::router::{Routed, route};

/// Why the cloud cannot be served.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address can be reached from elsewhere.
    #[error("serve at {0}: only a loopback address such as 127.0.0.1 is allowed")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("listen at {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A cloud being served. Dropping it stops it, without waiting.
#[derive(Debug)]
pub struct Serving {
    /// Where it is served.
    pub addr: SocketAddr,
    stop: oneshot::Sender<()>,
    accepting: JoinHandle<()>,
}

impl Serving {
    /// Stops: no more connections, and those that are open are closed.
    pub async fn shutdown(self) {
        drop(self.stop);
        if let Err(error) = self.accepting.await {
            tracing::warn!(%error, "serving ended badly");
        }
    }
}

pub(crate) async fn serve(cloud: Cloud, address: SocketAddr) -> Result<Serving, ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let failed = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let (stop, stopped) = oneshot::channel();
    let accepting = tokio::spawn(accept(cloud, listener, stopped));
    Ok(Serving { addr, stop, accepting })
}

async fn accept(cloud: Cloud, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(cloud.clone(), stream));
                }
                Err(error) => tracing::warn!(%error, "a connection was not accepted"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// The connection is cut, as it was told to be.
#[derive(Debug, Error)]
#[error("the connection is cut")]
struct Cut;

async fn connection(cloud: Cloud, stream: TcpStream) {
    let service = service_fn(move |request: http::Request<Incoming>| {
        let cloud = cloud.clone();
        async move {
            match route(&cloud, request.map(Body::from)).await {
                Routed::Answered(response) => Ok(response),
                // The error closes the connection without an answer.
                Routed::Cut => Err(Cut),
                // Until the caller has had enough and closes it.
                Routed::Hung | Routed::Died => std::future::pending().await,
            }
        }
    });
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}
