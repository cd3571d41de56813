//! Calls of AWS and invocations of functions: what an account costs, and what a minute does.

mod run;

pub use run::{Asked, Ran, Rig, run};
