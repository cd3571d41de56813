//! What a person is to do about an account, in plain words, by where it stands.

use vending::failure::Failure;
use vending::forecast::duration;
use vending::ledger::{Entry, Grant, Launch, Progress, State};

use super::Around;
use crate::status::pause_words;
use crate::status::words::{indented, moment};
use crate::terminal::harmless;

/// What is to be done, in lines of `width` characters.
pub(super) fn text(entry: &Entry, around: &Around, width: usize) -> String {
    let said = sentences(entry, around);
    let said: Vec<String> = said.iter().map(|it| indented(&harmless(it), 2, width)).collect();
    said.join("\n")
}

/// The same, sentence by sentence; a command stands alone.
pub(super) fn sentences(entry: &Entry, around: &Around) -> Vec<String> {
    match &entry.state {
        State::Queued { not_before, waiting_for } => {
            let mut said = vec!["Nothing; it is launched when its turn comes.".to_owned()];
            if let Some(words) = waiting_for {
                said.push(format!("It was told to wait: {words}"));
            }
            if let Some(until) = not_before.filter(|until| *until > around.now) {
                said.push(format!("It is not launched before {} UTC.", moment(until, around.now)));
            }
            said.extend(turn(around));
            said
        }
        State::Provisioning { check_at } => under_way(entry, around, *check_at),
        State::Configuring => vec![
            "Nothing; handover looks every minute until all access and portfolios are there."
                .to_owned(),
        ],
        State::Ready { .. } => ready(entry, around),
        State::Failed { failure, launch_open, .. } => failed(entry, failure, *launch_open),
    }
}

/// What a queued row waits for.
fn turn(around: &Around) -> Vec<String> {
    let mut said = Vec::new();
    let launching = &around.launching;
    if let Some(pause) = &launching.pause {
        said.push(format!(
            "Nothing is launched now: launching is {}",
            pause_words(pause, around.now)
        ));
        said.push("Mend the cause, then: vend resume --apply".to_owned());
    } else if let Some(until) = launching.hold_until.filter(|until| *until > around.now) {
        let until = moment(until, around.now);
        said.push(format!("Control Tower is busy; nothing is launched before {until} UTC."));
    }
    let (taken, slots) = (launching.in_flight.len(), around.max_in_flight);
    match around.before {
        Some(0) => said.push(format!("It is the next one; {taken} of {slots} slots are taken.")),
        Some(before) => said
            .push(format!("Before it in the queue: {before}; {taken} of {slots} slots are taken.")),
        None => {}
    }
    let forecast = around.forecast.as_ref();
    said.extend(forecast.map(|it| format!("It will have ended in {}.", it.words())));
    said
}

fn under_way(entry: &Entry, around: &Around, check_at: vending::ledger::Timestamp) -> Vec<String> {
    let mut said = vec!["Nothing; Control Tower tells when it has finished.".to_owned()];
    if let Some(Launch { started_at, .. }) = &entry.launch {
        let usual = around.pace.launch;
        said.push(format!(
            "It is under way for {}; a launch takes {} to {}, as a rule. After an hour it counts \
             as overdue, and that is told.",
            duration(around.now - *started_at),
            duration(usual.shortest),
            duration(usual.longest),
        ));
    }
    let check = moment(check_at, around.now);
    said.push(format!("Service Catalog is asked at {check} UTC at the latest; to ask it now: vend reconcile --apply"));
    said
}

fn ready(entry: &Entry, around: &Around) -> Vec<String> {
    let portal = around.portal.as_deref().unwrap_or("the AWS access portal of your organization");
    let account = entry.account.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut said = vec![
        "Nothing.".to_owned(),
        format!("To sign in: {portal}, then the account {} ({account}).", entry.request.name),
    ];
    let given = entry.steps.iter().filter(|step| step.progress == Progress::Done);
    let given = given.filter(|step| matches!(step.grant, Grant::Assignment { .. }));
    let given: Vec<String> = given.map(|step| step.grant.describe()).collect();
    if !given.is_empty() {
        said.push(format!("Who may: {}.", given.join("; ")));
    }
    said
}

fn failed(entry: &Entry, failure: &Failure, launch_open: bool) -> Vec<String> {
    let name = &entry.request.name;
    let remedy = failure.kind.remedy_for(name);
    let mut said = vec![format!("Cause: {}.", failure.kind.cause())];
    if !failure.detail.is_empty() {
        said.push(format!("AWS said: {}", failure.detail));
    }
    said.push(format!("Remedy: {remedy}"));
    // A command that is wrapped cannot be copied: the ones that the remedy names stand alone.
    if launch_open {
        said.push("Whether Control Tower has ended it: vend reconcile --apply".to_owned());
    } else if remedy.contains("vend retry") {
        said.push("The command:".to_owned());
        said.push(format!("vend retry {name} --apply"));
    }
    if remedy.contains("correct the row") {
        said.push("With the corrected list: vend submit FILE".to_owned());
    }
    said
}
