//! The simulated cloud as a whole: what it is made of, where its state is kept,
//! and how it is reached. It delivers nothing by itself: see [`crate::delivery`].

use std::path::Path;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use landing_zone::Zone;
use serde_json::Value;
use tokio::sync::Notify;

use crate::buckets::Buckets;
use crate::calls::{Calls, Counter};
use crate::clock::{Moment, VirtualClock};
use crate::faults::{Disturbance, FaultCounts, Faults};
use crate::journal::{Header, Journal, Line};
use crate::landing::{Apply, CommandError, Landing};
use crate::queues::Queues;
use crate::serve::{ServeError, Serving};
use crate::stacks::Stacks;
use crate::state::{OpenError, Settings};
use crate::tables::Tables;
use crate::template::Stack;
use crate::{client, serve, state};

/// The access key id that S3 accepts; the other services accept any.
pub const ACCESS_KEY: &str = "local";

/// The access key id of a caller whose requests are not counted, for watching a run
/// without changing its numbers. S3 does not accept it.
pub const WATCHER_KEY: &str = "watcher";

/// The secret access key that belongs to [`ACCESS_KEY`].
pub const SECRET_KEY: &str = "local";

/// An endpoint URL for clients that use [`Cloud::http_client`]. Nothing listens
/// there; being an IP address, it makes the S3 client use path-style requests.
pub const ENDPOINT: &str = "http://127.0.0.1";

/// A simulated cloud. Clones are the same cloud.
#[derive(Debug, Clone)]
pub struct Cloud {
    inner: Arc<Inner>,
}

/// What a cloud is made of.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) clock: VirtualClock,
    pub(crate) landing: Landing,
    pub(crate) tables: Tables,
    pub(crate) buckets: Buckets,
    pub(crate) stacks: Stacks,
    pub(crate) queues: Queues,
    pub(crate) calls: Arc<Counter>,
    pub(crate) faults: Faults,
    /// Told whenever a request may have changed something.
    pub(crate) activity: Notify,
    header: Header,
    settings: Settings,
    /// Deletes the temporary bucket folder with the cloud.
    _temporary: Option<tempfile::TempDir>,
}

impl Cloud {
    /// Opens the cloud that `settings` names. `build` makes the landing zone from
    /// seed and start; `apply` executes the caller's own commands on it (see
    /// [`Cloud::command`]). On an existing state folder the journal is replayed
    /// into the new zone, which ends up where it was.
    ///
    /// # Errors
    /// [`OpenError`], when the state folder cannot be used, is in use by another
    /// process, or was written by another version.
    pub fn open(
        settings: Settings,
        build: impl FnOnce(u64, Moment) -> Zone,
        apply: impl Fn(&mut Zone, &Value) -> Result<(), String> + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let fresh = Header::new(settings.seed, settings.start);
        let (journal, header, lines) = state::open_journal(&settings, fresh)?;
        let clock = VirtualClock::new(header.start);
        if let Some(folder) = &settings.state {
            clock.set(state::read_clock(folder)?.unwrap_or(header.start));
        }
        let landing = replay(build(header.seed, header.start), journal, Box::new(apply), &lines);
        clock.set(landing.now());
        landing.advance_to(clock.now());
        Self::assemble(settings, header, clock, landing)
    }

