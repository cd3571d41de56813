//! The world that a schedule plays in, and the lists that are uploaded to it.

use landing_zone::Description;
use landing_zone::model::service_catalog::Outcome;
use landing_zone::ports::MemoryWorld;
use vending::handover::PortfolioUses;
use vending::ledger::{PortfolioPrincipal, PrincipalKind};
use vending::ports::PrincipalText;

use crate::asking::{ASSIGNED_BY_DEFAULT, OPEN_TO, SHARED_BY_DEFAULT, cells};
use crate::portfolio_files::UNREACHED;
use crate::schedule::{Row, Setting, TAKEN_EMAIL};

/// The world of `setting`, at its first moment.
#[must_use]
pub fn world(setting: &Setting) -> MemoryWorld {
    let mut description = Description::builtin();
    // Some accounts are handed over before their roles are there.
    description.members.ready_after_minutes = 30;
    for (number, outcome) in setting.outcomes.iter().enumerate() {
        description.account_factory.outcomes.insert(name(number), *outcome);
    }
    description.account_factory.other_operations.clone_from(&setting.others);
    let group = |text: &str| PrincipalText { kind: PrincipalKind::Group, text: text.into() };
    let assignments = ASSIGNED_BY_DEFAULT.map(|(who, set)| (group(who), set.to_owned())).into();
    let portfolios = vec![SHARED_BY_DEFAULT.to_owned()];
    let world = MemoryWorld::new(&description, setting.seed);
    world.zone.with(|zone| zone.service_catalog.plan(UNREACHED.0, Outcome::ShareFails));
    MemoryWorld {
        max_in_flight: setting.max_in_flight,
        accept_valid_rows: setting.accept_valid_rows,
        ..world.giving(assignments, portfolios).using(uses())
    }
}

/// What makes portfolios usable in the accounts.
fn uses() -> PortfolioUses {
    PortfolioUses {
        in_accounts: true,
        principals: vec![PortfolioPrincipal::Role(OPEN_TO.into())],
        launch_role: Some("service-catalog-launch".into()),
        tag_options: vec![("managed-by".into(), "vend".into())],
    }
}

/// The account name of that number.
#[must_use]
pub fn name(number: usize) -> String {
    format!("account-{number}")
}

fn email(number: usize) -> String {
    // The built-in landing zone says of this one that it is an account's elsewhere.
    if number == TAKEN_EMAIL {
        "taken@example.com".into()
    } else {
        format!("account-{number}@example.com")
    }
}

/// Whether rows may ask for that e-mail.
#[must_use]
pub fn is_email_of_a_row(text: &str) -> bool {
    (0..=TAKEN_EMAIL).any(|number| email(number) == text)
}

/// A list with those rows.
#[must_use]
pub fn list(rows: &[Row]) -> String {
    let mut text = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Assignments,Portfolios,Defaults,Status\n".to_owned();
    for (number, address, way) in rows {
        let (name, email, asks) = (name(*number), email(*address), cells(*way));
        text.push_str(&format!("{name},jane@example.com,{email},Jane,Doe,Test-OU-1,{asks},\n"));
    }
    text
}
