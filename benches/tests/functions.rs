//! What an idle function asks of AWS is a count, and is held to its bound.

use benches::functions::{CALLS_OF_AN_IDLE_TICK, Ticking, calls_of_ticks};

#[tokio::test]
async fn an_idle_function_makes_one_call() {
    for ticking in [Ticking::Provision, Ticking::Handover] {
        let calls = calls_of_ticks(ticking, 5).await.unwrap();
        // The first of an hour, like every fifth, also looks for what was lost.
        let most = calls[1..].iter().max().copied().unwrap();
        assert_eq!(most as f64, CALLS_OF_AN_IDLE_TICK, "{ticking:?}: {calls:?}");
    }
}
