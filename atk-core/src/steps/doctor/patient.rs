//! What the checks look at, read once.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::super::context::Context;
use super::super::definition;
use crate::error::Result;
use crate::home::HomeDir;
use crate::model::manifest::{Entry, Manifest};
use crate::model::plugin::Definition;
use crate::process::command::command;
use crate::process::program::find_program;
use crate::repository::Repository;

/// What the checks look at.
pub(super) struct Patient<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) home: Result<HomeDir>,
    /// None without a home, or if it cannot be read.
    pub(super) repository: Option<Repository>,
    pub(super) manifest: Option<Manifest>,
}

impl<'a> Patient<'a> {
    /// Reads the home as it is: what an interrupted operation left stays.
    pub(super) fn look(context: &'a Context<'a>) -> Patient<'a> {
        let options = &context.session.options;
        let path = &context.session.home;
        let home = HomeDir::open(path, &context.access(), options.checkpoint.clone());
        let open = home.as_ref().ok();
        Patient {
            context,
            repository: open.and_then(|home| home.open_repository().ok()),
            manifest: open.and_then(|home| home.manifest().ok()),
            home,
        }
    }

    pub(super) fn open_home(&self) -> Option<&HomeDir> {
        self.home.as_ref().ok()
    }

    pub(super) fn plugins(&self) -> &[Entry] {
        self.manifest
            .as_ref()
            .map_or(&[], |manifest| &manifest.plugins)
    }

    /// The definitions that can be read.
    pub(super) fn definitions(&self) -> Vec<(&Entry, Definition)> {
        let Some(home) = self.open_home() else {
            return Vec::new();
        };
        let entries = self.plugins().iter();
        let read = entries.filter_map(|entry| {
            let (definition, _) = definition::of_installed(home, entry).ok()?;
            Some((entry, definition))
        });
        read.collect()
    }

    pub(super) fn program(&self, name: &str) -> Option<PathBuf> {
        find_program(name, &self.context.env())
    }

    /// The first line that a program prints; `None` if it fails.
    pub(super) fn first_line(&self, program: &Path, args: &[&str]) -> Option<String> {
        let mut command = command(program, &self.context.env(), Path::new("/"));
        command.args(args).stdin(Stdio::null());
        let output = command
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        // `ssh -V` prints to standard error.
        let text = match output.stdout.is_empty() {
            true => output.stderr,
            false => output.stdout,
        };
        let text = String::from_utf8_lossy(&text);
        text.lines().next().map(|line| line.trim().to_owned())
    }
}
