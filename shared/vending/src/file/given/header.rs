//! What the header of a list of access may have, and must.

use crate::file::column::Column;
use crate::file::fault::{Fault, Faults};
use crate::file::header::{Form, Header};
use crate::file::record::Record;
use crate::file::unreadable::Unreadable;

/// The list of access.
const GIVEN: Form = Form {
    columns: &[Column::AccountName, Column::Assignments, Column::Portfolios, Column::AccountId],
    name: "a list of access",
};

/// Which account is meant: one of them has to be there.
const WHICH: [Column; 2] = [Column::AccountId, Column::AccountName];
/// What it is given: likewise.
const WHAT: [Column; 2] = [Column::Assignments, Column::Portfolios];

/// Reads the header, adding a fault for all that is wrong with it.
pub(super) fn read(record: &Record, faults: &mut Faults) -> Result<Header, Unreadable> {
    let header = Header::of(&GIVEN, record, faults)?;
    faults.extend([WHICH, WHAT].into_iter().filter_map(|either| lacks(&header, either)));
    Ok(header)
}

fn lacks(header: &Header, [one, other]: [Column; 2]) -> Option<Fault> {
    let accepted = format!("a header with {one} or {other}, or both");
    let problem = format!("neither {one} nor {other} is there");
    let lacks = !header.has(one) && !header.has(other);
    lacks.then(|| Fault::of_row(header.line(), problem, accepted))
}
