//! The compiled functions.

use std::path::Path;

/// The functions.
pub const FUNCTIONS: [&str; 3] = ["intake", "provision", "handover"];

/// The executable of `function`, from the function's own main.
pub fn executable(function: &str) -> &'static Path {
    let path = match function {
        "intake" => env!("CARGO_BIN_EXE_intake-under-test"),
        "provision" => env!("CARGO_BIN_EXE_provision-under-test"),
        "handover" => env!("CARGO_BIN_EXE_handover-under-test"),
        other => panic!("there is no function {other}"),
    };
    Path::new(path)
}
