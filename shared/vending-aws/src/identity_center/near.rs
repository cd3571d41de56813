//! What to say of a user or group that there is none of, with the one that may be meant.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use aws_sdk_identitystore::Client;
use vending::file::nearest;
use vending::ledger::PrincipalKind;
use vending::ports::{CouldNotAsk, PrincipalText, Unresolved};

use super::known::KEPT_FOR;
use super::principals::{IDENTITY_STORE, is_id};
use crate::calls::could_not;

const GROUPS: &str = "list the groups";
const USERS: &str = "list the users";

/// Names that are looked at for the nearest, at most: ten pages, a second of Identity
/// Center's calls. There may be 100,000 users (IAM Identity Center quotas).
const MOST_LISTED: usize = 1_000;

/// Names, and when they were listed.
type Names = Option<(Instant, Vec<String>)>;

/// The names of users and of groups, listed once for all that are not found.
#[derive(Debug, Default)]
pub(super) struct Listed {
    groups: Mutex<Names>,
    users: Mutex<Names>,
}

impl Listed {
    fn of(&self, kind: PrincipalKind) -> &Mutex<Names> {
        match kind {
            PrincipalKind::Group => &self.groups,
            PrincipalKind::User => &self.users,
        }
    }

    fn get(&self, kind: PrincipalKind) -> Option<Vec<String>> {
        let names = self.of(kind).lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = names.as_ref().filter(|(listed, _)| listed.elapsed() < KEPT_FOR);
        fresh.map(|(_, names)| names.clone())
    }

    async fn names(
        &self,
        kind: PrincipalKind,
        client: &Client,
        store: &str,
    ) -> Result<Vec<String>, CouldNotAsk> {
        if let Some(names) = self.get(kind) {
            return Ok(names);
        }
        let names = match kind {
            PrincipalKind::Group => groups(client, store).await?,
            PrincipalKind::User => users(client, store).await?,
        };
        let mut listed = self.of(kind).lock().unwrap_or_else(PoisonError::into_inner);
        *listed = Some((Instant::now(), names.clone()));
        Ok(names)
    }
}

/// That there is no such principal, and which one may be meant.
pub(super) async fn unknown(
    meant: &PrincipalText,
    listed: &Listed,
    client: &Client,
    store: &str,
) -> Unresolved {
    if is_id(&meant.text) {
        return Unresolved::principal(meant, None);
    }
    match listed.names(meant.kind, client, store).await {
        Ok(names) => {
            let near = nearest(&meant.text, names.iter().map(String::as_str));
            Unresolved::principal(meant, near)
        }
        Err(error) => error.into(),
    }
}

async fn groups(client: &Client, store: &str) -> Result<Vec<String>, CouldNotAsk> {
    let mut listed = client.list_groups().identity_store_id(store).into_paginator().items().send();
    let mut names = Vec::new();
    while let Some(group) = listed.next().await {
        names.extend(group.map_err(could_not(IDENTITY_STORE, GROUPS))?.display_name);
        if names.len() >= MOST_LISTED {
            break;
        }
    }
    Ok(names)
}

async fn users(client: &Client, store: &str) -> Result<Vec<String>, CouldNotAsk> {
    let mut listed = client.list_users().identity_store_id(store).into_paginator().items().send();
    let mut names = Vec::new();
    while let Some(user) = listed.next().await {
        names.extend(user.map_err(could_not(IDENTITY_STORE, USERS))?.user_name);
        if names.len() >= MOST_LISTED {
            break;
        }
    }
    Ok(names)
}
