//! Writes that fail half-way: a limit of the file size stands in for a full disk.

use std::process::{Command, Stdio};

use super::fixture::{Fixture, assert_scratch_is_clean};
use super::script::Script;

const JOB: &str = "ATK_TEST_LIMITED";

/// Runs transactions in a process that may write only small files.
#[test]
fn limited() {
    let Ok(job) = std::env::var(JOB) else { return };
    let (root, script) = job.split_once(' ').unwrap();
    let script = Script::from_name(script).unwrap();
    let fixture = Fixture::at(root.as_ref());
    let ended = fixture.locked_at(None, |locked| script.run(locked));
    let failed = !matches!(ended, Ok(Ok(())));
    std::process::exit(if failed { 3 } else { 0 });
}

#[test]
fn a_write_that_fails_anywhere_leaves_the_home_as_before() {
    for script in [Script::Add, Script::Upgrade] {
        let mut failures = 0;
        for blocks in 0..40 {
            let fixture = Fixture::new();
            script.prepare(&fixture);
            let before = fixture.snapshot();
            let status = Command::new("sh")
                .args([
                    "-c",
                    "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"",
                    "sh",
                ])
                .arg(blocks.to_string())
                .arg(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "home::tests::limits::limited",
                    "--test-threads=1",
                ])
                .env(JOB, format!("{} {script:?}", fixture.dir.display()))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            if status.success() {
                assert_ne!(fixture.snapshot(), before);
                break;
            }
            assert_eq!(status.code(), Some(3), "{script:?} with {blocks} blocks");
            // Already without a recovery.
            assert_eq!(
                fixture.snapshot(),
                before,
                "{script:?} with {blocks} blocks"
            );
            fixture.locked(|_| ());
            assert_eq!(fixture.snapshot(), before);
            assert_scratch_is_clean(&fixture.root());
            failures += 1;
        }
        assert!(failures > 2, "{script:?}: nothing failed");
    }
}
