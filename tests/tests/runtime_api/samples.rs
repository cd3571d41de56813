//! The samples: the account list and the events of AWS, as JSON.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

/// A sample event.
#[derive(Debug, Clone)]
pub struct Event {
    /// The file's name without its ending.
    pub name: String,
    /// What AWS sends.
    pub json: Value,
}

impl Event {
    /// Whether S3 sends it, which `intake` is for.
    pub fn is_of_s3(&self) -> bool {
        self.name.starts_with("s3-")
    }

    /// Whether CloudFormation sends it, which `intake` is for as well; the others are for
    /// `provision` and `handover`.
    pub fn is_of_a_stack(&self) -> bool {
        self.name.starts_with("cloudformation-")
    }

    /// Whether it is the notification of an upload.
    pub fn is_of_an_upload(&self) -> bool {
        self.is_of_s3() && (self.json["Records"].is_array() || self.json["detail"].is_object())
    }
}

/// All sample events, by name.
pub fn events() -> Vec<Event> {
    let files = std::fs::read_dir(folder().join("events")).unwrap();
    let mut events: Vec<Event> = files.map(|file| read(&file.unwrap().path())).collect();
    events.sort_by(|one, other| one.name.cmp(&other.name));
    events
}

/// The sample event of that name.
pub fn event(name: &str) -> Value {
    read(&folder().join("events").join(name).with_extension("json")).json
}

/// The sample account list.
pub fn accounts() -> String {
    std::fs::read_to_string(folder().join("accounts.csv")).unwrap()
}

/// The columns that hold the names of people.
const NAMES: [&str; 2] = ["SSOUserFirstName", "SSOUserLastName"];

/// The names of people in the sample account list and in the sample events.
pub fn people() -> &'static BTreeSet<String> {
    static PEOPLE: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let mut people = people_of_the_list();
        events().iter().for_each(|event| collect_people(&event.json, &mut people));
        people
    });
    &PEOPLE
}

fn people_of_the_list() -> BTreeSet<String> {
    let list = accounts();
    let mut rows = list.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().unwrap();
    let columns = NAMES.map(|name| header.iter().position(|it| *it == name).unwrap());
    rows.flat_map(|row| columns.map(|column| row[column].to_owned())).collect()
}

fn collect_people(json: &Value, people: &mut BTreeSet<String>) {
    let names = NAMES.iter().filter_map(|name| json[name]["S"].as_str());
    people.extend(names.map(str::to_owned));
    match json {
        Value::Array(items) => items.iter().for_each(|item| collect_people(item, people)),
        Value::Object(fields) => fields.values().for_each(|field| collect_people(field, people)),
        _ => {}
    }
}

/// An object's key as it is, from how a notification spells it: form-url-encoded.
pub fn decoded(key: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = key.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hexadecimal(rest.next().unwrap()) * 16 + hexadecimal(rest.next().unwrap()),
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

fn hexadecimal(digit: u8) -> u8 {
    u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap()
}

fn read(path: &Path) -> Event {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    Event { name, json: serde_json::from_str(&text).unwrap() }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")
}
