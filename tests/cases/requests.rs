//! What a plugin costs of a server: requests and connections.

use atk_tests::repository::{Registry, Repository, Scale, registry_of};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{Behaviour, GitServer, Stats};

/// Adds a source and returns what the server was asked.
fn add(sandbox: &Sandbox, server: &GitServer, source: &str) -> Stats {
    server.reset();
    sandbox.atk(&["add", "-y", source]).succeeds();
    server.stats()
}

#[test]
fn a_plugin_of_a_small_registry_costs_four_requests_and_the_second_three() {
    let mut sandbox = Sandbox::with_home();
    let (root, name) = registry_of(Scale {
        plugins: 20,
        commits: 96,
    });
    let server = GitServer::start(root);
    sandbox.use_registry(&server.url(&name));

    let first = add(&sandbox, &server, "plugin-00003");
    assert!(first.requests <= 4, "{}", first.summary());
    assert_eq!(first.connections, 1, "{}", first.summary());
    assert!(first.bytes_down <= 16_000, "{}", first.summary());
    assert!(
        sandbox
            .read("plugins/plugin-00003/skill/SKILL.md")
            .starts_with("# Skill\n")
    );

    let second = add(&sandbox, &server, "plugin-00004");
    assert!(second.requests <= 3, "{}", second.summary());
    assert_eq!(second.connections, 1, "{}", second.summary());
    assert!(second.bytes_down < 5_000, "{}", second.summary());
}

#[test]
fn a_plugin_of_a_git_repository_costs_its_own_files() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files
            .definition("Tool", "")
            .exec("bin/run", "#!/bin/sh\n")
            .file("docs/guide.md", "# Guide\n")
    });
    let noise: String = (0..40_000)
        .map(|number| format!("{:x}", number * number))
        .collect();
    tool.tree("").file("large.txt", noise);
    tool.commit("Grow");
    let server = GitServer::start(sandbox.repos());

    let stats = add(&sandbox, &server, &server.url("tool"));
    assert!(stats.requests <= 5, "{}", stats.summary());
    assert_eq!(stats.connections, 1, "{}", stats.summary());
    assert!(stats.bytes_down <= 10_000, "{}", stats.summary());
    let large = tool.git(&["rev-parse", "HEAD:large.txt"]);
    assert!(!stats.wants().contains(&large.as_str()));
    assert_eq!(sandbox.read("plugins/tool/docs/guide.md"), "# Guide\n");
}

#[test]
fn servers_of_every_kind_give_the_same_plugin() {
    for (kind, change) in Behaviour::KINDS {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files
                .definition("Tool", "")
                .exec("bin/run", "#!/bin/sh\n")
                .link("latest", "bin/run")
        });
        tool.tree("").file("README.md", "# Another\n");
        let pin = tool.commit("Change");
        let server = GitServer::start(sandbox.repos());
        server.change(change);
        sandbox.atk(&["add", "-y", &server.url("tool")]).succeeds();
        assert_eq!(
            sandbox.read("plugins/tool/.atk-ref"),
            format!("{pin}\n"),
            "{kind}"
        );
        assert_eq!(sandbox.read("plugins/tool/latest"), "#!/bin/sh\n", "{kind}");
    }
}

#[test]
fn an_older_commit_can_be_pinned_on_servers_of_every_kind() {
    type Change = fn(&mut atk_tests::server::Behaviour);
    let kinds: [(&str, Change); 4] = [
        ("as it is", |_| {}),
        ("tips only", |behaviour| behaviour.tips_only = true),
        ("protocol v0", |behaviour| behaviour.protocol_v2 = false),
        ("files only", |behaviour| behaviour.dumb = true),
    ];
    for (kind, change) in kinds {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files.definition("Tool", "").file("version", "1\n")
        });
        let pin = tool.head();
        for version in 2..6 {
            tool.tree(".atk").file("version", format!("{version}\n"));
            tool.commit("Change");
        }
        let server = GitServer::start(sandbox.repos());
        server.change(change);
        let url = server.url("tool");
        sandbox.atk(&["add", "-y", &url, "--at", &pin]).succeeds();
        assert_eq!(sandbox.read("plugins/tool/version"), "1\n", "{kind}");
        let gone = "0123456789012345678901234567890123456789";
        let dest = sandbox.path("work/dest");
        let dest = dest.to_str().unwrap();
        let error = sandbox
            .atk(&["fetch", &url, dest, "--at", gone, "--json"])
            .fails(7)
            .json();
        assert_eq!(error["error"]["code"], "pin_not_found", "{kind}: {error}");
    }
}

