//! What rows ask for is what their accounts are given: by name, besides the defaults or
//! instead of them, with every unknown name told before anything is launched.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod picky;
mod rig;

use vending::failure::FailureKind;
use vending::ledger::{Entry, State, Status};
use vending::ports::AccessDefaults;

use rig::{Rig, set};

const DEFAULT: &str = "group:Developers=AWSReadOnlyAccess";

fn failure(entry: &Entry) -> (FailureKind, String) {
    match &entry.state {
        State::Failed { failure, .. } => (failure.kind, failure.detail.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_account_is_given_exactly_what_its_row_asks_for() {
    let rig = Rig::new();
    let asked = "group:Platform-Admins=AWSAdministratorAccess;user:john.smith=BillingView";
    rig.taken(
        "in/list.csv",
        &[
            ("plain", "", "", ""),
            ("besides", asked, "Security tooling", "add"),
            ("instead", asked, "", "replace"),
            ("nothing", "", "", "REPLACE"),
            // The defaults once more, and one user by name and by e-mail.
            (
                "twice",
                "group:developers=AWSReadOnlyAccess;user:john.smith=BillingView;user:john.smith@example.com=BillingView",
                "Network baseline;port-network000001",
                "",
            ),
        ],
    )
    .await;
    let names = ["plain", "besides", "instead", "nothing", "twice"];
    assert_eq!(rig.ended(&names).await, [Status::Ready; 5]);
    let admins = "group:Platform-Admins=AWSAdministratorAccess";
    let john = "user:john.smith=BillingView";
    assert_eq!(rig.assigned("plain"), set(&[DEFAULT]));
    assert_eq!(rig.assigned("besides"), set(&[DEFAULT, admins, john]));
    assert_eq!(rig.assigned("instead"), set(&[admins, john]));
    assert_eq!(rig.assigned("nothing"), set(&[]));
    assert_eq!(rig.assigned("twice"), set(&[DEFAULT, john]));
    let recorded =
        |name| rig.recorded(name).into_iter().map(|(grant, _)| grant).collect::<Vec<_>>();
    assert_eq!(
        recorded("besides"),
        [
            "permission set AWSReadOnlyAccess for group Developers",
            "permission set AWSAdministratorAccess for group Platform-Admins",
            "permission set BillingView for user john.smith",
            "portfolio Network baseline",
            "portfolio Security tooling",
        ]
    );
    assert_eq!(recorded("instead").len(), 2);
    assert_eq!(recorded("nothing").len(), 0);
    assert_eq!(
        recorded("twice"),
        [
            "permission set AWSReadOnlyAccess for group Developers",
            "permission set BillingView for user john.smith",
            "portfolio Network baseline",
        ]
    );
}

#[tokio::test]
async fn every_unknown_name_is_told_of_each_cell_that_has_it_and_nothing_is_launched() {
    let rig = Rig::new();
    let found = rig
        .refused(
            "in/list.csv",
            &[
                ("one", "group:Nobody=AWSReadOnlyAcess", "Network basline", ""),
                ("two", "user:nobody=AWSReadOnlyAcess;user:nobody=BillingView", "", ""),
                ("three", "group:Nobody=BillingView", "local:Network basline;Security tooling", ""),
                ("four", DEFAULT, "", "instead"),
            ],
        )
        .await;
    let problems: Vec<&str> =
        found.iter().map(|fault| fault.split("; accepted").next().unwrap()).collect();
    let expected = [
        ("line 2, Assignments \"group:Nobody=AWSReadOnlyAcess\": there is no group", ""),
        (
            "line 2, Assignments \"group:Nobody=AWSReadOnlyAcess\": there is no permission set",
            "\"AWSReadOnlyAcess\"; did you mean \"AWSReadOnlyAccess\"?",
        ),
        (
            "line 2, Portfolios \"Network basline\": there is no portfolio",
            "\"Network basline\"; did you mean \"Network baseline\"?",
        ),
        ("line 3, Assignments \"user:nobody=AWSReadOnlyAcess\": there is no permission set", ""),
        ("line 3, Assignments \"user:nobody=AWSReadOnlyAcess\": there is no user", ""),
        ("line 4, Assignments \"group:Nobody=BillingView\": there is no group", ""),
        ("line 4, Portfolios \"local:Network basline\": there is no portfolio", ""),
        ("line 5, Defaults \"instead\": is neither add nor replace", ""),
    ];
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, (start, end)) in problems.iter().zip(expected) {
        assert!(problem.starts_with(start) && problem.ends_with(end), "{problem}: {start} {end}");
    }
    assert_eq!(rig.world.ledger.all(), []);
}

#[tokio::test]
async fn of_two_names_that_only_come_together_each_is_judged_by_one_that_exists() {
    let problems = async |rows: &[(&str, &str, &str, &str)]| {
        let found = Rig::new().refused("in/list.csv", rows).await;
        let told = found.iter().map(|it| it.split(": there is no ").nth(1).unwrap().to_owned());
        let told: Vec<String> = told.map(|it| it.split(' ').next().unwrap().to_owned()).collect();
        told
    };
    // The default has a group and a permission set that exist.
    assert_eq!(problems(&[("one", "group:Nobody=AWSReadOnlyAccess", "", "")]).await, ["group"]);
    assert_eq!(problems(&[("one", "group:Developers=Nothing", "", "")]).await, ["permission"]);
    let both = problems(&[("one", "group:Nobody=Nothing", "", "")]).await;
    assert_eq!(both, ["group", "permission"]);
    // Known by the time that the other half is asked about.
    let rows = [
        ("one", "group:Nobody=BillingView", "", ""),
        ("two", "group:Platform-Admins=BillingView", "", ""),
        ("three", "group:Platform-Admins=Nothing", "", ""),
    ];
    assert_eq!(problems(&rows).await, ["group", "permission"]);
    // Not the other half as well, which exists, nor the first one a second time.
    let pairs = "group:Nobody=AWSReadOnlyAccess;group:Nobody=BillingView";
    assert_eq!(problems(&[("one", pairs, "", "")]).await, ["group"]);
}

#[tokio::test]
async fn where_no_name_at_all_exists_what_was_said_of_them_together_is_told() {
    let mut rig = Rig::new();
    rig.world.defaults = AccessDefaults::default();
    let found = rig.refused("in/list.csv", &[("one", "group:Nobody=Nothing", "", "")]).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("\"group:Nobody=Nothing\": there is no "), "{found:#?}");
    assert_eq!(rig.world.ledger.all(), []);
}

#[tokio::test]
async fn each_name_is_looked_up_once_for_the_whole_list() {
    let rig = Rig::new();
    let names: Vec<String> = (0..50).map(|number| format!("account-{number}")).collect();
    let asked = "group:Platform-Admins=BillingView;user:john.smith=BillingView;\
        group:Platform-Admins=AWSPowerUserAccess;group:Developers=AWSReadOnlyAccess";
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), asked, "", "")).collect();
    rig.taken("in/list.csv", &rows).await;
    // The default first; what both halves of are known then is not asked again.
    assert_eq!(
        *rig.center.looked_up.lock().unwrap(),
        [
            "group:Developers=AWSReadOnlyAccess",
            "user:john.smith=BillingView",
            "group:Platform-Admins=AWSPowerUserAccess",
        ]
    );
}

