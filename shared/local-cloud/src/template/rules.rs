//! Rules on the default event bus, by pattern and by schedule, and whether the
//! functions let them in.

use chrono::TimeDelta;
use serde_json::Value;

use super::TemplateError;
use super::properties::Properties;
use super::wiring::Wired;
use crate::delivery::{Pattern, Rule, Schedule, Target};

/// What `AWS::Events::Rule`s make.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    pub(super) schedules: Vec<Schedule>,
}

impl Wired<'_> {
    /// Every rule.
    pub(super) fn rules(&self) -> Result<Rules, TemplateError> {
        let mut rules = Rules::default();
        for (logical, rule) in self.stack.of_kind("AWS::Events::Rule") {
            self.rule(logical, &rule.properties, &mut rules)?;
        }
        Ok(rules)
    }

    fn rule(
        &self,
        logical: &str,
        properties: &Value,
        rules: &mut Rules,
    ) -> Result<(), TemplateError> {
        let mut given = Properties::of(logical, properties)?;
        given.only("State", "ENABLED")?;
        given.only("EventBusName", "default")?;
        given.pass_over(&["Name", "Description", "Tags"]);
        let name = self.stack.reference(logical)?;
        let arn = self.stack.attribute(logical, "Arn")?;
        let targets = given.list("Targets")?.into_iter().map(|it| self.target(it, &arn));
        let targets: Vec<_> = targets.collect::<Result<_, _>>()?;
        let place = given.place("EventPattern");
        if let Some(pattern) = given.take("EventPattern") {
            let pattern = Pattern::parse(pattern);
            let pattern = pattern.map_err(|source| TemplateError::Pattern { place, source })?;
            rules.rules.push(Rule { name: name.clone(), pattern, targets: targets.clone() });
        }
        let place = given.place("ScheduleExpression");
        if let Some(expression) = given.text("ScheduleExpression")? {
            let every = rate(&expression);
            let every = every.ok_or_else(|| TemplateError::unsupported(place, expression))?;
            rules.schedules.push(Schedule { name, every, targets });
        }
        given.done()
    }

    fn target(&self, mut given: Properties<'_>, rule: &str) -> Result<Target, TemplateError> {
        given.pass_over(&["Id"]);
        let arn = given.required("Arn")?;
        let function = self.function(&arn, &given.place("Arn"))?;
        let mut target = Target { permitted: self.permits(&arn, rule)?, ..Target::new(function) };
        if let Some(mut policy) = given.inner("RetryPolicy")? {
            target.retries = policy.number("MaximumRetryAttempts")?.unwrap_or(target.retries);
            let age = policy.seconds("MaximumEventAgeInSeconds")?;
            target.maximum_age = age.unwrap_or(target.maximum_age);
            policy.done()?;
        }
        if let Some(mut dead_letters) = given.inner("DeadLetterConfig")? {
            let place = dead_letters.place("Arn");
            target.dead_letter = Some(self.queue(&dead_letters.required("Arn")?, &place)?);
            dead_letters.done()?;
        }
        given.done()?;
        Ok(target)
    }

    /// Whether an `AWS::Lambda::Permission` lets the rule invoke the function.
    fn permits(&self, function: &str, rule: &str) -> Result<bool, TemplateError> {
        for (logical, permission) in self.stack.of_kind("AWS::Lambda::Permission") {
            let mut given = Properties::of(logical, &permission.properties)?;
            let whom = given.required("FunctionName")?;
            let same = self.logical(&whom, &given.place("FunctionName"))?
                == self.logical(function, "a rule's target")?;
            let action = given.required("Action")? == "lambda:InvokeFunction";
            let principal = given.required("Principal")? == "events.amazonaws.com";
            let source = given.text("SourceArn")?.is_none_or(|source| source == rule);
            let account = given.text("SourceAccount")?;
            let account = account.is_none_or(|account| account == self.stack.placement.account);
            given.done()?;
            if same && action && principal && source && account {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// `rate(5 minutes)`.
fn rate(expression: &str) -> Option<TimeDelta> {
    let (number, unit) = expression.strip_prefix("rate(")?.strip_suffix(')')?.split_once(' ')?;
    let number = number.parse().ok()?;
    match unit.trim_end_matches('s') {
        "minute" => TimeDelta::try_minutes(number),
        "hour" => TimeDelta::try_hours(number),
        "day" => TimeDelta::try_days(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_nothing_else_is() {
        assert_eq!(rate("rate(1 minute)"), Some(TimeDelta::minutes(1)));
        assert_eq!(rate("rate(2 hours)"), Some(TimeDelta::hours(2)));
        assert_eq!(rate("rate(1 fortnight)"), None);
        assert_eq!(rate("cron(0 12 * * ? *)"), None);
    }
}
