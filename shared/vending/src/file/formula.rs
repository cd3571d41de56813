//! Spreadsheet formulas: disarmed on the way out, restored on the way in.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is run as
//! a formula by spreadsheets; a single quote in front makes it text. A cell may begin
//! inside of a text, too: where lists are written with semicolons, a spreadsheet parts
//! even a file with commas at them, and takes a line break for the end of a row. A
//! part that has such a quote already gets one more, so that restoring is exact.

use std::borrow::Cow;

use memchr::memchr;

/// Whether one spreadsheet or another parts cells or rows at that byte; besides the comma,
/// which is inside of quotes.
fn is_parting(byte: u8) -> bool {
    matches!(byte, b';' | b'\t' | b'\n' | b'\r')
}

/// What makes a formula; the full-width signs count in some locales.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text as it can be opened in a spreadsheet.
pub(super) fn disarm(text: &str) -> Cow<'_, str> {
    if !parts(text).any(|(index, part)| is_armed(index, part)) {
        return text.into();
    }
    let quoted = |(index, part)| if is_armed(index, part) { ["'", part] } else { ["", part] };
    parts(text).flat_map(quoted).collect::<String>().into()
}

/// The text that [`disarm`] made this of; any other text as it is.
pub(crate) fn restore(text: &str) -> Cow<'_, str> {
    if memchr(b'\'', text.as_bytes()).is_none() {
        return text.into();
    }
    let plain = |(index, part)| unquoted(index, part).unwrap_or(part);
    parts(text).map(plain).collect::<String>().into()
}

fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    let part = move || {
        let end = rest.bytes().position(is_parting).map_or(rest.len(), |end| end + 1);
        let (part, after) = rest.split_at(end);
        rest = after;
        (!part.is_empty()).then_some(part)
    };
    std::iter::from_fn(part).enumerate()
}

fn unquoted(index: usize, part: &str) -> Option<&str> {
    part.strip_prefix('\'').filter(|inner| is_armed(index, inner))
}

/// Whether a spreadsheet might run the part; quotes in front of it change nothing, so
/// that it stays so with one more.
fn is_armed(index: usize, part: &str) -> bool {
    if part.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let begins = index == 0 && part.trim_start_matches('\'').starts_with(['\t', '\r', '\n']);
    begins || part.trim_start_matches(is_passed_over).starts_with(SIGNS)
}

/// What is not seen in front of a sign, or gone when the file is read.
fn is_passed_over(character: char) -> bool {
    let unseen = matches!(
        character,
        '\u{ad}'
            | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
    );
    unseen || matches!(character, '\'' | '"') || character.is_whitespace() || character.is_control()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn disarms_what_a_spreadsheet_would_run() {
        for text in
            ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1+1", "'=1", "\"=1", "\u{1}=1"]
        {
            assert_eq!(disarm(text), format!("'{text}"));
        }
        for text in ["", "plain", "a=b", "'quoted'", "O'Neil", "a; b", "a;b=c\nd-e"] {
            assert_eq!(disarm(text), text);
            assert_eq!(restore(text), text);
        }
    }

    #[test]
    fn disarms_what_a_spreadsheet_would_run_that_parts_cells_elsewhere() {
        let cases = [
            ("x;=1", "x;'=1"),
            ("x;\"=1;y", "x;'\"=1;y"),
            ("x\t +1", "x\t' +1"),
            ("x\r\n-1\n'@a", "x\r\n'-1\n''@a"),
            ("\t=1", "'\t'=1"),
        ];
        for (text, disarmed) in cases {
            assert_eq!(disarm(text), disarmed);
            assert_eq!(restore(disarmed), text);
        }
    }

    proptest! {
        #[test]
        fn restoring_undoes_disarming(text in "['\"= ;\n\t@a-]{0,9}|\\PC*") {
            let disarmed = disarm(&text);
            prop_assert_eq!(restore(&disarmed), text.as_str());
        }

        #[test]
        fn nothing_disarmed_begins_as_a_formula(text in "['\"= ;\n\t@a-]{0,9}|\\PC*") {
            for part in disarm(&text).split([';', '\t', '\n', '\r']) {
                let seen = part.trim_start_matches(|c: char| c == '"' || c.is_whitespace());
                prop_assert!(!seen.starts_with(SIGNS), "{}", part);
            }
        }
    }
}
