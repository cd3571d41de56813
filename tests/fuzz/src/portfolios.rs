//! What must hold of reading and checking a portfolio file.

use std::collections::BTreeSet;

use vending::file::{Fault, FileReader, MOST_ROWS, Unreadable};
use vending::portfolio_file::{
    MOST_FAULTS, PortfolioFile, UploadReader, Uploaded, check, write_refused,
};

use crate::formula::no_formula;
use crate::memory::Peak;

/// Bytes held whatever the file: as many accounts and faults as are looked at.
const BYTES_FOR_ALL: usize = 48 << 20;
/// Bytes of the longest fault as text.
const LONGEST_FAULT: usize = 4 * 1024;

/// Reads and checks any bytes as a portfolio file, by the name of a JSON and of a CSV: where
/// they are cut makes no difference, memory and faults are bounded, and what is sound has the
/// form of what it names.
pub fn portfolios(file: &[u8]) {
    for name in ["in/p.json", "in/p.csv"] {
        let peak = Peak::start();
        let whole = read(name, file, file.len());
        let most = BYTES_FOR_ALL + 4 * file.len();
        assert!(peak.bytes() <= most, "{} bytes for {}", peak.bytes(), file.len());
        assert_eq!(whole, read(name, file, 1 + file.len() % 61), "{name}");
        if let Ok(Uploaded::Portfolios(file)) = whole {
            sound(&file);
        }
    }
}

fn read(name: &str, file: &[u8], chunk: usize) -> Result<Uploaded, Unreadable> {
    let mut reader = UploadReader::of(name);
    file.chunks(chunk.max(1)).try_for_each(|chunk| reader.push(chunk))?;
    reader.finish()
}

fn sound(file: &PortfolioFile) {
    let (sound, faults) = check(file);
    assert!(faults.len() <= MOST_FAULTS + 1, "{} faults", faults.len());
    assert!(faults.is_sorted() && file.shares.len() <= 2 * MOST_ROWS);
    faults.iter().for_each(plain);
    let mut seen = BTreeSet::new();
    for share in sound {
        let portfolio = share.portfolio.text.as_str();
        assert!(portfolio.starts_with("port-") && portfolio.len() <= 100);
        assert!(portfolio.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it)));
        for (account, _) in share.accounts {
            assert!(seen.insert((portfolio.to_owned(), account)), "an account twice");
        }
    }
    if file.rows() > MOST_ROWS {
        assert!(!faults.is_empty(), "{} rows are taken", file.rows());
    }
    no_formula(&write_refused(file, &faults));
}

/// A fault is one line of printable text, however hostile what it quotes.
fn plain(fault: &Fault) {
    let text = fault.to_string();
    assert!(text.len() <= LONGEST_FAULT, "{} bytes: {text}", text.len());
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(!fault.problem.is_empty() && !fault.accepted.is_empty(), "{text}");
}
