//! The ports of `vending`, answered by the model directly: the same world as
//! [`wire`](crate::wire) shows, without a protocol or a client in between.
//!
//! For property tests and the fault search, which make far more calls than a
//! client could. What the ports mean is checked by one contract suite over this
//! face and over the real adapters.

mod assignments;
mod directory;
mod factory;
mod interposed;
mod launch_path;
mod ledger;
mod lifecycle;
mod members;
mod notifier;
mod portfolios;
mod shared;
mod source;
mod tree;
mod world;

pub use interposed::{Hook, Interposed};
pub use ledger::{Change, MemoryLedger};
pub use lifecycle::lifecycle_event;
pub use members::is_usable;
pub use shared::Shared;
pub use source::MemorySource;
pub use world::MemoryWorld;
