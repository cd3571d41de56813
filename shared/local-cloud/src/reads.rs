//! How much an answer made its service look at. A walk through all there is shows here, where
//! the number of calls alone may not tell it: a page holds a thousand entries, or a megabyte.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// Items that a table was asked for, or looked at for its answer: the keys of a request, and
/// what a query evaluated before its filter (`ScannedCount`).
pub(crate) fn of_tables(operation: &str, request: &[u8], answer: &[u8]) -> u64 {
    match operation {
        "GetItem" => 1,
        "BatchGetItem" => keys_in(request),
        "Query" | "Scan" => serde_json::from_slice(answer).map_or(0, |it: Evaluated| it.count),
        _ => 0,
    }
}

/// What a query says of its work.
#[derive(Deserialize)]
struct Evaluated {
    #[serde(rename = "ScannedCount")]
    count: u64,
}

fn keys_in(request: &[u8]) -> u64 {
    let request: Value = serde_json::from_slice(request).unwrap_or_default();
    let tables = request["RequestItems"].as_object().into_iter().flatten();
    tables.map(|(_, asked)| asked["Keys"].as_array().map_or(0, |keys| keys.len() as u64)).sum()
}

/// What the lists at the top of a JSON answer hold, such as the accounts of a page.
pub(crate) fn listed(answer: &[u8]) -> u64 {
    serde_json::from_slice(answer).map_or(0, |Listed(count)| count)
}

struct Listed(u64);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Lists)
    }
}

/// Adds up the lists among the members of an object.
struct Lists;

impl<'de> Visitor<'de> for Lists {
    type Value = Listed;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Listed, A::Error> {
        let mut count = 0;
        while members.next_key::<IgnoredAny>()?.is_some() {
            if let Value::Array(list) = members.next_value()? {
                count += list.len() as u64;
            }
        }
        Ok(Listed(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_tells_what_it_evaluated_and_a_batch_of_keys_is_counted() {
        let answer = br#"{"Items":[{"Name":{"S":"a"}}],"Count":1,"ScannedCount":25}"#;
        assert_eq!(of_tables("Query", b"{}", answer), 25);
        assert_eq!(of_tables("Scan", b"{}", answer), 25);
        let request = br#"{"RequestItems":{"accounts":{"Keys":[{},{}]},"control":{"Keys":[{}]}}}"#;
        assert_eq!(of_tables("BatchGetItem", request, b"{}"), 3);
        assert_eq!(of_tables("GetItem", b"{}", b"{}"), 1);
        assert_eq!(of_tables("PutItem", b"{}", answer), 0);
    }

    #[test]
    fn what_a_page_lists_is_counted_and_what_is_no_page_is_none() {
        let page = br#"{"Accounts":[{"Tags":[1,2]},{}],"NextToken":"t","More":[1]}"#;
        assert_eq!(listed(page), 3);
        assert_eq!(listed(b"<Answer/>"), 0);
        assert_eq!(listed(b""), 0);
    }
}
