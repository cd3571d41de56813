//! Somebody who is told, without the address that it takes to reach them.

use std::fmt;

/// Somebody who is told. Keeps of an address only what it takes to recognize it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    protocol: String,
    masked: String,
    confirmed: bool,
}

impl Subscription {
    /// The subscription of `endpoint` by `protocol` (`email`, `sqs` and so on).
    #[must_use]
    pub fn new(protocol: &str, endpoint: &str, confirmed: bool) -> Self {
        Self { protocol: protocol.to_owned(), masked: masked(endpoint), confirmed }
    }

    /// Whether whoever it is has said yes to it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }
}

impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.protocol, self.masked)
    }
}

/// Of an e-mail address the first letter and the domain, of a URL the host, of a number its
/// end; an ARN whole.
fn masked(endpoint: &str) -> String {
    if endpoint.starts_with("arn:") {
        return endpoint.to_owned();
    }
    if let Some((scheme, rest)) = endpoint.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        return format!("{scheme}://{host}/…");
    }
    match endpoint.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}…@{domain}", local.chars().take(1).collect::<String>())
        }
        None => {
            let hidden = endpoint.chars().count().saturating_sub(2);
            format!("…{}", endpoint.chars().skip(hidden).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_is_kept_whole() {
        for (endpoint, told) in [
            ("jane.doe@example.com", "j…@example.com"),
            ("+491701234567", "…67"),
            ("https://hooks.example.com/services/SECRET?token=x", "https://hooks.example.com/…"),
            ("https://user:secret@example.com/", "https://example.com/…"),
            ("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q"),
            ("@", "…@"),
            ("", "…"),
        ] {
            assert_eq!(Subscription::new("x", endpoint, true).to_string(), format!("x {told}"));
        }
        let debugged = format!("{:?}", Subscription::new("email", "jane.doe@example.com", true));
        assert!(!debugged.contains("jane"), "{debugged}");
    }
}
