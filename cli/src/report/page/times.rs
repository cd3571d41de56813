//! How long an account takes, in numbers and in a spread.

use maud::{Markup, html};

use crate::report::summary::Report;
use crate::report::times::{Bin, Times};
use crate::report::words::{count, number, span};
use chrono::TimeDelta;

/// The times of the accounts that are READY; nothing before there is one.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        @if let Some(times) = &report.times {
            section aria-labelledby="times" {
                h2 #times { "Time per account" }
                p.lead {
                    "From the launch until ready, with access, of "
                    (count(times.accounts, "account")) ". Time in the queue is not in it."
                }
                @if times.accounts > 1 { (numbers(times)) } @else {
                    p { b { (span(TimeDelta::seconds(times.median_seconds))) } }
                }
                @if !times.spread.is_empty() { (spread(&times.spread)) }
            }
        }
    }
}

fn numbers(times: &Times) -> Markup {
    let said = |seconds| span(TimeDelta::seconds(seconds));
    html! {
        dl.numbers {
            div { dt { "Median" } dd { (said(times.median_seconds)) } }
            div { dt { "Quickest" } dd { (said(times.shortest_seconds)) } }
            div { dt { "Longest" } dd { (said(times.longest_seconds)) } dd.name { (times.longest) } }
        }
    }
}

fn spread(bins: &[Bin]) -> Markup {
    let most = bins.iter().map(|bin| bin.accounts).max().unwrap_or(1).max(1);
    html! {
        table.spread {
            caption { "How many took how long" }
            thead { tr { th scope="col" { "Time" } th scope="col" { "Accounts" } } }
            tbody {
                @for bin in bins {
                    tr {
                        th scope="row" { (span(bin.from())) " – " (span(bin.until())) }
                        td {
                            svg width="100%" height="14" aria-hidden="true" {
                                @let width = bin.accounts as f64 * 100.0 / most as f64;
                                rect.make width=(format!("{width:.1}%")) height="14" rx="2" {}
                            }
                            span { (number(bin.accounts)) }
                        }
                    }
                }
            }
        }
    }
}
