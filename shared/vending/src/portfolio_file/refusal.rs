//! The results file of a portfolio file that was refused: its rows, and what is wrong with
//! each. Corrected in a spreadsheet, it can be uploaded again.

use std::collections::HashMap;

use super::column::Column;
use super::{AskedShare, Located, PortfolioFile};
use crate::file::{Fault, table};

/// Bytes of a row's faults as text after which no more of them are told.
const MOST_TOLD: usize = 2_000;

/// The results of a file of which nothing is taken: first what is no row's own, then the rows.
#[must_use]
pub fn write_refused(file: &PortfolioFile, faults: &[Fault]) -> Vec<u8> {
    let mut own: HashMap<String, Vec<&Fault>> = HashMap::new();
    for fault in faults {
        own.entry(key(fault)).or_default().push(fault);
    }
    let mut rows: Vec<[String; 6]> = Vec::new();
    for share in &file.shares {
        let of_share = take_all(share, &mut own);
        for account in accounts(share) {
            rows.push(row(share, account, &of_share, &mut own));
        }
    }
    let mut rest: Vec<&Fault> = own.into_values().flatten().collect();
    rest.sort();
    let rest =
        rest.into_iter().map(|fault| [(); 6].map(|()| String::new()).with(4, fault.to_string()));
    let rows: Vec<[String; 6]> = rest.chain(rows).collect();
    let cells = rows.iter().map(|row| row.each_ref().map(String::as_str));
    table(std::iter::once(header()).chain(cells))
}

/// The names of the columns of a results file.
pub(crate) fn header() -> [&'static str; 6] {
    Column::ALL.map(Column::name)
}

trait With {
    fn with(self, index: usize, text: String) -> Self;
}

impl With for [String; 6] {
    fn with(mut self, index: usize, text: String) -> Self {
        if let Some(cell) = self.get_mut(index) {
            *cell = text;
        }
        self
    }
}

/// What a fault is looked up by: the way to its value in a JSON, where many are on one line,
/// and its line otherwise.
fn key(fault: &Fault) -> String {
    match fault.place.starts_with('$') {
        true => fault.place.clone(),
        false => fault.line.map(|line| line.to_string()).unwrap_or_default(),
    }
}

/// The faults of the share itself, which all its rows have.
fn take_all<'f>(share: &AskedShare, own: &mut HashMap<String, Vec<&'f Fault>>) -> Vec<&'f Fault> {
    let texts = [share.portfolio.as_ref(), share.unit.as_ref()].into_iter().flatten();
    let places = texts.map(|text| text.place.clone());
    let keys: Vec<String> = match share.place.is_empty() {
        true => vec![share.line.to_string()],
        false => {
            let whole = [
                share.place.clone(),
                format!("{}.PortID", share.place),
                format!("{}.OU_ID", share.place),
                format!("{}.DestinationAccountIDs", share.place),
            ];
            whole.into_iter().chain(places).collect()
        }
    };
    keys.iter().filter_map(|key| own.remove(key)).flatten().collect()
}

/// The accounts of the share, or that it has none.
fn accounts(share: &AskedShare) -> Vec<Option<&Located>> {
    match share.accounts.is_empty() {
        true => vec![None],
        false => share.accounts.iter().map(Some).collect(),
    }
}

fn row(
    share: &AskedShare,
    account: Option<&Located>,
    of_share: &[&Fault],
    own: &mut HashMap<String, Vec<&Fault>>,
) -> [String; 6] {
    let of_account = account.and_then(|account| own.remove(&account.place)).unwrap_or_default();
    let faults: Vec<&&Fault> = of_share.iter().chain(&of_account).collect();
    // A NUL, which a JSON may have, would make the sheet unreadable.
    let text = |located: Option<&Located>| {
        located.map(|it| it.text.replace('\0', "\u{fffd}")).unwrap_or_default()
    };
    let outcome = if faults.is_empty() { "not taken: the file has faults" } else { "refused" };
    [
        text(share.portfolio.as_ref()),
        text(share.unit.as_ref()),
        text(account),
        String::new(),
        told(&faults),
        outcome.to_owned(),
    ]
}

fn told(faults: &[&&Fault]) -> String {
    let mut text = String::new();
    for (told, fault) in faults.iter().enumerate() {
        if text.len() >= MOST_TOLD {
            return format!("{text}; and {} more", faults.len() - told);
        }
        let parting = if text.is_empty() { "" } else { "; " };
        text.push_str(&format!("{parting}{fault}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::FileReader;
    use crate::portfolio_file::{UploadReader, Uploaded, check};

    fn refused(name: &str, text: &str) -> String {
        let mut reader = UploadReader::of(name);
        reader.push(text.as_bytes()).unwrap();
        let Ok(Uploaded::Portfolios(file)) = reader.finish() else { panic!("no portfolio file") };
        let (_, faults) = check(&file);
        String::from_utf8(write_refused(&file, &faults)).unwrap()
    }

    #[test]
    fn every_row_of_a_csv_comes_back_with_its_faults() {
        insta::assert_snapshot!(refused(
            "p.csv",
            "PortfolioId,OrgUnit,AccountId,X\nport-1,=A,1\nport-1,B,111122223333\nport,,12\n"
        ));
    }

    #[test]
    fn every_account_of_a_json_has_a_row_though_all_are_on_one_line() {
        insta::assert_snapshot!(refused(
            "p.json",
            r#"[{"OU_ID":"x","PortID":"port-1","DestinationAccountIDs":["111122223333","=1"]},{"PortID":3},{"OU_ID":"ou-aaaa-bbbbcccc","PortID":"port-1","DestinationAccountIDs":[]}, 7]"#
        ));
    }

    #[test]
    fn a_nul_does_not_reach_the_sheet() {
        let text =
            refused("p.json", r#"{"OU_ID":"a\u0000b","PortID":"","DestinationAccountIDs":[]}"#);
        assert!(text.contains(",a\u{fffd}b,") && !text.contains('\0'), "{text}");
    }

    #[test]
    fn what_is_no_json_is_one_line() {
        let text = refused("p.json", "{");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("the file ends in the middle of a value"));
    }
}
