//! Entries and their claims on e-mails.

use chrono::TimeDelta;
use vending::account::{AccountId, EmailAddress};
use vending::failure::{Failure, FailureKind};
use vending::ledger::{
    BatchId, Entry, Event, Grant, Operator, Portfolio, Principal, PrincipalKind, Progress, Source,
    Step,
};
use vending::ports::{Admission, Admitted, Saved};

use crate::entries::{
    admit, admitted, after, after_by, again, asked, at, batch, claimed, failed, made, name,
    overdue, queued, ready, request, save, waiting,
};
use crate::world::World;

async fn owner(world: &dyn World, email: &str) -> Option<String> {
    let email = EmailAddress::new(email).unwrap();
    let owners = world.ledger().email_owners(std::slice::from_ref(&email)).await.unwrap();
    owners.get(&email.key()).map(ToString::to_string)
}

async fn stands(world: &dyn World, account: &str) -> Option<Entry> {
    world.ledger().entry(&name(account)).await.unwrap()
}

pub async fn an_admitted_entry_is_there_with_its_claim_and_is_counted(world: &dyn World) {
    let batch = batch("a.csv");
    world.ledger().save_batch(&batch).await.unwrap();
    let entry = queued("alpha", &batch.id, 2);
    assert_eq!(admit(world, None, &entry).await, Admitted::Admitted);
    assert_eq!(stands(world, "alpha").await, Some(entry));
    assert_eq!(owner(world, "ALPHA@example.com").await.as_deref(), Some("alpha"));
    assert_eq!(owner(world, "beta@example.com").await, None);
    assert_eq!(world.ledger().batch(&batch.id).await.unwrap().unwrap().remaining, 1);
}

fn steps() -> Vec<Step> {
    let principal = Principal {
        kind: PrincipalKind::User,
        id: "9067012345-b1b2c3d4-0002-4000-8000-000000000002".into(),
        name: "john.smith".into(),
    };
    let assignment = Grant::Assignment {
        permission_set: "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
            .into(),
        permission_set_name: "AWSReadOnlyAccess".into(),
        principal,
    };
    let portfolio = |id: &str| Grant::Portfolio(Portfolio { id: id.into(), name: "Näme".into() });
    let since = at(1_801) + TimeDelta::milliseconds(250);
    let step = |grant: &Grant, progress| Step { progress, ..Step::new(grant.clone()) };
    vec![
        step(&assignment, Progress::Requested { ticket: "t-1".into(), since, tries: 2 }),
        step(&assignment, Progress::NEW),
        step(&portfolio("port-1"), Progress::Pending { tries: 3, not_before: Some(since) }),
        step(&portfolio("port-2"), Progress::Failed { reason: "no, \"never\"\n".into() }),
        step(&portfolio("port-3"), Progress::Done),
    ]
}

pub async fn a_history_comes_back_line_by_line(world: &dyn World) {
    let mut entry = queued("alpha", &batch("a.csv").id, 2);
    assert_eq!(admit(world, None, &entry).await, Admitted::Admitted);
    // More than is kept, with an operator's orders among them.
    for round in 0..20_i64 {
        let by = Operator("arn:aws:sts::111122223333:assumed-role/Admin/jäne".into());
        let source = Source::Operator(by.clone());
        let life: [&dyn Fn(&Entry) -> Entry; 3] = [
            &|it| after_by(it, Event::Cancelled { by: by.clone() }, &source, at(round * 10)),
            &|it| after(it, Event::Announced, at(round * 10 + 1)),
            &|it| after_by(it, Event::Retried { by: by.clone() }, &source, at(round * 10 + 2)),
        ];
        for next in life {
            entry = save(world, &entry, next(&entry)).await;
        }
    }
    assert_eq!(entry.history.len(), 61);
    assert_eq!(stands(world, "alpha").await, Some(entry));
}

