//! A file of lines that only grows, and that may end in the middle of one: a process
//! can be killed at any moment. It knows nothing of what the lines say.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

/// The file, open.
#[derive(Debug)]
pub(crate) struct Lines {
    file: File,
}

impl Lines {
    /// Opens the file at `path`, or starts one.
    pub(crate) fn open(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        Ok(Self { file })
    }

    /// Locks it against other processes; whether nobody else had.
    pub(crate) fn lock(&self) -> std::io::Result<bool> {
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(std::fs::TryLockError::WouldBlock) => Ok(false),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Every whole line, without its end. What a kill cut off in the middle was never
    /// relied on, and is removed, so that the next line does not join it.
    pub(crate) fn read(&mut self) -> std::io::Result<Vec<Vec<u8>>> {
        let mut content = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut content)?;
        let whole = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if whole < content.len() {
            self.file.set_len(whole as u64)?;
        }
        content.truncate(whole.saturating_sub(1));
        let lines = content.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
        Ok(if whole == 0 { Vec::new() } else { lines.collect() })
    }

    /// Appends `line` in one write. One that fails leaves nothing behind.
    pub(crate) fn append(&mut self, mut line: Vec<u8>) -> std::io::Result<()> {
        let before = self.file.metadata()?.len();
        line.push(b'\n');
        self.file.write_all(&line).inspect_err(|_| {
            // Where even this fails, the next start cuts it off.
            drop(self.file.set_len(before));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> Vec<String> {
        let lines = Lines::open(path).unwrap().read().unwrap();
        lines.into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn a_kill_at_any_byte_loses_at_most_the_line_being_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let whole = b"one\ntwo\n\nfour\n";
        for length in 0..=whole.len() {
            let torn = whole.get(..length).unwrap();
            std::fs::write(&path, torn).unwrap();
            let kept = torn.iter().filter(|byte| **byte == b'\n').count();
            let expected = ["one", "two", "", "four"];
            assert_eq!(read(&path), expected[..kept], "{length} bytes");
            Lines::open(&path).unwrap().append(b"next".to_vec()).unwrap();
            assert_eq!(read(&path).len(), kept + 1, "{length} bytes");
            assert_eq!(read(&path).last().map(String::as_str), Some("next"));
        }
    }

    #[test]
    fn only_one_process_has_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let first = Lines::open(&path).unwrap();
        let second = Lines::open(&path).unwrap();
        assert!(first.lock().unwrap());
        assert!(!second.lock().unwrap());
        drop(first);
        assert!(second.lock().unwrap());
    }
}
