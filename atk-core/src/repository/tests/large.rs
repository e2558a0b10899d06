//! Large files are stored in pieces, and a cancel is heard within one.

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::assert_as_git;
use crate::error::ErrorKind;
use crate::host::{CancelToken, Event, Scope};
use crate::repository::commit_request::CommitError;
use crate::repository::fixture::{Forgetful, Home, request};

/// Text of more than 8 MiB, without two equal blocks.
fn large(seed: u32) -> String {
    (0..1_200_000)
        .map(|line| format!("{}\n", line ^ seed))
        .collect()
}

#[test]
fn large_files_are_committed_as_git_does() {
    assert_as_git(
        "new, changed, executable, replaced by a directory and of a directory",
        |home| {
            let place = "plugins/one/custom/large";
            home.write(place, &large(1));
            home.write("plugins/one/custom/tool", &large(2));
            home.write("plugins/one/custom/b", &large(3));
            home.write("plugins/one/custom/deep/large", &large(4));
            let tool = home.root().join("plugins/one/custom/tool");
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(tool, mode).unwrap();
        },
        &["plugins/one"],
    );
}

#[test]
fn a_change_of_a_large_file_is_found_though_its_size_and_time_are_the_same() {
    let home = Home::new();
    let place = "plugins/one/custom/large";
    home.write(place, &large(1));
    home.commit(&["plugins/one"]).unwrap().unwrap();
    // The index must be younger than the file for its times to count.
    std::thread::sleep(Duration::from_millis(20));
    home.write("plugins/one/custom/a", "a2");
    home.commit(&["plugins/one"]).unwrap().unwrap();
    let path = home.root().join(place);
    assert_eq!(home.git(&["status", "--porcelain", "plugins"]), "");
    // The time of the change of the inode tells.
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let mut text = large(1);
    text.replace_range(0..1, "9");
    fs::write(&path, &text).unwrap();
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(time)
        .unwrap();
    home.commit(&["plugins/one"]).unwrap().unwrap();
    assert_eq!(
        home.git(&["show", &format!("HEAD:{place}")]),
        text.trim_end()
    );
}

#[test]
fn a_commit_of_a_huge_file_shows_progress_and_ends_when_it_is_cancelled() {
    let home = Home::new();
    let file = home.root().join("plugins/one/custom/huge");
    File::create(&file).unwrap().set_len(16 << 30).unwrap();
    let before = home.git(&["rev-parse", "HEAD"]);
    let cancel = CancelToken::new();
    let events = RefCell::new(Vec::new());
    let report = |event: Event| {
        cancel.cancel();
        events.borrow_mut().push((event, Instant::now()));
    };
    let scope = Scope {
        cancel: &cancel,
        report: &report,
    };
    let paths = [PathBuf::from("plugins/one")];
    let made = home.open().commit(&request(&paths), &mut Forgetful, scope);
    let error = made.map_err(CommitError::into_error).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    let events = events.into_inner();
    let [(Event::Progress { source, bytes, .. }, reported)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(source, "plugins/one");
    assert!(*bytes > 0 && *bytes < 16 << 30, "{bytes}");
    assert!(reported.elapsed() < Duration::from_secs(5));
    assert_eq!(home.git(&["rev-parse", "HEAD"]), before);
    assert!(!home.root().join(".git/atk-commit").exists());
}
