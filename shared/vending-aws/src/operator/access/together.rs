//! Several calls under way at a time, and never more than some: at what pace they are made
//! is decided elsewhere.

use tokio::task::JoinSet;
use vending::ports::CouldNotAsk;

/// Calls under way at a time: at the pace of operators more would only wait longer.
const AT_A_TIME: usize = 4;

/// Does all of `work`; the answers are in its order. The first failure ends it.
pub(super) async fn all<T, W>(work: impl Iterator<Item = W>) -> Result<Vec<T>, CouldNotAsk>
where
    T: Send + 'static,
    W: Future<Output = Result<T, CouldNotAsk>> + Send + 'static,
{
    let mut under_way = JoinSet::new();
    let mut done = Vec::new();
    for (place, work) in work.enumerate() {
        if under_way.len() == AT_A_TIME {
            done.extend(next(&mut under_way).await?);
        }
        under_way.spawn(async move { work.await.map(|answer| (place, answer)) });
    }
    while let Some(answer) = next(&mut under_way).await? {
        done.push(answer);
    }
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, answer)| answer).collect())
}

/// The next that is done; `None` when nothing is under way.
async fn next<T: 'static>(
    under_way: &mut JoinSet<Result<T, CouldNotAsk>>,
) -> Result<Option<T>, CouldNotAsk> {
    match under_way.join_next().await {
        Some(Ok(answer)) => answer.map(Some),
        Some(Err(error)) => Err(CouldNotAsk::new("this program", "finish a call", error)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn answers_are_in_order_and_no_more_are_under_way_than_may() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = (0..20_u32).map(|number| {
            let (now, most) = (now.clone(), most.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                for _ in 0..(20 - number) {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(number)
            }
        });
        assert_eq!(all(work).await.unwrap(), (0..20).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), AT_A_TIME);
    }

    #[tokio::test]
    async fn a_failure_ends_it() {
        let work = (0..9_u32).map(|number| async move {
            if number == 3 { Err(CouldNotAsk::new("x", "y", "z")) } else { Ok(number) }
        });
        assert!(all(work).await.is_err());
    }
}
