//! Whole audits over a small organization, and the laws that hold for any.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::testing::{OTHER, VENDED, World, assigned, group, member, outside, step, user};
use super::*;
use crate::account::{EmailAddress, PrincipalKind};
use crate::ledger::{Entry, Progress, Step};
use crate::testing::ready;

/// Runs a future that never waits.
fn done<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(done) => done,
        std::task::Poll::Pending => panic!("nothing here waits"),
    }
}

fn entry(steps: Vec<Step>) -> Entry {
    let mut entry = Entry { steps, ..ready("alpha") };
    entry.request.sso_user.email = EmailAddress::new("owner@example.com").unwrap();
    entry
}

/// What a vended account has as a rule: Vend's grant, Control Tower's four, and more.
fn usual() -> World {
    let mut world = World::new();
    world.entries = vec![entry(vec![step("Admin", &group("Platform"), Progress::Done)])];
    world.assigned = vec![
        assigned(VENDED, "Admin", group("Platform")),
        assigned(VENDED, "AWSAdministratorAccess", user("owner")),
        assigned(VENDED, "AWSOrganizationsFullAccess", group("AWSControlTowerAdmins")),
        assigned(VENDED, "AWSReadOnlyAccess", group("AWSSecurityAuditors")),
        assigned(OTHER, "Read", group("Platform")),
        assigned(OTHER, "AWSReadOnlyAccess", group("AWSSecurityAuditors")),
        assigned("777788889999", "Read", group("Platform")),
    ];
    world.memberships = vec![("Platform", "jane"), ("Platform", "john"), ("Other", "jane")];
    world
}

fn find(world: &World, filter: &Filter) -> Vec<String> {
    let report = done(audit(&world.auditing(), filter)).unwrap();
    report.findings.iter().map(words).collect()
}

fn words(finding: &Finding) -> String {
    let Finding { account_name, permission_set, principal, through, origin, drift, .. } = finding;
    let through = through.as_ref().map(|it| format!(" through {}", it.words()));
    let drift = drift.map(|it| format!(", {}", it.as_str()));
    format!(
        "{account_name}: {permission_set} for {} {}{} by {}{}",
        principal.kind.as_str(),
        principal.words(),
        through.unwrap_or_default(),
        origin.as_str(),
        drift.unwrap_or_default()
    )
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn who_gave_what_is_told_and_what_is_as_granted_does_not_drift() {
    let report = done(audit(&usual().auditing(), &Filter::default())).unwrap();
    insta::assert_snapshot!(report.findings.iter().map(words).collect::<Vec<_>>().join("\n"));
    assert_eq!((report.accounts, report.inactive), (2, 1));
    assert_eq!((report.drifting(Drift::Missing), report.drifting(Drift::Extra)), (0, 0));
    let of = [Origin::Vend, Origin::ControlTower, Origin::Others].map(|it| report.of(it));
    assert_eq!(of, [1, 4, 1]);
}

#[test]
fn what_was_granted_and_is_gone_is_missing_whatever_record_has_it() {
    let mut world = usual();
    world.assigned.remove(0);
    world.outside = vec![outside(OTHER, vec![step("Write", &user("jane"), Progress::Done)])];
    let missing = |it: &&String| it.ends_with("missing");
    let found = find(&world, &Filter::default());
    assert_eq!(
        found.iter().filter(missing).collect::<Vec<_>>(),
        [
            "alpha: Admin for group Platform by Vend, missing",
            "webshop: Write for user jane by Vend, missing"
        ]
    );
}

#[test]
fn what_nobody_asked_vend_for_is_extra_in_accounts_that_it_vended_alone() {
    let mut world = usual();
    let somebody = [assigned(VENDED, "Read", user("eve")), assigned(OTHER, "Write", user("eve"))];
    world.assigned.extend(somebody);
    // Control Tower's groups with other permission sets, and its set for somebody else.
    world.assigned.push(assigned(VENDED, "AWSPowerUserAccess", group("AWSSecurityAuditors")));
    world.assigned.push(assigned(VENDED, "AWSAdministratorAccess", user("eve")));
    let found = find(&world, &Filter::default());
    let extra: Vec<_> = found.iter().filter(|it| it.ends_with("extra")).collect();
    assert_eq!(
        extra,
        [
            "alpha: AWSAdministratorAccess for user eve by others, extra",
            "alpha: AWSPowerUserAccess for group AWSSecurityAuditors by others, extra",
            "alpha: Read for user eve by others, extra"
        ]
    );
    assert!(found.contains(&"webshop: Write for user eve by others".to_owned()), "{found:?}");
}

#[test]
fn what_is_under_way_or_failed_is_not_missing_and_when_it_is_there_not_extra() {
    let pending = step("Read", &group("Platform"), Progress::NEW);
    let failed = Progress::Failed { reason: "overdue".into() };
    let mut world = usual();
    world.entries = vec![entry(vec![pending, step("Write", &group("Platform"), failed)])];
    world.assigned = Vec::new();
    assert_eq!(find(&world, &Filter::default()), [""; 0]);
    world.assigned = ["Read", "Write"].map(|set| assigned(VENDED, set, group("Platform"))).into();
    assert_eq!(
        find(&world, &Filter::default()),
        ["alpha: Read for group Platform by Vend", "alpha: Write for group Platform by Vend"]
    );
}

#[test]
fn of_accounts_those_that_are_named_are_looked_at() {
    let by = |text: &str| Filter { accounts: texts(&[text]), ..Filter::default() };
    assert_eq!(find(&usual(), &by("webshop")).len(), 2);
    assert_eq!(find(&usual(), &by(VENDED)).len(), 4);
    let closed = done(audit(&usual().auditing(), &by("closed"))).unwrap();
    assert_eq!((closed.findings.len(), closed.accounts, closed.inactive), (0, 0, 1));
    let unknown = done(audit(&usual().auditing(), &by("webshpo"))).unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no account \"webshpo\" in the organization; did you mean \"webshop\"?"
    );
}

