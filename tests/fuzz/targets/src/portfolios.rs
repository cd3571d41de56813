//! Any bytes as a portfolio file.

#![no_main]

#[global_allocator]
static COUNTING: fuzz::Counting = fuzz::Counting;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::portfolios(bytes));
