//! The cells of the access that a row asks for: lists of items, parted by semicolons, and
//! whether the defaults apply. What exists is told by who has asked; it is not known here.

use std::collections::HashSet;

use super::column::Column;
use super::fault::Fault;
use super::names::UnknownNames;
use super::row::RawRow;
use crate::account::{AccessRequest, PrincipalText};

/// Assignments that a row may ask for at most. Identity Center had no room for more
/// permission sets in an account for long (its quota was 50), and a row is hostile input.
pub const MOST_ASSIGNMENTS: usize = 50;

/// Portfolios that a row may ask for at most. None of Service Catalog's quotas is so low;
/// a share is made after the other, and a row is hostile input.
pub const MOST_PORTFOLIOS: usize = 20;

/// Items of a cell whose faults are told each by itself, at most; the rest is counted. Ten
/// thousand rows of nothing but faults are held in half of the function's memory.
const MOST_TOLD: usize = 5;
/// Names of a cell that do not exist which are told each by itself, at most, likewise.
const MOST_NAMED: usize = 10;
/// What is told of the rest.
const FORM: &str = "the form that the others are told of";

/// What stands in the column `Defaults` where they do not apply.
const REPLACE: &str = "replace";
/// What may stand there where they do.
const ADD: &str = "add";

/// What an unknown name is to be mended with.
const EXISTING: &str = "a name or id that exists";

/// The access that a row asks for, as far as it can be read: all of it in a row without faults.
pub(super) fn request(row: &RawRow) -> AccessRequest {
    let replaces_defaults = row.text(Column::Defaults).and_then(read_defaults) == Some(true);
    AccessRequest {
        replaces_defaults,
        assignments: read_items(row, Column::Assignments, MOST_ASSIGNMENTS, read_assignment),
        portfolios: read_items(row, Column::Portfolios, MOST_PORTFOLIOS, read_portfolio),
    }
}

/// The cells that say what a request asks for, in the order of their columns.
pub(super) fn cells(access: &AccessRequest) -> [String; 3] {
    let join = |items: &[String]| items.join(&AccessRequest::PARTING.to_string());
    let defaults = if access.replaces_defaults { REPLACE } else { "" };
    [join(&access.assignment_texts()), join(&access.portfolios), defaults.to_owned()]
}

/// What is wrong with the form of the cells, item by item.
pub(super) fn faults(row: &RawRow) -> Vec<Fault> {
    let mut faults = faults_of_items(row, Column::Assignments, MOST_ASSIGNMENTS, |item| {
        let read = AccessRequest::read_assignment(item);
        read.map(|(principal, set)| format!("{}={set}", principal.to_string().to_lowercase()))
            .map_err(|flaw| flaw.to_string())
    });
    faults.extend(faults_of_items(row, Column::Portfolios, MOST_PORTFOLIOS, |item| {
        let read = AccessRequest::read_portfolio(item);
        // A local copy is shared as well: both would ask for one portfolio twice.
        read.map(|name| name.strip_prefix(AccessRequest::LOCAL).unwrap_or(&name).to_owned())
            .map_err(|flaw| flaw.to_string())
    }));
    faults.extend(fault_of_defaults(row));
    faults
}

/// The names in the row's cells that do not exist; of several items that name one, the
/// first is quoted.
pub(super) fn unknown(row: &RawRow, names: &UnknownNames) -> Vec<Fault> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut faults = faults_of_names(row, Column::Assignments, |item| names.of_assignment(item));
    faults.extend(faults_of_names(row, Column::Portfolios, |item| names.of_portfolio(item)));
    faults
}

fn faults_of_names<'n>(
    row: &RawRow,
    column: Column,
    unknown: impl Fn(&str) -> Vec<&'n str>,
) -> Vec<Fault> {
    let mut told = HashSet::new();
    let named =
        items(row, column).flat_map(|item| unknown(item).into_iter().map(move |it| (item, it)));
    let mut new = named.filter(|(_, problem)| told.insert(*problem));
    let fault =
        |item: &str, problem: &str| Fault::of_cell(row.line(), column, item, problem, EXISTING);
    let mut faults: Vec<Fault> =
        new.by_ref().take(MOST_NAMED).map(|(item, problem)| fault(item, problem)).collect();
    let more = new.count();
    faults.extend((more > 0).then(|| fault("", &format!("has {more} more names that nobody has"))));
    faults
}