/// Every kind of state, one after the other, as far as one leads to the next.
fn lives() -> Vec<Vec<Entry>> {
    let batch = batch("a.csv").id;
    let life = |first: Entry, next: &[&dyn Fn(&Entry) -> Entry]| {
        next.iter().fold(vec![first], |mut life, next| {
            let entry = next(&life[life.len() - 1]);
            life.push(entry);
            life
        })
    };
    let progressed = |entry: &Entry| after(entry, Event::Progressed { steps: steps() }, at(1_810));
    let told = |entry: &Entry| after(entry, Event::Announced, at(1_900));
    let no_access = |entry: &Entry| {
        let failure = Failure::new(FailureKind::ShareFailed, "portfolio Näme: no");
        after(entry, Event::AccessFailed { steps: steps(), failure }, at(1_850))
    };
    let other = crate::entries::batch("b.csv").id;
    let retried = |entry: &Entry| again(entry, &other, 9);
    let wait = |entry: &Entry| waiting(entry, 90);
    let half_made = |entry: &Entry| {
        let account = Some(AccountId::new("210987654321").unwrap());
        let failure = Failure::new(FailureKind::Unknown, "");
        after(entry, Event::LaunchFailed { failure, account }, at(100))
    };
    vec![
        life(queued("alpha", &batch, 2), &[&claimed, &asked, &made, &progressed, &ready, &told]),
        life(queued("beta", &batch, 3), &[&claimed, &wait, &claimed, &failed, &told, &retried]),
        life(queued("gamma", &batch, 4), &[&claimed, &asked, &overdue, &told, &half_made]),
        life(queued("delta", &batch, 5), &[&claimed, &made, &no_access, &retried, &progressed]),
    ]
}

pub async fn an_entry_in_any_state_comes_back_as_it_was_saved(world: &dyn World) {
    for life in lives() {
        assert_eq!(admit(world, None, &life[0]).await, Admitted::Admitted);
        for pair in life.windows(2) {
            assert_eq!(world.ledger().save(&pair[0], &pair[1]).await.unwrap(), Saved::Saved);
            let found = world.ledger().entry(&pair[1].request.name).await.unwrap();
            assert_eq!(found.as_ref(), Some(&pair[1]));
        }
    }
}

pub async fn what_stands_there_by_now_is_not_admitted_over(world: &dyn World) {
    let batch = batch("a.csv");
    world.ledger().save_batch(&batch).await.unwrap();
    let first = admitted(world, &batch.id, &["alpha"]).await.remove(0);
    let twin = queued("alpha", &batch.id, 9);
    assert_eq!(admit(world, None, &twin).await, Admitted::Changed);

    let second = save(world, &first, claimed(&first)).await;
    let stale = again(&first, &crate::entries::batch("b.csv").id, 7);
    assert_eq!(admit(world, Some(&first), &stale).await, Admitted::Changed);
    assert_eq!(stands(world, "alpha").await, Some(second));
    let gone = queued("beta", &batch.id, 3);
    assert_eq!(admit(world, Some(&gone), &again(&gone, &batch.id, 4)).await, Admitted::Changed);
    assert_eq!(world.ledger().batch(&batch.id).await.unwrap().unwrap().remaining, 1);
}

fn with_email(entry: &Entry, email: &str) -> Entry {
    let request = request(entry.request.name.as_str(), email);
    let Entry { batch, line, uploaded_at, .. } = entry.clone();
    let event = Event::Requested { request, batch, line, uploaded_at };
    after(entry, event, at(10))
}

pub async fn an_email_is_claimed_once_whatever_its_case(world: &dyn World) {
    let batch = batch("a.csv").id;
    admitted(world, &batch, &["alpha"]).await;
    let thief = Entry::queued(request("beta", "Alpha@Example.com"), batch.clone(), 3, at(0));
    let other = queued("gamma", &batch, 4);
    let admissions = [&thief, &other].map(|it| Admission { before: None, after: it.clone() });
    let answers = world.ledger().admit(&admissions).await.unwrap();
    assert_eq!(answers, [Admitted::EmailTaken(name("alpha")), Admitted::Admitted]);
    assert_eq!(stands(world, "beta").await, None);
    assert_eq!(stands(world, "gamma").await, Some(other.clone()));

    let changed = with_email(&other, "ALPHA@example.com");
    let answer = admit(world, Some(&other), &changed).await;
    assert_eq!(answer, Admitted::EmailTaken(name("alpha")));
    assert_eq!(owner(world, "gamma@example.com").await.as_deref(), Some("gamma"));
}

