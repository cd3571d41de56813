//! Spreadsheet formulas: disarmed on the way out, restored on the way in.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is run as
//! a formula by spreadsheets; a single quote in front makes it text. A cell that
//! has such a quote already gets one more, so that restoring is exact.

/// The text as it can be opened in a spreadsheet.
pub(super) fn disarm(text: &str) -> String {
    if is_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`disarm`] made this of; any other text as it is.
pub(super) fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(inner) if is_formula(inner.trim_start_matches('\'')) => inner,
        _ => text,
    }
}

/// Whether a spreadsheet might run the text; the full-width signs count in some locales.
fn is_formula(text: &str) -> bool {
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(signs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn disarms_what_a_spreadsheet_would_run() {
        for text in ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1+1", "'=1"] {
            assert_eq!(disarm(text), format!("'{text}"));
        }
        for text in ["", "plain", "a=b", "'quoted'", "O'Neil"] {
            assert_eq!(disarm(text), text);
            assert_eq!(restore(text), text);
        }
    }

    proptest! {
        #[test]
        fn restoring_undoes_disarming(text in "['= \t@a-]{0,6}|\\PC*") {
            let disarmed = disarm(&text);
            prop_assert_eq!(restore(&disarmed), text);
        }

        #[test]
        fn nothing_disarmed_begins_as_a_formula(text in "['= \t@a-]{0,6}|\\PC*") {
            prop_assert!(!is_formula(&disarm(&text)));
        }
    }
}
