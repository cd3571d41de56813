//! The beginning of the page: what it is about, where it stands, and the numbers.

use maud::{Markup, html};

use crate::report::summary::{Counts, Report, Rows, Standing, headline};
use crate::report::words::{count, moment, number};

/// The title, the sentence that says it all, and the numbers behind it.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        header {
            p.kicker { "AWS accounts, a report" }
            h1 { (report.file) }
            p.facts {
                "Batch " code { (report.batch) } " · uploaded " (moment(report.received_at))
                " · as of " (moment(report.made_at))
            }
            p.headline { (headline(report)) }
            @if report.counts.accounts > 0 { (progress(report.counts)) (tiles(report.counts)) }
            @match report.standing {
                Standing::Refused => (refused(report)),
                Standing::Reading | Standing::UnderWay | Standing::Complete => (rows(report)),
            }
        }
    }
}

fn shares(counts: Counts) -> [(&'static str, &'static str, usize); 4] {
    [
        ("done", "ready", counts.ready),
        ("fail", "failed", counts.failed),
        ("make", "under way", counts.under_way),
        ("queue", "waiting", counts.waiting),
    ]
}

/// One bar of all accounts; the tiles below it say the same in numbers.
fn progress(counts: Counts) -> Markup {
    let share = |count: usize| count as f64 * 100.0 / counts.accounts.max(1) as f64;
    let mut from = 0.0;
    let parts = shares(counts).map(|(class, _, count)| {
        let x = from;
        from += share(count);
        (class, x, share(count))
    });
    html! {
        svg.progress width="100%" height="14" aria-hidden="true" {
            @for (class, x, width) in parts {
                @if width > 0.0 {
                    rect class=(class) x=(format!("{x:.2}%")) width=(format!("{width:.2}%")) height="14" {}
                }
            }
        }
    }
}

fn tiles(counts: Counts) -> Markup {
    html! {
        ul.tiles {
            @for (class, words, count) in shares(counts) {
                li class=[(count == 0).then_some("none")] {
                    b { (number(count)) }
                    svg width="12" height="12" aria-hidden="true" {
                        rect class=(class) width="12" height="12" rx="2" {}
                    }
                    (words)
                }
            }
        }
    }
}

/// What became of the rows that are no account of this batch.
fn rows(report: &Report) -> Markup {
    let Rows { in_file, refused, unchanged, superseded } = report.rows;
    let others = [
        (refused, "refused: the results file says why"),
        (unchanged, "left as they were: ready or under way already"),
        (superseded, "asked for by a list that was uploaded later"),
    ];
    html! {
        p.rows {
            "The file has " (count(in_file as usize, "row")) "."
            @for (rows, words) in others {
                @if rows > 0 { " " (number(rows as usize)) " " (words) "." }
            }
            @if refused > 0 { " It is " code { (report.results_key) } "." }
        }
    }
}

fn refused(report: &Report) -> Markup {
    html! {
        p.rows {
            "What is wrong with it is in the results file, " code { (report.results_key) }
            ", beside each row. Correct it, and upload it again: nothing of it was done."
        }
    }
}
