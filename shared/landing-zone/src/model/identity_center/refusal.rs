//! Why Identity Center does not make or change a permission set.

/// Why a permission set is not made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PermissionSetRefusal {
    /// The instance has no such permission set.
    #[error("PermissionSet {0} could not be found")]
    Unknown(String),
    /// Another permission set has the name.
    #[error("PermissionSet with name {0} already exists.")]
    NameTaken(String),
    /// The set has the policy.
    #[error("policy {policy} is already attached to permission set {set}")]
    Attached {
        /// The permission set's name.
        set: String,
        /// The policy's ARN or name.
        policy: String,
    },
    /// The set does not have the policy.
    #[error("policy {policy} is not attached to permission set {set}")]
    NotAttached {
        /// The permission set's name.
        set: String,
        /// The policy's ARN or name.
        policy: String,
    },
    /// The set has no inline policy, or no boundary.
    #[error("{0} of permission set {1} could not be found")]
    NotThere(&'static str, String),
    /// AWS has no such policy.
    #[error("policy {0} does not exist or is not attachable")]
    UnknownPolicy(String),
    /// The inline policy is no policy document.
    #[error("the inline policy is no valid policy document")]
    NoPolicyDocument,
    /// The inline policy has too many bytes.
    #[error("the inline policy is larger than {} bytes", super::policies::INLINE_POLICY_BYTES)]
    InlinePolicyTooLarge,
    /// The instance has as many permission sets as it may have.
    #[error("the quota of {0} permission sets is reached")]
    TooManyPermissionSets(usize),
    /// The set has as many policies as it may have.
    #[error("the quota of {0} managed policies in a permission set is reached")]
    TooManyPolicies(usize),
    /// An earlier change is still on its way: try again later.
    #[error("there is a conflicting operation in process for permission set {0}")]
    Conflict(String),
}
