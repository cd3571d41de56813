//! Several things at the same time, without a runtime.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// Does all of `work` at the same time; the answers are in its order.
pub(super) async fn all<T, const N: usize>(work: [impl Future<Output = T>; N]) -> Vec<T> {
    let mut under_way: Vec<_> = work.map(|work| Doing::UnderWay(Box::pin(work))).into();
    poll_fn(|context| {
        let mut open = false;
        for doing in &mut under_way {
            if let Doing::UnderWay(work) = doing {
                match work.as_mut().poll(context) {
                    Poll::Ready(done) => *doing = Doing::Done(done),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    under_way.into_iter().filter_map(Doing::done).collect()
}

enum Doing<T, F> {
    UnderWay(Pin<Box<F>>),
    Done(T),
}

impl<T, F> Doing<T, F> {
    fn done(self) -> Option<T> {
        match self {
            Self::Done(done) => Some(done),
            Self::UnderWay(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    /// Counts down by one each time that it is asked.
    async fn after(mut turns: u32) -> u32 {
        let asked = turns;
        poll_fn(|_| match turns.checked_sub(1) {
            Some(left) => {
                turns = left;
                Poll::Pending
            }
            None => Poll::Ready(()),
        })
        .await;
        asked
    }

    #[test]
    fn none_waits_for_another_and_the_order_stays() {
        let mut work = pin!(all([3, 1, 0, 2].map(after)));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            assert!(work.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!(work.as_mut().poll(&mut context), Poll::Ready(vec![3, 1, 0, 2]));
    }
}
