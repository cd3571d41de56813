//! What Vend does, and the rules it keeps: the domain and the use cases.
//!
//! No AWS SDK, no environment, no clock, no I/O: what the use cases need of the
//! world they ask of the [`ports`], and time is passed in.
//!
//! `bytes -> row -> AccountRequest -> Entry{Queued} -> {Provisioning} ->
//! {Configuring} -> {Ready}`, and from any step to `{Failed}`: [`ingest`] does the
//! first half, [`provision`] and [`handover`] the second.

pub mod account;
pub mod advance;
pub mod announce;
pub mod audit;
pub mod calm;
pub mod doctor;
mod error;
pub mod failure;
pub mod file;
pub mod forecast;
pub mod handover;
pub mod ingest;
pub mod launch_path;
pub mod ledger;
pub mod lifecycle;
pub mod notice;
pub mod operate;
pub mod permission_sets;
pub mod portfolio_file;
pub mod ports;
pub mod provision;
pub mod results;
mod schedule;
#[cfg(test)]
mod testing;

pub use error::Error;