#[tokio::test]
async fn an_unknown_default_is_a_fault_of_the_file() {
    let mut rig = Rig::new();
    rig.world.defaults.portfolios.push("Nowhere".to_owned());
    let found = rig.refused("in/list.csv", &[("one", "", "", "replace")]).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("there is no portfolio \"Nowhere\""), "{found:?}");
    assert!(found[0].contains("correct the stack's parameters or create it"), "{found:?}");
}

#[tokio::test]
async fn what_failed_is_tried_again_only_where_it_is_still_asked_for() {
    let rig = Rig::new();
    let refused = "permission set BillingView for user john.smith";
    rig.center.refused.lock().unwrap().push(refused);
    let asked = "user:john.smith=BillingView;group:Platform-Admins=AWSAdministratorAccess";
    rig.taken("in/first.csv", &[("alpha", asked, "", "")]).await;
    assert_eq!(rig.ended(&["alpha"]).await, [Status::Failed]);
    let (_, detail) = failure(&rig.entry("alpha"));
    assert_eq!(detail, format!("{refused}: not this one"));

    // The same row again: just what failed is tried.
    rig.center.asked_for.lock().unwrap().clear();
    rig.world
        .zone
        .advance_to(vending::ports::Clock::now(&rig.world.zone) + chrono::TimeDelta::minutes(1));
    let batch = rig.taken("in/again.csv", &[("alpha", asked, "", "")]).await;
    assert!(
        rig.row(&batch, "alpha").contains("access and portfolios are tried again, as this row")
    );
    assert_eq!(rig.ended(&["alpha"]).await, [Status::Failed]);
    assert_eq!(*rig.center.asked_for.lock().unwrap(), [refused]);

    // Another row: what is given stays, what failed is asked for no more, and one is new.
    rig.center.asked_for.lock().unwrap().clear();
    rig.world
        .zone
        .advance_to(vending::ports::Clock::now(&rig.world.zone) + chrono::TimeDelta::minutes(1));
    let asked = "user:john.smith=AWSPowerUserAccess";
    rig.taken("in/corrected.csv", &[("alpha", asked, "", "replace")]).await;
    assert_eq!(rig.ended(&["alpha"]).await, [Status::Ready]);
    let new = "permission set AWSPowerUserAccess for user john.smith";
    assert_eq!(*rig.center.asked_for.lock().unwrap(), [new]);
    let admins = "group:Platform-Admins=AWSAdministratorAccess";
    let given = set(&[DEFAULT, admins, "user:john.smith=AWSPowerUserAccess"]);
    assert_eq!(rig.assigned("alpha"), given, "nothing is taken away");
    assert_eq!(
        rig.recorded("alpha"),
        [
            ("permission set AWSReadOnlyAccess for group Developers".to_owned(), true),
            ("permission set AWSAdministratorAccess for group Platform-Admins".to_owned(), true),
            (new.to_owned(), true),
            ("portfolio Network baseline".to_owned(), true),
        ]
    );
}

