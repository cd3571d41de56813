//! Lists, results and notices.

use vending::file::{MOST_BYTES, Sheet, SheetReader, Unreadable};
use vending::ledger::ObjectRef;
use vending::notice;
use vending::ports::ReadError;

use crate::entries::batch;
use crate::world::{BUCKET, World};

fn list(accounts: &[&str]) -> Vec<u8> {
    let mut text = "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit,Status,AccountId,ErrorMsg\n".to_owned();
    for account in accounts {
        text.push_str(&format!("{account},j@example.com,{account}@example.com,J,D,Test-OU-1,,,\n"));
    }
    text.into_bytes()
}

async fn read(world: &dyn World, object: &ObjectRef) -> Result<Sheet, ReadError> {
    let mut reader = SheetReader::new();
    world.source().read(object, &mut reader).await?;
    Ok(reader.finish()?)
}

pub async fn a_list_is_read_in_the_version_that_is_named(world: &dyn World) {
    let key = "in/new accounts+ü.csv";
    let first = world.upload(key, list(&["alpha"])).await;
    let second = world.upload(key, list(&["beta", "gamma"])).await;
    assert_ne!(first.version, second.version);
    assert_eq!(read(world, &first).await.unwrap().rows.len(), 1);
    assert_eq!(read(world, &second).await.unwrap().rows.len(), 2);
    let newest = ObjectRef { version: None, ..first };
    assert_eq!(read(world, &newest).await.unwrap().rows.len(), 2);
}

pub async fn what_is_not_there_is_gone(world: &dyn World) {
    let object = world.upload("in/a.csv", list(&["alpha"])).await;
    let other_key = ObjectRef { key: "in/b.csv".into(), version: None, ..object.clone() };
    let version = Some("3HL4kqtJlcpXrof3vjVBH40Nrjfkd".into());
    let other_version = ObjectRef { version, ..object };
    for gone in [other_key, other_version] {
        let read = read(world, &gone).await.map(drop);
        assert!(matches!(&read, Err(ReadError::Gone(key)) if *key == gone.key), "{read:?}");
    }
}

pub async fn a_list_that_is_too_long_is_unreadable(world: &dyn World) {
    let object = world.upload("in/a.csv", vec![b'x'; MOST_BYTES + 1]).await;
    let read = read(world, &object).await.map(drop);
    assert!(matches!(read, Err(ReadError::Unreadable(_))), "{read:?}");
    let binary = world.upload("in/b.csv", vec![0; 100]).await;
    let read = self::read(world, &binary).await.map(drop);
    assert!(matches!(read, Err(ReadError::Unreadable(it)) if it != Unreadable::TooLarge));
}

pub async fn results_are_written_where_they_are_looked_for(world: &dyn World) {
    let key = batch("a.csv").results_key();
    assert_eq!(world.download(&key).await, None);
    for content in ["first", "second"] {
        world.source().write_results(BUCKET, &key, content.into()).await.unwrap();
        assert_eq!(world.download(&key).await.as_deref(), Some(content.as_bytes()));
    }
}

pub async fn a_notice_is_published_with_its_subject_and_kind(world: &dyn World) {
    let notice = notice::batch_taken(&batch("a.csv"), &[]);
    for _ in 0..2 {
        world.notifier().publish(&notice).await.unwrap();
    }
    world.look(&mut |zone| {
        let messages = zone.topics.messages();
        assert_eq!(messages.len(), 2, "told again after a crash");
        for message in messages {
            assert_eq!(message.subject.as_deref(), Some(notice.subject.as_str()));
            assert_eq!(message.body, notice.body);
            assert_eq!(message.attributes["kind"].value, "batch-taken");
        }
    });
}
