//! Who talks to Identity Center about assignments, and who has a place there: one invocation
//! at a time asks, for at most ten accounts, whatever wakes the function and however often.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::Handover;
use crate::Error;
use crate::account::AccountId;
use crate::ledger::{Entry, Grant, Portfolio, Progress, Step, Timestamp};
use crate::ports::{AssignError, Turn};
use crate::schedule::{
    ASK_AGAIN_FOR_LEASE, LEASE_LASTS, LOOK_AGAIN_AFTER, LOOK_AT_LAST_EVERY, LOOK_AT_NEXT_EVERY,
    LOOK_AT_SHARE_EVERY, TURN_LASTS, WORTH_STAYING_FOR,
};

/// Outstanding calls at most: IAM Identity Center's quota ("CreateAccountAssignment
/// has a maximum rate of 10 outstanding async calls").
const MOST_OUTSTANDING: usize = 10;

/// What the turns of accounts are taken at; the holder is the account.
const TURNS: &str = "assignments";

/// What the one turn to talk to Identity Center is taken at; the holder is the invocation.
/// All calls to it share 20 a second, which nobody can count who does not make them all.
const LEASE: &str = "identity-center";

/// What is known of an account's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// It has one, and every request made in it was answered.
    Sure,
    /// An earlier invocation left one, or a request was not answered: something that
    /// nobody knows of may be under way in it.
    Doubtful,
}

/// Who has the turn at a portfolio, by what this invocation has seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sharer {
    /// This account, until its share has ended.
    Account(AccountId),
    /// It was not to be had, or led to nothing: another one, or nobody.
    Somebody,
    /// Nobody: a share came to its end, and no account has asked since.
    Nobody,
}

/// What one invocation holds at Identity Center, and what it has learnt there.
#[derive(Debug, Default)]
pub(super) struct Access {
    leased: bool,
    /// Another was when this one last asked, in this round.
    refused: bool,
    /// All places were taken when one was last asked for, and none was given back since.
    full: bool,
    holds: BTreeMap<AccountId, Hold>,
    /// Of portfolios whose turn was asked for or given back.
    sharers: BTreeMap<String, Sharer>,
    /// Whether all was looked at once.
    looked: bool,
    /// When this round began to look, and when the one before it did.
    round: Option<Timestamp>,
    round_before: Option<Timestamp>,
    /// Whether something under way may come further in a moment.
    busy: bool,
}

impl Access {
    /// Whether this invocation is the one that talks to Identity Center, from now on
    /// until its [`end`](Self::end). Otherwise another does, and finds the same work.
    pub(super) async fn lease(&mut self, world: &Handover<'_>) -> Result<bool, Error> {
        if !self.leased && !self.refused {
            let now = world.clock.now();
            let (holder, until) = (holder(world), now + LEASE_LASTS);
            let turn = world.turns.take(LEASE, &holder, 1, now, until).await?;
            self.leased = turn.is_held();
            self.refused = !self.leased;
        }
        Ok(self.leased)
    }

    /// Whether it is the one already.
    pub(super) fn is_leased(&self) -> bool {
        self.leased
    }

    /// Lets another invocation talk to Identity Center.
    pub(super) async fn end(self, world: &Handover<'_>) -> Result<(), Error> {
        if self.leased {
            world.turns.give_back(LEASE, &holder(world)).await?;
        }
        Ok(())
    }

    /// Whether the account may have an assignment under way now. It keeps its turn from one
    /// to the next.
    pub(super) async fn take_turn(
        &mut self,
        world: &Handover<'_>,
        account: &AccountId,
    ) -> Result<bool, Error> {
        match self.holds.get(account) {
            Some(Hold::Sure) => return Ok(true),
            None if self.full => return Ok(false),
            Some(Hold::Doubtful) | None => {}
        }
        let now = world.clock.now();
        let until = now + TURN_LASTS;
        match world.turns.take(TURNS, account.as_str(), MOST_OUTSTANDING, now, until).await? {
            Turn::Taken => self.holds.insert(account.clone(), Hold::Sure),
            Turn::Kept => self.holds.insert(account.clone(), Hold::Doubtful),
            Turn::Refused => {
                self.holds.remove(account);
                self.full = true;
                return Ok(false);
            }
        };
        Ok(true)
    }

    /// The account has a turn from an earlier invocation.
    pub(super) fn has_turn(&mut self, account: &AccountId) {
        self.holds.entry(account.clone()).or_insert(Hold::Doubtful);
    }

    /// Learns from the answer to a request what is under way in the account: where it was
    /// taken, that alone; where it was not answered, perhaps that.
    pub(super) fn answered(&mut self, account: &AccountId, asked: &Result<String, AssignError>) {
        let hold = match asked {
            Ok(_) => Hold::Sure,
            Err(AssignError::CouldNotAsk(_)) => Hold::Doubtful,
            Err(AssignError::Wait(_) | AssignError::Refused(_)) => return,
        };
        self.holds.insert(account.clone(), hold);
    }

