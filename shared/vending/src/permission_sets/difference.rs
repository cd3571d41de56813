//! What lies between a declared permission set and the one that is there, field by field.

use std::collections::BTreeMap;
use std::fmt;

use super::{Held, PermissionSet, PermissionSetName, Step, steps};

/// What is to become of one declared permission set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As it is declared.
    pub declared: PermissionSet,
    /// As it is, where there is one of its name.
    pub actual: Option<Held>,
}

/// What is to become of a permission set, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is none of its name: it is made.
    Create,
    /// It is another: it is changed, and provisioned where it is held.
    Change,
    /// It is as declared, and some accounts hold an older one: it is provisioned there.
    Provision,
    /// There is nothing to do.
    Same,
}

/// A part of a permission set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// For people.
    Description,
    /// How long a session lasts.
    Session,
    /// Where a session begins.
    RelayState,
    /// A policy that AWS manages.
    ManagedPolicy,
    /// A policy of the accounts.
    CustomerManagedPolicy,
    /// Its own policy.
    InlinePolicy,
    /// What it can never go beyond.
    Boundary,
}

/// One part that becomes another, comes or goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// What it is; nothing where it comes.
    pub before: Option<String>,
    /// What it is to be; nothing where it goes.
    pub after: Option<String>,
}

impl Field {
    /// Its key in the file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Session => "session",
            Self::RelayState => "relay_state",
            Self::ManagedPolicy => "managed_policies",
            Self::CustomerManagedPolicy => "customer_managed_policies",
            Self::InlinePolicy => "inline_policy",
            Self::Boundary => "boundary",
        }
    }
}

/// As a person calls it.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Description => "description",
            Self::Session => "session",
            Self::RelayState => "relay state",
            Self::ManagedPolicy => "managed policy",
            Self::CustomerManagedPolicy => "customer managed policy",
            Self::InlinePolicy => "inline policy",
            Self::Boundary => "boundary",
        })
    }
}

/// What is to become of each declared set, in the order of the file; `actual` are those
/// that there are, by name.
#[must_use]
pub fn plan(
    declared: &[PermissionSet],
    actual: &BTreeMap<PermissionSetName, Held>,
) -> Vec<Difference> {
    let each = declared.iter().cloned();
    each.map(|declared| Difference { actual: actual.get(&declared.name).cloned(), declared })
        .collect()
}

impl Difference {
    /// What it is, in a word.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.actual {
            None => Kind::Create,
            Some(_) if !self.steps().is_empty() => Kind::Change,
            Some(held) if !held.outdated.is_empty() => Kind::Provision,
            Some(_) => Kind::Same,
        }
    }

    /// What has to be called for, once there is a set of that name.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let held = self.actual.as_ref().map(|held| &held.set);
        let new;
        let held = match held {
            Some(held) => held,
            None => {
                new = created(&self.declared);
                &new
            }
        };
        steps(&self.declared, held)
    }

    /// The ids of the accounts into which it is brought: all that hold it where it is
    /// changed, or else those that hold an older one.
    #[must_use]
    pub fn accounts(&self) -> &[String] {
        match (self.kind(), &self.actual) {
            (Kind::Change, Some(held)) => &held.accounts,
            (Kind::Provision, Some(held)) => &held.outdated,
            _ => &[],
        }
    }

    /// What becomes different, field by field.
    #[must_use]
    pub fn changes(&self) -> Vec<FieldChange> {
        let declared = &self.declared;
        let empty = PermissionSet::new(declared.name.clone());
        let actual = self.actual.as_ref().map_or(&empty, |held| &held.set);
        let mut changes = Vec::new();
        let text = |text: &Option<String>| text.clone();
        if declared.description.is_some() {
            changes.extend(changed(
                Field::Description,
                &text(&actual.description),
                &text(&declared.description),
            ));
        }
        let session = self.actual.as_ref().map(|held| held.set.session.to_string());
        changes.extend(changed(Field::Session, &session, &Some(declared.session.to_string())));
        changes.extend(changed(Field::RelayState, &actual.relay_state, &declared.relay_state));
        let (managed, wanted) = (&actual.managed_policies, &declared.managed_policies);
        changes.extend(listed(Field::ManagedPolicy, managed, wanted));
        let customer = &actual.customer_managed_policies;
        let wanted = &declared.customer_managed_policies;
        changes.extend(listed(Field::CustomerManagedPolicy, customer, wanted));
        let policy =
            |set: &PermissionSet| set.inline_policy.as_ref().map(super::InlinePolicy::text);
        changes.extend(changed(Field::InlinePolicy, &policy(actual), &policy(declared)));
        let bound = |set: &PermissionSet| set.boundary.as_ref().map(ToString::to_string);
        changes.extend(changed(Field::Boundary, &bound(actual), &bound(declared)));
        changes
    }
}

