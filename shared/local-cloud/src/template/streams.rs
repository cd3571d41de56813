//! Event source mappings and the settings of asynchronous invocation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TemplateError;
use super::names::table_of;
use super::properties::Properties;
use super::wiring::Wired;
use crate::delivery::{Asynchronous, Filters, StreamMapping};

impl Wired<'_> {
    /// Every `AWS::Lambda::EventSourceMapping`.
    pub(super) fn streams(&self) -> Result<Vec<StreamMapping>, TemplateError> {
        let mappings = self.stack.of_kind("AWS::Lambda::EventSourceMapping");
        mappings.map(|(logical, it)| self.stream(logical, &it.properties)).collect()
    }

    fn stream(&self, logical: &str, properties: &Value) -> Result<StreamMapping, TemplateError> {
        let mut given = Properties::of(logical, properties)?;
        given.only("Enabled", "true")?;
        given.only("ParallelizationFactor", "1")?;
        // From any other position, what is written while the mapping is made is missed.
        let position = given.required("StartingPosition")?;
        if position != "TRIM_HORIZON" {
            return Err(TemplateError::unsupported(given.place("StartingPosition"), position));
        }
        given.pass_over(&["Tags"]);
        let function = given.required("FunctionName")?;
        let function = self.function(&function, &given.place("FunctionName"))?;
        let source = given.required("EventSourceArn")?;
        let table = table_of(&source).ok_or_else(|| {
            TemplateError::unsupported(given.place("EventSourceArn"), source.clone())
        })?;
        let defaults = StreamMapping::new(table, function);
        let mapping = StreamMapping {
            batch_size: given.number("BatchSize")?.map_or(defaults.batch_size, |it| it as usize),
            window: given.seconds("MaximumBatchingWindowInSeconds")?.unwrap_or_default(),
            filters: filters(&mut given)?,
            retries: given.number("MaximumRetryAttempts")?,
            maximum_age: given.seconds("MaximumRecordAgeInSeconds")?,
            bisect: given.flag("BisectBatchOnFunctionError")?.unwrap_or_default(),
            report_item_failures: reports_item_failures(&mut given)?,
            on_failure: self.destination(&mut given)?,
            ..defaults
        };
        given.done()?;
        Ok(mapping)
    }

    /// Every `AWS::Lambda::EventInvokeConfig`, by the function's name.
    pub(super) fn asynchronous(&self) -> Result<BTreeMap<String, Asynchronous>, TemplateError> {
        let configs = self.stack.of_kind("AWS::Lambda::EventInvokeConfig");
        configs.map(|(logical, it)| self.invocation(logical, &it.properties)).collect()
    }

    fn invocation(
        &self,
        logical: &str,
        properties: &Value,
    ) -> Result<(String, Asynchronous), TemplateError> {
        let mut given = Properties::of(logical, properties)?;
        given.only("Qualifier", "$LATEST")?;
        let function = given.required("FunctionName")?;
        let function = self.function(&function, &given.place("FunctionName"))?;
        let defaults = Asynchronous::default();
        let asynchronous = Asynchronous {
            retries: given.number("MaximumRetryAttempts")?.unwrap_or(defaults.retries),
            maximum_age: given.seconds("MaximumEventAgeInSeconds")?.unwrap_or(defaults.maximum_age),
            on_failure: self.destination(&mut given)?,
        };
        given.done()?;
        Ok((function, asynchronous))
    }

    /// `DestinationConfig: { OnFailure: { Destination: … } }`.
    fn destination(&self, given: &mut Properties<'_>) -> Result<Option<String>, TemplateError> {
        let Some(mut config) = given.inner("DestinationConfig")? else { return Ok(None) };
        let Some(mut on_failure) = config.inner("OnFailure")? else {
            config.done()?;
            return Ok(None);
        };
        let place = on_failure.place("Destination");
        let queue = self.queue(&on_failure.required("Destination")?, &place)?;
        on_failure.done()?;
        config.done()?;
        Ok(Some(queue))
    }
}

fn filters(given: &mut Properties<'_>) -> Result<Filters, TemplateError> {
    let place = given.place("FilterCriteria");
    let Some(criteria) = given.take("FilterCriteria") else { return Ok(Filters::default()) };
    Filters::parse(criteria).map_err(|source| TemplateError::Filter { place, source })
}

fn reports_item_failures(given: &mut Properties<'_>) -> Result<bool, TemplateError> {
    let place = given.place("FunctionResponseTypes");
    let types = given.take("FunctionResponseTypes").and_then(Value::as_array);
    match types.map(Vec::as_slice).unwrap_or_default() {
        [] => Ok(false),
        [Value::String(only)] if only == "ReportBatchItemFailures" => Ok(true),
        other => Err(TemplateError::unsupported(place, format!("{other:?}"))),
    }
}
