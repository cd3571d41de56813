//! Notices about one account, and about launching as a whole.

use super::{Notice, NoticeKind};
use crate::account::AccountId;
use crate::failure::Failure;
use crate::ledger::{Entry, Pause, Stage, Step, Untold};

/// An account is READY.
#[must_use]
pub fn account_ready(entry: &Entry) -> Notice {
    let name = &entry.request.name;
    let mut body = format!("The account {name} is ready to use.\n\n");
    body.push_str(&facts(entry));
    body.push_str(&access(&entry.steps));
    Notice::new(NoticeKind::AccountReady, &format!("account {name} is ready"), body)
}

/// An account FAILED.
#[must_use]
pub fn account_failed(entry: &Entry, stage: Stage, failure: &Failure) -> Notice {
    let name = &entry.request.name;
    let kept = match (stage, &entry.account) {
        (Stage::Access, _) => "The account exists and is kept; only its access is not complete.\n",
        (Stage::Provision, Some(_)) => {
            "An account exists, but Control Tower has not finished it.\n"
        }
        (Stage::Provision, None) => "",
    };
    let body = format!(
        "The account {name} failed at stage {stage}.\n{kept}\n\
         What happened: {cause}.\n{said}What to do: {remedy}\n\n{facts}{access}",
        stage = stage.as_str(),
        cause = failure.kind.cause(),
        said = quoted(&failure.detail),
        remedy = failure.kind.remedy(),
        facts = facts(entry),
        access = access(&entry.steps),
    );
    Notice::new(
        NoticeKind::AccountFailed,
        &format!("account {name} failed ({})", stage.as_str()),
        body,
    )
}

/// An account FAILED, and its entry has gone on since.
#[must_use]
pub fn account_had_failed(entry: &Entry, untold: &Untold) -> Notice {
    let name = &entry.request.name;
    let Untold { attempt, batch, line, stage, failure, failed_at } = untold;
    let since =
        if entry.attempt > *attempt { "It was asked for again since" } else { "It went on" };
    let body = format!(
        "The account {name} failed at stage {stage}, on {failed_at}.\n\
         {since}: it is {status} now, in attempt {now}.\n\n\
         What happened: {cause}.\n{said}What to do, if it fails again: {remedy}\n\n\
         Batch: {batch}, line {line}\nAttempt: {attempt}\n",
        stage = stage.as_str(),
        failed_at = failed_at.format("%Y-%m-%d %H:%M UTC"),
        status = entry.status(),
        now = entry.attempt,
        cause = failure.kind.cause(),
        said = quoted(&failure.detail),
        remedy = failure.kind.remedy(),
    );
    Notice::new(
        NoticeKind::AccountFailed,
        &format!("account {name} had failed ({}), and went on", stage.as_str()),
        body,
    )
}

/// An account that was made outside Vend could not be given the defaults.
#[must_use]
pub fn outside_failed(account: &AccountId, failure: &Failure, steps: &[Step]) -> Notice {
    let body = format!(
        "The account {account} was made outside Vend. It could not be given all of the default access.\n\n\
         What happened: {cause}.\n{said}What to do: mend what the message names, then give the account the missing access by hand.\n\n{access}",
        cause = failure.kind.cause(),
        said = quoted(&failure.detail),
        access = access(steps),
    );
    Notice::new(NoticeKind::OutsideFailed, &format!("account {account} lacks default access"), body)
}

/// Launching is paused.
#[must_use]
pub fn launching_paused(pause: &Pause) -> Notice {
    let body = format!(
        "Vend launches no more accounts until somebody resumes it. What is queued stays queued, and \
         what is in flight is finished.\n\nWhy: {}\nSince: {}\n\n\
         What to do: mend the cause, resume launching (see \"Resuming after a pause\" in Vend's README), and \
         upload the failed rows again.\n",
        pause.reason,
        pause.since.format("%Y-%m-%d %H:%M UTC"),
    );
    Notice::new(NoticeKind::LaunchingPaused, "launching is paused", body)
}

fn quoted(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!("In AWS's words: {detail}\n") }
}

fn facts(entry: &Entry) -> String {
    let account = entry.account.as_ref().map_or("none".to_owned(), ToString::to_string);
    let mut text = format!(
        "Account id: {account}\nAccount e-mail: {}\nOrganizational unit: {}\nBatch: {}, line {}\nAttempt: {}\n",
        entry.request.email.as_str(),
        entry.request.unit,
        entry.batch,
        entry.line,
        entry.attempt,
    );
    if let Some(by_hand) = &entry.by_hand {
        let at = by_hand.at.format("%Y-%m-%d %H:%M UTC");
        text.push_str(&format!("{} by {} on {at}\n", by_hand.order.title(), by_hand.by.0));
    }
    if let Some(launch) = &entry.launch {
        if let Some((product, record)) = &launch.product {
            text.push_str(&format!(
                "Service Catalog product: {}\nService Catalog record: {}\n",
                product.0, record.0
            ));
        }
        if let Some(finished) = entry.finished_at {
            let minutes = (finished - launch.started_at).num_minutes();
            text.push_str(&format!("Time from launch to end: {minutes} min\n"));
        }
    }
    text
}

fn access(steps: &[Step]) -> String {
    let line = |step: &Step| match step.failure() {
        Some(failure) => format!("- not given: {failure}\n"),
        None if step.is_settled() => format!("- given: {}\n", step.grant.describe()),
        None => format!("- under way: {}\n", step.grant.describe()),
    };
    if steps.is_empty() {
        return String::new();
    }
    format!("\nAccess and portfolios:\n{}", steps.iter().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureKind;
    use crate::ledger::{Event, Operator, State};
    use crate::testing;

    #[test]
    fn a_failed_account_is_told_with_cause_and_remedy() {
        let entry = testing::entry("alpha");
        let failure = Failure::new(FailureKind::EmailInUse, "EMAIL_ALREADY_EXISTS");
        let notice = account_failed(&entry, Stage::Provision, &failure);
        insta::assert_snapshot!(format!("{}\n\n{}", notice.subject, notice.body));
    }

    #[test]
    fn a_failure_that_was_asked_for_again_is_told_with_what_came_since() {
        let failed = testing::failed("alpha");
        let by = Operator("jane".into());
        let again = testing::after(&failed, Event::Retried { by }, testing::at(500));
        let notice = account_had_failed(&again, &again.untold[0]);
        insta::assert_snapshot!(format!("{}\n\n{}", notice.subject, notice.body));
    }

    #[test]
    fn a_cancelled_account_is_told_with_who_cancelled_it() {
        let event = Event::Cancelled { by: Operator("jane".into()) };
        let cancelled = testing::after(&testing::entry("alpha"), event, testing::at(60));
        let State::Failed { stage, failure, .. } = &cancelled.state else { panic!("not failed") };
        insta::assert_snapshot!(account_failed(&cancelled, *stage, failure).body);
    }

    #[test]
    fn a_ready_account_is_told_with_its_access() {
        let entry = testing::ready("alpha");
        let notice = account_ready(&entry);
        insta::assert_snapshot!(format!("{}\n\n{}", notice.subject, notice.body));
    }
}
