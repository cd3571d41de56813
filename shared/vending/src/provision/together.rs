//! Waiting for several calls at the same time.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// A call that is under way.
pub(super) type Call<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Makes all calls at the same time; answers what came of each, in their order. None is given
/// up on because of what came of another.
pub(super) async fn together<T>(calls: Vec<Call<'_, T>>) -> Vec<T> {
    let mut calls: Vec<(Call<'_, T>, Option<T>)> =
        calls.into_iter().map(|call| (call, None)).collect();
    poll_fn(|context| {
        for (call, answer) in calls.iter_mut().filter(|(_, answer)| answer.is_none()) {
            if let Poll::Ready(it) = call.as_mut().poll(context) {
                *answer = Some(it);
            }
        }
        let all = calls.iter().all(|(_, answer)| answer.is_some());
        if all { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    calls.into_iter().filter_map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    /// Is ready when it is asked for so many times.
    fn call(number: usize, polls: usize) -> Call<'static, usize> {
        let mut asked = 0;
        Box::pin(poll_fn(move |_| {
            asked += 1;
            if asked == polls { Poll::Ready(number) } else { Poll::Pending }
        }))
    }

    #[test]
    fn answers_come_in_the_order_of_the_calls_whichever_is_first() {
        let mut all = Box::pin(together(vec![call(1, 3), call(2, 1), call(3, 2)]));
        let mut poll = || all.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!([poll(), poll()], [Poll::Pending, Poll::Pending]);
        assert_eq!(poll(), Poll::Ready(vec![1, 2, 3]));
    }
}
