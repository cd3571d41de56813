//! The ids AWS makes and the patterns they follow, from the services' own
//! API models (botocore's `service-2.json` of each).

use rand::{Rng, RngExt};

/// Whether `id` is an account id: `^\d{12}$`.
#[must_use]
pub fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `id` is an organization id: `^o-[a-z0-9]{10,32}$`.
#[must_use]
pub fn is_organization(id: &str) -> bool {
    id.strip_prefix("o-").is_some_and(|rest| is_lower(rest, 10))
}

/// Whether `id` is a root id: `^r-[0-9a-z]{4,32}$`.
#[must_use]
pub fn is_root(id: &str) -> bool {
    id.strip_prefix("r-").is_some_and(|rest| is_lower(rest, 4))
}

/// Whether `id` is an organizational unit id: `^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`.
#[must_use]
pub fn is_unit(id: &str) -> bool {
    id.strip_prefix("ou-")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(root, unit)| is_lower(root, 4) && is_lower(unit, 8))
}

/// Whether `arn` is an Identity Center instance's:
/// `arn:aws…:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}`.
#[must_use]
pub fn is_instance(arn: &str) -> bool {
    after_partition(arn)
        .and_then(|rest| rest.strip_prefix("sso:::instance/"))
        .is_some_and(is_instance_id)
}

/// Whether `arn` is a permission set's:
/// `arn:aws…:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}`.
#[must_use]
pub fn is_permission_set(arn: &str) -> bool {
    after_partition(arn)
        .and_then(|rest| rest.strip_prefix("sso:::permissionSet/"))
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(instance, set)| {
            is_instance_id(instance) && set.strip_prefix("ps-").is_some_and(is_permission_set_id)
        })
}

/// Whether `id` is what stands behind `ps-` in a permission set's ARN.
#[must_use]
pub fn is_permission_set_id(id: &str) -> bool {
    is_sixteen(id, "-./")
}

/// Whether `name` is a permission set's name: `[\w+=,.@-]+`, 1-32 characters.
#[must_use]
pub fn is_permission_set_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "_+=,.@-".contains(c);
    (1..=32).contains(&name.chars().count()) && name.chars().all(fits)
}

/// Whether `id` is a user's or a group's: `([0-9a-f]{10}-|)` and a UUID.
#[must_use]
pub fn is_principal(id: &str) -> bool {
    let uuid = match id.len() {
        47 => id.split_at_checked(11).filter(|(store, _)| {
            store.ends_with('-') && is_hex(&store[..10]) && *store == store.to_ascii_lowercase()
        }),
        _ => Some(("", id)),
    };
    uuid.is_some_and(|(_, uuid)| is_uuid(uuid))
}

/// Whether `id` is an identity store's: `d-[0-9a-f]{10}` or a UUID.
#[must_use]
pub fn is_identity_store(id: &str) -> bool {
    id.strip_prefix("d-").is_some_and(|rest| rest.len() == 10 && is_hex(rest)) || is_uuid(id)
}

/// Whether `id` is a UUID of either case.
#[must_use]
pub fn is_uuid(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| is_hex(part))
}

/// Whether `email` is an account's address as Organizations' model has it:
/// 6-64 characters, `[^\s@]+@[^\s@]+\.[^\s@]+`.
#[must_use]
pub fn is_account_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else {
        return false;
    };
    let dotted =
        domain.rsplit_once('.').is_some_and(|(host, top)| !host.is_empty() && !top.is_empty());
    (6..=64).contains(&email.chars().count())
        && !local.is_empty()
        && dotted
        && !domain.contains('@')
        && !email.contains(char::is_whitespace)
}

/// A new UUID of version 4, lower case.
pub fn new_uuid(chance: &mut impl Rng) -> String {
    let bits: u128 = chance.random();
    let hex = format!("{:032x}", (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// A new account id: twelve digits, the first not a nought.
pub fn new_account(chance: &mut impl Rng) -> String {
    chance.random_range(100_000_000_000_u64..1_000_000_000_000).to_string()
}

fn after_partition(arn: &str) -> Option<&str> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
    is_partition(partition).then_some(rest)
}

/// Whether `partition` is `aws(-[a-z]{1,5}){0,3}`.
#[must_use]
pub fn is_partition(partition: &str) -> bool {
    let mut parts = partition.split('-');
    let first = parts.next() == Some("aws");
    let rest: Vec<&str> = parts.collect();
    let fits = |part: &&str| {
        (1..=5).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    first && rest.len() <= 3 && rest.iter().all(fits)
}

fn is_instance_id(id: &str) -> bool {
    id.strip_prefix("sso")
        .unwrap_or(id)
        .strip_prefix("ins-")
        .is_some_and(|rest| is_sixteen(rest, "-."))
}

fn is_sixteen(id: &str, also: &str) -> bool {
    id.len() == 16 && id.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
}

fn is_lower(id: &str, shortest: usize) -> bool {
    (shortest..=32).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn is_hex(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn ids_follow_the_models_patterns() {
        assert!(is_account("123456789012") && !is_account("Not Available") && !is_account("1234"));
        assert!(
            is_unit("ou-aaaa-bbbbcccc") && !is_unit("ou-aaaa-bbb") && !is_unit("ou-AAAA-bbbbcccc")
        );
        assert!(is_root("r-aaaa") && !is_root("ou-aaaa-bbbbcccc"));
        assert!(is_organization("o-exampleorg") && !is_organization("o-short"));
        assert!(is_instance("arn:aws:sso:::instance/ssoins-7223aaaabbbbcccc"));
        assert!(is_instance("arn:aws-us-gov:sso:::instance/ins-7223aaaabbbbcccc"));
        assert!(!is_instance("arn:aws:sso:::instance/ssoins-short"));
        assert!(is_permission_set(
            "arn:aws:sso:::permissionSet/ssoins-7223aaaabbbbcccc/ps-0123456789abcdef"
        ));
        assert!(!is_permission_set("arn:aws:sso:::permissionSet/ssoins-7223aaaabbbbcccc"));
        assert!(is_identity_store("d-1234567890") && !is_identity_store("d-12345"));
    }

    #[test]
    fn a_principal_is_a_uuid_with_or_without_its_store() {
        assert!(is_principal("9267aaaaaa-1b2c3d4e-0000-4000-8000-000000000001"));
        assert!(is_principal("1b2c3d4e-0000-4000-8000-000000000001"));
        assert!(!is_principal("9267AAAAAA-1b2c3d4e-0000-4000-8000-000000000001"));
        assert!(!is_principal("é267aaaaa-1b2c3d4e-0000-4000-8000-000000000001"));
        assert!(!is_principal("Platform-Admins"));
    }

    #[test]
    fn new_ids_are_well_formed_and_repeated_by_the_seed() {
        let draw = || {
            let mut chance = ChaCha8Rng::seed_from_u64(7);
            (new_uuid(&mut chance), new_account(&mut chance))
        };
        let (uuid, account) = draw();
        assert!(is_uuid(&uuid) && is_account(&account), "{uuid} {account}");
        assert_eq!(&uuid[14..15], "4");
        assert_eq!((uuid, account), draw());
    }

    #[test]
    fn an_account_email_has_one_at_and_a_dot() {
        assert!(is_account_email("a@b.co") && is_account_email("user+tag@example.com"));
        assert!(!is_account_email("a@b.c") && !is_account_email("a b@example.com"));
        assert!(!is_account_email("a@b@example.com") && !is_account_email("example.com"));
    }
}
