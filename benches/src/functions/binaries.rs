//! The release binaries: built, found, and weighed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::Value;

/// The functions.
pub(super) const FUNCTIONS: [&str; 3] = ["intake", "provision", "handover"];

/// Builds the function as it is deployed, in the target folder in use; answers its executable.
pub(super) fn build(function: &str) -> anyhow::Result<PathBuf> {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--message-format=json"]);
    for built in FUNCTIONS {
        build.args(["-p", built]);
    }
    build.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit());
    let output = build.output().with_context(|| format!("run {build:?}"))?;
    ensure!(output.status.success(), "{build:?} ended with {}", output.status);
    let messages = String::from_utf8(output.stdout)?;
    let executable = messages.lines().find_map(|line| executable(line, function));
    executable.with_context(|| format!("cargo has built no {function}"))
}

/// The executable that a message of cargo's tells of, if it is the function's.
fn executable(message: &str, function: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message["executable"].as_str()?;
    (message["target"]["name"] == function).then(|| PathBuf::from(path))
}

/// Its size, and the size of what is uploaded, in bytes: a zip stores one file deflated.
pub(super) fn sizes(executable: &Path) -> anyhow::Result<(usize, usize)> {
    let content = std::fs::read(executable)?;
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(&content)?;
    Ok((content.len(), deflated.finish()?.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_the_functions() {
        let message = r#"{"reason":"compiler-artifact","target":{"name":"intake"},
            "executable":"/target/release/intake"}"#;
        assert_eq!(executable(message, "intake"), Some("/target/release/intake".into()));
        assert_eq!(executable(message, "provision"), None);
        let library =
            r#"{"reason":"compiler-artifact","target":{"name":"intake"},"executable":null}"#;
        assert_eq!(executable(library, "intake"), None);
        assert_eq!(executable("   Compiling", "intake"), None);
    }
}