    fn assemble(
        settings: Settings,
        header: Header,
        clock: VirtualClock,
        landing: Landing,
    ) -> Result<Self, OpenError> {
        let calls = Arc::new(Counter::default());
        let tables = Tables::open(&settings, clock.clone()).map_err(OpenError::Tables)?;
        let (root, temporary) = state::bucket_folder(settings.state.as_deref())?;
        let buckets = Buckets::open(&root, clock.clone(), &calls).map_err(OpenError::Buckets)?;
        let activity = Notify::new();
        let inner = Inner {
            clock,
            landing,
            tables,
            buckets,
            stacks: Stacks::default(),
            queues: Queues::default(),
            calls,
            faults: Faults::default(),
            activity,
            header,
            settings,
            _temporary: temporary,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The clock that everything in this cloud goes by.
    #[must_use]
    pub fn clock(&self) -> VirtualClock {
        self.inner.clock.clone()
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    /// The seed the landing zone was made with.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.inner.header.seed
    }

    /// The moment the cloud started at, when it was new.
    #[must_use]
    pub fn start(&self) -> Moment {
        self.inner.header.start
    }

    /// Moves time to `moment`; what the landing zone does by itself until then,
    /// happens. A moment in the past changes nothing.
    ///
    /// # Errors
    /// [`OpenError::Folder`], when the state folder does not take the new time.
    pub fn advance_to(&self, moment: Moment) -> Result<(), OpenError> {
        self.inner.clock.set(moment);
        self.inner.landing.advance_to(self.now());
        match &self.inner.settings.state {
            Some(folder) => state::write_clock(folder, self.now()),
            None => Ok(()),
        }
    }

    /// When the landing zone does something by itself next.
    #[must_use]
    pub fn next_happening(&self) -> Option<Moment> {
        self.inner.landing.next_happening()
    }

    /// Looks at the landing zone as it is now.
    pub fn inspect<T>(&self, look: impl FnOnce(&Zone) -> T) -> T {
        self.inner.landing.advance_to(self.now());
        self.inner.landing.inspect(look)
    }

    /// Gives the landing zone a command of the caller's own, in the journal's
    /// order with the requests. The `apply` of [`Cloud::open`] executes it, now
    /// and in every replay.
    ///
    /// # Errors
    /// [`CommandError`], when the journal does not take it or `apply` refuses it.
    pub fn command(&self, command: &Value) -> Result<(), CommandError> {
        self.inner.landing.command(command, self.now())?;
        self.inner.activity.notify_one();
        Ok(())
    }

    /// From now on CloudFormation tells of `stack`, and SQS of its queues. Nothing is made
    /// for it: whoever gives it has made what it names. Not kept in the state folder.
    pub fn deploy(&self, stack: Stack) {
        self.inner.stacks.deploy(stack);
    }

    /// How often each operation was called since the cloud was opened.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.inner.calls.snapshot()
    }

    /// How many items the calls of each operation made their service look at: what a query of
    /// a table evaluated before its filter, the keys asked for, and what the pages of lists
    /// hold. A scan, or a walk through all there is, shows here.
    #[must_use]
    pub fn reads(&self) -> Calls {
        self.inner.calls.reads()
    }

    /// Puts `items`, in DynamoDB's JSON, into `table` as if they had been there for long: no
    /// stream tells of them. Blocks.
    ///
    /// # Errors
    /// What the table engine says, when it takes none of them.
    pub fn fill(&self, table: &str, items: Vec<Value>) -> Result<usize, String> {
        self.inner.tables.fill(table, items)
    }

    /// From now on requests go wrong as `disturbance` says; `None` ends it. Those of
    /// [`WATCHER_KEY`] never do.
    pub fn disturb(&self, disturbance: Option<Disturbance>) {
        self.inner.faults.set(disturbance);
    }

    /// Leaves requests alone while `spared`, without forgetting the disturbance.
    pub fn spare(&self, spared: bool) {
        self.inner.faults.spare(spared);
    }

    /// The faults that requests met since the cloud was opened.
    #[must_use]
    pub fn faults(&self) -> FaultCounts {
        self.inner.faults.counts()
    }

    /// Waits until the caller of a request is to die. Its request is never answered:
    /// who runs the caller ends it.
    pub async fn death(&self) {
        self.inner.faults.death().await;
    }

    /// An HTTP client for SDK clients in this process. Give them any Region,
    /// [`ACCESS_KEY`], [`SECRET_KEY`] and [`ENDPOINT`].
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        client::http_client(self.clone())
    }

    /// Serves the same cloud over HTTP at `address`, which must be a loopback
    /// address; port 0 takes a free one.
    ///
    /// # Errors
    /// [`ServeError`], when the address is not loopback or cannot be listened on.
    pub async fn serve(&self, address: std::net::SocketAddr) -> Result<Serving, ServeError> {
        serve::serve(self.clone(), address).await
    }

    /// Waits until a request or a command may have changed something, or has
    /// since the last call.
    pub async fn activity(&self) {
        self.inner.activity.notified().await;
    }

    /// The Region, for ARNs and events.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.inner.settings.region
    }

    /// The account id, for ARNs and events.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.inner.settings.account
    }

    /// The parts, for the router and the delivery.
    pub(crate) fn parts(&self) -> &Inner {
        &self.inner
    }

    /// The folder that keeps the state, if any.
    pub(crate) fn state(&self) -> Option<&Path> {
        self.inner.settings.state.as_deref()
    }
}

fn replay(zone: Zone, journal: Option<Journal>, apply: Apply, lines: &[Line]) -> Landing {
    let landing = Landing::new(zone, journal, apply);
    for line in lines {
        landing.replay(line);
    }
    landing
}
