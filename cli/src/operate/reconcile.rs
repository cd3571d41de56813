//! `vend reconcile`: Service Catalog is asked about everything under way, now.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use vending::ledger::{Entry, Status};
use vending::operate::{Outlook, Reconciled, Reconciling, apply_reconcile, plan_reconcile};
use vending::ports::ProductStatus;
use vending::provision::{Ending, Finding, Provisioning};

use super::NOT_APPLIED;
use super::table::{Said, Tone, table};
use crate::stack::Stack;
use crate::terminal::{self, line};
use crate::{ApplyArguments, Exit};

/// Runs the command.
pub(crate) async fn run(stack: &Stack, it: &ApplyArguments) -> Result<Exit> {
    let (factory, directory) = (stack.factory(), stack.directory());
    let notifier = stack.notifier()?;
    let world = Provisioning {
        ledger: stack.ledger(),
        factory: &factory,
        directory: &directory,
        notifier: &notifier,
        clock: stack.clock(),
        max_in_flight: stack.max_in_flight()?,
        calm: None,
    };
    let plan = plan_reconcile(&world).await.context("see what is under way")?;
    let done = match it.apply {
        true => Some(carry_out(stack, &world, &plan).await?),
        false => None,
    };
    let rows = rows(plan, done);
    if it.json {
        terminal::json(&document(&rows, it.apply))?;
    } else {
        line(text(&rows, it.apply, usize::from(terminal::width())));
    }
    Ok(exit(&rows))
}

/// Does what is planned, but for what is the function's to do; answers row by row.
async fn carry_out(
    stack: &Stack,
    world: &Provisioning<'_>,
    plan: &[Reconciling],
) -> Result<Vec<Reconciled>> {
    let ours: Vec<Reconciling> =
        plan.iter().filter(|row| !is_the_functions(row)).cloned().collect();
    if ours.iter().all(|row| !row.outlook.does_something()) {
        return Ok(vec![Reconciled::Nothing; plan.len()]);
    }
    let by = stack.operator().await?;
    let done = apply_reconcile(world, &ours, by).await;
    let mut done =
        done.context("settle what is under way; what was done until now is done")?.into_iter();
    let each = plan.iter().map(|row| match is_the_functions(row) {
        true => Reconciled::Nothing,
        false => done.next().unwrap_or(Reconciled::Nothing),
    });
    Ok(each.collect())
}

/// Whether it is left to the function `provision`: Account Factory is asked by whom it has a
/// launch path for, and an operator may have none.
fn is_the_functions(row: &Reconciling) -> bool {
    row.outlook == Outlook::Settle(Finding::AskAgain)
}

/// One name: what is planned, and what became of it where that was carried out.
struct Row {
    plan: Reconciling,
    done: Option<Reconciled>,
}

fn rows(plan: Vec<Reconciling>, done: Option<Vec<Reconciled>>) -> Vec<Row> {
    let mut done = done.map(Vec::into_iter);
    let row = |plan| Row { plan, done: done.as_mut().and_then(Iterator::next) };
    plan.into_iter().map(row).collect()
}

impl Row {
    fn does_something(&self) -> bool {
        self.plan.outlook.does_something() && !is_the_functions(&self.plan)
    }

    fn said(&self) -> Said {
        let status = self.plan.entry.as_ref().map(Entry::status);
        let done = self.done.as_ref().filter(|done| **done != Reconciled::Nothing);
        let words = match done {
            Some(done) => outcome(done, status),
            None => match product(&self.plan) {
                Some(product) => format!("product is {product} → {}", outlook(&self.plan.outlook)),
                None => outlook(&self.plan.outlook),
            },
        };
        Said { name: self.plan.name.to_string(), status, words, tone: self.tone() }
    }

    fn tone(&self) -> Tone {
        match (&self.done, &self.plan.outlook) {
            (Some(Reconciled::Changed | Reconciled::NotAnswered(_)), _)
            | (_, Outlook::NotAnswered(_)) => Tone::Refused,
            (_, _) if self.does_something() => Tone::Plain,
            (_, _) => Tone::Aside,
        }
    }

    fn json(&self) -> Value {
        let status = self.plan.entry.as_ref().map(Entry::status);
        json!({
            "name": self.plan.name,
            "status": status,
            "product": self.plan.product.as_ref().map(|it| it.id.clone()),
            "productStatus": product(&self.plan),
            "outlook": outlook(&self.plan.outlook),
            "doesSomething": self.does_something(),
            "outcome": self.done.as_ref().map(|done| outcome(done, status)),
        })
    }
}

/// What Service Catalog says of the product.
fn product(row: &Reconciling) -> Option<&'static str> {
    Some(match row.product.as_ref()?.status {
        ProductStatus::UnderChange => "UNDER_CHANGE",
        ProductStatus::Available => "AVAILABLE",
        ProductStatus::Tainted => "TAINTED",
        ProductStatus::Error => "ERROR",
    })
}

