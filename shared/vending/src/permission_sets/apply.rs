//! Brings one permission set about: reads what it is, does what is lacking, and reads again,
//! until nothing is lacking and every account that holds it holds it as it is. Whatever was
//! done before, by whomever, is seen in what is read, so that a repetition is harmless.

use chrono::TimeDelta;

use super::{ChangeError, Difference, Held, Kind, PermissionSet, PermissionSets, Step};
use crate::ports::{CouldNotAsk, Refusal, StepStatus, Waiter};

/// How one permission set ended.
#[derive(Debug)]
pub enum Outcome {
    /// It was as declared, and everywhere.
    Same,
    /// It is as declared, and in these accounts, by id, which held it before.
    Done {
        /// The accounts that it was brought into.
        accounts: Vec<String>,
    },
    /// AWS refuses a part of it; what came before that part is done.
    Refused(Refusal),
    /// It is as declared, and some accounts still hold it as it was.
    NotProvisioned {
        /// AWS's words.
        why: String,
        /// The ids of the accounts.
        accounts: Vec<String>,
    },
    /// Something else was in the way for too long, or it took too long.
    GaveUp(String),
    /// Nobody knows.
    Unknown(CouldNotAsk),
}

/// The first wait for what is in the way; what is provisioned takes seconds to a minute.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);

/// No wait is longer.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(60);

/// Waits in all: a quarter of an hour, with accounts in which much is being assigned.
const MOST_WAITS: u32 = 20;

/// Between two looks at what is being provisioned.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(5);

/// Looks in all: an hour, for thousands of accounts.
const MOST_LOOKS: u32 = 720;

/// Brings about what the difference tells.
pub async fn apply(
    sets: &dyn PermissionSets,
    waiter: &dyn Waiter,
    difference: &Difference,
) -> Outcome {
    if difference.kind() == Kind::Same {
        return Outcome::Same;
    }
    let run = Run { sets, waiter, declared: &difference.declared };
    let (waits, known) = (Waits::default(), difference.actual.clone());
    match run.bring_about(waits, known).await {
        Ok(accounts) => Outcome::Done { accounts },
        Err(outcome) => *outcome,
    }
}

/// Boxed, as it is large and rare.
type Ended = Box<Outcome>;

struct Run<'a> {
    sets: &'a dyn PermissionSets,
    waiter: &'a dyn Waiter,
    declared: &'a PermissionSet,
}

