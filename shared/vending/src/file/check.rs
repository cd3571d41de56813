//! Checking a list that was read: every fault of every row at once, and the
//! requests of the rows that have none.

use std::collections::{HashMap, HashSet};

use super::column::Column;
use super::fault::{Fault, Faults};
use super::names::UnknownNames;
use super::row::RawRow;
use super::sheet::Sheet;
use super::units::{self, UnitFlaw, Units};
use super::{access, across, fields};
use crate::account::{
    AccountName, AccountRequest, EmailAddress, OrganizationalUnit, PersonName, SsoUser,
};

/// What a list asks for, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The requests of the rows without a fault, each with its line, in the file's order.
    pub requests: Vec<(u64, AccountRequest)>,
    /// Every fault, those of the sheet too, sorted by line, then column.
    pub faults: Vec<Fault>,
}

/// Checks a list against the units that are registered with Control Tower, and against the
/// names of access that do not exist.
///
/// A row with a fault makes no request; of rows that repeat a name or an address
/// the first makes one. When the header has a fault no row does, as its cells may
/// not mean what they seem to. Whether an address is in use elsewhere in the
/// organization is not known here.
#[must_use]
pub fn check(sheet: &Sheet, units: &[OrganizationalUnit], unknown: &UnknownNames) -> Checked {
    let resolved = resolve(&sheet.rows, Units::new(units));
    let mut faults = own_faults(sheet);
    faults.extend(sheet.rows.iter().filter_map(|row| unit_fault(row, &resolved)));
    faults.extend(sheet.rows.iter().flat_map(|row| access::unknown(row, unknown)));
    Checked { requests: requests(sheet, &faults.lines(), &resolved), faults: faults.into_vec() }
}

/// Checks a list by itself, as [`check`] does but for the units and the names of access, of
/// which it looks at the form alone: which of them there are is not known here.
#[must_use]
pub fn check_alone(sheet: &Sheet) -> Vec<Fault> {
    let mut faults = own_faults(sheet);
    faults.extend(sheet.rows.iter().filter_map(|row| {
        let text = row.text(Column::OrgUnit)?;
        Some(fault_of_unit(row, text, &units::flaw_of_form(text)?))
    }));
    faults.into_vec()
}

/// Every fault that does not depend on what units there are.
fn own_faults(sheet: &Sheet) -> Faults {
    let mut faults: Faults = sheet.faults.iter().cloned().collect();
    faults.extend(across::faults(&sheet.rows));
    faults.extend(sheet.rows.iter().flat_map(fields::faults));
    faults
}

/// Every text of the `OrgUnit` column, and what it names.
type Resolved<'t, 'u> = HashMap<&'t str, Result<&'u OrganizationalUnit, UnitFlaw>>;

/// Resolves each text once: a list has many rows for few units.
fn resolve<'t, 'u>(rows: &'t [RawRow], mut units: Units<'u>) -> Resolved<'t, 'u> {
    let mut resolved = HashMap::new();
    for text in rows.iter().filter_map(|row| row.text(Column::OrgUnit)) {
        resolved.entry(text).or_insert_with(|| units.resolve(text));
    }
    resolved
}

fn unit_fault(row: &RawRow, resolved: &Resolved<'_, '_>) -> Option<Fault> {
    let text = row.text(Column::OrgUnit)?;
    let flaw = resolved.get(text)?.as_ref().err()?;
    Some(fault_of_unit(row, text, flaw))
}

fn fault_of_unit(row: &RawRow, text: &str, flaw: &UnitFlaw) -> Fault {
    let (problem, accepted) = (flaw.problem.as_str(), flaw.accepted.as_str());
    Fault::of_cell(row.line(), Column::OrgUnit, text, problem, accepted)
}

fn requests(
    sheet: &Sheet,
    faulty: &HashSet<u64>,
    resolved: &Resolved<'_, '_>,
) -> Vec<(u64, AccountRequest)> {
    if faulty.contains(&sheet.header.line()) {
        return Vec::new();
    }
    let sound = sheet.rows.iter().filter(|row| !faulty.contains(&row.line()));
    sound.filter_map(|row| Some((row.line(), request(row, resolved)?))).collect()
}

