//! The mail that the topic's e-mail subscribers would get, as `.eml` files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use landing_zone::model::topics::Message;
use mail_builder::MessageBuilder;

/// The folder of the mail, in the state folder.
pub(super) fn folder(state: &Path) -> PathBuf {
    state.join("mail")
}

/// How many are there.
pub(super) fn count(state: &Path) -> Result<usize> {
    let folder = folder(state);
    std::fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?;
    Ok(entries.count())
}

/// Writes the `number`-th message.
pub(super) fn write(state: &Path, number: usize, message: &Message) -> Result<()> {
    let kind =
        message.attributes.get("kind").map_or("notice", |attribute| attribute.value.as_str());
    let path = folder(state).join(format!("{number:04}-{kind}.eml"));
    let mail = MessageBuilder::new()
        .from(("AWS Notifications", "no-reply@sns.amazonaws.com"))
        .to("cloud-admins@example.com")
        .subject(message.subject.as_deref().unwrap_or("AWS Notification Message"))
        .date(message.at.timestamp())
        .message_id(format!("{}@sns.amazonaws.com", message.id))
        .text_body(message.body.as_str());
    let text = mail.write_to_vec().with_context(|| format!("compose {}", path.display()))?;
    // Beside the folder first: a kill must leave no half of a mail among those that count.
    let draft = state.join("mail.new");
    std::fs::write(&draft, text)
        .and_then(|()| std::fs::rename(&draft, &path))
        .with_context(|| format!("write {}", path.display()))
}

/// Every mail there is, in order.
pub(super) fn paths(state: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(state)).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort_by_cached_key(|path| (number(path), path.clone()));
    paths
}

/// Which one it is; from the ten thousandth on, names alone are in another order.
fn number(path: &Path) -> Option<usize> {
    let name = path.file_name()?.to_str()?;
    name.split_once('-')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_in_the_order_in_which_they_came() {
        let state = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder(state.path())).unwrap();
        for name in ["10000-account-ready.eml", "0002-account-ready.eml", "9999-account-ready.eml"]
        {
            std::fs::write(folder(state.path()).join(name), "").unwrap();
        }
        let numbers: Vec<_> = paths(state.path()).iter().map(|path| number(path)).collect();
        assert_eq!(numbers, [Some(2), Some(9_999), Some(10_000)]);
    }
}
