//! The timeline: a lane for each account, or, where they are too many to read, how many
//! accounts stood where, and lanes for those that are worth a look.

use maud::{Markup, html};
use vending::ledger::Status;

use super::charts::{class_of, grid, grid_here, legend, percent, scale};
use super::flow;
use crate::report::account::Account;
use crate::report::axis::Axis;
use crate::report::phase::{Phase, PhaseKind};
use crate::report::summary::Report;
use crate::report::words::{moment, number, span};

/// More lanes than these are not read one by one.
const MOST_LANES: usize = 200;

/// More lanes than these stand closer together.
const ROOMY_LANES: usize = 40;

/// Lanes beside the chart of how many stood where.
const SELECTED_LANES: usize = 20;

/// The narrowest that a phase is drawn, in percent: what took seconds is seen as well.
const NARROWEST: f64 = 0.25;

/// The timeline of the batch.
pub(super) fn section(report: &Report) -> Markup {
    let ends = report.accounts.iter().flat_map(|account| {
        account.phases.iter().map(|phase| phase.until).chain(account.finished_at)
    });
    let axis = Axis::new(report.received_at, ends.max().unwrap_or(report.made_at));
    let all: Vec<&Account> = report.accounts.iter().collect();
    html! {
        section aria-labelledby="timeline" {
            h2 #timeline { "Timeline" }
            (grid(&axis))
            @if all.len() <= MOST_LANES {
                p.lead { (when(report)) }
                (lanes(&all, &axis))
            } @else {
                p.lead { (when(report)) " " (flow::milestones(report)) }
                (flow::figure(report, &axis))
                @let (words, selected) = selected(&all);
                h3 { (words) }
                (lanes(&selected, &axis))
            }
        }
    }
}

fn when(report: &Report) -> String {
    let from = moment(report.received_at);
    match report.completed_at {
        Some(at) => {
            let (until, took) = (moment(at), span(at - report.received_at));
            format!("From {from}, until {until}: {took} in all.")
        }
        None => format!("From {from}, until now, {}.", moment(report.made_at)),
    }
}

/// The accounts worth a look among too many: what needs a person, then what took longest.
fn selected<'a>(accounts: &[&'a Account]) -> (String, Vec<&'a Account>) {
    let failed = |account: &Account| account.status == Status::Failed;
    let all = accounts.iter().filter(|account| failed(account)).count();
    let mut chosen = accounts.to_vec();
    // By line among those that failed: the order is kept where the keys are equal.
    chosen.sort_by_key(|it| if failed(it) { (0, 0) } else { (1, -it.work_seconds) });
    chosen.truncate(SELECTED_LANES);
    let others = chosen.len().saturating_sub(all);
    let words = match (all, others) {
        (0, _) => format!("The {} that took longest", number(others)),
        (_, 0) => format!("{} of the {} that failed", number(chosen.len()), number(all)),
        _ => format!("{} that failed, and the {} that took longest", number(all), number(others)),
    };
    (words, chosen)
}

fn lanes(accounts: &[&Account], axis: &Axis) -> Markup {
    let close = (accounts.len() > ROOMY_LANES).then_some("close");
    let seen =
        |kind: &PhaseKind| accounts.iter().any(|it| it.phases.iter().any(|p| p.kind == *kind));
    let fills = PhaseKind::ALL.into_iter().filter(seen).map(|kind| (class_of(kind), kind.title()));
    let ended = |status| accounts.iter().any(|it| it.status == status);
    let ends = [(Status::Ready, "ended", "ready"), (Status::Failed, "broken", "failed")];
    let ends = ends.into_iter().filter(|(status, ..)| ended(*status));
    html! {
        figure.gantt class=[close] {
            (legend(fills, ends.map(|(_, class, words)| (class, words, mark(class)))))
            (scale(axis))
            ol { @for account in accounts { (lane(account, axis)) } }
        }
    }
}

fn lane(account: &Account, axis: &Axis) -> Markup {
    html! {
        li {
            span.who { b { (account.name) } " " span { (took(account)) } }
            svg.lane width="100%" role="img" {
                title { (told(account)) }
                (grid_here())
                @for phase in &account.phases { (bar(phase, axis)) }
                (end(account, axis))
            }
        }
    }
}

/// What stands beside the name: how long it took, or where it stands.
fn took(account: &Account) -> String {
    let tries = match account.attempt {
        0..=1 => String::new(),
        attempt => format!(", attempt {attempt}"),
    };
    match account.status {
        Status::Ready => format!("{}{tries}", span(account.work())),
        Status::Failed => format!("failed{tries}"),
        Status::Queued => format!("waits{tries}"),
        Status::Provisioning | Status::Configuring => {
            format!("{} so far{tries}", span(account.work()))
        }
    }
}

/// The lane in words.
fn told(account: &Account) -> String {
    let phase = |phase: &Phase| format!("{} {}", phase.kind.title(), span(phase.span()));
    let phases: Vec<String> = account.phases.iter().map(phase).collect();
    let (name, status, phases) = (&account.name, account.status, phases.join(", "));
    match account.finished_at {
        Some(at) => format!("{name}: {phases}; {status} on {}", moment(at)),
        None => format!("{name}: {phases}; {status} now"),
    }
}

fn bar(phase: &Phase, axis: &Axis) -> Markup {
    let from = axis.percent(phase.from).min(100.0 - NARROWEST);
    let wide = (axis.percent(phase.until) - from).max(NARROWEST);
    let wide = (wide * 100.0).round() / 100.0;
    html! { rect class=(class_of(phase.kind)) x=(percent(from)) width=(percent(wide)) {} }
}

fn end(account: &Account, axis: &Axis) -> Markup {
    let class = match account.status {
        Status::Ready => "ended",
        Status::Failed => "broken",
        Status::Queued | Status::Provisioning | Status::Configuring => return html! {},
    };
    let Some(at) = account.finished_at else { return html! {} };
    html! {
        svg class=(class) x=(percent(axis.percent(at))) y="50%" overflow="visible" { (mark(class)) }
    }
}

/// A round check, or a diamond: told apart by their shape.
fn mark(class: &str) -> Markup {
    html! {
        @if class == "ended" {
            circle r="6" {}
            path d="M-3 0.2l2 2.1 4-4.4" {}
        } @else {
            path d="M-7 0L0-7 7 0 0 7z" {}
        }
    }
}
