//! The world that a schedule plays in, and the lists that are uploaded to it.

use landing_zone::Description;
use landing_zone::ports::MemoryWorld;
use vending::ledger::PrincipalKind;
use vending::ports::PrincipalText;

use crate::schedule::{Row, Setting, TAKEN_EMAIL};

/// The world of `setting`, at its first moment.
#[must_use]
pub fn world(setting: &Setting) -> MemoryWorld {
    let mut description = Description::builtin();
    for (number, outcome) in setting.outcomes.iter().enumerate() {
        description.account_factory.outcomes.insert(name(number), *outcome);
    }
    description.account_factory.other_operations.clone_from(&setting.others);
    let group = |text: &str| PrincipalText { kind: PrincipalKind::Group, text: text.into() };
    let assignments = vec![
        (group("Platform-Admins"), "AWSAdministratorAccess".to_owned()),
        (group("Developers"), "AWSReadOnlyAccess".to_owned()),
    ];
    let portfolios = vec!["Network baseline".to_owned()];
    MemoryWorld {
        max_in_flight: setting.max_in_flight,
        accept_valid_rows: setting.accept_valid_rows,
        ..MemoryWorld::new(&description, setting.seed).giving(assignments, portfolios)
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
    let mut text = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n".to_owned();
    for (number, address) in rows {
        let (name, email) = (name(*number), email(*address));
        text.push_str(&format!("{name},jane@example.com,{email},Jane,Doe,Test-OU-1,,,\n"));
    }
    text
}
