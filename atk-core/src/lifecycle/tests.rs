//! Real processes.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::*;
use crate::host::{CancelToken, Stream};

struct Plugin {
    dir: tempfile::TempDir,
    name: PluginDir,
    secrets: Vec<String>,
}

/// What a run gave: its result, its output for each stream, its chunks, its time.
struct Seen {
    result: Result<Ended>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    chunks: Vec<usize>,
    took: Duration,
}

impl Plugin {
    fn new() -> Self {
        Plugin {
            dir: tempfile::tempdir().unwrap(),
            name: PluginDir::new("tool").unwrap(),
            secrets: Vec::new(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command<'a>(&'a self, command_line: &'a str) -> Command<'a> {
        Command {
            plugin: self.name.as_str(),
            event: "install",
            program: Program::Line(command_line),
            dir: self.dir.path(),
            home: Path::new("/the/home"),
            env: [("PATH".into(), "/usr/bin:/bin".into())].into(),
            token: Some("token-1"),
            secrets: &self.secrets,
        }
    }

    fn run(&self, command_line: &str) -> Seen {
        self.run_with(command_line, Streams::Piped, &CancelToken::new(), GRACE)
    }

    fn run_with(
        &self,
        command_line: &str,
        streams: Streams,
        cancel: &CancelToken,
        grace: Duration,
    ) -> Seen {
        let started = Instant::now();
        let (mut stdout, mut stderr, mut chunks) = (Vec::new(), Vec::new(), Vec::new());
        let events = RefCell::new(Vec::new());
        let report = |event| events.borrow_mut().push(event);
        let command = self.command(command_line);
        let result = run_within(
            &command,
            streams,
            Scope {
                cancel,
                report: &report,
            },
            EndTimeouts { grace, limit: None },
        );
        let took = started.elapsed();
        for event in events.into_inner() {
            let Event::Output {
                plugin,
                command,
                stream,
                chunk,
            } = event
            else {
                panic!("{event:?}")
            };
            assert_eq!((plugin.as_str(), command.as_str()), ("tool", "install"));
            chunks.push(chunk.len());
            match stream {
                Stream::Stdout => stdout.extend(chunk),
                Stream::Stderr => stderr.extend(chunk),
            }
        }
        Seen {
            result,
            stdout,
            stderr,
            chunks,
            took,
        }
    }

    /// Runs a command, and cancels it once it has made a file called `ready`.
    fn cancel(&self, command_line: &str, streams: Streams, grace: Duration) -> (Seen, Duration) {
        self.cancel_by(CancelToken::new(), command_line, streams, grace)
    }

    fn cancel_by(
        &self,
        cancel: CancelToken,
        command_line: &str,
        streams: Streams,
        grace: Duration,
    ) -> (Seen, Duration) {
        let ready = self.path("ready");
        let canceller = std::thread::spawn({
            let cancel = cancel.clone();
            move || {
                wait_until(|| ready.exists());
                cancel.cancel();
                Instant::now()
            }
        });
        let seen = self.run_with(command_line, streams, &cancel, grace);
        let since = canceller.join().unwrap().elapsed();
        (seen, since)
    }

    /// A process id that a command wrote to a file.
    fn pid(&self, name: &str) -> rustix::process::Pid {
        wait_until(|| fs::read_to_string(self.path(name)).is_ok_and(|text| text.ends_with('\n')));
        let text = fs::read_to_string(self.path(name)).unwrap();
        rustix::process::Pid::from_raw(text.trim().parse().unwrap()).unwrap()
    }
}

fn wait_until(mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "waited too long"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn is_alive(pid: rustix::process::Pid) -> bool {
    // An orphan that ended may be a zombie for as long as its new parent takes.
    let status = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    match status {
        Ok(status) => !status.contains(") Z "),
        Err(_) if Path::new("/proc/self").exists() => false,
        Err(_) => rustix::process::test_kill_process(pid).is_ok(),
    }
}

#[test]
fn a_command_runs_in_the_plugins_directory_with_its_variables_and_no_input() {
    let plugin = Plugin::new();
    let seen = plugin
        .run(r#"pwd; echo "$ATK_HOME|$ATK_PLUGIN_DIR|$ATK_NESTED|$HOME|$0"; cat; echo err >&2"#);
    let dir = plugin.dir.path().canonicalize().unwrap();
    let shown = format!(
        "{}\n/the/home|{}|token-1||/bin/sh\n",
        dir.display(),
        plugin.dir.path().display()
    );
    assert_eq!(String::from_utf8(seen.stdout).unwrap(), shown);
    assert_eq!(seen.stderr, b"err\n");
    assert!(seen.result.unwrap().is_success());
}

#[test]
fn a_command_that_begins_with_a_hyphen_is_no_option() {
    let plugin = Plugin::new();
    fs::write(plugin.path("-x"), "#!/bin/sh\necho ran\n").unwrap();
    let seen = plugin.run("-x || echo no option");
    assert_eq!(seen.stdout, b"no option\n");
}

#[test]
fn exit_codes_and_signals_are_told_apart_and_become_errors_with_the_output() {
    let mut plugin = Plugin::new();
    plugin.secrets = vec!["hunter22".into()];
    let ended = plugin
        .run("echo password hunter22; echo why >&2; exit 7")
        .result
        .unwrap();
    assert_eq!((ended.code, ended.signal), (Some(7), None));
    let error = failed(&plugin.name, "install", &ended);
    assert_eq!(error.kind(), ErrorKind::LifecycleFailed);
    assert_eq!(
        error.to_string(),
        "the `install` command of `tool` failed with exit code 7"
    );
    assert_eq!(error.details().command_exit_code, Some(7));
    assert_eq!(error.details().output.as_deref(), Some("password ***\nwhy"));

    let ended = plugin.run("kill -9 $$").result.unwrap();
    assert_eq!((ended.code, ended.signal), (None, Some(9)));
    let error = failed(&plugin.name, "install", &ended);
    assert_eq!(
        error.to_string(),
        "the `install` command of `tool` was killed by signal 9"
    );
}

#[test]
fn a_command_that_cannot_start_is_an_error_that_says_so() {
    let plugin = Plugin::new();
    fs::remove_dir(plugin.dir.path()).unwrap();
    let error = plugin.run("true").result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LifecycleFailed);
    assert_eq!(error.details().plugin.as_deref(), Some("tool"));
}

#[test]
fn a_finished_command_is_noticed_at_once() {
    let plugin = Plugin::new();
    // The best of several: the machine may be busy.
    let best = (0..10)
        .map(|_| plugin.run("sleep 0.05").took)
        .min()
        .unwrap();
    assert!(best < Duration::from_millis(70), "{best:?}");
}

#[test]
fn much_output_on_both_streams_arrives_whole_in_large_chunks() {
    let plugin = Plugin::new();
    let seen = plugin.run("head -c 20000000 /dev/zero & head -c 20000000 /dev/zero >&2; wait");
    assert!(seen.result.unwrap().is_success());
    assert_eq!(
        (seen.stdout.len(), seen.stderr.len()),
        (20_000_000, 20_000_000)
    );
    assert!(seen.chunks.iter().all(|chunk| *chunk <= 64 << 10));
    assert!(seen.chunks.len() < 5_000, "{} chunks", seen.chunks.len());
}

#[test]
fn small_writes_are_gathered_but_not_held_back() {
    let plugin = Plugin::new();
    let seen = plugin.run("i=0; while [ $i -lt 2000 ]; do echo $i; i=$((i+1)); done");
    assert!(seen.chunks.len() < 60, "{} chunks", seen.chunks.len());
    let arrived = RefCell::new(None);
    let started = Instant::now();
    let report = |_| {
        let _ = arrived
            .borrow_mut()
            .get_or_insert_with(|| started.elapsed());
    };
    let command = plugin.command("echo now; sleep 1");
    run(
        &command,
        Stdio::Stream,
        Scope {
            cancel: &CancelToken::new(),
            report: &report,
        },
    )
    .unwrap();
    assert!(arrived.into_inner().unwrap() < Duration::from_millis(500));
}

#[test]
fn a_daemon_that_keeps_the_pipe_is_not_waited_for_and_lives_on() {
    let plugin = Plugin::new();
    // It writes more than a pipe holds, so that it would block without a reader.
    let daemon = "sh -c 'echo $$ >pid; sleep 0.6; head -c 200000 /dev/zero; echo x && echo y >&2 && touch wrote; sleep 60'";
    let seen = plugin.run(&format!("{daemon} & echo started"));
    assert!(seen.result.unwrap().is_success());
    assert_eq!(seen.stdout, b"started\n");
    assert!(seen.took < Duration::from_secs(5), "{:?}", seen.took);
    wait_until(|| plugin.path("wrote").exists());
    let pid = plugin.pid("pid");
    assert!(is_alive(pid));
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn the_last_words_of_a_pipeline_are_heard() {
    let plugin = Plugin::new();
    let seen = plugin.run("(sleep 0.1; echo late) & echo early");
    assert_eq!(seen.stdout, b"early\nlate\n");
}

#[test]
fn a_cancel_ends_the_whole_group_politely() {
    let plugin = Plugin::new();
    let inner = "sh -c \"trap 'sleep 0.4; touch stopped; exit' TERM; echo \\$\\$ >pid; touch ready; while :; do sleep 0.01; done\"";
    let (seen, since) = plugin.cancel(
        &format!("{inner} >/dev/null 2>&1 & wait"),
        Streams::Piped,
        GRACE,
    );
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(
        plugin.path("stopped").exists(),
        "the inner process had no time to stop"
    );
    assert!(!is_alive(plugin.pid("pid")));
    assert!(since < Duration::from_secs(2), "{since:?}");
}

#[test]
fn a_cancel_kills_what_ignores_it_after_the_grace_and_not_before() {
    let plugin = Plugin::new();
    let stubborn = "trap '' TERM; sh -c 'echo $$ >pid; while :; do sleep 0.01; done' & touch ready; while :; do sleep 0.01; done";
    let (seen, since) = plugin.cancel(stubborn, Streams::Piped, Duration::from_millis(300));
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(since >= Duration::from_millis(295), "{since:?}");
    wait_until(|| !is_alive(plugin.pid("pid")));
    assert!(since < Duration::from_millis(1500), "{since:?}");
}

#[test]
fn a_cancel_is_noticed_within_a_tenth_of_a_second() {
    let best = (0..5).map(|_| {
        let plugin = Plugin::new();
        plugin
            .cancel("touch ready; exec sleep 60", Streams::Piped, GRACE)
            .1
    });
    let best = best.min().unwrap();
    assert!(best < Duration::from_millis(100), "{best:?}");
}

#[test]
fn a_cancel_between_the_commands_end_and_its_last_words_is_still_a_cancel() {
    let plugin = Plugin::new();
    let cancel = CancelToken::new();
    let command = plugin.command("(sleep 0.05; echo late; exec sleep 60) & echo $! >pid");
    let report = |_| cancel.cancel();
    let result = run(
        &command,
        Stdio::Stream,
        Scope {
            cancel: &cancel,
            report: &report,
        },
    );
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Cancelled);
    wait_until(|| !is_alive(plugin.pid("pid")));
}

#[test]
fn a_cancelled_operation_starts_nothing() {
    let plugin = Plugin::new();
    let cancel = CancelToken::new();
    cancel.cancel();
    let seen = plugin.run_with("touch never", Streams::Piped, &cancel, GRACE);
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(!plugin.path("never").exists());
}

#[test]
fn a_command_may_remove_its_directory_and_kill_its_group() {
    let plugin = Plugin::new();
    let seen = plugin.run("rm -rf \"$ATK_PLUGIN_DIR\"; echo gone; exit 3");
    assert_eq!(seen.result.unwrap().code, Some(3));
    let plugin = Plugin::new();
    let seen = plugin.run("kill -9 0");
    assert_eq!(seen.result.unwrap().signal, Some(9));
}

#[test]
fn a_panicking_host_leaves_no_process_behind() {
    let plugin = Plugin::new();
    let command = plugin.command("echo $$ >pid; echo x; exec sleep 60");
    let report = |_| panic!("the host failed");
    let run = std::panic::AssertUnwindSafe(|| {
        run(
            &command,
            Stdio::Stream,
            Scope {
                cancel: &CancelToken::new(),
                report: &report,
            },
        )
    });
    assert!(std::panic::catch_unwind(run).is_err());
    wait_until(|| !is_alive(plugin.pid("pid")));
}

/// A command whose child ignores INT, and notes its process id.
const FOLLOWER: &str =
    "trap '' INT; sh -c 'echo $$ >pid; touch ready; while :; do sleep 0.01; done' | cat";

fn group_of(plugin: &Plugin, streams: Streams) -> i32 {
    let line = "ps -o pgid= -p $$ >group";
    let seen = plugin.run_with(line, streams, &CancelToken::new(), GRACE);
    assert_eq!(seen.result.unwrap().output_tail, "");
    let group = fs::read_to_string(plugin.path("group")).unwrap();
    group.trim().parse().unwrap()
}

#[test]
fn a_command_shares_our_process_group_on_a_terminal_alone() {
    let plugin = Plugin::new();
    let own = rustix::process::getpgrp().as_raw_nonzero().get();
    assert_eq!(group_of(&plugin, Streams::Terminal), own);
    assert_ne!(group_of(&plugin, Streams::Inherited), own);
    assert_ne!(group_of(&plugin, Streams::Piped), own);
}

#[test]
fn on_a_terminal_a_command_may_end_by_itself_after_a_cancel() {
    let plugin = Plugin::new();
    let polite = "touch ready; sleep 0.2; touch finished";
    let (seen, _) = plugin.cancel(polite, Streams::Terminal, GRACE);
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(plugin.path("finished").exists());
}

#[test]
fn on_a_terminal_what_does_not_end_is_asked_to_with_all_that_it_started() {
    let plugin = Plugin::new();
    let grace = Duration::from_millis(200);
    let (seen, since) = plugin.cancel(FOLLOWER, Streams::Terminal, grace);
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(since >= Duration::from_millis(195), "{since:?}");
    assert!(since < Duration::from_secs(5), "{since:?}");
    assert!(!is_alive(plugin.pid("pid")));
}

#[test]
fn an_urgent_cancel_asks_at_once_whatever_the_streams() {
    for streams in [Streams::Piped, Streams::Inherited, Streams::Terminal] {
        let plugin = Plugin::new();
        let cancel = CancelToken::new();
        cancel
            .urgent_flag()
            .store(true, std::sync::atomic::Ordering::Release);
        let (seen, since) = plugin.cancel_by(cancel, FOLLOWER, streams, GRACE);
        assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(since < Duration::from_secs(3), "{streams:?}: {since:?}");
        assert!(!is_alive(plugin.pid("pid")), "{streams:?}");
    }
}

#[test]
fn what_ignores_being_asked_is_killed_with_its_children_whatever_the_streams() {
    let stubborn =
        "trap '' TERM; sh -c 'echo $$ >pid; touch ready; while :; do sleep 0.01; done' | cat";
    for streams in [Streams::Piped, Streams::Inherited, Streams::Terminal] {
        let plugin = Plugin::new();
        let cancel = CancelToken::new();
        cancel
            .urgent_flag()
            .store(true, std::sync::atomic::Ordering::Release);
        let grace = Duration::from_millis(300);
        let (seen, since) = plugin.cancel_by(cancel, stubborn, streams, grace);
        assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(
            since >= Duration::from_millis(295),
            "{streams:?}: {since:?}"
        );
        wait_until(|| !is_alive(plugin.pid("pid")));
    }
}

#[test]
fn a_stopped_command_can_be_cancelled() {
    let plugin = Plugin::new();
    let line = "trap 'touch ended; exit' TERM; echo $$ >pid; touch ready; kill -STOP $$; sleep 60";
    let (seen, since) = plugin.cancel(line, Streams::Piped, GRACE);
    assert_eq!(seen.result.unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(plugin.path("ended").exists());
    assert!(since < Duration::from_secs(3), "{since:?}");
}

fn run_at_most_ms(plugin: &Plugin, line: &str, limit: u64) -> (Ended, Duration) {
    let started = Instant::now();
    let scope = Scope {
        cancel: &CancelToken::new(),
        report: &|_| {},
    };
    let limit = Duration::from_millis(limit);
    let ended = run_at_most(&plugin.command(line), limit, scope).unwrap();
    (ended, started.elapsed())
}

#[test]
fn a_limit_ends_the_whole_group() {
    let plugin = Plugin::new();
    let (ended, took) = run_at_most_ms(&plugin, FOLLOWER, 200);
    assert!(ended.timed_out && !ended.is_success());
    assert!(
        took >= Duration::from_millis(200) && took < Duration::from_secs(5),
        "{took:?}"
    );
    assert!(!is_alive(plugin.pid("pid")));
    let stubborn = "trap '' TERM; echo $$ >stubborn; while :; do sleep 0.01; done";
    let (ended, _) = run_at_most_ms(&plugin, stubborn, 200);
    assert_eq!((ended.timed_out, ended.signal), (true, Some(9)));
    assert!(!is_alive(plugin.pid("stubborn")));
}

#[test]
fn a_command_that_is_in_time_is_not_late() {
    let plugin = Plugin::new();
    let (ended, _) = run_at_most_ms(&plugin, "exit 3", 60_000);
    assert_eq!((ended.timed_out, ended.code), (false, Some(3)));
    // What it leaves behind keeps its pipe, and is no reason to be late.
    let (ended, _) = run_at_most_ms(&plugin, "sleep 2 & exit 0", 1_000);
    assert!(ended.is_success() && !ended.timed_out);
}
