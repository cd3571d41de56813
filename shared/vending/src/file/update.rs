//! Bringing a results file up to date: the rows that there is news of are written
//! anew, and every other byte stays as it is.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use csv_core::{ReadRecordResult, Reader};

use super::column::Column;
use super::formula::{disarm, restore};
use super::results::Lines;

/// What has become of a row since its results file was written. `Debug` prints no error.
#[derive(Clone, PartialEq, Eq)]
pub struct RowNews {
    /// The status, such as `FAILED`.
    pub status: String,
    /// The account's id; empty when there is none.
    pub account_id: String,
    /// The cause and what to do; empty when all is well.
    pub error: String,
    /// What to say instead in the column `Outcome`; `None` leaves what it says.
    pub outcome: Option<String>,
}

impl std::fmt::Debug for RowNews {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowNews").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What the column `Outcome` says of a row that was refused when the list was read first, and
/// taken when it was read again.
const TAKEN_AFTER_ALL: &str = "taken when the list was read again";

/// The bytes are no results file as Vend writes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is not a results file as it was written")]
pub struct NotResults;

/// The results file with `news` in its rows, by the account's name: the same rows in the
/// same order. Rows that were refused ask for nothing and are left alone, also where they
/// repeat a name. But where no other row has the name and the list did ask for the account,
/// another reading of the same list has taken the row that this file says was refused.
///
/// # Errors
/// [`NotResults`] when somebody has put something else in its place.
pub fn update(file: &[u8], news: &HashMap<&str, RowNews>) -> Result<Vec<u8>, NotResults> {
    // Read apart, and only where a row that was refused has a name that there is news of.
    let mut known = None;
    let mut rows = Rows::open(file)?;
    let mut updated = Lines::starting_with(rows.header);
    updated.make_room_for(file.len());
    while let Some(row) = rows.next()? {
        let name = row.name();
        let Some(about) = news.get(&*name) else {
            updated.as_it_is(row.bytes);
            continue;
        };
        if row.is_taken() {
            updated.disarmed_line(&row.with(about));
            continue;
        }
        let taken = match &mut known {
            Some(taken) => taken,
            None => known.insert(taken(file, news)?),
        };
        if about.outcome.is_none() && taken.insert(name.into_owned()) {
            let outcome = Some(TAKEN_AFTER_ALL.to_owned());
            updated.disarmed_line(&row.with(&RowNews { outcome, ..about.clone() }));
        } else {
            updated.as_it_is(row.bytes);
        }
    }
    Ok(updated.into_bytes())
}

/// The names among those of `news` that have a row which was not refused.
fn taken(file: &[u8], news: &HashMap<&str, RowNews>) -> Result<HashSet<String>, NotResults> {
    let mut rows = Rows::open(file)?;
    let mut taken = HashSet::new();
    while let Some(row) = rows.next()? {
        let name = row.name();
        if row.is_taken() && news.contains_key(&*name) {
            taken.insert(name.into_owned());
        }
    }
    Ok(taken)
}

/// The name and the status of every row in the file that was not refused.
///
/// # Errors
/// [`NotResults`], likewise.
pub fn statuses(file: &[u8]) -> Result<Vec<(String, String)>, NotResults> {
    let mut rows = Rows::open(file)?;
    let mut statuses = Vec::new();
    while let Some(row) = rows.next()? {
        if row.is_taken() {
            statuses.push((row.name().into_owned(), row.cell(row.places.status).to_owned()));
        }
    }
    Ok(statuses)
}

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
struct Places {
    name: usize,
    status: usize,
    account_id: usize,
    error: usize,
    outcome: usize,
}

impl Places {
    fn of(header: &Cells<'_>) -> Option<Self> {
        let is = |place: &usize, column: Column| {
            header.get(*place).trim_start_matches('\u{feff}') == column.name()
        };
        let place = |column| (0..header.ends.len()).find(|place| is(place, column));
        Some(Self {
            name: place(Column::AccountName)?,
            status: place(Column::Status)?,
            account_id: place(Column::AccountId)?,
            error: place(Column::ErrorMsg)?,
            outcome: place(Column::Outcome)?,
        })
    }
}

/// The cells of a row, still disarmed.
#[derive(Clone, Copy)]
struct Cells<'r> {
    texts: &'r str,
    ends: &'r [usize],
}

impl<'r> Cells<'r> {
    /// The cell at that place; empty where there is none.
    fn get(&self, place: usize) -> &'r str {
        let start = place.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        let span = start.zip(self.ends.get(place)).map(|(start, end)| *start..*end);
        span.and_then(|span| self.texts.get(span)).unwrap_or_default()
    }
}

/// One row of a results file.
struct ResultsRow<'f, 'r> {
    bytes: &'f [u8],
    cells: Cells<'r>,
    places: Places,
}

