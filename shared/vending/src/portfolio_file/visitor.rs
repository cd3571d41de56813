//! What serde hands over in the place of a value: taken where it is wanted, and a fault
//! where it is not.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::value::{Found, Value, Wanted};

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wanted.accepted())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Found, E> {
        Ok(self.wrong(if value { "true" } else { "false" }))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found, E> {
        Ok(self.wrong("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Found, E> {
        Ok(self.wrong("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found, E> {
        Ok(self.wrong("a number"))
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(self.wrong("null"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Found, E> {
        Ok(self.text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        match self.wanted {
            Wanted::File => self.objects(list),
            Wanted::Accounts => self.accounts(list),
            Wanted::Object | Wanted::Text(_) | Wanted::Account => {
                let wrong = self.wrong("a list");
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(wrong)
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Found, A::Error> {
        match self.wanted {
            Wanted::File | Wanted::Object => self.object(object),
            Wanted::Text(_) | Wanted::Account | Wanted::Accounts => {
                let wrong = self.wrong("an object");
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(wrong)
            }
        }
    }
}
