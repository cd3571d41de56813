//! What goes wrong in the batch tools that people have used before, each as a
//! sentence of what Vend does instead.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod file;
mod launch;
mod rig;
