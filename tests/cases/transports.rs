//! Each kind of name by each way to reach a repository: HTTP, ssh by its URL and by an alias as scp
//! has it, and ssh to a server that, as sshd by itself, does not pass on the wish for version 2 of
//! git's protocol.

use std::path::Path;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;
use atk_tests::ssh::SshServer;

/// A way to reach a repository.
enum Way {
    Http(GitServer),
    Ssh(SshServer),
    Alias(SshServer),
}

impl Way {
    fn http(root: &Path) -> Way {
        Way::Http(GitServer::start(root))
    }

    fn ssh(root: &Path) -> Way {
        Way::Ssh(SshServer::start(root, true))
    }

    fn alias(root: &Path) -> Way {
        Way::Alias(SshServer::start(root, true))
    }

    fn old_protocol(root: &Path) -> Way {
        Way::Ssh(SshServer::start(root, false))
    }

    fn source(&self, repository: &str) -> String {
        match self {
            Way::Http(server) => server.url(repository),
            Way::Ssh(server) => server.url(repository),
            Way::Alias(server) => server.alias(repository),
        }
    }
}

/// A home, a repository with every kind of name, one with plugins in directories, and a registry.
struct Case {
    sandbox: Sandbox,
    tool: Repository,
    mono: Repository,
    registry: Registry,
    way: Way,
}

/// What the plugin of the newest commit, of the change that follows it, and of what came before say.
const OLD: &str = "old";
const NOW: &str = "now";
const NEW: &str = "new";

impl Case {
    fn new(way: fn(&Path) -> Way) -> Case {
        let mut sandbox = Sandbox::with_home();
        let repos = sandbox.repos();
        let tool = Repository::tool(&repos, "tool", |files| {
            files.definition("Tool", "").file("version", OLD)
        });
        tool.git(&["tag", "light"]);
        tool.git(&["tag", "--annotate", "-m", "Old", "annotated"]);
        tool.git(&["tag", "both"]);
        tool.tree(".atk").file("version", NOW);
        tool.commit("Now");
        for branch in ["feature/x", "both"] {
            tool.git(&["branch", branch]);
        }
        let mono = Repository::new(&repos, "mono");
        for (directory, name) in [("one", "One"), ("tools/deep/two", "Two")] {
            let files = mono.tree(directory);
            files.definition(name, "").file("version", NOW);
        }
        mono.commit("Two plugins");
        let mut registry = Registry::new(&repos, "registry");
        for text in [OLD, NOW] {
            let plugin = |files: atk_tests::repository::Tree| {
                files.definition("Shelf", "").file("version", text)
            };
            registry.plugin("shelf", plugin).commit(text);
        }
        let way = way(&repos);
        if let Way::Ssh(server) | Way::Alias(server) = &way {
            sandbox.set("GIT_SSH_COMMAND", server.client());
        }
        sandbox.use_registry(&way.source("registry"));
        Case {
            sandbox,
            tool,
            mono,
            registry,
            way,
        }
    }

    /// A commit on every branch of each source.
    fn publish(&mut self) {
        self.tool.tree(".atk").file("version", NEW);
        self.tool.commit("New");
        for branch in ["feature/x", "both"] {
            self.tool.git(&["branch", "--force", branch]);
        }
        for directory in ["one", "tools/deep/two"] {
            self.mono.tree(directory).file("version", NEW);
        }
        self.mono.commit("New");
        self.registry
            .plugin("shelf", |files| files.file("version", NEW));
        self.registry.commit("New");
    }

    fn version(&self, home: &str, plugin: &str) -> String {
        let file = format!("{home}/plugins/{plugin}/version");
        std::fs::read_to_string(self.sandbox.path(&file)).unwrap()
    }

    /// Adds a source, upgrades it, brings the home to another machine, verifies it there and here,
    /// and undoes the last change.
    fn lives(&mut self, source: &str, plugin: &str, added: &str, upgraded: Option<&str>) {
        println!("{source}");
        self.sandbox.atk(&["add", "-y", source]).succeeds();
        assert_eq!(self.version("home", plugin), added, "{source}");
        self.publish();
        let upgrade = self.sandbox.atk(&["upgrade", plugin, "-y"]);
        match upgraded {
            Some(_) => drop(upgrade.succeeds()),
            None => {
                let said = upgrade.fails(1).stderr;
                assert!(said.contains("held"), "{source}: {said}");
            }
        }
        let now = upgraded.unwrap_or(added);
        assert_eq!(self.version("home", plugin), now, "{source}");

        let laptop = self.sandbox.path("laptop");
        let cache = self.sandbox.path("laptop-cache");
        let on_laptop = |words: &[&str]| {
            let mut command = self.sandbox.command(words);
            command
                .env("ATK_HOME", &laptop)
                .env("ATK_CACHE_DIR", &cache);
            self.sandbox.run_with_input(command, "").succeeds();
        };
        let url = format!("file://{}", self.sandbox.home().display());
        on_laptop(&["bootstrap", &url, "-y"]);
        assert_eq!(self.version("laptop", plugin), now, "{source}");
        on_laptop(&["verify"]);
        self.sandbox.atk(&["verify"]).succeeds();
        for directory in [laptop, cache] {
            std::fs::remove_dir_all(directory).unwrap();
        }

        self.sandbox.atk(&["undo", "-y"]).succeeds();
        if now == added {
            // The last change is the addition.
            let left = self.sandbox.home().join("plugins").join(plugin);
            assert!(!left.exists(), "{source}");
        } else {
            assert_eq!(self.version("home", plugin), added, "{source}");
            self.sandbox.atk(&["verify"]).succeeds();
        }
    }

