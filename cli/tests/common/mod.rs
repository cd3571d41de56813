//! The compiled program as an operator runs it, and a `vend local --serve` for it to
//! work with.
#![expect(dead_code, reason = "each test binary uses a part")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use aws_credential_types::Credentials;
use local_cloud::{ACCESS_KEY, SECRET_KEY};
use serde_json::Value;
use tempfile::TempDir;
use vending::ledger::{BatchId, ObjectRef};
use vending_aws::{Clients, fixed_config};

/// When the virtual time of every served cloud begins.
pub const START: &str = "2026-01-21T12:00:00Z";

/// The bucket that lists are dropped into.
pub const BUCKET: &str = "vend-lists";

/// The program with these arguments, and nothing of the environment.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vend"));
    command.env_clear().env("HOME", "/nonexistent").args(arguments).stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub fn vend(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The JSON document on standard output.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", stdout(output), stderr(output)))
}

/// A file of `samples/`.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples").join(name)
}

/// A list with a good row for each of these names.
pub fn list(names: &[&str]) -> String {
    let mut text =
        "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit\n"
            .to_owned();
    for name in names {
        text.push_str(&format!(
            "{name},ana.silva@example.com,{name}@example.com,Ana,Silva,Test-OU-2\n"
        ));
    }
    text
}

/// Checks that a pipe gets no escape code, and no line wider than 80 columns.
pub fn assert_plain(text: &str) {
    assert!(!text.contains('\u{1b}'), "an escape code: {text:?}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
}

/// A `vend local --serve` of its own, until it is dropped.
pub struct Served {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
    /// A folder for files; it goes when this is dropped.
    pub folder: TempDir,
}

impl Served {
    /// Starts it with these arguments more, and waits until it answers: where a list is
    /// among them, until that list has come to its end.
    pub fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state").display().to_string();
        let errors = File::create(folder.path().join("stderr")).unwrap();
        let mut command = command(&["local", "--serve=127.0.0.1:0", "--start", START]);
        command.args(["--state", &state]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| address_in(&line.unwrap()));
        let Some(address) = address else {
            panic!(
                "it is not up: {}",
                std::fs::read_to_string(folder.path().join("stderr")).unwrap()
            )
        };
        // Whatever it prints later must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, folder }
    }

    /// The program with these arguments, working with this cloud.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.arg(format!("--local={}", self.address));
        command
    }

    /// Runs the program to its end.
    pub fn vend(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it with `--json`, and answers the document.
    pub fn json(&self, arguments: &[&str]) -> Value {
        json(&self.command(arguments).arg("--json").output().unwrap())
    }

    /// Writes a file into the folder, and answers its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Drops a list into the bucket, as any S3 client does, and answers its batch's id.
    pub fn upload(&self, key: &str, text: &str) -> String {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let put = self.clients().s3().put_object().bucket(BUCKET).key(key);
        let put = put.body(text.as_bytes().to_vec().into()).send();
        let version = runtime.block_on(put).unwrap().version_id;
        let object = ObjectRef { bucket: BUCKET.into(), key: key.into(), version };
        BatchId::of(&object).to_string()
    }

    /// The clients of its APIs.
    pub fn clients(&self) -> Clients {
        let credentials = Credentials::from_keys(ACCESS_KEY, SECRET_KEY, None);
        let http_client = aws_smithy_http_client::Builder::new().build_http();
        let endpoint = format!("http://{}", self.address);
        Clients::new(fixed_config(http_client, &endpoint, "us-east-1", credentials))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The address in the line that says that the endpoints are up.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("The endpoints are up at http://")?;
    rest.split_whitespace().next()?.parse().ok()
}