/// The request of a row without faults.
fn request(row: &RawRow, resolved: &Resolved<'_, '_>) -> Option<AccountRequest> {
    let email = |column| EmailAddress::new(row.text(column)?).ok();
    let person = |column| PersonName::new(row.text(column)?);
    let unit = resolved.get(row.text(Column::OrgUnit)?)?.as_ref().ok()?;
    Some(AccountRequest {
        name: AccountName::new(row.text(Column::AccountName)?).ok()?,
        email: email(Column::AccountEmail)?,
        sso_user: SsoUser {
            email: email(Column::SSOUserEmail)?,
            first_name: person(Column::SSOUserFirstName)?,
            last_name: person(Column::SSOUserLastName)?,
        },
        unit: (*unit).clone(),
        requester: email(Column::RequesterEmail),
        access: access::request(row),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccessRequest, PrincipalKind, PrincipalText};
    use crate::file::SheetReader;

    const HEADER: &str =
        "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status";

    fn units() -> Vec<OrganizationalUnit> {
        [
            "Test-OU-1 (ou-aaaa-bbbbcccc)",
            "Test-OU-2 (ou-aaaa-ddddeeee)",
            "Production (ou-aaaa-work0002)",
            "Production (ou-aaaa-infra002)",
        ]
        .iter()
        .map(|text| OrganizationalUnit::parse(text).unwrap())
        .collect()
    }

    /// What the sample with errors names and nobody has.
    fn unknown() -> UnknownNames {
        let group = PrincipalText { kind: PrincipalKind::Group, text: "Platform-Admin".into() };
        let user = PrincipalText { kind: PrincipalKind::User, text: "jane.doe@example.org".into() };
        let told = |what: &str| format!("there is no {what}");
        UnknownNames {
            principals: [(group, told("group \"Platform-Admin\"")), (user, told("such user"))]
                .into(),
            permission_sets: [("AWSReadOnlyAcces".into(), told("such permission set"))].into(),
            assignments: [].into(),
            portfolios: [("Network basline".into(), told("such portfolio"))].into(),
        }
    }

    fn checked(file: &[u8]) -> Checked {
        let mut reader = SheetReader::new();
        reader.push(file).unwrap();
        check(&reader.finish().unwrap(), &units(), &unknown())
    }

    fn rows(rows: &str) -> Checked {
        checked(format!("{HEADER}\n{rows}").as_bytes())
    }

    fn lines(checked: &Checked) -> Vec<u64> {
        checked.requests.iter().map(|(line, _)| *line).collect()
    }

    #[test]
    fn the_sample_is_sound() {
        let checked = checked(include_bytes!("../../../../samples/accounts.csv"));
        assert_eq!(checked.faults, []);
        assert_eq!(lines(&checked), [2, 3, 4]);
        let (_, first) = &checked.requests[0];
        assert_eq!(first.unit.to_string(), "Test-OU-1 (ou-aaaa-bbbbcccc)");
    }

    #[test]
    fn the_sample_with_errors_has_one_of_every_fault() {
        let checked = checked(include_bytes!("../../../../samples/accounts-with-errors.csv"));
        let faults: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(faults.join("\n"));
    }

    #[test]
    fn by_itself_it_has_the_same_faults_but_for_what_units_there_are() {
        let mut reader = SheetReader::new();
        reader.push(include_bytes!("../../../../samples/accounts-with-errors.csv")).unwrap();
        let sheet = reader.finish().unwrap();
        let alone = check_alone(&sheet);
        let all = check(&sheet, &units(), &unknown()).faults;
        assert_eq!(alone.iter().filter(|fault| !all.contains(fault)).count(), 0);
        let more: Vec<_> = all.iter().filter(|fault| !alone.contains(fault)).collect();
        let by_what_there_is = |fault: &&Fault| {
            let unit = fault.column == Some(Column::OrgUnit);
            unit || fault.problem.starts_with("there is no ")
        };
        assert!(more.iter().all(by_what_there_is), "{more:?}");
        let units = alone.iter().filter(|fault| fault.column == Some(Column::OrgUnit));
        let units: Vec<_> = units.map(|fault| (fault.line, fault.problem.as_str())).collect();
        let form = "is not of the form Name (ou-id), with one space before the bracket";
        assert_eq!(units, [(Some(23), "is empty"), (Some(27), form)]);
    }

    #[test]
    fn a_row_with_a_fault_makes_no_request() {
        let checked = rows(
            "one,a@example.com,r1@example.com,A,B,Test-OU-1,READY\n\
             two,a@example.com,R1@example.com,A,B,Test-OU-1,\n\
             \n\
             six,a@example.com,r6@example.com,A,B,ou-aaaa-ddddeeee,\n\
             odd,a@example.com,r7@example.com,A,B,Test-OU-1,,,extra\n",
        );
        assert_eq!(lines(&checked), [2, 5]);
        let faulty: Vec<_> =
            checked.faults.iter().map(|fault| (fault.line, fault.column)).collect();
        assert_eq!(faulty, [(Some(3), Some(Column::AccountEmail)), (Some(6), None)]);
    }

    #[test]
    fn a_short_row_is_one_fault_and_its_cells_are_checked() {
        let checked = rows("one,a@example.com,nothing\n");
        let faults: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with(
            "line 2: has only 3 cells, and none for SSOUserFirstName, SSOUserLastName, OrgUnit; "
        ));
        assert!(faults[1].starts_with("line 2, AccountEmail \"nothing\": is not of the form"));
    }

    #[test]
    fn trailing_optional_cells_may_be_missing() {
        let checked = rows("one,a@example.com,r1@example.com,A,B,Test-OU-1\n");
        assert_eq!((lines(&checked), checked.faults), (vec![2], vec![]));
    }

    #[test]
    fn who_asks_may_be_said_and_is_checked() {
        let list = |requester: &str| {
            let row = "one,a@example.com,r1@example.com,A,B,Test-OU-1";
            let header = HEADER.replace("Status", "RequesterEmail");
            checked(format!("{header}\n{row}{requester}\n").as_bytes())
        };
        let requester = |checked: &Checked| checked.requests[0].1.requester.clone();
        let asked = list(",ana@example.com");
        assert_eq!(requester(&asked).unwrap().as_str(), "ana@example.com");
        for none in ["", ",", ", "] {
            assert_eq!((requester(&list(none)), list(none).faults), (None, vec![]), "{none:?}");
        }
        let fault = list(",ana").faults[0].to_string();
        assert!(fault.starts_with("line 2, RequesterEmail \"ana\": is not of the form"), "{fault}");
        assert!(fault.contains("accepted: nothing, or name@domain.tld"), "{fault}");
    }

    #[test]
    fn the_access_of_a_row_is_read_from_a_list_with_any_delimiter() {
        let header = HEADER.replace("Status", "Defaults,Portfolios,Assignments");
        let row = "one,a@example.com,r1@example.com,A,B,Test-OU-1";
        let assignments = "group:Ops = EU=Admin;user:jane=Read";
        let with_commas = format!("{header}\n{row},replace,port-1;local:Net,{assignments}\n");
        let with_semicolons = format!(
            "{}\n{};replace;\"port-1;local:Net\";\"{assignments}\"\n",
            header.replace(',', ";"),
            row.replace(',', ";")
        );
        for list in [with_commas, with_semicolons] {
            let checked = checked(list.as_bytes());
            assert_eq!(checked.faults, []);
            let access = checked.requests[0].1.access.clone();
            let read = |text| AccessRequest::read_assignment(text).unwrap();
            let expected = AccessRequest {
                replaces_defaults: true,
                assignments: vec![read("group:Ops = EU=Admin"), read("user:jane=Read")],
                portfolios: vec!["port-1".into(), "local:Net".into()],
            };
            assert_eq!(access, expected);
        }
    }

    #[test]
    fn where_semicolons_part_the_cells_a_list_of_items_has_to_be_quoted() {
        let header = HEADER.replace("Status", "Assignments").replace(',', ";");
        let row = "one;a@example.com;r1@example.com;A;B;Test-OU-1";
        let list = format!("{header}\n{row};group:A=X;user:b=Y\n");
        let faults: Vec<_> = checked(list.as_bytes()).faults.iter().map(Fault::to_string).collect();
        assert_eq!(
            faults,
            ["line 2 \"user:b=Y\": is in cell 8 of the row, where the header has no column; \
              accepted: a cell for each column; a text with a delimiter in it goes in double quotes"]
        );
    }

    #[test]
    fn a_faulty_header_makes_no_request_but_rows_are_checked() {
        let row = "one,a@example.com,r1@example.com,A,B,Test-OU-9,x";
        let checked = checked(format!("{HEADER}es\n{row}\n").as_bytes());
        assert_eq!(checked.requests, []);
        let faulty: Vec<_> = checked.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(faulty, [Some(1), Some(2)]);
    }
}