#[test]
fn of_a_user_what_comes_through_groups_is_told_with_them() {
    let mut world = usual();
    world.assigned.push(assigned(OTHER, "Write", user("jane")));
    let jane = Filter { users: texts(&["jane"]), ..Filter::default() };
    let expected = [
        "alpha: Admin for user jane through Platform by Vend",
        "webshop: Read for user jane through Platform by others",
        "webshop: Write for user jane by others",
    ];
    assert_eq!(find(&world, &jane), expected);
    world.in_management = false;
    assert_eq!(find(&world, &jane), expected, "a delegated administrator lists every account");
    let both = Filter { groups: texts(&["Other"]), ..jane.clone() };
    assert_eq!(find(&world, &both), [""; 0], "nothing comes through that group");
    let both = Filter { groups: texts(&["Platform"]), permission_sets: texts(&["Read"]), ..jane };
    assert_eq!(find(&world, &both), ["webshop: Read for user jane through Platform by others"]);
}

#[test]
fn what_is_missing_is_missing_for_the_user_as_well() {
    let mut world = usual();
    world.assigned.remove(0);
    let jane = Filter { users: texts(&["jane"]), accounts: texts(&["alpha"]), ..Filter::default() };
    assert_eq!(
        find(&world, &jane),
        ["alpha: Admin for user jane through Platform by Vend, missing"]
    );
}

#[test]
fn groups_and_permission_sets_are_told_alone_where_they_are_named() {
    let group = Filter { groups: texts(&["Platform"]), ..Filter::default() };
    assert_eq!(find(&usual(), &group).len(), 2);
    let two = Filter { groups: texts(&["Platform", "AWSSecurityAuditors"]), ..Filter::default() };
    assert_eq!(find(&usual(), &two).len(), 4);
    let set = Filter { permission_sets: texts(&["AWSReadOnlyAccess"]), ..Filter::default() };
    assert_eq!(find(&usual(), &set).len(), 2);
    let nobody = Filter { groups: texts(&["nobody"]), ..Filter::default() };
    assert!(done(audit(&usual().auditing(), &nobody)).is_err());
}

#[test]
fn a_group_is_told_by_its_people_and_stays_where_there_are_none() {
    let people = Filter { people: true, accounts: texts(&["webshop"]), ..Filter::default() };
    assert_eq!(
        find(&usual(), &people),
        [
            "webshop: AWSReadOnlyAccess for group AWSSecurityAuditors by Control Tower",
            "webshop: Read for user jane through Platform by others",
            "webshop: Read for user john through Platform by others"
        ]
    );
}

#[test]
fn who_and_what_is_gone_is_called_as_when_it_was_asked_for() {
    let mut world = usual();
    world.gone = ["g:Platform", "arn:Admin"].map(str::to_owned).into();
    world.assigned.push(assigned(OTHER, "Read", user("eve")));
    world.gone.insert("u:eve".to_owned());
    let found = find(&world, &Filter::default());
    assert!(found.contains(&"alpha: Admin for group Platform by Vend".to_owned()), "{found:?}");
    assert!(found.contains(&"webshop: Read for user u:eve by others".to_owned()), "{found:?}");
}

