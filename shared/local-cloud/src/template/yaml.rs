//! YAML as CloudFormation reads it: the short forms of intrinsic functions are tags.

use saphyr::{LoadableYamlNode, Mapping, Scalar, Yaml};
use serde_json::{Map, Number, Value, json};

use super::TemplateError;

/// Reads a document into JSON, with the long forms: `!Ref X` is `{"Ref": "X"}`.
pub(super) fn read(text: &str) -> Result<Value, TemplateError> {
    match &Yaml::load_from_str(text)?[..] {
        [document] => long_form(document, "the template"),
        _ => Err(TemplateError::shape("the template", "one document")),
    }
}

fn long_form(yaml: &Yaml<'_>, place: &str) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Value(scalar) => plain(scalar, place)?,
        Yaml::Sequence(items) => Value::Array(list(items, place)?),
        Yaml::Mapping(members) => Value::Object(object(members, place)?),
        Yaml::Tagged(tag, value) => function(&tag.suffix, long_form(value, place)?),
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => {
            return Err(TemplateError::shape(place, "a value that YAML has"));
        }
    })
}

fn plain(scalar: &Scalar<'_>, place: &str) -> Result<Value, TemplateError> {
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => Value::Bool(*flag),
        Scalar::Integer(number) => Value::Number((*number).into()),
        Scalar::FloatingPoint(number) => {
            let number = Number::from_f64(number.into_inner());
            Value::Number(number.ok_or_else(|| TemplateError::shape(place, "a finite number"))?)
        }
        Scalar::String(text) => Value::String(text.to_string()),
    })
}

fn list(items: &[Yaml<'_>], place: &str) -> Result<Vec<Value>, TemplateError> {
    let items = items.iter().enumerate();
    items.map(|(index, item)| long_form(item, &format!("{place}.{index}"))).collect()
}

fn object(members: &Mapping<'_>, place: &str) -> Result<Map<String, Value>, TemplateError> {
    let member = |(key, value): (&Yaml<'_>, &Yaml<'_>)| {
        let name = key.as_str();
        let name =
            name.ok_or_else(|| TemplateError::shape(format!("a key of {place}"), "a text"))?;
        Ok((name.to_owned(), long_form(value, &format!("{place}.{name}"))?))
    };
    members.iter().map(member).collect()
}

/// `!GetAtt A.B.C` is the attribute `B.C` of `A`.
fn function(name: &str, value: Value) -> Value {
    match name {
        "Ref" | "Condition" => json!({ name: value }),
        "GetAtt" => json!({ "Fn::GetAtt": attribute(value) }),
        name => json!({ format!("Fn::{name}"): value }),
    }
}

fn attribute(value: Value) -> Value {
    match value.as_str().and_then(|text| text.split_once('.')) {
        Some((resource, attribute)) => json!([resource, attribute]),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_become_long_ones_wherever_they_stand() {
        assert_eq!(
            read(
                "a: !Join [';', !Split [',', !Ref P]]\nb: !GetAtt A.B.C\nc: !If [X, !Sub 'a', 1.5]"
            )
            .unwrap(),
            json!({
                "a": { "Fn::Join": [";", { "Fn::Split": [",", { "Ref": "P" }] }] },
                "b": { "Fn::GetAtt": ["A", "B.C"] },
                "c": { "Fn::If": ["X", { "Fn::Sub": "a" }, 1.5] },
            })
        );
    }

    #[test]
    fn dates_and_flags_in_quotes_stay_texts() {
        assert_eq!(
            read("Version: 2012-10-17\na: 'false'\nb: false").unwrap(),
            json!({ "Version": "2012-10-17", "a": "false", "b": false })
        );
    }

    #[test]
    fn a_key_that_is_no_text_is_refused_with_its_place() {
        let error = read("a: { 1: x }").unwrap_err();
        assert_eq!(error.to_string(), "read the template: a key of the template.a must be a text");
        assert!(matches!(read("a: 1\na: 2"), Err(TemplateError::Yaml(_))), "a key that is twice");
    }
}
