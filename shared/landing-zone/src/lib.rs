//! A simulated landing zone: the management account of a Control Tower
//! organization, as a pure model in virtual time.
//!
//! It has two faces over the one model: [`ports`] implements the ports of
//! `vending` directly (for property tests and the fault search), and [`wire`]
//! speaks the AWS protocols (for the local run and the end-to-end tests). It
//! knows nothing of sockets, files or the wall clock.

pub mod description;
pub mod model;
pub mod ports;
pub mod wire;

pub use description::Description;
pub use model::Zone;
