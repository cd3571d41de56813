//! What an idle function asks of AWS is a count, and is held to its bound.

use benches::functions::{CALLS_OF_AN_IDLE_MINUTE, Ticking, calls_of_ticks};

#[tokio::test]
async fn an_idle_minute_makes_one_call() {
    let provision = calls_of_ticks(Ticking::Provision, 60).await.unwrap();
    let handover = calls_of_ticks(Ticking::Handover, 60).await.unwrap();
    // Every fifth reads one thing and leaves a sign of life.
    assert_eq!(provision[..6], [2, 0, 0, 0, 0, 2]);
    // Every other reads one thing; every tenth looks for what was lost, too.
    assert_eq!(handover[..11], [2, 0, 1, 0, 1, 0, 1, 0, 1, 0, 2]);
    let hour = provision.iter().chain(&handover).sum::<u64>();
    assert!(hour as f64 <= 60.0 * CALLS_OF_AN_IDLE_MINUTE, "{hour}");
}
