//! Repositories too large to be made by hand: streamed into `git fast-import`, and kept.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::git;
use crate::noise::Noise;
use crate::shared;

/// How large a registry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Plugins, called `plugin-00000` and so on.
    pub plugins: usize,
    /// Commits: the first brings all plugins, each other one changes one of them.
    pub commits: usize,
}

/// The name of the repository that [`mono_repository`] makes.
pub const MONO: &str = "mono";

/// A registry of that scale, and the directory to serve it from: `(root, name)`.
///
/// A plugin has a definition, a README, an `install.sh`, and a skill in a directory of its own.
#[must_use]
pub fn registry_of(scale: Scale) -> (PathBuf, String) {
    let name = format!("registry-{}-{}", scale.plugins, scale.commits);
    shared::kept(&name, |path| {
        import(path, |stream| write_registry(stream, scale)).expect("import a registry");
        true
    });
    (shared::directory(), name)
}

/// A repository with 200 MB in 5,000 files beside a small `.atk/`, and the directory to serve it
/// from: `(root, name)`. The files do not shrink.
#[must_use]
pub fn mono_repository() -> (PathBuf, String) {
    shared::kept(MONO, |path| {
        import(path, write_mono).expect("import the mono repository");
        true
    });
    (shared::directory(), MONO.to_owned())
}

/// Makes a bare repository of a stream for `git fast-import`.
fn import(path: &Path, write: impl FnOnce(&mut Stream) -> io::Result<()>) -> io::Result<()> {
    fs::create_dir_all(path)?;
    let run = |args: &[&str]| git().args(args).current_dir(path).status();
    assert!(run(&["init", "-q", "--bare", "."])?.success(), "git init");
    let mut child = git()
        .args(["-c", "core.compression=1", "fast-import", "--quiet"])
        .current_dir(path)
        .stdin(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take().expect("a pipe");
    let mut stream = Stream {
        output: BufWriter::with_capacity(1 << 20, stdin),
        commits: 0,
    };
    write(&mut stream)?;
    stream.output.flush()?;
    drop(stream);
    assert!(child.wait()?.success(), "git fast-import");
    assert!(
        run(&["commit-graph", "write", "--reachable"])?.success(),
        "git commit-graph"
    );
    Ok(())
}

/// What `git fast-import` reads.
struct Stream {
    output: BufWriter<std::process::ChildStdin>,
    commits: u32,
}

impl Stream {
    /// Begins a commit; the files that follow change its tree.
    fn commit(&mut self, message: &str) -> io::Result<()> {
        let date = 1_767_225_600 + self.commits;
        self.commits += 1;
        writeln!(
            self.output,
            "commit refs/heads/main\ncommitter Author <author@example.com> {date} +0000\n\
             data {}\n{message}",
            message.len()
        )
    }

    fn file(&mut self, mode: &str, path: &str, content: &[u8]) -> io::Result<()> {
        writeln!(
            self.output,
            "M {mode} inline {path}\ndata {}",
            content.len()
        )?;
        self.output.write_all(content)?;
        self.output.write_all(b"\n")
    }
}

fn write_registry(stream: &mut Stream, scale: Scale) -> io::Result<()> {
    let mut noise = Noise::new(1);
    stream.commit("Add the plugins")?;
    let mut index = "schema_version: '2026-01-23'\nplugins:\n".to_owned();
    for number in 0..scale.plugins {
        let name = format!("plugin-{number:05}");
        let description = noise.words(7);
        index += &format!("- name: {name}\n  path: plugins/{name}\n  description: {description}\n");
        write_plugin(stream, &format!("plugins/{name}"), &name, &mut noise)?;
    }
    stream.file("100644", "index.yaml", index.as_bytes())?;
    stream.file("100644", "README.md", b"# A registry\n")?;
    for number in 1..scale.commits {
        let plugin = noise.below(scale.plugins);
        stream.commit(&format!("Change {number}"))?;
        let readme = format!("# Change {number}\n\n{}\n", noise.words(60));
        stream.file(
            "100644",
            &format!("plugins/plugin-{plugin:05}/README.md"),
            readme.as_bytes(),
        )?;
    }
    Ok(())
}

fn write_plugin(stream: &mut Stream, at: &str, name: &str, noise: &mut Noise) -> io::Result<()> {
    let definition = format!(
        "schema_version: '2026-01-23'\nname: {name}\ndescription: {}\nmaturity: verified\n",
        noise.words(7)
    );
    stream.file(
        "100644",
        &format!("{at}/plugin.yaml"),
        definition.as_bytes(),
    )?;
    let readme = format!("# {name}\n\n{}\n", noise.words(300));
    stream.file("100644", &format!("{at}/README.md"), readme.as_bytes())?;
    let install = format!("#!/bin/sh\n# {}\ntrue\n", noise.words(40));
    stream.file("100755", &format!("{at}/install.sh"), install.as_bytes())?;
    let skill = format!("# Skill\n\n{}\n", noise.words(400));
    stream.file("100644", &format!("{at}/skill/SKILL.md"), skill.as_bytes())
}

fn write_mono(stream: &mut Stream) -> io::Result<()> {
    let mut noise = Noise::new(2);
    stream.commit("Add everything")?;
    for number in 0..5_000 {
        let path = format!("src/part-{:02}/asset-{number:04}.bin", number % 50);
        let content = noise.bytes(40_000);
        stream.file("100644", &path, &content)?;
    }
    write_plugin(stream, ".atk", "Mono", &mut noise)?;
    for number in 1..58 {
        stream.commit(&format!("Change {number}"))?;
        let path = format!("src/part-{:02}/asset-{number:04}.bin", number % 50);
        let content = noise.bytes(40_000);
        stream.file("100644", &path, &content)?;
    }
    Ok(())
}
