//! What an operator did with an entry, and who it was.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// What operators do with entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// What FAILED is tried again.
    Retry,
    /// What is QUEUED is not launched.
    Cancel,
}

impl Order {
    /// What was done, at the start of a line.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Retry => "Retried",
            Self::Cancel => "Cancelled",
        }
    }
}

/// Who gave an order, as AWS or the machine knows them. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operator(pub String);

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Operator(…)")
    }
}

/// What an operator did last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// What it was.
    pub order: Order,
    /// Who gave the order.
    pub by: Operator,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_it_was_is_not_for_logs() {
        let shown = format!("{:?}", Operator("Admin/jane@example.com".to_owned()));
        assert!(!shown.is_empty() && !shown.contains("jane"), "{shown}");
    }
}
