//! Identity Center with a will of its own: it counts what it is asked, does not know some
//! names, and refuses some assignments.

use std::sync::Mutex;

use async_trait::async_trait;
use landing_zone::ports::Shared;
use vending::account::AccountId;
use vending::ledger::Grant;
use vending::ports::{
    AssignError, Assignments, CouldNotAsk, PrincipalText, StepStatus, Unresolved,
};

pub struct Picky {
    zone: Shared,
    /// Assignments that were looked up, as they are written.
    pub looked_up: Mutex<Vec<String>>,
    /// Names of principals that do not exist any more.
    pub gone: Mutex<Vec<&'static str>>,
    /// Assignments that are refused, in words.
    pub refused: Mutex<Vec<&'static str>>,
    /// Assignments that were asked for, in words.
    pub asked_for: Mutex<Vec<String>>,
}

impl Picky {
    pub fn new(zone: Shared) -> Self {
        Self {
            zone,
            looked_up: Mutex::default(),
            gone: Mutex::default(),
            refused: Mutex::default(),
            asked_for: Mutex::default(),
        }
    }
}

#[async_trait]
impl Assignments for Picky {
    async fn resolve(&self, principal: &PrincipalText, set: &str) -> Result<Grant, Unresolved> {
        self.looked_up.lock().unwrap().push(format!("{principal}={set}"));
        if self.gone.lock().unwrap().contains(&principal.text.as_str()) {
            return Err(Unresolved::Unknown(format!("{principal} is gone")));
        }
        self.zone.resolve(principal, set).await
    }

    async fn exists(&self, account: &AccountId, grant: &Grant) -> Result<bool, CouldNotAsk> {
        self.zone.exists(account, grant).await
    }

    async fn request(&self, account: &AccountId, grant: &Grant) -> Result<String, AssignError> {
        let words = grant.describe();
        self.asked_for.lock().unwrap().push(words.clone());
        if self.refused.lock().unwrap().contains(&words.as_str()) {
            return Err(AssignError::Refused("not this one".to_owned()));
        }
        self.zone.request(account, grant).await
    }

    async fn status(&self, request: &str) -> Result<StepStatus, CouldNotAsk> {
        Assignments::status(&self.zone, request).await
    }
}
