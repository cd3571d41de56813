//! IAM in a member account: the role that IAM Identity Center made there for a permission
//! set, whose name ends in digits that nothing else tells.

use serde::Deserialize;
use vending::ports::{CouldNotAsk, MemberError};

use super::Done;
use super::assume::Session;
use super::signed::{Answer, ask};
use crate::calls::is_throttling;

const IAM: &str = "IAM in the account";
const LIST: &str = "list the roles of permission sets";

/// Where Identity Center puts its roles; below, the Region may follow (IAM Identity Center
/// user guide, "Referencing permission sets in resource policies").
const PATH: &str = "/aws-reserved/sso.amazonaws.com/";
/// How those roles are named: this, the permission set's name, and so many digits.
const PREFIX: &str = "AWSReservedSSO_";
const DIGITS: usize = 16;

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "ListRolesResult")]
    result: Page,
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "Roles", default)]
    roles: Roles,
    #[serde(rename = "IsTruncated")]
    is_truncated: bool,
    #[serde(rename = "Marker")]
    marker: Option<String>,
}

#[derive(Deserialize, Default)]
struct Roles {
    #[serde(rename = "member", default)]
    all: Vec<Role>,
}

#[derive(Deserialize)]
struct Role {
    #[serde(rename = "RoleName")]
    name: String,
    #[serde(rename = "Arn")]
    arn: String,
}

#[derive(Deserialize)]
struct Refused {
    #[serde(rename = "Error")]
    error: Words,
}

#[derive(Deserialize)]
struct Words {
    #[serde(rename = "Code")]
    code: String,
    #[serde(rename = "Message", default)]
    message: String,
}

/// The ARN of the permission set's role, if the account has one.
pub(super) async fn role_of(
    session: &Session,
    partition: &str,
    permission_set: &str,
) -> Done<Option<String>> {
    let mut marker = None;
    loop {
        let page = list(session, partition, marker).await?;
        let found = page.roles.all.into_iter().find(|it| is_of(&it.name, permission_set));
        if let Some(role) = found {
            return Ok(Some(role.arn));
        }
        marker = page.marker.filter(|_| page.is_truncated);
        if marker.is_none() {
            return Ok(None);
        }
    }
}

fn is_of(role: &str, permission_set: &str) -> bool {
    let rest = role.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(permission_set));
    let digits = rest.and_then(|rest| rest.strip_prefix('_'));
    digits.is_some_and(|it| it.len() == DIGITS && it.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn form(marker: Option<&str>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("Action", "ListRoles"), ("Version", "2010-05-08"), ("PathPrefix", PATH)]);
    form.extend_pairs(marker.map(|marker| ("Marker", marker)));
    form.finish()
}

async fn list(session: &Session, partition: &str, marker: Option<String>) -> Done<Page> {
    let form = form(marker.as_deref());
    let answer = ask(session, partition, "ListRoles", form).await;
    let Answer { status, body } = answer.map_err(|error| CouldNotAsk::new(IAM, LIST, error))?;
    if status == 200 {
        let listed: Listed = read(&body)?;
        return Ok(listed.result);
    }
    let Refused { error: Words { code, message } } = read(&body)?;
    let words = format!("{code}: {message}");
    Err(match status {
        _ if is_throttling(&code) => MemberError::Wait(words),
        400..=499 if !code.contains("Token") => MemberError::Refused(words),
        _ => CouldNotAsk::new(IAM, LIST, words).into(),
    })
}

fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, CouldNotAsk> {
    quick_xml::de::from_str(body).map_err(|error| CouldNotAsk::new(IAM, LIST, error))
}

#[cfg(test)]
mod tests {
    use aws_sdk_sts::config::Credentials;

    use super::*;
    use crate::Clients;
    use crate::testing::Canned;

    fn page(names: &[&str], marker: Option<&str>) -> (u16, String) {
        let roles = names.iter().map(|name| {
            format!("<member><Path>{PATH}</Path><RoleName>{name}</RoleName><Arn>arn:{name}</Arn></member>")
        });
        let roles: String = roles.collect();
        let more = marker.map(|it| format!("<Marker>{it}</Marker>")).unwrap_or_default();
        let truncated = marker.is_some();
        let result = format!("<IsTruncated>{truncated}</IsTruncated><Roles>{roles}</Roles>{more}");
        let result = format!("<ListRolesResult>{result}</ListRolesResult>");
        (
            200,
            format!(
                "<ListRolesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">{result}</ListRolesResponse>"
            ),
        )
    }

    async fn asked(answers: Vec<(u16, String)>) -> (Done<Option<String>>, Canned) {
        let canned = Canned::new(answers);
        let credentials = Credentials::new("ASIAX", "s", Some("t".to_owned()), None, "test");
        let session = Session { clients: Clients::new(canned.config()), credentials };
        (role_of(&session, "aws", "Read_Only").await, canned)
    }

    #[tokio::test]
    async fn the_role_is_found_by_its_whole_name_on_any_page() {
        let near = [
            "AWSReservedSSO_Read_Only_Plus_0123456789abcdef",
            "AWSReservedSSO_Read_0123456789abcdef",
            "AWSReservedSSO_Read_Only_0123",
        ];
        let answers = vec![
            page(&near, Some("next page")),
            page(&["AWSReservedSSO_Read_Only_0123456789abcdef"], None),
        ];
        let (found, canned) = asked(answers).await;
        assert_eq!(
            found.unwrap().as_deref(),
            Some("arn:AWSReservedSSO_Read_Only_0123456789abcdef")
        );
        let requests = canned.requests();
        let body = |at: usize| String::from_utf8(requests[at].body().bytes().unwrap().to_vec());
        assert!(body(0).unwrap().ends_with("PathPrefix=%2Faws-reserved%2Fsso.amazonaws.com%2F"));
        assert!(body(1).unwrap().ends_with("&Marker=next+page"));
        let signed = requests[0].headers().get("authorization").unwrap();
        assert!(
            signed.contains("Credential=ASIAX/") && signed.contains("/us-east-1/iam/"),
            "{signed}"
        );
        assert_eq!(requests[0].headers().get("x-amz-security-token"), Some("t"));
    }

    #[tokio::test]
    async fn no_role_is_an_answer_and_a_refusal_is_told() {
        assert_eq!(asked(vec![page(&[], None)]).await.0.unwrap(), None);
        let error = |status: u16, code: &str| {
            let error = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
            vec![(status, format!("<ErrorResponse>{error}</ErrorResponse>"))]
        };
        let denied = asked(error(403, "AccessDenied")).await.0.unwrap_err();
        assert!(matches!(&denied, MemberError::Refused(words) if words == "AccessDenied: no"));
        let throttled = asked(error(400, "Throttling")).await.0.unwrap_err();
        assert!(matches!(throttled, MemberError::Wait(_)));
        for (status, code) in [(403, "ExpiredToken"), (500, "ServiceFailure")] {
            let unknown = asked(error(status, code)).await.0.unwrap_err();
            assert!(matches!(unknown, MemberError::CouldNotAsk(_)), "{unknown:?}");
        }
        let nobody = asked(Vec::new()).await.0.unwrap_err();
        assert!(matches!(nobody, MemberError::CouldNotAsk(_)));
    }
}
