//! What a permission set's parts have to look like, from sso-admin's API model.

/// The longest that a session may be told in: the model's `SessionDuration`.
const LONGEST_TEXT: usize = 100;

/// A session of a permission set takes one to twelve hours, in seconds (Identity
/// Center user guide, "Set session duration for AWS accounts").
const SESSION: std::ops::RangeInclusive<u64> = 3600..=43_200;

/// Whether `text` is a duration of one to twelve hours in ISO 8601.
#[must_use]
pub fn is_session_duration(text: &str) -> bool {
    text.len() <= LONGEST_TEXT && seconds(text).is_some_and(|seconds| SESSION.contains(&seconds))
}

/// The seconds of a duration of hours, minutes and seconds, such as `PT1H30M`.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT").filter(|rest| !rest.is_empty())?;
    let mut all = 0_u64;
    for (unit, length) in [('H', 3600), ('M', 60), ('S', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            all = all.checked_add(number.parse::<u64>().ok()?.checked_mul(length)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(all)
}

/// Whether `text` may describe a permission set: 1 to 700 characters of Latin-1.
#[must_use]
pub fn is_description(text: &str) -> bool {
    let fits =
        |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' | '\u{a1}'..='\u{ff}');
    (1..=700).contains(&text.chars().count()) && text.chars().all(fits)
}

/// Whether `text` may be where a session begins: 1 to 240 characters of a URL.
#[must_use]
pub fn is_relay_state(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "&$@#\\/%?=~-_'\"|!:,.;*+[] (){}".contains(c);
    (1..=240).contains(&text.chars().count()) && text.chars().all(fits)
}

/// Whether `arn` is the ARN of a policy that AWS manages:
/// `arn:aws…:iam::aws:policy/` with a path, 20 to 2,048 characters.
#[must_use]
pub fn is_managed_policy(arn: &str) -> bool {
    let policy = arn
        .strip_prefix("arn:")
        .and_then(|rest| rest.split_once(':'))
        .filter(|(partition, _)| crate::model::ids::is_partition(partition))
        .and_then(|(_, rest)| rest.strip_prefix("iam::aws:policy/"));
    (20..=2048).contains(&arn.len())
        && policy.is_some_and(|name| name.split('/').all(|part| is_name(part, ".,+@=_-")))
}

/// Whether `name` is the name of a policy of one's own: 1 to 128 of `[\w+=,.@-]`.
#[must_use]
pub fn is_policy_name(name: &str) -> bool {
    (1..=128).contains(&name.len()) && is_name(name, "_+=,.@-")
}

/// Whether `path` is a policy's path: `((/[A-Za-z0-9.,+@=_-]+)*)/`, 1 to 512 characters.
#[must_use]
pub fn is_policy_path(path: &str) -> bool {
    let within = path
        .strip_prefix('/')
        .and_then(|rest| if rest.is_empty() { Some("x") } else { rest.strip_suffix('/') });
    path.len() <= 512
        && within.is_some_and(|parts| parts.split('/').all(|part| is_name(part, ".,+@=_-")))
}

/// Whether `text` may be an inline policy by its characters: Latin-1, printable, not empty.
#[must_use]
pub fn is_policy_text(text: &str) -> bool {
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
    !text.is_empty() && text.chars().all(fits)
}

fn is_name(text: &str, also: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_takes_one_to_twelve_hours() {
        for good in ["PT1H", "PT12H", "PT1H30M", "PT90M", "PT3600S", "PT11H59M60S"] {
            assert!(is_session_duration(good), "{good}");
        }
        for bad in ["PT59M", "PT12H1S", "PT0H", "1H", "4h", "PT", "P1D", "PT1M1H", "PT1H ", ""] {
            assert!(!is_session_duration(bad), "{bad}");
        }
    }

    #[test]
    fn managed_policies_are_told_by_their_arns() {
        assert!(is_managed_policy("arn:aws:iam::aws:policy/ReadOnlyAccess"));
        assert!(is_managed_policy("arn:aws-us-gov:iam::aws:policy/job-function/Billing"));
        assert!(!is_managed_policy("arn:aws:iam::111122223333:policy/Mine"));
        assert!(!is_managed_policy("arn:aws:iam::aws:policy/job-function/"));
        assert!(!is_managed_policy("ReadOnlyAccess"));
    }

    #[test]
    fn names_paths_and_texts_follow_the_model() {
        assert!(is_policy_name("Team=Boundary,1") && !is_policy_name("a/b"));
        assert!(is_policy_path("/") && is_policy_path("/vend/team/"));
        assert!(!is_policy_path("//") && !is_policy_path("vend/") && !is_policy_path("/vend"));
        assert!(is_policy_text("{\n}") && !is_policy_text("\u{2013}") && !is_policy_text(""));
        assert!(is_description("Zugang für alle") && !is_description(""));
        assert!(!is_description(&"x".repeat(701)));
        assert!(is_relay_state("https://console.aws.amazon.com/ec2?region=us-east-1"));
        assert!(!is_relay_state("<script>"));
    }
}
