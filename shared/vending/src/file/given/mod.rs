//! A list of access for accounts that exist: which account, and what it is given. Read as
//! account lists are, and as strictly; what the organization holds is not known here.

mod header;
mod row;

use super::fault::{Fault, Faults};
use super::header::Header;
use super::record::Record;
use super::records::RecordReader;
use super::sheet::{MOST_BYTES, MOST_ROWS};
use super::text::{NotText, TextReader};
use super::unreadable::Unreadable;

pub use row::GivenRow;

/// A list of access that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenSheet {
    /// The rows without a fault, in the file's order. Where the header has one there are none,
    /// as the cells may not mean what they seem to, and nothing is said of them.
    pub rows: Vec<GivenRow>,
    /// How many rows there are, those with faults too.
    pub count: usize,
    /// Every fault, sorted.
    pub faults: Vec<Fault>,
}

/// Reads a list of access: a CSV with the columns `AccountId` or `AccountName`, or both,
/// and `Assignments` or `Portfolios`, or both, in any order.
///
/// # Errors
/// [`Unreadable`] when the file is no such list at all.
pub fn read_given(bytes: &[u8]) -> Result<GivenSheet, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let mut rows = Rows::default();
    let mut records = RecordReader::default();
    let mut text = String::new();
    let decoded = TextReader::default().read(bytes, true, &mut text);
    records.read(&text, &mut |record| rows.take(record))?;
    decoded.map_err(|reason| match reason {
        NotText::Workbook => Unreadable::Workbook,
        NotText::Malformed => Unreadable::Encoding { line: records.line() },
    })?;
    records.finish(&mut |record| rows.take(record))?;
    rows.finish()
}

/// The rows found so far.
#[derive(Default)]
struct Rows {
    header: Option<Header>,
    /// Whether nothing is wrong with the header.
    is_sound: bool,
    rows: Vec<GivenRow>,
    count: usize,
    faults: Faults,
}

