//! Asking the person at the terminal.

use anyhow::{Context, Result};

use crate::output::Hinted;
use crate::terminal::{harmless, is_interactive};

/// Whether the list is to be uploaded.
///
/// # Errors
/// When nobody is there to ask.
pub(super) async fn upload(bucket: &str, key: &str) -> Result<bool> {
    if !is_interactive() {
        let hint = "add --yes, which answers the question";
        return Err(Hinted::new("ask whether to upload it: there is no terminal", hint).into());
    }
    let question = format!("Upload it to s3://{bucket}/{}? [y/N] ", harmless(key));
    let answer = tokio::task::spawn_blocking(move || prompt(&question)).await;
    Ok(is_yes(&answer.context("wait for an answer")?.context("read the answer")?))
}

fn prompt(question: &str) -> std::io::Result<String> {
    use std::io::Write;
    let mut out = std::io::stdout();
    out.write_all(question.as_bytes())?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(["y\n", "YES", " yes "].iter().all(|answer| is_yes(answer)));
        assert!(!["", "\n", "n", "yellow", "да"].iter().any(|answer| is_yes(answer)));
    }
}
