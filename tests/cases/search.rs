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
        format!(
            r#"{{"plugins":[{{"registry":"default","name":"OpenMemory","description":"The plugin OpenMemory","installed":null}},{{"registry":"default","name":"github","description":"Issues and MEMORIES of pull requests","installed":null}}],"registries":[{{"name":"default","url":"{}","seconds_old":null,"error":null}}],"warnings":[]}}"#,
            server.url("registry")
        )
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
        "No plugins found\n"
    );
}

#[test]
fn a_search_that_finds_too_much_is_an_error() {
    let mut sandbox = Sandbox::new();
    let mut many = Registry::new(&sandbox.repos(), "many");
    for number in 1..=50_001 {
        many.entry(&format!("plugin-{number}"), "plugins/one", "");
    }
    many.commit("Many");
    let mut long = Registry::new(&sandbox.repos(), "long");
    for name in ["one", "two", "three"] {
        long.entry(name, "plugins/one", &"x".repeat(6 << 20));
    }
    long.commit("Long");
    let server = GitServer::start(sandbox.repos());
    for (registry, query, code) in [
        ("many", "", 2),
        ("many", "plugin", 2),
        ("many", "plugin-4", 0),
        ("long", "xxx", 2),
    ] {
        sandbox.use_registry(&server.url(registry));
        let finished = sandbox.atk(&["search", query, "--json"]).fails(code);
        if code == 0 {
            assert_eq!(finished.json()["plugins"].as_array().unwrap().len(), 11_111);
        } else {
            let said = finished.stdout + &finished.stderr;
            assert!(said.contains("50000 plugins"), "{said}");
            assert!(said.contains("search for a longer part"), "{said}");
        }
    }
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

#[test]
fn installed_is_what_came_from_the_registry_whatever_its_name_is_spelled_like() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("Open Memory", |files| {
        files.definition("Another Name", "maturity: verified\n")
    });
    registry.plugin("tool", |files| files.definition("Tool", ""));
    registry.entry("日本", "plugins/none", "its name becomes no directory");
    registry.commit("Three");
    let url = format!("file://{}", sandbox.repos().join("registry").display());
    sandbox.use_registry(&url);
    sandbox.atk(&["add", "Open Memory"]).succeeds();
    // Of the same directory, but not from the registry.
    sandbox.files("work/tool").definition("Tool", "");
    sandbox.atk(&["add", "./tool"]).succeeds();
    let found = sandbox.atk(&["search", "--json"]).succeeds().json();
    let installed: Vec<_> = found["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["installed"].to_string())
        .collect();
    assert_eq!(installed, [r#""open-memory""#, "null", "null"], "{found}");
}

#[test]
fn a_search_that_cannot_ask_says_why_and_shows_nothing_old() {
    let mut sandbox = Sandbox::new();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    registry.plugin("echo", |files| files.definition("Echo", ""));
    registry.commit("One");
    let server = GitServer::start(sandbox.repos());
    let url = server.url("registry");
    sandbox.use_registry(&url);
    sandbox.atk(&["search"]).succeeds();
    drop(server);
    let failed = sandbox.atk(&["search", "--json"]).fails(7).json();
    assert_eq!(failed["error"]["code"], "network_failed");
    assert!(failed["error"]["message"].to_string().contains(&url));

    let bare = atk_tests::repository::Repository::new(&sandbox.repos(), "bare");
    bare.tree("").file("README.md", "no registry\n");
    bare.commit("One");
    sandbox.use_registry(&bare.file_url());
    let failed = sandbox.atk(&["search", "--json"]).fails(5).json();
    assert_eq!(failed["error"]["code"], "registry_invalid");
    bare.tree("").file("index.yaml", "plugins: [");
    bare.commit("Two");
    let failed = sandbox.atk(&["search", "--json"]).fails(5).json();
    assert_eq!(failed["error"]["code"], "registry_invalid");
}
