//! Any bytes as an event.

#![no_main]

#[global_allocator]
static COUNTING: fuzz::Counting = fuzz::Counting;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::event(bytes));