impl Rows {
    fn take(&mut self, record: &Record) -> Result<(), Unreadable> {
        if record.is_blank() {
            return Ok(());
        }
        let Some(header) = &self.header else {
            self.header = Some(header::read(record, &mut self.faults)?);
            self.is_sound = self.faults.is_empty();
            return Ok(());
        };
        if self.count == MOST_ROWS {
            return Err(Unreadable::TooManyRows { line: record.line });
        }
        self.count += 1;
        if self.is_sound {
            self.rows.extend(GivenRow::read(header, record, &mut self.faults));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<GivenSheet, Unreadable> {
        self.header.ok_or(Unreadable::Empty)?;
        if self.count == 0 {
            let accepted = "a row under the header for each account";
            self.faults.add(Fault::of_file("the file has no rows", accepted));
        }
        Ok(GivenSheet { rows: self.rows, count: self.count, faults: self.faults.into_vec() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn faults(file: &str) -> Vec<String> {
        let faults = read_given(file.as_bytes()).unwrap().faults;
        faults.iter().map(ToString::to_string).collect()
    }

    fn rows(file: &str) -> Vec<String> {
        let sheet = read_given(file.as_bytes()).unwrap();
        assert_eq!(sheet.faults, []);
        let words = |row: &GivenRow| {
            let id = row.id.as_ref().map_or("-", |id| id.as_str());
            let access = [row.access.assignment_texts(), row.access.portfolios.clone()].concat();
            format!("{}: {id} {:?} {}", row.line, row.name, access.join(" + "))
        };
        sheet.rows.iter().map(words).collect()
    }

    #[test]
    fn columns_come_in_any_order_and_case_and_some_may_be_absent() {
        assert_eq!(
            rows(
                "assignments;ACCOUNTID;Portfolios;AccountName\n\
                  \"group:A=X; user:b@c=Y\";123456789012;\"local:Net;Sec\";\n;;Net;Log archive\n"
            ),
            [
                "2: 123456789012 \"\" group:A=X + user:b@c=Y + local:Net + Sec",
                "3: - \"Log archive\" Net"
            ]
        );
        assert_eq!(
            rows("AccountId,Assignments\n\n123456789012,group:A=X\n"),
            ["3: 123456789012 \"\" group:A=X"]
        );
        assert_eq!(rows("AccountName,Portfolios\n'=odd,Net\n"), ["2: - \"=odd\" Net"]);
    }

    #[test]
    fn a_header_is_told_all_that_is_wrong_with_it_and_its_rows_mean_nothing() {
        let file = "AccountID,Asignments,CostCenter,accountid\n123456789012,group:A=X,1,2\n";
        insta::assert_snapshot!(faults(file).join("\n"));
        assert_eq!(read_given(file.as_bytes()).unwrap().rows, []);
        insta::assert_snapshot!(faults("Assignments\ngroup:A=X\n").join("\n"));
    }

    #[test]
    fn every_fault_of_every_row_is_told_at_once() {
        let long = "x".repeat(crate::file::LONGEST_CELL + 1);
        let file = format!(
            "AccountId,AccountName,Assignments,Portfolios\n\
             12345678901,,group:A=X,\n\
             ,,group:A=X,\n\
             123456789012,alpha,,\n\
             123456789012,alpha,team:A=X; group:B,local:\n\
             123456789012,{long},group:A=X,,,more\n\
             123456789012,\"a\tb\",group:A=X\n"
        );
        insta::assert_snapshot!(faults(&file).join("\n"));
        assert_eq!(read_given(file.as_bytes()).unwrap().count, 6);
    }

    #[test]
    fn what_is_no_list_is_told_apart() {
        for (file, reason) in [
            (&b""[..], Unreadable::Empty),
            (b"\nalpha,group:A=X", Unreadable::NoHeader { line: 2 }),
            (b"PK\x03\x04", Unreadable::Workbook),
            (b"AccountId,Assignments\n\"a", Unreadable::UnclosedQuote { line: 2 }),
            (b"AccountId,Assignments\n\xe9", Unreadable::Encoding { line: 2 }),
        ] {
            assert_eq!(read_given(file), Err(reason));
        }
        assert_eq!(read_given(&vec![b'\n'; MOST_BYTES + 1]), Err(Unreadable::TooLarge));
        let many = format!("AccountName,Portfolios\n{}", "a,b\n".repeat(MOST_ROWS + 1));
        let line = u64::try_from(MOST_ROWS).unwrap() + 2;
        assert_eq!(read_given(many.as_bytes()), Err(Unreadable::TooManyRows { line }));
        assert_eq!(faults("AccountId,Assignments\n").len(), 1, "it has no rows");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_faults_are_sorted(body in "(\\PC|[,;\n\"=:'])*") {
            if let Ok(sheet) = read_given(format!("AccountId,AccountName,Assignments,Portfolios\n{body}").as_bytes()) {
                prop_assert!(sheet.faults.is_sorted());
                prop_assert!(sheet.rows.len() <= sheet.count);
            }
        }
    }

    #[test]
    fn a_list_is_as_long_as_it_may_be_and_no_longer() {
        let head = "AccountId,Portfolios\n";
        let read = |bytes: usize| read_given((head.to_owned() + &"\n".repeat(bytes)).as_bytes());
        assert!(read(MOST_BYTES - head.len()).is_ok());
        assert_eq!(read(MOST_BYTES - head.len() + 1).err(), Some(Unreadable::TooLarge));
    }

    #[test]
    fn an_account_has_a_name_of_so_many_characters_and_no_control_character() {
        let told = |name: &str| faults(&format!("AccountName,Portfolios\n{name},Network\n"));
        assert_eq!(told(&"é".repeat(row::LONGEST_NAME)), Vec::<String>::new());
        assert_eq!(told(&"é".repeat(row::LONGEST_NAME + 1)).len(), 1);
        assert_eq!(told("\u{202e}x").len(), 1);
    }
}
