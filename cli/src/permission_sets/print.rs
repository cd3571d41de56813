//! Permission sets on a terminal.

use anyhow::Result;
use serde_json::json;
use vending::permission_sets::{Difference, Kind, Outcome};

use super::declared::Declared;
use super::words;
use crate::check::faults;
use crate::status::words::{count, indented};
use crate::terminal::{self, BAD, BUSY, FAINT, GOOD, TITLE, harmless, line, paint};

/// Ends a plan that was not applied.
const NOT_APPLIED: &str = "nothing was changed; add --apply to do it";

/// What is wrong with the file.
pub(super) fn faults(declared: &Declared, json: bool) -> Result<()> {
    let file = declared.file.display().to_string();
    if json {
        return terminal::json(&json!({
            "file": file,
            "faults": faults::json(&declared.faults),
            "faultsInAll": declared.faults.len(),
        }));
    }
    let counted = paint(BAD, faults::counted(&declared.faults));
    line(format!("{}: {counted}\n", harmless(&file)));
    declared.faults.iter().for_each(|fault| line(faults::text(fault)));
    Ok(())
}

/// What would become of each set, or will.
pub(super) fn plan(declared: &Declared, plan: &[Difference], order: &str, will: bool) {
    let file = harmless(&declared.file.display().to_string());
    line(format!("{file}: {}\n", count(plan.len(), "permission set")));
    let width = usize::from(terminal::width());
    plan.iter().for_each(|difference| line(planned(difference, will, width)));
    let changes = plan.iter().any(|it| it.kind() != Kind::Same);
    match (changes, will) {
        (false, _) => line("\nnothing is to be done"),
        (true, true) => line(""),
        (true, false) if order.ends_with("apply") => line(format!("\n{NOT_APPLIED}")),
        (true, false) => {
            line("\nnothing was changed; vend permission-sets apply FILE --apply does it");
        }
    }
}

fn planned(difference: &Difference, will: bool, width: usize) -> String {
    let name = paint(TITLE, &difference.declared.name);
    let style = if difference.kind() == Kind::Same { FAINT } else { BUSY };
    let mut lines = vec![format!("{name} {}", paint(style, words::plan(difference, will)))];
    let changes = difference.changes();
    let each = changes.iter().map(|it| words::change(it, width.saturating_sub(4)));
    lines.extend(each.map(|it| format!("    {}", harmless(&it))));
    lines.join("\n")
}

/// What became of a set.
pub(super) fn outcome(difference: &Difference, outcome: &Outcome) {
    let good = matches!(outcome, Outcome::Same | Outcome::Done { .. });
    let words = harmless(&words::outcome(difference, outcome));
    let text = format!("{} {words}", difference.declared.name);
    let text = indented(&text, 0, usize::from(terminal::width()));
    line(paint(if good { GOOD } else { BAD }, text));
}
