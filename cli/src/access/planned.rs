//! What a list of access would do, account by account.

use anstyle::Style;
use vending::operate::access::{GivenAccount, GivenGrant, Standing};

use crate::status::words::{count, indented};
use crate::terminal::{FAINT, GOOD, TITLE, WARNING, harmless, paint};

/// The plan in lines of `width` characters.
pub(super) fn text(plan: &[GivenAccount], applied: bool, width: usize) -> String {
    let mut lines = Vec::new();
    for account in plan {
        lines.push(paint(TITLE, title(account)));
        lines.extend(account.grants.iter().map(|grant| row(grant, width)));
        lines.push(String::new());
    }
    lines.push(end(plan, applied));
    lines.join("\n")
}

/// The account's name and id.
pub(super) fn title(account: &GivenAccount) -> String {
    format!("{} ({})", harmless(&account.name), account.account)
}

fn row(grant: &GivenGrant, width: usize) -> String {
    let (style, mark, words) = told(grant.standing);
    let text = format!("{}: {words}", harmless(&grant.grant.describe()));
    let wrapped = indented(&text, 4, width);
    format!("  {} {}", paint(style, mark), wrapped.trim_start())
}

/// How it is marked, and what is said of it.
fn told(standing: Standing) -> (Style, char, &'static str) {
    match standing {
        Standing::New => (GOOD, '+', "new"),
        Standing::Missing => (WARNING, '+', "Vend granted it, and it is gone: given again"),
        Standing::Again => (WARNING, '+', "failed before: tried again"),
        Standing::Unrecorded => {
            (GOOD, '=', "there already, by others: kept, and noted as asked for")
        }
        Standing::UnderWay => (FAINT, '=', "under way already"),
        Standing::There => (FAINT, '=', "there already"),
    }
}

fn end(plan: &[GivenAccount], applied: bool) -> String {
    let (noted, given): (Vec<_>, Vec<_>) = plan
        .iter()
        .flat_map(GivenAccount::to_do)
        .partition(|grant| grant.standing == Standing::Unrecorded);
    let part = |number: usize, what: &str| (number > 0).then(|| format!("{number} to be {what}"));
    let parts = [part(given.len(), "given"), part(noted.len(), "noted as asked for")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return "nothing is to be done: all of it is there, or under way".to_owned();
    }
    let of = format!("{}, in {}", parts.join(" and "), count(plan.len(), "account"));
    if applied { of } else { format!("{of}\nnothing was changed; add --apply to do it") }
}