/// What would be done.
fn outlook(outlook: &Outlook) -> String {
    match outlook {
        Outlook::Settle(finding) => finding_words(finding),
        Outlook::Handover(open) if open.is_empty() => {
            "nothing; handover is at work on it".to_owned()
        }
        Outlook::Handover(open) => format!("nothing; handover is at work on {}", open.join(", ")),
        Outlook::FreeSlot => "its slot is freed: it is no longer in the ledger".to_owned(),
        Outlook::GoneOn => "nothing; it has gone on".to_owned(),
        Outlook::NotAnswered(why) => format!("nothing; Service Catalog does not answer: {why}"),
    }
}

fn finding_words(finding: &Finding) -> String {
    match finding {
        Finding::NotYet => "nothing yet; its launch is being asked for".to_owned(),
        Finding::AskAgain => {
            "nothing here; the function provision asks for the launch again within minutes"
                .to_owned()
        }
        Finding::Launched { product, .. } => format!("goes on: it was launched as {}", product.0),
        Finding::AtWork { .. } => "goes on: Control Tower is at work on it".to_owned(),
        Finding::Made(account) => format!("becomes CONFIGURING: account {account} is made"),
        Finding::Ended(Ending::Wait { words, .. }) => format!("goes back to the queue: {words}"),
        Finding::Ended(Ending::Failed { failure, .. }) => {
            format!("becomes FAILED: {}", failure.kind.cause())
        }
        Finding::Overdue(failure) => format!("is told as overdue: {}", failure.kind.cause()),
    }
}

/// What became of it, which had the status `before`.
fn outcome(done: &Reconciled, before: Option<Status>) -> String {
    match done {
        Reconciled::Now(status) if before == Some(*status) => format!("it goes on: still {status}"),
        Reconciled::Now(status) => format!("settled: it is {status} now"),
        Reconciled::SlotFreed => "its slot is free".to_owned(),
        Reconciled::Nothing => "nothing was to be done".to_owned(),
        Reconciled::Changed => {
            "it has changed meanwhile, and nothing was done: look again".to_owned()
        }
        Reconciled::NotAnswered(why) => format!("nothing was done: {why}"),
    }
}

fn text(rows: &[Row], applied: bool, width: usize) -> String {
    if rows.is_empty() {
        return "nothing is under way: nothing is to be done".to_owned();
    }
    let heading = if applied { "what was done" } else { "what would be done" };
    let said: Vec<Said> = rows.iter().map(Row::said).collect();
    let end = match (rows.iter().any(Row::does_something), applied) {
        (false, _) => "nothing is to be done",
        (true, false) => NOT_APPLIED,
        (true, true) => "what follows is done by the functions, as always: vend status --watch",
    };
    format!("{}\n\n{end}", table(&said, heading, width))
}

fn document(rows: &[Row], applied: bool) -> Value {
    json!({
        "order": "reconcile",
        "applied": applied,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
        "exitCode": exit(rows).code(),
    })
}

fn exit(rows: &[Row]) -> Exit {
    let failed = |done: &Option<Reconciled>| matches!(done, Some(Reconciled::Now(Status::Failed)));
    let bad = rows.iter().any(|row| row.tone() == Tone::Refused || failed(&row.done));
    if bad { Exit::SomeFailed } else { Exit::AllReady }
}

#[cfg(test)]
mod tests {
    use vending::account::AccountName;
    use vending::failure::{Failure, FailureKind};
    use vending::ledger::ProvisionedProductId;

    use super::*;
    use crate::status::testing;

    fn row(name: &str, outlook: Outlook, done: Option<Reconciled>) -> Row {
        let entry = Some(testing::provisioning(name, 2));
        let name = AccountName::new(name).unwrap_or_else(|flaw| panic!("{flaw}"));
        Row { plan: Reconciling { name, entry, product: None, outlook }, done }
    }

    #[test]
    fn every_outlook_and_outcome_is_told() {
        let failure = Failure::new(FailureKind::AccountQuota, "");
        let ended = Ending::Failed { failure: failure.clone(), account: None };
        let product = ProvisionedProductId("pp-1".into());
        let record = vending::ledger::RecordId("rec-1".into());
        let rows = [
            row("a", Outlook::Settle(Finding::NotYet), None),
            row("b", Outlook::Settle(Finding::AskAgain), None),
            row("c", Outlook::Settle(Finding::Launched { product, record }), None),
            row("d", Outlook::Settle(Finding::Ended(ended)), None),
            row("e", Outlook::Settle(Finding::Overdue(failure)), None),
            row("f", Outlook::Handover(vec!["portfolio Networking: under way".into()]), None),
            row("g", Outlook::FreeSlot, Some(Reconciled::SlotFreed)),
            row("h", Outlook::GoneOn, Some(Reconciled::Changed)),
            row(
                "i",
                Outlook::NotAnswered("timed out".into()),
                Some(Reconciled::Now(Status::Failed)),
            ),
        ];
        let said = text(&rows, false, 80);
        insta::assert_snapshot!(anstream::adapter::strip_str(&said).to_string());
        assert_eq!(exit(&rows), Exit::SomeFailed);
        assert_eq!(exit(rows.get(..6).unwrap_or_default()), Exit::AllReady);
    }
}
