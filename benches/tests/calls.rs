//! x

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use benches::calls::{Asked, run};

#[tokio::test]
async fn raw() {
    for asked in [
        Asked { rows: 1, width: 1, minutes: 20 },
        Asked { rows: 10, width: 5, minutes: 20 },
        Asked { rows: 10, width: 5, minutes: 25 },
    ] {
        let ran = run(asked).await.unwrap();
        println!("## {asked:?} {}", ran.took);
        for ((function, waker), count) in &ran.counts {
            println!("{function} {waker:?}: {}", count.invocations);
            for ((service, operation), calls) in &count.calls {
                println!("      {service} {operation} {calls}");
            }
        }
    }
}