impl<'r> ResultsRow<'_, 'r> {
    fn cell(&self, place: usize) -> &'r str {
        self.cells.get(place)
    }

    fn name(&self) -> Cow<'r, str> {
        restore(self.cell(self.places.name))
    }

    /// Whether the row is in the ledger, by this list or by another.
    fn is_taken(&self) -> bool {
        !self.cell(self.places.status).is_empty()
    }

    fn with(&self, news: &RowNews) -> Vec<String> {
        let places = self.places;
        let mut cells: Vec<String> =
            (0..self.cells.ends.len()).map(|place| self.cell(place).to_owned()).collect();
        let outcome = news.outcome.as_deref().map(|outcome| (places.outcome, outcome));
        let said = [
            (places.status, news.status.as_str()),
            (places.account_id, news.account_id.as_str()),
            (places.error, news.error.as_str()),
        ];
        for (place, text) in said.into_iter().chain(outcome) {
            if let Some(cell) = cells.get_mut(place) {
                *cell = disarm(text).into_owned();
            }
        }
        cells
    }
}

/// The bytes of a record, and its cells.
type Record<'f, 'r> = (&'f [u8], Cells<'r>);

/// Takes a results file apart, row by row.
struct Rows<'f> {
    header: &'f [u8],
    rest: &'f [u8],
    places: Places,
    reader: Reader,
    /// The bytes of the cells of one row, and where each of them ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl<'f> Rows<'f> {
    fn open(file: &'f [u8]) -> Result<Self, NotResults> {
        let nowhere = Places { name: 0, status: 0, account_id: 0, error: 0, outcome: 0 };
        let mut rows = Self {
            header: &[],
            rest: file,
            places: nowhere,
            reader: Reader::new(),
            cells: vec![0; 4096],
            ends: vec![0; 32],
        };
        let (header, names) = rows.record()?.ok_or(NotResults)?;
        let places = Places::of(&names).ok_or(NotResults)?;
        Ok(Self { header, places, ..rows })
    }

    fn next(&mut self) -> Result<Option<ResultsRow<'f, '_>>, NotResults> {
        let places = self.places;
        let row = self.record()?.map(|(bytes, cells)| ResultsRow { bytes, cells, places });
        Ok(row)
    }

    /// The next record; `None` at the end.
    fn record(&mut self) -> Result<Option<Record<'f, '_>>, NotResults> {
        let (mut read, mut written, mut ended) = (0, 0, 0);
        loop {
            let (result, more_read, more_written, more_ended) = self.reader.read_record(
                self.rest.get(read..).unwrap_or_default(),
                self.cells.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(ended..).unwrap_or_default(),
            );
            (read, written, ended) = (read + more_read, written + more_written, ended + more_ended);
            match result {
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                // The next call sees that nothing follows.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let (bytes, rest) = self.rest.split_at_checked(read).ok_or(NotResults)?;
        self.rest = rest;
        let texts = self.cells.get(..written).unwrap_or_default();
        let texts = str::from_utf8(texts).map_err(|_| NotResults)?;
        let ends = self.ends.get(..ended).unwrap_or_default();
        Ok(Some((bytes, Cells { texts, ends })))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::file::{Layout, ResultRow};

    fn write<const N: usize>(rows: [ResultRow; N]) -> Vec<u8> {
        crate::file::write(Layout::USUAL, rows)
    }

    fn row(name: &str, status: &str) -> ResultRow {
        let cells = [
            name,
            "a@example.com",
            "r@example.com",
            "O\"Neil",
            "two\nlines",
            "A, B",
            "",
            "",
            "",
            "",
        ];
        let cells = cells.map(str::to_owned);
        ResultRow { status: status.into(), outcome: "queued".into(), ..ResultRow::new(2, cells) }
    }

    fn news(status: &str, error: &str) -> RowNews {
        let account_id = "123456789012".to_owned();
        RowNews { status: status.into(), account_id, error: error.into(), outcome: None }
    }

    #[test]
    fn a_row_with_news_is_written_anew_and_the_others_stay() {
        let file = write([row("alpha", "QUEUED"), row("-beta", "QUEUED"), row("gamma", "READY")]);
        let news = HashMap::from([("-beta", news("FAILED", "=it failed, \"so\""))]);
        let updated = String::from_utf8(update(&file, &news).unwrap()).unwrap();
        let old = String::from_utf8(file).unwrap();
        let expected = old.replace(
            "'-beta,a@example.com,r@example.com,\"O\"\"Neil\",\"two\nlines\",\"A, B\",QUEUED,,,",
            "'-beta,a@example.com,r@example.com,\"O\"\"Neil\",\"two\nlines\",\"A, B\",FAILED,\
             123456789012,\"'=it failed, \"\"so\"\"\",",
        );
        assert_ne!(old, expected);
        assert_eq!(updated, expected);
    }

    #[test]
    fn a_refused_row_that_repeats_a_name_is_left_alone() {
        let refused = ResultRow { error: "is there twice".into(), ..row("alpha", "") };
        let file = write([refused.clone(), row("alpha", "QUEUED"), refused.clone()]);
        let news = HashMap::from([("alpha", news("READY", ""))]);
        let taken = ResultRow { account_id: "123456789012".into(), ..row("alpha", "READY") };
        assert_eq!(update(&file, &news).unwrap(), write([refused.clone(), taken, refused]));
    }

    #[test]
    fn a_row_that_only_this_file_says_was_refused_is_taken_after_all() {
        let refused = ResultRow { error: "is in use".into(), ..row("alpha", "") };
        let file = write([refused.clone(), refused.clone()]);
        let here = HashMap::from([("alpha", news("READY", ""))]);
        let taken = ResultRow {
            account_id: "123456789012".into(),
            outcome: TAKEN_AFTER_ALL.into(),
            ..row("alpha", "READY")
        };
        assert_eq!(update(&file, &here).unwrap(), write([taken, refused.clone()]));
        // Another list asks for it: this one did not.
        let elsewhere = RowNews { outcome: Some("see there".into()), ..news("READY", "") };
        let elsewhere = HashMap::from([("alpha", elsewhere)]);
        assert_eq!(update(&file, &elsewhere).unwrap(), file);
    }

    #[test]
    fn the_statuses_of_what_was_taken_are_found() {
        let file = write([row("a", "QUEUED"), row("b", ""), row("-d", "READY")]);
        let expected = [("a", "QUEUED"), ("-d", "READY")];
        let expected = expected.map(|(name, status)| (name.to_owned(), status.to_owned()));
        assert_eq!(statuses(&file).unwrap(), expected);
    }

    #[test]
    fn cells_and_rows_of_any_length_are_read() {
        let long = ResultRow { error: "so ".repeat(9_000), ..row("alpha", "QUEUED") };
        let file = write([long, row("beta", "QUEUED")]);
        let news = HashMap::from([("alpha", news("READY", "")), ("beta", news("READY", ""))]);
        let ready = |name| ResultRow { account_id: "123456789012".into(), ..row(name, "READY") };
        assert_eq!(update(&file, &news).unwrap(), write([ready("alpha"), ready("beta")]));
        // Somebody put a hundred columns behind Vend's.
        let wide = |text: &[u8]| {
            let text = String::from_utf8(text.to_vec()).unwrap();
            text.replace("Outcome\n", &format!("Outcome{}\n", ",x".repeat(100)))
                .replace("queued\n", &format!("queued{}\n", ",1".repeat(100)))
        };
        let file = wide(&write([row("alpha", "QUEUED"), row("beta", "READY")]));
        let expected = wide(&write([ready("alpha"), row("beta", "READY")]));
        let news = HashMap::from([("alpha", news.get("alpha").unwrap().clone())]);
        assert_eq!(String::from_utf8(update(file.as_bytes(), &news).unwrap()).unwrap(), expected);
    }

    #[test]
    fn debug_tells_the_status_and_no_words() {
        let told = format!("{:?}", news("FAILED", "root@example.com is taken"));
        assert_eq!(told, "RowNews { status: \"FAILED\", .. }");
    }

    #[test]
    fn what_is_no_results_file_is_not_touched() {
        for file in ["", "\u{feff}", "AccountName;Status\n", "AccountName,Status\na,QUEUED\n"] {
            assert_eq!(update(file.as_bytes(), &HashMap::new()), Err(NotResults), "{file:?}");
        }
        let mut broken = write([row("alpha", "QUEUED")]);
        broken.extend(b"\xff,\n");
        assert_eq!(update(&broken, &HashMap::new()), Err(NotResults));
    }

    proptest! {
        #[test]
        fn without_news_not_a_byte_changes(file in prop::collection::vec(any::<[String; 10]>(), 0..5)) {
            let rows = file.into_iter().map(|cells| ResultRow::new(2, cells));
            let file = crate::file::write(Layout::FULL, rows);
            prop_assert_eq!(update(&file, &HashMap::new()).unwrap(), file);
        }

        #[test]
        fn news_is_what_the_row_would_have_been_written_with(
            cells in any::<[String; 10]>(), error in any::<String>(), outcome in any::<String>(),
        ) {
            let before = ResultRow { status: "QUEUED".into(), ..ResultRow::new(2, cells) };
            let name = before.cells[0].clone();
            let after = ResultRow {
                status: "FAILED".into(),
                error: error.clone(),
                outcome: outcome.clone(),
                ..before.clone()
            };
            let news = RowNews {
                status: "FAILED".into(),
                account_id: String::new(),
                error,
                outcome: Some(outcome),
            };
            let news = HashMap::from([(name.as_str(), news)]);
            prop_assert_eq!(update(&write([before]), &news).unwrap(), write([after]));
        }
    }
}