    /// The account is to wait, so another may have its place. Where something unknown may
    /// be under way in it, which it may just be waiting for, the place stays taken.
    pub(super) async fn step_aside(
        &mut self,
        world: &Handover<'_>,
        account: &AccountId,
    ) -> Result<(), Error> {
        match self.holds.get(account) {
            Some(Hold::Doubtful) => Ok(()),
            Some(Hold::Sure) | None => self.give_back(world, account).await,
        }
    }

    /// The account needs its turn no more.
    pub(super) async fn give_back(
        &mut self,
        world: &Handover<'_>,
        account: &AccountId,
    ) -> Result<(), Error> {
        world.turns.give_back(TURNS, account.as_str()).await?;
        self.holds.remove(account);
        self.full = false;
        Ok(())
    }

    /// Whether another account has the turn at the portfolio for certain. Where it was only
    /// refused to somebody, it may be this account's own, from an invocation that died.
    pub(super) fn is_anothers(&self, portfolio: &Portfolio, account: &AccountId) -> bool {
        matches!(self.sharers.get(&portfolio.id), Some(Sharer::Account(id)) if id != account)
    }

    /// The account asked for the turn at the portfolio, and has it or not.
    pub(super) fn asked_to_share(
        &mut self,
        portfolio: &Portfolio,
        account: &AccountId,
        is_held: bool,
    ) {
        let sharer = if is_held { Sharer::Account(account.clone()) } else { Sharer::Somebody };
        self.sharers.insert(portfolio.id.clone(), sharer);
    }

    /// The turn at the portfolio was given back, whatever came of it.
    pub(super) fn gave_back_share(&mut self, portfolio: &Portfolio) {
        self.sharers.insert(portfolio.id.clone(), Sharer::Somebody);
    }

    /// A share came to its end, so that another account may have its turn.
    pub(super) fn share_ended(&mut self, portfolio: &Portfolio) {
        self.sharers.insert(portfolio.id.clone(), Sharer::Nobody);
    }

    /// Whether what is open is worth a look: all is at first, and then what may have come
    /// further since.
    pub(super) fn chooses(&mut self, work: Work<'_>, now: Timestamp) -> bool {
        self.busy |= work.is_busy(now);
        self.round.get_or_insert(now);
        !self.looked || self.is_worth_a_look(work, now)
    }

    fn is_worth_a_look(&self, work: Work<'_>, now: Timestamp) -> bool {
        let moves = |step: &Step| match (&step.grant, &step.progress) {
            (_, Progress::Done | Progress::Failed { .. }) => false,
            (_, Progress::Requested { .. }) => self.follows(work.steps, step, now),
            (_, Progress::Pending { not_before: Some(moment), .. }) => *moment <= now,
            (Grant::Assignment { .. }, Progress::Pending { .. }) => !self.full,
            (Grant::Portfolio(portfolio), Progress::Pending { .. }) => self.is_free(portfolio),
            // It follows the share of its portfolio in the same breath.
            (Grant::Usable(_), Progress::Pending { .. }) => false,
        };
        !work.decided || work.steps.iter().any(moves)
    }

    fn is_free(&self, portfolio: &Portfolio) -> bool {
        self.sharers.get(&portfolio.id) == Some(&Sharer::Nobody)
    }

    /// Whether it is time to ask what became of a step: at once in the first round, and then as
    /// often as somebody waits for its end.
    pub(super) fn follows(&self, steps: &[Step], step: &Step, now: Timestamp) -> bool {
        let (Progress::Requested { since, .. }, Some(before)) = (&step.progress, self.round_before)
        else {
            return true;
        };
        let every = match step.grant {
            Grant::Assignment { .. } if self.full => LOOK_AGAIN_AFTER,
            Grant::Assignment { .. } if has_more_to_assign(steps, now) => LOOK_AT_NEXT_EVERY,
            Grant::Assignment { .. } => LOOK_AT_LAST_EVERY,
            Grant::Portfolio(_) | Grant::Usable(_) => LOOK_AT_SHARE_EVERY,
        };
        let looks = |at: Timestamp| (at - *since).num_milliseconds() / every.num_milliseconds();
        looks(before) < looks(now)
    }

    /// A new round of looking begins.
    pub(super) fn begin_round(&mut self) {
        self.round_before = self.round.take().or(self.round_before);
        self.refused = false;
        self.busy = false;
        // What was asked for in the last round may not have been written down.
        self.holds.values_mut().for_each(|hold| *hold = Hold::Doubtful);
    }

    /// A round has looked at everything that was worth it.
    pub(super) fn end_round(&mut self) {
        self.looked = true;
    }

