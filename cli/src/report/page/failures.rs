//! What failed, why, and what to do; and what failed before and was overcome.

use maud::{Markup, html};
use vending::ledger::Stage;

use super::{MOST_LISTED, names};
use crate::report::account::{Account, Setback};
use crate::report::failures::{SameCause, SameWords};
use crate::report::words::{count, number, short_moment};

/// The failures, those of one cause together; nothing where there are none.
pub(super) fn section(causes: &[SameCause<'_>]) -> Markup {
    html! {
        @if !causes.is_empty() {
            section aria-labelledby="failures" {
                h2 #failures { "Failures, and what to do" }
                @for same in causes { (cause(same)) }
            }
        }
    }
}

fn cause(same: &SameCause<'_>) -> Markup {
    html! {
        article.failure {
            h3 { (capital(same.cause)) }
            p.count { (count(same.count(), "account")) }
            p.remedy { b { "What to do: " } (capital(same.remedy)) }
            dl { @for words in same.words.iter().take(MOST_LISTED) { (told(words)) } }
            (more(same.words.len()))
        }
    }
}

/// Whom it was said of, and what it was.
fn told(words: &SameWords<'_>) -> Markup {
    let stage = match words.stage {
        Stage::Provision => "while it was made",
        Stage::Access => "while access was given; the account itself is there",
    };
    html! {
        dt { (names(&words.accounts)) span { " " (stage) (when(&words.accounts)) } }
        dd { @if words.said.is_empty() { "AWS said nothing about it." } @else { q { (words.said) } } }
    }
}

/// When one alone failed.
fn when(accounts: &[&Account]) -> String {
    let [Account { finished_at: Some(at), attempt, .. }] = accounts else { return String::new() };
    let tries = if *attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
    format!(", {} UTC{tries}", short_moment(*at))
}

/// How many are not listed.
fn more(all: usize) -> Markup {
    html! {
        @if all > MOST_LISTED {
            p.more { "And " (number(all - MOST_LISTED)) " more: the table below has every one." }
        }
    }
}

/// Failures that were overcome, or at least gone on from.
pub(super) fn setbacks(accounts: &[Account]) -> Markup {
    let all: Vec<(&Account, &Setback)> = accounts
        .iter()
        .flat_map(|account| account.setbacks.iter().map(move |setback| (account, setback)))
        .collect();
    html! {
        @if !all.is_empty() {
            section aria-labelledby="setbacks" {
                h2 #setbacks { "Failed before, and tried again" }
                dl.setbacks {
                    @for (account, setback) in all.iter().take(MOST_LISTED) {
                        dt {
                            b { (account.name) }
                            span { " attempt " (setback.attempt) " failed, " (short_moment(setback.at))
                                " UTC; " (account.status) " now" }
                        }
                        dd { (capital(&setback.said)) }
                    }
                }
                (more(all.len()))
            }
        }
    }
}

/// `text` as it begins a sentence.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
