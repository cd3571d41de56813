//! The use case behind intake, with a file that is made while it is read, and everybody
//! who is told something.

use std::sync::Mutex;

use async_trait::async_trait;
use fuzz::{Peak, no_formula, plain_body, plain_subject};
use landing_zone::Description;
use landing_zone::ports::MemoryWorld;
use vending::file::{Fault, FileReader};
use vending::ingest::{Ingested, Intake, ingest};
use vending::ledger::{Batch, BatchId, Entry, ObjectRef, Timestamp};
use vending::notice::{Notice, NoticeKind};
use vending::ports::{BatchSource, Clock, CouldNotAsk, Notifier, ReadError};

use crate::giant::Giant;

pub const HEADER: &str =
    "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit\n";

/// What became of a file.
#[derive(Debug)]
pub struct Outcome {
    pub ingested: Ingested,
    /// The results file, as text.
    pub results: String,
    pub notice: Notice,
    pub entries: Vec<Entry>,
    /// Bytes held at a time, at most.
    pub peak: usize,
    /// Bytes read of the file.
    pub read: usize,
}

impl Outcome {
    /// The faults of a file that was refused, of which nothing is in the ledger.
    pub fn refused(&self) -> &[Fault] {
        let Ingested::Refused { faults, .. } = &self.ingested else {
            panic!("not refused: {:?}", self.ingested);
        };
        assert_eq!(self.notice.kind, NoticeKind::BatchRefused);
        assert_eq!(self.entries, []);
        faults
    }
}

/// Takes the file in as `key`. Whatever becomes of it, nothing that people get runs,
/// forges a line or hides one.
pub async fn take(key: &str, file: &Giant) -> Outcome {
    let world = MemoryWorld::new(&Description::builtin(), 7);
    let object = ObjectRef { bucket: "lists".into(), key: key.into(), version: Some("v1".into()) };
    let desk = Desk { file, now: world.zone.now(), kept: Mutex::default() };
    let intake = Intake { source: &desk, notifier: &desk, ..world.intake() };
    let peak = Peak::start();
    let ingested = ingest(&intake, &object).await.unwrap();
    let peak = peak.bytes();
    let Kept { read, results, notices } = desk.kept.into_inner().unwrap();
    let results_key = format!("{}{}.csv", Batch::RESULTS_PREFIX, BatchId::of(&object));
    let results = results.or_else(|| world.source.get("lists", &results_key)).unwrap_or_default();
    no_formula(&results);
    let [notice] = notices.try_into().unwrap();
    plain_subject(&notice.subject);
    plain_body(&notice.body);
    let results = String::from_utf8(results).unwrap();
    Outcome { ingested, results, notice, entries: world.ledger.all(), peak, read }
}

/// The bucket and the topic.
struct Desk<'f> {
    file: &'f Giant,
    now: Timestamp,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    read: usize,
    /// That of a list that was refused.
    results: Option<Vec<u8>>,
    notices: Vec<Notice>,
}

#[async_trait]
impl BatchSource for Desk<'_> {
    async fn read(
        &self,
        _: &ObjectRef,
        reader: &mut dyn FileReader,
    ) -> Result<Timestamp, ReadError> {
        for chunk in self.file.chunks() {
            self.kept.lock().unwrap().read += chunk.len();
            reader.push(&chunk)?;
        }
        Ok(self.now)
    }

    async fn write_results(&self, _: &str, key: &str, content: Vec<u8>) -> Result<(), CouldNotAsk> {
        assert!(key.starts_with("results/") && key.matches('/').count() == 1, "{key}");
        self.kept.lock().unwrap().results = Some(content);
        Ok(())
    }
}

#[async_trait]
impl Notifier for Desk<'_> {
    async fn publish(&self, notice: &Notice) -> Result<(), CouldNotAsk> {
        self.kept.lock().unwrap().notices.push(notice.clone());
        Ok(())
    }
}