    /// How long to wait before the next look; `None` where a look in a moment is worth nothing.
    pub(super) fn look_again_after(&self) -> Option<TimeDelta> {
        let wait = if self.leased { LOOK_AGAIN_AFTER } else { ASK_AGAIN_FOR_LEASE };
        self.busy.then_some(wait)
    }
}

fn holder(world: &Handover<'_>) -> String {
    world.invocation.to_string()
}

pub(super) fn is_assignment(step: &Step) -> bool {
    matches!(step.grant, Grant::Assignment { .. })
}

/// Whether an assignment waits for the one that is under way, and for nothing else.
fn has_more_to_assign(steps: &[Step], now: Timestamp) -> bool {
    steps.iter().filter(|step| is_assignment(step)).any(|step| match step.progress {
        Progress::Pending { not_before, .. } => not_before.is_none_or(|moment| moment <= now),
        Progress::Requested { .. } | Progress::Done | Progress::Failed { .. } => false,
    })
}

/// What an account takes, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work<'a> {
    /// Whether the steps are all that is asked for.
    pub(super) decided: bool,
    /// Its steps.
    pub(super) steps: &'a [Step],
}

impl<'a> Work<'a> {
    /// That of an entry.
    pub(super) fn of(entry: &'a Entry) -> Self {
        Self { decided: entry.decided, steps: &entry.steps }
    }

    /// That of an account without an entry: it takes something, or is not decided.
    pub(super) fn of_outside(steps: &'a [Step]) -> Self {
        Self { decided: !steps.is_empty(), steps }
    }

    /// Whether only who talks to Identity Center can carry it on.
    pub(super) fn needs_lease(self) -> bool {
        !self.decided || self.steps.iter().any(|step| is_assignment(step) && !step.is_settled())
    }

