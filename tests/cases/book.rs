//! The documentation: every example of a shell runs, every link leads somewhere.
//!
//! A block of `console` is what a user types and sees. A line that begins with `$ ` is typed; lines that
//! begin with `> ` continue it. All other lines are its output, and must be what it prints; `…` stands for
//! any text of a line, and a line of `…` for any lines. A command without output in the block may print
//! anything. All blocks of a page run in one shell, one after the other. A command that fails is in a
//! block of its own, marked `console,fails`. What cannot run here has a comment before its block:
//! `<!-- not run: why -->`; `<!-- before: command -->` makes what a page relies on.

mod links;
mod machine;
mod page;
mod pictures;
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use machine::Machine;
use page::Page;

/// The pages of the documentation, by their paths from the top directory.
fn pages() -> Vec<PathBuf> {
    let top = top();
    let mut pages = vec![top.join("README.md")];
    for entry in fs::read_dir(top.join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn the_examples_of_the_documentation_run() {
    let pages: Vec<Page> = pages().iter().map(|path| Page::read(path)).collect();
    let failures: Vec<String> = thread::scope(|scope| {
        let with_examples = pages.iter().filter(|page| !page.examples.is_empty());
        let running: Vec<_> = with_examples
            .map(|page| scope.spawn(|| Machine::new().run(page)))
            .collect();
        let ended = running.into_iter().flat_map(|page| page.join().unwrap());
        ended.collect()
    });
    let commands: usize = pages.iter().map(|page| page.examples.len()).sum();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(commands > 50, "only {commands} commands were found");
}

#[test]
fn the_links_of_the_documentation_lead_somewhere() {
    let mut broken = Vec::new();
    for path in pages() {
        broken.extend(links::broken(&path));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_book_has_every_page() {
    let summary = fs::read_to_string(top().join("docs/SUMMARY.md")).unwrap();
    for path in pages() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_listed = summary.contains(&format!("({name})"));
        assert!(
            is_listed || ["README.md", "SUMMARY.md"].contains(&name),
            "docs/SUMMARY.md does not list `{name}`"
        );
    }
}
