//! The page: one document that stands alone. It asks for nothing from elsewhere, has no
//! script, and escapes all that a row or AWS says.

mod access;
mod accounts;
mod charts;
mod failures;
mod flow;
mod gantt;
mod overview;
mod times;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::access::SameAccess;
use super::account::Account;
use super::failures::SameCause;
use super::summary::Report;
use super::words::{moment, number};

/// How it looks: on a screen of any width, in the dark, and on paper.
const STYLE: &str = include_str!("style.css");

/// What a browser lets the page do: apply its own style, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// More names than these in one place are counted instead of listed; the table has them all.
const MOST_LISTED: usize = 50;

/// The page as HTML.
pub(super) fn html(report: &Report) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                meta name="generator" content={ "Vend " (env!("CARGO_PKG_VERSION")) };
                title { (report.file) " – accounts" }
                style { (PreEscaped(STYLE)) }
            }
            body { (charts::patterns()) (body(report)) }
        }
    }
    .into_string()
}

fn body(report: &Report) -> Markup {
    let same = SameAccess::among(&report.accounts);
    html! {
        main {
            (overview::section(report))
            (failures::section(&SameCause::among(&report.accounts)))
            @if !report.accounts.is_empty() {
                (gantt::section(report))
                (times::section(report))
                (failures::setbacks(&report.accounts))
                (access::section(&same))
                (accounts::section(report, &same))
            }
        }
        footer {
            p {
                "Made by Vend on " (moment(report.made_at)) ", from its ledger. Batch "
                code { (report.batch) } ". All times are in UTC."
            }
        }
    }
}

/// Names in a row, and how many are not listed.
fn names(accounts: &[&Account]) -> Markup {
    let listed: Vec<&str> =
        accounts.iter().take(MOST_LISTED).map(|account| account.name.as_str()).collect();
    html! {
        b { (listed.join(", ")) }
        @if accounts.len() > MOST_LISTED { ", and " (number(accounts.len() - MOST_LISTED)) " more" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    #[test]
    fn a_small_page_reads_as_it_should() {
        let page = html(&samples::three());
        let page = page.replace(STYLE, "…").replace("><", ">\n<");
        insta::assert_snapshot!(page);
    }

    #[test]
    fn nothing_that_a_row_or_aws_says_is_markup() {
        let page = html(&samples::hostile());
        for markup in ["<script", "<img", "onerror=\"", "<b>bold", "javascript:alert\""] {
            assert!(!page.contains(markup), "{markup}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "it is said, escaped");
    }

    #[test]
    fn it_names_no_address_and_no_person() {
        for report in [samples::hostile(), samples::three(), samples::many(40)] {
            let page = html(&report).replace(STYLE, "");
            for word in ["@", "Jane", "Doe", "jane"] {
                assert!(!page.contains(word), "{word}");
            }
        }
    }

    #[test]
    fn it_asks_for_nothing_from_elsewhere() {
        let page = html(&samples::many(40));
        for reference in ["http:", "https:", "src=", "url(h", "@import", "<link", "<script"] {
            assert!(!page.contains(reference), "{reference}");
        }
    }

    #[test]
    fn it_stays_small_enough_to_be_sent() {
        // What mail takes as an attachment is 10 MB almost everywhere.
        for (accounts, kilobytes) in [(1, 20), (40, 60), (200, 220), (1_000, 450), (10_000, 3_500)]
        {
            let size = html(&samples::many(accounts)).len();
            assert!(size < kilobytes * 1_000, "{accounts} accounts: {size} bytes");
        }
    }
}
