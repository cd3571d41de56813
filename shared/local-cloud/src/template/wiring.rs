//! Who gets which events, as the resources of a stack say.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::properties::Properties;
use super::{Stack, TemplateError};
use crate::delivery::{Function, Wiring};

/// Types of resources that can invoke a function in ways that are not modelled.
const NOT_MODELLED: [&str; 5] = [
    "AWS::Lambda::Url",
    "AWS::Pipes::Pipe",
    "AWS::S3::AccessPoint",
    "AWS::Scheduler::Schedule",
    "AWS::StepFunctions::StateMachine",
];

impl Stack {
    /// The wiring of `functions`, given by the logical ids that they have in the
    /// template.
    ///
    /// # Errors
    /// [`TemplateError`]: also when a property of a mapping, rule, permission or
    /// notification is not modelled, which is then named.
    pub fn wiring(
        &self,
        functions: &BTreeMap<String, Arc<dyn Function>>,
    ) -> Result<Wiring, TemplateError> {
        let wired = Wired { stack: self, functions };
        wired.refuse_what_is_not_modelled()?;
        let rules = wired.rules()?;
        Ok(Wiring {
            functions: functions.values().cloned().collect(),
            buckets: wired.buckets()?,
            expirations: wired.expirations()?,
            streams: wired.streams()?,
            rules: rules.rules,
            schedules: rules.schedules,
            asynchronous: wired.asynchronous()?,
        })
    }
}

/// A stack, and the functions of it.
pub(super) struct Wired<'a> {
    pub(super) stack: &'a Stack,
    functions: &'a BTreeMap<String, Arc<dyn Function>>,
}

impl Wired<'_> {
    /// The name of the function that an ARN or a name in the template stands for.
    pub(super) fn function(&self, reference: &str, place: &str) -> Result<String, TemplateError> {
        let logical = self.logical(reference, place)?;
        let function = self.functions.get(logical);
        let function = function.ok_or_else(|| TemplateError::unknown(place, logical))?;
        Ok(function.name().to_owned())
    }

    /// The logical id of that function.
    pub(super) fn logical(&self, reference: &str, place: &str) -> Result<&str, TemplateError> {
        self.named("AWS::Lambda::Function", reference, place)
    }

    /// The name of the queue that an ARN in the template stands for.
    pub(super) fn queue(&self, arn: &str, place: &str) -> Result<String, TemplateError> {
        let logical = self.named("AWS::SQS::Queue", arn, place)?;
        self.stack.attribute(logical, "QueueName")
    }

    fn named(&self, kind: &str, reference: &str, place: &str) -> Result<&str, TemplateError> {
        for (logical, resource) in self.stack.resources() {
            let named = resource.kind == kind
                && (self.stack.attribute(logical, "Arn")? == reference
                    || self.stack.reference(logical)? == reference);
            if named {
                return Ok(logical);
            }
        }
        Err(TemplateError::unknown(place, reference))
    }

    /// The buckets that tell the event bus.
    fn buckets(&self) -> Result<Vec<String>, TemplateError> {
        let mut telling = Vec::new();
        for (logical, bucket) in self.stack.of_kind("AWS::S3::Bucket") {
            if tells_event_bus(logical, &bucket.properties)? {
                telling.push(self.stack.reference(logical)?);
            }
        }
        Ok(telling)
    }

    fn refuse_what_is_not_modelled(&self) -> Result<(), TemplateError> {
        for (logical, resource) in self.stack.resources() {
            let to_function = resource.kind == "AWS::SNS::Subscription"
                && resource.properties["Protocol"] == "lambda";
            if to_function || NOT_MODELLED.contains(&resource.kind.as_str()) {
                return Err(TemplateError::unsupported(logical, &resource.kind));
            }
            // Another place for what a function failed on than the one of EventInvokeConfig.
            if resource.properties.get("DeadLetterConfig").is_some() {
                return Err(TemplateError::unsupported(logical, "DeadLetterConfig"));
            }
        }
        Ok(())
    }
}

fn tells_event_bus(logical: &str, properties: &Value) -> Result<bool, TemplateError> {
    let mut given = Properties::of(logical, properties)?;
    let Some(mut notifications) = given.inner("NotificationConfiguration")? else {
        return Ok(false);
    };
    let mut tells = false;
    if let Some(mut bus) = notifications.inner("EventBridgeConfiguration")? {
        tells = bus.flag("EventBridgeEnabled")?.unwrap_or_default();
        bus.done()?;
    }
    notifications.done()?;
    Ok(tells)
}