impl Run<'_> {
    async fn bring_about(
        &self,
        mut waits: Waits,
        known: Option<Held>,
    ) -> Result<Vec<String>, Ended> {
        let mut held = match known {
            Some(held) => held,
            None => self.create(&mut waits).await?,
        };
        let mut reached = Vec::new();
        loop {
            let lacking = self.lacking(held);
            let steps = lacking.steps();
            let arn = lacking.actual.as_ref().map(|held| held.arn.clone()).unwrap_or_default();
            match lacking.kind() {
                Kind::Change | Kind::Create => self.change(&arn, &steps, &mut waits).await?,
                Kind::Provision => {
                    if self.provision(&arn, &mut waits).await? {
                        reached = lacking.accounts().to_vec();
                    }
                }
                Kind::Same => return Ok(reached),
            }
            held = self.sets.again(&arn).await.map_err(unknown)?;
        }
    }

    fn lacking(&self, held: Held) -> Difference {
        Difference { declared: self.declared.clone(), actual: Some(held) }
    }

    async fn create(&self, waits: &mut Waits) -> Result<Held, Ended> {
        loop {
            let refusal = match self.sets.create(self.declared).await {
                Ok(arn) => return self.sets.again(&arn).await.map_err(unknown),
                Err(error) => conflict(error)?,
            };
            // Somebody may have made it meanwhile.
            let name = self.declared.name.clone();
            let named = std::slice::from_ref(&name);
            let mut there = self.sets.named(named).await.map_err(unknown)?;
            if let Some(held) = there.remove(&name) {
                return Ok(held);
            }
            waits.wait(self.waiter, &refusal).await?;
        }
    }

    /// Carries the steps out; a conflict ends it, after a wait, for them to be found anew.
    async fn change(&self, arn: &str, steps: &[Step], waits: &mut Waits) -> Result<(), Ended> {
        for step in steps {
            if let Err(error) = self.sets.carry_out(arn, step).await {
                return waits.wait(self.waiter, &conflict(error)?).await;
            }
        }
        waits.count()
    }

    /// Brings it to the accounts, and follows that to its end; answers whether it did.
    async fn provision(&self, arn: &str, waits: &mut Waits) -> Result<bool, Ended> {
        match self.sets.provision(arn).await {
            Ok(request) => {
                self.follow(arn, &request).await?;
                waits.count()?;
                Ok(true)
            }
            Err(error) => {
                waits.wait(self.waiter, &conflict(error)?).await?;
                Ok(false)
            }
        }
    }

    async fn follow(&self, arn: &str, request: &str) -> Result<(), Ended> {
        for _ in 0..MOST_LOOKS {
            match self.sets.provisioning(request).await.map_err(unknown)? {
                StepStatus::Done => return Ok(()),
                StepStatus::Failed(why) => return Err(self.not_provisioned(arn, why).await),
                StepStatus::Unknown => {
                    let why = "Identity Center no longer knows of the provisioning".to_owned();
                    return Err(self.not_provisioned(arn, why).await);
                }
                StepStatus::InProgress => {}
            }
            if !self.waiter.wait(LOOK_EVERY).await {
                break;
            }
        }
        let words = "it is still being provisioned; the same command again carries on";
        Err(Box::new(Outcome::GaveUp(words.to_owned())))
    }

    async fn not_provisioned(&self, arn: &str, why: String) -> Ended {
        match self.sets.again(arn).await {
            Ok(held) => Box::new(Outcome::NotProvisioned { why, accounts: held.outdated }),
            Err(error) => unknown(error),
        }
    }
}

/// How often something was waited for, or was done and found undone.
#[derive(Debug, Default)]
struct Waits(u32);

impl Waits {
    async fn wait(&mut self, waiter: &dyn Waiter, refusal: &Refusal) -> Result<(), Ended> {
        let factor = 2_i32.checked_pow(self.0).unwrap_or(i32::MAX);
        let wait = FIRST_WAIT.checked_mul(factor).map_or(LONGEST_WAIT, |it| it.min(LONGEST_WAIT));
        self.0 += 1;
        if self.0 <= MOST_WAITS && waiter.wait(wait).await {
            return Ok(());
        }
        let words = format!("something else is in the way ({refusal})");
        Err(Box::new(Outcome::GaveUp(format!("{words}; the same command again carries on"))))
    }

    /// What is done once is read as done the next time; what never is, somebody else undoes.
    fn count(&mut self) -> Result<(), Ended> {
        self.0 += 1;
        if self.0 <= MOST_WAITS {
            return Ok(());
        }
        let words = "somebody else changes it again and again";
        Err(Box::new(Outcome::GaveUp(words.to_owned())))
    }
}

/// The conflict in `error`; whatever else it is ends the set.
fn conflict(error: ChangeError) -> Result<Refusal, Ended> {
    match error {
        ChangeError::Conflict(refusal) => Ok(refusal),
        ChangeError::Refused(refusal) => Err(Box::new(Outcome::Refused(refusal))),
        ChangeError::CouldNotAsk(error) => Err(unknown(error)),
    }
}

