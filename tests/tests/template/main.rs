//! The template that is deployed, by itself and at work: who is woken by what, who may
//! do what, where ends what nobody could handle. No emulator enforces most of it.
#![expect(clippy::unwrap_used, reason = "what helps a test fails with it")]

mod calls;
mod deployed;
mod member_role;
mod metrics;
mod operators;
mod poison;
mod policies;
mod refused;
mod roles;
mod scan;
mod scenarios;
mod scripted;
mod settings;
mod stack;
mod wakes;
