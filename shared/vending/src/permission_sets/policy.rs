//! The policies that a permission set refers to: AWS's own, and those of each account.

use std::fmt;

/// A policy that AWS manages, by path and name as in `job-function/Billing`. The partition
/// is left out: it is the instance's, and one file serves them all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ManagedPolicy(String);

/// A policy that each account has under this name and path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyReference {
    name: String,
    path: String,
}

/// The text means no policy; completes "the text …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFlaw {
    /// Neither a name nor an ARN of a policy that AWS manages.
    #[error("is not the name or the ARN of a policy that AWS manages")]
    NotManaged,
    /// The ARN of an account's own policy.
    #[error("is a policy of one account")]
    OfAnAccount,
    /// No name of a policy.
    #[error("is not the name of a policy")]
    Name,
    /// No path of a policy.
    #[error("is not the path of a policy")]
    Path,
}

impl ManagedPolicy {
    /// The longest ARN (sso-admin's `ManagedPolicyArn`).
    const LONGEST: usize = 2048;

    /// The policy that `text`, its name with or without its path, or its ARN, means.
    ///
    /// # Errors
    /// When it means none.
    pub fn new(text: &str) -> Result<Self, PolicyFlaw> {
        let name = match text.strip_prefix("arn:") {
            None => text,
            Some(arn) => name_in(arn)?,
        };
        let fits = name.len() + "arn:aws-us-gov:iam::aws:policy/".len() <= Self::LONGEST;
        if !fits || !name.split('/').all(|part| is_made_of(part, ".,+=@_-")) {
            return Err(PolicyFlaw::NotManaged);
        }
        Ok(Self(name.to_owned()))
    }

    /// Its ARN in that partition.
    #[must_use]
    pub fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy/{}", self.0)
    }
}

/// The path and name in `PARTITION:iam::aws:policy/…`.
fn name_in(arn: &str) -> Result<&str, PolicyFlaw> {
    let (partition, rest) = arn.split_once(':').ok_or(PolicyFlaw::NotManaged)?;
    let rest = rest.strip_prefix("iam::").ok_or(PolicyFlaw::NotManaged)?;
    if !partition.starts_with("aws") {
        return Err(PolicyFlaw::NotManaged);
    }
    let (account, name) = rest.split_once(":policy/").ok_or(PolicyFlaw::NotManaged)?;
    if account == "aws" { Ok(name) } else { Err(PolicyFlaw::OfAnAccount) }
}

impl fmt::Display for ManagedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PolicyReference {
    /// The policy of that name and path.
    ///
    /// # Errors
    /// When one of them is none: a name has 1 to 128 of letters, digits and `_+=,.@-`; a path
    /// begins and ends with `/` and has at most 512 characters (IAM's `CreatePolicy`).
    pub fn new(name: &str, path: &str) -> Result<Self, PolicyFlaw> {
        if !(1..=128).contains(&name.len()) || !is_made_of(name, "_+=,.@-") {
            return Err(PolicyFlaw::Name);
        }
        if path.len() > 512 || !is_path(path) {
            return Err(PolicyFlaw::Path);
        }
        Ok(Self { name: name.to_owned(), path: path.to_owned() })
    }

    /// Its name, unique in an account.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its path, `/` or `/…/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Its path and name.
impl fmt::Display for PolicyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path, self.name)
    }
}

fn is_path(path: &str) -> bool {
    let within = path.strip_prefix('/').and_then(|path| path.strip_suffix('/'));
    path == "/"
        || within.is_some_and(|within| within.split('/').all(|part| is_made_of(part, ".,+@=_-")))
}

fn is_made_of(text: &str, also: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_managed_policy_is_the_same_in_every_partition() {
        let billing = ManagedPolicy::new("job-function/Billing").unwrap();
        for arn in [billing.arn("aws"), billing.arn("aws-us-gov"), billing.arn("aws-cn")] {
            assert_eq!(ManagedPolicy::new(&arn), Ok(billing.clone()), "{arn}");
        }
        assert_eq!(billing.arn("aws-cn"), "arn:aws-cn:iam::aws:policy/job-function/Billing");
    }

    #[test]
    fn what_is_none_says_why() {
        let flaw = |text: &str| ManagedPolicy::new(text).unwrap_err();
        assert_eq!(flaw("arn:aws:iam::111122223333:policy/Mine"), PolicyFlaw::OfAnAccount);
        for text in
            ["", "Read Only", "a//b", "/x", "arn:aws:iam::aws:role/x", "arn:x:iam::aws:policy/x"]
        {
            assert_eq!(flaw(text), PolicyFlaw::NotManaged, "{text}");
        }
        assert_eq!(flaw(&"x".repeat(2048)), PolicyFlaw::NotManaged);
    }

    #[test]
    fn a_reference_is_a_name_and_a_path() {
        let edge = PolicyReference::new("Edge", "/vend/team/").unwrap();
        assert_eq!(edge.to_string(), "/vend/team/Edge");
        assert_eq!(PolicyReference::new("Edge", "/").unwrap().to_string(), "/Edge");
        assert_eq!(PolicyReference::new("no name", "/"), Err(PolicyFlaw::Name));
        assert_eq!(PolicyReference::new("", "/"), Err(PolicyFlaw::Name));
        for path in ["", "vend", "/vend", "vend/", "//", "/a//b/"] {
            assert_eq!(PolicyReference::new("Edge", path), Err(PolicyFlaw::Path), "{path}");
        }
    }

    #[test]
    fn a_reference_tells_its_path_apart_from_its_name() {
        let reference = PolicyReference::new("Power", "/team/a/").unwrap();
        assert_eq!((reference.path(), reference.name()), ("/team/a/", "Power"));
    }
}
