//! A compiled function as Lambda runs it: a process with an environment of its
//! own that asks the Runtime API for one event after the other.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::binaries::executable;
use crate::logs;
use crate::server::{Answer, RuntimeApi};

/// The variables of a function.
pub type Variables = Vec<(&'static str, String)>;

/// How long a process that is to end may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A function that runs. Dropping it stops it.
pub struct Running {
    name: &'static str,
    runtime: RuntimeApi,
    child: Child,
    output: TempDir,
    invocations: u32,
    failures: usize,
}

impl Running {
    /// Starts `function` with `variables`, those that Lambda itself sets, and no others.
    pub async fn start(function: &'static str, variables: Variables) -> Self {
        let runtime = RuntimeApi::start().await;
        let output = tempfile::tempdir().unwrap();
        let child = Command::new(executable(function))
            .env_clear()
            .envs(of_lambda(function, &runtime))
            .envs(variables)
            .current_dir(output.path())
            .stdin(Stdio::null())
            .stdout(File::create(output.path().join("stdout")).unwrap())
            .stderr(File::create(output.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        Self { name: function, runtime, child, output, invocations: 0, failures: 0 }
    }

    /// The answer to `event`.
    pub async fn invoke(&mut self, event: &Value) -> Answer {
        self.invocations += 1;
        let id = format!("00000000-0000-4000-8000-{:012}", self.invocations);
        let answer = self.runtime.invoke(&id, event.clone()).await;
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "{} has ended: {}", self.name, self.output());
        let answer =
            answer.unwrap_or_else(|| panic!("{} does not answer: {}", self.name, self.output()));
        self.failures += usize::from(matches!(answer, Answer::Error { .. }));
        answer
    }

    /// The answer to `event`, which must not be an error.
    pub async fn succeed(&mut self, event: &Value) -> Value {
        match self.invoke(event).await {
            Answer::Success(answer) => answer,
            error @ Answer::Error { .. } => panic!("{}: {error:?}: {}", self.name, self.output()),
        }
    }

    /// Waits for a process that ends by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let wait = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }

    /// Stops it, and checks what it has logged; answers its metrics.
    pub fn stop(self) -> Vec<Value> {
        logs::check(&self.output(), self.failures)
    }

    /// Everything written to standard output and standard error.
    pub fn output(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.file(name)).unwrap();
        format!("{}{}", read("stdout"), read("stderr"))
    }

    fn file(&self, name: &str) -> impl AsRef<Path> + use<> {
        self.output.path().join(name)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and leaves nothing to be done.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What Lambda sets (Lambda developer guide, "Defined runtime environment
/// variables"), but for the credentials and the Region.
fn of_lambda(function: &str, runtime: &RuntimeApi) -> Variables {
    vec![
        ("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", function.to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{function}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]0123456789abcdef".to_owned()),
    ]
}
