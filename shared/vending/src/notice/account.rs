//! Notices about one account, and about launching as a whole.

use super::{About, Notice, NoticeKind};
use crate::account::AccountId;
use crate::failure::Failure;
use crate::ledger::{Entry, Pause, Stage, Status, Step, Timestamp, Untold};
use crate::ports::Asked;

/// An account is READY.
#[must_use]
pub fn account_ready(entry: &Entry) -> Notice {
    let name = &entry.request.name;
    let body = format!(
        "The account {name} is ready to use.\n\n\
         What it means: it is in {unit}, and everybody below has the access that is named.\n\
         What to do: nothing.\n\n{facts}{access}",
        unit = entry.request.unit,
        facts = facts(entry),
        access = access(&entry.steps),
    );
    let subject = format!("account {name} is ready");
    Notice::new(NoticeKind::AccountReady, &subject, body, About::entry(entry))
}

/// An account FAILED.
#[must_use]
pub fn account_failed(entry: &Entry, stage: Stage, failure: &Failure) -> Notice {
    let name = &entry.request.name;
    let body = format!(
        "The account {name} failed at stage {stage}.\n\n\
         What happened: {cause}.\n{said}What it means: {meaning}\nWhat to do: {remedy}\n\n{facts}{access}",
        stage = stage.as_str(),
        cause = failure.kind.cause(),
        said = quoted(&failure.detail),
        meaning = meaning(entry, stage),
        remedy = failure.kind.remedy_for(name),
        facts = facts(entry),
        access = access(&entry.steps),
    );
    let subject = format!("account {name} failed ({})", stage.as_str());
    let about = About { stage: Some(stage.as_str()), ..About::entry(entry) }.failing(failure);
    Notice::new(NoticeKind::AccountFailed, &subject, body, about)
}

/// What a failure leaves behind.
fn meaning(entry: &Entry, stage: Stage) -> &'static str {
    match (stage, &entry.account) {
        (Stage::Access, _) => {
            "the account exists and is kept; only its access is not complete. The other rows go on."
        }
        (Stage::Provision, _) if entry.holds_slot() => {
            "Control Tower may still finish the account; until it ends, one slot stays taken."
        }
        (Stage::Provision, Some(_)) => {
            "an account exists, but Control Tower has not finished it. The other rows go on."
        }
        (Stage::Provision, None) => "no account is known to exist for it. The other rows go on.",
    }
}

/// An account FAILED, and its entry has gone on since.
#[must_use]
pub fn account_had_failed(entry: &Entry, untold: &Untold) -> Notice {
    let name = &entry.request.name;
    let Untold { attempt, batch, line, stage, failure, failed_at } = untold;
    let since =
        if entry.attempt > *attempt { "it was asked for again since" } else { "it went on" };
    let body = format!(
        "The account {name} failed at stage {stage}, on {failed_at}.\n\n\
         What happened: {cause}.\n{said}\
         What it means: {since}; it is {status} now, in attempt {now}.\n\
         What to do: nothing now. If it fails again: {remedy}\n\n\
         Batch: {batch}, line {line}\nAttempt: {attempt}\n{requester}",
        stage = stage.as_str(),
        failed_at = moment(*failed_at),
        status = entry.status(),
        now = entry.attempt,
        cause = failure.kind.cause(),
        said = quoted(&failure.detail),
        remedy = failure.kind.remedy_for(name),
        requester = requester(entry),
    );
    let about = About {
        batch: Some(batch.to_string()),
        line: Some(*line),
        attempt: Some(*attempt),
        status: Some(Status::Failed.as_str()),
        stage: Some(stage.as_str()),
        ..About::entry(entry)
    };
    let subject = format!("account {name} had failed ({}), and went on", stage.as_str());
    Notice::new(NoticeKind::AccountFailed, &subject, body, about.failing(failure))
}

