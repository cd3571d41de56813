//! A world in which all is sound, and the ways in which it can ail.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;

use super::ports::{
    Directories, Factory, Instance, Known, LandingZone, LandingZoneStatus, LandingZones,
    Organization, OwnPortfolio, Portfolios, Product, QueueLength, Queues, Subscription, Topic,
    Unseen, Version, Work,
};
use super::{Check, Deployed, Verdict, World};
use crate::account::{AccountId, AccountName, OrganizationalUnit, RoleArn};
use crate::ledger::{Grant, Launching, Pause, Principal, PrincipalKind, Timestamp};
use crate::ports::{
    AccessDefaults, AssignError, Assignments, Clock, CouldNotAsk, FactoryPortfolio, PrincipalText,
    StepStatus, Unresolved,
};
use crate::testing::at;

pub(super) const MANAGEMENT: &str = "111122223333";

pub(super) fn now() -> Timestamp {
    at(0)
}

/// What is made of work whose calls are answered at once.
pub(super) fn done<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a call was not answered at once"),
    }
}

/// Everything that the doctor asks, as it is answered.
pub(super) struct Fake {
    pub(super) deployed: Deployed,
    pub(super) caller: AccountId,
    pub(super) management: Option<AccountId>,
    pub(super) accounts: usize,
    pub(super) quota: usize,
    pub(super) landing_zone: Option<LandingZone>,
    pub(super) product: Option<Product>,
    pub(super) units: Vec<OrganizationalUnit>,
    pub(super) associated: bool,
    pub(super) instances: Vec<Instance>,
    pub(super) unresolved: Option<String>,
    pub(super) known: Known,
    pub(super) own: Vec<OwnPortfolio>,
    pub(super) trusted: bool,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) queues: Vec<QueueLength>,
    pub(super) launching: Launching,
    pub(super) queued: usize,
    /// The permission that whoever asks lacks.
    pub(super) denied: Option<&'static str>,
}

fn account(id: &str) -> AccountId {
    AccountId::new(id).unwrap()
}

impl Fake {
    pub(super) fn sound() -> Self {
        let assignments = ["group:Platform-Admins=AWSReadOnlyAccess".to_owned()];
        let defaults = AccessDefaults::read(&assignments, vec!["Network".to_owned()]).unwrap();
        let role = RoleArn::new("arn:aws:iam::111122223333:role/vend-provision").unwrap();
        let unit = OrganizationalUnit { name: "Sandbox".into(), id: "ou-aaaa-00000001".into() };
        let queue =
            |name: &str| QueueLength { name: format!("vend-undelivered-{name}"), messages: 0 };
        let mut fake = Self {
            deployed: Deployed {
                account: account(MANAGEMENT),
                region: "us-east-1".to_owned(),
                launch_role: role,
                instance: None,
                defaults,
            },
            caller: account(MANAGEMENT),
            management: Some(account(MANAGEMENT)),
            accounts: 7,
            quota: 20,
            landing_zone: Some(LandingZone {
                home_region: "us-east-1".to_owned(),
                status: LandingZoneStatus::Active,
                drifted: Some(false),
                version: "3.3".to_owned(),
                newer: None,
            }),
            product: Some(Product { id: "prod-1".to_owned(), versions: Vec::new() }),
            units: vec![unit],
            associated: true,
            instances: vec![Instance {
                arn: "arn:ours".to_owned(),
                owner: MANAGEMENT.to_owned(),
                active: true,
            }],
            unresolved: None,
            known: Known { principal: true, permission_set: true },
            own: vec![OwnPortfolio { id: "port-1".to_owned(), name: "Network".to_owned() }],
            trusted: true,
            subscriptions: vec![Subscription::new("email", "ops@example.com", true)],
            queues: ["stream", "events", "rules"].map(queue).to_vec(),
            launching: Launching {
                ticked_at: Some(now() - TimeDelta::minutes(3)),
                ..Launching::default()
            },
            queued: 0,
            denied: None,
        };
        fake.versions(&[(false, false), (true, false)]);
        fake
    }

    /// The versions of the product: whether each is active, and deprecated.
    pub(super) fn versions(&mut self, versions: &[(bool, bool)]) {
        let version = |(n, (active, deprecated)): (usize, &(bool, bool))| Version {
            id: format!("pa-{n}"),
            active: *active,
            deprecated: *deprecated,
        };
        if let Some(product) = &mut self.product {
            product.versions = versions.iter().enumerate().map(version).collect();
        }
    }

    /// So many launches are under way.
    pub(super) fn fly(&mut self, launches: usize) {
        let name = |n| AccountName::new(format!("flying-{n}")).unwrap();
        self.launching.in_flight = (0..launches).map(name).collect();
    }

    pub(super) fn world(&self) -> World<'_> {
        World {
            deployed: &self.deployed,
            organization: self,
            landing_zones: self,
            factory: self,
            directories: self,
            assignments: self,
            portfolios: self,
            topic: self,
            queues: self,
            work: self,
            clock: self,
        }
    }

    fn may(&self, needs: &'static str) -> Result<(), Unseen> {
        let cause = "AccessDeniedException: not authorized".to_owned();
        let denied = self.denied == Some(needs);
        if denied { Err(Unseen { cause, denied, needs }) } else { Ok(()) }
    }
}

/// A check, what it is to find, and what is done to the world for it.
pub(super) type Ailment = (Check, Verdict, fn(&mut Fake));

