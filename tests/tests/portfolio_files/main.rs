//! Portfolio files, from the upload to the end that is told, over the landing zone's own ports.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

mod endless;
mod rig;

use vending::handover::PortfolioUses;
use vending::ingest::Ingested;
use vending::ledger::Status;

use endless::Endless;
use rig::{NETWORK, Rig, WEBSHOP, WORKLOADS};

const JSON: &str = include_str!("../../../samples/portfolios.json");
const CSV: &str = include_str!("../../../samples/portfolios.csv");
const DEPLOY: &str = "arn:aws:iam::555566667777:role/deploy";

#[tokio::test]
async fn the_sample_ends_with_the_share_and_the_principals_in_each_account() {
    for (key, content) in [("in/portfolios.json", JSON), ("in/portfolios.csv", CSV)] {
        let rig = Rig::new();
        let batch = rig.taken(key, content).await;
        assert_eq!(rig.batch(&batch).await.rows, 1);
        assert_eq!(rig.shared_with(NETWORK), [""; 0], "nothing but what handover does");
        rig.end(&batch).await;
        assert_eq!(rig.shared_with(NETWORK), [WORKLOADS]);
        assert_eq!(rig.principals(WEBSHOP, NETWORK), [DEPLOY]);
        assert_eq!(rig.statuses(&batch).await, [Status::Ready, Status::Ready]);
        let results = rig.results(&batch);
        let row = format!("{NETWORK},Workloads ({WORKLOADS}),{WEBSHOP},READY,,given: ");
        assert!(results.lines().nth(1).unwrap().starts_with(&row), "{results}");
        let told = [
            format!("Vend: portfolio file {batch} taken"),
            format!("Vend: portfolio file {batch} complete: 2 ready, 0 failed"),
        ];
        assert_eq!(rig.subjects(), told);
    }
}

#[tokio::test]
async fn the_same_version_again_changes_nothing_and_the_same_content_does_nothing_twice() {
    let rig = Rig::new();
    let object = rig.world.upload("in/p.json", JSON);
    let Ingested::Portfolios(batch) = rig.ingest(&object).await else { panic!("not taken") };
    rig.end(&batch.id).await;
    let (orders, told) = (rig.orders(&batch.id).await, rig.subjects());
    assert!(matches!(rig.ingest(&object).await, Ingested::Already(id) if id == batch.id));
    rig.minutes(10).await;
    assert_eq!((rig.orders(&batch.id).await, rig.subjects()), (orders, told));

    let again = rig.taken("in/p.json", JSON).await;
    assert_ne!(again, batch.id);
    rig.end(&again).await;
    assert_eq!(rig.statuses(&again).await, [Status::Ready, Status::Ready]);
    assert_eq!(rig.shared_with(NETWORK), [WORKLOADS], "one share");
    assert_eq!(rig.principals(WEBSHOP, NETWORK), [DEPLOY], "one association");
}

#[tokio::test]
async fn everything_is_checked_against_the_organization_at_once_and_nothing_is_taken() {
    let rig = Rig::new();
    let found = rig
        .faults(
            "in/p.csv",
            "PortfolioId,OrgUnit,AccountId\n\
             port-network000002,Workloads,555566667777\n\
             port-network000001,Production,555566667777\n\
             port-network000001,Wrkloads,\n\
             port-network000001,Sandbox (ou-aaaa-work0001),\n\
             port-network000001,ou-aaaa-nowhere1,\n\
             port-network000001,Security,555566667777\n\
             port-network000001,Sandbox,777788889999\n\
             port-network000001,Sandbox,111122223333\n\
             port-network000001,Sandbox,999999999999\n\
             port-security00001,Sandbox,\n\
             port-security00001,ou-aaaa-sandbox1,\n",
        )
        .await;
    let expected = [
        "line 2, PortfolioId \"port-network000002\": is no portfolio of this account and Region; one that others share cannot be shared on; accepted: perhaps port-network000001",
        "line 3, OrgUnit \"Production\": is the name of 2 units; accepted: Production (ou-aaaa-infra002), or Production (ou-aaaa-work0002)",
        "line 4, OrgUnit \"Wrkloads\": is no unit of the organization; accepted: a unit that exists, perhaps Workloads (ou-aaaa-work0001)",
        "line 5, OrgUnit \"Sandbox (ou-aaaa-work0001)\": has the id of a unit of another name; accepted: Workloads (ou-aaaa-work0001)",
        "line 6, OrgUnit \"ou-aaaa-nowhere1\": is no unit of the organization; accepted: a unit that exists (aws organizations list-organizational-units-for-parent)",
        "line 7, AccountId \"555566667777\": was asked for with this portfolio before, on line 3; accepted: each once",
        "line 8, AccountId \"777788889999\": is not ACTIVE; accepted: an account that is open",
        "line 9, AccountId \"111122223333\": is the management account, which has the portfolio itself; accepted: a member account",
        "line 10, AccountId \"999999999999\": is no account of the organization; accepted: an account in the unit",
        "line 12, OrgUnit \"ou-aaaa-sandbox1\": is the unit that is asked for on line 11; accepted: each once",
    ];
    assert_eq!(found, expected);
    rig.minutes(10).await;
    assert_eq!(rig.shared_with(NETWORK), [""; 0]);
    assert_eq!(rig.subjects().len(), 1, "{:?}", rig.subjects());
    assert!(rig.subjects()[0].ends_with(" refused"));
}

