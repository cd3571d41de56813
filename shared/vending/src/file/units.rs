//! From the text of an `OrgUnit` cell to the organizational unit that it names.

use std::collections::HashMap;

use super::column::Column;
use super::fault::shorten;
use super::nearest::nearest;
use crate::account::{OrganizationalUnit, UnitText};

/// Units named in a fault, at most; the rest is counted.
const MOST_NAMED: usize = 8;

/// Different texts that a unit is suggested for, at most. A suggestion compares the
/// text with every unit, which takes 18 ms for a thousand in a dev build; a list of
/// nothing but mistakes would ask for ten thousand.
const MOST_SUGGESTIONS: usize = 200;

/// What is wrong with `Name(ou-id)`.
const SPACED: &str = "is not of the form Name (ou-id), with one space before the bracket";

/// Why a text names no registered unit, and what would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnitFlaw {
    pub(super) problem: String,
    pub(super) accepted: String,
}

/// The registered units, by id and by name.
pub(super) struct Units<'u> {
    all: &'u [OrganizationalUnit],
    /// All of them as they are written, in the same order.
    written: Vec<String>,
    by_id: HashMap<&'u str, &'u OrganizationalUnit>,
    by_name: HashMap<&'u str, Vec<&'u OrganizationalUnit>>,
    suggestions_left: usize,
}

impl<'u> Units<'u> {
    pub(super) fn new(all: &'u [OrganizationalUnit]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for unit in all {
            by_name.entry(unit.name.as_str()).or_default().push(unit);
        }
        let by_id = all.iter().map(|unit| (unit.id.as_str(), unit)).collect();
        Self {
            all,
            written: all.iter().map(ToString::to_string).collect(),
            by_id,
            by_name,
            suggestions_left: MOST_SUGGESTIONS,
        }
    }

    /// The registered unit that the text names: by name and id, or by either alone
    /// when that leaves no doubt. Letter case counts, as it does to AWS.
    pub(super) fn resolve(&mut self, text: &str) -> Result<&'u OrganizationalUnit, UnitFlaw> {
        match UnitText::read(text) {
            _ if text.is_empty() => Err(empty()),
            UnitText::Exact(unit) => self.exact(&unit),
            UnitText::Id(id) => {
                self.by_id.get(id.as_str()).copied().ok_or_else(|| self.unknown(text))
            }
            UnitText::Name(name) => self.named(&name),
        }
    }

    fn exact(&mut self, wanted: &OrganizationalUnit) -> Result<&'u OrganizationalUnit, UnitFlaw> {
        match self.by_id.get(wanted.id.as_str()).copied() {
            Some(unit) if unit.name == wanted.name => return Ok(unit),
            Some(unit) => {
                let name = shorten(&unit.name);
                return Err(flaw(
                    format!("has the id of the unit named {name:?}"),
                    unit.to_string(),
                ));
            }
            None => {}
        }
        match self.by_name.get(wanted.name.as_str()) {
            Some(units) => Err(flaw("has an id that no unit of that name has", list(units))),
            None => Err(self.unknown(&wanted.to_string())),
        }
    }

    fn named(&mut self, name: &str) -> Result<&'u OrganizationalUnit, UnitFlaw> {
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([unit]) => Ok(unit),
            Some(units) => {
                let problem = format!("is the name of {} units", units.len());
                Err(flaw(problem, list(units)))
            }
            None => Err(self.misspelt(name)),
        }
    }

    fn misspelt(&mut self, name: &str) -> UnitFlaw {
        match spaced(name) {
            Some(unit) if self.by_id.contains_key(unit.id.as_str()) => {
                let accepted =
                    self.exact(&unit).map_or_else(|flaw| flaw.accepted, ToString::to_string);
                flaw(SPACED, accepted)
            }
            _ => self.unknown(name),
        }
    }

    fn unknown(&mut self, text: &str) -> UnitFlaw {
        let accepted = match self.nearest(text) {
            Some(unit) => format!("a registered unit, perhaps {unit}"),
            None if self.all.is_empty() => {
                "none; no unit is registered with Control Tower yet".into()
            }
            None => list(&self.all.iter().collect::<Vec<_>>()),
        };
        flaw("is not registered with Control Tower", accepted)
    }

    fn nearest(&mut self, text: &str) -> Option<&'u OrganizationalUnit> {
        self.suggestions_left = self.suggestions_left.checked_sub(1)?;
        let names = self.all.iter().map(|unit| unit.name.as_str());
        let near = nearest(text, names.chain(self.written.iter().map(String::as_str)))?;
        let mut pairs = self.all.iter().zip(&self.written);
        pairs.find(|(unit, written)| unit.name == near || *written == near).map(|(unit, _)| unit)
    }
}

