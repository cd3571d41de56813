//! The file of declared permission sets, on this machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use vending::file::Fault;
use vending::permission_sets::{PermissionSet, read};

/// A file that was read.
pub(super) struct Declared {
    /// Where it is.
    pub(super) file: PathBuf,
    /// What it declares; nothing where there are faults.
    pub(super) sets: Vec<PermissionSet>,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
}

impl Declared {
    /// Reads the file, and those that it refers to, which are beside it.
    ///
    /// # Errors
    /// When the file itself cannot be read.
    pub(super) async fn read(file: &Path) -> Result<Self> {
        let text = tokio::fs::read_to_string(file).await;
        let text = text.with_context(|| format!("read {}", file.display()))?;
        let beside = |name: &str| {
            let path = file.parent().unwrap_or(Path::new("")).join(name);
            std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
        };
        let (sets, faults) = match read(&text, &beside) {
            Ok(sets) => (sets, Vec::new()),
            Err(faults) => (Vec::new(), faults),
        };
        Ok(Self { file: file.to_owned(), sets, faults })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_policy_is_read_from_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sets.toml");
        let text = "[[permission_set]]\nname = \"T\"\ninline_policy = { file = \"p.json\" }\n";
        std::fs::write(&file, text).unwrap();
        let declared = Declared::read(&file).await.unwrap();
        assert_eq!(declared.faults.len(), 1);
        assert!(
            declared.faults[0].problem.starts_with("cannot be read: "),
            "{declared:?}",
            declared = declared.faults
        );
        let policy =
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
        std::fs::write(folder.path().join("p.json"), policy).unwrap();
        let declared = Declared::read(&file).await.unwrap();
        assert!(declared.sets[0].inline_policy.is_some());
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_no_fault_of_its_content() {
        assert!(Declared::read(Path::new("/nowhere/sets.toml")).await.is_err());
    }
}
