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
        Ok(Self { template: template.clone(), placement, values, resources })
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
