//! What a landing zone's description says about Control Tower itself, and about those
//! who deal with it: whoever calls, and whoever is told.

use serde::Deserialize;

/// Control Tower's landing zone, as its own API tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ControlTowerDescription {
    /// How far it is.
    pub status: LandingZoneStatus,
    /// Whether it is as Control Tower set it up. The model tells so and launches anyhow.
    pub drift: Drift,
    /// Its version.
    pub version: String,
    /// The version that it can be updated to.
    pub latest_version: String,
    /// Where it is at home, if that is not the organization's `home_region`, in which
    /// all else of the model is.
    pub home_region: Option<String>,
}

impl Default for ControlTowerDescription {
    fn default() -> Self {
        Self {
            status: LandingZoneStatus::Active,
            drift: Drift::InSync,
            version: "3.3".to_owned(),
            latest_version: "3.3".to_owned(),
            home_region: None,
        }
    }
}

/// How far a landing zone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LandingZoneStatus {
    /// Set up.
    Active,
    /// Being set up, updated, reset or decommissioned.
    Processing,
    /// The last of these went wrong.
    Failed,
}

impl LandingZoneStatus {
    /// As the API has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Processing => "PROCESSING",
            Self::Failed => "FAILED",
        }
    }
}

/// Whether somebody changed what Control Tower had set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Drift {
    /// Nobody did.
    InSync,
    /// Somebody did.
    Drifted,
}

impl Drift {
    /// As the API has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "IN_SYNC",
            Self::Drifted => "DRIFTED",
        }
    }
}

/// Whoever calls AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallerDescription {
    /// The account that the caller's credentials are of; the management account unless
    /// said. The model answers all else as to a caller of the management account.
    pub account: Option<String>,
}

/// Whoever notices go to by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubscribersDescription {
    /// Whether they follow the link that confirms a subscription.
    pub confirm: bool,
}

impl Default for SubscribersDescription {
    fn default() -> Self {
        Self { confirm: true }
    }
}
