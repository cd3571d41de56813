//! The conditions of a template.

use serde_json::Value;

use super::TemplateError;
use super::resolve::Resolver;

/// Whether the condition `name` holds.
pub(super) fn holds(
    resolver: &Resolver<'_>,
    name: &str,
    place: &str,
) -> Result<bool, TemplateError> {
    let all = resolver.template.section("Conditions");
    let condition = all.and_then(|all| all.get(name));
    let condition = condition.ok_or_else(|| TemplateError::unknown(place, name))?;
    evaluate(resolver, condition, &format!("Conditions.{name}"))
}

fn evaluate(resolver: &Resolver<'_>, value: &Value, place: &str) -> Result<bool, TemplateError> {
    let member = value.as_object().and_then(|it| it.iter().next());
    let (function, operand) = member.ok_or_else(|| TemplateError::shape(place, "a condition"))?;
    let operands = || operand.as_array().map(Vec::as_slice).unwrap_or_default();
    match (function.as_str(), operands()) {
        ("Fn::Equals", [left, right]) => {
            let side = |value| resolver.text(value, place);
            Ok(side(left)? == side(right)?)
        }
        ("Fn::Not", [condition]) => Ok(!evaluate(resolver, condition, place)?),
        (function, _) => Err(TemplateError::unsupported(place, function)),
    }
}
