//! Moments that a search comes to rarely, each looked at by itself: what was counted once,
//! what is never answered, and what dies between a write and its notice.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are tests")]

mod doctor;
mod heartbeat;
mod idle;
mod launches;
mod notices;
mod operators;
mod reconciling;
mod rig;
mod turns;
