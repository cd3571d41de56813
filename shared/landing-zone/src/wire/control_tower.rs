//! AWS Control Tower, REST with JSON: the landing zone and how it is.

use serde::Deserialize;
use serde_json::{Value, json};

use super::json as protocol;
use super::{Refusal, WireResponse};
use crate::Zone;

const CONTENT_TYPE: &str = "application/json";

/// The code for a request that cannot be read.
const INVALID: &str = "ValidationException";

/// The operations by their paths, all of which are posted to.
const PATHS: [(&str, &str); 2] =
    [("/get-landingzone", "GetLandingZone"), ("/list-landingzones", "ListLandingZones")];

/// The operation that a path stands for; the path itself where it stands for none here.
pub(super) fn operation(path: &str) -> &str {
    let known = PATHS.iter().find(|(known, _)| *known == path);
    known.map_or(path, |(_, operation)| operation)
}

/// Answers one request.
pub(super) fn answer(zone: &Zone, operation: &str, body: &[u8]) -> WireResponse {
    let (status, body) = match dispatch(zone, operation, body) {
        Ok(answer) => (200, answer),
        Err(refusal) => {
            (refusal.status, json!({ "__type": refusal.code, "message": refusal.message }))
        }
    };
    WireResponse { status, content_type: CONTENT_TYPE, body: body.to_string().into_bytes() }
}

fn dispatch(zone: &Zone, operation: &str, body: &[u8]) -> Result<Value, Refusal> {
    match operation {
        "ListLandingZones" => list(zone, &protocol::read(body, INVALID)?),
        "GetLandingZone" => get(zone, &protocol::read(body, INVALID)?),
        _ => Err(Refusal::unknown_operation("controltower", operation)),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListLandingZones {
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// "Returns one landing zone ARN" (API reference): there is never a second page.
fn list(zone: &Zone, request: &ListLandingZones) -> Result<Value, Refusal> {
    let fits = request.max_results.is_none_or(|size| (1..=1).contains(&size));
    if !fits || request.next_token.is_some() {
        return Err(Refusal::new(INVALID, "maxResults is 1, and there is no next page"));
    }
    Ok(json!({ "landingZones": [{ "arn": arn(zone) }] }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GetLandingZone {
    landing_zone_identifier: String,
}

fn get(zone: &Zone, request: &GetLandingZone) -> Result<Value, Refusal> {
    if request.landing_zone_identifier != arn(zone) {
        let message = "AWS Control Tower could not find the landing zone.";
        let not_found = Refusal::new("ResourceNotFoundException", message);
        return Err(Refusal { status: 404, ..not_found });
    }
    let landing_zone = &zone.control_tower;
    Ok(json!({ "landingZone": {
        "arn": arn(zone),
        "status": landing_zone.status.as_str(),
        "driftStatus": { "status": landing_zone.drift.as_str() },
        "version": landing_zone.version,
        "latestAvailableVersion": landing_zone.latest_version,
        "manifest": manifest(zone),
    }}))
}

/// What the landing zone was set up with, in the form of the schema of version 3.3.
fn manifest(zone: &Zone) -> Value {
    json!({
        "governedRegions": [home(zone)],
        "accessManagement": { "enabled": !zone.identity_center.self_managed() },
    })
}

fn home(zone: &Zone) -> &str {
    let home = zone.control_tower.home_region.as_deref();
    home.unwrap_or_else(|| zone.organization.home_region())
}

/// The landing zone is the organization's only one.
fn arn(zone: &Zone) -> String {
    let partition = zone.organization.partition();
    let account = zone.organization.management_account();
    format!("arn:{partition}:controltower:{}:{account}:landingzone/1A2B3C4D5E6F7G8H", home(zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Description;
    use crate::description::{Drift, LandingZoneStatus};
    use crate::wire::WireRequest;

    fn asked(description: &Description, path: &str, body: &Value) -> (u16, Value) {
        let mut zone = Zone::new(description, 1, description.organization.since);
        let answer = zone.answer(&WireRequest {
            account: None,
            service: "controltower".to_owned(),
            target: Some(path.to_owned()),
            body: body.to_string().into_bytes(),
        });
        assert_eq!(answer.content_type, "application/json");
        (answer.status, serde_json::from_slice(&answer.body).expect("JSON"))
    }

    #[test]
    fn the_one_landing_zone_is_listed_and_described() {
        let mut description = Description::builtin();
        let (_, listed) = asked(&description, "/list-landingzones", &json!({}));
        let arn = "arn:aws:controltower:us-east-1:111122223333:landingzone/1A2B3C4D5E6F7G8H";
        assert_eq!(listed, json!({ "landingZones": [{ "arn": arn }] }));
        let wanted = json!({ "landingZoneIdentifier": arn });
        let (_, got) = asked(&description, "/get-landingzone", &wanted);
        assert_eq!(got["landingZone"]["status"], "ACTIVE");
        assert_eq!(got["landingZone"]["driftStatus"]["status"], "IN_SYNC");
        assert_eq!(got["landingZone"]["manifest"]["governedRegions"], json!(["us-east-1"]));
        description.control_tower.status = LandingZoneStatus::Processing;
        description.control_tower.drift = Drift::Drifted;
        let (_, got) = asked(&description, "/get-landingzone", &wanted);
        assert_eq!(got["landingZone"]["status"], "PROCESSING");
        assert_eq!(got["landingZone"]["driftStatus"]["status"], "DRIFTED");
    }

    #[test]
    fn at_home_elsewhere_it_has_another_arn() {
        let mut description = Description::builtin();
        description.control_tower.home_region = Some("eu-central-1".to_owned());
        let (_, listed) = asked(&description, "/list-landingzones", &json!({}));
        let arn = listed["landingZones"][0]["arn"].as_str().expect("an ARN").to_owned();
        assert!(arn.starts_with("arn:aws:controltower:eu-central-1:"), "{arn}");
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let description = Description::builtin();
        let wanted = json!({ "landingZoneIdentifier": "arn:aws:controltower:else" });
        let (status, refused) = asked(&description, "/get-landingzone", &wanted);
        assert_eq!((status, &refused["__type"]), (404, &json!("ResourceNotFoundException")));
        let (status, refused) = asked(&description, "/reset-landingzone", &json!({}));
        assert_eq!((status, &refused["__type"]), (400, &json!("UnknownOperationException")));
        let (_, refused) = asked(&description, "/list-landingzones", &json!({ "filter": 1 }));
        assert_eq!(refused["__type"], "ValidationException");
    }
}
