//! Faults: what is wrong with a list, where, and what would be accepted.

use std::collections::HashSet;
use std::fmt;

use super::column::Column;

/// One thing that is wrong with a list.
///
/// Faults are ordered by line (those of the whole file first), then by column in
/// [`Column`]'s order (those of the whole row first), whatever the order of the
/// columns in the file. They quote the list, so they never belong in a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line that the row begins on, from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// The column; `None` when the whole row or file is meant.
    pub column: Option<Column>,
    /// Where in the line, in files without the columns of an account list: a column's name,
    /// or the way to a value of a JSON, such as `$[0].PortID`; empty otherwise.
    pub place: String,
    /// What the cell holds; empty when there is nothing to quote.
    pub value: String,
    /// What is wrong with it: a lower-case fragment that the value is the subject of.
    pub problem: String,
    /// What would be accepted, or what to do; empty when that goes without saying.
    pub accepted: String,
}

impl Fault {
    /// Characters of a value that are kept and shown.
    pub const LONGEST_VALUE: usize = 60;

    /// A fault of one cell; the value is shortened to [`LONGEST_VALUE`](Self::LONGEST_VALUE).
    pub fn of_cell(
        line: u64,
        column: Column,
        value: &str,
        problem: impl Into<String>,
        accepted: impl Into<String>,
    ) -> Self {
        let row = Self::of_row(line, problem, accepted);
        Self { column: Some(column), value: shorten(value), ..row }
    }

    /// A fault of a whole row.
    pub fn of_row(line: u64, problem: impl Into<String>, accepted: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_file(problem, accepted) }
    }

    /// A fault of the whole file.
    pub fn of_file(problem: impl Into<String>, accepted: impl Into<String>) -> Self {
        let (problem, accepted) = (problem.into(), accepted.into());
        let (place, value) = (String::new(), String::new());
        Self { line: None, column: None, place, value, problem, accepted }
    }

    /// The same fault at that place of its line.
    pub(crate) fn at(self, place: impl Into<String>) -> Self {
        Self { place: place.into(), ..self }
    }

    /// The same fault quoting `value`, shortened.
    pub(crate) fn quoting(self, value: &str) -> Self {
        Self { value: shorten(value), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map(|line| format!("line {line}"));
        let column = self.column.map(|column| column.to_string());
        let place = (!self.place.is_empty()).then(|| self.place.clone());
        let place: Vec<String> = line.into_iter().chain(column).chain(place).collect();
        let mut subject = vec![place.join(", ")];
        if !self.value.is_empty() {
            subject.push(format!("{:?}", shorten(&self.value)));
        }
        let subject = subject.join(" ");
        match subject.trim_start() {
            "" => write!(f, "{}", self.problem)?,
            subject => write!(f, "{subject}: {}", self.problem)?,
        }
        if self.accepted.is_empty() { Ok(()) } else { write!(f, "; accepted: {}", self.accepted) }
    }
}

/// The beginning of a text, at most [`Fault::LONGEST_VALUE`] characters of it.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(Fault::LONGEST_VALUE) {
        None => text.to_owned(),
        Some(_) => text.chars().take(Fault::LONGEST_VALUE - 1).chain(['…']).collect(),
    }
}

/// Faults, however they were found; in the end sorted, and each one once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines that have a fault.
    #[must_use]
    pub fn lines(&self) -> HashSet<u64> {
        self.0.iter().filter_map(|fault| fault.line).collect()
    }

    /// All of them, in order.
    #[must_use]
    pub fn into_vec(self) -> Vec<Fault> {
        let mut all = self.0;
        all.sort();
        all.dedup();
        all
    }
}

impl Extend<Fault> for Faults {
    fn extend<I: IntoIterator<Item = Fault>>(&mut self, faults: I) {
        self.0.extend(faults);
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        Self(faults.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_sentence() {
        let cell = Fault::of_cell(4, Column::AccountEmail, "x", "is no address", "name@domain");
        assert_eq!(
            cell.to_string(),
            "line 4, AccountEmail \"x\": is no address; accepted: name@domain"
        );
        assert_eq!(Fault::of_row(4, "is short", "").to_string(), "line 4: is short");
        assert_eq!(Fault::of_file("no rows", "a row").to_string(), "no rows; accepted: a row");
    }

    #[test]
    fn quotes_hostile_values_short_and_escaped() {
        let fault = Fault::of_cell(2, Column::OrgUnit, &"\u{1b}[2J\n".repeat(50), "is odd", "");
        let text = fault.to_string();
        assert!(text.starts_with("line 2, OrgUnit \"\\u{1b}[2J\\n"), "{text}");
        assert!(text.contains("…\": is odd"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\n'));
        assert_eq!(fault.value.chars().count(), Fault::LONGEST_VALUE);
    }

    #[test]
    fn sorts_by_line_then_column_and_drops_repeats() {
        let cell = |line, column| Fault::of_cell(line, column, "", "p", "");
        let found = [
            cell(10, Column::AccountName),
            cell(2, Column::OrgUnit),
            cell(2, Column::AccountName),
            cell(2, Column::OrgUnit),
            Fault::of_row(2, "row", ""),
            Fault::of_file("file", ""),
        ];
        let faults: Faults = found.clone().into_iter().collect();
        let [ten, unit, name, _, row, file] = found;
        assert!(!faults.is_empty() && Faults::default().is_empty());
        assert_eq!(faults.lines(), [2, 10].into());
        assert_eq!(faults.into_vec(), [file, row, name, unit, ten]);
    }
}
