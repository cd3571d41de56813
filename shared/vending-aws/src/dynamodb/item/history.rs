//! What has happened to an entry, as a list in its item that people can read.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use tracing::warn;
use vending::ledger::{Happening, Operator, Source, Status};

use super::raw::{from_raw, to_raw};
use crate::dynamodb::attributes::RawItem;
use crate::dynamodb::moment::Moment;

/// The attribute.
const HISTORY: &str = "History";

/// One line of it. What came once has neither `Times` nor `FirstAt`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HappeningItem {
    at: Moment,
    first_at: Option<Moment>,
    times: Option<u32>,
    event: String,
    source: SourceWord,
    /// The operator.
    by: Option<Operator>,
    status: Status,
    attempt: u32,
    detail: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum SourceWord {
    Upload,
    Operator,
    Queue,
    Lifecycle,
    Minute,
}

/// Writes the history into the item of its entry; one that is empty is not there.
pub(super) fn put(item: &mut RawItem, history: &[Happening]) -> Result<(), serde_dynamo::Error> {
    let lines = history.iter().map(|it| to_raw(HappeningItem::from(it)).map(AttributeValue::M));
    let lines: Vec<AttributeValue> = lines.collect::<Result<_, _>>()?;
    if !lines.is_empty() {
        item.insert(HISTORY.to_owned(), AttributeValue::L(lines));
    }
    Ok(())
}

/// Takes the history out of the item of the entry `name`. It is for people alone, so a line
/// that cannot be read is left out and keeps nothing else from being read.
pub(super) fn take(item: &mut RawItem, name: &str) -> Vec<Happening> {
    let Some(AttributeValue::L(lines)) = item.remove(HISTORY) else { return Vec::new() };
    let all = lines.len();
    let history: Vec<Happening> = lines.into_iter().filter_map(read).collect();
    if history.len() < all {
        warn!(
            account.name = name,
            lines = all - history.len(),
            "lines of a history cannot be read"
        );
    }
    history
}

fn read(line: AttributeValue) -> Option<Happening> {
    let AttributeValue::M(line) = line else { return None };
    from_raw::<HappeningItem>(line, "Event").ok().map(HappeningItem::read)
}

impl From<&Happening> for HappeningItem {
    fn from(it: &Happening) -> Self {
        let (source, by) = to_word(&it.source);
        Self {
            at: Moment(it.at),
            first_at: Some(it.first_at).filter(|at| *at != it.at).map(Moment),
            times: Some(it.times).filter(|times| *times != 1),
            event: it.event.clone(),
            source,
            by,
            status: it.status,
            attempt: it.attempt,
            detail: it.detail.clone().filter(|detail| !detail.is_empty()),
        }
    }
}

impl HappeningItem {
    fn read(self) -> Happening {
        Happening {
            at: self.at.0,
            first_at: self.first_at.unwrap_or(self.at).0,
            times: self.times.unwrap_or(1),
            event: self.event,
            source: of_word(self.source, self.by),
            status: self.status,
            attempt: self.attempt,
            detail: self.detail,
        }
    }
}

fn to_word(source: &Source) -> (SourceWord, Option<Operator>) {
    match source {
        Source::Upload => (SourceWord::Upload, None),
        Source::Operator(by) => (SourceWord::Operator, Some(by.clone())),
        Source::Queue => (SourceWord::Queue, None),
        Source::Lifecycle => (SourceWord::Lifecycle, None),
        Source::Minute => (SourceWord::Minute, None),
    }
}

fn of_word(word: SourceWord, by: Option<Operator>) -> Source {
    match word {
        SourceWord::Upload => Source::Upload,
        // Somebody, though it no longer says who.
        SourceWord::Operator => Source::Operator(by.unwrap_or_else(|| Operator("?".to_owned()))),
        SourceWord::Queue => Source::Queue,
        SourceWord::Lifecycle => Source::Lifecycle,
        SourceWord::Minute => Source::Minute,
    }
}
