//! Sources with a branch, a tag or a commit, and plugins in a directory of a repository.

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::{Behaviour, GitServer};

/// A repository whose plugin says which commit it is of, with every kind of name.
struct Tool {
    sandbox: Sandbox,
    server: GitServer,
    tool: Repository,
    /// The commits, by what their plugin says.
    commits: Vec<(&'static str, String)>,
}

impl Tool {
    fn new() -> Tool {
        let sandbox = Sandbox::with_home();
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files.definition("Tool", "").file("version", "one")
        });
        let mut commits = vec![("one", tool.head())];
        tool.git(&["tag", "v1"]);
        let commit = |text: &str| {
            tool.tree(".atk").file("version", text);
            tool.commit(text)
        };
        commits.push(("two", commit("two")));
        tool.git(&["tag", "--annotate", "-m", "Two", "v2"]);
        tool.git(&["branch", "feature/x"]);
        commits.push(("three", commit("three")));
        tool.git(&["tag", "both", "HEAD~1"]);
        tool.git(&["branch", "both"]);
        tool.git(&["tag", "same"]);
        tool.git(&["branch", "same"]);
        commits.push(("four", commit("four")));
        let server = GitServer::start(sandbox.repos());
        Tool {
            sandbox,
            server,
            tool,
            commits,
        }
    }

    fn source(&self, end: &str) -> String {
        format!("{}{end}", self.server.url("tool"))
    }

    fn pin(&self, text: &str) -> &str {
        let mut commits = self.commits.iter();
        let found = commits.find(|(said, _)| *said == text);
        &found.expect("a commit").1
    }

    /// Adds a source, checks that it is at the commit of that text, and removes it again.
    fn adds(&self, arguments: &[&str], text: &str) {
        let line = [&["add", "-y"][..], arguments].concat();
        self.sandbox.atk(&line).succeeds();
        assert_eq!(self.sandbox.read("plugins/tool/version"), text);
        let manifest = self.sandbox.read("manifest.yaml");
        assert!(manifest.contains(self.pin(text)), "{manifest}");
        let url = format!("url: {}\n", self.server.url("tool"));
        assert!(manifest.contains(&url), "the name is not in it: {manifest}");
        self.sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    }

    /// What refusing a source says.
    #[track_caller]
    fn refuses(&self, arguments: &[&str], code: i32, kind: &str) -> String {
        let line = [&["add", "-y", "--json"][..], arguments].concat();
        let failed = self.sandbox.atk(&line).fails(code);
        let error = &failed.json()["error"];
        assert_eq!(error["code"], kind, "{error}");
        error.to_string()
    }
}

#[test]
fn a_tag_a_branch_or_a_commit_is_added() {
    let case = Tool::new();
    let commit = case.pin("two").to_owned();
    for (name, text) in [
        ("v1", "one"),
        ("v2", "two"),
        ("feature/x", "two"),
        ("main", "four"),
        ("same", "three"),
        ("refs/heads/both", "three"),
        ("refs/tags/both", "two"),
        (&commit, "two"),
    ] {
        case.adds(&[&case.source(&format!("@{name}"))], text);
        case.adds(&[&case.source(""), "--at", name], text);
    }
}

#[test]
fn servers_of_every_kind_have_branches_and_tags() {
    for (kind, change) in Behaviour::KINDS {
        let case = Tool::new();
        case.server.change(change);
        for (name, text) in [("v1", "one"), ("v2", "two"), ("feature/x", "two")] {
            println!("{kind}: {name}");
            case.adds(&[&case.source(&format!("@{name}"))], text);
            std::fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
        }
        let said = case.refuses(&[&case.source("@v3")], 7, "ref_not_found");
        assert!(said.contains("no branch or tag `v3`"), "{kind}: {said}");
    }
}

#[test]
fn a_name_that_is_not_there_or_is_two_things_is_explained() {
    let case = Tool::new();
    let said = case.refuses(&[&case.source("@feature/y")], 7, "ref_not_found");
    assert!(said.contains("did you mean `feature/x`?"), "{said}");
    let said = case.refuses(&[&case.source("@unheard-of")], 7, "ref_not_found");
    assert!(said.contains("its branches and tags: `"), "{said}");
    let short = &case.pin("two")[..8];
    let said = case.refuses(&[&case.source(&format!("@{short}"))], 7, "ref_not_found");
    assert!(said.contains("full id"), "{said}");
    let said = case.refuses(&[&case.source("@both")], 7, "ref_ambiguous");
    for name in ["refs/heads/both", "refs/tags/both"] {
        assert!(said.contains(name), "{said}");
    }
    let said = case.refuses(&[&case.source("@v1"), "--at", "v2"], 2, "invalid_argument");
    assert!(said.contains("and so does `at`"), "{said}");
    let said = case.refuses(&[&case.source("@a..b")], 5, "source_invalid");
    assert!(said.contains("%40"), "{said}");
    case.tool
        .git(&["branch", "--delete", "--force", "feature/x"]);
    case.refuses(&[&case.source("@feature/x")], 7, "ref_not_found");
}

#[test]
fn a_name_costs_no_request_more_than_the_newest_commit() {
    let case = Tool::new();
    let mut counts = Vec::new();
    for end in ["", "@v1", "@v2", "@feature/x"] {
        std::fs::remove_dir_all(case.sandbox.path("cache")).unwrap();
        std::fs::create_dir(case.sandbox.path("cache")).unwrap();
        case.server.reset();
        let source = case.source(end);
        case.sandbox.atk(&["add", "-y", &source]).succeeds();
        counts.push(case.server.stats().requests);
        case.sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    }
    assert!(counts.iter().all(|count| *count <= counts[0]), "{counts:?}");
}

