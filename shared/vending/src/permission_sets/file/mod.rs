//! A file of declared permission sets: TOML, read strictly. Every fault is told at once,
//! each with its line.

mod parts;
mod table;

use std::collections::BTreeMap;

use toml::de::DeTable;

use self::parts::permission_set;
use self::table::{Lines, Table};
use super::PermissionSet;
use crate::file::{Fault, Faults};

/// The key of the list of sets.
const SETS: &str = "permission_set";

/// What reads a file that the declaration refers to, by its name; an error says why not.
pub type Files<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// The permission sets that `text` declares, in its order.
///
/// # Errors
/// With every fault of the file.
pub fn read(text: &str, files: Files<'_>) -> Result<Vec<PermissionSet>, Vec<Fault>> {
    let lines = Lines::of(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let line = error.span().map_or(1, |span| lines.at(span.start));
            return Err(vec![Fault::of_row(line, error.message(), "TOML")]);
        }
    };
    let mut faults = Faults::default();
    let sets = sets(&Table::root(&root, &lines), files, &mut faults);
    if faults.is_empty() { Ok(sets) } else { Err(faults.into_vec()) }
}

fn sets(root: &Table<'_>, files: Files<'_>, faults: &mut Faults) -> Vec<PermissionSet> {
    faults.extend(root.unknown(&[SETS]));
    let accepted = "[[permission_set]], one for each permission set";
    let Some(declared) = root.get(SETS) else {
        faults.add(Fault::of_file("declares no permission set", accepted));
        return Vec::new();
    };
    let Some(tables) = declared.tables() else {
        faults.add(declared.fault("is not a list of tables", accepted));
        return Vec::new();
    };
    let (mut sets, mut seen) = (Vec::new(), BTreeMap::new());
    for table in &tables {
        let Some(set) = permission_set(table, files, faults) else { continue };
        if let Some(first) = seen.insert(set.name.clone(), table.line()) {
            let problem = format!("is declared in line {first} already");
            faults.add(table.fault(problem, "each permission set once").quoting(set.name.as_str()));
        }
        sets.push(set);
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission_sets::{Boundary, ManagedPolicy};

    fn files(name: &str) -> Result<String, String> {
        match name {
            "good.json" => Ok(r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#.into()),
            "bad.json" => Ok("{}".into()),
            _ => Err("there is no such file".into()),
        }
    }

    fn told(text: &str) -> Vec<String> {
        let faults = read(text, &files).err().unwrap_or_default();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_sample_has_no_fault() {
        let sample = include_str!("../../../../../samples/permission-sets.toml");
        let sets = read(sample, &files).map_err(|faults| format!("{faults:#?}")).unwrap();
        assert!(sets.len() >= 2, "{sets:?}");
    }

    #[test]
    fn every_part_is_read_in_each_of_its_forms() {
        let text = r#"
            [[permission_set]]
            name = "Developer"
            description = "Builds things"
            session = "PT4H"
            relay_state = "https://console.aws.amazon.com/ec2"
            managed_policies = ["PowerUserAccess", "arn:aws-cn:iam::aws:policy/job-function/Billing"]
            customer_managed_policies = ["Own", { name = "Team", path = "/vend/" }]
            boundary = { customer = { name = "Edge" } }
            [permission_set.inline_policy]
            Version = "2012-10-17"
            [[permission_set.inline_policy.Statement]]
            Effect = "Deny"
            Action = "*"
            Resource = "*"
            Condition = { Bool = { "aws:SecureTransport" = false }, NumericLessThan = { "x" = 1 } }

            [[permission_set]]
            name = "Other"
            inline_policy = { file = "good.json" }
            boundary = { managed = "PowerUserAccess" }

            [[permission_set]]
            name = "Third"
            inline_policy = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
        "#;
        let sets = read(text, &files).unwrap();
        let [developer, other, third] = sets.as_slice() else { panic!("{sets:?}") };
        assert_eq!(developer.session.to_string(), "4h");
        assert!(
            developer
                .managed_policies
                .contains(&ManagedPolicy::new("job-function/Billing").unwrap())
        );
        let references: Vec<_> =
            developer.customer_managed_policies.iter().map(ToString::to_string).collect();
        assert_eq!(references, ["/Own", "/vend/Team"]);
        assert!(
            matches!(&developer.boundary, Some(Boundary::Customer(it)) if it.to_string() == "/Edge")
        );
        let policy = developer.inline_policy.as_ref().unwrap().text();
        assert!(policy.contains(r#""aws:SecureTransport":false"#), "{policy}");
        assert_eq!(
            (&other.inline_policy, other.session.to_string()),
            (&third.inline_policy, "1h".into())
        );
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_line() {
        let text = r#"colour = 1
[[permission_set]]
name = "no name"
sesion = "4h"
session = 4
description = ""
relay_state = "<>"
managed_policies = ["arn:aws:iam::111122223333:policy/Mine", "A", "A", 1]
customer_managed_policies = [{ name = "Team", pth = "/" }, { path = "/" }, "x y"]
inline_policy = { file = "bad.json" }
boundary = { managed = "A", customer = { name = "B" } }

[[permission_set]]
session = "13h"
inline_policy = { file = "none.json" }

[[permission_set]]
name = "Team"
inline_policy = "{"
boundary = {}

[[permission_set]]
name = "Team"
managed_policies = "A"
"#;
        insta::assert_snapshot!(told(text).join("\n"));
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        let told = told("[[permission_set]]\nname = \n");
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("line 2: "), "{told:?}");
    }

    #[test]
    fn a_file_that_declares_nothing_is_refused() {
        assert_eq!(told("").len(), 1);
        assert_eq!(told("permission_set = 1\n").len(), 1);
        assert_eq!(told("permission_set = [1]\n").len(), 1);
    }

    #[test]
    fn more_policies_than_iam_ever_allows_are_too_many() {
        let policies: Vec<String> = (0..21).map(|n| format!("\"P{n}\"")).collect();
        let text = format!(
            "[[permission_set]]\nname = \"T\"\nmanaged_policies = [{}]\n",
            policies.join(",")
        );
        let told = told(&text);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("21"), "{told:?}");
    }

    #[test]
    fn a_set_has_as_many_policies_as_any_quota_allows_and_no_more() {
        let told = |managed: usize, customer: usize| {
            let names = |many: usize, start: &str| {
                (0..many).map(|it| format!("\"{start}{it}\"")).collect::<Vec<_>>().join(",")
            };
            told(&format!(
                "[[permission_set]]\nname = \"A\"\nmanaged_policies = [{}]\ncustomer_managed_policies = [{}]\n",
                names(managed, "m"),
                names(customer, "c"),
            ))
        };
        assert_eq!(told(12, 8), Vec::<String>::new());
        let fault = told(12, 9);
        assert!(fault.len() == 1 && fault[0].contains("has 21 managed policies"), "{fault:?}");
    }

    #[test]
    fn a_policy_is_named_under_one_path() {
        let told = |paths: [&str; 2]| {
            let [one, other] = paths;
            told(&format!(
                "[[permission_set]]\nname = \"A\"\ncustomer_managed_policies = \
                 [{{ name = \"P\", path = \"{one}\" }}, {{ name = \"{other}\", path = \"/b/\" }}]\n"
            ))
        };
        assert_eq!(told(["/a/", "Q"]), Vec::<String>::new());
        let fault = told(["/a/", "P"]);
        assert!(fault.len() == 1 && fault[0].contains("has one name under two paths"), "{fault:?}");
    }
}
