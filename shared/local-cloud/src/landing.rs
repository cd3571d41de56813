//! The landing zone behind the router: brought to the present before every
//! answer, and journaled when a request may change it.

use std::fmt;
use std::sync::Mutex;

use landing_zone::Zone;
use landing_zone::wire::{WireRequest, WireResponse};
use serde_json::Value;
use thiserror::Error;

use crate::clock::Moment;
use crate::journal::{Journal, JournalError, Line};
use crate::lock;

/// Executes a command of the caller's own.
pub(crate) type Apply = Box<dyn Fn(&mut Zone, &Value) -> Result<(), String> + Send + Sync>;

/// Why a command was not executed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The journal did not take it; nothing was changed.
    #[error("write the command down")]
    Journal(#[from] JournalError),
    /// The landing zone has no use for it.
    #[error("execute the command: {0}")]
    Refused(String),
}

/// The landing zone of one cloud.
pub(crate) struct Landing {
    held: Mutex<Held>,
    apply: Apply,
}

struct Held {
    zone: Zone,
    journal: Option<Journal>,
    /// Events that were taken from the zone.
    taken: usize,
}

impl Landing {
    pub(crate) fn new(zone: Zone, journal: Option<Journal>, apply: Apply) -> Self {
        Self { held: Mutex::new(Held { zone, journal, taken: 0 }), apply }
    }

    /// Does again what a line of the journal says.
    pub(crate) fn replay(&self, line: &Line) {
        let zone = &mut lock(&self.held).zone;
        match line {
            Line::Header(_) => {}
            Line::Request { at, service, target, body, account } => {
                zone.advance_to(*at);
                zone.answer(&WireRequest {
                    service: service.clone(),
                    target: target.clone(),
                    body: body.clone().into_bytes(),
                    account: account.clone(),
                });
            }
            Line::Command { at, command } => {
                zone.advance_to(*at);
                if let Err(reason) = (self.apply)(zone, command) {
                    // It was refused, and answered so, the first time as well.
                    tracing::debug!(reason, "a journaled command is refused again");
                }
            }
        }
    }

    /// Answers `request`, which asks for `operation`, at the moment `now`.
    pub(crate) fn answer(
        &self,
        request: &WireRequest,
        operation: &str,
        now: Moment,
    ) -> Result<WireResponse, JournalError> {
        let mut held = lock(&self.held);
        let Held { zone, journal, .. } = &mut *held;
        if let Some(journal) = journal
            && (may_change(operation) || is_counted(zone, &request.service))
        {
            journal.append(&line(request, now))?;
        }
        zone.advance_to(now);
        Ok(zone.answer(request))
    }

    pub(crate) fn command(&self, command: &Value, now: Moment) -> Result<(), CommandError> {
        let mut held = lock(&self.held);
        let Held { zone, journal, .. } = &mut *held;
        if let Some(journal) = journal {
            journal.append(&Line::Command { at: now, command: command.clone() })?;
        }
        zone.advance_to(now);
        (self.apply)(zone, command).map_err(CommandError::Refused)
    }

    pub(crate) fn now(&self) -> Moment {
        lock(&self.held).zone.now()
    }

    pub(crate) fn advance_to(&self, moment: Moment) {
        lock(&self.held).zone.advance_to(moment);
    }

    pub(crate) fn next_happening(&self) -> Option<Moment> {
        lock(&self.held).zone.next_happening()
    }

    /// The events emitted since the last call, each with its number: how many
    /// came before it since the zone began. A replay numbers them alike.
    pub(crate) fn take_events(&self) -> Vec<(usize, Value)> {
        let mut held = lock(&self.held);
        let first = held.taken;
        let events: Vec<_> = (first..).zip(held.zone.take_events()).collect();
        held.taken += events.len();
        events
    }

    pub(crate) fn inspect<T>(&self, look: impl FnOnce(&Zone) -> T) -> T {
        look(&lock(&self.held).zone)
    }
}

impl fmt::Debug for Landing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Landing").finish_non_exhaustive()
    }
}

/// Whether `operation` may change the landing zone, by AWS's naming.
pub(crate) fn may_change(operation: &str) -> bool {
    const READS: [&str; 5] = ["Describe", "List", "Get", "Search", "Scan"];
    !READS.iter().any(|prefix| operation.starts_with(prefix))
}

