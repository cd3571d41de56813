//! The ledger's adapter over a wire that answers at once: what the adapter itself takes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::ensure;
use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use vending::account::AccountName;
use vending::ledger::Entry;
use vending::ports::{Admission, Ledger};
use vending_aws::{Clients, DynamoDbLedger, TableNames, fixed_config};

/// The ledger, and what it writes to and reads from.
pub struct Wire {
    ledger: DynamoDbLedger,
    runtime: Runtime,
}

/// Items by name that were put, in DynamoDB's JSON.
type Items = Arc<Mutex<HashMap<String, Value>>>;

#[derive(Debug, Clone, Default)]
struct Far(Items);

impl HttpConnector for Far {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().and_then(|body| serde_json::from_slice(body).ok());
        let answer = self.answer(&body.unwrap_or_default()).to_string();
        let ok =
            StatusCode::try_from(200).map_err(|error| ConnectorError::other(error.into(), None));
        HttpConnectorFuture::ready(ok.map(|ok| HttpResponse::new(ok, SdkBody::from(answer))))
    }
}

impl Far {
    fn answer(&self, request: &Value) -> Value {
        let mut items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let puts = request["TransactItems"].as_array().into_iter().flatten();
        for item in puts.map(|action| &action["Put"]["Item"]) {
            if item.get("Status").is_some() {
                items.insert(item["AccountName"]["S"].to_string(), item.clone());
            }
        }
        let keys = request["RequestItems"]["accounts"]["Keys"].as_array().into_iter().flatten();
        let found = keys.filter_map(|key| items.get(&key["AccountName"]["S"].to_string()));
        json!({ "Responses": { "accounts": found.collect::<Vec<_>>() } })
    }
}

impl Wire {
    /// A new one, on which nothing was written.
    ///
    /// # Errors
    /// When the machine has nothing to run it with.
    pub fn new() -> anyhow::Result<Self> {
        let connector = SharedHttpConnector::new(Far::default());
        let client = http_client_fn(move |_, _| connector.clone());
        let credentials = Credentials::new("key", "secret", None, None, "benches");
        let config = fixed_config(client, "http://127.0.0.1", "us-east-1", credentials);
        let tables = TableNames { accounts: "accounts".into(), control: "control".into() };
        let ledger = DynamoDbLedger::new(Clients::new(config).dynamodb(), tables);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { ledger, runtime })
    }

    /// Admits the entries, which are new.
    ///
    /// # Errors
    /// When the adapter fails.
    pub fn admit(&self, entries: &[Entry]) -> anyhow::Result<usize> {
        let new = |after: &Entry| Admission { before: None, after: after.clone() };
        let admissions: Vec<Admission> = entries.iter().map(new).collect();
        Ok(self.runtime.block_on(self.ledger.admit(&admissions))?.len())
    }

    /// Reads the entries, all of which were admitted.
    ///
    /// # Errors
    /// When the adapter fails, or one is missing.
    pub fn read(&self, entries: &[Entry]) -> anyhow::Result<usize> {
        let names: Vec<AccountName> = entries.iter().map(|it| it.request.name.clone()).collect();
        let read = self.runtime.block_on(self.ledger.entries(&names))?;
        ensure!(read.len() == entries.len(), "{} of {} are read", read.len(), entries.len());
        Ok(read.len())
    }
}
