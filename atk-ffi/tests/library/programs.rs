//! Programs in C and C++, built as programs are, and run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

#[path = "support/build.rs"]
mod build;

const WARNINGS: [&str; 6] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wundef",
    "-Wshadow",
    "-Werror",
];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a program is linked with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    Shared,
    /// The static library, and the sanitizers of addresses, undefined behaviour and leaks.
    StaticSanitized,
}

/// Compiles a program of `tests/c` or `examples`.
fn compile(sandbox: &Sandbox, source: &str, with: With) -> PathBuf {
    let library = build::library("libatk.so");
    let directory = library.parent().unwrap();
    let program = sandbox.path("work/program");
    let mut gcc = Command::new("gcc");
    gcc.args(WARNINGS)
        .args(["-std=c11", "-D_GNU_SOURCE", "-g", "-pthread", "-o"])
        .arg(&program)
        .arg(here().join(source))
        .arg("-I")
        .arg(here().join("../include"));
    match with {
        With::Shared => {
            // As an installed library is found: by its soname.
            let link = sandbox.path("work/libatk.so.0");
            let _ = std::os::unix::fs::symlink(&library, link);
            gcc.arg("-L").arg(directory).arg("-latk");
        }
        With::StaticSanitized => {
            gcc.arg("-fsanitize=address,undefined")
                .arg(directory.join("libatk.a"))
                .args(["-lz", "-lpthread", "-ldl", "-lm"]);
        }
    }
    run(&mut gcc);
    program
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// Runs a compiled program to its end, watched by what it was built for.
fn execute(sandbox: &Sandbox, program: &Path, with: With, args: &[&str]) {
    let mut command = match with {
        With::Shared => {
            let mut valgrind = sandbox.program("valgrind");
            valgrind.args([
                "--quiet",
                "--leak-check=full",
                "--errors-for-leak-kinds=definite,indirect",
                "--error-exitcode=9",
            ]);
            valgrind.arg(program);
            valgrind
        }
        With::StaticSanitized => sandbox.program(program),
    };
    command
        .args(args)
        .env("LD_LIBRARY_PATH", sandbox.path("work"))
        .env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0");
    let ended = sandbox.spawn(command).wait().succeeds();
    assert_eq!(ended.stdout, "done\n", "{}", ended.stderr);
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A registry and a tool on a server, and a plugin in a directory.
fn sources(sandbox: &Sandbox) -> GitServer {
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| {
        files
            .definition(
                "Echo",
                "env_vars:\n- {name: TOKEN, required: true, secret: true}\n- {name: MODE, default: dflt}\n\
                 lifecycle:\n  install: echo $TOKEN $MODE\n  uninstall: 'true'\n  start: touch up\n  stop: rm -f up\n  \
                 status: test -e up\n  logs: echo the log\nmcp: {transport: stdio, command: serve}\n",
            )
            .exec("script.sh", "#!/bin/sh\necho \"$1|$2\"\nexit 7\n")
    });
    registry.commit("Add echo");
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    sandbox.files("work/mine").definition("Mine", "");
    GitServer::start(sandbox.repos())
}

fn every_function(with: With) {
    let sandbox = Sandbox::new();
    let server = sources(&sandbox);
    let program = compile(&sandbox, "tests/c/every.c", with);
    let args = [
        text(&sandbox.home()),
        server.url("registry"),
        server.url("tool"),
        text(&sandbox.path("work/mine")),
        text(&sandbox.path("work/preview")),
    ];
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    execute(&sandbox, &program, with, &args);
}

fn wrong_use(with: With) {
    let sandbox = Sandbox::new();
    let variable = "env_vars: [{name: WANTED, required: true}]\n";
    sandbox.files("work/mine").definition("Mine", variable);
    let program = compile(&sandbox, "tests/c/wrong.c", with);
    let args = [text(&sandbox.home()), text(&sandbox.path("work/mine"))];
    execute(&sandbox, &program, with, &[&args[0], &args[1]]);
}

#[test]
fn every_function_works_under_the_sanitizers() {
    every_function(With::StaticSanitized);
}

#[test]
fn every_function_works_under_valgrind() {
    every_function(With::Shared);
}

#[test]
fn wrong_use_is_a_status_under_the_sanitizers() {
    wrong_use(With::StaticSanitized);
}

#[test]
fn wrong_use_is_a_status_under_valgrind() {
    wrong_use(With::Shared);
}

#[test]
fn a_cancel_is_heard_from_a_thread_and_from_a_signal_handler() {
    let sandbox = Sandbox::new();
    let server = sources(&sandbox);
    server.change(|behaviour| behaviour.latency = Duration::from_secs(4));
    let lifecycle = "lifecycle: {install: 'echo begun; exec sleep 60', uninstall: 'true'}\n";
    sandbox.files("work/slow").definition("Slow", lifecycle);
    let with = With::StaticSanitized;
    let program = compile(&sandbox, "tests/c/cancel.c", with);
    let args = [
        text(&sandbox.home()),
        server.url("tool"),
        text(&sandbox.path("work/slow")),
    ];
    execute(&sandbox, &program, with, &[&args[0], &args[1], &args[2]]);
    assert!(!sandbox.home().join("plugins/slow").exists());
}

#[test]
fn the_header_compiles_alone_and_twice_as_every_kind_of_c() {
    let source = here().join("tests/c/alone.c");
    for (compiler, standard) in [
        ("gcc", "c99"),
        ("gcc", "c11"),
        ("gcc", "c2x"),
        ("g++", "c++11"),
        ("g++", "c++17"),
    ] {
        let mut command = Command::new(compiler);
        command.args(WARNINGS).arg(format!("-std={standard}"));
        if compiler == "g++" {
            command.args(["-x", "c++"]);
        }
        command
            .args(["-fsyntax-only", "-I"])
            .arg(here().join("../include"));
        run(command.arg(&source));
        run(command
            .arg(here().join("tests/c/every.c"))
            .arg("-D_GNU_SOURCE"));
    }
}

#[test]
fn the_examples_build_and_run() {
    let sandbox = Sandbox::new();
    let server = sources(&sandbox);
    let mine = text(&sandbox.path("work/mine"));
    let home = text(&sandbox.home());
    let program = compile(&sandbox, "examples/list.c", With::Shared);
    let shown = example(&sandbox, &program, &[&home, &mine])
        .succeeds()
        .stdout;
    assert_eq!(shown, "added mine\nmine: Mine\n");

    let program = compile(&sandbox, "examples/interactive.c", With::Shared);
    let mut command = sandbox.program(&program);
    command.env("LD_LIBRARY_PATH", sandbox.path("work"));
    command.args([&home, &server.url("registry"), "echo"]);
    let shown = sandbox.run_with_input(command, "y\ns3cret\n\n").succeeds();
    assert!(shown.stdout.ends_with("added echo\n"), "{}", shown.stdout);
    assert_eq!(
        sandbox.read("plugins/echo/.env"),
        "TOKEN=s3cret\nMODE=dflt\n"
    );
}

fn example(
    sandbox: &Sandbox,
    program: impl AsRef<Path>,
    args: &[impl AsRef<OsStr>],
) -> atk_tests::sandbox::Finished {
    let mut command = sandbox.program(program);
    command
        .env("LD_LIBRARY_PATH", sandbox.path("work"))
        .args(args);
    sandbox.spawn(command).wait()
}