#[test]
fn a_plugin_of_the_registry_is_added_as_of_one_of_its_commits() {
    let mut sandbox = Sandbox::with_home();
    let mut registry = Registry::new(&sandbox.repos(), "registry");
    let old = registry
        .plugin("echo", |files| {
            files.definition("Echo", "").file("version", "old")
        })
        .commit("Old");
    registry.git(&["tag", "spring"]);
    registry.plugin("echo", |files| files.file("version", "new"));
    registry.commit("New");
    let server = GitServer::start(sandbox.repos());
    sandbox.use_registry(&server.url("registry"));
    for source in ["echo@spring", &format!("echo@{old}")] {
        sandbox.atk(&["add", "-y", source]).succeeds();
        assert_eq!(sandbox.read("plugins/echo/version"), "old");
        assert!(sandbox.read("manifest.yaml").contains(&old));
        sandbox.atk(&["remove", "echo", "-y"]).succeeds();
    }
}

/// A repository with plugins at several depths.
fn mono(sandbox: &Sandbox) -> Repository {
    let mono = Repository::new(&sandbox.repos(), "mono");
    for (directory, name) in [
        ("one", "One"),
        ("tools/two/.atk", "Two"),
        ("a/b/c/three", "Three"),
    ] {
        let files = mono.tree(directory);
        files.definition(name, "").file("version", "1");
    }
    mono.tree("one").link("link", "version");
    mono.tree("tools/two").file("huge", "x".repeat(100_000));
    mono.tree("").link("linked", "one").file("file", "");
    mono.commit("Three plugins");
    mono
}

#[test]
fn plugins_in_directories_are_added_upgraded_and_brought_to_a_new_machine() {
    let sandbox = Sandbox::with_home();
    let mono = mono(&sandbox);
    let server = GitServer::start(sandbox.repos());
    let url = server.url("mono");
    for (directory, plugin) in [
        ("one", "one"),
        ("tools/two", "two"),
        ("a/b/c/three/", "three"),
    ] {
        let source = format!("{url}//{directory}");
        sandbox.atk(&["add", "-y", &source]).succeeds();
        assert_eq!(sandbox.read(&format!("plugins/{plugin}/version")), "1");
        let manifest = sandbox.read("manifest.yaml");
        let stored = format!("url: {url}//{}\n", directory.trim_end_matches('/'));
        assert!(manifest.contains(&stored), "{manifest}");
        let again = sandbox.atk(&["add", "-y", &source]).fails(5).stderr;
        assert!(again.contains("the same repository"), "{again}");
    }
    let huge = mono.git(&["rev-parse", "HEAD:tools/two/huge"]);
    assert!(!server.stats().wants().contains(&huge.as_str()));
    let listed = sandbox.atk(&["list", "--json"]).succeeds().json();
    assert_eq!(
        listed["plugins"][1]["source"]["url"],
        format!("{url}//tools/two")
    );

    // One is changed; the others are not touched by that.
    mono.tree("tools/two/.atk").file("version", "2");
    let pin = mono.commit("Two");
    server.reset();
    sandbox.atk(&["upgrade", "--all", "-y"]).succeeds();
    assert_eq!(server.stats().connections, 1, "one source");
    assert_eq!(sandbox.read("plugins/two/version"), "2");
    assert_eq!(sandbox.read("manifest.yaml").matches(&pin).count(), 1);

    for plugin in ["one", "two", "three"] {
        std::fs::remove_dir_all(sandbox.home().join("plugins").join(plugin)).unwrap();
    }
    std::fs::remove_dir_all(sandbox.path("cache")).unwrap();
    sandbox.atk(&["install", "--all", "-y"]).succeeds();
    for (plugin, version) in [("one", "1"), ("two", "2"), ("three", "1")] {
        assert_eq!(sandbox.read(&format!("plugins/{plugin}/version")), version);
    }
}

#[test]
fn a_directory_that_is_no_plugin_is_explained() {
    let sandbox = Sandbox::with_home();
    let mono = mono(&sandbox);
    let url = mono.file_url();
    for (end, code, part) in [
        ("", 5, "<url>//<directory>"),
        (
            "//tools",
            5,
            "neither an `.atk` directory nor a `plugin.yaml`",
        ),
        ("//none", 5, "does not exist"),
        ("//linked", 5, "leads through a link"),
        ("//file", 5, "is not a directory"),
        ("//", 5, "a part that is not a file name"),
        ("//one//two", 5, "a part that is not a file name"),
        ("//../one", 5, "a part that is not a file name"),
        ("//one/.git", 5, "a spelling of `.git`"),
        ("//one@none", 7, "no branch or tag `none`"),
    ] {
        let source = format!("{url}{end}");
        let said = sandbox.atk(&["add", "-y", &source]).fails(code).stderr;
        assert!(said.contains(part), "{end}: {said}");
    }
    let said = sandbox
        .atk(&["add", "-y", "https://github.com/o/r/tree/main/tools/x"])
        .fails(5)
        .stderr;
    assert!(
        said.contains("`https://github.com/o/r//tools/x@main`"),
        "{said}"
    );
}
