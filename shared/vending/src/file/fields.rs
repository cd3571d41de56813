//! The rules of single cells, each row on its own.

use std::borrow::Cow;

use validator::{Validate, ValidationError, ValidationErrors};

use super::access;
use super::column::Column;
use super::fault::Fault;
use super::row::RawRow;
use crate::account::{AccountName, EmailAddress, PersonName};

/// A row's cells, borrowed; `None` where the row has none, which is a fault already.
/// The organizational unit has a check of its own, against those that are registered.
#[derive(Validate)]
struct Cells<'r> {
    #[validate(custom(function = "check_account_name"))]
    account_name: Option<&'r str>,
    #[validate(custom(function = "check_email"))]
    sso_user_email: Option<&'r str>,
    #[validate(custom(function = "check_email"))]
    account_email: Option<&'r str>,
    #[validate(custom(function = "check_person_name"))]
    sso_user_first_name: Option<&'r str>,
    #[validate(custom(function = "check_person_name"))]
    sso_user_last_name: Option<&'r str>,
    #[validate(custom(function = "check_email"))]
    requester_email: Option<&'r str>,
}

/// The faults of a row's own cells, but for its organizational unit.
pub(super) fn faults(row: &RawRow) -> Vec<Fault> {
    let cells = Cells {
        account_name: row.text(Column::AccountName),
        sso_user_email: row.text(Column::SSOUserEmail),
        account_email: row.text(Column::AccountEmail),
        sso_user_first_name: row.text(Column::SSOUserFirstName),
        sso_user_last_name: row.text(Column::SSOUserLastName),
        requester_email: row.text(Column::RequesterEmail).filter(|text| !text.is_empty()),
    };
    let mut faults =
        cells.validate().map_or_else(|errors| translate(row, &errors), |()| Vec::new());
    faults.extend(access::faults(row));
    faults
}

fn translate(row: &RawRow, errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (field, errors) in errors.field_errors() {
        let Some(column) = column(&field) else {
            continue;
        };
        let value = row.text(column).unwrap_or_default();
        for error in errors {
            let problem = error.message.as_deref().unwrap_or(&error.code);
            faults.push(Fault::of_cell(row.line(), column, value, problem, column.accepted()));
        }
    }
    faults
}

fn column(field: &str) -> Option<Column> {
    match field {
        "account_name" => Some(Column::AccountName),
        "sso_user_email" => Some(Column::SSOUserEmail),
        "account_email" => Some(Column::AccountEmail),
        "sso_user_first_name" => Some(Column::SSOUserFirstName),
        "sso_user_last_name" => Some(Column::SSOUserLastName),
        "requester_email" => Some(Column::RequesterEmail),
        _ => None,
    }
}

fn check_account_name(text: &str) -> Result<(), ValidationError> {
    AccountName::new(text).map(drop).map_err(|flaw| refused(flaw.to_string()))
}

fn check_email(text: &str) -> Result<(), ValidationError> {
    EmailAddress::new(text).map(drop).map_err(|flaw| refused(flaw.to_string()))
}

fn check_person_name(text: &str) -> Result<(), ValidationError> {
    match PersonName::new(text) {
        Some(_) => Ok(()),
        None => Err(refused(person_problem(text))),
    }
}

/// Why [`PersonName`] does not take the text.
fn person_problem(text: &str) -> String {
    match PersonName::control_in(text) {
        _ if text.is_empty() => "is empty".into(),
        Some(control) => format!("has the character {control:?}"),
        None => format!("has {} characters", text.chars().count()),
    }
}

fn refused(problem: String) -> ValidationError {
    ValidationError::new("refused").with_message(Cow::Owned(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 6] = ["one", "ana@example.com", "root+1@example.com", "Ana", "Silva", "?"];

    fn with(column: Column, text: &str) -> Vec<String> {
        let mut texts = GOOD;
        texts[column.slot().unwrap()] = text;
        faults(&RawRow::of(2, texts)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_row_has_no_fault() {
        assert_eq!(faults(&RawRow::of(2, GOOD)), []);
    }

    #[test]
    fn each_column_keeps_its_rule() {
        use Column::{AccountEmail, AccountName, SSOUserEmail, SSOUserFirstName, SSOUserLastName};
        let long_name = "n".repeat(51);
        let long_email = format!("{}@example.com", "a".repeat(53));
        let long_person = "p".repeat(129);
        let cases = [
            (AccountName, "", "line 2, AccountName: is empty"),
            (AccountName, "=cmd()", "line 2, AccountName \"=cmd()\": has the character '='"),
            (AccountName, &long_name, "has 51 characters"),
            (
                SSOUserEmail,
                "a@b.c d e",
                "line 2, SSOUserEmail \"a@b.c d e\": has the character ' ' in the domain",
            ),
            (AccountEmail, "", "line 2, AccountEmail: is empty"),
            (AccountEmail, "a@bc.de", "has only 7 characters"),
            (AccountEmail, &long_email, "has 65 characters"),
            (SSOUserFirstName, "", "line 2, SSOUserFirstName: is empty"),
            (
                SSOUserLastName,
                "a\u{7}b",
                "line 2, SSOUserLastName \"a\\u{7}b\": has the character '\\u{7}'",
            ),
            (SSOUserLastName, &long_person, "has 129 characters"),
        ];
        for (column, text, expected) in cases {
            let found = with(column, text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains(expected), "{} has not {expected}", found[0]);
            assert!(
                found[0].ends_with(&format!("; accepted: {}", column.accepted())),
                "{}",
                found[0]
            );
        }
    }

    #[test]
    fn all_cells_are_checked_at_once() {
        assert_eq!(faults(&RawRow::of(2, [""; 6])).len(), 5);
    }
}
