//! `vend doctor`: looks at every precondition, and says what to mend.

use anstyle::Style;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use vending::account::RoleArn;
use vending::doctor::{Deployed, Finding, Verdict, World, examine};
use vending_aws::IdentityCenter;
use vending_aws::operator::{
    ControlTowerLandingZones, IdentityCenterDirectories, OrganizationsOverview,
    ServiceCatalogFactory, ServiceCatalogOwnPortfolios, SnsTopic, SqsQueues,
};

use crate::stack::Stack;
use crate::status::words::wrap;
use crate::terminal::{self, BAD, FAINT, GOOD, WARNING, harmless, paint};
use crate::{DoctorArguments, Exit};

/// The queues of the template.
const QUEUES: [&str; 3] = ["UndeliveredStream", "UndeliveredEvents", "UndeliveredRules"];

/// Runs the command.
///
/// # Errors
/// When the stack is not Vend's, so that nothing can be looked at.
pub(crate) async fn run(stack: &Stack, arguments: &DoctorArguments) -> Result<Exit> {
    let findings = look(stack).await?;
    let exit = exit(&findings);
    if arguments.json {
        terminal::json(&document(stack, &findings))?;
        return Ok(exit);
    }
    let width = terminal::width().into();
    for finding in &findings {
        describe(finding, width).iter().for_each(terminal::line);
    }
    terminal::line("");
    terminal::line(summary(&findings));
    Ok(exit)
}

async fn look(stack: &Stack) -> Result<Vec<Finding>> {
    let (clients, meant) = (stack.clients(), stack.identity_center()?);
    let deployed = deployed(stack, &meant)?;
    let urls = QUEUES.map(|queue| stack.resource(queue).map(str::to_owned));
    let urls = urls.into_iter().collect::<Result<_>>()?;
    let organization = OrganizationsOverview::new(clients, stack.region());
    let assignments = stack.assignments()?;
    Ok(examine(&World {
        deployed: &deployed,
        organization: &organization,
        landing_zones: &ControlTowerLandingZones::new(clients),
        factory: &ServiceCatalogFactory::new(clients),
        directories: &IdentityCenterDirectories::new(clients, meant),
        assignments: &assignments,
        portfolios: &ServiceCatalogOwnPortfolios::new(clients),
        topic: &SnsTopic::new(clients, stack.resource("Topic")?),
        queues: &SqsQueues::new(clients, urls),
        work: stack.ledger(),
        clock: stack.clock(),
    })
    .await)
}

fn deployed(stack: &Stack, meant: &IdentityCenter) -> Result<Deployed> {
    let account = stack.account()?;
    // arn:PARTITION:sns:…
    let partition = stack.resource("Topic")?.split(':').nth(1).unwrap_or_default();
    // CloudFormation tells a role's name; the template gives it no path.
    let role = stack.resource("ProvisionRole")?;
    let launch_role = RoleArn::new(format!("arn:{partition}:iam::{account}:role/{role}"));
    let instance = match meant {
        IdentityCenter::Instance { arn, .. } => Some(arn.clone()),
        IdentityCenter::OwnedBy(_) => None,
    };
    Ok(Deployed {
        account,
        region: stack.region().to_owned(),
        launch_role: launch_role.context("name the role that launches accounts")?,
        instance,
        defaults: stack.defaults()?,
    })
}

/// Broken counts more than unknown: what is known to be wrong can be mended now.
fn exit(findings: &[Finding]) -> Exit {
    let any = |verdict| findings.iter().any(|finding| finding.verdict == verdict);
    if any(Verdict::Broken) {
        Exit::SomeFailed
    } else if any(Verdict::CouldNotTell) {
        Exit::CouldNotRun
    } else {
        Exit::AllReady
    }
}

fn document(stack: &Stack, findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|finding| {
        json!({
            "check": finding.check.name(),
            "verdict": finding.verdict.name(),
            "seen": finding.seen,
            "why": finding.why,
            "mend": finding.mend,
        })
    });
    json!({
        "stack": stack.name(),
        "region": stack.region(),
        "checks": checks.collect::<Vec<_>>(),
    })
}

