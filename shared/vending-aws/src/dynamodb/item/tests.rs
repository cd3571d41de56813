//! Items and entries: what is written is what is read, and people see what they should.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use vending::account::{
    AccessRequest, AccountId, AccountName, AccountRequest, EmailAddress, OrganizationalUnit,
    PersonName, PrincipalText, SsoUser,
};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{
    BatchId, ByHand, Entry, Event, Grant, Happening, Launch, MemberStep, Operator, Order,
    Portfolio, PortfolioPrincipal, PortfolioUse, Principal, PrincipalKind, Progress,
    ProvisionToken, ProvisionedProductId, RecordId, Source, Stage, State, Status, Step, Timestamp,
    Transition, Untold,
};

use super::{read, write};
use crate::dynamodb::attributes::RawItem;

fn at(seconds: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 1, 21, 12, 0, 0).unwrap()
        + TimeDelta::milliseconds(seconds * 1_000 + 7)
}

pub(in crate::dynamodb) fn entry(state: State) -> Entry {
    let request = AccountRequest {
        name: AccountName::new("alpha").unwrap(),
        email: EmailAddress::new("alpha@example.com").unwrap(),
        sso_user: SsoUser {
            email: EmailAddress::new("jane@example.com").unwrap(),
            first_name: PersonName::new("Jane").unwrap(),
            last_name: PersonName::new("Doe").unwrap(),
        },
        unit: OrganizationalUnit { name: "Test (1)".into(), id: "ou-aaaa-bbbbcccc".into() },
        requester: None,
        access: AccessRequest::default(),
    };
    Entry { state, ..Entry::queued(request, BatchId("accounts-1".into()), 2, at(0)) }
}

pub(in crate::dynamodb) fn failed(detail: &str) -> State {
    let failure = Failure { kind: FailureKind::EmailInUse, detail: detail.to_owned() };
    State::Failed { stage: Stage::Provision, failure, launch_open: true, announced: false }
}

fn text<'a>(item: &'a RawItem, name: &str) -> Option<&'a str> {
    item.get(name).map(|value| value.as_s().unwrap().as_str())
}

#[test]
fn a_queued_entry_says_what_it_waits_for_and_has_no_empty_column() {
    let waiting =
        State::Queued { not_before: Some(at(60)), waiting_for: Some("Try again later.".into()) };
    let item = write(&entry(waiting)).unwrap();
    assert_eq!(text(&item, "Status"), Some("QUEUED"));
    assert_eq!(text(&item, "ErrorMsg"), Some("Try again later."));
    assert_eq!(text(&item, "NotBefore"), Some("2026-01-21T12:01:00.007Z"));
    assert_eq!(text(&item, "OrgUnit"), Some("Test (1) (ou-aaaa-bbbbcccc)"));
    assert_eq!(text(&item, "Open"), Some("QUEUED"));
    assert_eq!(text(&item, "Position"), Some("2026-01-21T12:00:00.007Z#accounts-1#000002"));
    assert_eq!(item.get("Version"), Some(&AttributeValue::N("0".into())));
    let empty =
        ["AccountId", "FailedStage", "Assignments", "Portfolios", "FinishedAt", "ProvisionToken"];
    assert!(empty.iter().all(|name| !item.contains_key(*name)), "{item:?}");
    assert!(!item.values().any(AttributeValue::is_null));
}

#[test]
fn a_failed_entry_says_the_cause_and_the_remedy() {
    let item = write(&entry(failed("EMAIL_ALREADY_EXISTS"))).unwrap();
    assert!(text(&item, "ErrorMsg").unwrap().contains("(EMAIL_ALREADY_EXISTS). What to do:"));
    assert_eq!(text(&item, "FailedStage"), Some("provision"));
    assert_eq!(text(&item, "Open"), Some("UNANNOUNCED"));
}

#[test]
fn an_entry_nobody_has_to_do_anything_for_is_not_in_the_index() {
    for state in [State::Provisioning { check_at: at(9) }, State::Ready { announced: true }] {
        let item = write(&entry(state)).unwrap();
        assert!(!item.contains_key("Open") && !item.contains_key("Position"));
    }
}

