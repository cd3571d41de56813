//! An answer that ends in its middle: the head promises more than comes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt, Collected};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use s3s::Body;

/// Half of `response`, and then the connection is gone.
pub(crate) async fn cut_short(response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    // What cannot be read to its end is cut at its beginning.
    let whole = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    // One byte more than there is, so that an empty body is cut as well.
    let promised = whole.len() as u64 + 1;
    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    let half = Half { left: Some(whole.slice(..whole.len() / 2)), promised };
    Response::from_parts(head, Body::http_body(half))
}

/// The first half of a body, and an error.
#[derive(Debug)]
struct Half {
    left: Option<Bytes>,
    promised: u64,
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = match self.left.take() {
            Some(half) => Ok(Frame::data(half)),
            None => Err(io::Error::new(io::ErrorKind::ConnectionReset, "the connection was cut")),
        };
        Poll::Ready(Some(next))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
