//! TOML with the place of everything, for faults to be told with their lines.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::file::{Fault, nearest};

/// Where each line of a text begins.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(breaks).collect())
    }

    /// The line, from 1, of the byte at `offset`.
    pub(super) fn at(&self, offset: usize) -> u64 {
        self.0.partition_point(|start| *start <= offset) as u64
    }
}

/// A table, and where it is.
pub(super) struct Table<'a> {
    table: &'a DeTable<'a>,
    lines: &'a Lines,
    line: u64,
    /// The way to it, empty for the whole file.
    place: String,
}

/// A value of a table or a list, and where it is.
pub(super) struct Item<'a> {
    value: &'a DeValue<'a>,
    lines: &'a Lines,
    line: u64,
    place: String,
}

impl<'a> Table<'a> {
    pub(super) fn root(root: &'a Spanned<DeTable<'a>>, lines: &'a Lines) -> Self {
        Self { table: root.get_ref(), lines, line: 1, place: String::new() }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// What stands under `key`.
    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        let value = self.table.get(key)?;
        Some(Item::new(value, self.lines, self.of(key)))
    }

    /// Whether it has no other key than this one.
    pub(super) fn has_only(&self, key: &str) -> bool {
        self.table.len() == 1 && self.table.get(key).is_some()
    }

    /// A fault for each key that is none of those that are known.
    pub(super) fn unknown(&self, known: &[&str]) -> Vec<Fault> {
        let keys = self.table.keys().filter(|key| !known.contains(&&**key.get_ref()));
        keys.map(|key| {
            let text = &**key.get_ref();
            let line = self.lines.at(key.span().start);
            let near = nearest(text, known.iter().copied());
            let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let fault = Fault::of_row(line, format!("is no key here{meant}"), known.join(", "));
            fault.at(self.place.clone()).quoting(text)
        })
        .collect()
    }

    pub(super) fn fault(&self, problem: impl Into<String>, accepted: &str) -> Fault {
        Fault::of_row(self.line, problem, accepted).at(self.place.clone())
    }

    fn of(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }
}

impl<'a> Item<'a> {
    fn new(value: &'a Spanned<DeValue<'a>>, lines: &'a Lines, place: String) -> Self {
        Self { value: value.get_ref(), lines, line: lines.at(value.span().start), place }
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        let table = self.value.as_table()?;
        Some(Table { table, lines: self.lines, line: self.line, place: self.place.clone() })
    }

    /// The values of a list.
    pub(super) fn list(&self) -> Option<Vec<Item<'a>>> {
        let items: &DeArray<'_> = self.value.as_array()?;
        let item = |(n, item)| Item::new(item, self.lines, format!("{}[{n}]", self.place));
        Some(items.iter().enumerate().map(item).collect())
    }

    /// The tables of a list of nothing else.
    pub(super) fn tables(&self) -> Option<Vec<Table<'a>>> {
        self.list()?.iter().map(Item::table).collect()
    }

    pub(super) fn fault(&self, problem: impl Into<String>, accepted: &str) -> Fault {
        let fault = Fault::of_row(self.line, problem, accepted).at(self.place.clone());
        match self.text() {
            Some(text) => fault.quoting(text),
            None => fault,
        }
    }

    /// As JSON; nothing where TOML has what JSON has not.
    pub(super) fn json(&self) -> Option<Value> {
        json(self.value)
    }
}

fn json(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::String(text.to_string())),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(Value::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().ok().map(Value::from),
        DeValue::Boolean(is) => Some(Value::Bool(*is)),
        DeValue::Datetime(_) => None,
        DeValue::Array(all) => all.iter().map(|it| json(it.get_ref())).collect(),
        DeValue::Table(all) => {
            let each =
                all.iter().map(|(key, it)| Some((key.get_ref().to_string(), json(it.get_ref())?)));
            each.collect::<Option<_>>().map(Value::Object)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        let lines = Lines::of("a\nbc\n");
        assert_eq!([0, 1, 2, 4, 5].map(|at| lines.at(at)), [1, 1, 2, 2, 3]);
    }

    #[test]
    fn toml_becomes_json_where_json_has_it() {
        let text = "a = [1, 0x10, 1.5, true, \"x\", { b = \"c\" }]\nd = 2026-01-21\n";
        let root = DeTable::parse(text).unwrap();
        let lines = Lines::of(text);
        let root = Table::root(&root, &lines);
        let a = root.get("a").unwrap().json().unwrap();
        assert_eq!(a, serde_json::json!([1, 16, 1.5, true, "x", { "b": "c" }]));
        assert_eq!(root.get("d").unwrap().json(), None);
    }

    #[test]
    fn a_table_of_one_key_is_told_from_others() {
        let has_only = |text: &str| {
            let (root, lines) = (DeTable::parse(text).unwrap(), Lines::of(text));
            Table::root(&root, &lines).has_only("file")
        };
        assert!(has_only("file = 1"));
        assert!(!has_only("file = 1\nother = 2") && !has_only("other = 2") && !has_only(""));
    }
}
