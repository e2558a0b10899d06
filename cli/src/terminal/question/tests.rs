//! Questions through pipes and pseudo-terminals.

use super::*;
use std::fs::File;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

fn prompt(kind: PromptKind, message: &str, required: bool, default: Option<&str>) -> Prompt {
    let mut prompt = Prompt::new("env:tool:X", "tool", kind, message);
    prompt.required = required;
    prompt.default = default.map(str::to_owned);
    prompt
}

/// Asks a script through a pipe; returns the reply and the text that was shown.
fn script(prompt: &Prompt, input: &str) -> (Reply, String) {
    let (reader, mut writer) = io::pipe().unwrap();
    writer.write_all(input.as_bytes()).unwrap();
    drop(writer);
    let mut screen = Vec::new();
    let reply = converse(prompt, reader.as_fd(), &mut screen, &CancelToken::new()).unwrap();
    (reply, String::from_utf8(screen).unwrap())
}

#[test]
fn a_question_shows_its_details_and_its_default() {
    let mut question = prompt(PromptKind::Text, "HOST", true, Some("localhost"));
    question.details = vec!["where the server\u{1b}[2J is".into()];
    question.position = (2, 3);
    let (reply, shown) = script(&question, "\n");
    assert_eq!(reply, Reply::UseDefault);
    assert_eq!(
        shown,
        "  where the server\\u{1b}[2J is\n(2/3) HOST [localhost]: \n"
    );
    let (reply, shown) = script(&prompt(PromptKind::Text, "PORT", false, None), "80\n");
    assert_eq!(reply, Reply::Text("80".into()));
    assert_eq!(shown, "PORT (optional): \n");
}

#[test]
fn only_a_clear_yes_gives_trust() {
    let mut question = prompt(PromptKind::Trust, "Run these commands?", true, None);
    question.details = vec!["install: ./a\n./b".into()];
    let (reply, shown) = script(&question, "yes\n");
    assert_eq!(reply, Reply::Yes);
    assert_eq!(
        shown,
        "  install: ./a\n    ./b\nRun these commands? [y/N] \n"
    );
    for (answer, meant) in [
        ("Y\n", Reply::Yes),
        ("n\n", Reply::No),
        ("\n", Reply::No),
        ("yes please\n", Reply::No),
        ("", Reply::Unanswered),
    ] {
        assert_eq!(script(&question, answer).0, meant, "{answer:?}");
    }
}

/// A terminal: the person's end and the program's.
fn terminal() -> (File, File) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let name = ptsname(&person, Vec::new()).unwrap().into_string().unwrap();
    let program = File::options().read(true).write(true).open(name).unwrap();
    (File::from(person), program)
}

fn echoes(terminal: &File) -> bool {
    tcgetattr(terminal)
        .unwrap()
        .local_modes
        .contains(LocalModes::ECHO)
}