/// One way, or more, for each check to fail, and no other check with it.
pub(super) fn ailments() -> Vec<Ailment> {
    use Verdict::{Broken, CouldNotTell, Warning};
    vec![
        (Check::ManagementAccount, Broken, |fake| fake.caller = account("444455556666")),
        (Check::HomeRegion, Broken, |fake| {
            fake.landing_zone.as_mut().unwrap().home_region = "eu-central-1".to_owned();
        }),
        (Check::LandingZone, Broken, |fake| {
            fake.landing_zone.as_mut().unwrap().drifted = Some(true);
        }),
        (Check::LandingZone, Warning, |fake| {
            fake.landing_zone.as_mut().unwrap().status = LandingZoneStatus::Processing;
        }),
        (Check::Product, Broken, |fake| fake.versions(&[(true, false), (true, false)])),
        (Check::LaunchPath, Broken, |fake| fake.associated = false),
        (Check::Units, Broken, |fake| fake.units.clear()),
        (Check::Instance, Broken, |fake| fake.instances.clear()),
        (Check::Access, Broken, |fake| fake.known.principal = false),
        (Check::Portfolios, Broken, |fake| fake.own.clear()),
        (Check::TrustedAccess, Broken, |fake| fake.trusted = false),
        (Check::AccountQuota, Broken, |fake| fake.quota = 7),
        (Check::Subscriptions, Broken, |fake| fake.subscriptions.clear()),
        (Check::Subscriptions, CouldNotTell, |fake| {
            fake.denied = Some("sns:ListSubscriptionsByTopic");
        }),
        (Check::Undelivered, Broken, |fake| fake.queues[0].messages = 1),
        (Check::Tick, Broken, |fake| fake.launching.ticked_at = None),
        (Check::Launching, Broken, |fake| {
            let reason = "the quota is used up".to_owned();
            fake.launching.pause = Some(Pause { since: now(), reason, announced: true, by: None });
        }),
    ]
}

impl Clock for Fake {
    fn now(&self) -> Timestamp {
        now()
    }
}

#[async_trait]
impl Organization for Fake {
    async fn caller(&self) -> Result<AccountId, Unseen> {
        Ok(self.caller.clone())
    }

    async fn management_account(&self) -> Result<Option<AccountId>, Unseen> {
        Ok(self.management.clone())
    }

    async fn accounts(&self) -> Result<usize, Unseen> {
        Ok(self.accounts)
    }

    async fn account_quota(&self) -> Result<usize, Unseen> {
        Ok(self.quota)
    }
}

#[async_trait]
impl LandingZones for Fake {
    async fn landing_zone(&self) -> Result<Option<LandingZone>, Unseen> {
        Ok(self.landing_zone.clone())
    }
}

#[async_trait]
impl Factory for Fake {
    async fn product(&self) -> Result<Option<Product>, Unseen> {
        Ok(self.product.clone())
    }

    async fn units(&self, _: &str, _: &str) -> Result<Vec<OrganizationalUnit>, Unseen> {
        Ok(self.units.clone())
    }

    async fn portfolios(&self, _: &str) -> Result<Vec<FactoryPortfolio>, Unseen> {
        Ok(vec![FactoryPortfolio {
            id: "port-factory".to_owned(),
            name: "AWS Control Tower Account Factory Portfolio".to_owned(),
            provider: "AWS Control Tower".to_owned(),
        }])
    }

    async fn is_associated(&self, _: &str, _: &RoleArn) -> Result<bool, Unseen> {
        Ok(self.associated)
    }
}

#[async_trait]
impl Directories for Fake {
    async fn instances(&self) -> Result<Vec<Instance>, Unseen> {
        Ok(self.instances.clone())
    }

    async fn known(&self, _: &Grant) -> Result<Known, Unseen> {
        Ok(self.known)
    }
}

#[async_trait]
impl Assignments for Fake {
    async fn resolve(&self, principal: &PrincipalText, set: &str) -> Result<Grant, Unresolved> {
        if let Some(words) = &self.unresolved {
            return Err(Unresolved::Unknown(words.clone()));
        }
        Ok(Grant::Assignment {
            permission_set: "arn:set".to_owned(),
            permission_set_name: set.to_owned(),
            principal: Principal {
                kind: PrincipalKind::Group,
                id: "g-1".to_owned(),
                name: principal.text.clone(),
            },
        })
    }

    async fn exists(&self, _: &AccountId, _: &Grant) -> Result<bool, CouldNotAsk> {
        panic!("the doctor looks at no account")
    }

    async fn request(&self, _: &AccountId, _: &Grant) -> Result<String, AssignError> {
        panic!("the doctor changes nothing")
    }

    async fn status(&self, _: &str) -> Result<StepStatus, CouldNotAsk> {
        panic!("the doctor follows nothing")
    }
}

#[async_trait]
impl Portfolios for Fake {
    async fn own(&self) -> Result<Vec<OwnPortfolio>, Unseen> {
        Ok(self.own.clone())
    }

    async fn trusted_access(&self) -> Result<bool, Unseen> {
        Ok(self.trusted)
    }
}

#[async_trait]
impl Topic for Fake {
    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unseen> {
        self.may("sns:ListSubscriptionsByTopic")?;
        Ok(self.subscriptions.clone())
    }
}

#[async_trait]
impl Queues for Fake {
    async fn lengths(&self) -> Result<Vec<QueueLength>, Unseen> {
        Ok(self.queues.clone())
    }
}

#[async_trait]
impl Work for Fake {
    async fn launching(&self) -> Result<Launching, Unseen> {
        Ok(self.launching.clone())
    }

    async fn queued(&self, _: Timestamp) -> Result<usize, Unseen> {
        Ok(self.queued)
    }
}
