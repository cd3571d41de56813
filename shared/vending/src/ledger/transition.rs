//! Every way an entry can change: one function, pure and exhaustive.
//!
//! [`Entry::after`] goes by what happened, and each of its helpers by where the
//! entry stands, without a catch-all: a new status or event does not compile
//! until every pair is decided.

use super::{
    BatchId, ByHand, Entry, Event, Happening, Launch, Order, Progress, ProvisionedProductId,
    RecordId, Source, Stage, State, Status, Step, Timestamp, Untold,
};
use crate::account::{AccountId, AccountRequest};
use crate::failure::{Failure, FailureKind};

/// What an event makes of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// The entry as it is to be saved.
    Advanced(Box<Entry>),
    /// The event is known already, or came too late to matter: nothing changes.
    AlreadyThere,
}

/// The event cannot happen to an entry that stands there: a fault in Vend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry that is {status} cannot be {event:?}")]
pub struct IllegalEvent {
    /// Where the entry stands.
    pub status: Status,
    /// What happened.
    pub event: &'static str,
}

type Outcome = Result<Transition, IllegalEvent>;

impl Entry {
    /// A new entry for `request`, uploaded and queued at `now`.
    #[must_use]
    pub fn queued(request: AccountRequest, batch: BatchId, line: u64, now: Timestamp) -> Self {
        let mut entry = Self {
            request,
            batch,
            line,
            uploaded_at: now,
            queued_at: now,
            attempt: 1,
            waits: 0,
            launch: None,
            account: None,
            steps: Vec::new(),
            decided: false,
            state: State::Queued { not_before: None, waiting_for: None },
            configuring_at: None,
            finished_at: None,
            untold: Vec::new(),
            by_hand: None,
            history: Vec::new(),
            version: 0,
        };
        entry.history.push(Happening::first(&entry, now));
        entry
    }

    /// What `event`, brought by `source` at the moment `now`, makes of this entry. What
    /// makes anything of it is in its history.
    ///
    /// # Errors
    /// [`IllegalEvent`] when it cannot happen to an entry that stands there.
    pub fn after(&self, event: Event, source: &Source, now: Timestamp) -> Outcome {
        let happening = Happening::of(&event, source, self, now);
        let mut transition = self.happened(event, now)?;
        if let Transition::Advanced(next) = &mut transition {
            if next.status() == Status::Configuring && self.status() != Status::Configuring {
                next.configuring_at = Some(now);
            }
            let happening = happening.leading_to(next);
            Happening::note(&mut next.history, happening);
        }
        Ok(transition)
    }

    fn happened(&self, event: Event, now: Timestamp) -> Outcome {
        match event {
            Event::Requested { request, batch, line, uploaded_at } => {
                self.requested(Asking { request, batch, line, uploaded_at }, now)
            }
            Event::Retried { by } => self.retried(ByHand { order: Order::Retry, by, at: now }),
            Event::Cancelled { by } => self.cancelled(ByHand { order: Order::Cancel, by, at: now }),
            Event::Claimed { token, check_at } => {
                self.claimed(Launch { token, started_at: now, product: None }, check_at)
            }
            Event::Asked { product, record } => self.asked(product, record),
            Event::StillAtWork { check_at, account } => self.still_at_work(check_at, account),
            Event::ToldToWait { until, reason } => self.told_to_wait(until, reason),
            Event::AccountMade { account } => self.account_made(account),
            Event::LaunchFailed { failure, account } => self.launch_failed(failure, account, now),
            Event::Overdue { failure } => self.overdue(failure, now),
            Event::Progressed { steps } => {
                self.configuring("progressed", |entry| entry.steps = steps)
            }
            Event::Configured { steps } => self.configuring("configured", |entry| {
                entry.steps = steps;
                entry.state = State::Ready { announced: false };
                entry.finished_at = Some(now);
            }),
            Event::AccessFailed { steps, failure } => self.configuring("access failed", |entry| {
                entry.steps = steps;
                entry.state = failed(Stage::Access, failure);
                entry.finished_at = Some(now);
            }),
            Event::Announced => self.announced(),
        }
    }

    /// The entry with `change` made to it and its version counted on. A failure that it
    /// goes on from and that nobody was told of is kept.
    fn advance(&self, change: impl FnOnce(&mut Self)) -> Outcome {
        let mut next = self.clone();
        change(&mut next);
        if next == *self {
            return Ok(Transition::AlreadyThere);
        }
        next.untold.extend(Untold::left(self, &next));
        next.version += 1;
        Ok(Transition::Advanced(Box::new(next)))
    }

