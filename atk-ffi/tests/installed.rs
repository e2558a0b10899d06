//! What `make install` puts in place is all that a program needs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

#[path = "support/build.rs"]
mod build;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Installs into a scratch prefix, as `make install` does.
fn install(sandbox: &Sandbox) -> PathBuf {
    let built = build::library("libatk.so");
    let prefix = sandbox.path("work/prefix");
    let mut install = Command::new("sh");
    install
        .arg(here().join("install/install.sh"))
        .arg(built.parent().unwrap())
        .env("PREFIX", &prefix)
        .env_remove("DESTDIR");
    run(&mut install);
    prefix
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a program that lists a home after adding to it.
fn assert_lists(sandbox: &Sandbox, program: &Path, library: Option<&Path>) {
    let _ = std::fs::remove_dir_all(sandbox.home());
    sandbox.files("work/mine").definition("Mine", "");
    let mut command = sandbox.program(program);
    command.arg(sandbox.home()).arg(sandbox.path("work/mine"));
    if let Some(library) = library {
        command.env("LD_LIBRARY_PATH", library);
    }
    let shown = sandbox.spawn(command).wait().succeeds().stdout;
    assert_eq!(shown, "added mine\nmine: Mine\n");
}

#[test]
fn a_program_builds_by_pkg_config_and_by_cmake() {
    let sandbox = Sandbox::new();
    let prefix = install(&sandbox);
    let source = here().join("examples/list.c");
    let config = |args: &[&str]| {
        let mut pkg_config = Command::new("pkg-config");
        pkg_config.args(args).arg("atk");
        run(pkg_config.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")))
    };
    assert_eq!(config(&["--modversion"]).trim(), env!("CARGO_PKG_VERSION"));
    let flags = config(&["--cflags", "--libs"]);
    let program = sandbox.path("work/by-pkg-config");
    let mut gcc = Command::new("gcc");
    gcc.arg(&source)
        .arg("-o")
        .arg(&program)
        .args(flags.split_whitespace());
    run(&mut gcc);
    assert_lists(&sandbox, &program, Some(&prefix.join("lib")));

    let build = sandbox.path("work/build");
    let mut configure = Command::new("cmake");
    configure
        .arg("-S")
        .arg(here().join("tests/cmake"))
        .arg("-B")
        .arg(&build)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()))
        .arg(format!("-DSOURCE={}", source.display()));
    run(&mut configure);
    run(Command::new("cmake").arg("--build").arg(&build));
    assert_lists(&sandbox, &build.join("shared"), None);
    assert_lists(&sandbox, &build.join("static"), None);
}

#[test]
fn a_go_program_embeds_the_library() {
    let sandbox = Sandbox::with_home();
    let prefix = install(&sandbox);
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let more = "env_vars: [{name: TOKEN, secret: true}]\nlifecycle: {install: echo installed, uninstall: 'true'}\n";
    registry.plugin("echo", |files| files.definition("Echo", more));
    registry.commit("Add echo");
    let server = GitServer::start(sandbox.repos());
    let program = sandbox.path("work/from-go");
    let mut go = Command::new("go");
    go.args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(here().join("examples/go"))
        .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"))
        .env("GOFLAGS", "-mod=mod -buildvcs=false")
        .env("CGO_ENABLED", "1");
    run(&mut go);
    let with = |args: &[&str], input: &str| {
        let mut command = sandbox.program(&program);
        command.env("LD_LIBRARY_PATH", prefix.join("lib"));
        command
            .arg(sandbox.home())
            .arg(server.url("registry"))
            .args(args);
        command.stdin(Stdio::piped());
        sandbox.run_with_input(command, input)
    };
    let shown = with(&["echo"], "y\ns3cret\n").succeeds();
    assert!(
        shown.stdout.ends_with("installed\nadded echo\n"),
        "{}",
        shown.stdout
    );
    assert_eq!(sandbox.read("plugins/echo/.env"), "TOKEN=s3cret\n");
    let failed = with(&["nobody"], "").fails(5);
    assert!(
        failed.stderr.contains("(not_in_registry)"),
        "{}",
        failed.stderr
    );
}
