//! Something that a task waits for, until a moment at the latest.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::time::Time;

#[derive(Debug, Default)]
struct State {
    rung: bool,
    waits: Option<Waker>,
}

/// Wakes the one task that waits for it. Clones are the same bell.
#[derive(Debug, Clone, Default)]
pub(super) struct Bell(Arc<Mutex<State>>);

impl Bell {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rings: whoever waits goes on, or whoever waits next does at once.
    pub(super) fn ring(&self) {
        let mut state = self.state();
        state.rung = true;
        if let Some(waker) = state.waits.take() {
            waker.wake();
        }
    }

    /// Waits until it rings.
    pub(super) async fn rung(&self) {
        poll_fn(|context| {
            let mut state = self.state();
            if std::mem::take(&mut state.rung) {
                return Poll::Ready(());
            }
            state.waits = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Waits until it rings, or until that moment where there is one.
    pub(super) async fn rung_or(&self, time: &Time, moment: Option<DateTime<Utc>>) {
        let Some(moment) = moment else { return self.rung().await };
        let mut rung = pin!(self.rung());
        let mut sleeps = pin!(time.sleep(until(time, moment)));
        poll_fn(|context| {
            if rung.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            sleeps.as_mut().poll(context)
        })
        .await;
    }
}

/// How long it is until then; nothing, if it has passed.
pub(super) fn until(time: &Time, moment: DateTime<Utc>) -> Duration {
    (moment - time.now()).to_std().unwrap_or_default()
}
