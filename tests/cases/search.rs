//! What the registry has.

use atk_tests::repository::Registry;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

#[test]
fn the_index_is_searched_by_name_and_description_in_any_case() {
    let mut sandbox = Sandbox::new();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("OpenMemory", |files| {
        files.definition("OpenMemory", "maturity: verified\n")
    });
    registry.entry(
        "github",
        "plugins/github",
        "Issues and MEMORIES of pull requests",
    );
    registry.entry("other", "plugins/other", "\u{1b}[31mred");
    registry.commit("Three");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    let found = sandbox
        .atk(&["search", "memor", "--json"])
        .succeeds()
        .json();
    assert_eq!(
        found.to_string(),
        r#"[{"name":"OpenMemory","description":"The plugin OpenMemory","installed":null},{"name":"github","description":"Issues and MEMORIES of pull requests","installed":null}]"#
    );
    sandbox.atk(&["init"]).succeeds();
    sandbox.atk(&["add", "OpenMemory"]).succeeds();
    let all = sandbox
        .atk(&["search", "--color", "never"])
        .succeeds()
        .stdout;
    insta::assert_snapshot!(all, @r"
    NAME        INSTALLED  DESCRIPTION
    OpenMemory  yes        The plugin OpenMemory
    github                 Issues and MEMORIES of pull requests
    other                  \u{1b}[31mred
    ");
    assert_eq!(
        sandbox
            .atk(&["search", "nothing like it"])
            .succeeds()
            .stdout,
        "Nothing found\n"
    );
}

#[test]
fn only_the_index_is_fetched_and_only_once() {
    let mut sandbox = Sandbox::new();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| files.definition("Echo", ""));
    registry.commit("One");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    sandbox.atk(&["search"]).succeeds();
    let first = server.stats();
    assert!(
        first.requests <= 4 && first.connections == 1,
        "{}",
        first.summary()
    );
    let definition = registry.git(&["rev-parse", "HEAD:plugins/echo/plugin.yaml"]);
    assert!(!first.wants().contains(&definition.as_str()));
    server.reset();
    sandbox.atk(&["search"]).succeeds();
    let second = server.stats();
    assert_eq!(second.requests, 2, "{}", second.summary());
    drop(server);
    sandbox.atk(&["search"]).fails(7);
}
