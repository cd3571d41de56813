//! Reading and checking the list.

use landing_zone::ports::Interposed;
use vending::file::Column;
use vending::ingest::{Ingested, Intake, ingest};

use crate::rig::{Counter, HEADER, Rig, list, row};

/// A list of a good row and these.
fn with(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n{}\n", row("good"), rows.join("\n"))
}

async fn fault(rows: &[&str]) -> (Option<u64>, Option<Column>, String) {
    let faults = Rig::new(&[]).faults(with(rows)).await;
    let [fault] = faults.as_slice() else { panic!("not one fault: {faults:?}") };
    (fault.line, fault.column, fault.problem.clone())
}

#[tokio::test]
async fn a_blank_required_cell_is_a_fault() {
    let (line, column, problem) =
        fault(&["bad,jane@example.com,bad@example.com,   ,Doe,Test-OU-1,,,"]).await;
    assert_eq!((line, column), (Some(3), Some(Column::SSOUserFirstName)));
    assert_eq!(problem, "is empty");
}

#[tokio::test]
async fn a_short_row_is_a_fault_with_its_line() {
    let (line, _, problem) = fault(&["bad,jane@example.com,bad@example.com"]).await;
    assert_eq!(line, Some(3));
    assert!(problem.contains("has only 3 cells"), "{problem}");
}

#[tokio::test]
async fn a_missing_header_is_told() {
    let faults = Rig::new(&[]).faults(row("good")).await;
    assert!(faults[0].to_string().contains("header"), "{}", faults[0]);
}

#[tokio::test]
async fn a_missing_column_is_named() {
    let file = list(&["good"]).replace("OrgUnit", "OrgUnits");
    let faults = Rig::new(&[]).faults(file).await;
    let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        text.iter().any(|fault| fault.contains("OrgUnits") && fault.contains("OrgUnit")),
        "{text:?}"
    );
}

#[tokio::test]
async fn an_email_of_an_account_inside_a_unit_is_refused_whatever_its_case() {
    let (line, column, problem) =
        fault(&["bad,jane@example.com,AWS-Network@example.com,Jane,Doe,Test-OU-1,,,"]).await;
    assert_eq!((line, column), (Some(3), Some(Column::AccountEmail)));
    assert!(problem.contains("444455556666"), "{problem}");
}

#[tokio::test]
async fn a_repeated_name_is_refused_and_overwrites_nothing() {
    let again = "good,jane@example.com,other@example.com,Jane,Doe,Test-OU-1,,,";
    let rig = Rig::new(&[]);
    let faults = rig.faults(with(&[again])).await;
    assert_eq!((faults[0].line, faults[0].column), (Some(3), Some(Column::AccountName)));
    assert_eq!(rig.find("good").await, None);
}

#[tokio::test]
async fn a_repeated_email_is_refused() {
    let (line, column, _) =
        fault(&["bad,jane@example.com,GOOD@example.com,Jane,Doe,Test-OU-1,,,"]).await;
    assert_eq!((line, column), (Some(3), Some(Column::AccountEmail)));
}

#[tokio::test]
async fn an_email_must_match_to_its_end() {
    let (line, column, _) = fault(&["bad,jane@example.com,a@b.c d e,Jane,Doe,Test-OU-1,,,"]).await;
    assert_eq!((line, column), (Some(3), Some(Column::AccountEmail)));
}

#[tokio::test]
async fn the_id_of_a_unit_is_checked_and_not_its_name_alone() {
    let (line, column, _) =
        fault(&["bad,jane@example.com,bad@example.com,Jane,Doe,Test-OU-1 (ou-aaaa-99999999),,,"])
            .await;
    assert_eq!((line, column), (Some(3), Some(Column::OrgUnit)));
}

#[tokio::test]
async fn a_list_in_utf_16_is_read() {
    let text = list(&["good"]);
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let ingested = Rig::new(&[]).upload(utf_16).await;
    assert!(matches!(ingested, Ingested::Taken { batch, .. } if batch.queued() == 1));
}

/// The calls that intake makes for a list of so many rows.
async fn calls(rows: usize) -> usize {
    let rig = Rig::new(&[]);
    let names: Vec<String> = (0..rows).map(|n| format!("row-{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let object = rig.world.upload("in/accounts.csv", list(&names));
    let (counter, hook) = Counter::hook();
    let zone = Interposed::new(rig.world.zone.clone(), hook.clone());
    let ledger = Interposed::new(rig.world.ledger.clone(), hook);
    let world = Intake {
        ledger: &ledger,
        factory: &zone,
        directory: &zone,
        assignments: &zone,
        portfolios: &zone,
        notifier: &zone,
        ..rig.world.intake()
    };
    assert!(matches!(ingest(&world, &object).await.unwrap(), Ingested::Taken { .. }));
    counter.count()
}

#[tokio::test]
async fn a_file_is_checked_with_as_many_calls_however_long_it_is() {
    assert_eq!(calls(2).await, calls(200).await);
}
