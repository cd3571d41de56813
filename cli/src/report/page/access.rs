//! The access that accounts were given, those with the same together.

use maud::{Markup, html};

use super::{MOST_LISTED, names};
use crate::report::access::{Given, SameAccess};
use crate::report::words::{count, number};

/// What accounts were given; nothing where nothing is known yet.
pub(super) fn section(same: &[SameAccess<'_>]) -> Markup {
    html! {
        @if !same.is_empty() {
            section aria-labelledby="access" {
                h2 #access { "Access given" }
                @for set in same.iter().take(MOST_LISTED) { (one(set)) }
                @if same.len() > MOST_LISTED {
                    p.more { "And " (number(same.len() - MOST_LISTED)) " more combinations." }
                }
            }
        }
    }
}

fn one(set: &SameAccess<'_>) -> Markup {
    html! {
        article.access {
            h3 { span.letter { (set.letter) } " " (count(set.accounts.len(), "account")) }
            ul.grants {
                @for access in set.access {
                    li { (access.what) " " span class=(class_of(access.given)) { (access.given.title()) } }
                }
            }
            p.names {
                (names(&set.accounts))
                @if set.accounts.len() > MOST_LISTED { ": " (set.letter) " in the table below" }
            }
        }
    }
}

/// The badge of how far it has come.
fn class_of(given: Given) -> &'static str {
    match given {
        Given::There => "badge ready",
        Given::UnderWay => "badge busy",
        Given::Waiting => "badge queued",
        Given::Failed => "badge failed",
    }
}
