//! An audit for people: account by account, and at the end how it stands. Names stay whole,
//! in any width.

use anstyle::Style;
use vending::audit::{Drift, Finding, Origin, Report};

use crate::status::words::{count, indented};
use crate::terminal::{BAD, FAINT, GOOD, TITLE, WARNING, harmless, paint};

/// The columns of a permission set at most: IAM Identity Center lets it have 32 characters.
const LONGEST_SET: usize = 32;
/// The columns of who gave it, and how it drifts: `Control Tower`, `Vend: missing`.
const GIVEN: usize = 13;
/// Spaces in front of a row, and between columns.
const GAP: usize = 2;

/// The report in lines of `width` characters.
pub(super) fn text(report: &Report, width: usize) -> String {
    let set = set_width(report);
    let mut lines = Vec::new();
    let mut account = None;
    for finding in &report.findings {
        if account.replace(&finding.account) != Some(&finding.account) {
            lines.extend((!lines.is_empty()).then(String::new));
            lines.push(paint(TITLE, title(finding)));
        }
        lines.push(row(finding, set, width));
    }
    lines.extend((!lines.is_empty()).then(String::new));
    lines.extend(end(report, width));
    lines.join("\n")
}

fn set_width(report: &Report) -> usize {
    let lengths = report.findings.iter().map(|it| it.permission_set.chars().count());
    lengths.max().unwrap_or_default().min(LONGEST_SET)
}

fn title(finding: &Finding) -> String {
    format!("{} ({})", harmless(&finding.account_name), finding.account)
}

/// One line; or two, where what it is and for whom leaves no room for the rest.
fn row(finding: &Finding, set: usize, width: usize) -> String {
    let start = format!("{:GAP$}{:<set$}  {}", "", harmless(&finding.permission_set), who(finding));
    let left = width.saturating_sub(GAP + GIVEN);
    if start.chars().count() <= left {
        return format!("{start:<left$}  {}", given(finding));
    }
    let wrapped = indented(start.trim_start(), GAP, width);
    format!("{wrapped}\n{:left$}  {}", "", given(finding))
}

fn who(finding: &Finding) -> String {
    let principal = &finding.principal;
    let through = finding.through.as_ref();
    let through = through.map(|it| format!(" through {}", harmless(it.words())));
    let name = harmless(principal.words());
    format!("{} {name}{}", principal.kind.as_str(), through.unwrap_or_default())
}

/// Who gave it, and how it drifts.
fn given(finding: &Finding) -> String {
    let origin = finding.origin.as_str();
    match finding.drift {
        Some(drift) => paint(style(drift), format!("{origin}: {}", drift.as_str())),
        None => origin.to_owned(),
    }
}

fn style(drift: Drift) -> Style {
    match drift {
        Drift::Missing => BAD,
        Drift::Extra => WARNING,
    }
}

/// How it stands, and what helps.
fn end(report: &Report, width: usize) -> Vec<String> {
    let mut lines = vec![indented(&counted(report), 0, width)];
    if report.inactive > 0 {
        let (accounts, are) =
            (count(report.inactive, "account"), if report.inactive == 1 { "is" } else { "are" });
        let left_out = format!("{accounts} {are} closed or suspended, and left out.");
        lines.push(paint(FAINT, indented(&left_out, 0, width)));
    }
    let (missing, extra) = (report.drifting(Drift::Missing), report.drifting(Drift::Extra));
    if missing + extra == 0 {
        lines.push(paint(
            GOOD,
            "Nothing that Vend granted is missing, and nothing is there besides.",
        ));
    }
    lines.extend((missing > 0).then(|| {
        told(
            BAD,
            &format!(
                "{missing} missing: Vend granted it, and it is gone. To give it again: \
            vend access apply FILE, with a row for the account"
            ),
            width,
        )
    }));
    lines.extend((extra > 0).then(|| {
        told(
            WARNING,
            &format!(
                "{extra} extra: somebody else gave it in an account that Vend \
            vended. Vend takes nothing away: see who did, in CloudTrail, and whether it is meant"
            ),
            width,
        )
    }));
    lines
}

fn told(style: Style, text: &str, width: usize) -> String {
    paint(style, indented(text, 0, width))
}

fn counted(report: &Report) -> String {
    let accounts = count(report.accounts, "account");
    let all = count(report.findings.len(), "assignment");
    let [vend, tower, others] =
        [Origin::Vend, Origin::ControlTower, Origin::Others].map(|origin| report.of(origin));
    match report.findings.len() {
        0 => format!("{accounts}, and nobody reaches one by what is asked about."),
        _ => format!(
            "{all} in {accounts}: {vend} by Vend, {tower} by Control Tower, {others} by others."
        ),
    }
}

#[cfg(test)]
mod tests {
    use vending::account::{AccountId, PrincipalKind};
    use vending::audit::Who;

    use super::*;

    fn who_of(kind: PrincipalKind, name: &str) -> Who {
        Who { kind, name: Some(name.to_owned()), id: "x".into() }
    }

    fn finding(account: &str, set: &str, name: &str) -> Finding {
        Finding {
            account_name: account.to_owned(),
            account: AccountId::new("123456789012").unwrap(),
            permission_set: set.to_owned(),
            principal: who_of(PrincipalKind::User, name),
            through: None,
            origin: Origin::Vend,
            drift: Some(Drift::Missing),
            permission_set_arn: "arn".into(),
        }
    }

    fn shown(findings: Vec<Finding>, inactive: usize) -> String {
        let report = Report { findings, accounts: 1, inactive };
        let text = anstream::adapter::strip_str(&text(&report, 80)).to_string();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        text
    }

    #[test]
    fn names_stay_whole_and_no_line_is_wider_than_asked() {
        let long = "n".repeat(40);
        let mut through = finding("alpha", &"S".repeat(32), "jane@example.com");
        through.through = Some(who_of(PrincipalKind::Group, &long));
        let mut extra = finding("alpha", "Short", "joe");
        extra.drift = Some(Drift::Extra);
        extra.origin = Origin::Others;
        let text = shown(vec![through, extra], 2);
        assert!(text.contains(&long), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_printed_and_nothing_is_said_so() {
        let text = shown(vec![finding("a\u{1b}[2J", "x\ty", "\u{7}z")], 0);
        assert!(!text.contains(['\u{1b}', '\t', '\u{7}']), "{text:?}");
        let none = shown(Vec::new(), 1);
        assert!(none.starts_with("1 account, and nobody reaches one"), "{none}");
        assert!(none.contains("1 account is closed or suspended, and left out."), "{none}");
    }
}
