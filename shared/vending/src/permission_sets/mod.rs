//! Permission sets that are declared in a file: what they are to be, what they are, what
//! lies between, and how it is brought about and into the accounts.
//!
//! Sets that the file does not name are never touched. What a declared set has and the file
//! does not say is taken from it: the file is the whole of its content, but for a
//! description, which Identity Center cannot clear.

mod apply;
mod difference;
mod document;
mod file;
mod policy;
mod ports;
mod session;
mod set;
mod steps;
#[cfg(test)]
mod testing;

pub use apply::{Outcome, apply};
pub use difference::{Difference, Field, FieldChange, Kind, plan};
pub use document::{DocumentFlaw, INLINE_POLICY_BYTES, InlinePolicy};
pub use file::{Files, read};
pub use policy::{ManagedPolicy, PolicyFlaw, PolicyReference};
pub use ports::{ChangeError, Held, PermissionSets};
pub use session::{Session, SessionFlaw};
pub use set::{Boundary, NameFlaw, PermissionSet, PermissionSetName};
pub use steps::{Step, steps};
