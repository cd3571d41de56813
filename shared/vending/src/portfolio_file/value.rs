//! The values of the JSON form as serde hands them over: what is wanted is kept, and all
//! else is a fault, not an error, so that every fault is told at once.

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess};

use super::key::Key;
use super::reading::Reading;
use super::{AskedShare, Located};
use crate::file::{Fault, LONGEST_CELL, MOST_CELLS, MOST_ROWS, trim};

/// What an object looks like, in words.
const OBJECT: &str = "{\"OU_ID\": …, \"PortID\": …, \"DestinationAccountIDs\": […]}";

/// The whole file.
pub(super) struct Top<'r, 'l>(pub(super) &'r Reading<'l>);

impl Top<'_, '_> {
    /// Reads the file; what is wrong with its values is among the faults.
    pub(super) fn read<'de, D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let reading = self.0;
        Value::new(reading, "$".to_owned(), Wanted::File).deserialize(json)?;
        let (shares, faults) = (reading.shares.borrow(), reading.faults.borrow());
        let nothing = shares.is_empty() && faults.is_empty();
        drop((shares, faults));
        if nothing {
            reading.add(Fault::of_file("the file asks for nothing", OBJECT));
        }
        Ok(())
    }
}

/// What is wanted in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// An object, or a list of them.
    File,
    Object,
    Text(Key),
    Account,
    Accounts,
}

impl Wanted {
    pub(super) fn accepted(self) -> &'static str {
        match self {
            Self::File | Self::Object => OBJECT,
            Self::Text(key) => key.accepted(),
            Self::Account => "an account id of 12 digits in quotes",
            Self::Accounts => Key::Accounts.accepted(),
        }
    }
}

/// What a value came to.
#[derive(Default)]
pub(super) struct Found {
    text: Option<Located>,
    accounts: Vec<Located>,
}

/// A value that is read, and the way to it.
pub(super) struct Value<'r, 'l> {
    reading: &'r Reading<'l>,
    place: String,
    pub(super) wanted: Wanted,
    line: u64,
}

impl<'r, 'l> Value<'r, 'l> {
    fn new(reading: &'r Reading<'l>, place: String, wanted: Wanted) -> Self {
        Self { reading, place, wanted, line: reading.line.get() }
    }

    pub(super) fn wrong(&self, what: &str) -> Found {
        let fault = Fault::of_row(self.line, format!("is {what}"), self.wanted.accepted());
        self.reading.add(fault.at(&self.place));
        Found::default()
    }

    pub(super) fn text(self, text: &str) -> Found {
        if !matches!(self.wanted, Wanted::Text(_) | Wanted::Account) {
            return self.wrong("a text");
        }
        let located = Located {
            text: trim(text).to_owned(),
            line: self.reading.line.get(),
            place: self.place,
        };
        if located.text.len() > LONGEST_CELL {
            let problem = format!("is longer than {LONGEST_CELL} bytes");
            self.reading.add(located.fault(problem, self.wanted.accepted()));
            return Found::default();
        }
        Found { text: Some(located), ..Found::default() }
    }

    pub(super) fn objects<'de, A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let mut index = 0;
        loop {
            let place = format!("{}[{index}]", self.place);
            let object = Element { reading: self.reading, place, wanted: Wanted::Object };
            if list.next_element_seed(object)?.is_none() {
                return Ok(Found::default());
            }
            self.reading.count()?;
            index += 1;
        }
    }

    pub(super) fn accounts<'de, A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let mut accounts = Vec::new();
        let mut index = 0;
        loop {
            let place = format!("{}[{index}]", self.place);
            let account = Element { reading: self.reading, place, wanted: Wanted::Account };
            let Some(found) = list.next_element_seed(account)? else {
                return Ok(Found { accounts, ..Found::default() });
            };
            accounts.extend(found.text);
            if index >= MOST_ROWS {
                return Err(self.reading.stop());
            }
            self.reading.count()?;
            index += 1;
        }
    }

    pub(super) fn object<'de, A: MapAccess<'de>>(self, mut object: A) -> Result<Found, A::Error> {
        let mut share = AskedShare {
            line: self.line,
            place: self.place,
            portfolio: None,
            unit: None,
            accounts: Vec::new(),
            unit_by_id: true,
        };
        let (mut seen, mut count) = (Vec::new(), 0);
        while let Some(name) = object.next_key::<String>()? {
            count += 1;
            match place(self.reading, &share.place, &name, &mut seen, count) {
                Some(key) => {
                    let found = object.next_value_seed(value(self.reading, &share.place, key))?;
                    put(&mut share, key, found);
                }
                None => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        for key in Key::ALL.into_iter().filter(|key| !seen.contains(key)) {
            let problem = format!("the key {} is missing", key.name());
            self.reading.add(Fault::of_row(share.line, problem, key.accepted()).at(&share.place));
        }
        self.reading.shares.borrow_mut().push(share);
        Ok(Found::default())
    }
}

fn value<'r, 'l>(reading: &'r Reading<'l>, place: &str, key: Key) -> Element<'r, 'l> {
    let wanted = match key {
        Key::Unit | Key::Portfolio => Wanted::Text(key),
        Key::Accounts => Wanted::Accounts,
    };
    Element { reading, place: format!("{place}.{}", key.name()), wanted }
}

fn put(share: &mut AskedShare, key: Key, found: Found) {
    match key {
        Key::Unit => share.unit = found.text,
        Key::Portfolio => share.portfolio = found.text,
        Key::Accounts => share.accounts = found.accounts,
    }
}

/// The key of that name, unless it is unknown, or there already, which is a fault.
fn place(
    reading: &Reading<'_>,
    place: &str,
    name: &str,
    seen: &mut Vec<Key>,
    count: usize,
) -> Option<Key> {
    let fault = |problem: &str, accepted: String| {
        let fault = Fault::of_row(reading.line.get(), problem, accepted);
        reading.add(fault.at(place).quoting(name));
    };
    match Key::read(name) {
        Some(key) if seen.contains(&key) => {
            fault("the key is there more than once", "each key once".to_owned());
            None
        }
        Some(key) => {
            seen.push(key);
            Some(key)
        }
        None => {
            if count <= MOST_CELLS {
                fault("is not a key of the form", Key::instead_of(name));
            }
            None
        }
    }
}

/// A value that is still to come: its line is known when it does.
struct Element<'r, 'l> {
    reading: &'r Reading<'l>,
    place: String,
    wanted: Wanted,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Found, D::Error> {
        Value::new(self.reading, self.place, self.wanted).deserialize(json)
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Found, D::Error> {
        json.deserialize_any(self)
    }
}
