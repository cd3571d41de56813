//! Reading the JSON form: `{"OU_ID": …, "PortID": …, "DestinationAccountIDs": […]}`, one
//! such object or a list of them, with the line and the way to every value.

use std::cell::Cell;
use std::io::Read;

use serde_json::error::Category;

use super::reading::Reading;
use super::value::Top;
use super::{PortfolioFile, bounded};
use crate::file::{Fault, FileReader, MOST_BYTES, NotText, TextReader, Unreadable};

/// What stands for a JSON in the name of a file.
pub(super) const SUFFIX: &str = ".json";

/// What is accepted instead of a file that is no JSON.
const ACCEPTED: &str =
    r#"{"OU_ID": "ou-…", "PortID": "port-…", "DestinationAccountIDs": ["…"]}, or a list of such"#;

/// Takes the bytes of a JSON, which is read when all are there: at most ten megabytes.
#[derive(Default)]
pub(super) struct JsonReader {
    bytes: usize,
    text: String,
    decoder: TextReader,
    fault: Option<Fault>,
}

impl FileReader for JsonReader {
    fn push(&mut self, chunk: &[u8]) -> Result<(), Unreadable> {
        self.bytes += chunk.len();
        if self.bytes > MOST_BYTES {
            return Err(Unreadable::TooLarge);
        }
        self.decode(chunk, false);
        Ok(())
    }
}

impl JsonReader {
    pub(super) fn finish(mut self) -> PortfolioFile {
        self.decode(&[], true);
        match self.fault {
            Some(fault) => PortfolioFile::unreadable(fault),
            None => read(&self.text),
        }
    }

    fn decode(&mut self, bytes: &[u8], last: bool) {
        if self.fault.is_some() {
            return;
        }
        let decoded = self.decoder.read(bytes, last, &mut self.text);
        self.fault = decoded.err().map(|why| self.not_text(why));
    }

    fn not_text(&self, why: NotText) -> Fault {
        match why {
            NotText::Workbook => Fault::of_file("the file is a spreadsheet's workbook", ACCEPTED),
            NotText::Malformed => {
                let line = 1 + self.text.matches('\n').count() as u64;
                let problem = "has bytes that are no characters in the file's encoding";
                Fault::of_row(line, problem, "JSON in UTF-8")
            }
        }
    }
}

/// The text read as a portfolio file.
fn read(text: &str) -> PortfolioFile {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return PortfolioFile::unreadable(Fault::of_file("the file is empty", ACCEPTED));
    }
    let line = Cell::new(1);
    let reading = Reading::new(&line);
    let mut json =
        serde_json::Deserializer::from_reader(Lines { rest: text.as_bytes(), line: &line });
    let outcome = Top(&reading).read(&mut json).and_then(|()| json.end());
    let (mut file, stopped) = reading.into_file();
    if let Err(error) = outcome
        && !stopped
    {
        file.faults.push(no_json(&error));
    }
    file.faults = bounded(file.faults);
    file
}

/// Why the text is no JSON, in words that quote nothing of it.
fn no_json(error: &serde_json::Error) -> Fault {
    let line = error.line() as u64;
    if error.classify() == Category::Eof {
        return Fault::of_row(line, "the file ends in the middle of a value", "the whole file");
    }
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let problem = format!("is not JSON at character {} of the line: {words}", error.column());
    Fault::of_row(line.max(1), problem, ACCEPTED)
}