/// An account could not be given the defaults, which is what it gets as it was made outside
/// Vend, or what somebody `asked` for.
#[must_use]
pub fn outside_failed(
    account: &AccountId,
    asked: Option<&Asked>,
    failure: &Failure,
    steps: &[Step],
) -> Notice {
    let body = format!(
        "{happened}\n\nWhat happened: {cause}.\n{said}\
         What it means: the account can be used, and some who should have access to it have not.\n\
         What to do: mend what the message names, then {then}\n{access}",
        happened = what_was_asked(account, asked),
        cause = failure.kind.cause(),
        said = quoted(&failure.detail),
        then = match asked {
            Some(_) => "run vend access apply with the same file again.",
            None => "give the account the missing access: by hand, or with vend access apply.",
        },
        access = access(steps),
    );
    let about = About { account_id: Some(account.to_string()), ..About::default() };
    let about = About { remedy: None, ..about.failing(failure) };
    let lacks = if asked.is_some() { "access that was asked for" } else { "default access" };
    Notice::new(NoticeKind::OutsideFailed, &format!("account {account} lacks {lacks}"), body, about)
}

fn what_was_asked(account: &AccountId, asked: Option<&Asked>) -> String {
    let Some(Asked { by, at }) = asked else {
        return format!(
            "The account {account} was made outside Vend. It could not be given all of the \
             default access."
        );
    };
    format!(
        "The account {account} could not be given all of the access that was asked for on {}.\n\
         Asked for by: {}",
        moment(*at),
        by.0
    )
}

/// Launching is paused.
#[must_use]
pub fn launching_paused(pause: &Pause) -> Notice {
    let by = pause.by.as_ref().map(|by| format!("Paused by: {}\n", by.0)).unwrap_or_default();
    let body = format!(
        "Vend launches no more accounts until somebody resumes it.\n\n\
         What happened: {reason}\nSince: {since}\n{by}\
         What it means: what is queued stays queued, and what is in flight is finished.\n\
         What to do: mend the cause. Then run:\n  \
         vend resume --apply\n  vend retry --batch BATCH --apply\n\
         The first launches again, the second queues the rows of a batch that failed.\n",
        reason = pause.reason,
        since = moment(pause.since),
    );
    let about =
        About { cause: Some(pause.reason.clone()), since: Some(pause.since), ..About::default() };
    Notice::new(NoticeKind::LaunchingPaused, "launching is paused", body, about)
}

fn moment(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn quoted(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!("In AWS's words: {detail}\n") }
}

fn requester(entry: &Entry) -> String {
    let line = |by: &crate::account::EmailAddress| format!("Requested by: {}\n", by.as_str());
    entry.request.requester.as_ref().map(line).unwrap_or_default()
}

fn facts(entry: &Entry) -> String {
    let account = entry.account.as_ref().map_or("none".to_owned(), ToString::to_string);
    let mut text = format!(
        "Account id: {account}\nAccount e-mail: {}\nOrganizational unit: {}\n{}Batch: {}, line {}\nAttempt: {}\n",
        entry.request.email.as_str(),
        entry.request.unit,
        requester(entry),
        entry.batch,
        entry.line,
        entry.attempt,
    );
    if let Some(by_hand) = &entry.by_hand {
        let at = moment(by_hand.at);
        text.push_str(&format!("{} by {} on {at}\n", by_hand.order.title(), by_hand.by.0));
    }
    text + &launched(entry)
}

fn launched(entry: &Entry) -> String {
    let Some(launch) = &entry.launch else { return String::new() };
    let mut text = String::new();
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
    text
}

