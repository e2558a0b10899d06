//! Programs in C and C++: every function, wrong use, and panics.

use crate::build::{With, compile, compiler, execute, here, planted, sanitized, succeed};
use crate::fixture::Fixture;

fn every_function(standard: &str, with: With) {
    let fixture = Fixture::new();
    let program = compile(&fixture.sandbox, "tests/c/every.c", standard, with);
    let args = [
        fixture.home(),
        fixture.server.url("registry"),
        fixture.server.url("tool"),
        fixture.work("mine"),
        fixture.work("preview"),
    ];
    execute(&fixture.sandbox, &program, with, &args);
}

fn wrong_use(standard: &str, with: With) {
    let fixture = Fixture::new();
    let program = compile(&fixture.sandbox, "tests/c/wrong.c", standard, with);
    // Valgrind needs many seconds for each million of characters.
    let huge = if with == With::Valgrind { 16 } else { 25 };
    let args = [
        fixture.home(),
        fixture.work("needs"),
        fixture.work("mine"),
        (1 << huge).to_string(),
    ];
    execute(&fixture.sandbox, &program, with, &args);
}

#[test]
fn every_function_works_from_c11_under_the_sanitizers() {
    every_function("c11", With::Sanitizers);
}

#[test]
fn every_function_works_from_c99_under_valgrind() {
    every_function("c99", With::Valgrind);
}

#[test]
fn every_function_works_from_cpp17() {
    every_function("c++17", With::Nothing);
}

#[test]
fn a_plan_is_refused_when_its_source_has_a_newer_version() {
    let fixture = Fixture::new();
    let program = compile(&fixture.sandbox, "tests/c/plan.c", "c11", With::Sanitizers);
    let newer = fixture.sandbox.path("work/newer.sh");
    let repository = fixture.sandbox.repos().join("tool");
    let script = format!(
        "#!/bin/sh\nset -e\nexport GIT_DIR='{0}' GIT_WORK_TREE='{0}.files'\ncd \"$GIT_WORK_TREE\"\n\
         echo newer >>.atk/newer.txt\ngit add --all --force .\n\
         git -c user.name=A -c user.email=a@example.com commit --quiet --message Newer\n",
        repository.display()
    );
    fixture.sandbox.files("work").exec("newer.sh", script);
    let args = [
        fixture.home(),
        fixture.server.url("tool"),
        newer.display().to_string(),
    ];
    execute(&fixture.sandbox, &program, With::Sanitizers, &args);
}

fn objects(standard: &str, with: With) {
    let fixture = Fixture::new();
    let program = compile(&fixture.sandbox, "tests/c/objects.cpp", standard, with);
    let args = [
        fixture.home(),
        fixture.server.url("registry"),
        fixture.server.url("tool"),
        fixture.work("mine"),
    ];
    execute(&fixture.sandbox, &program, with, &args);
}

#[test]
fn the_header_of_cpp_works_under_the_sanitizers() {
    objects("c++17", With::Sanitizers);
}

#[test]
fn the_header_of_cpp_works_under_valgrind() {
    objects("c++20", With::Valgrind);
}

#[test]
fn wrong_use_is_a_status_under_the_sanitizers() {
    wrong_use("c++17", With::Sanitizers);
}

#[test]
fn wrong_use_is_a_status_under_valgrind() {
    wrong_use("c11", With::Valgrind);
}

#[test]
fn a_panic_before_any_step_is_a_status_and_the_library_goes_on() {
    let fixture = Fixture::new();
    let program = fixture.sandbox.path("work/program");
    let mut command = compiler("c11");
    command
        .arg("-o")
        .arg(&program)
        .arg(here().join("tests/c/panic.c"));
    sanitized(&mut command, &planted());
    succeed(&mut command);
    let args = [fixture.home(), fixture.work("mine")];
    let ended = execute(&fixture.sandbox, &program, With::Sanitizers, &args);
    assert!(ended.stderr.contains("planted before"), "{}", ended.stderr);
}

#[test]
fn the_header_compiles_alone_and_twice_as_every_kind_of_c() {
    for standard in ["c99", "c11", "c17", "c2x", "c++11", "c++17", "c++20"] {
        let mut command = compiler(standard);
        succeed(
            command
                .arg("-fsyntax-only")
                .arg(here().join("tests/c/alone.c")),
        );
    }
}