/// Whether even a read of `service` may change how a later request is answered.
fn is_counted(zone: &Zone, service: &str) -> bool {
    zone.identity_center.counts_calls() && matches!(service, "sso" | "identitystore")
}

fn line(request: &WireRequest, at: Moment) -> Line {
    Line::Request {
        at,
        service: request.service.clone(),
        target: request.target.clone(),
        body: String::from_utf8_lossy(&request.body).into_owned(),
        account: request.account.clone(),
    }
}

#[cfg(test)]
mod tests {
    use landing_zone::Description;
    use landing_zone::model::members::portfolios;
    use serde_json::json;

    use super::*;
    use crate::journal::Header;

    fn throttling() -> Zone {
        let mut description = Description::builtin();
        description.identity_center.throttle = true;
        Zone::new(&description, 1, Moment::UNIX_EPOCH)
    }

    fn ask(landing: &Landing, operation: &str, body: &Value) -> u16 {
        let request = WireRequest {
            service: "sso".to_owned(),
            target: Some(format!("SWBExternalService.{operation}")),
            body: body.to_string().into_bytes(),
            account: None,
        };
        landing.answer(&request, operation, Moment::UNIX_EPOCH).unwrap().status
    }

    fn wanted(zone: &Zone) -> Value {
        let center = &zone.identity_center;
        let group = zone.identity_center.group_named("AWSControlTowerAdmins").unwrap();
        json!({
            "InstanceArn": center.instance().arn,
            "PermissionSetArn": center.permission_sets()[0].arn,
            "PrincipalId": group.id,
            "PrincipalType": "GROUP",
            "TargetId": zone.organization.accounts()[1].id,
            "TargetType": "AWS_ACCOUNT",
        })
    }

    /// Reads count against the rate: a write that was throttled because of them must not
    /// succeed in a replay.
    #[test]
    fn what_was_throttled_is_throttled_in_a_replay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let header = Header::new(1, Moment::UNIX_EPOCH);
        let apply = || -> Apply { Box::new(|_, _| Ok(())) };
        let journal = Journal::open(&path, header).unwrap().0;
        let landing = Landing::new(throttling(), Some(journal), apply());
        for _ in 0..20 {
            assert_eq!(ask(&landing, "ListInstances", &json!({})), 200);
        }
        let wanted = landing.inspect(wanted);
        assert_eq!(ask(&landing, "CreateAccountAssignment", &wanted), 400);
        let unasked = Landing::new(throttling(), None, apply());
        assert_eq!(ask(&unasked, "CreateAccountAssignment", &wanted), 200);
        drop(landing);
        let replayed = Landing::new(throttling(), None, apply());
        for line in Journal::open(&path, header).unwrap().2 {
            replayed.replay(&line);
        }
        assert_eq!(replayed.inspect(|zone| zone.identity_center.outstanding()), 0);
    }

    /// What a session did in a member account is done in that account again.
    #[test]
    fn a_replay_knows_whose_session_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j.jsonl");
        let header = Header::new(1, Moment::UNIX_EPOCH);
        let apply = || -> Apply { Box::new(|_, _| Ok(())) };
        let journal = Journal::open(&path, header).unwrap().0;
        let landing = Landing::new(throttling(), Some(journal), apply());
        let account = "555566667777";
        let body = json!({ "DisplayName": "Own", "ProviderName": "us", "IdempotencyToken": "one" });
        let request = WireRequest {
            service: "servicecatalog".to_owned(),
            target: Some("AWS242ServiceCatalogService.CreatePortfolio".to_owned()),
            body: body.to_string().into_bytes(),
            account: Some(account.to_owned()),
        };
        let answer = landing.answer(&request, "CreatePortfolio", Moment::UNIX_EPOCH).unwrap();
        assert_eq!(answer.status, 200);
        drop(landing);
        let replayed = Landing::new(throttling(), None, apply());
        for line in Journal::open(&path, header).unwrap().2 {
            replayed.replay(&line);
        }
        let own = replayed.inspect(|zone| portfolios(zone, account).len());
        assert_eq!(own, 1);
    }

    #[test]
    fn reads_are_told_by_their_names() {
        for read in [
            "DescribeRecord",
            "ListAccounts",
            "GetGroupId",
            "SearchProducts",
            "ScanProvisionedProducts",
        ] {
            assert!(!may_change(read), "{read}");
        }
        for write in ["ProvisionProduct", "CreateAccountAssignment", "Publish", ""] {
            assert!(may_change(write), "{write}");
        }
    }
}
