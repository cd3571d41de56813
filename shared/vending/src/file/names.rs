//! The names of access in a list: all that are asked for, and those that do not exist.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::access;
use super::sheet::Sheet;
use crate::account::{AccessRequest, PrincipalText};

/// An assignment that rows ask for: who gets which permission set.
type Assignment = (PrincipalText, String);

/// Every distinct name that a list asks access with, so that each is looked up once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedNames {
    /// Who gets which permission set.
    pub assignments: BTreeSet<Assignment>,
    /// Portfolios.
    pub portfolios: BTreeSet<String>,
}

impl AskedNames {
    /// The names in the rows of a list, also of those that have a fault. What cannot be read
    /// is a fault of its own.
    #[must_use]
    pub fn of(sheet: &Sheet) -> Self {
        let mut names = Self::default();
        for row in &sheet.rows {
            let AccessRequest { assignments, portfolios, .. } = access::request(row);
            names.assignments.extend(assignments);
            names.portfolios.extend(portfolios);
        }
        names
    }

    /// How many different groups, users, permission sets and portfolios they are.
    #[must_use]
    pub fn count(&self) -> usize {
        let principals: HashSet<_> =
            self.assignments.iter().map(|(principal, _)| principal).collect();
        let permission_sets: HashSet<_> = self.assignments.iter().map(|(_, set)| set).collect();
        principals.len() + permission_sets.len() + self.portfolios.len()
    }
}

/// The names that do not exist, each with what is to be said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownNames {
    /// Groups and users.
    pub principals: HashMap<PrincipalText, String>,
    /// Permission sets.
    pub permission_sets: HashMap<String, String>,
    /// Assignments of which one of both, at least, does not exist.
    pub assignments: HashMap<Assignment, String>,
    /// Portfolios.
    pub portfolios: HashMap<String, String>,
}

impl UnknownNames {
    /// Whether every name exists.
    pub(super) fn is_empty(&self) -> bool {
        let Self { principals, permission_sets, assignments, portfolios } = self;
        principals.is_empty()
            && permission_sets.is_empty()
            && assignments.is_empty()
            && portfolios.is_empty()
    }

    /// What is to be said of an item of the column `Assignments`.
    pub(super) fn of_assignment(&self, item: &str) -> Vec<&str> {
        let Ok(assignment) = AccessRequest::read_assignment(item) else { return Vec::new() };
        let found = [
            self.principals.get(&assignment.0),
            self.permission_sets.get(&assignment.1),
            self.assignments.get(&assignment),
        ];
        found.into_iter().flatten().map(String::as_str).collect()
    }

    /// What is to be said of an item of the column `Portfolios`.
    pub(super) fn of_portfolio(&self, item: &str) -> Vec<&str> {
        let read = AccessRequest::read_portfolio(item).ok();
        let found = read.and_then(|portfolio| self.portfolios.get(&portfolio));
        found.into_iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::SheetReader;

    #[test]
    fn the_names_of_all_rows_are_found_once_those_of_faulty_ones_too() {
        let list = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,\
            Assignments,Portfolios\n\
            one,,,,,,group:A=X;user:b=X;nonsense,P;local:P\n\
            two,,,,,,group:A=X;group:A=Y,P\n";
        let mut reader = SheetReader::new();
        reader.push(list.as_bytes()).unwrap();
        let names = AskedNames::of(&reader.finish().unwrap());
        let read = |text| AccessRequest::read_assignment(text).unwrap();
        let expected = ["group:A=X", "group:A=Y", "user:b=X"].map(read);
        assert_eq!(names.assignments, expected.into());
        assert_eq!(names.portfolios, ["P".to_owned(), "local:P".to_owned()].into());
        assert_eq!(names.count(), 2 + 2 + 2);
    }
}