/// Hands a text over and counts its lines: of a value that was read just now, the line that
/// it ends on is known. Texts have no line breaks in JSON.
struct Lines<'t> {
    rest: &'t [u8],
    line: &'t Cell<u64>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // One byte, so that nothing is counted before it is looked at.
        let one = buffer.len().min(1);
        let read = self.rest.read(buffer.get_mut(..one).unwrap_or_default())?;
        if buffer.get(..read) == Some(b"\n".as_slice()) {
            self.line.set(self.line.get() + 1);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::file::MOST_ROWS;
    use crate::portfolio_file::{AskedShare, Located, MOST_FAULTS};

    fn file(text: &str) -> PortfolioFile {
        let mut reader = JsonReader::default();
        reader.push(text.as_bytes()).unwrap();
        reader.finish()
    }

    fn faults(text: &str) -> Vec<String> {
        file(text).faults.iter().map(ToString::to_string).collect()
    }

    fn located(text: &str, line: u64, place: &str) -> Located {
        Located { text: text.into(), line, place: place.into() }
    }

    const GOOD: &str = "{\n  \"OU_ID\": \"ou-aaaa-bbbbcccc\",\n  \"PortID\": \"port-1\",\n  \
                        \"DestinationAccountIDs\": [\n    \"111122223333\",\n    \" 444455556666 \"\n  ]\n}\n";

    #[test]
    fn an_object_is_read_with_the_place_of_every_value() {
        let read = file(GOOD);
        assert_eq!(read.faults, []);
        let accounts = [
            located("111122223333", 5, "$.DestinationAccountIDs[0]"),
            located("444455556666", 6, "$.DestinationAccountIDs[1]"),
        ];
        let share = AskedShare {
            line: 1,
            place: "$".into(),
            portfolio: Some(located("port-1", 3, "$.PortID")),
            unit: Some(located("ou-aaaa-bbbbcccc", 2, "$.OU_ID")),
            accounts: accounts.to_vec(),
            unit_by_id: true,
        };
        assert_eq!(read.shares, [share]);
    }

    #[test]
    fn a_list_of_objects_is_read_in_its_order() {
        let read = file(&format!("[{GOOD},\n{GOOD}]"));
        let places: Vec<(u64, &str)> =
            read.shares.iter().map(|share| (share.line, share.place.as_str())).collect();
        assert_eq!(places, [(1, "$[0]"), (10, "$[1]")]);
        assert_eq!((read.faults, read.shares[1].accounts[0].line), (vec![], 14));
    }

    #[test]
    fn encodings_and_where_it_is_cut_make_no_difference() {
        let plain = file(GOOD);
        let marked = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [GOOD.as_bytes(), marked.as_bytes(), &utf16] {
            let mut reader = JsonReader::default();
            bytes.chunks(1).for_each(|byte| reader.push(byte).unwrap());
            assert_eq!(reader.finish(), plain);
        }
    }

    #[test]
    fn every_fault_is_told_at_once_with_where() {
        let text = "[\n {\"OU_ID\": 7, \"PortId\": \"port-1\", \"DestinationAccountIDs\": \"1\"},\n \
                    \"text\",\n {\"PortID\": null, \"PortID\": \"port-2\", \"X\": {\"deep\": [1]},\n \
                    \"DestinationAccountIDs\": [111122223333, true, [], \"444455556666\"], \"OU_ID\": \"ou-1\"}\n]";
        insta::assert_snapshot!(faults(text).join("\n"));
    }

    #[test]
    fn what_is_no_json_is_told_with_line_and_character() {
        let cases = [
            ("", "the file is empty; accepted: {\"OU_ID\""),
            ("{\n\"OU_ID\": ", "line 2: the file ends in the middle of a value"),
            ("{\"OU_ID\" \"x\"}", "line 1: is not JSON at character 10 of the line: expected `:`"),
            ("[1e999]", "line 1: is not JSON at character 7 of the line: number out of range"),
            ("{} {}", "line 1: is not JSON at character 4 of the line: trailing characters"),
            ("PK\u{3}\u{4}", "the file is a spreadsheet's workbook"),
        ];
        for (text, expected) in cases {
            let found = faults(text);
            assert!(found.iter().any(|fault| fault.starts_with(expected)), "{found:?}");
        }
        let mut reader = JsonReader::default();
        reader.push(b"{\n\"a\": \"\xff").unwrap();
        assert!(reader.finish().faults[0].to_string().starts_with("line 2: has bytes that are no"));
    }

    #[test]
    fn an_empty_list_and_a_file_of_another_kind_are_told() {
        assert_eq!(faults("[]").len(), 1);
        assert!(faults("[]")[0].starts_with("the file asks for nothing; accepted: {"));
        assert!(
            faults("\"x\"")[0].starts_with("line 1, $: is a text; accepted: {"),
            "{:?}",
            faults("\"x\"")
        );
    }

    #[test]
    fn depth_and_numbers_are_harmless() {
        let deep = "[".repeat(200_000);
        assert_eq!(faults(&deep).len(), 2, "an object is wanted, and it ends");
        let nested = format!("{{\"X\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(faults(&nested).len(), 4, "an unknown key, and three that are missing");
        let long = format!("{{\"OU_ID\": {}}}", "9".repeat(1_000_000));
        assert!(faults(&long).iter().any(|fault| fault.contains("number out of range")));
    }

    #[test]
    fn an_object_for_each_account_takes_no_room_from_the_rows() {
        let one = r#"{"OU_ID": "ou-aaaa-work0001", "PortID": "port-1", "DestinationAccountIDs": ["111122223333"]}"#;
        let all = file(&format!("[{}]", vec![one; MOST_ROWS].join(",")));
        assert_eq!((all.shares.len(), all.faults.len()), (MOST_ROWS, 0));
    }

    #[test]
    fn rows_and_faults_are_bounded() {
        let accounts = vec!["\"111122223333\""; MOST_ROWS + 1].join(",");
        let many = format!("{{\"DestinationAccountIDs\": [{accounts}]}}");
        let found = faults(&many);
        assert!(found.iter().any(|fault| fault.contains("more than 10000 accounts")), "{found:?}");
        let empty = file(&format!("[{}]", vec!["{}"; 5 * MOST_ROWS].join(",")));
        assert!(empty.shares.len() <= 2 * MOST_ROWS + 1, "{}", empty.shares.len());
        let wrong = vec!["{\"a\":0,\"b\":0,\"c\":0}"; MOST_ROWS].join(",");
        assert!(faults(&format!("[{wrong}]")).len() <= MOST_FAULTS + 1);
        let keys: String = (0..100_000).map(|key| format!("\"k{key}\":0,")).collect();
        assert!(faults(&format!("{{{keys}\"k\":0}}")).len() < 80);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[\\[\\]{}\",:0-9a ]{0,60}|\\PC*") {
            let faults = file(&text).faults;
            prop_assert!(faults.iter().all(|fault| !fault.to_string().contains(char::is_control)));
        }

        #[test]
        fn what_is_written_is_read(accounts in prop::collection::vec("[0-9]{12}", 0..5), unit in "\\PC{1,20}") {
            let unit = format!("x{}x", unit.trim());
            let json = serde_json::json!({ "OU_ID": unit, "PortID": "port-1", "DestinationAccountIDs": accounts });
            for text in [json.to_string(), serde_json::to_string_pretty(&json).unwrap()] {
                let read = file(&text);
                prop_assert_eq!(&read.faults, &[]);
                let [share] = read.shares.as_slice() else { panic!("one object") };
                prop_assert_eq!(&share.unit.as_ref().unwrap().text, &unit);
                prop_assert!(share.accounts.iter().map(|it| &it.text).eq(&accounts));
            }
        }
    }

    #[test]
    fn a_file_is_as_long_as_it_may_be_and_no_longer() {
        let mut reader = JsonReader::default();
        let half = " ".repeat(MOST_BYTES / 2);
        assert_eq!(reader.push(half.as_bytes()), Ok(()));
        assert_eq!(reader.push(half.as_bytes()), Ok(()));
        assert_eq!(reader.push(b" "), Err(Unreadable::TooLarge));
    }

    #[test]
    fn a_text_is_as_long_as_it_may_be_and_no_longer() {
        let longer_by = |more: usize| {
            faults(&GOOD.replace("port-1", &"p".repeat(crate::file::LONGEST_CELL + more)))
        };
        assert_eq!(longer_by(0), Vec::<String>::new());
        assert!(longer_by(1)[0].contains("is longer than 4096 bytes"), "{:?}", longer_by(1));
    }

    #[test]
    fn a_number_is_a_fault_of_whatever_kind_it_is() {
        for number in ["7", "-7", "7.5"] {
            let told = faults(&GOOD.replace("\"port-1\"", number));
            assert!(told[0].contains("is a number"), "{told:?}");
        }
    }
}
