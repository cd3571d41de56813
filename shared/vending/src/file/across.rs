//! The rules across rows: names and addresses that a list has more than once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::column::Column;
use super::fault::Fault;
use super::row::RawRow;
use crate::account::EmailAddress;

/// A fault for every account name and account address that an earlier row has;
/// addresses that differ only in letter case are one to AWS.
pub(super) fn faults(rows: &[RawRow]) -> Vec<Fault> {
    let names = repeated(rows, Column::AccountName, |name| name.into());
    let emails = repeated(rows, Column::AccountEmail, |email| EmailAddress::key_of(email).into());
    names.into_iter().chain(emails).collect()
}

fn repeated(rows: &[RawRow], column: Column, key: fn(&str) -> Cow<'_, str>) -> Vec<Fault> {
    let mut first_lines = HashMap::with_capacity(rows.len());
    let mut faults = Vec::new();
    for row in rows {
        // An empty cell is a fault of its own.
        let Some(text) = row.text(column).filter(|text| !text.is_empty()) else {
            continue;
        };
        match first_lines.entry(key(text)) {
            Entry::Vacant(free) => _ = free.insert(row.line()),
            Entry::Occupied(first) => faults.push(fault(row.line(), column, text, *first.get())),
        }
    }
    faults
}

fn fault(line: u64, column: Column, text: &str, first: u64) -> Fault {
    let problem = format!("is on line {first} already");
    Fault::of_cell(line, column, text, problem, format!("an {column} that no other row has"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, name: &str, email: &str) -> RawRow {
        RawRow::of(line, [name, "same@example.com", email, "Same", "Same", "Same"])
    }

    #[test]
    fn names_the_first_line_of_what_is_repeated() {
        let rows = [
            row(2, "one", "a@example.com"),
            row(3, "One", "b@example.com"),
            row(5, "one", "A@Example.com"),
            row(6, "one", "c@example.com"),
            row(7, "", ""),
            row(8, "", ""),
        ];
        let found: Vec<String> = faults(&rows).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "line 5, AccountName \"one\": is on line 2 already; accepted: an AccountName that no other row has",
                "line 6, AccountName \"one\": is on line 2 already; accepted: an AccountName that no other row has",
                "line 5, AccountEmail \"A@Example.com\": is on line 2 already; accepted: an AccountEmail that no other row has",
            ]
        );
    }
}
