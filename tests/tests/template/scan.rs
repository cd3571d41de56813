//! What the source says, without its tests.

use std::collections::BTreeSet;
use std::path::Path;

use crate::stack::{FUNCTIONS, repository};

/// What operators ask with permissions of their own: no function is built with it.
const OPERATORS: &str = "vending-aws/src/operator";

/// The source below those folders, in one text and without tests.
pub fn sources(folders: &[&str]) -> String {
    let mut text = String::new();
    for folder in folders {
        add(&repository(folder), &mut text);
    }
    text
}

fn add(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with(OPERATORS) {
                add(&path, text);
            }
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("testing.rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            text.push_str(source.split("#[cfg(test)]").next().unwrap_or_default());
        }
    }
}

/// What the adapters call the SDK's clients.
const CLIENTS: [&str; 4] = ["client.", "catalog.", "organizations.", "sts."];

/// The operations that the adapters ask of the SDK's clients, as AWS names them: whatever is
/// called on something called so, without arguments.
pub fn operations() -> BTreeSet<String> {
    let text: String = sources(&["shared/vending-aws/src"]).split_whitespace().collect();
    let called = CLIENTS.iter().flat_map(|client| text.split(client).skip(1));
    let called = called.filter_map(|rest| rest.split_once("()"));
    let methods = called.map(|(method, _)| method);
    let is_name = |it: &&str| it.chars().all(|it| it.is_ascii_lowercase() || it == '_');
    methods.filter(is_name).filter(|it| *it != "clone").map(pascal).collect()
}

/// `describe_record` is `DescribeRecord`.
fn pascal(snake: &str) -> String {
    let words = snake.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    });
    words.collect()
}

#[test]
fn no_function_is_built_with_what_operators_ask() {
    let manifest = |folder: &str| std::fs::read_to_string(repository(folder).join("Cargo.toml"));
    assert!(manifest("shared/vending-aws").unwrap().contains("\noperator = ["));
    assert!(manifest("cli").unwrap().contains("\"operator\""));
    for (_, function) in FUNCTIONS {
        let folder = format!("functions/{function}");
        assert!(!manifest(&folder).unwrap().contains("operator"), "{folder}");
    }
}

/// A scan takes as long as all that was ever asked for. The operators' audit makes the one
/// there is, and what is looked for here is found there.
#[test]
fn no_function_is_built_with_a_scan_of_a_table() {
    let scans = |text: String| text.split_whitespace().collect::<String>().contains(".scan(");
    let adapters = sources(&["shared/vending/src", "shared/vending-aws/src", "functions"]);
    assert!(!scans(adapters), "a scan outside of {OPERATORS}");
    assert!(scans(sources(&[&format!("shared/{OPERATORS}")])), "the audit's own is not found");
}
