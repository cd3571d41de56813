//! Faults on a terminal and in JSON: in the words in which intake tells them.

use serde_json::{Value, json};
use vending::file::{Column, Fault};

use crate::status::words;
use crate::terminal;

/// A fault in intake's words, wrapped to the terminal.
pub(crate) fn text(fault: &Fault) -> String {
    let width = usize::from(terminal::width()).saturating_sub(4);
    let lines = words::wrap(&terminal::harmless(&fault.to_string()), width);
    format!("  {}", lines.join("\n    "))
}

/// Faults as intake answers them.
pub(crate) fn json(faults: &[Fault]) -> Vec<Value> {
    faults.iter().map(json_of).collect()
}

fn json_of(fault: &Fault) -> Value {
    json!({
        "line": fault.line,
        "column": fault.column.map(Column::name),
        "place": Some(&fault.place).filter(|place| !place.is_empty()),
        "value": fault.value,
        "problem": fault.problem,
        "accepted": fault.accepted,
        "text": fault.to_string(),
    })
}

/// "no fault", "1 fault", "38 faults on 32 lines".
pub(crate) fn counted(faults: &[Fault]) -> String {
    let mut lines: Vec<u64> = faults.iter().filter_map(|fault| fault.line).collect();
    lines.dedup();
    match (faults.len(), lines.len()) {
        (0, _) => "no fault".to_owned(),
        (some, lines @ 2..) => format!("{some} faults on {lines} lines"),
        (some, _) => words::count(some, "fault"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_wrapped_and_obeyed_by_no_terminal() {
        let accepted = "an address that nobody else has ".repeat(4);
        let fault = Fault::of_cell(12, Column::AccountEmail, "\u{1b}[2J", "is \u{7}odd", accepted);
        let text = text(&fault);
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
        assert!(text.starts_with("  line 12, AccountEmail \"\\u{1b}[2J\": is  odd"), "{text}");
        assert!(text.lines().count() > 1 && text.lines().all(|line| line.len() <= 80), "{text}");
        assert_eq!(json(std::slice::from_ref(&fault))[0]["text"], fault.to_string());
    }

    #[test]
    fn faults_are_counted_with_their_lines() {
        let on = |line| Fault::of_row(line, "is odd", "");
        assert_eq!(counted(&[]), "no fault");
        assert_eq!(counted(&[on(2)]), "1 fault");
        assert_eq!(counted(&[on(2), on(2)]), "2 faults");
        assert_eq!(
            counted(&[Fault::of_file("is odd", ""), on(2), on(2), on(5)]),
            "4 faults on 2 lines"
        );
    }
}
