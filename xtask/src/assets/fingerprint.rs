//! A hash over files and words, to tell whether anything changed and to name what is served.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Collects what is to be compared.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Nothing collected yet.
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds words.
    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds one file's content.
    pub(crate) fn file(self, path: &Path) -> Result<Self> {
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self.bytes(&content))
    }

    /// Adds all names and contents below a folder; a folder that is not there counts as empty.
    pub(crate) fn folder(mut self, folder: &Path) -> Result<Self> {
        if !folder.exists() {
            return Ok(self);
        }
        let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            self = self.text(&entry.file_name().to_string_lossy());
            self = if entry.file_type()?.is_dir() {
                self.folder(&entry.path())?
            } else {
                self.file(&entry.path())?
            };
        }
        Ok(self)
    }

    /// The hash, in hexadecimal.
    pub(crate) fn finish(self) -> String {
        format!("{:x}", self.0.finalize())
    }

    /// The first 16 digits of the hash: 64 bits tell apart all versions there will ever be.
    pub(crate) fn short(self) -> String {
        let mut hash = self.finish();
        hash.truncate(16);
        hash
    }

    /// Length first, so that two words never look like one.
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(folder: &Path) -> String {
        Fingerprint::new()
            .folder(folder)
            .expect("the folder is readable")
            .finish()
    }

    #[test]
    fn a_changed_renamed_or_added_file_changes_the_fingerprint() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path();
        let mut seen = vec![of(path)];
        fs::write(path.join("a"), "1").expect("written");
        seen.push(of(path));
        fs::write(path.join("a"), "2").expect("written");
        seen.push(of(path));
        fs::rename(path.join("a"), path.join("b")).expect("renamed");
        seen.push(of(path));
        fs::create_dir(path.join("c")).expect("created");
        fs::write(path.join("c/d"), "").expect("written");
        seen.push(of(path));
        assert_eq!(seen.last(), Some(&of(path)), "nothing changed in between");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn words_do_not_run_into_each_other() {
        let hash = |words: [&str; 2]| Fingerprint::new().text(words[0]).text(words[1]).finish();
        assert_ne!(hash(["ab", "c"]), hash(["a", "bc"]));
    }
}
