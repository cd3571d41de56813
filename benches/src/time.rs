//! Virtual time, and what runs in it: a task that sleeps is woken when nothing else can go
//! on, and then it is as late as it wanted to be. Nothing waits in real time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use chrono::{DateTime, Utc};
use vending::ledger::Timestamp;
use vending::ports::Clock;

/// A moment, in milliseconds since the epoch.
type Millisecond = i64;

#[derive(Debug, Default)]
struct State {
    now: Millisecond,
    /// Who wants to be woken, by when and in the order of asking.
    sleepers: BTreeMap<(Millisecond, u64), Waker>,
    asked: u64,
}

/// Virtual time. Clones are the same time.
#[derive(Debug, Clone, Default)]
pub struct Time(Arc<Mutex<State>>);

impl Time {
    /// Time that starts at a moment, to the millisecond.
    #[must_use]
    pub fn starting(at: DateTime<Utc>) -> Self {
        let time = Self::default();
        time.state().now = at.timestamp_millis();
        time
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.state().now).unwrap_or_default()
    }

    /// Sleeps for so long, rounded up to the millisecond.
    pub async fn sleep(&self, duration: Duration) {
        let milliseconds = duration.as_micros().div_ceil(1000);
        let milliseconds = Millisecond::try_from(milliseconds).unwrap_or(Millisecond::MAX);
        let until = self.state().now.saturating_add(milliseconds);
        poll_fn(|context| {
            let mut state = self.state();
            if state.now >= until {
                return Poll::Ready(());
            }
            state.asked += 1;
            let place = (until, state.asked);
            state.sleepers.insert(place, context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Moves on to the next moment somebody sleeps until; wakes all who do.
    fn pass(&self) -> bool {
        let mut state = self.state();
        let Some((&(next, _), _)) = state.sleepers.first_key_value() else { return false };
        state.now = next;
        let later = state.sleepers.split_off(&(next + 1, 0));
        let due = std::mem::replace(&mut state.sleepers, later);
        drop(state);
        due.into_values().for_each(Waker::wake);
        true
    }
}

impl AsyncSleep for Time {
    fn sleep(&self, duration: Duration) -> Sleep {
        let time = self.clone();
        Sleep::new(async move { Time::sleep(&time, duration).await })
    }
}

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        Time::now(self).into()
    }
}

impl Clock for Time {
    fn now(&self) -> Timestamp {
        Time::now(self)
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Something that runs.
struct Task<'w> {
    future: Pin<Box<dyn Future<Output = ()> + 'w>>,
    woken: Arc<Woken>,
    /// When it is ended, whatever it is about to do.
    until: Option<DateTime<Utc>>,
}

/// Tasks that run by turns, in one thread. Clones are the same ones.
#[derive(Clone)]
pub struct Tasks<'w> {
    time: Time,
    tasks: Rc<RefCell<Vec<Task<'w>>>>,
    killed: Rc<RefCell<usize>>,
}

impl<'w> Tasks<'w> {
    /// None yet, in that time.
    #[must_use]
    pub fn new(time: &Time) -> Self {
        Self { time: time.clone(), tasks: Rc::default(), killed: Rc::default() }
    }

    /// Starts a task.
    pub fn spawn(&self, until: Option<DateTime<Utc>>, future: impl Future<Output = ()> + 'w) {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        self.tasks.borrow_mut().push(Task { future: Box::pin(future), woken, until });
    }

    /// How many were ended before they had come to their end.
    #[must_use]
    pub fn killed(&self) -> usize {
        *self.killed.borrow()
    }

    /// Runs all that can go on at this moment.
    fn run_now(&self) {
        loop {
            let mut ran = false;
            let tasks = std::mem::take(&mut *self.tasks.borrow_mut());
            for mut task in tasks {
                if task.until.is_some_and(|until| self.time.now() >= until) {
                    *self.killed.borrow_mut() += 1;
                    continue;
                }
                let mut over = false;
                if task.woken.0.swap(false, Ordering::Relaxed) {
                    ran = true;
                    let waker = Waker::from(task.woken.clone());
                    over = task.future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
                }
                if !over {
                    self.tasks.borrow_mut().push(task);
                }
            }
            if !ran {
                return;
            }
        }
    }

    /// Runs until `done`, which is asked each time before time passes.
    ///
    /// # Panics
    /// When everything sleeps for ever, and `done` is not.
    pub fn run_until(&self, mut done: impl FnMut() -> bool) {
        loop {
            self.run_now();
            if done() {
                return;
            }
            assert!(self.time.pass(), "nothing is left to happen");
        }
    }
}
