//! What parts the cells of a line, and what lies unseen around their texts.

/// The delimiters that a header may have; of equally frequent ones the first wins.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Whether a line holds no text, whatever its delimiter.
pub(super) fn is_blank_line(line: &str) -> bool {
    trim(line).chars().all(|c| DELIMITERS.contains(&c) || c == '"' || is_invisible(c))
}

/// The delimiter of a list with this header: the most frequent outside of quotes.
pub(super) fn delimiter(header: &str) -> u8 {
    // Every other part is inside of quotes.
    let outside: String = header.split('"').step_by(2).collect();
    let count = |delimiter: &char| outside.matches(*delimiter).count();
    // Of equal ones `max_by_key` takes the last.
    let most = DELIMITERS.into_iter().rev().max_by_key(count);
    most.and_then(|delimiter| u8::try_from(delimiter).ok()).unwrap_or(b',')
}

/// Without white space, and the invisible characters that are pasted along, at either end.
pub(crate) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        // As most are, told without looking at characters.
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches(is_invisible),
    }
}

fn is_invisible(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_delimiter_outside_of_quotes() {
        assert_eq!(delimiter("a;b;\"c,d,e,f\"\n"), b';');
        assert_eq!(delimiter("a\tb\n"), b'\t');
        assert_eq!(delimiter("a,b;\n"), b',', "of equal ones the comma");
        assert_eq!(delimiter("alone\n"), b',');
    }

    #[test]
    fn knows_a_blank_line_before_it_knows_the_delimiter() {
        assert!(
            is_blank_line("\n") && is_blank_line(" ; ;\t\n") && is_blank_line("\"\",\u{feff}\n")
        );
        assert!(!is_blank_line(",x\n"));
    }

    #[test]
    fn trims_what_is_pasted_along() {
        assert_eq!(trim("\u{feff}\u{a0} a b \u{200b}\t"), "a b");
    }
}