#[test]
fn a_sheet_has_a_line_for_each_and_runs_nothing() {
    let mut world = usual();
    world.assigned = vec![assigned(VENDED, "Admin", group("=cmd()"))];
    world.entries.clear();
    world.members = vec![member(VENDED, "a, b", true)];
    let report = done(audit(&world.auditing(), &Filter::default())).unwrap();
    assert_eq!(
        String::from_utf8(sheet(&report)).unwrap(),
        "\u{feff}AccountName,AccountId,PermissionSet,PrincipalType,Principal,Through,Origin,Drift\n\
         \"a, b\",123456789012,Admin,group,'=cmd(),,others,\n"
    );
}

#[test]
fn people_are_not_in_what_is_printed_for_debugging() {
    let report = done(audit(&usual().auditing(), &Filter::default())).unwrap();
    let text = format!("{report:?}");
    assert!(!text.contains("owner@example.com") && !text.contains("\"owner\""), "{text}");
}

/// Any grants and any assignments among a few of each.
fn few() -> impl Strategy<Value = BTreeSet<(usize, usize, usize)>> {
    prop::collection::btree_set((0..2_usize, 0..3_usize, 0..3_usize), 0..8)
}

fn any_assigned((account, set, holder): (usize, usize, usize)) -> Assigned {
    let holder = [group("Platform"), group("Other"), user("jane")][holder].clone();
    assigned([VENDED, OTHER][account], ["Admin", "Read", "Write"][set], holder)
}

fn any_world(
    granted: &BTreeSet<(usize, usize, usize)>,
    there: &BTreeSet<(usize, usize, usize)>,
) -> World {
    let mut world = usual();
    let steps = |account| {
        let of = granted.iter().filter(move |it| it.0 == account);
        of.map(|it| any_assigned(*it))
            .map(|it| {
                step(it.permission_set.trim_start_matches("arn:"), &it.holder, Progress::Done)
            })
            .collect::<Vec<_>>()
    };
    world.entries = vec![entry(steps(0))];
    world.outside = vec![outside(OTHER, steps(1))];
    world.assigned = there.iter().map(|it| any_assigned(*it)).collect();
    world
}

proptest! {
    /// Every grant and every assignment is told once; what is in one alone drifts.
    #[test]
    fn nothing_is_left_out_and_drift_is_the_difference(granted in few(), there in few()) {
        let world = any_world(&granted, &there);
        let report = done(audit(&world.auditing(), &Filter::default())).unwrap();
        prop_assert_eq!(report.findings.len(), granted.union(&there).count());
        prop_assert!(report.findings.is_sorted());
        prop_assert_eq!(report.drifting(Drift::Missing), granted.difference(&there).count());
        let extra = there.difference(&granted).filter(|it| it.0 == 0).count();
        prop_assert_eq!(report.drifting(Drift::Extra), extra);
    }

    /// A filter leaves out and changes nothing else, and the parts of a whole add up to it.
    #[test]
    fn a_filter_only_leaves_out(granted in few(), there in few()) {
        let world = any_world(&granted, &there);
        let all = find(&world, &Filter::default());
        let parts = ["alpha", "webshop"]
            .map(|name| find(&world, &Filter { accounts: texts(&[name]), ..Filter::default() }));
        prop_assert_eq!(parts.concat(), all.clone());
        let groups = Filter { groups: texts(&["Platform", "Other"]), ..Filter::default() };
        let groups = find(&world, &groups);
        let expected: Vec<_> = all.into_iter().filter(|it| it.contains(" for group ")).collect();
        prop_assert_eq!(groups, expected);
    }

    /// However it is asked for, a user's access is the same.
    #[test]
    fn the_listing_of_a_principal_and_that_of_accounts_agree(granted in few(), there in few()) {
        let mut world = any_world(&granted, &there);
        let jane = Filter { users: texts(&["jane"]), ..Filter::default() };
        let by_principal = find(&world, &jane);
        world.in_management = false;
        prop_assert_eq!(find(&world, &jane), by_principal);
    }
}

#[test]
fn a_holder_is_a_principal_without_its_name() {
    let crate::ledger::Grant::Assignment { principal, .. } = testing::grant("Read", &user("jane"))
    else {
        panic!("no assignment")
    };
    assert_eq!(Holder::from(&principal), Holder { kind: PrincipalKind::User, id: "u:jane".into() });
}
