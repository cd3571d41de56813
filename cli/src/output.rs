//! What goes to standard error: what went wrong, why, and what helps.

use std::fmt;
use std::io::Write;

use crate::terminal::{BAD, BUSY, paint};

/// A failure of which Vend knows what helps. It completes "failed to …".
#[derive(Debug)]
pub(crate) struct Hinted {
    what: String,
    hint: String,
}

impl Hinted {
    /// The failure `what`, and the `hint` what to do.
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Hinted {}

/// An error with its causes, each on a line of its own, and what helps.
pub(crate) fn error(error: &anyhow::Error) {
    let mut text = format!("{} failed to {error}\n", paint(BAD, "error:"));
    for cause in error.chain().skip(1) {
        text.push_str(&format!("  because: {cause}\n"));
    }
    if let Some(hint) = hint(error) {
        text.push_str(&format!("  {} {hint}\n", paint(BUSY, "hint:")));
    }
    // Nobody is left to tell where standard error is closed.
    drop(anstream::stderr().write_all(text.as_bytes()));
}

/// What helps: as the failure says itself, or as is known of what AWS said.
fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(hinted) = error.downcast_ref::<Hinted>() {
        return Some(hinted.hint.clone());
    }
    let chain: String = error.chain().map(|cause| format!("{cause}\n")).collect();
    KNOWN.iter().find(|(words, _)| chain.contains(words)).map(|(_, hint)| (*hint).to_owned())
}

/// What AWS and its SDK say in common troubles, and what helps.
const KNOWN: [(&str, &str); 9] = [
    (
        "ExpiredToken",
        "the credentials have expired: sign in again (aws sso login, or your company's way)",
    ),
    (
        "InvalidClientTokenId",
        "AWS does not know these credentials: see aws sts get-caller-identity",
    ),
    ("SignatureDoesNotMatch", "the secret access key is not the one of this access key"),
    (
        "no providers in chain provided credentials",
        "there are no credentials: sign in with the AWS CLI, choose a --profile, or try --local",
    ),
    (
        "the credential provider was not enabled",
        "there are no credentials: sign in with the AWS CLI, choose a --profile, or try --local",
    ),
    (
        "A region must be set",
        "give the home Region of Control Tower with --region, or set it in the profile",
    ),
    (
        "AccessDenied",
        "these credentials lack a right that the message names; infra/README.md lists what operators need",
    ),
    ("dispatch failure", "nobody answers there: is the network up, and the --region right?"),
    ("Throttl", "AWS had too many requests: the same command again carries on"),
];

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn what_helps_is_known_of_common_troubles() {
        let error =
            anyhow!("ExpiredTokenException: The token is expired").context("find the stack");
        assert!(hint(&error).is_some_and(|hint| hint.contains("sign in again")));
        assert_eq!(hint(&anyhow!("something else")), None);
        let known = anyhow!("cause").context(Hinted::new("find it", "look there"));
        assert_eq!(
            (known.to_string(), hint(&known)),
            ("find it".into(), Some("look there".into()))
        );
    }
}
