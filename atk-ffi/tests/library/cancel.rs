//! Cancelling, from another thread and from a signal handler.

use crate::build::{With, compile, execute};
use crate::fixture::Fixture;

#[test]
fn a_cancel_is_heard_from_a_thread_and_from_a_signal_handler_and_leaves_no_trace() {
    let fixture = Fixture::with_home();
    fixture.never_answers();
    let before = fixture.snapshot();
    let with = With::Sanitizers;
    let program = compile(&fixture.sandbox, "tests/c/cancel.c", "c11", with);
    let args = [
        fixture.home(),
        fixture.server.url("tool"),
        fixture.work("slow"),
    ];
    let ended = execute(&fixture.sandbox, &program, with, &args);
    println!("{}", ended.stderr);
    before.assert_unchanged();
}
