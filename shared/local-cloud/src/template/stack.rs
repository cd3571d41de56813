//! A stack: the resources of a template with everything resolved.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::resolve::Resolver;
use super::{Placement, Template, TemplateError, conditions, names, parameters};

/// One resource of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Its type, such as `AWS::S3::Bucket`.
    pub kind: String,
    /// Its properties, resolved.
    pub properties: Value,
    /// What becomes of it when the stack goes: `Retain`, or nothing said.
    pub deletion_policy: Option<String>,
    /// What becomes of it when an update replaces it.
    pub update_replace_policy: Option<String>,
}

/// The resources that one making of a template has.
#[derive(Debug, Clone)]
pub struct Stack {
    template: Template,
    pub(super) placement: Placement,
    values: BTreeMap<String, String>,
    resources: BTreeMap<String, Resource>,
    /// Names that CloudFormation is said to have chosen, by logical id.
    chosen: BTreeMap<String, String>,
}

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its key.
    pub key: String,
    /// Its value, resolved.
    pub value: String,
    /// For people.
    pub description: Option<String>,
}

impl Stack {
    pub(super) fn make(
        template: &Template,
        placement: Placement,
        given: &BTreeMap<String, String>,
    ) -> Result<Self, TemplateError> {
        let values = parameters::values(template, &placement, given)?;
        let resolver = Resolver { template, placement: &placement, values: &values };
        let mut resources = BTreeMap::new();
        for (logical, declared) in template.section("Resources").into_iter().flatten() {
            if let Some(resource) = resource(&resolver, logical, declared)? {
                resources.insert(logical.clone(), resource);
            }
        }
        let chosen = BTreeMap::new();
        Ok(Self { template: template.clone(), placement, values, resources, chosen })
    }

    /// Every resource by its logical id.
    #[must_use]
    pub fn resources(&self) -> &BTreeMap<String, Resource> {
        &self.resources
    }

    /// The resources of one type, by their logical ids.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Resource)> {
        let all = self.resources.iter().map(|(logical, it)| (logical.as_str(), it));
        all.filter(move |(_, resource)| resource.kind == kind)
    }

    /// What `Ref` gives for a resource.
    ///
    /// # Errors
    /// [`TemplateError::Unknown`], when there is none of that logical id.
    pub fn reference(&self, logical: &str) -> Result<String, TemplateError> {
        names::reference(&self.resolver(), logical, "a reference")
    }

    /// What `Fn::GetAtt` gives for an attribute of a resource.
    ///
    /// # Errors
    /// [`TemplateError`], when there is no such resource or attribute.
    pub fn attribute(&self, logical: &str, attribute: &str) -> Result<String, TemplateError> {
        names::attribute(&self.resolver(), logical, attribute, "a reference")
    }

    /// Has CloudFormation call a resource `name` that the template gives none.
    pub fn choose_name(&mut self, logical: &str, name: &str) {
        self.chosen.insert(logical.to_owned(), name.to_owned());
    }

    /// What CloudFormation tells as the physical id of a resource: what `Ref` gives.
    ///
    /// # Errors
    /// [`TemplateError::Unknown`], when there is none of that logical id.
    pub fn physical_id(&self, logical: &str) -> Result<String, TemplateError> {
        self.chosen.get(logical).map_or_else(|| self.reference(logical), |name| Ok(name.clone()))
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.placement.stack
    }

    /// The stack's id, an ARN.
    #[must_use]
    pub fn id(&self) -> &str {
        self.values.get("AWS::StackId").map_or("", String::as_str)
    }

    /// What the template says of itself.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.template.sections.get("Description").and_then(Value::as_str)
    }

    /// The parameters with the values that the stack was made with.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.template.parameters();
        names.filter_map(|name| Some((name, self.values.get(name)?.as_str())))
    }

    /// The outputs, resolved.
    ///
    /// # Errors
    /// [`TemplateError`], when one cannot be resolved.
    pub fn outputs(&self) -> Result<Vec<Output>, TemplateError> {
        let declared = self.template.section("Outputs").into_iter().flatten();
        declared.map(|(key, declared)| self.output(key, declared)).collect()
    }

    fn output(&self, key: &str, declared: &Value) -> Result<Output, TemplateError> {
        let place = format!("Outputs.{key}");
        let value = declared.get("Value");
        let value = value.ok_or_else(|| TemplateError::shape(&*place, "of a Value"))?;
        let value = self.resolver().text(value, &place)?;
        let description = declared.get("Description").and_then(Value::as_str).map(str::to_owned);
        Ok(Output { key: key.to_owned(), value, description })
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver { template: &self.template, placement: &self.placement, values: &self.values }
    }
}

fn resource(
    resolver: &Resolver<'_>,
    logical: &str,
    declared: &Value,
) -> Result<Option<Resource>, TemplateError> {
    let text = |name: &str| declared.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("Type").ok_or_else(|| TemplateError::shape(logical, "of a Type"))?;
    if let Some(condition) = text("Condition")
        && !conditions::holds(resolver, &condition, logical)?
    {
        return Ok(None);
    }
    let properties = match declared.get("Properties") {
        Some(properties) => resolver.value(properties, logical)?.unwrap_or_default(),
        None => Value::Object(Map::new()),
    };
    Ok(Some(Resource {
        kind,
        properties,
        deletion_policy: text("DeletionPolicy"),
        update_replace_policy: text("UpdateReplacePolicy"),
    }))
}
