//! Batches that have ended lately: each has its results file, and those can be listed.

use aws_sdk_s3::types::Object;
use vending::ledger::{Batch, BatchId};

use crate::stack::Stack;

/// Pages of results files that are looked through, each of a thousand: they come in the order of
/// their names, so that the newest may be on any.
const PAGES: usize = 20;

/// The ids of the `most` batches whose results were written last, the newest first; none
/// where the bucket may not be listed: they are no more than a help.
pub(crate) async fn recent(stack: &Stack, most: usize) -> Vec<BatchId> {
    let Ok(bucket) = stack.bucket() else { return Vec::new() };
    let list = stack.clients().s3().list_objects_v2().bucket(bucket);
    let mut pages = list.prefix(Batch::RESULTS_PREFIX).into_paginator().send();
    let mut objects: Vec<Object> = Vec::new();
    for _ in 0..PAGES {
        let Some(Ok(page)) = pages.next().await else { break };
        objects.extend(page.contents.unwrap_or_default());
    }
    objects.sort_by_key(|object| object.last_modified().map(|at| std::cmp::Reverse(at.as_nanos())));
    objects.iter().filter_map(|object| id_in(object.key()?)).take(most).collect()
}

fn id_in(key: &str) -> Option<BatchId> {
    let id = key.strip_prefix(Batch::RESULTS_PREFIX)?.strip_suffix(".csv")?;
    Some(BatchId(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_results_file_names_its_batch() {
        assert_eq!(id_in("results/list-0123abcd.csv"), Some(BatchId("list-0123abcd".into())));
        assert_eq!((id_in("results/notes.txt"), id_in("list.csv")), (None, None));
    }
}