/// A fault for each item that `read` does not take, or that reads as an earlier one.
fn faults_of_items(
    row: &RawRow,
    column: Column,
    most: usize,
    read: impl Fn(&str) -> Result<String, String>,
) -> Vec<Fault> {
    let mut seen = HashSet::new();
    let mut flaw = |item| match read(item) {
        Err(problem) => Some(problem),
        Ok(key) => (!seen.insert(key)).then(|| "is in the cell more than once".to_owned()),
    };
    let faulty = items(row, column).take(most).filter_map(|item| Some((item, flaw(item)?)));
    let faulty: Vec<(&str, String)> = faulty.collect();
    let of_cell = |problem, accepted| Fault::of_cell(row.line(), column, "", problem, accepted);
    let more = faulty.len().saturating_sub(MOST_TOLD);
    let more =
        (more > 0).then(|| of_cell(format!("has {more} more items at fault"), FORM.to_owned()));
    let count = items(row, column).count();
    let many =
        (count > most).then(|| of_cell(format!("has {count} items"), format!("at most {most}")));
    let told = faulty.into_iter().take(MOST_TOLD).map(|(item, problem)| {
        Fault::of_cell(row.line(), column, item, problem, column.accepted())
    });
    told.chain(more).chain(many).collect()
}

fn fault_of_defaults(row: &RawRow) -> Option<Fault> {
    let (column, text) = (Column::Defaults, row.text(Column::Defaults)?);
    let problem = format!("is neither {ADD} nor {REPLACE}");
    let fault = || Fault::of_cell(row.line(), column, text, problem, column.accepted());
    read_defaults(text).is_none().then(fault)
}

/// Whether the defaults do not apply; `None` where the text says neither.
fn read_defaults(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "" | ADD => Some(false),
        REPLACE => Some(true),
        _ => None,
    }
}

/// What stands between the semicolons, but for what is blank.
fn items(row: &RawRow, column: Column) -> impl Iterator<Item = &str> {
    let text = row.text(column).unwrap_or_default();
    text.split(AccessRequest::PARTING).map(str::trim).filter(|item| !item.is_empty())
}

/// The items that can be read, as far as so many are taken.
fn read_items<T>(row: &RawRow, column: Column, most: usize, read: fn(&str) -> Option<T>) -> Vec<T> {
    items(row, column).take(most).filter_map(read).collect()
}

fn read_assignment(item: &str) -> Option<(PrincipalText, String)> {
    AccessRequest::read_assignment(item).ok()
}

