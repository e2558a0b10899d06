//! The libraries as programs get them, and programs that are built with them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use atk_tests::sandbox::{Finished, Sandbox};

/// What no program may be warned about.
pub(crate) const WARNINGS: [&str; 6] = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wundef",
    "-Wshadow",
    "-Werror",
];

/// What a program is linked with, and watched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    /// The shared library, under valgrind.
    Valgrind,
    /// The static library, and the sanitizers of addresses, undefined behaviour and leaks.
    Sanitizers,
    /// The shared library, as it is.
    Nothing,
}

/// The directory of this crate.
pub(crate) fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The path of a built library, in the profile of this test.
pub(crate) fn library(name: &str) -> PathBuf {
    built().join(name)
}

/// The static library with panics in it.
pub(crate) fn planted() -> PathBuf {
    built().join("examples/libplanted.a")
}

/// The directory of what is built, after building it.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--package", "atk-ffi"]);
        // With the example, the features are those of the tests: what these have compiled is used.
        cargo.args(["--lib", "--example", "planted"]);
        succeed(cargo.current_dir(here()));
        // `target/debug/deps/<this test>`.
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).unwrap();
        profile.to_owned()
    })
}

/// Runs a command that must succeed.
pub(crate) fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// A compiler of a standard: `c99`, `c++17`.
pub(crate) fn compiler(standard: &str) -> Command {
    let mut command = match standard.starts_with("c++") {
        true => {
            let mut command = Command::new("g++");
            command.args(["-x", "c++"]);
            command
        }
        false => Command::new("gcc"),
    };
    command
        .args(WARNINGS)
        .arg(format!("-std={standard}"))
        .args(["-D_GNU_SOURCE", "-g", "-pthread", "-I"])
        .arg(here().join("../include"));
    command
}

/// Compiles a program of `tests/c` into the sandbox.
pub(crate) fn compile(sandbox: &Sandbox, source: &str, standard: &str, with: With) -> PathBuf {
    let program = sandbox.path("work/program");
    let mut command = compiler(standard);
    command.arg("-o").arg(&program).arg(here().join(source));
    match with {
        With::Valgrind | With::Nothing => {
            // As an installed library is found: by its soname.
            let shared = library("libatk.so");
            std::os::unix::fs::symlink(&shared, sandbox.path("work/libatk.so.0")).unwrap();
            command.args(["-x", "none"]).arg(shared);
        }
        With::Sanitizers => {
            sanitized(&mut command, &library("libatk.a"));
        }
    }
    succeed(&mut command);
    program
}

/// Links with a static library and the sanitizers. What they find ends the program.
pub(crate) fn sanitized(command: &mut Command, library: &Path) {
    command
        .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"])
        .args(["-x", "none"])
        .arg(library)
        .args(["-lz", "-lpthread", "-ldl", "-lm"]);
}

/// A compiled program, watched by what it was built for, to be run.
pub(crate) fn watched(sandbox: &Sandbox, program: &Path, with: With) -> Command {
    let mut command = match with {
        With::Valgrind => {
            let mut valgrind = sandbox.program("valgrind");
            valgrind.args([
                "--quiet",
                "--leak-check=full",
                // Not `possible`: threads point into the middle of what describes them.
                "--errors-for-leak-kinds=definite,indirect",
                "--error-exitcode=9",
            ]);
            valgrind.arg(program);
            valgrind
        }
        With::Sanitizers | With::Nothing => sandbox.program(program),
    };
    command
        .env("LD_LIBRARY_PATH", sandbox.path("work"))
        .env("ASAN_OPTIONS", "detect_leaks=1");
    command
}

/// Runs a compiled program, which says `done` when all went well.
pub(crate) fn execute(sandbox: &Sandbox, program: &Path, with: With, args: &[String]) -> Finished {
    let mut command = watched(sandbox, program, with);
    command.args(args);
    let ended = sandbox.spawn(command).wait().succeeds();
    assert_eq!(ended.stdout, "done\n", "{}", ended.stderr);
    ended
}