#[test]
fn an_entry_that_went_on_before_its_failure_was_told_is_found_while_nothing_else_finds_it() {
    let failure = Failure { kind: FailureKind::Overdue, detail: String::new() };
    let untold = Untold {
        attempt: 1,
        batch: BatchId("accounts-1".into()),
        line: 2,
        stage: Stage::Provision,
        failure,
        failed_at: at(0),
    };
    let open = |state| {
        let item = write(&Entry { untold: vec![untold.clone()], ..entry(state) }).unwrap();
        text(&item, "Open").map(str::to_owned)
    };
    assert_eq!(open(State::Provisioning { check_at: at(9) }).as_deref(), Some("UNANNOUNCED"));
    assert_eq!(open(State::Configuring).as_deref(), Some("CONFIGURING"));
    assert_eq!(open(State::Ready { announced: true }).as_deref(), Some("UNANNOUNCED"));
}

#[test]
fn an_entry_from_before_uploads_were_noted_counts_as_uploaded_when_it_was_queued() {
    let written = entry(State::Configuring);
    let mut item = write(&written).unwrap();
    assert!(item.remove("UploadedAt").is_some());
    assert_eq!(read(item).unwrap().uploaded_at, written.queued_at);
}

#[test]
fn what_was_asked_for_is_readable_and_absent_where_it_is_nothing_besides_the_defaults() {
    let written = entry(State::Configuring);
    let columns = ["AskedAssignments", "AskedPortfolios", "Defaults"];
    let item = write(&written).unwrap();
    assert!(columns.iter().all(|name| !item.contains_key(*name)), "{item:?}");
    let assignment = AccessRequest::read_assignment("group:A = B=Admin").unwrap();
    let access = AccessRequest {
        replaces_defaults: true,
        assignments: vec![assignment],
        portfolios: vec!["local:Shared".into()],
    };
    let request = AccountRequest { access, ..written.request.clone() };
    let mut item = write(&Entry { request, ..written }).unwrap();
    let list = |text: &str| AttributeValue::L(vec![AttributeValue::S(text.into())]);
    assert_eq!(item.get("AskedAssignments"), Some(&list("group:A = B=Admin")));
    assert_eq!(item.get("AskedPortfolios"), Some(&list("local:Shared")));
    assert_eq!(text(&item, "Defaults"), Some("replace"));
    item.insert("AskedAssignments".into(), list("Admins"));
    let told = read(item).unwrap_err().to_string();
    assert!(told.starts_with("failed to read AskedAssignments of the item \"alpha\""), "{told}");
}

#[test]
fn steps_are_decided_as_soon_as_there_are_any_unless_the_item_says_otherwise() {
    let portfolio = Portfolio { id: "port-1".into(), name: "Network".into() };
    let steps = vec![Step::new(Grant::Portfolio(portfolio))];
    let configuring = entry(State::Configuring);
    for (steps, decided, column) in [
        (steps.clone(), true, None),
        (steps, false, Some(false)),
        (Vec::new(), false, None),
        (Vec::new(), true, Some(true)),
    ] {
        let item = write(&Entry { steps, decided, ..configuring.clone() }).unwrap();
        assert_eq!(item.get("Decided"), column.map(AttributeValue::Bool).as_ref());
        assert_eq!(read(item).unwrap().decided, decided);
    }
}

/// An entry that was cancelled by jane after it was queued.
fn cancelled() -> Entry {
    let by = Operator("jane".into());
    let queued = entry(State::Queued { not_before: None, waiting_for: None });
    let source = Source::Operator(by.clone());
    match queued.after(Event::Cancelled { by }, &source, at(60)).unwrap() {
        Transition::Advanced(next) => *next,
        Transition::AlreadyThere => panic!("nothing changed"),
    }
}

#[test]
fn a_history_is_read_in_the_table_line_by_line() {
    let item = write(&cancelled()).unwrap();
    let lines = item["History"].as_l().unwrap();
    let line = |index: usize| lines[index].as_m().unwrap();
    let columns = |index: usize| {
        let mut columns: Vec<&str> = line(index).keys().map(String::as_str).collect();
        columns.sort_unstable();
        columns
    };
    assert_eq!(columns(0), ["At", "Attempt", "Detail", "Event", "Source", "Status"]);
    assert_eq!(text(line(0), "Detail"), Some("line 2 of batch accounts-1"));
    assert_eq!(columns(1), ["At", "Attempt", "By", "Event", "Source", "Status"]);
    let seen = ["At", "Event", "Source", "By", "Status"].map(|name| text(line(1), name).unwrap());
    assert_eq!(seen, ["2026-01-21T12:01:00.007Z", "cancelled", "OPERATOR", "jane", "FAILED"]);
}

