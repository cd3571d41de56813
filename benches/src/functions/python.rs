//! A function of Python with boto3, to compare with; only where there is Python 3.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The services that `handover` has clients of.
const SERVICES: [&str; 8] = [
    "dynamodb",
    "identitystore",
    "organizations",
    "s3",
    "servicecatalog",
    "sns",
    "sso-admin",
    "sts",
];

/// The Python of an environment below `target` that has boto3; `None` where there is no
/// Python, or boto3 cannot be installed.
pub(super) fn find(target: &Path) -> Option<PathBuf> {
    // The same environment, of the same requirements, as in the check of the wire face.
    let environment = target.join("contract-venv");
    let python = environment.join("bin/python");
    if succeeds(Command::new(&python).args(["-c", "import boto3"])) {
        return Some(python);
    }
    let requirements = folder().join("../tests/contract/requirements.txt");
    let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&environment))
        && succeeds(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                .arg(requirements),
        );
    made.then_some(python)
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The function, to be run by `python`.
pub(super) fn command(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg(folder().join("src/functions/function.py")).args(SERVICES);
    command
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
