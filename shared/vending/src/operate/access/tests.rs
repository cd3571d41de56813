//! Lists of access against a small organization: what is found, planned and written down.

use std::collections::BTreeSet;
use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::account::PrincipalText;
use crate::audit::Member;
use crate::file::read_given;
use crate::ledger::{Entry, Portfolio, Principal, Timestamp};
use crate::ports::{
    AssignError, DefaultAccess, OutsideAccount, Reach, ShareError, StepStatus, Unresolved,
};
use crate::testing::{at, configuring, ready};

/// The account of [`ready`] entries.
const VENDED: &str = "123456789012";

#[derive(Default)]
struct World {
    /// Who holds which permission set, as `account group set`, and portfolios, as `account id`.
    there: BTreeSet<String>,
    entries: Vec<Entry>,
    records: Mutex<Vec<OutsideAccount>>,
    /// Records that another writer changes before each of as many writes.
    overtaken: Mutex<u32>,
}

fn account(id: &str) -> AccountId {
    AccountId::new(id).unwrap()
}

#[async_trait]
impl Accounts for World {
    async fn accounts(&self) -> Result<Vec<Member>, CouldNotAsk> {
        let member = |id: &str, name: &str, active, is_management| Member {
            id: account(id),
            name: name.to_owned(),
            active,
            is_management,
        };
        Ok(vec![
            member("111122223333", "Management", true, true),
            member(VENDED, "alpha", true, false),
            member("222222222222", "twin", true, false),
            member("333333333333", "twin", true, false),
            member("444444444444", "closed", false, false),
        ])
    }
}

#[async_trait]
impl Records for World {
    async fn all_entries(&self) -> Result<Vec<Entry>, CouldNotAsk> {
        Ok(self.entries.clone())
    }

    async fn all_outside(&self) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        Ok(self.records.lock().unwrap().clone())
    }
}

fn grant(name: &str, set: &str, words: &str) -> Grant {
    Grant::Assignment {
        permission_set: format!("arn:{set}"),
        permission_set_name: words.to_owned(),
        principal: Principal {
            kind: crate::account::PrincipalKind::Group,
            id: format!("g:{name}"),
            name: words.to_owned(),
        },
    }
}

fn key(account: &AccountId, grant: &Grant) -> String {
    match grant {
        Grant::Assignment { permission_set, principal, .. } => {
            format!("{account} {} {permission_set}", principal.id)
        }
        Grant::Portfolio(portfolio) => format!("{account} {}", portfolio.id),
        Grant::Usable(_) => panic!("nobody asks for it"),
    }
}

#[async_trait]
impl Assignments for World {
    async fn resolve(&self, who: &PrincipalText, set: &str) -> Result<Grant, Unresolved> {
        match who.text.as_str() {
            "Nobody" => Err(Unresolved::Unknown("there is no group named \"Nobody\"".into())),
            name => Ok(grant(name, set, name)),
        }
    }

    async fn exists(&self, account: &AccountId, grant: &Grant) -> Result<bool, CouldNotAsk> {
        Ok(self.there.contains(&key(account, grant)))
    }

    async fn request(&self, _: &AccountId, _: &Grant) -> Result<String, AssignError> {
        panic!("handover alone asks for it")
    }

    async fn status(&self, _: &str) -> Result<StepStatus, CouldNotAsk> {
        panic!("handover alone asks for it")
    }
}

#[async_trait]
impl PortfolioSharing for World {
    async fn resolve(&self, portfolio: &str) -> Result<Portfolio, Unresolved> {
        let id = format!("port-{portfolio}");
        Ok(Portfolio { id, name: portfolio.to_owned() })
    }

    async fn share(&self, _: &Portfolio, _: &AccountId) -> Result<Option<String>, ShareError> {
        panic!("handover alone asks for it")
    }

    async fn status(&self, _: &str, _: &AccountId) -> Result<StepStatus, CouldNotAsk> {
        panic!("handover alone asks for it")
    }

    async fn reach(&self, it: &Portfolio, _: &AccountId) -> Result<Option<Reach>, CouldNotAsk> {
        Ok((it.name == "Everywhere").then(|| Reach::Through("o-exampleorg".into())))
    }

