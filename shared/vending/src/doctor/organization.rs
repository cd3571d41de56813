//! The account, the Region, the landing zone, and how many accounts there may be.

use super::World;
use super::finding::{Looked, broken, sound, warning};
use super::ports::{LandingZone, LandingZoneStatus};

pub(super) async fn management_account(world: &World<'_>) -> Looked {
    let caller = world.organization.caller().await?;
    let stack = &world.deployed.account;
    let Some(management) = world.organization.management_account().await? else {
        return broken(
            format!("account {caller} is in no organization"),
            "Set Control Tower up first, and deploy the stack in its management account.",
        );
    };
    if caller != management {
        return broken(
            format!("you are in account {caller}; the management account is {management}"),
            "Sign in to the management account, or name a profile of it with --profile.",
        );
    }
    if *stack != management {
        return broken(
            format!("the stack is in account {stack}; the management account is {management}"),
            "Deploy the stack in the management account, and delete it where it is.",
        );
    }
    sound(format!("{management}, and you are in it"))
}

pub(super) async fn home_region(world: &World<'_>) -> Looked {
    let region = &world.deployed.region;
    let Some(landing_zone) = world.landing_zones.landing_zone().await? else {
        return broken(format!("Control Tower tells of no landing zone in {region}"), NO_ZONE);
    };
    let home = landing_zone.home_region;
    if home != *region {
        return broken(
            format!("the stack is in {region}; Control Tower is at home in {home}"),
            format!("Deploy the stack in {home}, and delete it in {region}."),
        );
    }
    sound(home)
}

const NO_ZONE: &str = "Look in Control Tower's console which Region is its home, under Landing \
                       zone settings, and deploy the stack there.";

pub(super) async fn landing_zone(world: &World<'_>) -> Looked {
    let Some(landing_zone) = world.landing_zones.landing_zone().await? else {
        return broken("there is none to look at", NO_ZONE);
    };
    let version = version(&landing_zone);
    match (landing_zone.status, landing_zone.drifted) {
        (LandingZoneStatus::Failed, _) => broken(
            format!("{version}: its last setup, update or reset FAILED"),
            "See what failed in Control Tower's console, under Landing zone settings, mend it, \
             and repair (Reset) or update the landing zone.",
        ),
        (_, Some(true)) => broken(
            format!("{version}: DRIFTED"),
            "See what has drifted in Control Tower's console, under Landing zone settings, and \
             repair it there with Reset; it takes up to an hour or more.",
        ),
        (LandingZoneStatus::Processing, _) => warning(
            format!("{version}: PROCESSING, it is being changed"),
            "Wait: launches are held back meanwhile and go on by themselves.",
        ),
        (LandingZoneStatus::Other, _) => warning(
            format!("{version}: in a status that is not known here"),
            "See what Control Tower's console says of it, under Landing zone settings.",
        ),
        (LandingZoneStatus::Active, drifted) => {
            let drift = drifted.map_or("drift not told", |_| "no drift");
            sound(format!("{version}: ACTIVE, {drift}"))
        }
    }
}

fn version(landing_zone: &LandingZone) -> String {
    let newer = landing_zone.newer.as_ref();
    let newer = newer.map(|newer| format!(" ({newer} is out)")).unwrap_or_default();
    format!("version {}{newer}", landing_zone.version)
}

pub(super) async fn account_quota(world: &World<'_>) -> Looked {
    let quota = world.organization.account_quota().await?;
    let accounts = world.organization.accounts().await?;
    let in_flight = world.work.launching().await?.in_flight.len();
    let queued = world.work.queued(world.clock.now()).await?;
    let seen = format!(
        "{accounts} of {quota} accounts exist, closed ones included; {queued} rows wait and \
         {in_flight} are under way"
    );
    let free = quota.saturating_sub(accounts);
    if free == 0 || queued > free {
        return broken(
            seen,
            "Raise the quota \"Default maximum number of accounts\" of AWS Organizations: Service \
             Quotas, in us-east-1 (GovCloud: us-gov-west-1). It takes AWS some days at times.",
        );
    }
    // Of those under way some may be among the accounts already.
    if queued + in_flight > free {
        return warning(seen, "It is tight: raise the quota before the next list.");
    }
    sound(seen)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fake, done};
    use super::super::{Check, Finding, Verdict, look};
    use super::*;

    fn found(fake: &Fake, check: Check) -> Finding {
        done(look(&fake.world(), check))
    }

    #[test]
    fn the_quota_is_held_against_what_exists_and_what_waits() {
        let with = |accounts, queued, in_flight| {
            let mut fake = Fake::sound();
            (fake.accounts, fake.quota, fake.queued) = (accounts, 10, queued);
            fake.fly(in_flight);
            found(&fake, Check::AccountQuota).verdict
        };
        assert_eq!(with(7, 3, 0), Verdict::Sound);
        assert_eq!(with(7, 3, 1), Verdict::Warning);
        assert_eq!(with(7, 4, 0), Verdict::Broken);
        assert_eq!(with(10, 0, 0), Verdict::Broken);
        assert_eq!(with(11, 0, 0), Verdict::Broken, "the quota was lowered");
    }

    #[test]
    fn drift_and_failure_count_more_than_being_at_work() {
        let with = |status, drifted| {
            let mut fake = Fake::sound();
            let zone = LandingZone { status, drifted, ..fake.landing_zone.take().unwrap() };
            fake.landing_zone = Some(zone);
            found(&fake, Check::LandingZone).verdict
        };
        use LandingZoneStatus::{Active, Failed, Other, Processing};
        assert_eq!(with(Active, None), Verdict::Sound);
        assert_eq!(with(Active, Some(true)), Verdict::Broken);
        assert_eq!(with(Processing, Some(false)), Verdict::Warning);
        assert_eq!(with(Processing, Some(true)), Verdict::Broken);
        assert_eq!(with(Failed, Some(false)), Verdict::Broken);
        assert_eq!(with(Other, Some(false)), Verdict::Warning);
    }

    #[test]
    fn a_newer_version_is_told_of_and_breaks_nothing() {
        let mut fake = Fake::sound();
        let zone = fake.landing_zone.take().unwrap();
        fake.landing_zone = Some(LandingZone { newer: Some("4.0".to_owned()), ..zone });
        let finding = found(&fake, Check::LandingZone);
        assert_eq!(finding.verdict, Verdict::Sound);
        assert_eq!(finding.seen, "version 3.3 (4.0 is out): ACTIVE, no drift");
    }

    #[test]
    fn no_organization_and_no_landing_zone_are_told_as_such() {
        let mut fake = Fake::sound();
        fake.management = None;
        let finding = found(&fake, Check::ManagementAccount);
        assert_eq!(finding.seen, "account 111122223333 is in no organization");
        fake.landing_zone = None;
        let finding = found(&fake, Check::HomeRegion);
        assert_eq!(finding.seen, "Control Tower tells of no landing zone in us-east-1");
        assert_eq!(found(&fake, Check::LandingZone).verdict, Verdict::Broken);
    }

    #[test]
    fn a_stack_in_another_account_is_told_from_a_caller_in_another() {
        let mut fake = Fake::sound();
        fake.deployed.account = crate::account::AccountId::new("444455556666").unwrap();
        let finding = found(&fake, Check::ManagementAccount);
        assert!(finding.seen.starts_with("the stack is in account 444455556666"), "{finding:?}");
    }
}
