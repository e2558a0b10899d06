//! The example programs, built from what was installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use atk_tests::patience::wait_until;
use atk_tests::sandbox::Sandbox;

use crate::build::{here, succeed};
use crate::fixture::Fixture;
use crate::installed;

/// The program that asks, in C.
fn in_c(sandbox: &Sandbox) -> PathBuf {
    installed::compile(sandbox, "interactive.c")
}

/// The same in Go.
fn in_go(sandbox: &Sandbox) -> PathBuf {
    go(sandbox, "examples/go")
}

fn go(sandbox: &Sandbox, directory: &str) -> PathBuf {
    let program = sandbox.path("work").join("program");
    let mut go = Command::new("go");
    installed::with_pkg_config(&mut go);
    go.args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(here().join(directory))
        // What the compiler made once is used again.
        .env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go"))
        .env("GOTOOLCHAIN", "local")
        .env("GOPROXY", "off")
        .env("GOFLAGS", "-buildvcs=false");
    succeed(&mut go);
    program
}

/// The program on a source.
fn on(fixture: &Fixture, program: &Path, source: &str) -> Command {
    let mut command = fixture.sandbox.program(program);
    command
        .env("LD_LIBRARY_PATH", installed::libraries())
        .args([&fixture.home(), source]);
    command
}

fn asks_and_adds(build: fn(&Sandbox) -> PathBuf) {
    let fixture = Fixture::with_home();
    let program = build(&fixture.sandbox);
    let command = on(&fixture, &program, "echo");
    let ended = fixture.sandbox.run_with_input(command, "y\ns3cret\n\n");
    let ended = ended.succeeds();
    assert!(
        ended.stdout.ends_with("s3cret dflt\nadded echo\n"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stderr.contains("/registry: "),
        "no progress: {}",
        ended.stderr
    );
    assert_eq!(
        fixture.sandbox.read("plugins/echo/.env"),
        "TOKEN=s3cret\nMODE=dflt\n"
    );
}

fn cancels(build: fn(&Sandbox) -> PathBuf) {
    let fixture = Fixture::with_home();
    let program = build(&fixture.sandbox);
    let before = fixture.snapshot();

    // While it waits for a server that does not answer.
    fixture.never_answers();
    let url = fixture.server.url("tool");
    let running = fixture.sandbox.spawn(on(&fixture, &program, &url));
    fixture.wait_for_a_request();
    running.interrupt();
    let _ = running.wait().fails(130);
    before.assert_unchanged();

    // While a command of the plugin runs, which prints `begun` to standard output.
    let mut terminal = fixture
        .sandbox
        .terminal_of(on(&fixture, &program, &fixture.work("slow")));
    terminal.wait_for("begun");
    terminal.press("\x03");
    let _ = terminal.wait().fails(130);
    before.assert_unchanged();
}

#[test]
fn the_example_in_c_asks_and_shows_progress() {
    asks_and_adds(in_c);
}

#[test]
fn the_example_in_c_cancels_on_an_interrupt() {
    cancels(in_c);
}

#[test]
fn the_example_in_go_asks_and_shows_progress() {
    asks_and_adds(in_go);
}

#[test]
fn the_example_in_go_cancels_on_an_interrupt() {
    cancels(in_go);
}

fn stops_asking(build: fn(&Sandbox) -> PathBuf) {
    let fixture = Fixture::with_home();
    let program = build(&fixture.sandbox);
    let before = fixture.snapshot();
    let command = on(&fixture, &program, "echo");
    let mut terminal = fixture.sandbox.terminal_of(command);
    terminal.wait_for("? ");
    terminal.enter("y");
    // Not the `$TOKEN` of the commands: Ctrl-C would discard the `y` that the program has not read.
    terminal.wait_for("\nTOKEN ");
    terminal.press("\x03");
    let _ = terminal.wait().fails(130);
    before.assert_unchanged();
}

#[test]
fn an_interrupt_ends_a_question_of_the_example_in_c() {
    stops_asking(in_c);
}

#[test]
fn an_interrupt_ends_a_question_of_the_example_in_go() {
    stops_asking(in_go);
}

#[test]
fn the_example_in_c_does_not_show_a_secret() {
    let fixture = Fixture::with_home();
    let program = in_c(&fixture.sandbox);
    let command = on(&fixture, &program, "echo");
    let mut terminal = fixture.sandbox.terminal_of(command);
    terminal.wait_for("? ");
    terminal.enter("y");
    terminal.wait_for("\nTOKEN ");
    terminal.enter("s3cret");
    terminal.wait_for("[dflt]");
    assert!(
        !terminal.screen().contains("s3cret"),
        "{}",
        terminal.screen()
    );
}

#[test]
fn the_example_of_the_book_asks_and_tells_errors_apart() {
    let fixture = Fixture::new();
    let program = installed::compile(&fixture.sandbox, "add.c");
    let add = |typed: &str, token: Option<&str>| {
        let mut command = on(&fixture, &program, "echo");
        command.envs(token.map(|token| ("TOKEN", token)));
        fixture.sandbox.run_with_input(command, typed)
    };
    let refused = add("n\n", Some("s3cret")).succeeds();
    assert!(refused.stdout.contains("  install: echo $TOKEN $MODE\n"));
    assert!(refused.stderr.starts_with("declined: "));
    let unset = add("y\n", None).fails(8);
    assert!(unset.stderr.starts_with("variables_unset: "));
    let added = add("y\n", Some("s3cret")).succeeds();
    assert!(added.stdout.contains("running install\n"));
    assert!(added.stdout.ends_with("added echo\n"));
    assert_eq!(
        fixture.sandbox.read("plugins/echo/.env"),
        "TOKEN=s3cret\nMODE=dflt\n"
    );
    let again = add("", None).fails(5);
    assert_eq!(again.stdout, "already installed\n");
}

#[test]
fn the_status_page_in_go_follows_the_home() {
    let fixture = Fixture::with_home();
    let program = go(&fixture.sandbox, "examples/go-status");
    let page = fixture.work("page.html");
    let shows = |text: &str| std::fs::read_to_string(&page).is_ok_and(|page| page.contains(text));
    let running = fixture.sandbox.spawn(on(&fixture, &program, &page));
    wait_until("the first page is written", || shows("</table>"));
    assert!(!shows("<tr"), "no plugin is there");

    // Another program changes the home.
    let adding = installed::compile(&fixture.sandbox, "list.c");
    let added = on(&fixture, &adding, &fixture.work("mine"));
    let _ = fixture.sandbox.spawn(added).wait().succeeds();
    wait_until("the page shows the plugin", || {
        shows("<tr id=\"mine\"><td>Mine<td>unknown; files ready")
    });
    running.interrupt();
    let _ = running.wait().succeeds();
}