#[test]
fn a_line_of_a_history_that_cannot_be_read_keeps_nothing_else_from_being_read() {
    let written = cancelled();
    let read_with = |change: &dyn Fn(&mut RawItem)| {
        let mut item = write(&written).unwrap();
        change(&mut item);
        read(item).unwrap()
    };
    let without = read_with(&|item| drop(item.remove("History")));
    assert_eq!(without, Entry { history: Vec::new(), ..written.clone() });
    let no_list =
        read_with(&|item| drop(item.insert("History".into(), AttributeValue::Bool(true))));
    assert!(no_list.history.is_empty());
    let read = read_with(&|item| {
        let Some(AttributeValue::L(lines)) = item.get_mut("History") else { panic!("no list") };
        lines[0] = AttributeValue::S("scribble".into());
        let Some(AttributeValue::M(line)) = lines.get_mut(1) else { panic!("no line") };
        line.remove("By");
        line.insert("Colour".into(), AttributeValue::S("red".into()));
    });
    let [line] = read.history.as_slice() else { panic!("{:?}", read.history) };
    assert_eq!(line.source, Source::Operator(Operator("?".into())));
}

#[test]
fn what_cannot_be_read_is_named_with_its_entry() {
    let told = |name: &str, value: Option<AttributeValue>| {
        let mut item = write(&entry(failed("no"))).unwrap();
        match value {
            Some(value) => drop(item.insert(name.into(), value)),
            None => drop(item.remove(name)),
        }
        read(item).unwrap_err().to_string()
    };
    let text = |text: &str| Some(AttributeValue::S(text.into()));
    let prefix = |attribute: &str| format!("failed to read {attribute} of the item \"alpha\": ");
    assert!(told("AccountEmail", text("nobody")).starts_with(&prefix("AccountEmail")));
    assert!(told("Line", text("two")).starts_with(&prefix("Line")));
    assert!(told("OrgUnit", text("Sandbox")).starts_with(&prefix("OrgUnit")));
    assert!(told("Status", text("DONE")).starts_with(&prefix("Status")));
    assert!(told("Announced", None).starts_with(&prefix("Announced")));
    assert!(told("BatchId", None).contains("BatchId"), "{}", told("BatchId", None));
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0..10_000_000_i64, prop_oneof![Just(0_i64), 0..1_000_000_000_i64])
        .prop_map(|(seconds, nanos)| at(seconds) + TimeDelta::nanoseconds(nanos))
}

fn words() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9äß .,;:()=+-]{1,30}"
}

fn progress() -> impl Strategy<Value = Progress> {
    prop_oneof![
        (any::<u32>(), proptest::option::of(moment()))
            .prop_map(|(tries, not_before)| Progress::Pending { tries, not_before }),
        (words(), moment(), any::<u32>()).prop_map(|(ticket, since, tries)| Progress::Requested {
            ticket,
            since,
            tries
        }),
        Just(Progress::Done),
        words().prop_map(|reason| Progress::Failed { reason }),
    ]
}

