//! Tests of Vend as a whole; see `tests/`. There is nothing in the library.
