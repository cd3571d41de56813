//! The bucket of a world, in a mood: it notes what is asked of results files, and may
//! refuse, keep silent, or be written by somebody else in between.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use landing_zone::ports::MemorySource;
use vending::ledger::Batch;
use vending::ports::{CouldNotAsk, Replaced, ResultsError, ResultsFile, ResultsFiles, Revision};

/// How the bucket answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Good,
    /// Somebody writes between the next read and the write after it.
    OvertakenOnce,
    Refuses,
    Silent,
}

/// The results files of a bucket.
#[derive(Clone)]
pub struct Bucket {
    source: MemorySource,
    mood: Arc<Mutex<Mood>>,
    calls: Arc<Mutex<Vec<&'static str>>>,
}

impl Bucket {
    pub fn new(source: MemorySource) -> Self {
        Self { source, mood: Arc::default(), calls: Arc::default() }
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn calls(&self) -> Vec<&'static str> {
        self.calls.lock().unwrap().clone()
    }

    pub fn forget_calls(&self) {
        self.calls.lock().unwrap().clear();
    }

    /// Puts something else there, or nothing.
    pub fn replace(&self, batch: &Batch, other: Option<&str>) {
        match other {
            Some(text) => drop(self.source.put(&batch.object.bucket, &batch.results_key(), text)),
            None => self.source.delete(&batch.object.bucket, &batch.results_key()),
        }
    }

    fn answers(&self, call: &'static str) -> Result<(), ResultsError> {
        self.calls.lock().unwrap().push(call);
        match *self.mood.lock().unwrap() {
            Mood::Good | Mood::OvertakenOnce => Ok(()),
            Mood::Refuses => Err(ResultsError::Refused("AccessDenied".into())),
            Mood::Silent => Err(CouldNotAsk::new("the test", call, "silence").into()),
        }
    }

    fn overtake(&self, batch: &Batch) {
        let mut mood = self.mood.lock().unwrap();
        if *mood != Mood::OvertakenOnce {
            return;
        }
        *mood = Mood::Good;
        let (bucket, key) = (&batch.object.bucket, batch.results_key());
        let text = String::from_utf8(self.source.get(bucket, &key).unwrap()).unwrap();
        self.source.put(
            bucket,
            &key,
            text.replace(
                "beta@example.com,Jane,Doe,Test-OU-1,QUEUED,,,queued",
                "beta@example.com,Jane,Doe,Test-OU-1,QUEUED,,,written meanwhile",
            ),
        );
    }
}

#[async_trait]
impl ResultsFiles for Bucket {
    async fn results_of(&self, batch: &Batch) -> Result<Option<ResultsFile>, ResultsError> {
        self.answers("read")?;
        self.source.results_of(batch).await
    }

    async fn replace_results(
        &self,
        batch: &Batch,
        over: Option<&Revision>,
        content: Vec<u8>,
    ) -> Result<Replaced, ResultsError> {
        self.answers("write")?;
        self.overtake(batch);
        self.source.replace_results(batch, over, content).await
    }
}
