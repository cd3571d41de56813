//! Lists, results and notices.

use vending::file::{MOST_BYTES, Sheet, SheetReader, Unreadable};
use vending::ledger::{Batch, ObjectRef};
use vending::notice::{self, Links};
use vending::ports::{ReadError, Replaced, Revision};

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

/// A batch whose results are in the bucket of the world.
fn batch_here() -> Batch {
    let object = ObjectRef { bucket: BUCKET.into(), ..batch("a.csv").object };
    Batch { object, ..batch("a.csv") }
}

pub async fn a_results_file_is_written_over_the_revision_that_was_read_only(world: &dyn World) {
    let (files, batch) = (world.results(), batch_here());
    world.source().write_results(BUCKET, &batch.results_key(), "first".into()).await.unwrap();
    let first = files.results_of(&batch).await.unwrap().unwrap();
    assert_eq!(first.content, b"first");
    let over = Some(&first.revision);
    let written = files.replace_results(&batch, over, "second".into()).await.unwrap();
    let late = files.replace_results(&batch, over, "late".into()).await.unwrap();
    assert_eq!(late, Replaced::Changed);
    let second = files.results_of(&batch).await.unwrap().unwrap();
    assert_eq!(second.content, b"second");
    assert_ne!(second.revision, first.revision);
    assert_eq!(written, Replaced::By(second.revision.clone()));
    let new = files.replace_results(&batch, None, "new".into()).await.unwrap();
    assert_eq!(new, Replaced::Changed, "there is one");
    // Who wrote it may write over it without reading it.
    let third =
        files.replace_results(&batch, Some(&second.revision), "third".into()).await.unwrap();
    let Replaced::By(third) = third else { panic!("nobody else wrote it") };
    assert_eq!(files.results_of(&batch).await.unwrap().unwrap().revision, third);
}

pub async fn a_results_file_that_is_gone_is_made_once(world: &dyn World) {
    let (files, batch) = (world.results(), batch_here());
    assert_eq!(files.results_of(&batch).await.unwrap(), None);
    let gone = Revision("\"d41d8cd98f00b204e9800998ecf8427e\"".to_owned());
    let over = files.replace_results(&batch, Some(&gone), "late".into()).await.unwrap();
    assert_eq!(over, Replaced::Changed);
    let made = files.replace_results(&batch, None, "anew".into()).await.unwrap();
    let late = files.replace_results(&batch, None, "anew".into()).await.unwrap();
    let file = files.results_of(&batch).await.unwrap().unwrap();
    assert_eq!(file.content, b"anew");
    assert_eq!((made, late), (Replaced::By(file.revision), Replaced::Changed));
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
            assert_eq!(message.body, notice.text(&Links::default()));
            assert!(message.forms["sqs"].starts_with(r#"{"kind":"batch-taken""#));
            assert_eq!(message.attributes["kind"].value, "batch-taken");
            assert_eq!(message.attributes["batch"].value, batch("a.csv").id.as_str());
        }
    });
}
