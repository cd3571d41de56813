//! What is wrong with a portfolio file by itself: the form of every id, and what is there
//! twice. Whether anything exists is not known here.

use std::collections::HashMap;

use super::column::Column;
use super::key::Key;
use super::{AskedShare, Located, PortfolioFile, bounded, too_many};
use crate::account::{AccountId, UnitText};
use crate::file::{Fault, MOST_ROWS};

/// What a share asks for, where its form is sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound<'f> {
    /// As it was written.
    pub asked: &'f AskedShare,
    /// The portfolio.
    pub portfolio: &'f Located,
    /// The unit as it was written, and what that names.
    pub unit: (&'f Located, UnitText),
    /// The accounts whose ids are sound, each once.
    pub accounts: Vec<(AccountId, &'f Located)>,
}

/// Checks the file by itself: every fault, those of its form too, in order, and the shares
/// that can be looked up. An account is left out where its id is no id, or was there before.
#[must_use]
pub fn check(file: &PortfolioFile) -> (Vec<Sound<'_>>, Vec<Fault>) {
    let mut faults = file.faults.clone();
    let mut seen = HashMap::new();
    let sound = file.shares.iter().filter_map(|share| of_share(share, &mut seen, &mut faults));
    let sound = sound.collect();
    if file.rows() > MOST_ROWS {
        faults.push(too_many(file.shares.last().map_or(1, |share| share.line)));
    }
    (sound, bounded(faults))
}

/// What was asked for before, and where: a portfolio, with an account or the unit alone.
type Seen<'f> = HashMap<(&'f str, &'f str), &'f Located>;

fn of_share<'f>(
    share: &'f AskedShare,
    seen: &mut Seen<'f>,
    faults: &mut Vec<Fault>,
) -> Option<Sound<'f>> {
    let portfolio = share.portfolio.as_ref().filter(|text| is_sound(text, portfolio_flaw, faults));
    let unit = share.unit.as_ref();
    let unit = unit.filter(|text| is_sound(text, |text| unit_flaw(text, share.unit_by_id), faults));
    let mut accounts = Vec::new();
    for account in &share.accounts {
        if !is_sound(account, account_flaw, faults) || is_repeated(portfolio, account, seen, faults)
        {
            continue;
        }
        accounts.extend(AccountId::new(account.text.as_str()).ok().map(|id| (id, account)));
    }
    let (portfolio, unit) = (portfolio?, unit?);
    if share.accounts.is_empty() && is_repeated(Some(portfolio), unit, seen, faults) {
        return None;
    }
    Some(Sound { asked: share, portfolio, unit: (unit, UnitText::read(&unit.text)), accounts })
}

fn is_sound(
    text: &Located,
    flaw: impl Fn(&str) -> Option<(String, &'static str)>,
    faults: &mut Vec<Fault>,
) -> bool {
    let flaw = flaw(&text.text);
    faults.extend(flaw.as_ref().map(|(problem, accepted)| text.fault(problem, *accepted)));
    flaw.is_none()
}

fn is_repeated<'f>(
    portfolio: Option<&'f Located>,
    what: &'f Located,
    seen: &mut Seen<'f>,
    faults: &mut Vec<Fault>,
) -> bool {
    let Some(portfolio) = portfolio else { return false };
    let Some(first) = seen.insert((&portfolio.text, &what.text), what) else { return false };
    let place =
        if first.place.starts_with('$') { format!(", {}", first.place) } else { String::new() };
    let problem =
        format!("was asked for with this portfolio before, on line {}{place}", first.line);
    faults.push(what.fault(problem, "each once"));
    true
}

/// What a portfolio's id begins with. The model has no pattern for it but `[a-zA-Z0-9_-]*`,
/// 1 to 100 (Service Catalog API reference, `CreatePortfolioShare`).
const PORTFOLIO_PREFIX: &str = "port-";
const LONGEST_PORTFOLIO: usize = 100;

fn portfolio_flaw(text: &str) -> Option<(String, &'static str)> {
    let of_an_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let id = text.strip_prefix(PORTFOLIO_PREFIX).is_some_and(|rest| !rest.is_empty());
    let sound = id && text.len() <= LONGEST_PORTFOLIO && text.chars().all(of_an_id);
    (!sound)
        .then(|| (flaw_of_id(text, "is not the id of a portfolio"), Column::Portfolio.accepted()))
}

fn unit_flaw(text: &str, by_id: bool) -> Option<(String, &'static str)> {
    match UnitText::read(text) {
        _ if text.is_empty() => Some(("is empty".to_owned(), Column::Unit.accepted())),
        UnitText::Id(_) => None,
        UnitText::Exact(_) | UnitText::Name(_) if by_id => {
            Some(("is not the id of an organizational unit".to_owned(), Key::Unit.accepted()))
        }
        UnitText::Exact(_) | UnitText::Name(_) => None,
    }
}

