//! What must hold of reading and checking an account list.

use std::collections::BTreeSet;

use vending::account::AccountRequest;
use vending::file::{
    AskedNames, Checked, Fault, LONGEST_CELL, Layout, MOST_ASSIGNMENTS, MOST_CELLS,
    MOST_PORTFOLIOS, MOST_ROWS, ResultRow, Sheet, SheetReader, UnknownNames, Unreadable, check,
    write,
};

use crate::formula::no_formula;
use crate::memory::Peak;
use crate::zone::units;

/// Bytes held for a row that is taken and checked, at most: its texts, its faults with
/// what would be accepted, its request.
const BYTES_PER_ROW: usize = 16 * 1024;
/// Bytes held whatever the file: the decoder, the header, its faults.
const BYTES_FOR_ALL: usize = 512 * 1024;
/// Faults of one row: each of eight columns may be wrong by itself, and as a repetition
/// or by its length; of two lists five items are named, the rest is counted; the row may be
/// short, or wide.
const FAULTS_PER_ROW: usize = 20 + 2 * 7;
/// Bytes of the longest fault as text: a value quoted, and eight units named.
const LONGEST_FAULT: usize = 4 * 1024;

/// Reads and checks any bytes as a list: where they are cut makes no difference,
/// memory and faults are bounded, and what is accepted is what AWS takes.
pub fn list(file: &[u8]) {
    let peak = Peak::start();
    let whole = read(file, file.len());
    let checked = whole.as_ref().map(|sheet| check(sheet, &units(), &UnknownNames::default()));
    bounded(peak.bytes(), file);
    for chunk in chunks(file) {
        assert_eq!(whole, read(file, chunk), "cut every {chunk} bytes");
    }
    match (&whole, checked) {
        (Ok(sheet), Ok(checked)) => sound(sheet, &checked),
        (Err(unreadable), _) => plain(&Fault::from(*unreadable)),
        (Ok(_), Err(_)) => unreachable!("what is read is checked"),
    }
}

fn read(file: &[u8], chunk: usize) -> Result<Sheet, Unreadable> {
    let mut reader = SheetReader::new();
    file.chunks(chunk.max(1)).try_for_each(|chunk| reader.push(chunk))?;
    reader.finish()
}

/// Byte by byte while that is quick, and two lengths that the file itself decides.
fn chunks(file: &[u8]) -> impl Iterator<Item = usize> {
    let mixed = file
        .iter()
        .fold(7_usize, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let single = (file.len() <= 64 * 1024).then_some(1);
    single.into_iter().chain([2 + mixed % 61, 64 + mixed % 5_003])
}

fn bounded(peak: usize, file: &[u8]) {
    let ends = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let rows = (ends + 1).min(MOST_ROWS);
    let most = BYTES_FOR_ALL + rows * BYTES_PER_ROW + 2 * file.len();
    assert!(peak <= most, "{peak} bytes for a file of {} with {rows} rows", file.len());
}

fn sound(sheet: &Sheet, checked: &Checked) {
    assert!(sheet.rows.len() <= MOST_ROWS);
    let most = sheet.rows.len() * FAULTS_PER_ROW + MOST_CELLS + 16;
    assert!(checked.faults.len() <= most, "{} faults", checked.faults.len());
    assert!(checked.faults.is_sorted());
    checked.faults.iter().for_each(plain);
    let faulty: BTreeSet<u64> = checked.faults.iter().filter_map(|fault| fault.line).collect();
    for (line, request) in &checked.requests {
        assert!(!faulty.contains(line), "line {line} has a fault and is asked for");
        acceptable(request);
    }
    unique(&checked.requests);
    asked(sheet, &checked.requests);
    returned(sheet);
}

/// A fault is one line of printable text, however hostile what it quotes.
fn plain(fault: &Fault) {
    let text = fault.to_string();
    assert!(text.len() <= LONGEST_FAULT, "{} bytes: {text}", text.len());
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(!text.contains(is_override), "{text:?}");
    assert!(!fault.problem.is_empty() && !fault.accepted.is_empty(), "{text}");
}

/// What AWS takes, said once more and independently of the types that check it.
fn acceptable(request: &AccountRequest) {
    let name = request.name.as_str();
    assert!((1..=50).contains(&name.len()));
    assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    for email in [&request.email, &request.sso_user.email] {
        let email = email.as_str();
        assert!((8..=64).contains(&email.len()), "{email}");
        assert!(email.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte)));
        assert_eq!(email.matches('@').count(), 1);
    }
    for person in [&request.sso_user.first_name, &request.sso_user.last_name] {
        let person = person.as_str();
        assert!((1..=128).contains(&person.chars().count()));
        assert!(!person.contains(|c: char| c.is_control() || is_override(c)), "{person:?}");
    }
    assert!(units().contains(&request.unit));
    let access = &request.access;
    assert!(access.assignments.len() <= MOST_ASSIGNMENTS);
    assert!(access.portfolios.len() <= MOST_PORTFOLIOS);
    for (principal, set) in &access.assignments {
        named(&principal.text, 1_024);
        assert!(!set.contains('=') && (set.starts_with("arn:") || set.len() <= 32), "{set}");
    }
    access.portfolios.iter().for_each(|name| named(name.trim_start_matches("local:"), 100));
}

/// A name that somebody can have given.
fn named(name: &str, most: usize) {
    assert!(name.chars().count() <= most && name.trim() == name, "{name:?}");
    assert!(!name.contains(|c: char| c == ';' || c.is_control() || is_override(c)), "{name:?}");
}

/// Whatever is asked for is among the names that are looked up.
fn asked(sheet: &Sheet, requests: &[(u64, AccountRequest)]) {
    let names = AskedNames::of(sheet);
    for (_, request) in requests {
        assert!(request.access.assignments.iter().all(|it| names.assignments.contains(it)));
        assert!(request.access.portfolios.iter().all(|it| names.portfolios.contains(it)));
    }
}

/// Characters that turn the direction of what follows, so that it reads as something else.
fn is_override(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn unique(requests: &[(u64, AccountRequest)]) {
    let names: BTreeSet<&str> = requests.iter().map(|(_, it)| it.name.as_str()).collect();
    let emails: BTreeSet<String> = requests.iter().map(|(_, it)| it.email.key()).collect();
    assert_eq!((names.len(), emails.len()), (requests.len(), requests.len()));
}

/// The rows as they are given back run nothing in a spreadsheet, and read as they were.
fn returned(sheet: &Sheet) {
    let rows: Vec<ResultRow> = sheet.rows.iter().map(ResultRow::of_row).collect();
    let written = write(Layout::of(&sheet.header), &rows);
    no_formula(&written);
    let Ok(again) = read(&written, written.len()) else {
        panic!("the results file cannot be read");
    };
    if rows.iter().flat_map(|row| &row.cells).any(|cell| cell.len() > LONGEST_CELL / 2) {
        // Disarmed, it may be longer than a reader takes. No legal cell comes near.
        return;
    }
    let again: Vec<ResultRow> = again.rows.iter().map(ResultRow::of_row).collect();
    let cells = |rows: &[ResultRow]| rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    // A row whose cells cannot be kept is blank when it comes back, and passed over.
    let mut expected = cells(&rows);
    expected.retain(|cells| cells.iter().any(|cell| !cell.is_empty()));
    assert_eq!(cells(&again), expected);
}