    fn illegal(&self, event: &'static str) -> Outcome {
        Err(IllegalEvent { status: self.status(), event })
    }

    fn requested(&self, asking: Asking, now: Timestamp) -> Outcome {
        if asking.uploaded_at < self.uploaded_at {
            // A list that came later has asked already.
            return Ok(Transition::AlreadyThere);
        }
        match &self.state {
            State::Queued { .. } => self.advance(|entry| entry.take(asking)),
            State::Failed { launch_open: true, .. }
            | State::Provisioning { .. }
            | State::Configuring
            | State::Ready { .. } => Ok(Transition::AlreadyThere),
            State::Failed { stage: Stage::Provision, .. } => self.advance(|entry| {
                entry.take(asking);
                entry.queue_again(now);
            }),
            State::Failed { stage: Stage::Access, .. } => self.advance(|entry| {
                // The account is there and keeps the values it was made with, but for access.
                let access = asking.request.access.clone();
                let request = AccountRequest { access, ..entry.request.clone() };
                entry.take(Asking { request, ..asking });
                entry.try_access_again();
            }),
        }
    }

    fn take(&mut self, Asking { request, batch, line, uploaded_at }: Asking) {
        (self.request, self.batch, self.line) = (request, batch, line);
        self.uploaded_at = uploaded_at;
    }

    fn queue_again(&mut self, now: Timestamp) {
        (self.attempt, self.waits, self.queued_at) = (self.attempt + 1, 0, now);
        self.state = State::Queued { not_before: None, waiting_for: None };
        self.finished_at = None;
    }

    fn try_access_again(&mut self) {
        self.attempt += 1;
        self.steps = self.steps.drain(..).map(tried_again).collect();
        self.decided = false;
        self.state = State::Configuring;
        self.finished_at = None;
    }

    fn retried(&self, by_hand: ByHand) -> Outcome {
        let now = by_hand.at;
        match self.state {
            State::Failed { launch_open: true, .. }
            | State::Queued { .. }
            | State::Provisioning { .. }
            | State::Configuring
            | State::Ready { .. } => Ok(Transition::AlreadyThere),
            State::Failed { stage, launch_open: false, .. } => self.advance(|entry| {
                entry.by_hand = Some(by_hand);
                match stage {
                    Stage::Provision => entry.queue_again(now),
                    Stage::Access => entry.try_access_again(),
                }
            }),
        }
    }

