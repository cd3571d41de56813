//! The accounts of a batch as aligned columns of text, as far as a notice has room.

use crate::ledger::{Entry, State, Status};

/// Bytes of a table at most, so that what stands around it is never cut.
const MOST_BYTES: usize = 180 * 1024;

/// The table of the entries: what needs a person comes first, then the rows in their
/// order. Rows for which there is no room are counted.
pub(super) fn table(entries: &[Entry]) -> String {
    let mut rows: Vec<&Entry> = entries.iter().collect();
    rows.sort_by_key(|entry| (entry.status() != Status::Failed, entry.line));
    let widest = rows.iter().map(|entry| entry.request.name.as_str().len()).max();
    let width = widest.unwrap_or_default().max(NAME.len());
    let mut table = format!("{NAME:<width$}  {:<13}  {:<12}  Line\n", "Status", "Account id");
    for (told, entry) in rows.iter().enumerate() {
        let row = row(entry, width);
        if table.len() + row.len() > MOST_BYTES {
            table.push_str(&format!("… and {} more rows\n", rows.len() - told));
            break;
        }
        table.push_str(&row);
    }
    table
}

const NAME: &str = "Account";

fn row(entry: &Entry, width: usize) -> String {
    let account = entry.account.as_ref().map_or("-", |account| account.as_str());
    let name = entry.request.name.as_str();
    let why = match &entry.state {
        State::Failed { failure, .. } => format!("    {}\n", failure.message()),
        State::Queued { .. }
        | State::Provisioning { .. }
        | State::Configuring
        | State::Ready { .. } => String::new(),
    };
    let (status, line) = (entry.status(), entry.line);
    format!("{name:<width$}  {status:<13}  {account:<12}  {line}\n{why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn what_has_no_room_is_counted() {
        let failed = testing::failed("beta");
        let few = table(std::slice::from_ref(&failed));
        assert_eq!(few.lines().count(), 3, "{few}");
        let many = table(&vec![failed; 2_000]);
        let room = MOST_BYTES - few.len()..=MOST_BYTES + 40;
        assert!(room.contains(&many.len()), "{}", many.len());
        assert!(many.len() > 100_000, "SNS takes 256 kB: {}", many.len());
        let told = many.lines().filter(|line| line.starts_with("beta ")).count();
        assert!(many.ends_with(&format!("… and {} more rows\n", 2_000 - told)));
    }
}
