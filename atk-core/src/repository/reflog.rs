//! Git's logs of where HEAD and its branch have been.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::head_ref::Head;
use super::{Repository, signature};
use crate::model::pin::Pin;

/// Writes the move of a ref into its log and into HEAD's, as git does. The logs help people to
/// find what they lost; a commit does not fail for their sake.
pub(super) fn append(home: &Repository, head: &Head, new: &Pin, message: &str) {
    let old = head.old.map_or_else(|| "0".repeat(40), |id| id.to_string());
    let subject = message.lines().next().unwrap_or_default();
    let initial = if head.old.is_none() { " (initial)" } else { "" };
    let line = format!(
        "{old} {new} {} <{}> {} +0000\tcommit{initial}: {subject}\n",
        signature::NAME,
        signature::EMAIL,
        signature::now(),
    );
    let all = logs_all(home);
    for name in names(head) {
        let path = log_path(home, name);
        if all || path.exists() {
            let _ = append_line(&path, line.as_bytes());
        }
    }
}

/// Writes what an interrupted move did not write any more.
pub(super) fn complete(home: &Repository, head: &Head, new: &Pin, message: &str) {
    let missing = |name: &&str| !tail(&log_path(home, name)).contains(&format!(" {new} "));
    if names(head).iter().all(missing) {
        append(home, head, new, message);
    }
}

fn names(head: &Head) -> Vec<&str> {
    let branch = (head.name != "HEAD").then_some(head.name.as_str());
    branch.into_iter().chain(["HEAD"]).collect()
}

fn log_path(home: &Repository, name: &str) -> PathBuf {
    if name == "HEAD" {
        home.git_dir.join("logs/HEAD")
    } else {
        home.common_dir.join("logs").join(name)
    }
}

/// `core.logAllRefUpdates`: whether logs are begun, if there are none.
fn logs_all(home: &Repository) -> bool {
    let config = home
        .open_in_process()
        .ok()
        .and_then(|repository| repository.config().ok());
    let Some(config) = config else {
        return true;
    };
    let always = config
        .get_string("core.logAllRefUpdates")
        .is_ok_and(|value| value.eq_ignore_ascii_case("always"));
    always || config.get_bool("core.logAllRefUpdates").unwrap_or(true)
}

fn append_line(path: &Path, line: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = File::options()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    let length = file.metadata()?.len();
    let mut text = Vec::new();
    // A line that was cut short, on a full disk, must not swallow the next one.
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push(b'\n');
        }
    }
    text.extend_from_slice(line);
    let written = file.write_all(&text);
    if written.is_err() {
        let _ = file.set_len(length);
    }
    written
}

/// The last lines of a log.
fn tail(path: &Path) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(16 << 10)))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        Ok(text)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}