pub async fn an_email_that_is_given_up_is_free_unless_an_account_has_it(world: &dyn World) {
    let batch = batch("a.csv").id;
    let alpha = admitted(world, &batch, &["alpha"]).await.remove(0);
    let changed = with_email(&alpha, "new@example.com");
    assert_eq!(admit(world, Some(&alpha), &changed).await, Admitted::Admitted);
    assert_eq!(owner(world, "new@example.com").await.as_deref(), Some("alpha"));
    assert_eq!(owner(world, "alpha@example.com").await, None);

    let account = Some(AccountId::new("123456789012").unwrap());
    let launched = save(world, &changed, claimed(&changed)).await;
    let event = Event::LaunchFailed { failure: crate::entries::failure(), account };
    let failed = save(world, &launched, after(&launched, event, at(20))).await;
    let moved = with_email(&failed, "newer@example.com");
    assert_eq!(admit(world, Some(&failed), &moved).await, Admitted::Admitted);
    assert_eq!(owner(world, "newer@example.com").await.as_deref(), Some("alpha"));
    assert_eq!(owner(world, "new@example.com").await.as_deref(), Some("alpha"));
}

pub async fn more_than_a_hundred_are_admitted_and_each_is_answered_in_its_place(world: &dyn World) {
    let batch = batch("a.csv");
    world.ledger().save_batch(&batch).await.unwrap();
    let names: Vec<String> = (0..130).map(|number| format!("account-{number:03}")).collect();
    let mut entries: Vec<Entry> =
        names.iter().zip(2..).map(|(name, line)| queued(name, &batch.id, line)).collect();
    entries[60].request.email = EmailAddress::new("taken@example.com").unwrap();
    let first = Entry::queued(request("first", "taken@example.com"), BatchId("x".into()), 2, at(0));
    let twin = queued("account-099", &BatchId("x".into()), 3);
    for entry in [&first, &twin] {
        assert_eq!(admit(world, None, entry).await, Admitted::Admitted);
    }

    let admissions = entries.iter().map(|it| Admission { before: None, after: it.clone() });
    let answers = world.ledger().admit(&admissions.collect::<Vec<_>>()).await.unwrap();
    for (place, answer) in answers.iter().enumerate() {
        let expected = match place {
            60 => Admitted::EmailTaken(name("first")),
            99 => Admitted::Changed,
            _ => Admitted::Admitted,
        };
        assert_eq!(answer, &expected, "{place}");
    }
    let wanted: Vec<_> = entries.iter().map(|entry| entry.request.name.clone()).collect();
    assert_eq!(world.ledger().entries(&wanted).await.unwrap().len(), 129);
    let emails: Vec<_> = entries.iter().map(|entry| entry.request.email.clone()).collect();
    assert_eq!(world.ledger().email_owners(&emails).await.unwrap().len(), 130);
    assert_eq!(world.ledger().batch(&batch.id).await.unwrap().unwrap().remaining, 128);
}

pub async fn an_old_version_is_not_saved_over_a_new_one(world: &dyn World) {
    let batch = batch("a.csv").id;
    let first = admitted(world, &batch, &["alpha"]).await.remove(0);
    let second = save(world, &first, claimed(&first)).await;
    let third = save(world, &second, asked(&second)).await;
    assert_eq!(world.ledger().save(&second, &failed(&second)).await.unwrap(), Saved::Changed);
    let check_at = at(777);
    let late = after(&second, Event::StillAtWork { check_at, account: None }, at(5));
    assert_eq!(world.ledger().save(&second, &late).await.unwrap(), Saved::Changed);
    assert_eq!(stands(world, "alpha").await, Some(third));
    let gone = queued("beta", &batch, 3);
    assert_eq!(world.ledger().save(&gone, &claimed(&gone)).await.unwrap(), Saved::Changed);
}

pub async fn what_is_not_there_is_left_out(world: &dyn World) {
    let entries = admitted(world, &batch("a.csv").id, &["alpha"]).await;
    assert_eq!(stands(world, "beta").await, None);
    let wanted = [name("beta"), name("alpha")];
    assert_eq!(world.ledger().entries(&wanted).await.unwrap(), entries);
    assert_eq!(world.ledger().entries(&[]).await.unwrap(), []);
    assert!(world.ledger().email_owners(&[]).await.unwrap().is_empty());
    assert_eq!(world.ledger().admit(&[]).await.unwrap(), []);
}
