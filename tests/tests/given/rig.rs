//! An account of the organization, and what becomes of what it is to be given.

use chrono::TimeDelta;
use landing_zone::Description;
use landing_zone::model::identity_center::{self, Assignment};
use landing_zone::ports::MemoryWorld;
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, PrincipalKind, SsoUser,
};
use vending::handover;
use vending::ledger::{
    BatchId, Entry, Grant, Operator, Principal, Progress, State, Step, Timestamp,
};
use vending::lifecycle::LifecycleEvent;
use vending::ports::{
    AccessDefaults, Admission, Asked, Clock, DefaultAccess, Ledger, OutsideAccount,
    OutsideAccounts, Turns,
};

/// An account that Vend did not vend.
pub const ACCOUNT: &str = "555566667777";

/// What only one invocation may use at a time.
const IDENTITY_CENTER: &str = "identity-center";
const SOMEBODY: &str = "somebody else";

pub struct Rig {
    world: MemoryWorld,
    started: Timestamp,
}

fn account() -> AccountId {
    AccountId::new(ACCOUNT).unwrap()
}

/// A permission set for a group of the built-in landing zone.
pub fn group(name: &str, set: &str) -> Grant {
    let description = Description::builtin();
    let groups = &description.identity_center.groups;
    let id = groups.iter().find(|group| group.name == name).unwrap().id.clone();
    named(&id, name, set)
}

/// A permission set for whoever has that id.
pub fn grant(id: &str, set: &str) -> Grant {
    named(id, id, set)
}

fn named(id: &str, name: &str, set: &str) -> Grant {
    let description = Description::builtin();
    let center = &description.identity_center;
    let found = center.permission_sets.iter().find(|it| it.name == set).unwrap();
    let instance = center.instance_arn.rsplit('/').next().unwrap();
    let kind = PrincipalKind::Group;
    Grant::Assignment {
        permission_set: format!("arn:aws:sso:::permissionSet/{instance}/ps-{}", found.id),
        permission_set_name: set.to_owned(),
        principal: Principal { kind, id: id.to_owned(), name: name.to_owned() },
    }
}

impl Rig {
    pub fn new() -> Self {
        Self::defaulting_to("group:Platform-Admins=AWSAdministratorAccess")
    }

    pub fn defaulting_to(assignment: &str) -> Self {
        let assignment = AccessDefaults::read_assignment(assignment).unwrap();
        let world = MemoryWorld::new(&Description::builtin(), 7).giving(vec![assignment], vec![]);
        let started = world.zone.now();
        Self { world, started }
    }

    /// Control Tower says that it has made the account.
    pub async fn welcome(&self) {
        self.hear(true, true).await;
    }

    /// Control Tower says that it has made the account, or updated it, or tried to.
    pub async fn hear(&self, created: bool, succeeded: bool) {
        let event = LifecycleEvent {
            id: "event".into(),
            created,
            succeeded,
            account_name: Some("webshop-production".into()),
            account_id: Some(account()),
            message: None,
        };
        handover::welcome(&self.world.handover(), &event).await.unwrap();
    }

    /// An operator asks for access, as `vend access apply` does.
    pub async fn ask(&self, grants: &[Grant]) {
        let before = self.record().await;
        let asked = Asked { by: Operator("Admin/jane".into()), at: self.world.zone.now() };
        let kept = before.iter().flat_map(|record| &record.steps);
        let kept = kept.filter(|step| !grants.iter().any(|grant| grant.is_same(&step.grant)));
        let new = grants.iter().cloned().map(Step::new);
        let record = OutsideAccount {
            account: account(),
            steps: kept.cloned().chain(new).collect(),
            closed: false,
            defaults: before.as_ref().map_or(DefaultAccess::NotGiven, |record| record.defaults),
            asked: Some(asked),
            version: before.map_or(1, |record| record.version + 1),
        };
        assert!(self.world.ledger.save_outside(&record).await.unwrap());
    }

    pub async fn record(&self) -> Option<OutsideAccount> {
        self.world.ledger.outside(&account()).await.unwrap()
    }

    /// Lets so many minutes pass, each with its tick.
    pub async fn pass(&self, minutes: u32) {
        for _ in 0..minutes {
            self.world.zone.advance_to(self.world.zone.now() + TimeDelta::minutes(1));
            self.world.ledger.let_index_catch_up();
            handover::tick(&self.world.handover()).await.unwrap();
        }
    }

