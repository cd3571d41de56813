//! Where CloudFormation waits for an answer.

use std::fmt;

/// A pre-signed URL of S3's, and so a secret: whoever has it can answer. It is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl {
    origin: String,
    path_and_query: String,
}

/// Hosts of this machine, where the connection needs no TLS.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

impl ResponseUrl {
    /// Reads a URL: `https`, or `http` to this machine itself.
    ///
    /// # Errors
    /// A text that says what is wrong, without the URL.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        let (scheme, rest) = text.split_once("://").ok_or("it is no URL")?;
        let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path_and_query) = rest.split_at(end);
        if !printable || authority.is_empty() {
            return Err("it is no URL");
        }
        if authority.contains('@') {
            return Err("it names a user");
        }
        if scheme != "https" && !(scheme == "http" && LOOPBACK.contains(&host(authority))) {
            return Err("it is not https");
        }
        let slash = if path_and_query.starts_with('/') { "" } else { "/" };
        Ok(Self {
            origin: format!("{scheme}://{authority}"),
            path_and_query: format!("{slash}{path_and_query}"),
        })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What follows, as it is signed.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }
}

/// The host of `host:port`.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseUrl(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presigned_url_is_kept_as_it_is_signed_and_never_printed() {
        let text = "https://bucket.s3.amazonaws.com/arn%3Aaws%3A%7Cx?Signature=a%2Bb%3D&Expires=1";
        let url = ResponseUrl::new(text).unwrap();
        assert_eq!(format!("{}{}", url.origin(), url.path_and_query()), text);
        assert_eq!(format!("{url:?}"), "ResponseUrl(..)");
    }

    #[test]
    fn a_url_has_a_path_and_no_fragment() {
        for (text, path) in [
            ("https://example.com", "/"),
            ("https://example.com?x=1", "/?x=1"),
            ("https://example.com/a?b=c/d#e", "/a?b=c/d"),
        ] {
            let url = ResponseUrl::new(text).unwrap();
            assert_eq!((url.origin(), url.path_and_query()), ("https://example.com", path));
        }
    }

    #[test]
    fn only_tls_and_this_machine_are_spoken_to() {
        for text in ["http://127.0.0.1:4566/x", "http://localhost:1/", "http://[::1]:9/y?z=1"] {
            assert!(ResponseUrl::new(text).is_ok(), "{text}");
        }
        for (text, wrong) in [
            ("http://example.com/x", "it is not https"),
            ("http://127.0.0.1.example.com/", "it is not https"),
            ("ftp://127.0.0.1/", "it is not https"),
            ("https://user:secret@example.com/", "it names a user"),
            ("http://localhost@example.com/", "it names a user"),
            ("http://[::1", "it is not https"),
            ("/just/a/path", "it is no URL"),
            ("https:///path", "it is no URL"),
            ("", "it is no URL"),
            ("https://exa mple.com", "it is no URL"),
        ] {
            assert_eq!(ResponseUrl::new(text).unwrap_err(), wrong, "{text}");
        }
    }
}
