//! Whether git stores files as they are on disk.
//!
//! Commits in this process store bytes unchanged. That is what `git add` does unless an attribute
//! or a setting changes the content: a filter (git-crypt, Git LFS), an encoding, line ends. Which
//! attribute applies to which path is git's business; here a file that mentions one is enough.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::Repository;
use super::config::GitConfig;
use super::entry_path::as_path;
use super::failure::shown;
use super::pattern_file::{self, PatternSource};
use crate::error::{Error, Result};
use crate::host::CancelToken;

const NAME: &str = ".gitattributes";

/// Where builds of git look for the attributes of the whole machine.
const SYSTEM: &[&str] = &[
    "/etc/gitattributes",
    "/usr/etc/gitattributes",
    "/usr/local/etc/gitattributes",
    "/opt/homebrew/etc/gitattributes",
];

/// What a file of attributes mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mention {
    /// Nothing that changes the content.
    Harmless,
    /// Line ends: files without a carriage return stay as they are.
    Text,
    /// Something that only git can do ("a filter").
    Program(&'static str),
}

/// Returns why only the git program stores these files as `git add` would, if so.
///
/// # Errors
/// [`ErrorKind::HomeInvalid`](crate::ErrorKind::HomeInvalid) if an attribute file is a pipe;
/// [`ErrorKind::Io`](crate::ErrorKind::Io); [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
pub(super) fn need_program(
    home: &Repository,
    config: &GitConfig,
    repository: &git2::Repository,
    index: &git2::Index,
    present: &BTreeSet<Vec<u8>>,
    cancel: &CancelToken,
) -> Result<Option<String>> {
    if config.get("attr.tree").is_some() {
        return Ok(Some("`attr.tree` is set".into()));
    }
    if config.is("core.symlinks") == Some(false) {
        // A regular file may then stand for a link.
        return Ok(Some("`core.symlinks` is false".into()));
    }
    let mut text = config
        .get("core.autocrlf")
        .filter(|_| config.is("core.autocrlf") != Some(false))
        .map(|_| "`core.autocrlf` is set".to_owned());
    for file in outside(home, config) {
        let bytes = pattern_file::read(&file, PatternSource::Outside)?;
        if let Some(reason) = judge(&file, bytes.as_deref(), &mut text) {
            return Ok(Some(reason));
        }
    }
    for directory in directories(present) {
        let file = directory.join(NAME);
        let bytes = match pattern_file::read(&home.root.join(&file), PatternSource::WorkTree)? {
            Some(bytes) => Some(bytes),
            // Git then reads what the index has.
            None => index
                .get_path(&file, 0)
                .and_then(|entry| repository.find_blob(entry.id).ok())
                .map(|blob| blob.content().to_vec()),
        };
        if let Some(reason) = judge(&file, bytes.as_deref(), &mut text) {
            return Ok(Some(reason));
        }
    }
    let Some(text) = text else {
        return Ok(None);
    };
    if config.is("core.safecrlf") == Some(true) {
        return Ok(Some("`core.safecrlf` is set".into()));
    }
    for name in present {
        if has_carriage_return(&home.root.join(as_path(name)), cancel)? {
            let path = shown(as_path(name));
            return Ok(Some(format!("{text} and `{path}` has carriage returns")));
        }
    }
    Ok(None)
}

/// Fails if git would wait for an attribute file of one of these paths.
///
/// # Errors
/// As [`need_program`].
pub(super) fn check_files(
    home: &Repository,
    config: &GitConfig,
    present: &BTreeSet<Vec<u8>>,
) -> Result<()> {
    for file in outside(home, config) {
        pattern_file::read(&file, PatternSource::Outside)?;
    }
    for directory in directories(present) {
        pattern_file::read(
            &home.root.join(directory).join(NAME),
            PatternSource::WorkTree,
        )?;
    }
    Ok(())
}

/// The attribute files that are not in the work tree.
fn outside(home: &Repository, config: &GitConfig) -> Vec<PathBuf> {
    SYSTEM
        .iter()
        .map(PathBuf::from)
        .chain(config.user_file("core.attributesfile", "attributes"))
        .chain([home.common_dir.join("info/attributes")])
        .collect()
}

/// The directories that files lie in, up to the top of the work tree.
fn directories(files: &BTreeSet<Vec<u8>>) -> BTreeSet<&Path> {
    let mut directories = BTreeSet::from([Path::new("")]);
    for name in files {
        for directory in as_path(name).ancestors().skip(1) {
            if !directories.insert(directory) {
                break;
            }
        }
    }
    directories
}

/// Why the program is needed because of a file, if it is; notes that it mentions line ends.
fn judge(file: &Path, bytes: Option<&[u8]>, text: &mut Option<String>) -> Option<String> {
    match mention(bytes.unwrap_or_default()) {
        Mention::Harmless => None,
        Mention::Text => {
            text.get_or_insert_with(|| format!("`{}` converts line ends", shown(file)));
            None
        }
        Mention::Program(what) => Some(format!("`{}` sets {what}", shown(file))),
    }
}

/// The worst that the lines of a file mention. A word of a pattern may be taken for an attribute:
/// then git does what it would have been spared.
fn mention(bytes: &[u8]) -> Mention {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii_start().starts_with(b"#"))
        .flat_map(|line| line.split(u8::is_ascii_whitespace))
        .map(|word| {
            let name = word.split(|byte| *byte == b'=').next().unwrap_or_default();
            match name {
                b"filter" => Mention::Program("a filter"),
                b"working-tree-encoding" => Mention::Program("an encoding"),
                b"ident" => Mention::Program("`ident`"),
                b"text" | b"eol" | b"crlf" => Mention::Text,
                // `-text` and `!text` change nothing, nor do other attributes.
                _ => Mention::Harmless,
            }
        })
        .max()
        .unwrap_or(Mention::Harmless)
}

fn has_carriage_return(path: &Path, cancel: &CancelToken) -> Result<bool> {
    if !path.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
        return Ok(false);
    }
    let failed = |error| Error::io("cannot read", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut chunk = vec![0; 64 << 10];
    loop {
        cancel.check()?;
        let read = file.read(&mut chunk).map_err(failed)?;
        let bytes = chunk.get(..read).unwrap_or_default();
        if bytes.is_empty() || bytes.contains(&b'\r') {
            return Ok(!bytes.is_empty());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attributes_that_change_the_content_count() {
        for (line, expected) in [
            ("", Mention::Harmless),
            (
                "*.png binary\n*.md diff=markdown -text !eol",
                Mention::Harmless,
            ),
            ("# * filter=crypt", Mention::Harmless),
            ("*.sh text eol=lf", Mention::Text),
            ("* text=auto\r\n", Mention::Text),
            ("* crlf=input", Mention::Text),
            (
                "secret filter=git-crypt diff=git-crypt",
                Mention::Program("a filter"),
            ),
            ("[attr]crypt filter=c text", Mention::Program("a filter")),
            ("\"a b\"\tfilter=x", Mention::Program("a filter")),
            (
                "*.txt working-tree-encoding=UTF-16",
                Mention::Program("an encoding"),
            ),
            ("* text=auto ident", Mention::Program("`ident`")),
            ("* -filter -ident", Mention::Harmless),
        ] {
            let found = mention(line.as_bytes());
            let same = matches!(
                (found, expected),
                (Mention::Program(_), Mention::Program(_))
            );
            assert!(found == expected || same, "{line}: {found:?}");
        }
    }
}
