//! An allocator that counts, so that a bound on memory can be asserted.
//!
//! It counts by thread: what other tests do at the same time does not matter.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting. To be a program's `#[global_allocator]`;
/// without it every [`Peak`] is 0.
#[derive(Debug)]
pub struct Counting;

fn count(bytes: isize) {
    // While a thread ends its counters are gone, and nobody asks for them any more.
    let _ended = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        PEAK.with(|peak| peak.set(peak.get().max(live.get())));
    });
}

fn signed(bytes: usize) -> isize {
    isize::try_from(bytes).unwrap_or(isize::MAX)
}

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe by contract; each call is handed on as it is"
)]
// SAFETY: every call goes to `System` unchanged; counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // A large block grows where it is, or its pages are put elsewhere: it is not copied.
        count(signed(size) - signed(layout.size()));
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// The most bytes that this thread held at a time, beyond what it held at the start.
#[derive(Debug)]
pub struct Peak {
    before: isize,
}

impl Peak {
    /// Starts measuring; what was measured before is forgotten.
    #[must_use]
    pub fn start() -> Self {
        let before = LIVE.get();
        PEAK.set(before);
        Self { before }
    }

    /// Bytes so far.
    #[must_use]
    pub fn bytes(&self) -> usize {
        usize::try_from(PEAK.get() - self.before).unwrap_or(0)
    }
}
