//! The role in a member account: assumed once, and kept until its session is about to end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::{Region, SdkConfig};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use tracing::debug;
use vending::account::AccountId;
use vending::ports::{CouldNotAsk, MemberError};

use super::Done;
use crate::Clients;
use crate::calls::{could_not, present, refusal};

const STS: &str = "STS";
const ASSUME: &str = "assume the role in an account";

/// What CloudTrail in the account names the session.
const SESSION: &str = "vend";
/// So long before its end a session is not used any more.
const ENDS_SOON: Duration = Duration::from_secs(300);
/// Sessions that are kept at most: far more than accounts are looked after at a time.
const MOST_KEPT: usize = 500;

/// Which role is assumed in member accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberRole {
    /// Its name, with its path in front if it has one; `None` where nothing is done there.
    pub name: Option<String>,
    /// What the role's trust asks for besides.
    pub external_id: Option<String>,
}

/// Member accounts, by the role that is assumed in each.
#[derive(Debug)]
pub struct AssumedMembers {
    sts: aws_sdk_sts::Client,
    own: Clients,
    role: MemberRole,
    sessions: Mutex<HashMap<AccountId, Arc<Session>>>,
}

/// A session in an account.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) clients: Clients,
    pub(super) credentials: Credentials,
}

impl Session {
    /// Service Catalog, as the account sees it.
    pub(super) fn catalog(&self) -> aws_sdk_servicecatalog::Client {
        self.clients.service_catalog()
    }

    fn is_fresh(&self) -> bool {
        let usable = |until: SystemTime| SystemTime::now() + ENDS_SOON < until;
        self.credentials.expiry().is_some_and(usable)
    }
}

impl AssumedMembers {
    /// Member accounts in which `role` is assumed by whoever `clients` calls as.
    #[must_use]
    pub fn new(clients: &Clients, role: MemberRole) -> Self {
        let own = clients.calling_as(clients.config().clone());
        Self { sts: own.sts(), own, role, sessions: Mutex::default() }
    }

    /// The partition, by the Region.
    pub(super) fn partition(&self) -> &'static str {
        partition(self.own.config().region().map(Region::as_ref).unwrap_or_default())
    }

    /// A session in the account, from before if there is one.
    pub(super) async fn inside(&self, account: &AccountId) -> Done<Arc<Session>> {
        let known = self.sessions().get(account).filter(|session| session.is_fresh()).cloned();
        if let Some(session) = known {
            return Ok(session);
        }
        let session = Arc::new(self.assume(account).await?);
        let mut sessions = self.sessions();
        if sessions.len() >= MOST_KEPT {
            sessions.clear();
        }
        sessions.insert(account.clone(), Arc::clone(&session));
        Ok(session)
    }

    async fn assume(&self, account: &AccountId) -> Done<Session> {
        let nothing = || MemberError::Refused("the stack names no MemberRole to assume".to_owned());
        let role = self.role.name.as_deref().ok_or_else(nothing)?;
        let arn = format!("arn:{}:iam::{account}:role/{role}", self.partition());
        let assume = self.sts.assume_role().role_arn(arn).role_session_name(SESSION);
        let assume = assume.set_external_id(self.role.external_id.clone());
        let credentials = credentials(&assume.send().await.map_err(not_assumed)?)?;
        debug!(account.id = %account, "assumed the role in the account");
        let config = self.own.config().to_builder();
        let provider = SharedCredentialsProvider::new(credentials.clone());
        let config: SdkConfig = config.credentials_provider(provider).build();
        Ok(Session { clients: self.own.calling_as(config), credentials })
    }

    /// A panic of somebody else's leaves the sessions as they were between two calls.
    fn sessions(&self) -> MutexGuard<'_, HashMap<AccountId, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn credentials(answer: &AssumeRoleOutput) -> Result<Credentials, CouldNotAsk> {
    let given = present(answer.credentials(), "credentials", STS, ASSUME)?;
    let expires = SystemTime::try_from(*given.expiration()).map_err(could_not(STS, ASSUME))?;
    Ok(Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        Some(expires),
        "AssumeRole",
    ))
}

/// STS does not tell a role that is not there from one that does not let us in.
fn not_assumed(error: SdkError<AssumeRoleError, HttpResponse>) -> MemberError {
    match refusal(&error) {
        Some(refusal) if refusal.code == "AccessDenied" => {
            MemberError::NoWayIn(refusal.to_string())
        }
        Some(refusal) => MemberError::Refused(refusal.to_string()),
        None => could_not(STS, ASSUME)(error).into(),
    }
}

/// The partition that a Region is in (AWS General Reference, "ARNs").
fn partition(region: &str) -> &'static str {
    let known = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-iso-", "aws-iso"),
    ];
    let found = known.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    fn account() -> AccountId {
        AccountId::new("123456789012").unwrap()
    }

    fn members(canned: &Canned) -> AssumedMembers {
        let name = Some("team/vend-member".to_owned());
        let role = MemberRole { name, external_id: Some("secret words".to_owned()) };
        AssumedMembers::new(&Clients::new(canned.config()), role)
    }

    fn assumed(until: &str) -> (u16, String) {
        let credentials = format!(
            "<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
             <SessionToken>t</SessionToken><Expiration>{until}</Expiration>"
        );
        let result = format!(
            "<AssumeRoleResult><Credentials>{credentials}</Credentials></AssumeRoleResult>"
        );
        let space = "https://sts.amazonaws.com/doc/2011-06-15/";
        (200, format!("<AssumeRoleResponse xmlns=\"{space}\">{result}</AssumeRoleResponse>"))
    }

    fn refused(code: &str) -> (u16, String) {
        let error =
            format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>");
        (403, format!("<ErrorResponse>{error}</ErrorResponse>"))
    }

    #[tokio::test]
    async fn a_session_is_kept_until_it_ends_soon() {
        for (until, calls) in [("2999-01-01T00:00:00Z", 1), ("2001-01-01T00:00:00Z", 2)] {
            let canned = Canned::new(vec![assumed(until), assumed(until)]);
            let members = members(&canned);
            for _ in 0..2 {
                assert!(members.inside(&account()).await.is_ok());
            }
            assert_eq!(canned.calls(), calls, "{until}");
            let asked = canned.requests()[0].body().bytes().map(<[u8]>::to_vec).unwrap();
            let asked = String::from_utf8(asked).unwrap();
            let role = "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fvend-member";
            assert!(asked.contains(role), "{asked}");
            assert!(asked.contains("ExternalId=secret%20words"), "{asked}");
        }
    }

    #[tokio::test]
    async fn a_role_that_does_not_let_us_in_is_no_way_in() {
        let error = async |code: &str| {
            let canned = Canned::new(vec![refused(code)]);
            members(&canned).inside(&account()).await.unwrap_err()
        };
        assert!(matches!(error("AccessDenied").await, MemberError::NoWayIn(_)));
        assert!(matches!(error("RegionDisabledException").await, MemberError::Refused(_)));
        assert!(matches!(error("ExpiredToken").await, MemberError::CouldNotAsk(_)));
    }

    #[tokio::test]
    async fn without_a_role_nothing_is_asked() {
        let canned = Canned::new(Vec::new());
        let members = AssumedMembers::new(&Clients::new(canned.config()), MemberRole::default());
        let error = members.inside(&account()).await.unwrap_err();
        assert!(matches!(&error, MemberError::Refused(words) if words.contains("MemberRole")));
        assert!(canned.requests().is_empty());
    }

    #[test]
    fn a_region_is_in_a_partition() {
        let of = ["eu-central-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1"];
        let found = ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"];
        assert_eq!(of.map(partition), found);
    }
}
