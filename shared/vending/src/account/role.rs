//! The ARN of a role, as Service Catalog wants a principal named.

use std::fmt;

/// The ARN of an IAM role, with its path if it has one: `arn:aws:iam::111122223333:role/vend`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn(String);

/// The text is no role's ARN. The ARN of a session of a role is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the ARN of an IAM role (arn:PARTITION:iam::ACCOUNT:role/NAME)")]
pub struct InvalidRoleArn(String);

/// Service Catalog's limit for the ARN of a principal (API reference,
/// `AssociatePrincipalWithPortfolio`), in characters.
const LONGEST: usize = 1_000;

impl RoleArn {
    /// Reads an ARN.
    ///
    /// # Errors
    /// [`InvalidRoleArn`] when it is not a role's.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidRoleArn> {
        let text = text.into();
        if is_role(&text) { Ok(Self(text)) } else { Err(InvalidRoleArn(text)) }
    }

    /// The ARN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts[..] else { return false };
    let account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let name = resource.strip_prefix("role/").is_some_and(is_path);
    let of_iam = arn == "arn" && !partition.is_empty() && service == "iam" && region.is_empty();
    of_iam && account && name && text.len() <= LONGEST
}

/// What IAM takes in paths and names of roles (API reference, `CreateRole`).
fn is_path(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'?' | b':');
    !text.is_empty() && !text.ends_with('/') && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_in_any_partition_with_its_path() {
        for arn in [
            "arn:aws:iam::111122223333:role/vend-provision",
            "arn:aws-us-gov:iam::111122223333:role/path/to/vend+x=1,2.3@4_5-6",
        ] {
            let role = RoleArn::new(arn).unwrap();
            assert_eq!((role.as_str(), role.to_string()), (arn, arn.to_owned()));
        }
    }

    #[test]
    fn what_is_no_role_is_refused_with_the_form() {
        let long = format!("arn:aws:iam::111122223333:role/{}", "x".repeat(1_000));
        for text in [
            "",
            "vend-provision",
            "arn:aws:sts::111122223333:assumed-role/vend/session",
            "arm:aws:iam::111122223333:role/vend",
            "arn::iam::111122223333:role/vend",
            "arn:aws:sts::111122223333:role/vend",
            "arn:aws:iam:eu-west-1:111122223333:role/vend",
            "arn:aws:iam:::role/vend",
            "arn:aws:iam::11112222333x:role/vend",
            "arn:aws:iam::111122223333:user/jane",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/path/",
            "arn:aws:iam::111122223333:role/vend*",
            "arn:aws:iam::111122223333:role/a b",
            &long,
        ] {
            let told = RoleArn::new(text).unwrap_err().to_string();
            assert!(told.ends_with("arn:PARTITION:iam::ACCOUNT:role/NAME)"), "{told}");
        }
    }
}
