//! A script of a plugin: whether it can run, and how it is started.
//!
//! What the system says about a script that cannot run is misleading ("No such file or directory"
//! for a missing interpreter), so it is looked at first.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::shell::{program, shell};
use crate::error::{Error, ErrorKind, Result};
use crate::model::compose::shell_word;
use crate::text::escape;

/// How much of a script is looked at. Linux reads no more than 256 bytes of a `#!` line.
const HEAD: u64 = 512;

/// A script that can run.
#[derive(Debug)]
pub(crate) struct Script {
    file: PathBuf,
    /// True for a text without a `#!` line: as from a shell, `/bin/sh` reads it.
    by_shell: bool,
}

/// Why a script cannot run, and how to change that.
struct ScriptProblem {
    why: String,
    help: String,
}

impl Script {
    /// Looks at a file. `shown` is its path in messages, `search` the `PATH` that it will run with.
    ///
    /// # Errors
    /// [`ErrorKind::NotDeclared`] if it is not executable, or what is to interpret it is missing.
    pub(crate) fn check(file: &Path, shown: &str, search: Option<&OsStr>) -> Result<Script> {
        let unusable = |ScriptProblem { why, help }: ScriptProblem| {
            Error::new(ErrorKind::NotDeclared, format!("`{}` {why}", escape(shown)))
                .with_path(file)
                .with_help(help)
        };
        check_mode(file).map_err(unusable)?;
        // One that may be run but not read is the system's to judge.
        let head = head(file).unwrap_or_default();
        let by_shell = check_head(&head, file, search).map_err(unusable)?;
        Ok(Script {
            file: file.to_owned(),
            by_shell,
        })
    }

    /// The process that runs it.
    pub(super) fn process(&self, args: &[OsString]) -> std::process::Command {
        let mut process = if self.by_shell {
            let mut shell = shell();
            shell.arg(&self.file);
            shell
        } else {
            program(&self.file)
        };
        process.args(args);
        process
    }
}

fn check_mode(file: &Path) -> std::result::Result<(), ScriptProblem> {
    if access(file, Access::EXEC_OK).is_ok() {
        return Ok(());
    }
    let mode = file
        .metadata()
        .map(|metadata| metadata.permissions().mode());
    Err(match mode {
        Ok(mode) if mode & 0o111 != 0 => ScriptProblem {
            why: "cannot be executed by this user".to_owned(),
            help: "check its owner, and whether its file system is mounted with `noexec`"
                .to_owned(),
        },
        Ok(_) | Err(_) => ScriptProblem {
            why: "is not executable".to_owned(),
            help: format!("run `chmod +x {}`", in_shell(file)),
        },
    })
}