    /// Lets time pass until the record is closed; answers each step and how it ended.
    pub async fn ended(&self) -> Vec<(String, &'static str)> {
        for _ in 0..240 {
            self.pass(1).await;
            if self.record().await.is_some_and(|record| record.closed) {
                return self.told().await;
            }
        }
        panic!("no end: {:?}", self.told().await);
    }

    /// Each step and how it stands.
    pub async fn told(&self) -> Vec<(String, &'static str)> {
        let steps = self.record().await.unwrap().steps;
        let word = |step: &Step| match step.progress {
            Progress::Pending { .. } => "pending",
            Progress::Requested { .. } => "requested",
            Progress::Done => "done",
            Progress::Failed { .. } => "failed",
        };
        steps.iter().map(|step| (step.describe(), word(step))).collect()
    }

    /// Whether the group has the permission set in the account.
    pub fn has(&self, name: &str, set: &str) -> bool {
        let wanted = assignment(&group(name, set));
        self.world.zone.with(|zone| zone.identity_center.assignments().contains(&wanted))
    }

    /// Takes it away, as an admin does.
    pub fn take_away(&self, name: &str, set: &str) {
        let unwanted = assignment(&group(name, set));
        let was = self.world.zone.with(|zone| zone.identity_center.take_away(&unwanted));
        assert!(was, "{name} had {set}");
    }

    /// Lets another invocation talk to Identity Center.
    pub async fn hold_identity_center(&self) {
        let (now, until) = (self.world.zone.now(), self.world.zone.now() + TimeDelta::hours(1));
        let turn = self.world.ledger.take(IDENTITY_CENTER, SOMEBODY, 1, now, until).await;
        assert!(turn.unwrap().is_held());
    }

    /// Ends that.
    pub async fn release_identity_center(&self) {
        self.world.ledger.give_back(IDENTITY_CENTER, SOMEBODY).await.unwrap();
    }

    /// The bodies of the notices that went out.
    pub fn notices(&self) -> Vec<String> {
        let bodies = |zone: &mut landing_zone::Zone| {
            zone.topics.messages().iter().map(|message| format!("{message:?}")).collect()
        };
        self.world.zone.with(bodies)
    }

    /// An entry of the account, whose access is under way.
    pub async fn entry_configuring(&self) -> AccountName {
        let now = self.world.zone.now();
        let request = request();
        let name = request.name.clone();
        let after = Entry {
            account: Some(account()),
            state: State::Configuring,
            configuring_at: Some(now),
            ..Entry::queued(request, BatchId("batch".into()), 2, now)
        };
        self.world.ledger.admit(&[Admission { before: None, after }]).await.unwrap();
        name
    }

    pub async fn entry(&self, name: &AccountName) -> Entry {
        self.world.ledger.entry(name).await.unwrap().unwrap()
    }

    /// The most assignments that were ever under way at once.
    pub fn most_under_way(&self) -> usize {
        self.world.zone.with(|zone| zone.identity_center.peak_outstanding())
    }

    pub fn since_start(&self) -> TimeDelta {
        self.world.zone.now() - self.started
    }
}

fn assignment(grant: &Grant) -> Assignment {
    let Grant::Assignment { permission_set, principal, .. } = grant else {
        panic!("no assignment")
    };
    Assignment {
        account: ACCOUNT.to_owned(),
        permission_set: permission_set.clone(),
        kind: identity_center::PrincipalKind::Group,
        principal: principal.id.clone(),
    }
}

fn request() -> AccountRequest {
    let email = |text: &str| EmailAddress::new(text).unwrap();
    let person = |name| PersonName::new(name).unwrap();
    AccountRequest {
        name: AccountName::new("webshop-production").unwrap(),
        email: email("aws-webshop-production@example.com"),
        sso_user: SsoUser {
            email: email("jane.doe@example.com"),
            first_name: person("Jane"),
            last_name: person("Doe"),
        },
        unit: OrganizationalUnit { name: "Production".into(), id: "ou-aaaa-work0002".into() },
        requester: None,
        access: AccessRequest::default(),
    }
}
