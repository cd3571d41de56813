//! What becomes of a permission set, in words.

use vending::permission_sets::{Difference, FieldChange, Kind, Outcome};

use crate::status::words::{count, shorten};

/// What would become of it, or will.
pub(super) fn plan(difference: &Difference, will: bool) -> String {
    let verb = if will { "will be" } else { "would be" };
    let into = into(difference.accounts().len());
    match (difference.kind(), difference.accounts()) {
        (Kind::Create, _) => format!("{verb} created"),
        (Kind::Change, []) => format!("{verb} changed; no account holds it"),
        (Kind::Change, _) => format!("{verb} changed, and brought {into}"),
        (Kind::Provision, _) => format!("{verb} brought {into}, where an older one is held"),
        (Kind::Same, _) => "is as declared".to_owned(),
    }
}

/// What became of it.
pub(super) fn outcome(difference: &Difference, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Same => "is as declared".to_owned(),
        Outcome::Done { accounts } => done(difference.kind(), accounts.len()),
        Outcome::Refused(refusal) => format!("was {refusal}"),
        Outcome::NotProvisioned { why, accounts } => {
            let named = accounts.join(", ");
            let (why, some) = (why.trim_end_matches('.'), count(accounts.len(), "account"));
            format!("is as declared, but could not be brought into {some} ({named}): {why}")
        }
        Outcome::GaveUp(why) => format!("was given up: {why}"),
        Outcome::Unknown(error) => {
            let source = std::error::Error::source(error).map(ToString::to_string);
            format!("may have been changed: {error}: {}", source.unwrap_or_default())
        }
    }
}

fn done(kind: Kind, accounts: usize) -> String {
    let done = if kind == Kind::Create { "was created" } else { "was changed" };
    match (kind, accounts) {
        (Kind::Provision, some) => format!("was brought {}", into(some)),
        (_, 0) => done.to_owned(),
        (_, some) => format!("{done}, and brought {}", into(some)),
    }
}

fn into(accounts: usize) -> String {
    format!("into {}", count(accounts, "account"))
}

/// One part that becomes another, in a line of `width`.
pub(super) fn change(change: &FieldChange, width: usize) -> String {
    let FieldChange { field, before, after } = change;
    let text = match (before, after) {
        (None, after) => format!("+ {field}: {}", after.as_deref().unwrap_or_default()),
        (Some(before), None) => format!("- {field}: {before}"),
        (Some(before), Some(after)) => {
            let each = width.saturating_sub(field.to_string().len() + 8) / 2;
            format!("~ {field}: {} -> {}", shorten(before, each), shorten(after, each))
        }
    };
    shorten(&text, width)
}

#[cfg(test)]
mod tests {
    use vending::permission_sets::{Field, Held, PermissionSet, PermissionSetName};
    use vending::ports::{CouldNotAsk, Refusal};

    use super::*;

    fn difference(accounts: &[&str], outdated: &[&str]) -> Difference {
        let set = PermissionSet::new(PermissionSetName::new("Team").unwrap());
        let texts = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        let (accounts, outdated) = (texts(accounts), texts(outdated));
        let actual = Held { arn: "arn".into(), set: set.clone(), accounts, outdated };
        Difference { declared: set, actual: Some(actual) }
    }

    #[test]
    fn every_plan_is_told() {
        let longer = |mut it: Difference| {
            it.declared.session = "2h".parse().unwrap();
            it
        };
        let new = Difference { actual: None, ..difference(&[], &[]) };
        assert_eq!(plan(&new, false), "would be created");
        assert_eq!(
            plan(&longer(difference(&[], &[])), true),
            "will be changed; no account holds it"
        );
        let held = longer(difference(&["1", "2"], &[]));
        assert_eq!(plan(&held, false), "would be changed, and brought into 2 accounts");
        let outdated = difference(&["1", "2"], &["2"]);
        let words = "would be brought into 1 account, where an older one is held";
        assert_eq!(plan(&outdated, false), words);
        assert_eq!(plan(&difference(&["1"], &[]), false), "is as declared");
    }

    #[test]
    fn every_outcome_is_told() {
        let it = difference(&["1"], &["1"]);
        let refusal =
            Refusal { code: "ServiceQuotaExceededException".into(), message: "no".into() };
        let failed =
            Outcome::NotProvisioned { why: "too many.".into(), accounts: vec!["1".into()] };
        for (ended, words) in [
            (Outcome::Same, "is as declared"),
            (Outcome::Done { accounts: vec!["1".into()] }, "was brought into 1 account"),
            (Outcome::Refused(refusal), "was refused with ServiceQuotaExceededException: no"),
            (failed, "is as declared, but could not be brought into 1 account (1): too many"),
            (Outcome::GaveUp("late".into()), "was given up: late"),
            (
                Outcome::Unknown(CouldNotAsk::new("AWS", "say", "silence")),
                "may have been changed: failed to ask AWS to say: silence",
            ),
        ] {
            assert_eq!(outcome(&it, &ended), words);
        }
        let new = Difference { actual: None, ..it };
        assert_eq!(outcome(&new, &Outcome::Done { accounts: Vec::new() }), "was created");
    }

    #[test]
    fn a_change_fits_its_line() {
        let long = "x".repeat(200);
        let it = |before: Option<&str>, after: Option<&str>| FieldChange {
            field: Field::InlinePolicy,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        for change in [it(None, Some(&long)), it(Some(&long), None), it(Some(&long), Some(&long))] {
            let line = super::change(&change, 60);
            assert!(line.chars().count() <= 60, "{line}");
        }
        assert_eq!(super::change(&it(Some("a"), Some("b")), 60), "~ inline policy: a -> b");
    }
}
