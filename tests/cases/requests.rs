//! What a plugin costs of a server: requests and connections.

use atk_tests::repository::{Repository, Scale, registry_of};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{GitServer, Stats};

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
    type Change = fn(&mut atk_tests::server::Behaviour);
    let kinds: [(&str, Change); 5] = [
        ("no filters", |behaviour| behaviour.filter = false),
        ("protocol v0", |behaviour| behaviour.protocol_v2 = false),
        ("files only", |behaviour| behaviour.dumb = true),
        ("no depth", |behaviour| behaviour.shallow = false),
        ("tips only", |behaviour| behaviour.tips_only = true),
    ];
    for (kind, change) in kinds {
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
        assert_eq!(error["error"]["kind"], "pin_not_found", "{kind}: {error}");
    }
}