fn read_portfolio(item: &str) -> Option<String> {
    AccessRequest::read_portfolio(item).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::account::PrincipalKind;

    fn row(assignments: &str, portfolios: &str, defaults: &str) -> RawRow {
        RawRow::asking(2, [assignments, portfolios, defaults])
    }

    fn told_of(faults: &[Fault]) -> Vec<String> {
        faults.iter().map(ToString::to_string).collect()
    }

    fn problems(row: &RawRow) -> Vec<String> {
        told_of(&faults(row))
            .iter()
            .map(|it| it.split("; accepted").next().unwrap().into())
            .collect()
    }

    #[test]
    fn a_row_asks_for_any_number_of_items() {
        let row = row(
            " group:Platform = Admins=Admin ; user:jane@example.com=Read;;",
            "Networking, EU; Local:port-abc",
            "Replace",
        );
        assert_eq!(faults(&row), []);
        let asked = request(&row);
        assert_eq!(
            asked.assignment_texts(),
            ["group:Platform = Admins=Admin", "user:jane@example.com=Read"]
        );
        assert_eq!(asked.portfolios, ["Networking, EU", "local:port-abc"]);
        assert!(asked.replaces_defaults);
        assert_eq!(
            cells(&asked),
            [
                "group:Platform = Admins=Admin;user:jane@example.com=Read",
                "Networking, EU;local:port-abc",
                "replace"
            ]
        );
    }

    #[test]
    fn a_row_that_says_nothing_asks_for_the_defaults() {
        for row in [RawRow::of(2, ["x"; 6]), row("", "", ""), row(" ; ", ";", "ADD")] {
            assert_eq!((faults(&row), request(&row)), (vec![], AccessRequest::default()));
        }
    }

    #[test]
    fn every_faulty_item_is_named_at_once() {
        let found = problems(&row(
            "Admins; team:A=X; group:a=X; group:A=X; user:=X; group:a=",
            "local:; One; local:One; Two; two",
            "instead",
        ));
        assert_eq!(
            found,
            [
                "line 2, Assignments \"Admins\": has no '=' in front of a permission set",
                "line 2, Assignments \"team:A=X\": begins with neither group: nor user:",
                "line 2, Assignments \"group:A=X\": is in the cell more than once",
                "line 2, Assignments \"user:=X\": names no user",
                "line 2, Assignments \"group:a=\": has no name of a permission set after the '=', \
                 which is 1 to 32 of letters, digits and _ + , . @ -",
                "line 2, Portfolios \"local:\": names no portfolio",
                "line 2, Portfolios \"local:One\": is in the cell more than once",
                "line 2, Defaults \"instead\": is neither add nor replace",
            ]
        );
    }

    #[test]
    fn so_many_items_are_taken_and_not_one_more() {
        let assignments =
            |count| (0..count).map(|i| format!("user:u{i}=X")).collect::<Vec<_>>().join(";");
        let portfolios = |count| (0..count).map(|i| format!("p{i}")).collect::<Vec<_>>().join(";");
        let most = row(&assignments(MOST_ASSIGNMENTS), &portfolios(MOST_PORTFOLIOS), "");
        assert_eq!(faults(&most), []);
        let more = row(&assignments(MOST_ASSIGNMENTS + 1), &portfolios(MOST_PORTFOLIOS + 1), "");
        assert_eq!(
            told_of(&faults(&more)),
            [
                "line 2, Assignments: has 51 items; accepted: at most 50",
                "line 2, Portfolios: has 21 items; accepted: at most 20"
            ]
        );
    }

    #[test]
    fn a_hostile_cell_has_no_more_faults_than_people_read() {
        let found = problems(&row(&"x;".repeat(2_000), &"local:;".repeat(13), ""));
        assert_eq!(found.len(), 5 + 2 + 5 + 1);
        assert!(found.contains(&"line 2, Assignments: has 45 more items at fault".into()));
        assert!(found.contains(&"line 2, Assignments: has 2000 items".into()));
        assert!(found.contains(&"line 2, Portfolios: has 8 more items at fault".into()));
    }

    #[test]
    fn each_unknown_name_is_one_fault_of_the_cell() {
        let nobody = PrincipalText { kind: PrincipalKind::Group, text: "Nobody".into() };
        let both = AccessRequest::read_assignment("user:who=What").unwrap();
        let names = UnknownNames {
            principals: [(nobody, "there is no group \"Nobody\"".to_owned())].into(),
            permission_sets: [("Nix".to_owned(), "there is no permission set \"Nix\"".to_owned())]
                .into(),
            assignments: [(both, "there is no user \"who\"".to_owned())].into(),
            portfolios: [("local:None".to_owned(), "there is no portfolio \"None\"".to_owned())]
                .into(),
        };
        let row = row(
            "group:Nobody=Nix; group:Nobody=X; group:Some=Nix; user:who=What; group:Some=X",
            "Some; local:None",
            "",
        );
        assert_eq!(
            told_of(&unknown(&row, &names)),
            [
                "line 2, Assignments \"group:Nobody=Nix\": there is no group \"Nobody\"; accepted: a name or id that exists",
                "line 2, Assignments \"group:Nobody=Nix\": there is no permission set \"Nix\"; accepted: a name or id that exists",
                "line 2, Assignments \"user:who=What\": there is no user \"who\"; accepted: a name or id that exists",
                "line 2, Portfolios \"local:None\": there is no portfolio \"None\"; accepted: a name or id that exists",
            ]
        );
    }

    #[test]
    fn a_cell_of_unknown_names_is_told_by_the_first_ones() {
        let told = |name: &String| (name.clone(), format!("there is no portfolio {name}"));
        let portfolios: Vec<String> = (10..25).map(|number| format!("p{number}")).collect();
        let names = UnknownNames {
            portfolios: portfolios.iter().map(told).collect(),
            ..UnknownNames::default()
        };
        let found = told_of(&unknown(&row("", &portfolios.join(";"), ""), &names));
        assert_eq!(found.len(), 11);
        assert!(found[0].starts_with("line 2, Portfolios \"p10\": there is no portfolio p10"));
        let rest = "line 2, Portfolios: has 5 more names that nobody has; accepted: a name";
        assert!(found[10].starts_with(rest), "{found:?}");
    }

    proptest! {
        /// What a row asks for is written so that it asks for the same when it is read again.
        #[test]
        fn any_cell_that_is_taken_reads_back_to_itself(
            assignments in "((group|user):[a-c =:]{0,4}=[A-C=]{0,3};? ?){0,5}",
            portfolios in "((local:)?[a-c=' -]{0,4};){0,5}",
            defaults in "|add|REPLACE|x",
        ) {
            let row = row(&assignments, &portfolios, &defaults);
            if faults(&row).is_empty() {
                let asked = request(&row);
                let [assignments, portfolios, defaults] = cells(&asked);
                let again = RawRow::asking(2, [&assignments, &portfolios, &defaults]);
                prop_assert_eq!(faults(&again), []);
                prop_assert_eq!(request(&again), asked);
            }
        }
    }
}