    /// Whether it may come further while an invocation stays for it.
    fn is_busy(self, now: Timestamp) -> bool {
        let soon = |step: &Step| match &step.progress {
            Progress::Done | Progress::Failed { .. } => false,
            Progress::Requested { .. } | Progress::Pending { not_before: None, .. } => true,
            Progress::Pending { not_before: Some(moment), .. } => {
                *moment <= now + WORTH_STAYING_FOR
            }
        };
        !self.decided || self.steps.iter().any(soon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::PrincipalKind;
    use crate::ledger::{MemberStep, PortfolioUse, Principal};
    use crate::ports::CouldNotAsk;
    use crate::testing::at;

    fn assignment(progress: Progress) -> Step {
        let (id, name) = ("1".to_owned(), "Admins".to_owned());
        let principal = Principal { kind: PrincipalKind::Group, id, name };
        let grant = Grant::Assignment {
            permission_set: "arn".to_owned(),
            permission_set_name: "Admin".to_owned(),
            principal,
        };
        Step { progress, ..Step::new(grant) }
    }

    fn account(id: &str) -> AccountId {
        AccountId::new(id).unwrap()
    }

    fn portfolio() -> Portfolio {
        Portfolio { id: "port-1".to_owned(), name: "Network".to_owned() }
    }

    fn share(progress: Progress) -> Step {
        Step { progress, ..Step::new(Grant::Portfolio(portfolio())) }
    }

    fn accept(progress: Progress) -> Step {
        let usage = PortfolioUse { portfolio: portfolio(), step: MemberStep::Accept };
        Step { progress, ..Step::new(Grant::Usable(usage)) }
    }

    fn requested() -> Progress {
        Progress::Requested { ticket: "1".to_owned(), since: at(0), tries: 0 }
    }

    fn waiting_until(second: i64) -> Progress {
        Progress::Pending { tries: 1, not_before: Some(at(second)) }
    }

    fn looks(access: &mut Access, step: &Step) -> bool {
        let steps = std::slice::from_ref(step);
        access.chooses(Work { decided: true, steps }, at(100))
    }

    #[test]
    fn all_is_looked_at_once_and_then_what_may_have_come_further() {
        let mut access = Access::default();
        assert!(looks(&mut access, &share(Progress::NEW)));
        access.end_round();
        for (step, worth) in [
            (assignment(requested()), true),
            (assignment(Progress::NEW), true),
            (assignment(waiting_until(100)), true),
            (assignment(waiting_until(101)), false),
            (assignment(Progress::Done), false),
            (share(requested()), true),
            (share(waiting_until(101)), false),
            (share(Progress::NEW), false),
            (accept(Progress::NEW), false),
        ] {
            assert_eq!(looks(&mut access, &step), worth, "{step:?}");
        }
        assert!(access.chooses(Work { decided: false, steps: &[] }, at(100)));
    }

    #[test]
    fn what_is_under_way_is_asked_after_as_often_as_somebody_waits_for_it() {
        let looked_at = |full: bool, steps: &[Step]| -> Vec<i64> {
            let mut access = Access { full, ..Access::default() };
            let mut seconds = Vec::new();
            for second in 7..=31 {
                access.begin_round();
                if access.chooses(Work { decided: true, steps }, at(second)) {
                    seconds.push(second);
                }
                access.end_round();
            }
            seconds
        };
        let last = [assignment(requested())];
        assert_eq!(looked_at(false, &last), [7, 15, 30]);
        let next = [assignment(requested()), assignment(waiting_until(60))];
        assert_eq!(looked_at(false, &next), [7, 15, 30], "the other one is not ready for it");
        assert_eq!(looked_at(false, &[share(requested())]), [7, 10, 20, 30]);
        assert_eq!(looked_at(true, &last), (7..=31).collect::<Vec<_>>(), "an account waits");
        let access = Access { round_before: Some(at(6)), ..Access::default() };
        let next = [assignment(requested()), assignment(Progress::NEW)];
        let follows = |second| access.follows(&next, &next[0], at(second));
        assert_eq!([follows(9), follows(10)], [false, true], "another one of it waits");
    }

    #[test]
    fn what_waits_for_a_place_or_a_share_is_looked_at_when_one_is_free() {
        let mut access = Access { full: true, looked: true, ..Access::default() };
        assert!(!looks(&mut access, &assignment(Progress::NEW)));
        access.full = false;
        assert!(looks(&mut access, &assignment(Progress::NEW)));
        let waits = share(Progress::NEW);
        access.asked_to_share(&portfolio(), &account("111122223333"), false);
        assert!(!looks(&mut access, &waits), "it was refused");
        access.share_ended(&portfolio());
        assert!(looks(&mut access, &waits));
        access.asked_to_share(&portfolio(), &account("111122223333"), true);
        assert!(!looks(&mut access, &waits), "the first that looked has it");
        access.gave_back_share(&portfolio());
        assert!(!looks(&mut access, &waits), "who had it was told to wait, and so would this one");
    }

    #[test]
    fn a_turn_is_anothers_only_where_this_invocation_saw_whose() {
        let mut access = Access::default();
        let [one, other] = ["111122223333", "444455556666"].map(account);
        access.asked_to_share(&portfolio(), &one, false);
        assert!(!access.is_anothers(&portfolio(), &other), "it may be its own");
        access.asked_to_share(&portfolio(), &one, true);
        assert!(access.is_anothers(&portfolio(), &other));
        assert!(!access.is_anothers(&portfolio(), &one));
        access.gave_back_share(&portfolio());
        assert!(!access.is_anothers(&portfolio(), &other));
    }

    #[test]
    fn an_invocation_stays_for_what_comes_within_a_minute() {
        for (step, stays) in [
            (assignment(requested()), true),
            (share(Progress::NEW), true),
            (assignment(waiting_until(160)), true),
            (assignment(waiting_until(161)), false),
            (assignment(Progress::Done), false),
        ] {
            let mut access = Access { leased: true, ..Access::default() };
            looks(&mut access, &step);
            let expected = stays.then_some(LOOK_AGAIN_AFTER);
            assert_eq!(access.look_again_after(), expected, "{step:?}");
            access.begin_round();
            assert_eq!(access.look_again_after(), None);
        }
        let mut access = Access::default();
        looks(&mut access, &assignment(requested()));
        assert_eq!(access.look_again_after(), Some(ASK_AGAIN_FOR_LEASE), "another one looks");
    }

    #[test]
    fn who_talks_to_identity_center_is_asked_for_assignments_and_what_is_not_decided() {
        let needs = |decided, step: Step| Work { decided, steps: &[step] }.needs_lease();
        assert!(needs(true, assignment(Progress::NEW)));
        assert!(needs(false, assignment(Progress::Done)));
        assert!(!needs(true, assignment(Progress::Done)));
        assert!(!needs(true, share(Progress::NEW)));
        assert!(Work::of_outside(&[]).needs_lease());
    }

    #[test]
    fn what_an_answer_tells_of_the_place_of_an_account_is_kept() {
        let account = AccountId::new("111122223333").unwrap();
        let mut access = Access::default();
        access.has_turn(&account);
        assert_eq!(access.holds.get(&account), Some(&Hold::Doubtful));
        let unheard = CouldNotAsk::new("Identity Center", "assign", "no answer");
        for (asked, hold) in [
            (Ok("request".to_owned()), Hold::Sure),
            (Err(AssignError::Wait("busy".to_owned())), Hold::Sure),
            (Err(AssignError::CouldNotAsk(unheard)), Hold::Doubtful),
            (Err(AssignError::Refused("no".to_owned())), Hold::Doubtful),
        ] {
            access.answered(&account, &asked);
            assert_eq!(access.holds.get(&account), Some(&hold), "{asked:?}");
        }
    }
}