    async fn is_shared(&self, it: &Portfolio, account: &AccountId) -> Result<bool, CouldNotAsk> {
        Ok(self.there.contains(&key(account, &Grant::Portfolio(it.clone()))))
    }
}

#[async_trait]
impl OutsideAccounts for World {
    async fn outside(&self, id: &AccountId) -> Result<Option<OutsideAccount>, CouldNotAsk> {
        Ok(self.records.lock().unwrap().iter().find(|it| it.account == *id).cloned())
    }

    async fn save_outside(&self, next: &OutsideAccount) -> Result<bool, CouldNotAsk> {
        let mut records = self.records.lock().unwrap();
        let before = records.iter_mut().find(|it| it.account == next.account);
        let mut overtaken = self.overtaken.lock().unwrap();
        if let (Some(before), 1..) = (before, *overtaken) {
            before.version += 1;
            *overtaken -= 1;
        }
        let before = records.iter().find(|it| it.account == next.account);
        if before.map_or(0, |it| it.version) + 1 != next.version {
            return Ok(false);
        }
        records.retain(|it| it.account != next.account);
        records.push(next.clone());
        Ok(true)
    }

    async fn outsiders(
        &self,
        ids: &BTreeSet<AccountId>,
    ) -> Result<Vec<OutsideAccount>, CouldNotAsk> {
        let records = self.records.lock().unwrap();
        Ok(records.iter().filter(|it| ids.contains(&it.account)).cloned().collect())
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        at(0)
    }
}

impl World {
    fn giving<'a>(&'a self, uses: &'a PortfolioUses) -> Giving<'a> {
        Giving {
            accounts: self,
            assignments: self,
            portfolios: self,
            uses,
            records: self,
            outside: self,
            clock: self,
        }
    }

    fn record(&self, steps: Vec<Step>, closed: bool) {
        let (account, asked) = (account(VENDED), None);
        let record = OutsideAccount {
            account,
            steps,
            closed,
            defaults: DefaultAccess::NotGiven,
            asked,
            version: 1,
        };
        *self.records.lock().unwrap() = vec![record];
    }

    fn find(&self, list: &str, management: bool) -> Found {
        let uses = PortfolioUses::default();
        let sheet = read_given(list.as_bytes()).unwrap();
        done(find(&self.giving(&uses), &sheet, management)).unwrap()
    }

    fn plan(&self, list: &str) -> GivenAccount {
        let uses = PortfolioUses::default();
        let found = self.find(list, false);
        assert_eq!(found.faults, []);
        done(plan(&self.giving(&uses), &found.wanted)).unwrap().remove(0)
    }

    fn standings(&self, list: &str) -> Vec<Standing> {
        self.plan(list).grants.iter().map(|it| it.standing).collect()
    }

    fn apply(&self, list: &str) -> bool {
        let uses = PortfolioUses::default();
        let planned = self.plan(list);
        done(apply(&self.giving(&uses), &planned, &Operator("Admin/jane".into()))).unwrap()
    }

    fn words(&self) -> Vec<String> {
        let records = self.records.lock().unwrap();
        let steps = records.iter().flat_map(|record| &record.steps);
        let word = |step: &Step| match &step.progress {
            Progress::Pending { .. } => "pending",
            Progress::Requested { .. } => "requested",
            Progress::Done => "done",
            Progress::Failed { .. } => "failed",
        };
        steps.map(|step| format!("{}: {}", step.grant.describe(), word(step))).collect()
    }
}

/// Runs a future that never waits.
fn done<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(done) => done,
        std::task::Poll::Pending => panic!("nothing here waits"),
    }
}

fn step(name: &str, progress: Progress) -> Step {
    Step { progress, ..Step::new(grant(name, "X", "other words")) }
}

fn failed() -> Progress {
    Progress::Failed { reason: "there is no role".into() }
}

const LIST: &str = "AccountId,Assignments,Portfolios\n123456789012,group:A=X;group:B=X,Net\n";

