//! The properties of a resource, each taken once; what is left in the end is what
//! nobody here understands.

use chrono::TimeDelta;
use serde_json::{Map, Value};

use super::TemplateError;
use super::parameters::scalar;

/// Properties on their way to be read.
pub(super) struct Properties<'a> {
    place: String,
    left: Map<String, Value>,
    whole: &'a Value,
}

impl<'a> Properties<'a> {
    /// The members of `value`, which stands at `place`.
    pub(super) fn of(place: impl Into<String>, value: &'a Value) -> Result<Self, TemplateError> {
        let place = place.into();
        match value.as_object() {
            Some(members) => Ok(Self { place, left: members.clone(), whole: value }),
            None => Err(TemplateError::shape(place, "an object")),
        }
    }

    /// Where a property stands.
    pub(super) fn place(&self, name: &str) -> String {
        format!("{}.{name}", self.place)
    }

    /// A property as it is.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a Value> {
        self.left.remove(name);
        self.whole.get(name)
    }

    /// Properties that have nothing to do with what is delivered to whom.
    pub(super) fn pass_over(&mut self, names: &[&str]) {
        for name in names {
            self.left.remove(*name);
        }
    }

    /// A text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, TemplateError> {
        self.read(name, "a text", scalar)
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, name: &str) -> Result<String, TemplateError> {
        let text = self.text(name)?;
        text.ok_or_else(|| TemplateError::shape(self.place(name), "given"))
    }

    /// A whole number that is not negative.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u32>, TemplateError> {
        self.read(name, "a whole number, not negative", |it| scalar(it)?.parse().ok())
    }

    /// Seconds.
    pub(super) fn seconds(&mut self, name: &str) -> Result<Option<TimeDelta>, TemplateError> {
        Ok(self.number(name)?.map(|seconds| TimeDelta::seconds(seconds.into())))
    }

    /// A flag.
    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, TemplateError> {
        self.read(name, "true or false", |it| scalar(it)?.parse().ok())
    }

    /// A property with properties of its own.
    pub(super) fn inner(&mut self, name: &str) -> Result<Option<Self>, TemplateError> {
        let place = self.place(name);
        self.take(name).map(|value| Properties::of(place, value)).transpose()
    }

    /// A list of things that have properties.
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Self>, TemplateError> {
        let place = self.place(name);
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or_else(|| TemplateError::shape(&place, "a list"))?;
        let items = items.iter().enumerate();
        items.map(|(index, item)| Properties::of(format!("{place}.{index}"), item)).collect()
    }

    /// Refuses every value of a property but `only`, which may be its default.
    pub(super) fn only(&mut self, name: &str, only: &str) -> Result<(), TemplateError> {
        match self.text(name)? {
            Some(other) if other != only => {
                Err(TemplateError::unsupported(self.place(name), other))
            }
            _ => Ok(()),
        }
    }

    /// Refuses what is left.
    pub(super) fn done(self) -> Result<(), TemplateError> {
        match self.left.keys().next() {
            Some(name) => Err(TemplateError::unsupported(self.place.clone(), name)),
            None => Ok(()),
        }
    }

    fn read<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, TemplateError> {
        let place = self.place(name);
        let Some(value) = self.take(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| TemplateError::shape(place, expected))
    }
}