#[tokio::test]
async fn an_account_outside_of_the_unit_is_a_fault_and_one_below_it_is_none() {
    let rig = Rig::new();
    let file = |unit: &str| JSON.replace(WORKLOADS, unit);
    let found = rig.faults("in/p.json", &file("ou-aaaa-sandbox1")).await;
    assert_eq!(
        found,
        [
            "line 5, $.DestinationAccountIDs[0] \"555566667777\": is not in Sandbox (ou-aaaa-sandbox1), so that the share does not reach it; accepted: an account in the unit, or below it"
        ]
    );
    rig.taken("in/p.json", &file("ou-aaaa-work0002")).await;
    // Not registered with Control Tower, which is fine here.
    let legacy = file("ou-aaaa-legacy01").replace(WEBSHOP, "666677778888");
    rig.taken("in/p.json", &legacy).await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_in_its_own_words() {
    let rig = Rig::new();
    let found = rig.faults("in/p.json", "{\"OU_ID\": \"ou").await;
    assert!(found[0].starts_with("line 1: the file ends in the middle of a value"), "{found:?}");
    let found = rig.faults("in/p.json", &" ".repeat(10_000_001)).await;
    assert!(found[0].starts_with("the file has more than 10 MB"), "{found:?}");
    assert!(rig.subjects().iter().all(|it| it.starts_with("Vend: portfolio file p-")));
    // And a list as a list.
    let found = rig.faults("in/l.csv", &" ".repeat(10_000_001)).await;
    assert!(found[0].starts_with("line 1: the header does not end within"), "{found:?}");
    let told = rig.subjects().pop().unwrap();
    assert!(told.starts_with("Vend: batch l-"), "{told}");
}

#[tokio::test]
async fn a_share_alone_is_a_row_and_many_objects_are_many_shares() {
    let rig = Rig::new();
    let share = |unit: &str, portfolio: &str| {
        format!(r#"{{"OU_ID": "{unit}", "PortID": "{portfolio}", "DestinationAccountIDs": []}}"#)
    };
    let units = ["ou-aaaa-sandbox1", WORKLOADS, "ou-aaaa-infra001", "ou-aaaa-legacy01"];
    let all: Vec<String> = units.iter().map(|unit| share(unit, NETWORK)).collect();
    let batch = rig.taken("in/p.json", &format!("[{}]", all.join(","))).await;
    rig.end(&batch).await;
    let mut shared = rig.shared_with(NETWORK);
    shared.sort();
    let mut expected = units.map(str::to_owned);
    expected.sort();
    assert_eq!(shared, expected, "one after the other, so that none is lost");
    assert_eq!(rig.results(&batch).matches(",READY,,shared with the unit").count(), 4);
}

#[tokio::test]
async fn the_results_stand_in_the_order_of_the_file() {
    let rig = Rig::new();
    let share = |unit: &str, accounts: &str| {
        format!(
            r#"{{"OU_ID": "{unit}", "PortID": "{NETWORK}", "DestinationAccountIDs": [{accounts}]}}"#
        )
    };
    let (archive, audit) = ("222233334444", "333344445555");
    let first = share("ou-aaaa-sec00001", &format!(r#""{archive}", "{audit}""#));
    let second = share(WORKLOADS, &format!(r#""{WEBSHOP}""#));
    let batch = rig.taken("in/p.json", &format!("[{first},\n{second}]")).await;
    let results = rig.results(&batch);
    let accounts: Vec<&str> =
        results.lines().skip(1).filter_map(|row| row.split(',').nth(2)).collect();
    assert_eq!(accounts, [archive, audit, WEBSHOP], "{results}");
}

#[tokio::test]
async fn whom_a_share_did_not_reach_fails_and_others_of_the_unit_are_told_of() {
    let rig = Rig::new();
    rig.fails_for("webshop-production");
    let batch = rig.taken("in/p.json", JSON).await;
    rig.end(&batch).await;
    assert_eq!(rig.statuses(&batch).await, [Status::Ready, Status::Failed]);
    let results = rig.results(&batch);
    let words = "InternalFailure: The portfolio could not be imported";
    assert!(results.contains("FAILED,") && results.contains(words), "{results}");
    let subjects = rig.subjects();
    assert!(subjects[1].ends_with(": 1 failed"), "{subjects:?}");
    assert!(subjects[2].ends_with("complete: 1 ready, 1 failed"), "{subjects:?}");

    // The share alone is not failed by an account that no row names.
    let rig = Rig::new();
    rig.fails_for("webshop-production");
    let bare = JSON.replace(&format!("\n    \"{WEBSHOP}\"\n  "), "");
    let batch = rig.taken("in/p.json", &bare).await;
    rig.end(&batch).await;
    assert_eq!(rig.statuses(&batch).await, [Status::Ready]);
    assert!(rig.results(&batch).contains("shared with the unit, but not with 555566667777"));
}

#[tokio::test]
async fn a_share_that_is_refused_fails_what_waits_for_it() {
    let rig = Rig::without_trusted_access();
    let batch = rig.taken("in/p.json", JSON).await;
    rig.end(&batch).await;
    assert_eq!(rig.statuses(&batch).await, [Status::Failed, Status::Failed]);
    let results = rig.results(&batch);
    assert!(results.contains("upload the file again; what is there stays"), "{results}");
    assert_eq!(rig.principals(WEBSHOP, NETWORK), [""; 0]);
}

#[tokio::test]
async fn a_share_that_does_not_end_fails_after_an_hour_with_what_waits_for_it() {
    let rig = Rig::new();
    let batch = rig.taken("in/p.json", JSON).await;
    let endless = Endless(rig.world.zone.clone());
    rig.minutes_with(&endless, 59).await;
    assert_eq!(rig.statuses(&batch).await, [Status::Configuring, Status::Configuring]);
    rig.minutes_with(&endless, 5).await;
    assert_eq!(rig.statuses(&batch).await, [Status::Failed, Status::Failed]);
    let results = rig.results(&batch);
    assert!(results.contains("AWS has not ended it within 60 minutes"), "{results}");
}

#[tokio::test]
async fn a_stack_that_names_nobody_says_so() {
    let rig = Rig::using(PortfolioUses::default());
    let batch = rig.taken("in/p.json", JSON).await;
    rig.end(&batch).await;
    assert_eq!(rig.statuses(&batch).await, [Status::Ready, Status::Failed]);
    let results = rig.results(&batch);
    assert!(results.contains("MemberRole and PortfolioPrincipals"), "{results}");
}

#[tokio::test]
async fn intake_that_is_cut_short_anywhere_is_made_good_by_the_next_delivery() {
    for call in [
        "read",
        "owned",
        "unit",
        "accounts_in",
        "management_account",
        "place_orders",
        "replace_results",
        "save_portfolio_batch",
        "orders",
        "publish",
    ] {
        for made in [false, true] {
            let rig = Rig::new();
            let object = rig.world.upload("in/p.json", JSON);
            rig.ingest_failing(&object, call, made).await.unwrap_err();
            // Handover may be quicker than the next delivery.
            rig.minutes(2).await;
            let id = match rig.ingest(&object).await {
                Ingested::Portfolios(batch) => batch.id,
                Ingested::Already(id) => id,
                other => panic!("{call}: {other:?}"),
            };
            rig.end(&id).await;
            assert_eq!(rig.statuses(&id).await, [Status::Ready, Status::Ready], "{call}");
            let told = rig.subjects();
            assert!(told.iter().any(|it| it.ends_with(" taken")), "{call}: {told:?}");
            assert_eq!(rig.principals(WEBSHOP, NETWORK), [DEPLOY]);
        }
    }
}

#[tokio::test]
async fn handover_that_is_cut_short_anywhere_is_made_good_by_the_next_tick() {
    for call in [
        "agenda",
        "portfolio_batch",
        "orders",
        "is_shared_with_unit",
        "take",
        "share_with_unit",
        "unit_share_status",
        "give_back",
        "save_order",
        "sees",
        "associate",
        "results_of",
        "replace_results",
        "publish",
        "save_portfolio_batch",
    ] {
        for made in [false, true] {
            let rig = Rig::new();
            let batch = rig.taken("in/p.json", JSON).await;
            let mut failed = 0;
            for _ in 0..6 {
                rig.pass(1);
                failed += usize::from(rig.tick_failing(call, made).await.is_err());
            }
            assert!(failed > 0, "{call} is never made");
            // A turn that a lost answer left taken ends in half an hour.
            rig.end(&batch).await;
            assert_eq!(rig.statuses(&batch).await, [Status::Ready, Status::Ready], "{call}");
            assert_eq!(rig.shared_with(NETWORK), [WORKLOADS], "{call}");
            assert_eq!(rig.principals(WEBSHOP, NETWORK), [DEPLOY], "{call}");
            assert!(rig.results(&batch).contains(",READY,"), "{call}");
            let complete = rig.subjects().iter().filter(|it| it.contains(" complete: ")).count();
            assert!(complete >= 1, "{call}");
        }
    }
}

#[tokio::test]
async fn a_failure_whose_notice_did_not_go_out_is_told_by_a_later_tick_once() {
    let rig = Rig::new();
    rig.fails_for("webshop-production");
    let batch = rig.taken("in/p.json", JSON).await;
    for _ in 0..4 {
        rig.pass(1);
        // Nothing goes out in these; the first fails in each, and it is not asked twice.
        rig.tick_failing("publish", false).await.ok();
    }
    rig.end(&batch).await;
    let told = rig.subjects();
    assert_eq!(told.iter().filter(|it| it.ends_with(": 1 failed")).count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|it| it.contains(" complete: ")).count(), 1, "{told:?}");
}

#[tokio::test]
async fn a_failure_is_told_once_while_the_rest_of_the_file_goes_on() {
    let rig = Rig::new();
    rig.fails_for("webshop-production");
    let units = ["ou-aaaa-sandbox1", "ou-aaaa-infra001", "ou-aaaa-legacy01"];
    let shares = units.map(|unit| {
        format!(r#"{{"OU_ID": "{unit}", "PortID": "{NETWORK}", "DestinationAccountIDs": []}}"#)
    });
    let batch = rig.taken("in/p.json", &format!("[{JSON},{}]", shares.join(","))).await;
    rig.end(&batch).await;
    let told = rig.subjects();
    let failed = told.iter().position(|it| it.ends_with(": 1 failed"));
    assert!(failed.is_some_and(|place| place + 2 == told.len()), "{told:?}");
    assert_eq!(told.len(), 3, "taken, failed, complete: {told:?}");
    let orders = rig.orders(&batch).await;
    assert!(orders.iter().all(|order| order.told == (order.status() == Status::Failed)));
}

#[tokio::test]
async fn a_share_that_is_asked_for_alone_and_with_accounts_is_one_and_has_a_row() {
    let rig = Rig::new();
    let file = format!(
        "PortfolioId,OrgUnit,AccountId\n{NETWORK},{WORKLOADS},{WEBSHOP}\n{NETWORK},{WORKLOADS},\n"
    );
    let batch = rig.taken("in/p.csv", &file).await;
    rig.end(&batch).await;
    let results = rig.results(&batch);
    let rows: Vec<&str> = results.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{results}");
    assert!(rows[0].contains(WEBSHOP) && rows[1].contains("shared with the unit"), "{results}");
    assert_eq!(rig.orders(&batch).await.len(), 2);
}

#[tokio::test]
async fn a_results_file_that_somebody_deleted_is_made_anew_while_the_file_is_open() {
    let rig = Rig::new();
    let batch = rig.taken("in/p.json", JSON).await;
    rig.world.source.delete("vend-lists", &format!("results/{batch}.csv"));
    rig.end(&batch).await;
    assert!(rig.results(&batch).contains(",READY,"));
}