#[test]
fn an_account_is_found_by_id_or_by_a_name_that_one_has() {
    let found = World::default().find(
        "AccountId,AccountName,Assignments\n123456789012,alpha,group:A=X\n,Management,group:A=X\n",
        true,
    );
    assert_eq!(found.faults, []);
    let names: Vec<_> = found.wanted.iter().map(|it| (it.name.as_str(), it.grants.len())).collect();
    assert_eq!(names, [("alpha", 1), ("Management", 1)]);
}

#[test]
fn every_row_that_means_nothing_is_told_at_once() {
    let found = World::default().find(
        "AccountId,AccountName,Assignments,Portfolios\n\
         123456789021,,group:A=X,\n\
         123456789012,alhpa,group:A=X,\n\
         ,alhpa,group:A=X,\n\
         ,twin,group:A=X,\n\
         ,closed,group:A=X,\n\
         ,Management,group:A=X,\n\
         ,alpha,group:Nobody=X;group:A=X,Net\n\
         123456789012,,group:B=X,\n\
         222222222222,,team:B=X,\n\
         333333333333,,group:B=X,\n",
        false,
    );
    let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(faults.join("\n"));
    let names: Vec<_> = found.wanted.iter().map(|it| it.account.as_str()).collect();
    assert_eq!(names, ["333333333333"], "a row with a fault asks for nothing");
}

#[test]
fn a_portfolio_comes_with_what_makes_it_usable() {
    let world = World::default();
    let uses = PortfolioUses { in_accounts: true, ..PortfolioUses::default() };
    let sheet = read_given(b"AccountName,Portfolios\nalpha,Net\n").unwrap();
    let found = done(find(&world.giving(&uses), &sheet, false)).unwrap();
    let grants: Vec<String> = found.wanted[0].grants.iter().map(Grant::describe).collect();
    assert_eq!(grants, ["portfolio Net", "portfolio Net in the account itself"]);
    let planned = done(plan(&world.giving(&uses), &found.wanted)).unwrap();
    let standings: Vec<_> = planned[0].grants.iter().map(|it| it.standing).collect();
    assert_eq!(standings, [Standing::New, Standing::New]);
}

#[test]
fn where_each_grant_stands_is_asked_of_the_ledger_and_of_aws() {
    let mut world = World::default();
    assert_eq!(world.standings(LIST), [Standing::New; 3]);
    world.there = ["123456789012 g:A arn:X", "123456789012 port-Net"].map(str::to_owned).into();
    assert_eq!(world.standings(LIST), [Standing::Unrecorded, Standing::New, Standing::Unrecorded]);
    world.record(vec![step("A", Progress::Done), step("B", Progress::Done)], true);
    assert_eq!(world.standings(LIST), [Standing::There, Standing::Missing, Standing::Unrecorded]);
    world.record(vec![step("A", failed()), step("B", failed())], true);
    assert_eq!(
        world.standings(LIST),
        [Standing::Unrecorded, Standing::Again, Standing::Unrecorded]
    );
    world.record(vec![step("A", Progress::NEW), step("B", Progress::NEW)], false);
    assert_eq!(
        world.standings(LIST),
        [Standing::UnderWay, Standing::UnderWay, Standing::Unrecorded]
    );
    assert!(world.plan(LIST).followed);
    let everywhere = "AccountName,Portfolios\nalpha,Everywhere\n";
    assert_eq!(
        world.standings(everywhere),
        [Standing::Unrecorded],
        "a share with the organization"
    );
}

#[test]
fn what_an_entry_gave_or_is_at_counts_as_well() {
    let mut world = World::default();
    let steps = vec![step("A", Progress::Done), step("B", failed())];
    world.entries = vec![Entry { steps, ..ready("alpha") }];
    assert_eq!(world.standings(LIST), [Standing::Missing, Standing::Again, Standing::New]);
    let steps = vec![step("A", Progress::Done), step("B", Progress::NEW)];
    world.entries = vec![Entry { steps, ..configuring("alpha") }];
    assert_eq!(world.standings(LIST), [Standing::Missing, Standing::UnderWay, Standing::New]);
}