fn mark(verdict: Verdict) -> (Style, &'static str) {
    match verdict {
        Verdict::Sound => (GOOD, "ok"),
        Verdict::Warning => (WARNING, "warning"),
        Verdict::Broken => (BAD, "BROKEN"),
        Verdict::CouldNotTell => (WARNING, "?"),
    }
}

/// The columns before what was seen: those of the mark and of the title.
const MARK: usize = 9;
const TITLE: usize = 22;

/// One finding, in lines of at most `width` columns.
fn describe(finding: &Finding, width: usize) -> Vec<String> {
    let (style, mark) = mark(finding.verdict);
    let seen = wrap(&harmless(&finding.seen), width.saturating_sub(MARK + TITLE).max(20));
    let head = format!("{}{:TITLE$}", paint(style, format!("{mark:MARK$}")), finding.check.title());
    let gap = format!("{:1$}", "", MARK + TITLE);
    let heads = std::iter::once(head).chain(std::iter::repeat(gap));
    let mut lines: Vec<String> =
        heads.zip(seen).map(|(head, seen)| format!("{head}{seen}")).collect();
    if finding.verdict != Verdict::Sound {
        lines.extend(paragraph("why", finding.why, width));
        lines.extend(paragraph("mend", &finding.mend, width));
    }
    lines
}

/// Below the title, after a word in the margin.
fn paragraph(word: &str, text: &str, width: usize) -> Vec<String> {
    const WORD: usize = 6;
    let lines = wrap(&harmless(text), width.saturating_sub(MARK + WORD).max(20));
    let words = std::iter::once(word).chain(std::iter::repeat(""));
    let line = |(word, text): (&str, String)| {
        format!("{:MARK$}{}{text}", "", paint(FAINT, format!("{word:WORD$}")))
    };
    words.zip(lines).map(line).collect()
}

fn summary(findings: &[Finding]) -> String {
    let counted = [
        (Verdict::Sound, "ok"),
        (Verdict::Warning, "to watch"),
        (Verdict::Broken, "broken"),
        (Verdict::CouldNotTell, "that could not be told"),
    ];
    let counted = counted.map(|(verdict, word)| {
        let count = findings.iter().filter(|finding| finding.verdict == verdict).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counted: Vec<String> = counted.into_iter().flatten().collect();
    format!("{} checks: {}.", findings.len(), counted.join(", "))
}

#[cfg(test)]
mod tests {
    use vending::doctor::Check;

    use super::*;

    fn finding(verdict: Verdict, seen: &str) -> Finding {
        let check = Check::LaunchPath;
        let mend = if verdict == Verdict::Sound { "" } else { "Mend it." };
        Finding { check, verdict, seen: seen.into(), why: check.why(), mend: mend.into() }
    }

    #[test]
    fn what_is_broken_decides_before_what_is_not_known() {
        let exit_of = |verdicts: &[Verdict]| {
            let findings: Vec<_> = verdicts.iter().map(|it| finding(*it, "")).collect();
            exit(&findings)
        };
        use Verdict::{Broken, CouldNotTell, Sound, Warning};
        assert_eq!(exit_of(&[Sound, Warning]), Exit::AllReady);
        assert_eq!(exit_of(&[Sound, CouldNotTell]), Exit::CouldNotRun);
        assert_eq!(exit_of(&[CouldNotTell, Broken]), Exit::SomeFailed);
    }

    #[test]
    fn no_line_is_wider_and_what_is_sound_takes_one() {
        assert_eq!(describe(&finding(Verdict::Sound, "as it is"), 80).len(), 1);
        let role = "arn:aws:iam::111122223333:role/".to_owned() + &"x".repeat(64);
        for width in [40, 60, 80, 120] {
            for line in describe(&finding(Verdict::Broken, &role), width) {
                let plain = anstream::adapter::strip_str(&line).to_string();
                let wide = plain.chars().count();
                assert!(wide <= width.max(MARK + TITLE + 20), "{wide} columns: {plain}");
            }
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_printed() {
        let lines = describe(&finding(Verdict::Broken, "paused: \u{1b}[2J"), 80).join("\n");
        let plain = anstream::adapter::strip_str(&lines).to_string();
        assert!(plain.contains("paused:  [2J"), "the escape is gone, the text is not: {plain:?}");
    }
}
