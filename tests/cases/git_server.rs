//! The git server of the fixtures, as git's own client sees it.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use atk_tests::server::{Behaviour, GitServer, Trouble};
use tempfile::TempDir;

/// Runs git without a user's configuration; `protocol.version` is git's default, 2.
fn git(dir: &Path, args: &[&str]) -> Output {
    let date = "2026-01-01T00:00:00Z";
    Command::new("git")
        .args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@t",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(args)
        .current_dir(dir)
        .envs([("HOME", "/nonexistent"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .envs([
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_TERMINAL_PROMPT", "0"),
        ])
        .envs([
            ("GIT_AUTHOR_DATE", date),
            ("GIT_COMMITTER_DATE", date),
            ("LC_ALL", "C"),
        ])
        .output()
        .unwrap()
}

fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server of one repository, `repo`, with two commits and a file of 200 KB that does not shrink.
fn served() -> (TempDir, GitServer) {
    let dir = TempDir::new().unwrap();
    let source = dir.path().join("source");
    std::fs::create_dir(&source).unwrap();
    succeeds(&git(&source, &["init", "-q"]));
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    })
    .take(200_000)
    .collect();
    for (name, content) in [("a", &b"a\n"[..]), ("noise", &noise)] {
        std::fs::write(source.join(name), content).unwrap();
        succeeds(&git(&source, &["add", "."]));
        succeeds(&git(&source, &["commit", "-qm", name]));
    }
    succeeds(&git(
        dir.path(),
        &["clone", "-q", "--bare", "source", "root/repo"],
    ));
    let server = GitServer::start(dir.path().join("root"));
    (dir, server)
}

#[test]
fn a_shallow_clone_is_three_requests_on_one_connection() {
    let (dir, server) = served();
    let url = server.url("repo");
    succeeds(&git(
        dir.path(),
        &["clone", "-q", "--depth=1", &url, "clone"],
    ));
    assert_eq!(std::fs::read(dir.path().join("clone/a")).unwrap(), b"a\n");
    let stats = server.stats();
    let commands: Vec<_> = stats.log.iter().map(|one| one.command.as_str()).collect();
    assert_eq!(commands, ["", "ls-refs", "fetch"]);
    assert_eq!((stats.requests, stats.connections), (3, 1));
    assert!(
        stats.bytes_down > 200_000 && stats.bytes_up > 500,
        "{stats:?}"
    );
    assert_eq!(stats.log[2].argument("deepen"), ["1"]);
    assert_eq!(stats.log[2].protocol.as_deref(), Some("version=2"));
    let head = succeeds(&git(dir.path(), &["ls-remote", &url, "HEAD"]));
    let head = head.split('\t').next().unwrap();
    assert!(stats.wants().iter().all(|want| *want == head), "{stats:?}");

    server.reset();
    let stats = server.stats();
    assert_eq!(
        (stats.requests, stats.connections, stats.bytes_down),
        (0, 0, 0)
    );
}

#[test]
fn filters_are_offered_until_they_are_switched_off() {
    let (dir, server) = served();
    let clone = [
        "clone",
        "-q",
        "--bare",
        "--filter=blob:none",
        &server.url("repo"),
    ];
    succeeds(&git(dir.path(), &[&clone[..], &["lazy"]].concat()));
    assert!(server.stats().bytes_down < 10_000, "{:?}", server.stats());

    server.change(|behaviour| behaviour.filter = false);
    server.reset();
    succeeds(&git(dir.path(), &[&clone[..], &["full"]].concat()));
    assert!(server.stats().bytes_down > 200_000);
}

#[test]
fn without_protocol_v2_the_old_protocol_serves() {
    let (dir, server) = served();
    server.change(|behaviour| behaviour.protocol_v2 = false);
    succeeds(&git(
        dir.path(),
        &["clone", "-q", &server.url("repo"), "clone"],
    ));
    let stats = server.stats();
    assert!(stats.log.iter().all(|one| one.command.is_empty()));
    assert_eq!(stats.wants().len(), 1, "{}", stats.summary());
}

#[test]
fn a_dumb_server_serves_files() {
    let (dir, server) = served();
    server.change(|behaviour| behaviour.dumb = true);
    succeeds(&git(
        dir.path(),
        &["clone", "-q", &server.url("repo"), "clone"],
    ));
    assert!(dir.path().join("clone/noise").exists());
    assert!(server.stats().log.iter().all(|one| one.method == "GET"));
}

#[test]
fn shallow_fetches_can_be_withheld() {
    let (dir, server) = served();
    server.change(|behaviour| behaviour.shallow = false);
    let clone = git(
        dir.path(),
        &["clone", "-q", "--depth=1", &server.url("repo"), "clone"],
    );
    assert!(stderr(&clone).contains("shallow"), "{}", stderr(&clone));
    succeeds(&git(
        dir.path(),
        &["clone", "-q", &server.url("repo"), "deep"],
    ));
}

#[test]
fn credentials_are_asked_for_and_checked() {
    let (dir, server) = served();
    let credentials = Some(("user".to_owned(), "pass word".to_owned()));
    server.change(|behaviour| behaviour.credentials = credentials);
    let refused = git(dir.path(), &["ls-remote", &server.url("repo")]);
    assert!(
        stderr(&refused).contains("could not read Username"),
        "{}",
        stderr(&refused)
    );
    assert!(
        server
            .stats()
            .log
            .iter()
            .all(|one| one.status == 401 && !one.authorized)
    );

    let url = server.url("repo").replace("//", "//user:pass%20word@");
    succeeds(&git(dir.path(), &["ls-remote", &url]));
    let log = server.stats().log;
    assert!(
        log.last()
            .is_some_and(|one| one.authorized && one.status == 200)
    );
}

#[test]
fn a_status_is_answered_to_everything() {
    let (dir, server) = served();
    let missing = git(dir.path(), &["ls-remote", &server.url("no-such")]);
    assert!(
        stderr(&missing).contains("not found"),
        "{}",
        stderr(&missing)
    );
    let message = Some("\u{1b}[31mgo away".to_owned());
    server.change(|behaviour| {
        behaviour.status = Some(403);
        behaviour.message = message;
    });
    let refused = git(dir.path(), &["ls-remote", &server.url("repo")]);
    assert!(stderr(&refused).contains("403"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("go away"), "{}", stderr(&refused));
}

#[test]
fn only_tips_can_be_wanted_where_the_server_says_so() {
    let (dir, server) = served();
    let old = succeeds(&git(&dir.path().join("source"), &["rev-parse", "HEAD~1"]));
    let fetch = |name: &str| {
        succeeds(&git(dir.path(), &["init", "-q", name]));
        git(
            &dir.path().join(name),
            &["fetch", "-q", "--depth=1", &server.url("repo"), &old],
        )
    };
    succeeds(&fetch("allowed"));
    server.change(|behaviour| behaviour.tips_only = true);
    let refused = stderr(&fetch("refused"));
    assert!(refused.contains(&format!("not our ref {old}")), "{refused}");
    succeeds(&git(
        dir.path(),
        &["clone", "-q", &server.url("repo"), "clone"],
    ));
}

#[test]
fn messages_and_errors_reach_the_client() {
    let (dir, server) = served();
    let url = server.url("repo");
    server.change(|behaviour| behaviour.message = Some("hello \u{1b}[1mthere".to_owned()));
    let clone = git(dir.path(), &["clone", &url, "clone"]);
    succeeds(&clone);
    assert!(
        stderr(&clone).contains("remote: hello \u{1b}[1mthere"),
        "{}",
        stderr(&clone)
    );

    server.set(Behaviour {
        error: Some("too busy".to_owned()),
        ..Behaviour::default()
    });
    let clone = git(dir.path(), &["clone", "-q", &url, "busy"]);
    assert!(stderr(&clone).contains("too busy"), "{}", stderr(&clone));

    server.set(Behaviour {
        trouble: Some(Trouble::Fail),
        ..Behaviour::default()
    });
    let clone = git(dir.path(), &["clone", "-q", &url, "failing"]);
    assert!(
        stderr(&clone).contains("ran out of memory"),
        "{}",
        stderr(&clone)
    );
}

#[test]
fn a_pack_breaks_off_or_is_damaged() {
    let (dir, server) = served();
    for (name, trouble) in [
        ("dropped", Trouble::Drop(100_000)),
        ("corrupt", Trouble::Corrupt(100_000)),
    ] {
        server.change(|behaviour| behaviour.trouble = Some(trouble));
        let clone = git(dir.path(), &["clone", "-q", &server.url("repo"), name]);
        assert!(!clone.status.success(), "{name}");
    }
    assert!(server.stats().bytes_down > 200_000);
}

#[test]
fn a_stalled_client_ends_with_the_server() {
    let (dir, server) = served();
    server.change(|behaviour| behaviour.trouble = Some(Trouble::Stall(100_000)));
    let mut clone = Command::new("git")
        .args(["clone", "-q", &server.url("repo"), "clone"])
        .current_dir(dir.path())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while server.stats().bytes_down < 100_000 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        clone.try_wait().unwrap().is_none(),
        "nothing more comes, so it waits"
    );
    drop(server);
    assert!(!clone.wait().unwrap().success());
}

#[test]
fn answers_can_be_late_and_slow() {
    let (dir, server) = served();
    server.change(|behaviour| behaviour.latency = Duration::from_millis(100));
    let begun = Instant::now();
    succeeds(&git(dir.path(), &["ls-remote", &server.url("repo")]));
    assert!(
        begun.elapsed() >= Duration::from_millis(200),
        "two requests"
    );

    server.set(Behaviour {
        bytes_per_second: Some(400_000),
        ..Behaviour::default()
    });
    let begun = Instant::now();
    succeeds(&git(
        dir.path(),
        &["clone", "-q", &server.url("repo"), "clone"],
    ));
    assert!(
        begun.elapsed() >= Duration::from_millis(450),
        "200 KB at 400 KB/s"
    );
}

#[test]
fn large_request_bodies_are_read_however_they_are_sent() {
    let (dir, server) = served();
    // 2,000 branches to want make a body of 100 KB, which git compresses, or sends in chunks.
    let stream: String = (0..2000)
        .map(|number| {
            format!("commit refs/heads/b{number}\ncommitter T <t@t> {number} +0000\ndata 1\nx\n")
        })
        .collect();
    std::fs::write(dir.path().join("stream"), stream).unwrap();
    let status = Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(dir.path().join("root/repo"))
        .stdin(std::fs::File::open(dir.path().join("stream")).unwrap())
        .status()
        .unwrap();
    assert!(status.success());
    for version in ["protocol.version=0", "protocol.version=2"] {
        for buffer in ["http.postBuffer=1000000", "http.postBuffer=66000"] {
            let name = format!("{version}-{buffer}");
            server.reset();
            let clone = ["-c", version, "-c", buffer, "clone", "-q", "--bare"];
            let output = git(
                dir.path(),
                &[&clone[..], &[&server.url("repo"), &name]].concat(),
            );
            succeeds(&output);
            let stats = server.stats();
            assert!(stats.wants().len() > 2000, "{}", stats.summary());
            let whole = buffer.ends_with("1000000");
            assert_eq!(stats.bytes_up < 90_000, whole, "compressed: {stats:?}");
        }
    }
}
