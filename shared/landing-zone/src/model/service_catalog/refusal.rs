//! Service Catalog's ways of saying no, in AWS's own words where they are known.

use super::Named;

/// A call was refused, and nothing happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogRefusal {
    /// A value does not follow the pattern or length of the API's model.
    #[error("{0}")]
    Malformed(String),
    /// A value is not acceptable, or values contradict each other.
    #[error("{0}")]
    InvalidParameters(String),
    /// There is nothing of that id or name.
    #[error("{0}")]
    ResourceNotFound(String),
    /// It is there already.
    #[error("{0}")]
    DuplicateResource(String),
    /// There are as many as there may be.
    #[error("{0}")]
    LimitExceeded(String),
    /// The call does not apply to this.
    #[error("{0}")]
    OperationNotSupported(String),
}

impl CatalogRefusal {
    /// The error code on the wire.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "ValidationException",
            Self::InvalidParameters(_) => "InvalidParametersException",
            Self::ResourceNotFound(_) => "ResourceNotFoundException",
            Self::DuplicateResource(_) => "DuplicateResourceException",
            Self::LimitExceeded(_) => "LimitExceededException",
            Self::OperationNotSupported(_) => "OperationNotSupportedException",
        }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidParameters(message.into())
    }

    pub(crate) fn not_found(kind: &str, wanted: &Named) -> Self {
        Self::ResourceNotFound(match wanted {
            Named::Id(id) => format!("{kind} {id} not found"),
            Named::Name(name) => format!("{kind} with name {name} not found"),
        })
    }

    /// The message behind "A stack named … already exists.", which is what AWS
    /// says of a product name in use; it is no `DuplicateResourceException`.
    pub(super) fn name_taken(name: &str) -> Self {
        Self::invalid(format!("A stack named {name} already exists."))
    }
}
