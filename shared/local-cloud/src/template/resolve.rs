//! Intrinsic functions, resolved for one stack.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parameters::scalar;
use super::{Placement, Template, TemplateError, conditions, names};

/// What resolving needs.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub(super) template: &'a Template,
    pub(super) placement: &'a Placement,
    /// Parameters and pseudo parameters.
    pub(super) values: &'a BTreeMap<String, String>,
}

impl Resolver<'_> {
    /// The value with all functions resolved; `None` for `AWS::NoValue`.
    pub(super) fn value(&self, value: &Value, place: &str) -> Result<Option<Value>, TemplateError> {
        match value {
            Value::Object(members) => match function(members) {
                Some((name, operand)) => self.call(name, operand, place),
                None => self.members(members, place).map(Value::Object).map(Some),
            },
            Value::Array(items) => self.items(items, place).map(Value::Array).map(Some),
            plain => Ok(Some(plain.clone())),
        }
    }

    /// The value as a text.
    pub(super) fn text(&self, value: &Value, place: &str) -> Result<String, TemplateError> {
        let value = self.value(value, place)?;
        let text = value.as_ref().and_then(scalar);
        text.ok_or_else(|| TemplateError::shape(place, "a text"))
    }

    fn members(
        &self,
        members: &Map<String, Value>,
        place: &str,
    ) -> Result<Map<String, Value>, TemplateError> {
        let mut resolved = Map::new();
        for (name, value) in members {
            if let Some(value) = self.value(value, &format!("{place}.{name}"))? {
                resolved.insert(name.clone(), value);
            }
        }
        Ok(resolved)
    }

    fn items(&self, items: &[Value], place: &str) -> Result<Vec<Value>, TemplateError> {
        let mut resolved = Vec::new();
        for (index, item) in items.iter().enumerate() {
            resolved.extend(self.value(item, &format!("{place}.{index}"))?);
        }
        Ok(resolved)
    }

    fn call(
        &self,
        name: &str,
        operand: &Value,
        place: &str,
    ) -> Result<Option<Value>, TemplateError> {
        let operands = operand.as_array().map(Vec::as_slice).unwrap_or_default();
        match (name, operand, operands) {
            ("Ref", Value::String(name), _) if name == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(name), _) => self.reference(name, place).map(text),
            ("Fn::GetAtt", _, [Value::String(resource), Value::String(attribute)]) => {
                names::attribute(self, resource, attribute, place).map(text)
            }
            ("Fn::Sub", Value::String(pattern), _) => {
                self.substitute(pattern, &Map::new(), place).map(text)
            }
            ("Fn::Sub", _, [Value::String(pattern), Value::Object(more)]) => {
                self.substitute(pattern, more, place).map(text)
            }
            ("Fn::If", _, [Value::String(condition), yes, no]) => {
                let holds = conditions::holds(self, condition, place)?;
                self.value(if holds { yes } else { no }, place)
            }
            ("Fn::Join", _, [Value::String(separator), parts]) => {
                self.join(separator, parts, place).map(text)
            }
            ("Fn::FindInMap", _, [Value::String(map), top, second]) => {
                self.in_map(map, top, second, place).map(Some)
            }
            ("Fn::Split", _, [Value::String(separator), whole]) => {
                let whole = self.text(whole, place)?;
                let parts = whole.split(separator.as_str()).map(Value::from);
                Ok(Some(parts.collect()))
            }
            _ => Err(TemplateError::unsupported(place, format!("{name} with {operand}"))),
        }
    }

    fn reference(&self, name: &str, place: &str) -> Result<String, TemplateError> {
        match self.values.get(name) {
            Some(value) => Ok(value.clone()),
            None => names::reference(self, name, place),
        }
    }

    fn in_map(
        &self,
        map: &str,
        top: &Value,
        second: &Value,
        place: &str,
    ) -> Result<Value, TemplateError> {
        let (top, second) = (self.text(top, place)?, self.text(second, place)?);
        let maps = self.template.section("Mappings");
        let found = maps.and_then(|all| all.get(map)?.get(&top)?.get(&second));
        found.cloned().ok_or_else(|| TemplateError::unknown(place, format!("{map}.{top}.{second}")))
    }

    fn join(&self, separator: &str, parts: &Value, place: &str) -> Result<String, TemplateError> {
        let parts = self.value(parts, place)?;
        let parts = parts.as_ref().and_then(Value::as_array);
        let parts = parts.and_then(|parts| parts.iter().map(scalar).collect::<Option<Vec<_>>>());
        let parts = parts.ok_or_else(|| TemplateError::shape(place, "a list of texts"))?;
        Ok(parts.join(separator))
    }

    /// `${Name}`, `${Resource.Attribute}`, and `${!Literal}`.
    fn substitute(
        &self,
        pattern: &str,
        more: &Map<String, Value>,
        place: &str,
    ) -> Result<String, TemplateError> {
        let mut parts = pattern.split("${");
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) =
                part.split_once('}').ok_or_else(|| TemplateError::shape(place, "closed by }"))?;
            result += &self.named(name, more, place)?;
            result += rest;
        }
        Ok(result)
    }

    fn named(
        &self,
        name: &str,
        more: &Map<String, Value>,
        place: &str,
    ) -> Result<String, TemplateError> {
        if let Some(literal) = name.strip_prefix('!') {
            return Ok(format!("${{{literal}}}"));
        }
        match (more.get(name), name.split_once('.')) {
            (Some(value), _) => self.text(value, place),
            (None, Some((resource, attribute))) => {
                names::attribute(self, resource, attribute, place)
            }
            (None, None) => self.reference(name, place),
        }
    }
}

fn text(text: String) -> Option<Value> {
    Some(Value::String(text))
}

/// The one member of a call.
fn function(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, operand) = members.iter().next()?;
    let called = members.len() == 1 && (name == "Ref" || name.starts_with("Fn::"));
    called.then_some((name.as_str(), operand))
}
