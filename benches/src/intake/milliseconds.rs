//! How long something takes.

use std::hint::black_box;

use cpu_time::ThreadTime;

/// Runs of each, after one that is not counted.
pub(super) const RUNS: usize = 15;

/// Milliseconds of the processor that `run` takes in this thread, at the median. What it
/// answers is dropped outside.
pub(super) fn milliseconds<T>(mut run: impl FnMut() -> T) -> f64 {
    together(&mut [&mut || timed(&mut run)]).pop().unwrap_or_default()
}

/// The same of two, by turns: what disturbs one disturbs the other.
pub(super) fn compared<A, B>(mut one: impl FnMut() -> A, mut other: impl FnMut() -> B) -> [f64; 2] {
    let both = together(&mut [&mut || timed(&mut one), &mut || timed(&mut other)]);
    <[f64; 2]>::try_from(both).unwrap_or_default()
}

fn timed<T>(run: &mut impl FnMut() -> T) -> f64 {
    let start = ThreadTime::now();
    let answer = black_box(run());
    let took = start.elapsed();
    drop(answer);
    took.as_secs_f64() * 1000.0
}

fn together(runs: &mut [&mut dyn FnMut() -> f64]) -> Vec<f64> {
    let mut took = vec![Vec::with_capacity(RUNS); runs.len()];
    for round in 0..=RUNS {
        for (run, took) in runs.iter_mut().zip(&mut took) {
            let one = run();
            if round > 0 {
                took.push(one);
            }
        }
    }
    took.into_iter().map(median).collect()
}

fn median(mut took: Vec<f64>) -> f64 {
    took.sort_by(f64::total_cmp);
    took.get(took.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_that_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }

    #[test]
    fn work_takes_time_and_more_work_more() {
        let work = |rounds: u64| move || (0..rounds).fold(0_u64, |sum, n| black_box(sum ^ n));
        let [little, much] = compared(work(1_000), work(1_000_000));
        assert!(little < much, "{little} {much}");
    }
}