/// What is wrong with the form of a text, whatever units there are.
pub(super) fn flaw_of_form(text: &str) -> Option<UnitFlaw> {
    match UnitText::read(text) {
        _ if text.is_empty() => Some(empty()),
        UnitText::Exact(_) | UnitText::Id(_) => None,
        UnitText::Name(name) => Some(flaw(SPACED, spaced(&name)?.to_string())),
    }
}

fn empty() -> UnitFlaw {
    flaw("is empty", Column::OrgUnit.accepted())
}

/// Reads `Name(ou-id)`, as people write it.
fn spaced(text: &str) -> Option<OrganizationalUnit> {
    let (name, id) = text.rsplit_once('(')?;
    OrganizationalUnit::parse(&format!("{} ({}", name.trim_end(), id.trim()))
}

fn list(units: &[&OrganizationalUnit]) -> String {
    let named: Vec<String> = units.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    match units.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", or "),
        more => format!("{}, or one of {more} more", named.join(", or ")),
    }
}

fn flaw(problem: impl Into<String>, accepted: impl Into<String>) -> UnitFlaw {
    UnitFlaw { problem: problem.into(), accepted: accepted.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Vec<OrganizationalUnit> {
        let unit =
            |(name, id): (&str, &str)| OrganizationalUnit { name: name.into(), id: id.into() };
        [
            ("Test-OU-1", "ou-aaaa-bbbbcccc"),
            ("Test-OU-2", "ou-aaaa-ddddeeee"),
            ("Shared", "ou-aaaa-11111111"),
            ("Shared", "ou-aaaa-22222222"),
        ]
        .map(unit)
        .into()
    }

    fn resolved(text: &str) -> Result<String, (String, String)> {
        let all = units();
        let found = Units::new(&all).resolve(text).map(ToString::to_string);
        found.map_err(|flaw| (flaw.problem, flaw.accepted))
    }

    #[test]
    fn takes_name_and_id_or_either_alone() {
        for text in ["Test-OU-1 (ou-aaaa-bbbbcccc)", "Test-OU-1", "ou-aaaa-bbbbcccc"] {
            assert_eq!(resolved(text).as_deref(), Ok("Test-OU-1 (ou-aaaa-bbbbcccc)"), "{text}");
        }
        assert!(resolved("Shared (ou-aaaa-22222222)").is_ok());
    }

    #[test]
    fn says_what_is_wrong_and_what_would_be_right() {
        let one = "Test-OU-1 (ou-aaaa-bbbbcccc)";
        let shared = "Shared (ou-aaaa-11111111), or Shared (ou-aaaa-22222222)";
        let unknown = "is not registered with Control Tower";
        let perhaps = "a registered unit, perhaps Test-OU-1 (ou-aaaa-bbbbcccc)";
        let everything = "Test-OU-1 (ou-aaaa-bbbbcccc), or Test-OU-2 (ou-aaaa-ddddeeee), or \
            Shared (ou-aaaa-11111111), or Shared (ou-aaaa-22222222)";
        let cases = [
            ("", "is empty", "a registered organizational unit, as Name (ou-id)"),
            ("Sandbox (ou-aaaa-bbbbcccc)", "has the id of the unit named \"Test-OU-1\"", one),
            ("test-ou-1 (ou-aaaa-bbbbcccc)", "has the id of the unit named \"Test-OU-1\"", one),
            ("Test-OU-1 (ou-aaaa-99999999)", "has an id that no unit of that name has", one),
            ("Unregistered (ou-aaaa-99999999)", unknown, everything),
            ("ou-aaaa-99999999", unknown, everything),
            ("Shared", "is the name of 2 units", shared),
            ("Test-OU-3", unknown, perhaps),
            // The space alone would not mend it.
            ("Sandbox(ou-aaaa-99999999)", unknown, everything),
            ("test-ou-1", unknown, perhaps),
            (
                "Test-OU-1(ou-aaaa-bbbbcccc)",
                "is not of the form Name (ou-id), with one space before the bracket",
                one,
            ),
        ];
        for (text, problem, accepted) in cases {
            assert_eq!(resolved(text), Err((problem.into(), accepted.into())), "{text}");
        }
    }

    #[test]
    fn suggests_only_so_often() {
        let all = units();
        let mut units = Units::new(&all);
        let mut suggested = || units.resolve("Test-OU-3").unwrap_err().accepted.contains("perhaps");
        assert!((0..MOST_SUGGESTIONS).all(|_| suggested()));
        assert!(!suggested());
    }

    #[test]
    fn says_so_when_nothing_is_registered() {
        let flaw = Units::new(&[]).resolve("Sandbox").unwrap_err();
        assert_eq!(flaw.accepted, "none; no unit is registered with Control Tower yet");
    }
}