/// A home whose manifest pins these plugins: name, kind and URL of the source, pin.
fn pinned(sandbox: &Sandbox, plugins: &[(String, Option<String>, String)]) {
    let head = sandbox.read("manifest.yaml");
    let (head, _) = head.split_once("plugins:").unwrap();
    let mut manifest = format!("{head}plugins:\n");
    for (name, url, pin) in plugins {
        let kind = if url.is_some() { "git" } else { "registry" };
        let url = url.as_deref().unwrap_or("null");
        manifest += &format!(
            "- name: {name}\n  directory: {name}\n  source:\n    type: {kind}\n    ref: {pin}\n    url: {url}\n"
        );
    }
    std::fs::write(sandbox.home().join("manifest.yaml"), manifest).unwrap();
    sandbox.git(&["commit", "-qam", "Pin them"]);
}

#[test]
fn ten_plugins_at_five_commits_of_a_registry_come_with_three_requests() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let mut plugins = Vec::new();
    for round in 0..5 {
        let names = [format!("plugin-{round}"), format!("other-{round}")];
        for name in &names {
            registry.plugin(name, |files| {
                let files = files.definition(name, "maturity: verified\n");
                files.file("round", format!("{round}\n"))
            });
        }
        let pin = registry.commit("Two more");
        plugins.extend(names.map(|name| (name, None, pin.clone())));
    }
    for (name, ..) in &plugins {
        registry.plugin(name, |files| files.file("round", "later\n"));
    }
    registry.commit("All anew");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    pinned(&sandbox, &plugins);

    server.reset();
    sandbox.atk(&["install", "--all"]).succeeds();
    let stats = server.stats();
    assert!(stats.requests <= 3, "{}", stats.summary());
    assert_eq!(stats.connections, 1, "{}", stats.summary());
    assert_eq!(sandbox.read("plugins/other-3/round"), "3\n");

    // Nothing is left to fetch.
    server.reset();
    sandbox.atk(&["install", "--all"]).succeeds();
    assert_eq!(server.stats().requests, 0);
}

#[test]
fn whether_twelve_plugins_of_four_sources_are_current_costs_eight_requests() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let names: Vec<String> = (0..9).map(|number| format!("plugin-{number}")).collect();
    for name in &names {
        registry.plugin(name, |files| files.definition(name, "maturity: verified\n"));
    }
    let pin = registry.commit("Nine");
    let mut plugins: Vec<_> = names
        .into_iter()
        .map(|name| (name, None, pin.clone()))
        .collect();
    let server = GitServer::start(sandbox.repos());
    for number in 0..3 {
        let name = format!("tool-{number}");
        let tool = Repository::tool(&sandbox.repos(), &name, |files| files.definition(&name, ""));
        plugins.push((name.clone(), Some(server.url(&name)), tool.head()));
    }
    sandbox.use_registry(&server.url("registry"));
    pinned(&sandbox, &plugins);
    sandbox.atk(&["install", "--all"]).succeeds();

    for words in [
        &["upgrade", "--all"][..],
        &["upgrade", "--all", "--dry-run"],
    ] {
        server.reset();
        sandbox.atk(words).succeeds();
        let stats = server.stats();
        assert_eq!(stats.requests, 8, "{}", stats.summary());
        assert_eq!(stats.connections, 4, "{}", stats.summary());
    }
    // Without receipts, and without a cache, it is no more: the newest commit is the pin.
    std::fs::remove_dir_all(sandbox.home().join(".git/atk")).unwrap();
    std::fs::remove_dir_all(sandbox.path("cache")).unwrap();
    server.reset();
    sandbox.atk(&["upgrade", "--all"]).succeeds();
    assert_eq!(server.stats().requests, 8, "{}", server.stats().summary());
}

