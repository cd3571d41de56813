//! A CloudFormation template as one stack of it is made: parameters and intrinsic
//! functions resolved, and from the resources who gets which events.
//!
//! What has to do with the delivery of events and is not known here is an error that
//! names it, so that no stack is thought to behave in a way that it does not.

mod conditions;
mod lifecycle;
mod names;
mod parameters;
mod properties;
mod resolve;
mod rules;
mod stack;
mod streams;
mod wiring;
mod yaml;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::delivery::{FilterError, PatternError};

pub use stack::{Output, Resource, Stack};

/// Why a template cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// It is not YAML.
    #[error("read the template")]
    Yaml(#[from] saphyr::ScanError),
    /// Something is not of the form that it must have.
    #[error("read the template: {place} must be {expected}")]
    Shape {
        /// Where, with dots.
        place: String,
        /// What it must be.
        expected: &'static str,
    },
    /// Something that CloudFormation may know and that is not modelled here.
    #[error("read the template: {place} has {what}, which is not supported here")]
    Unsupported {
        /// Where, with dots.
        place: String,
        /// What is there.
        what: String,
    },
    /// A name of something that is not in the template.
    #[error("read the template: {place} names {name}, which is not there")]
    Unknown {
        /// Where, with dots.
        place: String,
        /// The name.
        name: String,
    },
    /// A parameter has neither a value nor a default.
    #[error("make the stack: the parameter {0} has no value")]
    Parameter(String),
    /// An event pattern cannot be used.
    #[error("read the template: {place}")]
    Pattern {
        /// Where, with dots.
        place: String,
        /// What is wrong with it.
        source: PatternError,
    },
    /// Filter criteria cannot be used.
    #[error("read the template: {place}")]
    Filter {
        /// Where, with dots.
        place: String,
        /// What is wrong with them.
        source: FilterError,
    },
}

/// Where a stack is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The stack's name.
    pub stack: String,
    /// The partition: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// The Region.
    pub region: String,
    /// The account id.
    pub account: String,
}

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    sections: Map<String, Value>,
}

impl Template {
    /// Reads a template in YAML; short forms (`!Ref`) become long ones.
    ///
    /// # Errors
    /// [`TemplateError::Yaml`] and [`TemplateError::Shape`].
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        match yaml::read(text)? {
            Value::Object(sections) => Ok(Self { sections }),
            _ => Err(TemplateError::shape("the template", "an object")),
        }
    }

    /// The names of the parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        let declared = self.section("Parameters");
        declared.into_iter().flat_map(|all| all.keys().map(String::as_str))
    }

    /// The stack that is made with these values for parameters; the others have their
    /// defaults.
    ///
    /// # Errors
    /// [`TemplateError`], when a parameter has no value, one is given that is not
    /// declared, or an intrinsic function cannot be resolved.
    pub fn stack(
        &self,
        placement: Placement,
        parameters: &BTreeMap<String, String>,
    ) -> Result<Stack, TemplateError> {
        Stack::make(self, placement, parameters)
    }

    fn section(&self, name: &str) -> Option<&Map<String, Value>> {
        self.sections.get(name).and_then(Value::as_object)
    }
}

impl TemplateError {
    fn shape(place: impl Into<String>, expected: &'static str) -> Self {
        Self::Shape { place: place.into(), expected }
    }

    fn unsupported(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Unsupported { place: place.into(), what: what.into() }
    }

    fn unknown(place: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Unknown { place: place.into(), name: name.into() }
    }
}
