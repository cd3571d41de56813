//! What was found by fuzzing, and what it starts from: `tests/fuzz/corpus`.

use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

/// Replays every file of `target`, of which there are at least `least`.
fn replay(target: &str, least: usize, with: fn(&[u8])) {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fuzz/corpus", target].iter().collect();
    let mut failed = Vec::new();
    let mut replayed = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        replayed += 1;
        if catch_unwind(|| with(&bytes)).is_err() {
            failed.push(path);
        }
    }
    assert_eq!(failed, [] as [PathBuf; 0]);
    assert!(replayed >= least, "only {replayed} files");
}

#[test]
fn every_list() {
    replay("list", 36, fuzz::list);
}

#[test]
fn every_portfolio_file() {
    replay("portfolios", 20, fuzz::portfolios);
}

#[test]
fn every_event() {
    replay("event", 25, fuzz::event);
}

#[test]
fn every_results_file() {
    replay("results", 25, fuzz::results);
}

#[test]
fn every_notice() {
    replay("notice", 8, fuzz::notice);
}

#[test]
#[should_panic(expected = "parted at ';'")]
fn the_oracle_sees_a_formula() {
    fuzz::no_formula(b"AccountName,OrgUnit\none,x;=1\n");
}

#[test]
fn the_allocator_counts() {
    let peak = fuzz::Peak::start();
    drop(vec![0_u8; 3_000_000]);
    drop(vec![0_u8; 1_000_000]);
    assert!((3_000_000..3_100_000).contains(&peak.bytes()), "{}", peak.bytes());
}