fn unknown(error: CouldNotAsk) -> Ended {
    Box::new(Outcome::Unknown(error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use async_trait::async_trait;

    use super::*;
    use crate::permission_sets::PermissionSetName;
    use crate::permission_sets::plan;
    use crate::permission_sets::testing::{carry_out, set};
    use crate::ports::NoTime;

    /// One permission set, held in two accounts, and what goes wrong with it.
    #[derive(Default)]
    struct Center {
        held: Mutex<Option<Held>>,
        conflicts: Mutex<u32>,
        refuses_policies: bool,
        fails_in: Option<&'static str>,
        /// Looks at a provisioning before it is done.
        looks: Mutex<u32>,
        calls: Mutex<Vec<String>>,
    }

    impl Center {
        fn with(set: PermissionSet) -> Self {
            let accounts = vec!["1".to_owned(), "2".to_owned()];
            let held = Held { arn: "arn".into(), set, accounts, outdated: Vec::new() };
            Self { held: Mutex::new(Some(held)), ..Self::default() }
        }

        fn call(&self, what: impl Into<String>) -> Result<(), ChangeError> {
            self.calls.lock().unwrap().push(what.into());
            let mut conflicts = self.conflicts.lock().unwrap();
            match conflicts.checked_sub(1) {
                None => Ok(()),
                Some(left) => {
                    *conflicts = left;
                    Err(ChangeError::Conflict(refusal("ConflictException")))
                }
            }
        }

        fn now(&self) -> Option<Held> {
            self.held.lock().unwrap().clone()
        }
    }

    fn refusal(code: &str) -> Refusal {
        Refusal { code: code.to_owned(), message: "no".to_owned() }
    }

    #[async_trait]
    impl PermissionSets for Center {
        async fn named(
            &self,
            _: &[PermissionSetName],
        ) -> Result<BTreeMap<PermissionSetName, Held>, CouldNotAsk> {
            Ok(self.now().into_iter().map(|held| (held.set.name.clone(), held)).collect())
        }

        async fn again(&self, _: &str) -> Result<Held, CouldNotAsk> {
            self.now().ok_or_else(|| CouldNotAsk::new("test", "look", "nothing is there"))
        }

        async fn create(&self, set: &PermissionSet) -> Result<String, ChangeError> {
            self.call("create")?;
            let set =
                PermissionSet { session: set.session, ..PermissionSet::new(set.name.clone()) };
            let (accounts, outdated) = (Vec::new(), Vec::new());
            *self.held.lock().unwrap() = Some(Held { arn: "arn".into(), set, accounts, outdated });
            Ok("arn".into())
        }

        async fn carry_out(&self, _: &str, step: &Step) -> Result<(), ChangeError> {
            self.call(format!("{step:?}"))?;
            if self.refuses_policies && matches!(step, Step::Attach(_)) {
                return Err(ChangeError::Refused(refusal("ResourceNotFoundException")));
            }
            if let Some(held) = self.held.lock().unwrap().as_mut() {
                carry_out(&mut held.set, step);
                held.outdated = held.accounts.clone();
            }
            Ok(())
        }

        async fn provision(&self, _: &str) -> Result<String, ChangeError> {
            self.call("provision")?;
            Ok("request".into())
        }

        async fn provisioning(&self, _: &str) -> Result<StepStatus, CouldNotAsk> {
            self.calls.lock().unwrap().push("look".into());
            let mut looks = self.looks.lock().unwrap();
            if let Some(left) = looks.checked_sub(1) {
                *looks = left;
                return Ok(StepStatus::InProgress);
            }
            let mut held = self.held.lock().unwrap();
            let outdated = held.as_mut().map(|held| &mut held.outdated);
            if let Some(outdated) = outdated {
                outdated.retain(|it| Some(it.as_str()) == self.fails_in);
            }
            Ok(match self.fails_in {
                Some(_) => StepStatus::Failed("too many roles".into()),
                None => StepStatus::Done,
            })
        }
    }

    /// Notes each wait, and never waits.
    #[derive(Default)]
    struct Noted(Mutex<Vec<i64>>);

    #[async_trait]
    impl Waiter for Noted {
        async fn wait(&self, time: TimeDelta) -> bool {
            self.0.lock().unwrap().push(time.num_seconds());
            true
        }
    }

    /// Nothing here ever waits for anything else.
    fn done<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn run(center: &Center, waiter: &dyn Waiter) -> Outcome {
        let declared = [set("[\"A\"]", "2h")];
        let actual = done(center.named(&[])).unwrap();
        done(apply(center, waiter, &plan(&declared, &actual)[0]))
    }

    #[test]
    fn a_changed_set_is_brought_to_its_accounts_once() {
        let center = Center::with(set("[\"B\"]", "2h"));
        let outcome = run(&center, &NoTime);
        assert!(matches!(&outcome, Outcome::Done { accounts } if accounts == &["1", "2"]));
        let first = center.calls.lock().unwrap().len();
        assert_eq!(center.now().unwrap().set, set("[\"A\"]", "2h"));
        assert!(matches!(run(&center, &NoTime), Outcome::Same));
        assert_eq!(center.calls.lock().unwrap().len(), first);
    }

    #[test]
    fn a_provisioning_is_followed_to_its_end_and_left_where_there_is_no_time() {
        let center = Center::with(set("[\"B\"]", "2h"));
        *center.looks.lock().unwrap() = 3;
        assert!(matches!(run(&center, &Noted::default()), Outcome::Done { .. }));
        let center = Center::with(set("[\"B\"]", "2h"));
        *center.looks.lock().unwrap() = 3;
        let outcome = run(&center, &NoTime);
        assert!(
            matches!(&outcome, Outcome::GaveUp(words) if words.contains("still")),
            "{outcome:?}"
        );
    }

    #[test]
    fn a_new_set_is_made_and_provisioned_nowhere() {
        let center = Center::default();
        assert!(matches!(run(&center, &NoTime), Outcome::Done { accounts } if accounts.is_empty()));
        assert_eq!(center.now().unwrap().set, set("[\"A\"]", "2h"));
        assert!(!center.calls.lock().unwrap().contains(&"provision".to_owned()));
    }

    #[test]
    fn conflicts_are_waited_for_longer_and_longer() {
        let center = Center::with(set("[\"B\"]", "2h"));
        *center.conflicts.lock().unwrap() = 7;
        let waiter = Noted::default();
        assert!(matches!(run(&center, &waiter), Outcome::Done { .. }));
        assert_eq!(*waiter.0.lock().unwrap(), [2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn what_never_gets_out_of_the_way_is_given_up() {
        let center = Center::with(set("[\"B\"]", "2h"));
        *center.conflicts.lock().unwrap() = u32::MAX;
        let outcome = run(&center, &Noted::default());
        let Outcome::GaveUp(words) = outcome else { panic!("{outcome:?}") };
        assert!(words.contains("ConflictException"), "{words}");
        assert!(matches!(run(&center, &NoTime), Outcome::GaveUp(_)));
    }

    #[test]
    fn a_refused_policy_ends_it_and_says_so() {
        let center = Center { refuses_policies: true, ..Center::with(set("[\"B\"]", "2h")) };
        let outcome = run(&center, &NoTime);
        let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
        assert_eq!(refusal.code, "ResourceNotFoundException");
    }

    #[test]
    fn accounts_in_which_it_failed_are_named_and_tried_again_the_next_time() {
        let center = Center { fails_in: Some("2"), ..Center::with(set("[\"B\"]", "2h")) };
        let outcome = run(&center, &NoTime);
        let Outcome::NotProvisioned { why, accounts } = outcome else { panic!("{outcome:?}") };
        assert_eq!((why.as_str(), accounts), ("too many roles", vec!["2".to_owned()]));
        let center = Center { fails_in: None, ..center };
        assert!(matches!(run(&center, &NoTime), Outcome::Done { accounts } if accounts == ["2"]));
    }

    #[test]
    fn what_somebody_else_undoes_again_and_again_is_given_up() {
        let mut waits = Waits::default();
        let tries = (0..).take_while(|_| waits.count().is_ok()).count();
        assert_eq!(tries as u32, MOST_WAITS);
    }
}
