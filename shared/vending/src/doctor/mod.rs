//! The use case behind `vend doctor`: every precondition that a launch rests on is looked
//! at, and each finding says what was seen, why it matters and how to mend it.
//!
//! Nothing is changed. A fact that cannot be had hides no other: what it would have told
//! is told to be unknown, with what is missing to ask for it.

mod access;
mod check;
mod factory;
mod finding;
mod launching;
mod organization;
pub mod ports;
mod subscription;
mod telling;
#[cfg(test)]
mod testing;
mod together;

use crate::account::{AccountId, RoleArn};
use crate::ports::{AccessDefaults, Assignments, Clock};
use ports::{Directories, Factory, LandingZones, Organization, Portfolios, Queues, Topic, Work};

pub use check::Check;
pub use finding::{Finding, Verdict};

/// What the stack was deployed with, as far as a precondition follows from it.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// The account that the stack is in.
    pub account: AccountId,
    /// The Region that it is in.
    pub region: String,
    /// The role that launches accounts.
    pub launch_role: RoleArn,
    /// The ARN of the instance of IAM Identity Center, where one is named.
    pub instance: Option<String>,
    /// What every new account is given.
    pub defaults: AccessDefaults,
}

/// The world as the doctor sees it.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// What the stack was deployed with.
    pub deployed: &'a Deployed,
    /// Who asks, and the organization.
    pub organization: &'a dyn Organization,
    /// Control Tower.
    pub landing_zones: &'a dyn LandingZones,
    /// Account Factory.
    pub factory: &'a dyn Factory,
    /// IAM Identity Center.
    pub directories: &'a dyn Directories,
    /// Turns configured names into ids, as the functions do.
    pub assignments: &'a dyn Assignments,
    /// The portfolios.
    pub portfolios: &'a dyn Portfolios,
    /// The topic that people are told by.
    pub topic: &'a dyn Topic,
    /// What could not be delivered.
    pub queues: &'a dyn Queues,
    /// What waits and what is under way.
    pub work: &'a dyn Work,
    /// The present moment. It is asked when the ledger has answered: where the clock goes
    /// by AWS's answers, it shows their time from then on.
    pub clock: &'a dyn Clock,
}

/// Looks at every precondition, all at the same time; the findings are in the order of
/// [`Check::ALL`].
pub async fn examine(world: &World<'_>) -> Vec<Finding> {
    together::all(Check::ALL.map(|check| look(world, check))).await
}

async fn look(world: &World<'_>, check: Check) -> Finding {
    let seen = match check {
        Check::ManagementAccount => organization::management_account(world).await,
        Check::HomeRegion => organization::home_region(world).await,
        Check::LandingZone => organization::landing_zone(world).await,
        Check::Product => factory::product(world).await,
        Check::LaunchPath => factory::launch_path(world).await,
        Check::Units => factory::units(world).await,
        Check::Instance => access::instance(world).await,
        Check::Access => access::access(world).await,
        Check::Portfolios => access::portfolios(world).await,
        Check::TrustedAccess => access::trusted_access(world).await,
        Check::AccountQuota => organization::account_quota(world).await,
        Check::Subscriptions => telling::subscriptions(world).await,
        Check::Undelivered => telling::undelivered(world).await,
        Check::Tick => launching::tick(world).await,
        Check::Launching => launching::launching(world).await,
    };
    seen.map_or_else(|unseen| Finding::unseen(check, &unseen), |seen| seen.of(check))
}

#[cfg(test)]
mod tests {
    use super::testing::{Fake, done};
    use super::*;

    fn findings(fake: &Fake) -> Vec<Finding> {
        done(examine(&fake.world()))
    }

    #[test]
    fn all_is_sound_where_all_is_as_it_should_be() {
        let findings = findings(&Fake::sound());
        let checks: Vec<Check> = findings.iter().map(|finding| finding.check).collect();
        assert_eq!(checks, Check::ALL);
        for finding in findings {
            assert_eq!(finding.verdict, Verdict::Sound, "{finding:?}");
            assert_eq!(finding.mend, "", "{finding:?}");
        }
    }

    #[test]
    fn what_cannot_be_asked_hides_nothing_else() {
        let mut fake = Fake::sound();
        fake.denied = Some("sns:ListSubscriptionsByTopic");
        let told = findings(&fake);
        for finding in &told {
            let wanted = match finding.check {
                Check::Subscriptions => Verdict::CouldNotTell,
                _ => Verdict::Sound,
            };
            assert_eq!(finding.verdict, wanted, "{finding:?}");
        }
        let unknown = told.iter().find(|it| it.check == Check::Subscriptions).unwrap();
        assert!(unknown.seen.contains("AccessDenied"), "{unknown:?}");
        assert!(unknown.mend.contains("sns:ListSubscriptionsByTopic"), "{unknown:?}");
    }

    #[test]
    fn every_ailment_is_told_by_its_own_check_alone() {
        for (check, verdict, ail) in testing::ailments() {
            let mut fake = Fake::sound();
            ail(&mut fake);
            for finding in findings(&fake) {
                let wanted = if finding.check == check { verdict } else { Verdict::Sound };
                assert_eq!(finding.verdict, wanted, "{check:?} made {finding:?}");
                let told = finding.verdict != Verdict::Sound;
                assert_eq!(told, !finding.mend.is_empty(), "{finding:?}");
            }
        }
        let ailing: Vec<Check> = testing::ailments().into_iter().map(|it| it.0).collect();
        assert!(Check::ALL.iter().all(|check| ailing.contains(check)), "a check that never fails");
    }
}
