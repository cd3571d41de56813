//! The values that `Ref` and `Fn::Sub` find besides resources: parameters, and
//! CloudFormation's pseudo parameters.

use std::collections::BTreeMap;

use super::{Placement, Template, TemplateError};

/// All values by name.
pub(super) fn values(
    template: &Template,
    placement: &Placement,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut values = pseudo(placement);
    for name in template.parameters() {
        values.insert(name.to_owned(), value(template, name, given)?);
    }
    match given.keys().find(|name| !values.contains_key(*name)) {
        Some(name) => Err(TemplateError::unknown("a value", name)),
        None => Ok(values),
    }
}

fn value(
    template: &Template,
    name: &str,
    given: &BTreeMap<String, String>,
) -> Result<String, TemplateError> {
    let place = || format!("Parameters.{name}");
    let declared = template.section("Parameters").and_then(|all| all.get(name));
    let declared = declared.and_then(|it| it.as_object());
    let declared = declared.ok_or_else(|| TemplateError::shape(place(), "an object"))?;
    let default = declared.get("Default").and_then(scalar);
    let value = given.get(name).cloned().or(default);
    let value = value.ok_or_else(|| TemplateError::Parameter(name.to_owned()))?;
    let allowed = declared.get("AllowedValues").and_then(|it| it.as_array());
    if allowed.is_some_and(|all| !all.iter().filter_map(scalar).any(|it| it == value)) {
        return Err(TemplateError::shape(place(), "one of its AllowedValues"));
    }
    Ok(value)
}

/// A text, or a number or flag as a text.
pub(super) fn scalar(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn pseudo(placement: &Placement) -> BTreeMap<String, String> {
    let Placement { stack, partition, region, account } = placement;
    let id = format!("arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/1");
    let suffix = if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let values = [
        ("AWS::StackName", stack.as_str()),
        ("AWS::StackId", &id),
        ("AWS::Partition", partition),
        ("AWS::Region", region),
        ("AWS::AccountId", account),
        ("AWS::URLSuffix", suffix),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
