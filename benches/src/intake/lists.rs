//! The files that intake is measured with: made anew, and the same every time.

use vending::account::{AccessRequest, OrganizationalUnit, PersonName};
use vending::file::{Column, MOST_ASSIGNMENTS, MOST_BYTES, MOST_PORTFOLIOS};

/// Characters of an account's name and of an address at most
/// ([`AccountName`](vending::account::AccountName), [`EmailAddress`](vending::account::EmailAddress)).
const LONGEST_NAME: usize = 50;
const LONGEST_EMAIL: usize = 64;
/// Characters of a unit's name at most, and the longest id there can be (Organizations'
/// `OrganizationalUnitName` and `OrganizationalUnitId`).
const LONGEST_UNIT: usize = 128;
const LONGEST_ROOT: usize = 32;
/// Characters at most: Identity Store's `UserName`, Identity Center's `PermissionSetName`,
/// Service Catalog's `PortfolioDisplayName`.
const LONGEST_USER: usize = 128;
const LONGEST_PERMISSION_SET: usize = 32;
const LONGEST_PORTFOLIO: usize = 100;

/// The text, with the last character repeated in front of `end` until it is so long.
fn filled(start: &str, with: &str, end: &str, characters: usize) -> String {
    let there = start.chars().count() + end.chars().count();
    format!("{start}{}{end}", with.repeat(characters.saturating_sub(there)))
}

/// The characters of the root that every unit's id repeats.
#[must_use]
pub fn root() -> String {
    "a".repeat(LONGEST_ROOT)
}

/// The units that the lists name: a usual one, and two with the longest name and id.
#[must_use]
pub fn units() -> Vec<OrganizationalUnit> {
    let id = |end: &str| format!("ou-{}-{}", root(), filled("", "0", end, 32));
    let unit = |name: &str, id: String| OrganizationalUnit { name: name.to_owned(), id };
    vec![
        unit("Test-OU-1", id("1")),
        unit(&"U".repeat(LONGEST_UNIT), id("2")),
        unit(&"部".repeat(LONGEST_UNIT), id("3")),
    ]
}

/// The access that the lists ask for.
#[derive(Debug, Clone)]
pub struct Names {
    /// Who gets which permission set.
    pub assignments: Vec<String>,
    /// Portfolios, each as a local copy.
    pub portfolios: Vec<String>,
}

/// One assignment and one portfolio with the longest names.
#[must_use]
pub fn long_names() -> Names {
    let user = "u".repeat(LONGEST_USER);
    let set = "S".repeat(LONGEST_PERMISSION_SET);
    let portfolio = "P".repeat(LONGEST_PORTFOLIO);
    Names {
        assignments: vec![format!("user:{user}={set}")],
        portfolios: vec![format!("{}{portfolio}", AccessRequest::LOCAL)],
    }
}

/// As many assignments and portfolios as a row may have, with names as long as fit into
/// their cells, which take 4,096 bytes.
#[must_use]
pub fn most_names() -> Names {
    let set = |n: usize| filled("", "S", &n.to_string(), LONGEST_PERMISSION_SET);
    let group = |n: usize| filled("", "g", &n.to_string(), 41);
    let portfolio = |n: usize| filled("", "é", &n.to_string(), 98);
    Names {
        assignments: (10..10 + MOST_ASSIGNMENTS)
            .map(|n| format!("group:{}={}", group(n), set(n)))
            .collect(),
        portfolios: (10..10 + MOST_PORTFOLIOS)
            .map(|n| format!("{}{}", AccessRequest::LOCAL, portfolio(n)))
            .collect(),
    }
}

fn header(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    format!("{}\n", names.join(","))
}

fn list(columns: &[Column], rows: usize, row: impl Fn(usize) -> String) -> Vec<u8> {
    let mut list = header(columns);
    (0..rows).for_each(|number| list.push_str(&row(number)));
    list.into_bytes()
}

/// Rows with the columns that a list must have, of the usual length.
#[must_use]
pub fn plain(rows: usize) -> Vec<u8> {
    let unit = usual_unit();
    list(&Column::REQUIRED, rows, |n| {
        format!("team-{n:05},jane.doe@example.com,aws+team-{n:05}@example.com,Jane,Doe,{unit}\n")
    })
}

fn usual_unit() -> String {
    units().first().map(ToString::to_string).unwrap_or_default()
}

/// Rows with every column that a person may fill in, each at its longest in letters of one
/// byte, with one assignment and one portfolio: of these ten thousand fit into a file.
#[must_use]
pub fn full(rows: usize) -> Vec<u8> {
    filled_in(rows, "N", &units()[1], &long_names())
}

/// As many rows as a file takes with the longest values there can be: letters of three
/// bytes, and as much access as a row may ask for.
#[must_use]
pub fn longest() -> Vec<u8> {
    let (unit, names) = (&units()[2], most_names());
    let [header, one] = [0, 1].map(|rows| filled_in(rows, "名", unit, &names).len());
    filled_in((MOST_BYTES - header) / (one - header), "名", unit, &names)
}