fn until(what: impl Fn() -> bool) {
    let start = Instant::now();
    while !what() {
        assert!(start.elapsed() < Duration::from_secs(10), "it never came");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Reads what the person sees, up to and including `end`.
fn read_until(person: &mut File, end: &str) -> String {
    let mut seen = String::new();
    let mut buffer = [0; 256];
    while !seen.ends_with(end) {
        let count = person.read(&mut buffer).unwrap();
        seen.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    seen
}

#[test]
fn a_secret_is_hidden_and_asked_for_until_it_has_a_value() {
    let (mut person, program) = terminal();
    let watched = program.try_clone().unwrap();
    let asking = thread::spawn(move || {
        let question = prompt(PromptKind::Secret, "TOKEN", true, None);
        let mut screen = program.try_clone().unwrap();
        converse(&question, program.as_fd(), &mut screen, &CancelToken::new()).unwrap()
    });
    until(|| !echoes(&watched));
    person.write_all(b"\nhunter2\n").unwrap();
    assert_eq!(asking.join().unwrap(), Reply::Text("hunter2".into()));
    assert!(echoes(&watched));
    (&watched).write_all(b"end").unwrap();
    let seen = read_until(&mut person, "end").replace('\r', "");
    // The line ends of both answers may come before the second question does.
    assert!(!seen.contains("hunter2"), "{seen}");
    assert_eq!(seen.matches("TOKEN: ").count(), 2, "{seen}");
    assert!(seen.contains("a value is required\n"), "{seen}");
}

/// A screen that fails where a question is shown while the terminal shows what is typed.
struct Watching<'a>(&'a File);

impl Write for Watching<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        assert!(!echoes(self.0), "{}", String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn typing_is_hidden_before_a_secret_is_asked_for() {
    let (mut person, program) = terminal();
    person.write_all(b"\nhunter2\n").unwrap();
    let question = prompt(PromptKind::Secret, "TOKEN", true, None);
    let mut screen = Watching(&program);
    let reply = converse(&question, program.as_fd(), &mut screen, &CancelToken::new());
    assert_eq!(reply.unwrap(), Reply::Text("hunter2".into()));
}

#[test]
fn a_cancel_at_a_secret_shows_typing_again() {
    let (_person, program) = terminal();
    let watched = program.try_clone().unwrap();
    let cancel = CancelToken::new();
    let token = cancel.clone();
    let asking = thread::spawn(move || {
        let question = prompt(PromptKind::Secret, "TOKEN", true, None);
        let reply = converse(&question, program.as_fd(), &mut io::sink(), &token).unwrap();
        (reply, echoes(&program))
    });
    until(|| !echoes(&watched));
    let start = Instant::now();
    cancel.cancel();
    assert_eq!(asking.join().unwrap(), (Reply::Unanswered, true));
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[test]
fn a_secret_stays_hidden_after_a_shell_turns_the_echo_on() {
    let (mut person, program) = terminal();
    let watched = program.try_clone().unwrap();
    let asking = thread::spawn(move || {
        let question = prompt(PromptKind::Secret, "TOKEN", true, None);
        converse(
            &question,
            program.as_fd(),
            &mut io::sink(),
            &CancelToken::new(),
        )
        .unwrap()
    });
    until(|| !echoes(&watched));
    let mut modes = tcgetattr(&watched).unwrap();
    modes.local_modes.insert(LocalModes::ECHO);
    rustix::termios::tcsetattr(&watched, rustix::termios::OptionalActions::Now, &modes).unwrap();
    until(|| !echoes(&watched));
    person.write_all(b"x\n").unwrap();
    assert_eq!(asking.join().unwrap(), Reply::Text("x".into()));
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_the_terminal_cut_short_is_refused() {
    let (mut person, program) = terminal();
    person.write_all("x".repeat(5000).as_bytes()).unwrap();
    person.write_all(b"\n").unwrap();
    let question = prompt(PromptKind::Text, "KEY", true, None);
    let cancel = CancelToken::new();
    let error = converse(&question, program.as_fd(), &mut io::sink(), &cancel).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer is too long for a line of a terminal; pass --env-file <FILE>"
    );
}

/// Asks for a secret on a terminal and types `keys`; returns the reply, the text that the person saw,
/// and whether input is left for the next question.
fn pasted(keys: &[&str]) -> (Reply, String, bool) {
    let (mut person, program) = terminal();
    let watched = program.try_clone().unwrap();
    let asking = thread::spawn(move || {
        let question = prompt(PromptKind::Secret, "KEY", true, None);
        let mut screen = program.try_clone().unwrap();
        converse(&question, program.as_fd(), &mut screen, &CancelToken::new()).unwrap()
    });
    for key in keys {
        until(|| !echoes(&watched));
        person.write_all(key.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(200));
    }
    let reply = asking.join().unwrap();
    let mut polled = [rustix::event::PollFd::new(
        &watched,
        rustix::event::PollFlags::IN,
    )];
    let soon = rustix::event::Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let left = rustix::event::poll(&mut polled, Some(&soon)).unwrap() > 0;
    (&watched).write_all(b"end").unwrap();
    (reply, read_until(&mut person, "end"), left)
}

const PEM: &str = "-----BEGIN KEY-----\nMIIEabc\n-----END KEY-----";

#[test]
fn a_pasted_key_of_several_lines_is_one_answer() {
    for keys in [
        &[&format!("{PEM}\n")[..]][..],
        // The last line has no end until the person presses return.
        &[PEM, "\n"],
        &[&format!("\u{1b}[200~{PEM}\n\u{1b}[201~")[..], "\n"],
        &[&format!("\u{1b}[200~{PEM}\u{1b}[201~\n")[..]],
    ] {
        let (reply, seen, left) = pasted(keys);
        assert_eq!(reply, Reply::Text(PEM.into()), "{keys:?}");
        assert!(!left && !seen.contains("MIIE"), "{seen}");
    }
}

#[test]
fn any_text_that_the_terminal_marks_as_pasted_is_one_answer() {
    let (reply, _, left) = pasted(&["\u{1b}[200~{\n  \"key\": 1\n}\n\u{1b}[201~\n"]);
    assert_eq!(reply, Reply::Text("{\n  \"key\": 1\n}".into()));
    assert!(!left);
}

#[test]
fn other_pasted_lines_are_refused_and_dropped() {
    for lines in ["one\ntwo\nthree\n", "one\ntwo", "{\n\"key\": 1\n}\n"] {
        let (reply, seen, left) = pasted(&[lines, "answer\n"]);
        // A line without an end goes too.
        assert_eq!(reply, Reply::Text("answer".into()), "{lines:?}");
        assert!(seen.contains("several lines arrived at once"), "{seen}");
        assert!(seen.contains("--env-file"), "{seen}");
        assert!(!left && !seen.contains("two"), "{seen}");
    }
}