fn head(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(file)?.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// Whether a file that begins so is for the shell to read.
fn check_head(
    head: &[u8],
    file: &Path,
    search: Option<&OsStr>,
) -> std::result::Result<bool, ScriptProblem> {
    // A program: the system knows whether it is one for this machine.
    if head.contains(&0) || head.is_empty() {
        return Ok(false);
    }
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.ends_with(b"\r") {
        return Err(ScriptProblem {
            why: "has Windows line ends (CRLF), which its interpreter cannot read".to_owned(),
            help: format!("convert it, for example with `dos2unix {}`", in_shell(file)),
        });
    }
    if first.starts_with(b"\xef\xbb\xbf#!") {
        return Err(ScriptProblem {
            why: "starts with a byte order mark, so the system does not see its `#!` line"
                .to_owned(),
            help: "save it as UTF-8 without a byte order mark".to_owned(),
        });
    }
    let Some(line) = first.strip_prefix(b"#!") else {
        return Ok(true);
    };
    let mut words = line
        .split(|byte| matches!(byte, b' ' | b'\t'))
        .filter(|word| !word.is_empty());
    let Some(interpreter) = words.next().map(|word| Path::new(OsStr::from_bytes(word))) else {
        return Ok(true);
    };
    if !interpreter.exists() {
        return Err(missing(&interpreter.to_string_lossy()));
    }
    // `env` itself says the same, but without the script's name.
    if interpreter.file_name() == Some(OsStr::new("env"))
        && let Some(name) = words.next()
        && !name.starts_with(b"-")
        && !name.contains(&b'=')
        && !is_found(OsStr::from_bytes(name), search)
    {
        return Err(missing(&String::from_utf8_lossy(name)));
    }
    Ok(false)
}

fn missing(interpreter: &str) -> ScriptProblem {
    let interpreter = escape(interpreter);
    ScriptProblem {
        why: format!("cannot run: its interpreter `{interpreter}` was not found"),
        help: format!("install `{interpreter}`, or change the first line of the script"),
    }
}

fn is_found(program: &OsStr, search: Option<&OsStr>) -> bool {
    if program.as_bytes().contains(&b'/') {
        return Path::new(program).exists();
    }
    // Without a `PATH`, `env` searches a default one that is not known here.
    search.is_none_or(|search| {
        std::env::split_paths(search).any(|dir| access(dir.join(program), Access::EXEC_OK).is_ok())
    })
}

/// The path as a word of a command line that a user may copy.
fn in_shell(file: &Path) -> String {
    escape(&shell_word(&file.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn check(text: &[u8], mode: u32) -> std::result::Result<bool, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x y.sh");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let checked = Script::check(&file, "plugins/tool/x y.sh", Some("/usr/bin:/bin".as_ref()));
        let place = dir.path().to_string_lossy().into_owned();
        checked.map(|script| script.by_shell).map_err(|error| {
            let help = error.details().help.clone().unwrap_or_default();
            format!("{error}; {help}").replace(&place, "DIR")
        })
    }

    #[test]
    fn what_can_run_is_started_as_the_system_would() {
        assert_eq!(check(b"#!/bin/sh\n", 0o755), Ok(false));
        assert_eq!(check(b"#! /usr/bin/env sh\n", 0o755), Ok(false));
        assert_eq!(check(b"#!/usr/bin/env -S sh -e\n", 0o755), Ok(false));
        assert_eq!(check(b"\x7fELF\0", 0o700), Ok(false));
        assert_eq!(check(b"echo x\n", 0o755), Ok(true));
        assert_eq!(check(b"#!\necho x\n", 0o755), Ok(true));
    }

    #[test]
    fn what_cannot_run_is_explained() {
        for (text, mode, expected) in [
            (
                &b"#!/bin/sh\n"[..],
                0o644,
                "`plugins/tool/x y.sh` is not executable; run `chmod +x 'DIR/x y.sh'`",
            ),
            (
                b"#!/bin/sh\r\necho x\r\n",
                0o755,
                "`plugins/tool/x y.sh` has Windows line ends (CRLF), which its interpreter cannot read; \
                 convert it, for example with `dos2unix 'DIR/x y.sh'`",
            ),
            (
                b"echo x\r\n",
                0o755,
                "`plugins/tool/x y.sh` has Windows line ends (CRLF), which its interpreter cannot read; \
                 convert it, for example with `dos2unix 'DIR/x y.sh'`",
            ),
            (
                b"#!/no/such\x1b/bash -e\n",
                0o755,
                "`plugins/tool/x y.sh` cannot run: its interpreter `/no/such\\u{1b}/bash` was not found; \
                 install `/no/such\\u{1b}/bash`, or change the first line of the script",
            ),
            (
                b"#!/usr/bin/env python-of-nowhere\n",
                0o755,
                "`plugins/tool/x y.sh` cannot run: its interpreter `python-of-nowhere` was not found; \
                 install `python-of-nowhere`, or change the first line of the script",
            ),
            (
                b"\xef\xbb\xbf#!/bin/sh\n",
                0o755,
                "`plugins/tool/x y.sh` starts with a byte order mark, so the system does not see its `#!` line; \
                 save it as UTF-8 without a byte order mark",
            ),
        ] {
            assert_eq!(check(text, mode), Err(expected.to_owned()));
        }
    }
}
