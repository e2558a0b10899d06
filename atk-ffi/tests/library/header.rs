//! The committed header is what the code says, and so is the list of symbols.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use atk_core::ErrorKind;

use crate::build::{here, library};

/// The header as it would be made now.
fn header() -> String {
    let mut config = cbindgen::Config::from_file(here().join("cbindgen.toml")).unwrap();
    config.header = Some(fs::read_to_string(here().join("conventions.h")).unwrap());
    config.after_includes = Some(constants());
    let mut made = Vec::new();
    cbindgen::Builder::new()
        .with_crate(here())
        .with_config(config)
        .generate()
        .expect("a header")
        .write(&mut made);
    String::from_utf8(made).unwrap()
}

/// Versions, and the error kinds with their numbers, from where they are defined.
fn constants() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let parts: Vec<&str> = version.split('.').collect();
    let mut text = format!(
        "\n/** The version of this header. */\n#define ATK_VERSION \"{version}\"\n\
         #define ATK_VERSION_MAJOR {}\n#define ATK_VERSION_MINOR {}\n#define ATK_VERSION_PATCH {}\n",
        parts[0], parts[1], parts[2]
    );
    text += "\n/** `ATK_OK`, or the number of an error kind. */\ntypedef int32_t atk_status;\n";
    text += "\nenum {\n    ATK_OK = 0,\n";
    for kind in ErrorKind::ALL {
        let name = kind.id().to_uppercase();
        writeln!(text, "    ATK_{name} = {},", kind.number()).unwrap();
    }
    let text = text.trim_end_matches(",\n").to_owned();
    text + "\n};"
}

/// Compares a committed file with what it should be. With `ATK_BLESS=1` it is written anew.
fn assert_is(file: &Path, now: &str) {
    if std::env::var_os("ATK_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, now).unwrap();
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == now,
        "{} is not what the code says: run the test with ATK_BLESS=1, and look at the difference",
        file.display()
    );
}

#[test]
fn the_committed_header_is_what_the_code_says() {
    assert_is(&here().join("../include/atk.h"), &header());
}

#[test]
fn exactly_the_listed_symbols_are_exported() {
    let file = library("libatk.so");
    let output = Command::new("nm")
        .args(["-D", "--defined-only", "--format=posix"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "nm {}", file.display());
    let text = String::from_utf8(output.stdout).unwrap();
    let mut symbols: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    symbols.sort_unstable();
    for symbol in &symbols {
        assert!(symbol.starts_with("atk_"), "{symbol} is exported");
    }
    let list = symbols.join("\n") + "\n";
    assert_is(&here().join("symbols.txt"), &list);
    // Whatever is exported is declared.
    let header = header();
    for symbol in symbols {
        assert!(
            header.contains(&format!("{symbol}(")),
            "{symbol} is not in the header"
        );
    }
}

#[test]
fn the_library_says_the_version_that_the_header_has() {
    // SAFETY: it is a string that lives as long as the process.
    let version = unsafe { std::ffi::CStr::from_ptr(atk::atk_version()) };
    assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
    assert_eq!(atk::atk_abi_version(), atk::ATK_ABI_VERSION);
    let soname = Command::new("readelf")
        .arg("-d")
        .arg(library("libatk.so"))
        .output()
        .unwrap();
    let soname = String::from_utf8(soname.stdout).unwrap();
    let expected = format!("[libatk.so.{}]", atk::ATK_ABI_VERSION);
    assert!(soname.contains(&expected), "{soname}");
}

#[test]
fn every_function_is_called_by_a_program_of_the_tests() {
    let mut called = String::new();
    for program in ["every.c", "wrong.c", "cancel.c", "check.h"] {
        called += &fs::read_to_string(here().join("tests/c").join(program)).unwrap();
    }
    for symbol in fs::read_to_string(here().join("symbols.txt"))
        .unwrap()
        .lines()
    {
        assert!(
            called.contains(&format!("{symbol}(")),
            "{symbol} is never called"
        );
    }
}