#[tokio::test]
async fn an_account_that_is_ready_keeps_its_access_and_the_file_says_how_to_give_more() {
    let rig = Rig::new();
    rig.taken("in/first.csv", &[("alpha", "", "", "")]).await;
    assert_eq!(rig.ended(&["alpha"]).await, [Status::Ready]);
    let before = rig.entry("alpha");
    let batch = rig.taken("in/more.csv", &[("alpha", "user:john.smith=BillingView", "", "")]).await;
    assert_eq!(rig.entry("alpha"), before);
    let row = rig.row(&batch, "alpha");
    let says = "unchanged: READY; the new values are ignored; \
        vend access apply gives access to accounts that exist";
    assert!(row.ends_with(says), "{row}");
    let batch = rig.taken("in/same.csv", &[("alpha", "", "", "")]).await;
    assert!(rig.row(&batch, "alpha").ends_with("unchanged: READY"));
}

#[tokio::test]
async fn a_name_that_is_gone_by_the_time_it_is_needed_fails_the_access_alone() {
    let rig = Rig::new();
    let asked = "user:john.smith=BillingView;user:jane.doe@example.com=BillingView";
    rig.taken("in/list.csv", &[("alpha", asked, "", "")]).await;
    *rig.center.gone.lock().unwrap() = vec!["john.smith", "jane.doe@example.com"];
    assert_eq!(rig.ended(&["alpha"]).await, [Status::Failed]);
    let entry = rig.entry("alpha");
    assert!(entry.account.is_some());
    let gone = "user:john.smith is gone; user:jane.doe@example.com is gone";
    assert_eq!(failure(&entry), (FailureKind::AccessUnknown, gone.to_owned()));
    assert_eq!(entry.steps, []);

    rig.center.gone.lock().unwrap().clear();
    rig.retry("alpha").await;
    assert_eq!(rig.ended(&["alpha"]).await, [Status::Ready]);
    let given =
        set(&[DEFAULT, "user:john.smith=BillingView", "user:jane.doe@example.com=BillingView"]);
    assert_eq!(rig.assigned("alpha"), given);
}