fn filled_in(rows: usize, letter: &str, unit: &OrganizationalUnit, names: &Names) -> Vec<u8> {
    let person = letter.repeat(PersonName::LONGEST);
    let email =
        |start: &str, n: usize| filled(start, "x", &format!("{n:05}@example.com"), LONGEST_EMAIL);
    let [assignments, portfolios] =
        [&names.assignments, &names.portfolios].map(|items| items.join(";"));
    list(&Column::FILLED_IN, rows, |n| {
        [
            &filled("team-", "n", &format!("{n:05}"), LONGEST_NAME),
            &email("user", n),
            &email("root", n),
            &person,
            &person,
            &unit.to_string(),
            &email("requester", n),
            &assignments,
            &portfolios,
            "replace\n",
        ]
        .join(",")
    })
}

/// Rows with a fault in each: one of seven, by turns.
#[must_use]
pub fn faulty(rows: usize) -> Vec<u8> {
    let unit = usual_unit();
    let row = |name: &str, email: &str, rest: &str| {
        format!("{name},jane.doe@example.com,{email},{rest}\n")
    };
    list(&Column::REQUIRED, rows, |n| {
        let (name, email, rest) = (
            format!("team-{n:05}"),
            format!("team-{n:05}@example.com"),
            format!("Jane,Doe,{unit}"),
        );
        match n % 7 {
            0 => row(&format!("{name} (new)"), &email, &rest),
            1 => row("team-1", &email, &rest),
            2 => row(&name, "team-1@example.com", &rest),
            3 => row(&name, "nobody", &rest),
            4 => row(&name, &email, &format!(" ,Doe,{unit}")),
            5 => row(&name, &email, "Jane,Doe,Nowhere (ou-aaaa-00000000)"),
            _ => row(&name, &email, "Jane"),
        }
    })
}

/// Rows of which every cell is wrong.
#[must_use]
pub fn hopeless(rows: usize) -> Vec<u8> {
    list(&Column::FILLED_IN, rows, |n| {
        format!(
            "team {n},nobody,no body{n},\u{202e}a,\u{7},Nowhere {n},@,team=X;user=,local:,never\n"
        )
    })
}

/// The list with every cell in double quotes.
#[must_use]
pub fn quoted(list: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(list).replace(',', "\",\"").replace('\n', "\"\n\"");
    let whole = text.strip_suffix('"').unwrap_or(&text);
    format!("\"{whole}").into_bytes()
}

/// The list with CRLF at the end of every line.
#[must_use]
pub fn with_crlf(list: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(list).replace('\n', "\r\n").into_bytes()
}

/// The list in UTF-16, as spreadsheets write "Unicode text".
#[must_use]
pub fn utf16(list: &[u8]) -> Vec<u8> {
    let text = format!("\u{feff}{}", String::from_utf8_lossy(list));
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A portfolio file: one portfolio, shared with a unit and made usable in each account.
#[must_use]
pub fn portfolios(rows: usize) -> Vec<u8> {
    let row =
        |n: usize| format!("port-network000001,{},{:012}\n", usual_unit(), 100_000_000_000 + n);
    format!("PortfolioId,OrgUnit,AccountId\n{}", (0..rows).map(row).collect::<String>())
        .into_bytes()
}

/// A list of access for accounts that exist.
#[must_use]
pub fn access(rows: usize) -> Vec<u8> {
    let columns = [Column::AccountId, Column::Assignments, Column::Portfolios];
    list(&columns, rows, |n| {
        let id = 100_000_000_000 + n;
        format!("{id:012},group:Developers=AWSReadOnlyAccess;user:jane.doe=BillingView,Network\n")
    })
}

#[cfg(test)]
mod tests {
    use vending::file::{MOST_ROWS, SheetReader, UnknownNames, check, read_given};

    use super::*;

    fn faults(list: &[u8]) -> (usize, usize) {
        let mut reader = SheetReader::new();
        reader.push(list).unwrap();
        let sheet = reader.finish().unwrap();
        let checked = check(&sheet, &units(), &UnknownNames::default());
        (checked.requests.len(), checked.faults.len())
    }

    #[test]
    fn the_good_lists_are_good_and_as_long_as_they_may_be() {
        assert_eq!(faults(&plain(50)), (50, 0));
        let full = full(MOST_ROWS);
        assert!((9_800_000..MOST_BYTES).contains(&full.len()), "{}", full.len());
        assert_eq!(faults(&full), (MOST_ROWS, 0));
        let longest = longest();
        assert!((9_900_000..MOST_BYTES).contains(&longest.len()), "{}", longest.len());
        let (requests, wrong) = faults(&longest);
        assert!(requests > 1_000 && wrong == 0, "{requests} rows, {wrong} faults");
    }

    #[test]
    fn every_row_of_the_bad_lists_is_bad() {
        assert_eq!(faults(&faulty(70)).0, 2, "the first that has a name or an e-mail may have it");
        let (requests, wrong) = faults(&hopeless(10));
        assert!(requests == 0 && wrong >= 100, "{wrong} faults");
    }

    #[test]
    fn written_in_another_way_a_list_says_the_same() {
        let list = plain(3);
        for other in [quoted(&list), with_crlf(&list), utf16(&list)] {
            assert_eq!(faults(&other), (3, 0));
        }
    }

    #[test]
    fn the_other_forms_are_good_too() {
        assert_eq!(read_given(&access(5)).unwrap().rows.len(), 5);
        let mut reader = vending::portfolio_file::UploadReader::of("portfolios.csv");
        vending::file::FileReader::push(&mut reader, &portfolios(5)).unwrap();
        assert!(matches!(
            reader.finish(),
            Ok(vending::portfolio_file::Uploaded::Portfolios(file)) if file.rows() == 5 && file.faults.is_empty()
        ));
    }
}
