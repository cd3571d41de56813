//! Moments as the tables have them: texts whose order is that of time.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use vending::ledger::Timestamp;

/// A moment, written `2026-01-21T12:04:33.000Z`.
///
/// Always with milliseconds, so that texts compare like times. A moment between
/// two milliseconds is written in full, and then is out of order by less than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.timestamp_subsec_nanos().is_multiple_of(1_000_000);
        let digits = if whole { SecondsFormat::Millis } else { SecondsFormat::Nanos };
        f.write_str(&self.0.to_rfc3339_opts(digits, true))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment = DateTime::parse_from_rfc3339(&text);
        moment.map(|moment| Self(moment.with_timezone(&Utc))).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    #[test]
    fn texts_compare_like_times() {
        let noon = Utc.with_ymd_and_hms(2026, 1, 21, 12, 0, 0).unwrap();
        assert_eq!(Moment(noon).to_string(), "2026-01-21T12:00:00.000Z");
        let later = Moment(noon + TimeDelta::milliseconds(500));
        assert!(Moment(noon).to_string() < later.to_string());
        assert!(later.to_string() < Moment(noon + TimeDelta::seconds(1)).to_string());
    }
}
