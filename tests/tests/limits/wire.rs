//! The landing zone's Identity Center at the far end of the real SDK clients: each call takes
//! as long as a call takes, and is counted when it is there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::Zone;
use landing_zone::model::identity_center::RequestStatus;
use landing_zone::ports::Shared;
use landing_zone::wire::WireRequest;
use serde_json::Value;
use vending_aws::fixed_config;

use benches::time::Time;

/// How long a call takes, half of it there and half of it back.
const LATENCY: Duration = Duration::from_millis(80);

/// What passed over the wire.
#[derive(Debug, Default)]
pub struct Passed {
    /// By operation.
    pub calls: BTreeMap<String, usize>,
    /// Calls that were throttled.
    pub throttled: usize,
    /// Requests to assign: account, permission set, and the code they were refused with.
    pub requests: Vec<(String, String, Option<String>)>,
    /// When the last calls were made, for the most in any second.
    recent: Vec<DateTime<Utc>>,
    /// The most calls within any second, whenever it begins.
    pub most_in_a_second: usize,
    conflicts: BTreeMap<String, usize>,
    under_way: Vec<(String, String, DateTime<Utc>)>,
    /// The accounts that something was assigned in, and how long each time it took.
    pub lasted: Vec<(String, TimeDelta)>,
}

/// The wire. Clones are the same wire.
#[derive(Debug, Clone)]
pub struct Wire {
    pub zone: Shared,
    time: Time,
    passed: Arc<Mutex<Passed>>,
    /// How often each account answers that another change is in the way.
    conflicts: usize,
}

impl Wire {
    pub fn new(zone: &Shared, time: &Time, conflicts: usize) -> Self {
        Self { zone: zone.clone(), time: time.clone(), passed: Arc::default(), conflicts }
    }

    pub fn passed(&self) -> MutexGuard<'_, Passed> {
        self.passed.lock().unwrap()
    }

    /// The SDK's configuration for it, in virtual time.
    pub fn config(&self) -> SdkConfig {
        let connector = SharedHttpConnector::new(self.clone());
        let client = http_client_fn(move |_, _| connector.clone());
        let credentials = Credentials::new("key", "secret", None, None, "limits");
        fixed_config(client, "http://127.0.0.1", "us-east-1", credentials)
            .into_builder()
            .sleep_impl(SharedAsyncSleep::new(self.time.clone()))
            .time_source(SharedTimeSource::new(self.time.clone()))
            .build()
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let scope = request.headers().get("authorization").unwrap();
        let target = request.headers().get("x-amz-target").unwrap().to_owned();
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let asked = WireRequest {
            service: scope.split('/').nth(3).unwrap().to_owned(),
            target: Some(target.clone()),
            body,
            account: None,
        };
        self.catch_up();
        let answered = match self.conflict(&target, &asked.body) {
            Some(answer) => answer,
            None => {
                let answer = self.zone.with(|zone| zone.answer(&asked));
                (answer.status, answer.body)
            }
        };
        self.note(&target, &asked.body, &answered);
        HttpResponse::new(answered.0.try_into().unwrap(), SdkBody::from(answered.1))
    }

    /// Lets happen what is due, and notes how long each assignment took.
    fn catch_up(&self) {
        let now = self.time.now();
        while let Some(next) = self.zone.next_happening().filter(|next| *next <= now) {
            self.zone.advance_to(next);
            let mut passed = self.passed();
            let under_way = std::mem::take(&mut passed.under_way);
            for (id, account, since) in under_way {
                if self.zone.with(|zone| is_over(zone, &id)) {
                    passed.lasted.push((account, next - since));
                } else {
                    passed.under_way.push((id, account, since));
                }
            }
        }
        self.zone.advance_to(now);
    }

    /// The first requests of each account meet with a change by somebody else.
    fn conflict(&self, target: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
        let body: Value = serde_json::from_slice(body).unwrap();
        let account = body.get("TargetId").filter(|_| target.ends_with(CREATE))?.as_str()?;
        let mut passed = self.passed();
        let told = passed.conflicts.entry(account.to_owned()).or_default();
        *told += 1;
        let conflict = br#"{"__type":"ConflictException","Message":"a change is in the way"}"#;
        (*told <= self.conflicts).then(|| (400, conflict.to_vec()))
    }

    fn note(&self, target: &str, asked: &[u8], (status, answer): &(u16, Vec<u8>)) {
        let now = self.time.now();
        let operation = target.rsplit('.').next().unwrap();
        let code = (*status != 200).then(|| {
            let answer: Value = serde_json::from_slice(answer).unwrap();
            answer["__type"].as_str().unwrap().to_owned()
        });
        let mut passed = self.passed();
        *passed.calls.entry(operation.to_owned()).or_default() += 1;
        passed.throttled += usize::from(code.as_deref() == Some("ThrottlingException"));
        passed.recent.retain(|moment| (now - *moment).num_milliseconds() < 1_000);
        passed.recent.push(now);
        passed.most_in_a_second = passed.most_in_a_second.max(passed.recent.len());
        if operation == CREATE {
            let asked: Value = serde_json::from_slice(asked).unwrap();
            let text = |name: &str| asked[name].as_str().unwrap().to_owned();
            if code.is_none() {
                let answer: Value = serde_json::from_slice(answer).unwrap();
                let id = answer["AccountAssignmentCreationStatus"]["RequestId"].as_str().unwrap();
                passed.under_way.push((id.to_owned(), text("TargetId"), now));
            }
            passed.requests.push((text("TargetId"), text("PermissionSetArn"), code));
        }
    }
}

const CREATE: &str = "CreateAccountAssignment";

fn is_over(zone: &Zone, request: &str) -> bool {
    let request = zone.identity_center.request(request).unwrap();
    request.status != RequestStatus::InProgress
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wire = self.clone();
        HttpConnectorFuture::new(async move {
            wire.time.sleep(LATENCY / 2).await;
            let answer = wire.answer(&request);
            wire.time.sleep(LATENCY / 2).await;
            Ok(answer)
        })
    }
}

impl Passed {
    /// The accounts and permission sets that were asked for and taken, each once per request.
    pub fn taken(&self) -> Vec<(String, String)> {
        let taken = self.requests.iter().filter(|(_, _, code)| code.is_none());
        taken.map(|(account, set, _)| (account.clone(), set.clone())).collect()
    }

    /// How many requests were refused with that code.
    pub fn refused(&self, code: &str) -> usize {
        self.requests.iter().filter(|it| it.2.as_deref() == Some(code)).count()
    }

    /// The least time in which all of it can be done: ten at a time, one after the other in
    /// each account.
    pub fn lower_bound(&self) -> TimeDelta {
        let mut chains = BTreeMap::<&str, TimeDelta>::new();
        for (account, lasted) in &self.lasted {
            *chains.entry(account).or_default() += *lasted;
        }
        let all: TimeDelta = chains.values().copied().sum();
        let longest = chains.into_values().max().unwrap_or_default();
        longest.max(all / 10)
    }
}
