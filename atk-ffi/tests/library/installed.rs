//! What `make install` puts in place, and programs that are built from nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use atk_tests::sandbox::Sandbox;

use crate::build::{WARNINGS, here, library, succeed};
use crate::fixture::Fixture;

const PREFIX: &str = "/opt/atk";

/// The scratch directory that stands for `/`, with the library installed below [`PREFIX`].
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("installed");
        let _ = fs::remove_dir_all(&root);
        let built = library("libatk.so");
        let mut make = Command::new("make");
        make.args(["--silent", "install"])
            .arg(format!("BUILT={}", built.parent().unwrap().display()))
            .arg(format!("DESTDIR={}", root.display()))
            .arg(format!("PREFIX={PREFIX}"))
            .env_remove("MAKEFLAGS")
            .current_dir(here().join(".."));
        succeed(&mut make);
        root
    })
}

/// The installed library's directory.
pub(crate) fn libraries() -> PathBuf {
    root().join(&PREFIX[1..]).join("lib")
}

/// Has a command look for libraries only in what was installed.
pub(crate) fn with_pkg_config(command: &mut Command) {
    command
        .env("PKG_CONFIG_LIBDIR", libraries().join("pkgconfig"))
        .env("PKG_CONFIG_SYSROOT_DIR", root());
}

/// What pkg-config says of the installed library.
fn pkg_config(question: &[&str]) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    with_pkg_config(&mut command);
    let Output { status, stdout, .. } = command.args(question).arg("atk").output().unwrap();
    assert!(status.success(), "{command:?}");
    let said = String::from_utf8(stdout).unwrap();
    said.split_whitespace().map(str::to_owned).collect()
}

/// Compiles an example by what pkg-config says.
pub(crate) fn compile(sandbox: &Sandbox, source: &str) -> PathBuf {
    let program = sandbox.path("work").join("program");
    let mut gcc = Command::new("gcc");
    gcc.args(WARNINGS).arg("-o").arg(&program);
    gcc.arg(here().join("examples").join(source));
    succeed(gcc.args(pkg_config(&["--cflags", "--libs"])));
    program
}

/// Runs `list`, with the library only where the program itself or `path` says it is.
fn lists(fixture: &Fixture, program: &Path, path: Option<&Path>) {
    let mut command = fixture.sandbox.program(program);
    command.args([fixture.home(), fixture.work("mine")]);
    if let Some(path) = path {
        command.env("LD_LIBRARY_PATH", path);
    }
    let ended = fixture.sandbox.spawn(command).wait().succeeds();
    assert_eq!(ended.stdout, "added mine\nmine: Mine\n");
}

#[test]
fn install_puts_the_library_where_programs_look() {
    let mut found = Vec::new();
    paths(root(), &mut found);
    found.sort();
    let version = env!("CARGO_PKG_VERSION");
    let expected = [
        "opt/atk/include/atk.h".to_owned(),
        "opt/atk/include/atk.hpp".to_owned(),
        "opt/atk/lib/cmake/atk/atk-config-version.cmake".to_owned(),
        "opt/atk/lib/cmake/atk/atk-config.cmake".to_owned(),
        "opt/atk/lib/libatk.a".to_owned(),
        "opt/atk/lib/libatk.so -> libatk.so.0".to_owned(),
        format!("opt/atk/lib/libatk.so.0 -> libatk.so.{version}"),
        format!("opt/atk/lib/libatk.so.{version}"),
        "opt/atk/lib/pkgconfig/atk.pc".to_owned(),
    ];
    assert_eq!(found, expected);
    assert_eq!(pkg_config(&["--modversion"]), [version]);
    let config = fs::read_to_string(libraries().join("pkgconfig/atk.pc")).unwrap();
    assert!(
        config.starts_with("prefix=/opt/atk\nlibdir=/opt/atk/lib\nincludedir=/opt/atk/include\n")
    );
}

fn paths(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        if let Ok(target) = fs::read_link(&path) {
            found.push(format!("{shown} -> {}", target.display()));
        } else if path.is_dir() {
            paths(&path, found);
        } else {
            found.push(shown);
        }
    }
}

#[test]
fn a_program_builds_through_pkg_config() {
    let fixture = Fixture::new();
    let program = compile(&fixture.sandbox, "list.c");
    lists(&fixture, &program, Some(&libraries()));
}

#[test]
fn a_program_builds_through_cmake_with_either_library() {
    let fixture = Fixture::new();
    let version = env!("CARGO_PKG_VERSION");
    let list = here().join("examples/list.c");
    let project = format!(
        "cmake_minimum_required(VERSION 3.15)
project(uses_atk C)
find_package(atk {version} REQUIRED)
find_package(atk 999.0 QUIET)
if(atk_FOUND)
  message(FATAL_ERROR \"found a version that is not there\")
endif()
add_executable(shared {list})
target_link_libraries(shared PRIVATE atk::atk)
add_executable(static {list})
target_link_libraries(static PRIVATE atk::static)
",
        list = list.display()
    );
    let directory = fixture.sandbox.path("work/project");
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("CMakeLists.txt"), project).unwrap();
    let prefix = root().join(&PREFIX[1..]);
    let mut cmake = Command::new("cmake");
    cmake.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()));
    succeed(
        cmake
            .args(["-S", ".", "-B", "build"])
            .current_dir(&directory),
    );
    let mut cmake = Command::new("cmake");
    succeed(cmake.args(["--build", "build"]).current_dir(&directory));
    lists(&fixture, &directory.join("build/shared"), None);
    let static_home = Fixture::new();
    lists(&static_home, &directory.join("build/static"), None);
}