/// As it is made: with everything but the policies.
fn created(declared: &PermissionSet) -> PermissionSet {
    PermissionSet {
        description: declared.description.clone(),
        session: declared.session,
        relay_state: declared.relay_state.clone(),
        ..PermissionSet::new(declared.name.clone())
    }
}

fn changed(field: Field, before: &Option<String>, after: &Option<String>) -> Option<FieldChange> {
    let (before, after) = (before.clone(), after.clone());
    (before != after).then_some(FieldChange { field, before, after })
}

/// What goes, and then what comes.
fn listed<T: Ord + ToString>(
    field: Field,
    before: &std::collections::BTreeSet<T>,
    after: &std::collections::BTreeSet<T>,
) -> Vec<FieldChange> {
    let text = |policy: &T| Some(policy.to_string());
    let gone = before.difference(after);
    let gone = gone.map(|it| FieldChange { field, before: text(it), after: None });
    let new = after.difference(before);
    let new = new.map(|it| FieldChange { field, before: None, after: text(it) });
    gone.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::permission_sets::testing::{any_set, set};

    fn held(set: PermissionSet, accounts: &[&str], outdated: &[&str]) -> Held {
        let texts = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        Held { arn: "arn".into(), set, accounts: texts(accounts), outdated: texts(outdated) }
    }

    fn difference(actual: Option<Held>) -> Difference {
        let actual = actual.map(|held| (held.set.name.clone(), held)).into_iter().collect();
        plan(&[set("[\"A\"]", "2h")], &actual).remove(0)
    }

    fn told(difference: &Difference) -> Vec<String> {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let each = difference.changes().into_iter();
        each.map(|it| format!("{}: {} -> {}", it.field, part(&it.before), part(&it.after)))
            .collect()
    }

    #[test]
    fn a_field_is_called_as_it_is_in_the_file() {
        let sample = include_str!("../../../../samples/permission-sets.toml");
        let all = [
            Field::Description,
            Field::Session,
            Field::RelayState,
            Field::ManagedPolicy,
            Field::CustomerManagedPolicy,
            Field::InlinePolicy,
            Field::Boundary,
        ];
        for key in all.map(Field::key) {
            let (line, table) = (format!("\n{key} = "), format!("\n[permission_set.{key}]\n"));
            assert!(sample.contains(&line) || sample.contains(&table), "{key:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_made() {
        let it = difference(None);
        assert_eq!((it.kind(), it.steps().len(), it.accounts().len()), (Kind::Create, 1, 0));
        assert_eq!(told(&it), ["session:  -> 2h", "managed policy:  -> A"]);
    }

    #[test]
    fn what_is_another_is_changed_wherever_it_is_held() {
        let it = difference(Some(held(set("[\"B\"]", "1h"), &["1", "2"], &["2"])));
        assert_eq!((it.kind(), it.accounts().len()), (Kind::Change, 2));
        assert_eq!(
            told(&it),
            ["session: 1h -> 2h", "managed policy: B -> ", "managed policy:  -> A"]
        );
    }

    #[test]
    fn what_is_as_declared_is_provisioned_where_an_older_one_is_held() {
        let it = difference(Some(held(set("[\"A\"]", "2h"), &["1", "2"], &["2"])));
        assert_eq!((it.kind(), it.accounts()), (Kind::Provision, &["2".to_owned()][..]));
        let it = difference(Some(held(set("[\"A\"]", "2h"), &["1", "2"], &[])));
        assert_eq!((it.kind(), it.accounts().len(), told(&it).len()), (Kind::Same, 0, 0));
    }

    proptest! {
        #[test]
        fn there_are_changes_to_tell_exactly_where_there_are_steps(a in any_set(), b in any_set()) {
            let it = Difference { declared: a, actual: Some(held(b, &[], &[])) };
            prop_assert_eq!(it.changes().is_empty(), it.steps().is_empty());
        }
    }

    #[test]
    fn a_set_is_made_with_all_but_its_policies() {
        let declared = PermissionSet {
            description: Some("for the team".to_owned()),
            relay_state: Some("https://example.com".to_owned()),
            ..set("[\"A\"]", "2h")
        };
        let made = created(&declared);
        assert_eq!(made, PermissionSet { managed_policies: [].into(), ..declared });
    }
}