#[test]
fn files_that_did_not_change_are_not_fetched_to_find_out() {
    let sandbox = Sandbox::with_home();
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "").file("same", "the same\n")
    });
    let server = GitServer::start(sandbox.repos());
    let url = server.url("tool");
    let pin = tool.head();
    sandbox.atk(&["add", "-y", &url]).succeeds();
    tool.tree("").file("src/main.rs", "fn main() {}\n");
    tool.commit("Beside the plugin");
    let blobs = [
        tool.git(&["rev-parse", "HEAD:.atk/same"]),
        tool.git(&["rev-parse", "HEAD:src/main.rs"]),
    ];
    for lost in ["", ".git/atk/receipts"] {
        std::fs::remove_dir_all(sandbox.path("cache")).unwrap();
        if !lost.is_empty() {
            std::fs::remove_dir_all(sandbox.home().join(lost)).unwrap();
        }
        server.reset();
        sandbox.atk(&["upgrade", "tool"]).succeeds();
        let stats = server.stats();
        assert_eq!(stats.requests, 3, "{}", stats.summary());
        assert!(stats.bytes_down < 3_000, "{}", stats.summary());
        let wanted = stats.wants();
        assert!(blobs.iter().all(|blob| !wanted.contains(&blob.as_str())));
    }
    assert_eq!(sandbox.read("plugins/tool/.atk-ref"), format!("{pin}\n"));

    // Of what changed, the files that are new come, and no other.
    tool.tree(".atk").file("new", "new\n");
    tool.commit("A new file");
    server.reset();
    sandbox.atk(&["upgrade", "tool", "-y"]).succeeds();
    let stats = server.stats();
    assert!(stats.requests <= 4, "{}", stats.summary());
    assert_eq!(stats.connections, 1, "{}", stats.summary());
}

#[test]
fn plugins_in_directories_of_directories_cost_their_own_files_too() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for number in 0..60 {
        let (name, path) = (
            format!("plugin-{number}"),
            format!("by/kind/tools/plugin-{number}"),
        );
        registry.entry(&name, &path, "One of many");
        let noise: String = (0..3000)
            .map(|n| format!("{:x}", n * n * (number + 3)))
            .collect();
        let files = registry
            .tree(&path)
            .definition(&name, "maturity: verified\n");
        files.file("large.txt", noise);
    }
    registry.commit("Many");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));

    // Two levels more than in a registry whose plugins lie in an entry of the root.
    let first = add(&sandbox, &server, "plugin-3");
    assert!(first.requests <= 7, "{}", first.summary());
    assert!(first.bytes_down <= 25_000, "{}", first.summary());
    let second = add(&sandbox, &server, "plugin-4");
    assert!(second.requests <= 3, "{}", second.summary());
    assert!(second.bytes_down <= 15_000, "{}", second.summary());

    // A plugin may lie in another's directory; and a server may do without any of this.
    for change in [
        |_: &mut Behaviour| {},
        |behaviour: &mut Behaviour| behaviour.filter = false,
        |behaviour: &mut Behaviour| behaviour.tips_only = true,
        |behaviour: &mut Behaviour| behaviour.dumb = true,
    ] {
        let other = Sandbox::with_home();
        server.change(change);
        let manifest = sandbox.read("manifest.yaml");
        std::fs::write(other.home().join("manifest.yaml"), manifest).unwrap();
        let mut install = other.command(&["install", "--all", "-y"]);
        install.env("ATK_REGISTRY_URL", server.url("registry"));
        other.spawn(install).wait().succeeds();
        assert!(other.home().join("plugins/plugin-4/large.txt").exists());
        server.change(|behaviour| *behaviour = Behaviour::default());
    }
}

#[test]
fn a_plugin_in_the_directory_of_another_is_a_plugin_of_its_own() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    for (name, path) in [("outer", "by/kind/outer"), ("inner", "by/kind/outer/inner")] {
        registry.entry(name, path, "One of two");
        let files = registry.tree(path);
        files.definition(name, "maturity: verified\n");
    }
    let pin = registry.commit("Two");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    let names = ["inner", "outer"].map(|name| (name.to_owned(), None, pin.clone()));
    pinned(&sandbox, &names);
    sandbox.atk(&["install", "--all"]).succeeds();
    assert!(
        sandbox
            .home()
            .join("plugins/outer/inner/plugin.yaml")
            .exists()
    );
    assert!(sandbox.home().join("plugins/inner/plugin.yaml").exists());
}
