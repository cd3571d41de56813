//! The three functions as the local cloud invokes them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use async_trait::async_trait;
use aws_config::SdkConfig;
use landing_zone::Description;
use landing_zone::description::StackDescription;
use local_cloud::delivery::{Function, FunctionError};
use serde_json::Value;
use vending::account::AccountId;
use vending::announce::ReadyNotices;
use vending::handover::PortfolioUses;
use vending::notice::Links;
use vending::ports::{AccessDefaults, Clock};
use vending_aws::{Clients, IdentityCenter, MemberRole, TableNames};

use super::wiring::{HANDOVER, INTAKE, PROVISION};
use crate::LocalArguments;

/// What `intake` answered last: Lambda would throw it away, a person wants to see it.
#[derive(Debug, Clone, Default)]
pub struct LastAnswer(Arc<Mutex<Option<Value>>>);

impl LastAnswer {
    /// The answer.
    #[must_use]
    pub fn get(&self) -> Option<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps `answer`, unless it only says that the file was dealt with before.
    fn set(&self, answer: &Value) {
        if answer[0]["outcome"] == "already" && self.get().is_some() {
            return;
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer.clone());
    }
}

/// The three functions.
pub(super) struct Functions {
    all: Vec<Arc<dyn Function>>,
}

impl Functions {
    /// The functions over `clients`, configured for the landing zone.
    pub(super) fn new(
        clients: &Clients,
        arguments: &LocalArguments,
        description: &Description,
        topic_arn: &str,
        clock: Arc<dyn Clock>,
        answer: &LastAnswer,
        lingers: Option<Lingers>,
    ) -> Result<Self> {
        let defaults = &description.stack;
        let defaults = AccessDefaults::read(&defaults.assignments, defaults.portfolios.clone());
        let defaults =
            defaults.map_err(anyhow::Error::msg).context("understand the default assignments")?;
        let management_account =
            AccountId::new(description.organization.management_account.as_str())?;
        let identity_center = IdentityCenter::OwnedBy(management_account);
        let intake = intake::Config {
            tables: TableNames::default(),
            topic_arn: topic_arn.to_owned(),
            links: Links::default(),
            identity_center: identity_center.clone(),
            defaults: defaults.clone(),
            accept_valid_rows: arguments.accept_valid_rows,
        };
        let provision = provision::Config {
            tables: TableNames::default(),
            topic_arn: topic_arn.to_owned(),
            links: Links::default(),
            max_in_flight: arguments.max_in_flight.into(),
        };
        let handover = handover::Config {
            tables: TableNames::default(),
            topic_arn: topic_arn.to_owned(),
            links: Links::default(),
            identity_center,
            defaults,
            member_role: member_role(&description.stack),
            uses: portfolio_uses(&description.stack)?,
            outside_accounts: true,
            ready_notices: ReadyNotices::Each,
        };
        let all: Vec<Arc<dyn Function>> = vec![
            Arc::new(Intake(
                intake::Function::new(clients, intake, Arc::clone(&clock)),
                answer.clone(),
            )),
            Arc::new(Provision(provision::Function::new(clients, provision, Arc::clone(&clock)))),
            Arc::new(Handover(lingering(
                handover::Function::new(clients, handover, clock),
                lingers,
            ))),
        ];
        Ok(Self { all })
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<Arc<dyn Function>> {
        self.all.clone()
    }
}

/// A tick that stays with what is under way: how long, and by whose clock it waits.
pub(super) type Lingers = (Duration, SdkConfig);

fn lingering(function: handover::Function, lingers: Option<Lingers>) -> handover::Function {
    match lingers {
        Some((time, clock)) => function.lingering(time).waiting_by(clock),
        None => function,
    }
}

fn member_role(stack: &StackDescription) -> MemberRole {
    let named = |text: &String| (!text.is_empty()).then(|| text.clone());
    MemberRole { name: named(&stack.member_role), external_id: named(&stack.member_external_id) }
}

fn portfolio_uses(stack: &StackDescription) -> Result<PortfolioUses> {
    let (principals, tags) = (&stack.portfolio_principals, &stack.local_tag_options);
    let launch_role = Some(stack.launch_role.clone()).filter(|role| !role.is_empty());
    let uses = PortfolioUses::read(!stack.member_role.is_empty(), principals, launch_role, tags);
    uses.map_err(anyhow::Error::msg).context("understand what is done in the accounts")
}

fn function_error(error: &vending_aws::FunctionError) -> FunctionError {
    FunctionError { error_type: error.error_type().to_owned(), message: error.to_string() }
}

struct Intake(intake::Function, LastAnswer);

#[async_trait]
impl Function for Intake {
    fn name(&self) -> &str {
        INTAKE
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        let answer = self.0.handle(&event).await.map_err(|error| function_error(&error))?;
        self.1.set(&answer);
        Ok(answer)
    }
}

struct Provision(provision::Function);

#[async_trait]
impl Function for Provision {
    fn name(&self) -> &str {
        PROVISION
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        self.0.handle(&event).await.map_err(|error| function_error(&error))
    }
}

struct Handover(handover::Function);

#[async_trait]
impl Function for Handover {
    fn name(&self) -> &str {
        HANDOVER
    }

    async fn invoke(&self, event: Value) -> Result<Value, FunctionError> {
        self.0.handle(&event).await.map_err(|error| function_error(&error))
    }
}
