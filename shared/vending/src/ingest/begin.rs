//! Writing the first results file of a list, over nothing that others say in it.

use super::Intake;
use crate::Error;
use crate::ledger::Batch;
use crate::ports::{CouldNotAsk, Replaced, ResultsError};

/// How often a file that others write meanwhile is read again: whoever else writes it
/// before the batch is taken is another intake of the same list.
const TRIES: u32 = 8;

/// Writes the first results file of a list whose rows are all in the ledger, made by
/// `content`, unless its batch is taken by now: from then on the file is brought up to
/// date, and a slower intake of the same list must not take back what it says. Answers the
/// batch where it is taken.
///
/// # Errors
/// When the store refuses, or a dependency does not answer.
pub(super) async fn begin(
    world: &Intake<'_>,
    batch: &Batch,
    content: impl Fn() -> Vec<u8>,
) -> Result<Option<Batch>, Error> {
    let mut over = None;
    for _ in 0..TRIES {
        let written = world.results.replace_results(batch, over.as_ref(), content()).await;
        if written.map_err(not_begun)? != Replaced::Changed {
            return Ok(None);
        }
        // Read before the batch is: whoever takes it meanwhile has written another revision.
        let present = world.results.results_of(batch).await.map_err(not_begun)?;
        let taken = world.ledger.batch(&batch.id).await?.filter(|batch| batch.taken);
        if taken.is_some() {
            return Ok(taken);
        }
        over = present.map(|file| file.revision);
    }
    Err(Error::Contended)
}

fn not_begun(error: ResultsError) -> Error {
    match error {
        ResultsError::CouldNotAsk(error) => error.into(),
        ResultsError::Refused(_) => {
            CouldNotAsk::new("the store", "write the results file", error).into()
        }
    }
}
