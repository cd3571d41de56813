//! Batches for the tests, made by the same transitions as real ones.

use chrono::{DateTime, TimeDelta};
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, SsoUser,
};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{
    Batch, Entry, Event, Grant, ObjectRef, Operator, Portfolio, Principal, PrincipalKind, Progress,
    ProvisionToken, ProvisionedProductId, RecordId, Source, Step, Timestamp, Transition,
};

use super::summary::Report;

/// A moment of the samples, in minutes after the first list came.
pub(super) fn at(minutes: i64) -> Timestamp {
    DateTime::from_timestamp(1_768_996_800, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// An entry and what happens to it.
pub(super) struct Story {
    /// As it is by now.
    pub(super) entry: Entry,
    now: i64,
}

impl Story {
    /// A row of `batch` that asks for the account `name`.
    pub(super) fn of(batch: &Batch, line: u64, name: &str, unit: &str) -> Self {
        let entry = Entry::queued(request(name, unit), batch.id.clone(), line, batch.received_at);
        let now = (batch.received_at - at(0)).num_minutes();
        Self { entry, now }
    }

    /// `event` happens, so many minutes later.
    fn then(mut self, later: i64, event: Event, source: &Source) -> Self {
        self.now += later;
        let moment = at(self.now) + TimeDelta::seconds(self.entry.line as i64 * 7 % 50);
        match self.entry.after(event, source, moment).unwrap() {
            Transition::Advanced(next) => self.entry = *next,
            Transition::AlreadyThere => panic!("nothing changed"),
        }
        self
    }

    /// A slot is taken, and Account Factory takes the launch.
    pub(super) fn launched(self, later: i64) -> Self {
        let (token, check_at) = (ProvisionToken("vend-token".into()), at(0));
        let product = ProvisionedProductId("pp-1".into());
        self.then(later, Event::Claimed { token, check_at }, &Source::Queue).then(
            0,
            Event::Asked { product, record: RecordId("rec-1".into()) },
            &Source::Queue,
        )
    }

    /// Control Tower says "later".
    pub(super) fn told_to_wait(self, later: i64) -> Self {
        let reason = "another AWS Control Tower operation is in progress. Try again later.".into();
        self.then(later, Event::ToldToWait { until: at(0), reason }, &Source::Minute)
    }

    /// The account is there.
    pub(super) fn made(self, later: i64) -> Self {
        let number = 100_000_000_000 + 7_919_u64 * self.entry.line;
        let account = AccountId::new(number.to_string()).unwrap();
        self.then(later, Event::AccountMade { account }, &Source::Lifecycle)
    }

    /// Its access and its portfolio are there.
    pub(super) fn ready(self, later: i64) -> Self {
        self.then(later, Event::Configured { steps: steps(&Progress::Done) }, &Source::Minute)
    }

    /// The launch failed.
    pub(super) fn failed(self, later: i64, kind: FailureKind, said: &str) -> Self {
        let failure = Failure::new(kind, said);
        self.then(later, Event::LaunchFailed { failure, account: None }, &Source::Minute)
    }

    /// Access failed.
    pub(super) fn access_failed(self, later: i64, said: &str) -> Self {
        let mut steps = steps(&Progress::Done);
        steps[0].progress = Progress::Failed { reason: said.into() };
        let failure = Failure::new(FailureKind::AssignmentFailed, said);
        self.then(later, Event::AccessFailed { steps, failure }, &Source::Minute)
    }

    /// People are told.
    pub(super) fn announced(self, later: i64) -> Self {
        self.then(later, Event::Announced, &Source::Minute)
    }

    /// A person tries it again.
    pub(super) fn retried(self, later: i64) -> Self {
        let by = Operator("Jane Doe <jane@example.com>".into());
        self.then(later, Event::Retried { by: by.clone() }, &Source::Operator(by))
    }
}

fn request(name: &str, unit: &str) -> AccountRequest {
    AccountRequest {
        name: AccountName::new(name).unwrap(),
        email: EmailAddress::new("aws@example.com").unwrap(),
        sso_user: SsoUser {
            email: EmailAddress::new("jane@example.com").unwrap(),
            first_name: PersonName::new("Jane").unwrap(),
            last_name: PersonName::new("Doe").unwrap(),
        },
        unit: OrganizationalUnit { name: unit.into(), id: "ou-ab12-3cd45efg".into() },
        requester: None,
        access: AccessRequest::default(),
    }
}

fn steps(progress: &Progress) -> Vec<Step> {
    let assignment = |kind, name: &str, set: &str| Grant::Assignment {
        permission_set: format!("arn:aws:sso:::permissionSet/ssoins-1/{set}"),
        permission_set_name: set.into(),
        principal: Principal { kind, id: name.into(), name: name.into() },
    };
    let portfolio = Portfolio { id: "port-1".into(), name: "Networking".into() };
    [
        assignment(PrincipalKind::Group, "Platform-Admins", "AWSAdministratorAccess"),
        assignment(PrincipalKind::User, "jane@example.com", "AWSReadOnlyAccess"),
        Grant::Portfolio(portfolio),
    ]
    .map(|grant| Step { progress: progress.clone(), ..Step::new(grant) })
    .to_vec()
}

/// A batch of `rows`, taken at the first moment.
pub(super) fn batch(key: &str, rows: u64) -> Batch {
    let object = ObjectRef { bucket: "lists".into(), key: key.into(), version: Some("v1".into()) };
    Batch { rows, taken: true, announced: true, ..Batch::new(&object, at(0)) }
}

/// What is told of these stories, so many minutes after the list came.
pub(super) fn report(batch: &Batch, stories: Vec<Story>, minutes: i64) -> Report {
    let entries: Vec<Entry> = stories.into_iter().map(|story| story.entry).collect();
    Report::new(batch, &entries, at(minutes))
}

/// One account, ready.
pub(super) fn one() -> Report {
    let batch = batch("in/data-platform.csv", 1);
    let story =
        Story::of(&batch, 2, "data-platform-prod", "Workloads").launched(0).made(27).ready(1);
    report(&batch, vec![story], 29)
}

/// Three accounts: one ready at the second attempt, one failed, one under way; and a row refused.
pub(super) fn three() -> Report {
    let batch = Batch { refused: 1, ..batch("in/payments-team.csv", 4) };
    let limit = "AWS Control Tower cannot create an account because you have reached the limit on the number of accounts in your organization";
    let taken = "The account e-mail payments@example.com is in use: EMAIL_ALREADY_EXISTS";
    let stories = vec![
        Story::of(&batch, 2, "payments-prod", "Workloads")
            .launched(0)
            .failed(4, FailureKind::AccountQuota, limit)
            .retried(46)
            .launched(2)
            .told_to_wait(1)
            .launched(10)
            .made(29)
            .ready(2),
        Story::of(&batch, 3, "payments-staging", "Workloads").launched(5).failed(
            3,
            FailureKind::EmailInUse,
            taken,
        ),
        Story::of(&batch, 4, "payments-sandbox", "Sandbox").launched(95),
    ];
    report(&batch, stories, 110)
}

/// So many accounts, five at a time; every 29th fails, and the last ones are still to be made.
pub(super) fn many(accounts: u64) -> Report {
    let batch = Batch { unchanged: 3, ..batch("in/2026-q1-workloads.csv", accounts + 3) };
    let mut free = [0_i64; 5];
    let hours = (accounts as i64 / 5 * 27).max(25);
    let story = |row: u64| {
        let slot = (0..5).min_by_key(|slot| free[*slot]).unwrap();
        let (start, work) = (free[slot], 21 + (row * row * 7 % 13 + row % 5) as i64);
        free[slot] += work;
        let name = format!("{}-{row:05}", TEAMS[row as usize % TEAMS.len()]);
        let story = Story::of(&batch, row + 2, &name, UNITS[row as usize % UNITS.len()]);
        if start > hours {
            return story;
        }
        match row % 29 {
            _ if start + work > hours => story.launched(start),
            7 => story.launched(start).failed(6, KINDS[row as usize / 29 % 3], SAID),
            13 => story.launched(start).told_to_wait(1).launched(11).made(work - 14).ready(2),
            21 => {
                story.launched(start).made(work - 3).access_failed(3, "the permission set is gone")
            }
            _ => story.launched(start).made(work - 2).ready(2),
        }
    };
    let stories = (0..accounts).map(story).collect();
    report(&batch, stories, hours)
}

const TEAMS: [&str; 5] = ["checkout", "search", "identity-platform", "data-lake", "mobile-backend"];
const UNITS: [&str; 3] = ["Workloads", "Sandbox", "Regulated-Workloads-EU"];
const KINDS: [FailureKind; 3] =
    [FailureKind::EmailInUse, FailureKind::UnitNotRegistered, FailureKind::RoleNotAssumable];
const SAID: &str = "AWSControlTowerExecution role can't be assumed on the account.";

/// Everything that somebody else says is an attack, or names a person.
pub(super) fn hostile() -> Report {
    let markup = "<script>alert(1)</script>\"><img src=x onerror=\"alert(2)\"> jane.doe@example.com ' <b>bold";
    let batch = batch(&format!("in/{markup}.csv"), 4);
    let mut story =
        Story::of(&batch, 2, "hostile", markup).launched(0).made(20).access_failed(1, markup);
    for step in &mut story.entry.steps {
        match &mut step.grant {
            Grant::Assignment { permission_set_name, principal, .. } => {
                *permission_set_name = markup.into();
                principal.name = markup.into();
            }
            Grant::Portfolio(portfolio) => portfolio.name = markup.into(),
            Grant::Usable(usage) => usage.portfolio.name = markup.into(),
        }
    }
    let again = Story::of(&batch, 3, "again", markup)
        .launched(0)
        .failed(1, FailureKind::Unknown, markup)
        .retried(1)
        .launched(1);
    report(&batch, vec![story, again], 30)
}

#[test]
#[ignore = "writes the pages that tests/browser looks at, into target/report"]
fn write_the_pages() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/report");
    std::fs::create_dir_all(&folder).unwrap();
    let samples = [
        ("1", one()),
        ("3", three()),
        ("40", many(40)),
        ("200", many(200)),
        ("1000", many(1_000)),
        ("10000", many(10_000)),
        ("hostile", hostile()),
    ];
    for (name, report) in samples {
        std::fs::write(folder.join(format!("{name}.html")), super::page::html(&report)).unwrap();
        let json = serde_json::to_string(&report).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), json).unwrap();
    }
}
