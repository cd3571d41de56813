//! S3: who may ask, what was asked, and what happened since. The operations
//! themselves are in [`operations`].

mod copy;
mod notification;
mod operations;
mod store;
mod versions;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, S3Result, s3_error};

use crate::calls::Counter;
use crate::clock::Moment;
use crate::clock::VirtualClock;
use crate::cloud::{ACCESS_KEY, SECRET_KEY};
use crate::delivery::Expiration;
use crate::lock;

use store::{KEPT, Store};
use versions::Versions;

pub(crate) use notification::object_created;
pub(crate) use versions::Version;

/// The buckets of one cloud.
pub(crate) struct Buckets {
    service: S3Service,
    root: PathBuf,
    versions: Arc<Mutex<Versions>>,
}

impl Buckets {
    /// Opens the buckets in the folder `root`, which exists.
    pub(crate) fn open(
        root: &Path,
        clock: VirtualClock,
        calls: &Arc<Counter>,
    ) -> Result<Self, String> {
        std::fs::create_dir_all(root.join(KEPT)).map_err(|error| error.to_string())?;
        let versions = Versions::open(&root.join(".versions.jsonl"))?;
        let versions = Arc::new(Mutex::new(versions));
        let store = Store::open(root, clock, Arc::clone(&versions))?;
        let mut builder = S3ServiceBuilder::new(store);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        builder.set_access(Counted { calls: Arc::clone(calls) });
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(at_any_time()))));
        Ok(Self { service: builder.build(), root: root.to_owned(), versions })
    }

    /// Answers one HTTP request; its body is read as a stream.
    pub(crate) async fn answer(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, HttpError> {
        self.service.call(request).await
    }

    /// The versions made since there were `seen` of them, and how many there are.
    pub(crate) fn versions_since(&self, seen: usize) -> (Vec<Version>, usize) {
        lock(&self.versions).since(seen)
    }

    /// Removes the versions that the rules have no more use for.
    pub(crate) fn expire(&self, rules: &[Expiration], now: Moment) -> std::io::Result<()> {
        let expired: Vec<String> = {
            let versions = lock(&self.versions);
            rules.iter().flat_map(|rule| versions.expired(rule, now)).collect()
        };
        for id in expired {
            match std::fs::remove_file(self.root.join(KEPT).join(id)) {
                // A delete marker, or removed on another day.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets").finish_non_exhaustive()
    }
}

/// Requests signed at any time are taken: a client that goes by the cloud's answers signs at
/// virtual times, and one that goes by its own clock at real ones.
fn at_any_time() -> S3Config {
    let mut config = S3Config::default();
    config.presigned_url_max_skew_time_secs = u32::MAX;
    config
}

/// Counts every operation, and turns away who did not sign.
struct Counted {
    calls: Arc<Counter>,
}

#[async_trait]
impl S3Access for Counted {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        self.calls.count("s3", context.s3_op().name());
        match context.credentials() {
            Some(_) => Ok(()),
            None => Err(s3_error!(AccessDenied, "sign the request")),
        }
    }
}