    fn cancelled(&self, by_hand: ByHand) -> Outcome {
        match self.state {
            State::Queued { .. } => self.advance(|entry| {
                entry.finished_at = Some(by_hand.at);
                entry.by_hand = Some(by_hand);
                entry.state = failed(Stage::Provision, Failure::new(FailureKind::Cancelled, ""));
            }),
            // It is asked for already, or there is nothing to cancel.
            State::Provisioning { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn claimed(&self, launch: Launch, check_at: Timestamp) -> Outcome {
        match self.state {
            State::Queued { .. } => self.advance(|entry| {
                entry.launch = Some(launch);
                entry.state = State::Provisioning { check_at };
            }),
            State::Provisioning { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => self.illegal("claimed"),
        }
    }

    fn asked(&self, product: ProvisionedProductId, record: RecordId) -> Outcome {
        match self.state {
            State::Provisioning { .. } | State::Failed { launch_open: true, .. } => {
                self.advance(|entry| {
                    if let Some(launch) = &mut entry.launch {
                        launch.product = Some((product, record));
                    }
                })
            }
            // Something else was quicker than the answer.
            State::Queued { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn still_at_work(&self, check_at: Timestamp, account: Option<AccountId>) -> Outcome {
        match self.state {
            State::Provisioning { .. } => self.advance(|entry| {
                entry.state = State::Provisioning { check_at };
                entry.account = account.or_else(|| entry.account.take());
            }),
            State::Failed { .. }
            | State::Queued { .. }
            | State::Configuring
            | State::Ready { .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn told_to_wait(&self, until: Timestamp, reason: String) -> Outcome {
        match self.state {
            State::Provisioning { .. } => self.advance(|entry| {
                entry.waits += 1;
                entry.state = State::Queued { not_before: Some(until), waiting_for: Some(reason) };
            }),
            State::Queued { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn account_made(&self, account: AccountId) -> Outcome {
        match self.state {
            // Also when a person finished it by hand: queued or failed, it exists and is
            // usable, and is never provisioned a second time.
            State::Queued { .. }
            | State::Provisioning { .. }
            | State::Failed { stage: Stage::Provision, .. } => self.advance(|entry| {
                entry.account = Some(account);
                entry.state = State::Configuring;
                entry.finished_at = None;
            }),
            State::Configuring
            | State::Ready { .. }
            | State::Failed { stage: Stage::Access, .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn launch_failed(
        &self,
        failure: Failure,
        account: Option<AccountId>,
        now: Timestamp,
    ) -> Outcome {
        match self.state {
            State::Provisioning { .. } | State::Failed { launch_open: true, .. } => {
                self.advance(|entry| {
                    entry.account = account.or_else(|| entry.account.take());
                    entry.state = failed(Stage::Provision, failure);
                    entry.finished_at = Some(now);
                })
            }
            State::Queued { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn overdue(&self, failure: Failure, now: Timestamp) -> Outcome {
        match self.state {
            State::Provisioning { .. } => self.advance(|entry| {
                entry.state = State::Failed {
                    stage: Stage::Provision,
                    failure,
                    launch_open: true,
                    announced: false,
                };
                entry.finished_at = Some(now);
            }),
            State::Queued { .. }
            | State::Configuring
            | State::Ready { .. }
            | State::Failed { .. } => Ok(Transition::AlreadyThere),
        }
    }

    fn configuring(&self, event: &'static str, change: impl FnOnce(&mut Self)) -> Outcome {
        match self.state {
            State::Configuring => self.advance(|entry| {
                change(entry);
                entry.decided = true;
            }),
            // Another invocation was quicker.
            State::Ready { .. } | State::Failed { .. } => Ok(Transition::AlreadyThere),
            State::Queued { .. } | State::Provisioning { .. } => self.illegal(event),
        }
    }

    fn announced(&self) -> Outcome {
        self.advance(|entry| {
            entry.untold.clear();
            match &mut entry.state {
                State::Ready { announced } | State::Failed { announced, .. } => *announced = true,
                State::Queued { .. } | State::Provisioning { .. } | State::Configuring => {}
            }
        })
    }
}

/// A file that asks for an account.
struct Asking {
    request: AccountRequest,
    batch: BatchId,
    line: u64,
    uploaded_at: Timestamp,
}

fn failed(stage: Stage, failure: Failure) -> State {
    State::Failed { stage, failure, launch_open: false, announced: false }
}

/// A step that failed is tried again; one that is done stays done.
fn tried_again(step: Step) -> Step {
    match step.progress {
        Progress::Failed { .. } => Step { progress: Progress::NEW, ..step },
        Progress::Pending { .. } | Progress::Requested { .. } | Progress::Done => step,
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{Just, Strategy, prop_oneof, proptest};

    use super::*;
    use crate::account::{AccessRequest, PersonName};
    use crate::failure::FailureKind;
    use crate::ledger::{Operator, ProvisionToken};
    use crate::testing::{self, after, at};

    fn account() -> AccountId {
        AccountId::new("123456789012").unwrap()
    }

    fn failure() -> Failure {
        Failure::new(FailureKind::Unknown, "something")
    }

    fn again(name: &str) -> Event {
        asked_by("next", name, at(0))
    }

    fn asked_by(batch: &str, name: &str, uploaded_at: Timestamp) -> Event {
        let request = testing::request(name);
        Event::Requested { request, batch: BatchId(batch.into()), line: 7, uploaded_at }
    }

    fn by() -> Operator {
        Operator("jane".into())
    }

    /// Any event there is.
    fn event() -> impl Strategy<Value = Event> {
        let token = ProvisionToken("vend-token".into());
        let steps = |progress: &Progress| testing::steps(progress);
        let failed = steps(&Progress::Failed { reason: "quota".into() });
        prop_oneof![
            Just(again("alpha")),
            Just(asking_for_more("alpha")),
            Just(asked_by("older", "alpha", at(-1))),
            Just(asked_by("newer", "alpha", at(1))),
            Just(Event::Retried { by: by() }),
            Just(Event::Cancelled { by: by() }),
            Just(Event::Claimed { token, check_at: at(60) }),
            Just(Event::Asked {
                product: ProvisionedProductId("pp-1".into()),
                record: RecordId("rec-1".into())
            }),
            Just(Event::StillAtWork { check_at: at(300), account: None }),
            Just(Event::StillAtWork { check_at: at(360), account: Some(account()) }),
            Just(Event::ToldToWait { until: at(90), reason: "busy".into() }),
            Just(Event::AccountMade { account: account() }),
            Just(Event::LaunchFailed { failure: failure(), account: None }),
            Just(Event::LaunchFailed { failure: failure(), account: Some(account()) }),
            Just(Event::Overdue { failure: failure() }),
            Just(Event::Progressed { steps: steps(&Progress::NEW) }),
            Just(Event::Configured { steps: steps(&Progress::Done) }),
            Just(Event::AccessFailed { steps: failed, failure: failure() }),
            Just(Event::Announced),
        ]
    }

    proptest! {
        /// Whatever happens, in whatever order, an entry is never in a state that cannot be.
        #[test]
        fn every_history_leads_to_an_entry_that_is_whole(events in vec(event(), 0..40)) {
            let mut entry = testing::entry("alpha");
            for (moment, event) in events.into_iter().enumerate() {
                let before = entry.clone();
                let Ok(Transition::Advanced(next)) = entry.after(event, &Source::Queue, at(moment as i64)) else { continue };
                entry = *next;
                assert_eq!(entry.version, before.version + 1);
                let has_account = matches!(entry.status(), Status::Configuring | Status::Ready);
                assert!(!has_account || entry.account.is_some());
                assert_eq!(entry.finished_at.is_some(), entry.status().is_terminal());
                assert!(!has_account || entry.configuring_at.is_some());
                assert!(!entry.holds_slot() || entry.launch.is_some());
                assert!(before.account.is_none() || entry.account.is_some(), "an account is never forgotten");
                assert!(before.status() != Status::Ready || entry.status() == Status::Ready, "READY stays");
                let last = entry.history.last().unwrap();
                assert_eq!((last.status, last.attempt, last.at), (entry.status(), entry.attempt, at(moment as i64)));
                assert!(entry.history.len() <= Happening::FIRST_KEPT + 1 + Happening::LAST_KEPT);
                assert!(entry.history.is_sorted_by_key(|it| it.at));
            }
        }

        /// A failure is in the entry, as it stands or as one to be told, until the notice is out.
        #[test]
        fn no_failure_is_forgotten_before_it_was_told(events in vec(event(), 0..40)) {
            let mut entry = testing::entry("alpha");
            let mut untold: Vec<(u32, Failure)> = Vec::new();
            for (moment, event) in events.into_iter().enumerate() {
                let announced = matches!(event, Event::Announced);
                let Ok(Transition::Advanced(next)) = entry.after(event, &Source::Queue, at(moment as i64)) else { continue };
                entry = *next;
                if announced {
                    untold.clear();
                }
                let standing = match &entry.state {
                    State::Failed { failure, announced: false, .. } => Some((entry.attempt, failure.clone())),
                    _ => None,
                };
                let kept = entry.untold.iter().map(|it| (it.attempt, it.failure.clone()));
                let kept: Vec<_> = kept.chain(standing.clone()).collect();
                untold.extend(standing);
                assert!(untold.iter().all(|failure| kept.contains(failure)), "{untold:?} {entry:?}");
                assert_eq!(entry.is_unannounced(), !kept.is_empty() || entry.state == State::Ready { announced: false });
            }
        }

        /// An event that comes twice is the same as one that comes once.
        #[test]
        fn a_repeated_event_changes_nothing_more(events in vec(event(), 0..40)) {
            let mut entry = testing::entry("alpha");
            for event in events {
                let Ok(Transition::Advanced(next)) = entry.after(event.clone(), &Source::Queue, at(0)) else { continue };
                entry = *next;
                // Telling to wait twice, or asking for it twice, is a different matter: they are new facts.
                if !matches!(event, Event::Requested { .. } | Event::Claimed { .. }) {
                    let repeated = entry.after(event, &Source::Queue, at(0));
                    assert!(matches!(repeated, Ok(Transition::AlreadyThere)), "{repeated:?}");
                }
            }
        }
    }

    #[test]
    fn a_wait_goes_back_to_the_queue_and_counts_no_attempt() {
        let entry = testing::provisioning("alpha");
        let event = Event::ToldToWait { until: at(90), reason: "busy".into() };
        let waiting = after(&entry, event, at(30));
        assert_eq!((waiting.status(), waiting.attempt, waiting.waits), (Status::Queued, 1, 1));
        assert_eq!(waiting.position(), entry.position(), "it keeps its place");
        assert_ne!(waiting.next_token(), entry.next_token());
    }

    #[test]
    fn a_failed_row_asked_for_again_is_a_new_attempt_with_the_new_values() {
        let failed = testing::failed("alpha");
        let queued = after(&failed, again("alpha"), at(500));
        assert_eq!((queued.status(), queued.attempt, queued.line), (Status::Queued, 2, 7));
        assert_eq!(queued.batch, BatchId("next".into()));
    }

    #[test]
    fn a_list_that_is_older_than_the_one_that_asked_last_asks_for_nothing() {
        let newer = after(&testing::entry("alpha"), asked_by("newer", "alpha", at(5)), at(6));
        assert_eq!((newer.batch.as_str(), newer.uploaded_at), ("newer", at(5)));
        for standing in [newer, Entry { uploaded_at: at(5), ..testing::failed("alpha") }] {
            let older = standing.after(asked_by("older", "alpha", at(4)), &Source::Upload, at(500));
            assert_eq!(older, Ok(Transition::AlreadyThere));
            let same =
                standing.after(asked_by("same second", "alpha", at(5)), &Source::Upload, at(500));
            assert!(matches!(same, Ok(Transition::Advanced(_))), "what came last is taken");
        }
    }

    #[test]
    fn a_failure_that_is_asked_for_again_before_it_was_told_is_kept_until_it_is() {
        let failed = testing::failed("alpha");
        let queued = after(&failed, again("alpha"), at(500));
        let [untold] = queued.untold.as_slice() else { panic!("{:?}", queued.untold) };
        assert_eq!((untold.attempt, untold.line), (failed.attempt, failed.line));
        assert_eq!((&untold.batch, Some(untold.failed_at)), (&failed.batch, failed.finished_at));
        assert!(queued.is_unannounced() && !queued.is_end_unannounced());
        let told = after(&queued, Event::Announced, at(501));
        assert_eq!((told.untold.len(), told.status()), (0, Status::Queued));
        let failed = after(&failed, Event::Announced, at(400));
        assert!(after(&failed, again("alpha"), at(500)).untold.is_empty(), "it was told");
    }

    #[test]
    fn an_operator_retries_and_cancels_with_the_values_that_are_there() {
        let failed = testing::failed("alpha");
        let queued = after(&failed, Event::Retried { by: by() }, at(500));
        assert_eq!(
            (queued.status(), queued.attempt, queued.queued_at),
            (Status::Queued, 2, at(500))
        );
        assert_eq!((&queued.request, &queued.batch), (&failed.request, &failed.batch));
        let by_hand = queued.by_hand.clone().unwrap();
        assert_eq!((by_hand.order, by_hand.by, by_hand.at), (Order::Retry, by(), at(500)));
        let cancelled = after(&queued, Event::Cancelled { by: by() }, at(600));
        let State::Failed { stage, failure, announced, .. } = &cancelled.state else {
            panic!("stands")
        };
        assert_eq!(
            (*stage, failure.kind, *announced),
            (Stage::Provision, FailureKind::Cancelled, false)
        );
        assert_eq!(cancelled.finished_at, Some(at(600)));
        assert!(!format!("{cancelled:?}").contains("jane"));
    }

    #[test]
    fn an_account_whose_access_failed_is_never_provisioned_again() {
        let steps = vec![
            Step { progress: Progress::Done, ..testing::steps(&Progress::NEW).remove(0) },
            Step {
                progress: Progress::Failed { reason: "quota".into() },
                ..testing::steps(&Progress::NEW).remove(1)
            },
        ];
        let configuring = testing::configuring("alpha");
        let failed = after(&configuring, Event::AccessFailed { steps, failure: failure() }, at(10));
        assert_eq!(failed.account, configuring.account);
        let again = after(&failed, again("alpha"), at(20));
        assert_eq!(again.status(), Status::Configuring);
        let progress: Vec<_> = again.steps.iter().map(|step| step.progress.clone()).collect();
        assert_eq!(progress, [Progress::Done, Progress::NEW], "only what failed is tried again");
    }

    /// The same row, asking for a permission set more, and for another name of its user.
    fn asking_for_more(name: &str) -> Event {
        let Event::Requested { mut request, batch, line, uploaded_at } = again(name) else {
            panic!("asks")
        };
        let assignment = AccessRequest::read_assignment("group:Ops=Admin").unwrap();
        request.access.assignments.push(assignment);
        request.sso_user.first_name = PersonName::new("Another").unwrap();
        Event::Requested { request, batch, line, uploaded_at }
    }

    #[test]
    fn an_account_whose_access_failed_takes_the_access_that_is_asked_for_now() {
        let mut steps = testing::steps(&Progress::Done);
        steps[0].progress = Progress::Failed { reason: "quota".into() };
        let configuring = testing::configuring("alpha");
        assert!(!configuring.decided);
        let failed = after(&configuring, Event::AccessFailed { steps, failure: failure() }, at(10));
        assert!(failed.decided);
        let again = after(&failed, asking_for_more("alpha"), at(20));
        assert_eq!(again.request.access.assignment_texts(), ["group:Ops=Admin"]);
        let kept = AccountRequest { access: AccessRequest::default(), ..again.request.clone() };
        assert_eq!(kept, failed.request, "the account keeps the values that it was made with");
        let progress: Vec<_> = again.steps.iter().map(|step| step.progress.clone()).collect();
        assert_eq!(progress, [Progress::NEW, Progress::Done]);
        assert!(!again.decided, "what is asked for is decided anew");
        let retried = after(&failed, Event::Retried { by: by() }, at(20));
        assert!(!retried.decided && retried.request == failed.request);
    }

    #[test]
    fn what_is_given_by_lists_is_settled_when_an_account_is_ready() {
        for standing in [testing::ready("alpha"), testing::configuring("alpha")] {
            let same = standing.after(asking_for_more("alpha"), &Source::Upload, at(500));
            assert_eq!(same, Ok(Transition::AlreadyThere));
        }
        assert!(testing::ready("alpha").decided);
    }

    #[test]
    fn steps_are_decided_as_soon_as_one_is_under_way() {
        let configuring = testing::configuring("alpha");
        let steps = configuring.steps.clone();
        let next = after(&configuring, Event::Progressed { steps: steps.clone() }, at(1));
        assert!(next.decided);
        let same = next.after(Event::Progressed { steps }, &Source::Queue, at(2));
        assert_eq!(same, Ok(Transition::AlreadyThere));
    }

    #[test]
    fn an_overdue_launch_keeps_its_slot_and_may_still_succeed() {
        let overdue = after(
            &testing::provisioning("alpha"),
            Event::Overdue { failure: failure() },
            at(3_600),
        );
        assert_eq!(overdue.status(), Status::Failed);
        assert!(overdue.holds_slot());
        assert_eq!(
            overdue.after(again("alpha"), &Source::Upload, at(3_700)),
            Ok(Transition::AlreadyThere)
        );
        let late = after(&overdue, Event::AccountMade { account: account() }, at(9_000));
        assert_eq!(late.status(), Status::Configuring);
        assert!(!late.holds_slot());
    }

    #[test]
    fn an_impossible_event_names_both_sides() {
        let error = testing::ready("alpha").after(
            Event::Claimed { token: ProvisionToken("t".into()), check_at: at(0) },
            &Source::Queue,
            at(0),
        );
        let text = error.unwrap_err().to_string();
        assert_eq!(text, "an entry that is READY cannot be \"claimed\"");
    }

    #[test]
    fn an_access_that_is_tried_again_is_another_attempt_each_time() {
        let mut entry = testing::configuring("alpha");
        for attempt in 1..4 {
            assert_eq!(entry.attempt, attempt);
            let steps = testing::steps(&Progress::Failed { reason: "no".to_owned() });
            let failure = Failure::new(FailureKind::AssignmentFailed, "no");
            let failed = Event::AccessFailed { failure, steps };
            let failed = testing::after(&entry, failed, at(2_000));
            let by = Operator("jane".to_owned());
            entry = testing::after(&failed, Event::Retried { by }, at(3_000));
            assert_eq!(entry.configuring_at, Some(at(3_000)));
        }
    }

    #[test]
    fn what_is_done_on_the_way_does_not_change_since_when_an_account_is_handed_over() {
        let configuring = testing::configuring("alpha");
        let since = configuring.configuring_at;
        let steps = testing::steps(&Progress::NEW);
        let on = testing::after(&configuring, Event::Progressed { steps }, at(1_830));
        assert_eq!((on.configuring_at, since), (since, Some(at(1_800))));
        assert_eq!(testing::provisioning("alpha").configuring_at, None);
    }
}
