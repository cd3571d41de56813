//! Organizational units, and the ways a row may name one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An organizational unit that is registered with Control Tower; written
/// `Name (ou-id)`, exactly as Account Factory's `ManagedOrganizationalUnit` wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrganizationalUnit {
    /// The unit's name; unique only among siblings.
    pub name: String,
    /// The unit's id, `ou-xxxx-yyyyyyyy`.
    pub id: String,
}

impl fmt::Display for OrganizationalUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.id)
    }
}

impl OrganizationalUnit {
    /// Reads `Name (ou-id)`, as in the allowed values of Account Factory's parameter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match UnitText::read(text) {
            UnitText::Exact(unit) => Some(unit),
            UnitText::Id(_) | UnitText::Name(_) => None,
        }
    }
}

/// How a row names an organizational unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitText {
    /// `Name (ou-id)`.
    Exact(OrganizationalUnit),
    /// An id alone.
    Id(String),
    /// A name alone, to be resolved when it is unambiguous.
    Name(String),
}

impl UnitText {
    /// Reads the text of a cell, trimmed.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if is_unit_id(text) {
            return Self::Id(text.to_owned());
        }
        let exact = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
        match exact {
            Some((name, id)) if !name.is_empty() && is_unit_id(id) => {
                Self::Exact(OrganizationalUnit { name: name.to_owned(), id: id.to_owned() })
            }
            _ => Self::Name(text.to_owned()),
        }
    }
}

/// Organizations' pattern: `^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`.
fn is_unit_id(text: &str) -> bool {
    let part = |text: &str, least: usize| {
        (least..=32).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    };
    let parts = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(root, unit)| part(root, 4) && part(unit, 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(name: &str) -> OrganizationalUnit {
        OrganizationalUnit { name: name.into(), id: "ou-aaaa-bbbbcccc".into() }
    }

    #[test]
    fn reads_every_way_to_name_a_unit() {
        let read = UnitText::read;
        assert_eq!(read(" Test-OU-1 (ou-aaaa-bbbbcccc) "), UnitText::Exact(unit("Test-OU-1")));
        assert_eq!(read("A (b), c (ou-aaaa-bbbbcccc)"), UnitText::Exact(unit("A (b), c")));
        assert_eq!(read("ou-aaaa-bbbbcccc"), UnitText::Id("ou-aaaa-bbbbcccc".into()));
        assert_eq!(read("Test-OU-1"), UnitText::Name("Test-OU-1".into()));
        // No space before the bracket: not the form that Account Factory takes.
        let tight = "Test-OU-1(ou-aaaa-bbbbcccc)";
        assert_eq!(read(tight), UnitText::Name(tight.into()));
        // Brackets that hold no id, and an id that has no name before it.
        for name in ["Sandbox (old)", " (ou-aaaa-bbbbcccc)", "X (ou-aaa-bbbbcccc)"] {
            assert_eq!(read(name), UnitText::Name(name.trim().into()));
        }
    }

    #[test]
    fn an_id_is_of_the_form_that_organizations_gives() {
        assert!(is_unit_id("ou-a1b2-c3d4e5f6"));
        for text in
            ["ou-aaa-bbbbcccc", "ou-aaaa-bbbbccc", "ou-aaaA-bbbbcccc", "ou-aaaa", "aaaa-bbbbcccc"]
        {
            assert!(!is_unit_id(text), "{text}");
        }
        assert!(!is_unit_id(&format!("ou-aaaa-{}", "b".repeat(33))));
    }

    #[test]
    fn is_written_as_it_is_read() {
        assert_eq!(OrganizationalUnit::parse(&unit("X Y").to_string()), Some(unit("X Y")));
    }
}
