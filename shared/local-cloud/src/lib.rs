//! Everything of AWS that surrounds the landing zone, on one machine: tables,
//! buckets, queues, stacks, the router in front of them, and the delivery of events
//! to functions, all in virtual time.
//!
//! A [`Cloud`] answers the requests of real SDK clients, inside the process
//! ([`Cloud::http_client`]) or over loopback ([`Cloud::serve`]). A [`Delivery`]
//! carries table streams, EventBridge events (S3's among them) and schedules to
//! functions, with the retries that AWS makes. It knows nothing of account
//! vending.

mod arrived;
mod buckets;
mod calls;
mod client;
mod clock;
mod cloud;
pub mod delivery;
mod faults;
mod journal;
mod landing;
mod lines;
mod queues;
mod reads;
mod router;
mod serve;
mod stacks;
mod state;
mod tables;
pub mod template;

pub use calls::Calls;
pub use clock::{Moment, VirtualClock};
pub use cloud::{ACCESS_KEY, Cloud, ENDPOINT, SECRET_KEY, WATCHER_KEY};
pub use delivery::Delivery;
pub use faults::{Disturbance, Fault, FaultCounts};
pub use journal::JournalError;
pub use landing::CommandError;
pub use serve::{ServeError, Serving};
pub use state::{OpenError, Settings};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`, also when a panic has poisoned it: nothing here holds a lock
/// while its value is half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
