//! Control Tower's landing zone.

use async_trait::async_trait;
use aws_sdk_controltower::Client;
use aws_sdk_controltower::types::{
    LandingZoneDetail, LandingZoneDriftStatus, LandingZoneStatus as Status,
};
use vending::doctor::ports::{LandingZone, LandingZoneStatus, LandingZones, Unseen};

use super::unseen::{lacks, unseen};
use crate::Clients;

const LIST: &str = "controltower:ListLandingZones";
const GET: &str = "controltower:GetLandingZone";

/// Asks Control Tower.
#[derive(Debug, Clone)]
pub struct ControlTowerLandingZones {
    client: Client,
}

impl ControlTowerLandingZones {
    /// The landing zone that whoever `clients` are of sees in their Region.
    #[must_use]
    pub fn new(clients: &Clients) -> Self {
        Self { client: Client::new(clients.config()) }
    }
}

#[async_trait]
impl LandingZones for ControlTowerLandingZones {
    async fn landing_zone(&self) -> Result<Option<LandingZone>, Unseen> {
        let listed = self.client.list_landing_zones().send().await.map_err(unseen(LIST))?;
        // "Returns one landing zone ARN" (API reference, ListLandingZones).
        let Some(arn) = listed.landing_zones().iter().find_map(|it| it.arn()) else {
            return Ok(None);
        };
        let ask = self.client.get_landing_zone().landing_zone_identifier(arn);
        let got = ask.send().await.map_err(unseen(GET))?;
        let detail = got.landing_zone().ok_or_else(|| lacks("landing zone", GET))?;
        Ok(Some(read(arn, detail)))
    }
}

fn read(arn: &str, detail: &LandingZoneDetail) -> LandingZone {
    let version = detail.version();
    let newer = detail.latest_available_version().filter(|latest| *latest != version);
    let drift = detail.drift_status().and_then(|drift| drift.status());
    LandingZone {
        home_region: arn.split(':').nth(3).unwrap_or_default().to_owned(),
        status: match detail.status() {
            Some(Status::Active) => LandingZoneStatus::Active,
            Some(Status::Processing) => LandingZoneStatus::Processing,
            Some(Status::Failed) => LandingZoneStatus::Failed,
            Some(_) | None => LandingZoneStatus::Other,
        },
        drifted: match drift {
            Some(LandingZoneDriftStatus::Drifted) => Some(true),
            Some(LandingZoneDriftStatus::InSync) => Some(false),
            Some(_) | None => None,
        },
        version: version.to_owned(),
        newer: newer.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Canned;

    const ARN: &str = "arn:aws:controltower:eu-central-1:111122223333:landingzone/1A2B3C4D5E6F7G8H";

    async fn seen(answers: Vec<(u16, String)>) -> Result<Option<LandingZone>, Unseen> {
        let clients = Clients::new(Canned::new(answers).config());
        ControlTowerLandingZones::new(&clients).landing_zone().await
    }

    fn listed() -> (u16, String) {
        (200, format!(r#"{{"landingZones":[{{"arn":"{ARN}"}}]}}"#))
    }

    #[tokio::test]
    async fn the_landing_zone_is_read_from_its_details() {
        let detail = format!(
            r#"{{"landingZone":{{"arn":"{ARN}","status":"PROCESSING","version":"3.3",
            "latestAvailableVersion":"4.0","driftStatus":{{"status":"DRIFTED"}},"manifest":{{}}}}}}"#
        );
        let zone = seen(vec![listed(), (200, detail)]).await.unwrap().unwrap();
        assert_eq!(zone.home_region, "eu-central-1");
        assert_eq!((zone.status, zone.drifted), (LandingZoneStatus::Processing, Some(true)));
        assert_eq!((zone.version.as_str(), zone.newer.as_deref()), ("3.3", Some("4.0")));
    }

    #[tokio::test]
    async fn what_is_new_or_not_said_is_no_guess() {
        let detail = format!(
            r#"{{"landingZone":{{"arn":"{ARN}","status":"RESTING","version":"3.3",
            "latestAvailableVersion":"3.3","manifest":{{}}}}}}"#
        );
        let zone = seen(vec![listed(), (200, detail)]).await.unwrap().unwrap();
        assert_eq!((zone.status, zone.drifted, zone.newer), (LandingZoneStatus::Other, None, None));
    }

    #[tokio::test]
    async fn none_is_told_from_a_denial() {
        assert_eq!(seen(vec![(200, r#"{"landingZones":[]}"#.to_owned())]).await, Ok(None));
        let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#.to_owned();
        let told = seen(vec![listed(), (403, denied)]).await.unwrap_err();
        assert_eq!((told.denied, told.needs), (true, GET));
    }
}