fn account_flaw(text: &str) -> Option<(String, &'static str)> {
    if AccountId::new(text).is_ok() {
        return None;
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let problem = match digits {
        true if text.len() < 12 => {
            format!("has only {} digits: spreadsheets take zeros away", text.len())
        }
        true => "has more than 12 digits".to_owned(),
        false => flaw_of_id(text, "is not an account id"),
    };
    Some((problem, "an account id of 12 digits"))
}

fn flaw_of_id(text: &str, otherwise: &str) -> String {
    if text.is_empty() { "is empty".to_owned() } else { otherwise.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::FileReader;
    use crate::portfolio_file::{UploadReader, Uploaded};

    fn read(name: &str, text: &str) -> PortfolioFile {
        let mut reader = UploadReader::of(name);
        reader.push(text.as_bytes()).unwrap();
        match reader.finish().unwrap() {
            Uploaded::Portfolios(file) => file,
            Uploaded::Accounts(_) => panic!("an account list"),
        }
    }

    fn faults(name: &str, text: &str) -> Vec<String> {
        let file = read(name, text);
        check(&file).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_samples_are_sound_and_ask_for_the_same() {
        let json = read("p.json", include_str!("../../../../samples/portfolios.json"));
        let csv = read("p.csv", include_str!("../../../../samples/portfolios.csv"));
        let asked = |file: &PortfolioFile| {
            let (sound, faults) = check(file);
            assert_eq!(faults, []);
            let mut asked: Vec<(String, String)> = Vec::new();
            for share in sound {
                let accounts = share.accounts.iter();
                asked
                    .extend(accounts.map(|(id, _)| (share.portfolio.text.clone(), id.to_string())));
            }
            asked
        };
        assert_eq!(asked(&json), asked(&csv));
        assert_eq!(json.rows(), csv.rows());
    }

    #[test]
    fn every_id_is_checked_by_its_form() {
        let found = faults(
            "p.csv",
            "PortfolioId,OrgUnit,AccountId\nNetworking,,123\nport-,A (b),1111222233334\nport-a b,x,0x1\n,ou-aaaa-bbbbcccc,\n",
        );
        insta::assert_snapshot!(found.join("\n"));
        let json = r#"{"OU_ID": "Sandbox (ou-aaaa-bbbbcccc)", "PortID": "port-1", "DestinationAccountIDs": [""]}"#;
        let found = faults("p.json", json);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("$.DestinationAccountIDs[0]: is empty"), "{found:?}");
        assert!(
            found[1].contains("$.OU_ID \"Sandbox (ou-aaaa-bbbbcccc)\": is not the id of an"),
            "{found:?}"
        );
    }

    #[test]
    fn an_account_or_a_bare_share_is_asked_for_once() {
        let found = faults(
            "p.csv",
            "PortfolioId,OrgUnit,AccountId\nport-1,A,111122223333\nport-2,A,111122223333\nport-1,B,111122223333\nport-1,A\nport-1,A,\n",
        );
        assert_eq!(
            found,
            [
                "line 4, AccountId \"111122223333\": was asked for with this portfolio before, on line 2; accepted: each once",
                "line 6, OrgUnit \"A\": was asked for with this portfolio before, on line 5; accepted: each once",
            ]
        );
        let json = r#"{"OU_ID": "ou-aaaa-bbbbcccc", "PortID": "port-1", "DestinationAccountIDs": ["111122223333", "111122223333"]}"#;
        assert!(
            faults("p.json", json)[0].contains("on line 1, $.DestinationAccountIDs[0]; accepted")
        );
    }

    #[test]
    fn there_are_no_more_rows_than_a_file_may_have() {
        let ids = |many: usize| {
            let ids: Vec<String> = (0..many).map(|it| format!("\"{it:012}\"")).collect();
            format!(
                r#"{{"OU_ID": "ou-aaaa-bbbbcccc", "PortID": "port-1abc", "DestinationAccountIDs": [{}]}}"#,
                ids.join(",")
            )
        };
        let told = |many: usize| {
            let told = faults("p.json", &ids(many));
            told.iter().filter(|it| it.contains("asks for more than")).count()
        };
        assert_eq!([told(MOST_ROWS), told(MOST_ROWS + 1)], [0, 1]);
    }

    #[test]
    fn digits_that_are_no_account_id_are_told_apart() {
        let told = |text: &str| account_flaw(text).map(|(problem, _)| problem);
        assert_eq!(told("111122223333"), None);
        assert!(told("11112222333").unwrap().starts_with("has only 11 digits"));
        assert_eq!(told("1111222233334").unwrap(), "has more than 12 digits");
        assert!(!told("").unwrap().contains("digits"));
    }
}
