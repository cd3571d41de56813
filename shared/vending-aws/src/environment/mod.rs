//! The environment of a function, read once; everything that is missing or wrong
//! in it is reported together.

mod shared;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

pub use shared::{
    ACCOUNTS_TABLE, ASSIGNMENTS, CONTROL_TABLE, IDENTITY_CENTER_ARN, IDENTITY_STORE_ID,
    MANAGEMENT_ACCOUNT_ID, PORTFOLIOS,
};

/// What is missing or wrong in the environment: every variable at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to read the environment: {}", .0.join("; "))]
pub struct MissingVariables(
    /// One clause for each variable.
    pub Vec<String>,
);

/// The variables of the process, as they were when it was read.
///
/// A blank variable counts as one that is not there: a template's optional
/// parameter arrives as an empty text.
#[derive(Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Environment {
    /// Reads the environment of the process. Variables that are not UTF-8 are left out.
    #[must_use]
    pub fn read() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::of(std::env::vars_os().filter_map(text))
    }

    /// An environment of these variables.
    #[must_use]
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let blank = |(_, value): &(String, String)| value.trim().is_empty();
        Self {
            variables: variables.into_iter().filter(|it| !blank(it)).collect(),
            problems: Vec::new(),
        }
    }

    /// Builds a configuration. `build` asks for every variable it wants; what it made
    /// is thrown away when one of them was missing or wrong.
    ///
    /// # Errors
    /// [`MissingVariables`], with all of them.
    pub fn build<C>(mut self, build: impl FnOnce(&mut Self) -> C) -> Result<C, MissingVariables> {
        let built = build(&mut self);
        if self.problems.is_empty() { Ok(built) } else { Err(MissingVariables(self.problems)) }
    }

    /// A variable that must be there.
    pub fn text(&mut self, name: &str) -> String {
        let value = self.optional(name);
        value.unwrap_or_else(|| self.missing(name))
    }

    /// A variable that need not be there.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(|value| value.trim().to_owned())
    }

    /// A variable that must be there and is read by `read`; `None` is thrown away with the rest.
    pub fn required<T, E: Display>(
        &mut self,
        name: &str,
        read: impl FnOnce(String) -> Result<T, E>,
    ) -> Option<T> {
        let Some(value) = self.optional(name) else {
            self.missing(name);
            return None;
        };
        self.understood(name, read(value))
    }

    /// A variable that is read as a `T`, or `default` when it is not there.
    pub fn parsed<T: FromStr<Err: Display>>(&mut self, name: &str, default: T) -> T {
        let Some(value) = self.optional(name) else { return default };
        self.understood(name, value.parse()).unwrap_or(default)
    }

    /// A number within `range`, or `default` when it is not there.
    pub fn within<T>(&mut self, name: &str, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr<Err: Display> + PartialOrd + Display + Copy,
    {
        let value = self.parsed(name, default);
        if range.contains(&value) {
            return value;
        }
        self.wrong(
            name,
            format_args!("is wrong: {value} is not within {} and {}", range.start(), range.end()),
        );
        default
    }

    /// The items of a variable, separated by semicolons; none when it is not there.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        let value = self.optional(name).unwrap_or_default();
        value.split(';').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// Reports that `name` is wrong: a clause that follows its name.
    pub fn wrong(&mut self, name: &str, problem: impl Display) {
        self.problems.push(format!("{name} {problem}"));
    }

    fn missing(&mut self, name: &str) -> String {
        self.wrong(name, "is missing");
        String::new()
    }

    fn understood<T, E: Display>(&mut self, name: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.wrong(name, format_args!("is wrong: {error}"))).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::of(variables.iter().map(|(name, value)| ((*name).into(), (*value).into())))
    }

    #[test]
    fn everything_missing_or_wrong_is_told_at_once() {
        let environment = environment(&[("SLOTS", "many"), ("TABLE", " ")]);
        let built = environment
            .build(|env| (env.text("TABLE"), env.text("TOPIC"), env.parsed("SLOTS", 1_usize)));
        assert_eq!(
            built.unwrap_err().to_string(),
            "failed to read the environment: TABLE is missing; TOPIC is missing; \
             SLOTS is wrong: invalid digit found in string"
        );
    }

    #[test]
    fn a_number_beyond_its_range_is_told_with_the_range() {
        let built =
            environment(&[("SLOTS", "11")]).build(|env| env.within("SLOTS", 1_usize, 1..=10));
        assert!(
            built.unwrap_err().to_string().ends_with("SLOTS is wrong: 11 is not within 1 and 10")
        );
    }

    #[test]
    fn what_is_there_is_read_and_the_rest_has_its_default() {
        let environment =
            environment(&[("SLOTS", " 3 "), ("SETS", "a, b; c;;"), ("OUTSIDE", "false")]);
        let built = environment.build(|env| {
            (
                env.parsed("SLOTS", 1_u32),
                env.parsed("OTHER", 7_u32),
                env.list("SETS"),
                env.parsed("OUTSIDE", true),
            )
        });
        assert_eq!(built, Ok((3, 7, vec!["a, b".to_owned(), "c".to_owned()], false)));
    }
}