fn access(steps: &[Step]) -> String {
    let line = |step: &Step| match step.failure() {
        Some(failure) => format!("- not given: {failure}\n"),
        None if step.is_settled() => format!("- given: {}\n", step.describe()),
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
    use crate::account::EmailAddress;
    use crate::failure::FailureKind;
    use crate::ledger::{BatchId, Event, Operator, Progress, State};
    use crate::testing::{self, shown};

    fn failed(entry: &Entry) -> Notice {
        let State::Failed { stage, failure, .. } = &entry.state else { panic!("not failed") };
        account_failed(entry, *stage, failure)
    }

    #[test]
    fn a_failed_account_is_told_with_cause_meaning_and_remedy() {
        let mut entry = testing::failed("alpha");
        entry.request.requester = Some(EmailAddress::new("ana@example.com").unwrap());
        insta::assert_snapshot!(shown(&failed(&entry)));
    }

    #[test]
    fn a_failure_that_was_asked_for_again_is_told_with_what_came_since() {
        let failed = testing::failed("alpha");
        let by = Operator("jane".into());
        let again = testing::after(&failed, Event::Retried { by }, testing::at(500));
        insta::assert_snapshot!(shown(&account_had_failed(&again, &again.untold[0])));
    }

    #[test]
    fn a_cancelled_account_is_told_with_who_cancelled_it() {
        let event = Event::Cancelled { by: Operator("jane".into()) };
        let cancelled = testing::after(&testing::entry("alpha"), event, testing::at(60));
        insta::assert_snapshot!(shown(&failed(&cancelled)));
    }

    #[test]
    fn access_that_was_asked_for_and_not_given_is_told_with_who_asked() {
        let account = AccountId::new("123456789012").unwrap();
        let failure = Failure::new(FailureKind::AssignmentFailed, "There is no such role.");
        let asked = Asked { by: Operator("Admin/jane".into()), at: testing::at(0) };
        let steps = testing::steps(&Progress::Failed { reason: "no role".into() });
        let of = |asked| shown(&outside_failed(&account, asked, &failure, &steps));
        insta::assert_snapshot!(of(Some(&asked)));
        insta::assert_snapshot!(of(None));
    }

    #[test]
    fn a_ready_account_is_told_with_its_access() {
        insta::assert_snapshot!(shown(&account_ready(&testing::ready("alpha"))));
    }

    #[test]
    fn a_pause_is_told_with_how_to_resume() {
        let failure = Failure::new(FailureKind::AccountQuota, "");
        let reason = format!("3 rows in a row failed because {}", failure.outside_the_rows());
        let pause = Pause { since: testing::at(0), reason, announced: false, by: None };
        insta::assert_snapshot!(shown(&launching_paused(&pause)));
    }

    #[test]
    fn what_a_failure_leaves_behind_is_told() {
        let failure = Failure::new(FailureKind::Unknown, "");
        let told = |entry: &Entry| {
            let notice = account_failed(entry, Stage::Provision, &failure).body;
            notice.lines().find_map(|it| it.strip_prefix("What it means: ")).unwrap().to_owned()
        };
        let overdue = Event::Overdue { failure: failure.clone() };
        let overdue = testing::after(&testing::provisioning("alpha"), overdue, testing::at(9_000));
        assert!(told(&overdue).starts_with("Control Tower may still finish the account"));
        let account = AccountId::new("123456789012").ok();
        let left = Event::LaunchFailed { failure: failure.clone(), account };
        let left = testing::after(&testing::provisioning("alpha"), left, testing::at(120));
        assert!(told(&left).starts_with("an account exists, but"));
        assert!(told(&testing::failed("alpha")).starts_with("no account is known"));
    }

    #[test]
    fn a_failure_of_an_entry_that_went_on_by_itself_is_told_as_that() {
        let failed = testing::failed("alpha");
        let State::Failed { stage, failure, .. } = &failed.state else { panic!("not failed") };
        let untold = Untold {
            attempt: failed.attempt,
            batch: BatchId("another".to_owned()),
            line: 9,
            stage: *stage,
            failure: failure.clone(),
            failed_at: testing::at(120),
        };
        let Notice { body, about, .. } =
            account_had_failed(&testing::configuring("alpha"), &untold);
        assert!(body.contains("What it means: it went on; it is CONFIGURING now"), "{body}");
        assert_eq!((about.batch.as_deref(), about.line), (Some("another"), Some(9)));
    }

    #[test]
    fn access_that_is_under_way_is_told_as_that() {
        let text = access(&testing::steps(&Progress::NEW));
        assert_eq!(text.matches("- under way: ").count(), 2, "{text}");
    }
}