fn member_step() -> impl Strategy<Value = MemberStep> {
    let kinds: [fn(String) -> PortfolioPrincipal; 4] = [
        PortfolioPrincipal::Role,
        PortfolioPrincipal::User,
        PortfolioPrincipal::Group,
        PortfolioPrincipal::PermissionSet,
    ];
    let principal =
        || (words(), proptest::sample::select(kinds.to_vec())).prop_map(|(name, kind)| kind(name));
    prop_oneof![
        Just(MemberStep::Accept),
        principal().prop_map(MemberStep::Principal),
        Just(MemberStep::LocalPortfolio),
        Just(MemberStep::LocalProducts),
        words().prop_map(|role| MemberStep::LaunchConstraint { role }),
        (words(), words()).prop_map(|(key, value)| MemberStep::TagOption { key, value }),
        principal().prop_map(MemberStep::LocalPrincipal),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![Just(PrincipalKind::User), Just(PrincipalKind::Group)];
    let assignment =
        (words(), words(), kind, words(), words()).prop_map(|(arn, set, kind, id, name)| {
            let principal = Principal { kind, id, name };
            Grant::Assignment { permission_set: arn, permission_set_name: set, principal }
        });
    let portfolio =
        (words(), words()).prop_map(|(id, name)| Grant::Portfolio(Portfolio { id, name }));
    let usage = (words(), words(), member_step()).prop_map(|(id, name, step)| {
        Grant::Usable(PortfolioUse { portfolio: Portfolio { id, name }, step })
    });
    let note = proptest::option::of(words());
    (prop_oneof![assignment, portfolio, usage], progress(), note)
        .prop_map(|(grant, progress, note)| Step { grant, progress, note })
}

fn access() -> impl Strategy<Value = AccessRequest> {
    let kind = prop_oneof![Just(PrincipalKind::User), Just(PrincipalKind::Group)];
    let principal = (kind, "[a-z][ :=;a-zé]{0,9}[a-z]");
    let principal = principal.prop_map(|(kind, text)| PrincipalText { kind, text });
    let assignments = proptest::collection::vec((principal, "[A-Za-z_.@-]{1,9}"), 0..4);
    let portfolios = proptest::collection::vec("(local:)?[a-z][ a-z]{0,9}[a-z]", 0..3);
    (any::<bool>(), assignments, portfolios).prop_map(
        |(replaces_defaults, assignments, portfolios)| AccessRequest {
            replaces_defaults,
            assignments,
            portfolios,
        },
    )
}

fn state() -> impl Strategy<Value = State> {
    let stage = prop_oneof![Just(Stage::Provision), Just(Stage::Access)];
    prop_oneof![
        (proptest::option::of(moment()), proptest::option::of(words()))
            .prop_map(|(not_before, waiting_for)| State::Queued { not_before, waiting_for }),
        moment().prop_map(|check_at| State::Provisioning { check_at }),
        Just(State::Configuring),
        any::<bool>().prop_map(|announced| State::Ready { announced }),
        (
            stage,
            proptest::sample::select(&FailureKind::ALL[..]),
            ".{0,40}",
            any::<bool>(),
            any::<bool>()
        )
            .prop_map(|(stage, kind, detail, launch_open, announced)| State::Failed {
                stage,
                failure: Failure { kind, detail },
                launch_open,
                announced,
            }),
    ]
}

fn launch() -> impl Strategy<Value = Launch> {
    let product =
        (words(), words()).prop_map(|(id, record)| (ProvisionedProductId(id), RecordId(record)));
    (words(), moment(), proptest::option::of(product)).prop_map(|(token, started_at, product)| {
        Launch { token: ProvisionToken(token), started_at, product }
    })
}

fn untold() -> impl Strategy<Value = Untold> {
    let kind = proptest::sample::select(&FailureKind::ALL[..]);
    let stage = prop_oneof![Just(Stage::Provision), Just(Stage::Access)];
    (any::<(u32, u64)>(), words(), stage, kind, ".{0,40}", moment()).prop_map(
        |((attempt, line), batch, stage, kind, detail, failed_at)| {
            let failure = Failure { kind, detail };
            Untold { attempt, batch: BatchId(batch), line, stage, failure, failed_at }
        },
    )
}

fn by_hand() -> impl Strategy<Value = ByHand> {
    let order = prop_oneof![Just(Order::Retry), Just(Order::Cancel)];
    (order, words(), moment()).prop_map(|(order, by, at)| ByHand { order, by: Operator(by), at })
}

fn happening() -> impl Strategy<Value = Happening> {
    let source = prop_oneof![
        Just(Source::Upload),
        words().prop_map(|by| Source::Operator(Operator(by))),
        Just(Source::Queue),
        Just(Source::Lifecycle),
        Just(Source::Minute),
    ];
    let status = proptest::sample::select(&Status::ALL[..]);
    let moments = (moment(), moment());
    (moments, any::<(u32, u32)>(), words(), source, status, proptest::option::of(words())).prop_map(
        |((at, first_at), (times, attempt), event, source, status, detail)| Happening {
            at,
            first_at,
            times,
            event,
            source,
            status,
            attempt,
            detail,
        },
    )
}

proptest! {
    #[test]
    fn an_entry_is_read_as_it_was_written(
        state in state(),
        launch in proptest::option::of(launch()),
        steps in proptest::collection::vec(step(), 0..5),
        account in proptest::option::of("[0-9]{12}"),
        configuring_at in proptest::option::of(moment()),
        finished_at in proptest::option::of(moment()),
        untold in proptest::collection::vec(untold(), 0..3),
        by_hand in proptest::option::of(by_hand()),
        history in proptest::collection::vec(happening(), 0..4),
        uploaded_at in moment(),
        access in access(),
        decided in any::<bool>(),
        numbers in any::<(u64, u32, u32, u64)>(),
    ) {
        let (line, attempt, waits, version) = numbers;
        let account = account.map(|id| AccountId::new(id).unwrap());
        let request = AccountRequest { access, ..entry(state.clone()).request };
        let entry = Entry {
            request, launch, steps, decided, account, configuring_at, finished_at, untold, by_hand, history, uploaded_at, line, attempt, waits, version,
            ..entry(state)
        };
        assert_eq!(read(write(&entry).unwrap()), Ok(entry));
    }
}
