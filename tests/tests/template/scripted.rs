//! Functions that do as they are told, and note what they got when.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use local_cloud::Cloud;
use local_cloud::delivery::{Function, FunctionError, Refusal};
use serde_json::Value;

use crate::stack::FUNCTIONS;

type Answer = dyn Fn(&Value) -> Result<Value, FunctionError> + Send + Sync;

/// A function.
pub struct Scripted {
    name: &'static str,
    cloud: Cloud,
    answer: Box<Answer>,
    refusal: Option<Refusal>,
    got: Mutex<Vec<(DateTime<Utc>, Value)>>,
}

impl Scripted {
    /// What it got.
    pub fn got(&self) -> Vec<Value> {
        self.got.lock().unwrap().iter().map(|(_, event)| event.clone()).collect()
    }

    /// The seconds between the first time it was invoked and each.
    pub fn seconds(&self) -> Vec<i64> {
        let got = self.got.lock().unwrap();
        got.iter().map(|(at, _)| (*at - got[0].0).num_seconds()).collect()
    }
}

#[async_trait]
impl Function for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        let answer = (self.answer)(&event);
        self.got.lock().unwrap().push((self.cloud.now(), event));
        answer
    }

    fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }
}

/// The three functions; all succeed but `odd`.
pub struct Three {
    pub all: Vec<Arc<Scripted>>,
}

impl Three {
    /// `odd` answers so.
    pub fn with(
        cloud: &Cloud,
        odd: &str,
        answer: impl Fn(&Value) -> Result<Value, FunctionError> + Send + Sync + Clone + 'static,
    ) -> Self {
        Self::new(cloud, |name| {
            let answer: Box<Answer> =
                if name == odd { Box::new(answer.clone()) } else { Box::new(|_| Ok(Value::Null)) };
            (answer, None)
        })
    }

    /// Lambda takes nothing for `odd`.
    pub fn refusing(cloud: &Cloud, odd: &str, refusal: Refusal) -> Self {
        Self::new(cloud, |name| (Box::new(|_| Ok(Value::Null)), (name == odd).then_some(refusal)))
    }

    fn new(cloud: &Cloud, of: impl Fn(&str) -> (Box<Answer>, Option<Refusal>)) -> Self {
        let one = |name: &'static str| {
            let (answer, refusal) = of(name);
            let got = Mutex::default();
            Arc::new(Scripted { name, cloud: cloud.clone(), answer, refusal, got })
        };
        Self { all: FUNCTIONS.iter().map(|(_, name)| one(name)).collect() }
    }

    /// One of them.
    pub fn get(&self, name: &str) -> &Scripted {
        self.all.iter().find(|it| it.name == name).unwrap()
    }

    /// All of them, to be wired.
    pub fn functions(&self) -> Vec<Arc<dyn Function>> {
        self.all.iter().map(|it| Arc::clone(it) as _).collect()
    }
}

/// A function error.
pub fn fail() -> Result<Value, FunctionError> {
    Err(FunctionError { error_type: "Told".to_owned(), message: "as told".to_owned() })
}
