//! The preconditions, in the order in which one rests on another.

/// A precondition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Whoever asks, and the stack, are in the organization's management account.
    ManagementAccount,
    /// The stack is in Control Tower's home Region.
    HomeRegion,
    /// The landing zone is set up, not at work, and as Control Tower made it.
    LandingZone,
    /// Account Factory is there, and one version of it is active.
    Product,
    /// The role that launches accounts is associated with Account Factory's portfolio.
    LaunchPath,
    /// There are organizational units that accounts can go to.
    Units,
    /// IAM Identity Center has the organization's own instance.
    Instance,
    /// The principals and permission sets that new accounts are given are there.
    Access,
    /// The portfolios that new accounts are given are there, and this account's own.
    Portfolios,
    /// Service Catalog may work in the whole organization.
    TrustedAccess,
    /// The organization may hold the accounts that wait to be made.
    AccountQuota,
    /// Somebody is told.
    Subscriptions,
    /// Nothing was given up.
    Undelivered,
    /// A minute that passes wakes the functions.
    Tick,
    /// Launching is on.
    Launching,
}

impl Check {
    /// All of them, in order.
    pub const ALL: [Self; 15] = [
        Self::ManagementAccount,
        Self::HomeRegion,
        Self::LandingZone,
        Self::Product,
        Self::LaunchPath,
        Self::Units,
        Self::Instance,
        Self::Access,
        Self::Portfolios,
        Self::TrustedAccess,
        Self::AccountQuota,
        Self::Subscriptions,
        Self::Undelivered,
        Self::Tick,
        Self::Launching,
    ];

    /// Its name for scripts, which does not change.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ManagementAccount => "management-account",
            Self::HomeRegion => "home-region",
            Self::LandingZone => "landing-zone",
            Self::Product => "account-factory",
            Self::LaunchPath => "launch-path",
            Self::Units => "organizational-units",
            Self::Instance => "identity-center",
            Self::Access => "access",
            Self::Portfolios => "portfolios",
            Self::TrustedAccess => "trusted-access",
            Self::AccountQuota => "account-quota",
            Self::Subscriptions => "subscriptions",
            Self::Undelivered => "undelivered",
            Self::Tick => "tick",
            Self::Launching => "launching",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ManagementAccount => "management account",
            Self::HomeRegion => "home Region",
            Self::LandingZone => "landing zone",
            Self::Product => "Account Factory",
            Self::LaunchPath => "launch path",
            Self::Units => "organizational units",
            Self::Instance => "Identity Center",
            Self::Access => "access to give",
            Self::Portfolios => "portfolios to share",
            Self::TrustedAccess => "trusted access",
            Self::AccountQuota => "account quota",
            Self::Subscriptions => "who is told",
            Self::Undelivered => "undelivered events",
            Self::Tick => "minute tick",
            Self::Launching => "launching",
        }
    }

    /// Why it matters: what happens where it does not hold.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::ManagementAccount => {
                "Account Factory, the organization and Identity Center answer to the management \
                 account alone."
            }
            Self::HomeRegion => {
                "Account Factory is launched in Control Tower's home Region, and its lifecycle \
                 events arrive there alone: elsewhere nothing is found and nothing ends."
            }
            Self::LandingZone => {
                "Control Tower refuses or fails launches while its landing zone is being changed, \
                 is broken, or has drifted."
            }
            Self::Product => {
                "Every account is a launch of this product, in the version that is active."
            }
            Self::LaunchPath => {
                "Service Catalog launches a product only for principals of its portfolio, \
                 administrators or not: each row would fail with \"No launch paths found\"."
            }
            Self::Units => {
                "An account can go only to a unit that is registered with Control Tower: every \
                 list would be refused."
            }
            Self::Instance => {
                "Permission sets are assigned in the organization's instance; one of a single \
                 account cannot assign any in other accounts."
            }
            Self::Access => {
                "Every account would be made, and then fail in its handover: nobody would get in."
            }
            Self::Portfolios => {
                "Every account would be made, and then fail in its handover. A portfolio that was \
                 itself shared with this account cannot be shared on."
            }
            Self::TrustedAccess => {
                "Without it Service Catalog refuses to share a portfolio within the organization: \
                 every account would fail in its handover."
            }
            Self::AccountQuota => {
                "When the organization is full, each further row fails; closed accounts count \
                 until they are gone after 90 days."
            }
            Self::Subscriptions => {
                "Notices and alarms go to this topic: without a confirmed subscription failures \
                 pass in silence."
            }
            Self::Undelivered => {
                "These events woke no function although AWS tried for hours: something was broken \
                 then, or is still."
            }
            Self::Tick => {
                "The tick finds what events did not tell: without it lost events are never made \
                 up for, and waits never end."
            }
            Self::Launching => "While launching is paused, rows stay QUEUED and nothing starts.",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_for_scripts_and_differ() {
        let names: BTreeSet<&str> = Check::ALL.iter().map(|check| check.name()).collect();
        assert_eq!(names.len(), Check::ALL.len());
        let plain = |name: &&str| name.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
        assert!(names.iter().all(plain), "{names:?}");
    }

    #[test]
    fn titles_are_words_and_differ() {
        let titles: BTreeSet<&str> = Check::ALL.iter().map(|check| check.title()).collect();
        assert_eq!(titles.len(), Check::ALL.len());
        assert!(!titles.contains(""));
    }

    #[test]
    fn each_says_in_a_sentence_why_it_matters() {
        for check in Check::ALL {
            assert!(check.why().ends_with('.') && !check.why().contains("  "), "{check:?}");
            assert!(check.title().chars().count() <= 20, "{check:?} is too wide for its column");
        }
    }
}
