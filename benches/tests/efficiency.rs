//! Lists take about as long as Control Tower takes for their accounts.

use benches::efficiency::Scenario;
use landing_zone::description::OtherOperation;
use rand::{RngExt, SeedableRng};

#[test]
fn look_lost() {
    for minutes in [(30, 30), (20, 35)] {
    for (accounts, width) in [(10, 1), (10, 5), (10, 10), (100, 1), (100, 5), (100, 10)] {
        let seeds = if accounts == 10 { 20 } else { 4 };
        let ratio: Vec<f64> = (0..seeds).map(|seed| {
            let base = Scenario::undisturbed(accounts, width);
            let lost = (accounts / 20).max(1);
            let run = Scenario { lost, seed, minutes, ..base }.run().unwrap();
            run.ratio_made()
        }).collect();
        let finds: f64 = {
            let run = Scenario { minutes, ..Scenario::undisturbed(accounts, width) }.run().unwrap();
            run.called("find") as f64 / accounts as f64
        };
        let mean = ratio.iter().sum::<f64>() / ratio.len() as f64;
        println!("lost {minutes:?} {accounts} {width}: mean {mean:.4} max {:.4}; finds undisturbed {finds}", ratio.iter().copied().fold(0.0, f64::max));
    }}
}

fn others(seed: u64, hours: u32, most: usize) -> Vec<OtherOperation> {
    let mut chance = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut all = Vec::new();
    for _ in 0..most {
        let mut at = chance.random_range(0..40);
        while at < hours * 60 {
            let lasts = chance.random_range(20..40);
            all.push(OtherOperation { from_minute: at, for_minutes: lasts, account_operations: 1 });
            at += lasts + chance.random_range(10..60);
        }
    }
    all
}

#[test]
fn look_busy() {
    for told in [true, false] {
    for (accounts, width, quota, most) in [(10, 1, 1, 1), (10, 5, 5, 3), (10, 10, 10, 5), (100, 5, 5, 3), (100, 10, 10, 5)] {
        let mut all = Vec::new();
        let mut asked = 0;
        for seed in 0..4 {
            let base = Scenario::undisturbed(accounts, width);
            let run = Scenario { seed, quota, others: others(seed, 60, most), others_are_told: told, ..base }.run().unwrap();
            all.push((run.ratio_made() * 1000.0).round() / 1000.0);
            asked += run.called("provision");
        }
        println!("busy told {told} {accounts} {width} quota {quota} others {most}: {all:?} asks/account {}", asked as f64 / 4.0 / accounts as f64);
    }}
}