#[test]
fn what_is_to_be_done_is_written_down_once() {
    let mut world = World::default();
    assert!(world.apply(LIST));
    let all = [
        "permission set A for group A: pending",
        "permission set B for group B: pending",
        "portfolio Net: pending",
    ];
    assert_eq!(world.words(), all);
    {
        let records = world.records.lock().unwrap();
        let asked = records[0].asked.clone().unwrap();
        assert_eq!((asked.by.0.as_str(), asked.at), ("Admin/jane", at(0)));
        assert_eq!((records[0].closed, records[0].version), (false, 1));
    }
    assert!(!world.apply(LIST), "all of it is under way");
    let steps = ["A", "B"].map(|name| step(name, Progress::Done)).to_vec();
    world.record(steps, true);
    world.there = ["123456789012 g:A arn:X", "123456789012 g:B arn:X"].map(str::to_owned).into();
    let two = "AccountName,Assignments\nalpha,group:A=X;group:B=X\n";
    assert!(!world.apply(two), "all of it is there");
    assert_eq!(world.records.lock().unwrap()[0].version, 1);
}

#[test]
fn what_is_gone_is_given_again_and_the_rest_stays_as_it_is() {
    let there = ["123456789012 g:A arn:X".to_owned()].into();
    let world = World { there, ..World::default() };
    let steps = vec![step("A", Progress::Done), step("B", Progress::Done), step("C", failed())];
    world.record(steps, true);
    assert!(world.apply("AccountName,Assignments\nalpha,group:A=X;group:B=X\n"));
    assert_eq!(
        world.words(),
        [
            "permission set other words for group other words: done",
            "permission set B for group B: pending"
        ],
        "a failure that was told is forgotten"
    );
}

#[test]
fn a_failure_that_is_not_told_yet_is_kept() {
    let world = World::default();
    world.record(vec![step("A", Progress::NEW), step("C", failed())], false);
    assert!(world.apply("AccountName,Assignments\nalpha,group:B=X\n"));
    assert_eq!(world.words().len(), 3, "{:?}", world.words());
}

#[test]
fn whoever_is_overtaken_reads_again_and_gives_up_in_the_end() {
    let world = World::default();
    world.record(vec![step("A", Progress::Done)], true);
    *world.overtaken.lock().unwrap() = 3;
    assert!(world.apply(LIST));
    assert_eq!(world.records.lock().unwrap()[0].version, 5);
    let again = "AccountName,Assignments\nalpha,group:D=X\n";
    *world.overtaken.lock().unwrap() = u32::MAX;
    let uses = PortfolioUses::default();
    let planned = world.plan(again);
    let refused = done(apply(&world.giving(&uses), &planned, &Operator("jane".into())));
    assert!(refused.unwrap_err().chain().contains("changed by somebody else 10 times"));
}

#[test]
fn how_far_it_came_is_read_from_the_record() {
    let world = World::default();
    let uses = PortfolioUses::default();
    let planned = world.plan(LIST);
    let followed = done(progress(&world.giving(&uses), &planned)).unwrap();
    assert_eq!(followed, Followed { closed: true, steps: vec![None, None, None] });
    world.record(vec![step("B", failed()), step("A", Progress::Done)], false);
    let followed = done(progress(&world.giving(&uses), &planned)).unwrap();
    assert!(!followed.closed);
    let progress: Vec<_> =
        followed.steps.iter().map(|it| it.as_ref().map(Step::is_settled)).collect();
    assert_eq!(progress, [Some(true), Some(true), None]);
    assert_eq!(followed.failed().count(), 1);
}

#[test]
fn grants_are_the_same_whatever_they_were_called() {
    let portfolio = |id: &str, name: &str| {
        Grant::Portfolio(Portfolio { id: id.to_owned(), name: name.to_owned() })
    };
    assert!(grant("A", "X", "one").is_same(&grant("A", "X", "two")));
    assert!(!grant("A", "X", "one").is_same(&grant("A", "Y", "one")));
    assert!(!grant("A", "X", "one").is_same(&grant("B", "X", "one")));
    assert!(portfolio("port-1", "one").is_same(&portfolio("port-1", "port-1")));
    assert!(!portfolio("port-1", "one").is_same(&portfolio("port-2", "one")));
    assert!(!portfolio("port-1", "one").is_same(&grant("A", "X", "one")));
}