    /// What a refusal says.
    #[track_caller]
    fn refuses(&self, words: &[&str], kind: &str) -> String {
        let words = [words, &["-y", "--json"]].concat();
        let finished = self.sandbox.atk(&words);
        let document = finished.json();
        let error = match &document["plugins"][0]["error"] {
            serde_json::Value::Null => &document["error"],
            error => error,
        };
        assert_eq!(error["code"], kind, "{document}");
        error.to_string()
    }
}

/// What is published is the same in each case, and so is the commit of the first tag.
fn first_commit(case: &Case) -> String {
    case.tool.git(&["rev-parse", "light"])
}

fn a_branch_a_tag_and_a_commit_live(way: fn(&Path) -> Way) {
    let id = first_commit(&Case::new(way));
    for (end, added, upgraded) in [
        ("@feature/x", NOW, Some(NEW)),
        ("@annotated", OLD, Some(OLD)),
        (&format!("@{id}"), OLD, None),
    ] {
        let mut case = Case::new(way);
        let source = case.way.source("tool") + end;
        case.lives(&source, "tool", added, upgraded);
    }
}

fn every_kind_of_name_lives(way: fn(&Path) -> Way) {
    a_branch_a_tag_and_a_commit_live(way);
    for (repository, end, plugin, added, upgraded) in [
        ("tool", "", "tool", NOW, Some(NEW)),
        ("tool", "@light", "tool", OLD, Some(OLD)),
        ("tool", "@refs/heads/both", "tool", NOW, Some(NEW)),
        ("tool", "@refs/tags/both", "tool", OLD, Some(OLD)),
        ("mono", "//one", "one", NOW, Some(NEW)),
        ("mono", "//tools/deep/two@main", "two", NOW, Some(NEW)),
    ] {
        let mut case = Case::new(way);
        let source = case.way.source(repository) + end;
        case.lives(&source, plugin, added, upgraded);
    }
    let mut case = Case::new(way);
    let old = case.registry.git(&["rev-parse", "HEAD~1"]);
    case.lives(&format!("shelf@{old}"), "shelf", OLD, None);
    let mut case = Case::new(way);
    case.lives("shelf", "shelf", NOW, Some(NEW));
}

fn names_that_cannot_be_followed_are_refused(way: fn(&Path) -> Way) {
    let case = Case::new(way);
    let source = |end: &str| case.way.source("tool") + end;
    let said = case.refuses(&["add", &source("@both")], "ref_ambiguous");
    assert!(said.contains("refs/tags/both"), "{said}");
    let short = &case.tool.head()[..9];
    let said = case.refuses(&["add", &source(&format!("@{short}"))], "ref_not_found");
    assert!(said.contains("full id"), "{said}");
    case.refuses(&["add", &source("@none")], "ref_not_found");

    let add = |end: &str| case.sandbox.atk(&["add", "-y", &source(end)]).succeeds();
    add("@light");
    case.tool.git(&["tag", "--force", "light", "main"]);
    case.refuses(&["upgrade", "tool"], "ref_moved");
    assert_eq!(case.version("home", "tool"), OLD);
    case.sandbox.atk(&["remove", "tool", "-y"]).succeeds();

    add("@feature/x");
    case.tool
        .git(&["branch", "--delete", "--force", "feature/x"]);
    let said = case.refuses(&["upgrade", "tool"], "ref_not_found");
    assert!(said.contains("feature/x"), "{said}");
    assert_eq!(case.version("home", "tool"), NOW);
    assert_eq!(case.sandbox.git(&["status", "--porcelain"]), "");
}

#[test]
fn over_http() {
    every_kind_of_name_lives(Way::http);
    names_that_cannot_be_followed_are_refused(Way::http);
}

#[test]
fn over_ssh() {
    every_kind_of_name_lives(Way::ssh);
    names_that_cannot_be_followed_are_refused(Way::ssh);
}

#[test]
fn over_ssh_by_an_alias() {
    a_branch_a_tag_and_a_commit_live(Way::alias);
}

#[test]
fn over_ssh_to_a_server_that_takes_no_variables() {
    a_branch_a_tag_and_a_commit_live(Way::old_protocol);
    names_that_cannot_be_followed_are_refused(Way::old_protocol);
}
