//! What people type for a source: every form of git's, two spellings of one repository, what other
//! tools accept, and what leads elsewhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use atk_tests::repository::{Registry, Repository};
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A home, and an ssh that notes its arguments and then serves the repositories of the sandbox.
fn with_ssh() -> Sandbox {
    let mut sandbox = Sandbox::with_home();
    let _ = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    let script = "#!/bin/sh\nfor last; do :; done\n\
        printf '%s\\n' \"$*\" >>\"$HOME/ssh.log\"\ncd \"$HOME/../repos\" && exec sh -c \"$last\"\n";
    let ssh = sandbox.path("ssh");
    fs::write(&ssh, script).unwrap();
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.set("GIT_SSH_COMMAND", ssh);
    sandbox.set("GIT_SSH_VARIANT", "ssh");
    sandbox
}

#[test]
fn every_form_of_ssh_reaches_its_host() {
    let sandbox = with_ssh();
    let absolute = sandbox.path("repos/tool").display().to_string();
    for (source, destination, port) in [
        ("git.example.com:tool", "git.example.com", None),
        ("Git.Example.com:tool", "git.example.com", None),
        ("me@git.example.com:tool", "me@git.example.com", None),
        ("work:tool", "work", None),
        ("Work:tool", "Work", None),
        ("[git@host:2222]:tool", "git@host", Some("2222")),
        ("git@[host:2222]:tool", "git@host", Some("2222")),
        ("git@[::1]:tool", "git@::1", None),
        ("[::1]:tool", "::1", None),
        ("SSH://git@Host.org:22PATH", "git@host.org", Some("22")),
        ("ssh://git@[::1]:2222PATH", "git@::1", Some("2222")),
        ("ssh://git@host.orgPATH.nothing/%2e", "", None),
    ] {
        let source = source.replace("PATH", &absolute);
        let log = sandbox.path("user/ssh.log");
        let _ = fs::remove_file(&log);
        let dest = sandbox.path("work/fetched");
        let _ = fs::remove_dir_all(&dest);
        let fetched = sandbox.atk(&["fetch", &source, "fetched"]);
        if destination.is_empty() {
            fetched.fails(5);
            assert!(!log.exists(), "{source}: refused before ssh starts");
            continue;
        }
        fetched.succeeds();
        let said = fs::read_to_string(&log).unwrap();
        assert!(
            said.contains(&format!(" {destination} ")),
            "{source}: {said}"
        );
        let option = port.map(|port| format!("-p {port} "));
        let asked = option.as_deref().unwrap_or("BatchMode=yes ");
        assert!(said.contains(asked), "{source}: {said}");
    }
}

#[test]
fn two_spellings_of_one_repository_are_one_source() {
    let sandbox = with_ssh();
    sandbox
        .atk(&["add", "git@github.com:tool", "-y"])
        .succeeds();
    // A new name does not make another repository of it.
    let renamed = sandbox.repos().join("tool.files/.atk");
    let definition = fs::read_to_string(renamed.join("plugin.yaml")).unwrap();
    fs::write(
        renamed.join("plugin.yaml"),
        definition.replace("Tool", "Other"),
    )
    .unwrap();
    for spelling in [
        "git@github.com:tool.git",
        "ssh://git@GitHub.com:22/tool/",
        "https://github.com/Tool",
        "http://github.com/tool",
        "github.com/tool.git",
        "github.com:TOOL",
        "https://someone@github.com/t%6Fol",
    ] {
        let before = sandbox.snapshot();
        let error = sandbox
            .atk(&["add", spelling, "-y", "--json"])
            .fails(5)
            .json();
        before.assert_unchanged();
        assert_eq!(
            error["error"]["code"], "plugin_exists",
            "{spelling}: {error}"
        );
        assert_eq!(error["error"]["details"]["plugin"], "tool", "{error}");
    }
    let error = sandbox
        .atk(&["add", "github.com/tool", "-y"])
        .fails(5)
        .stderr;
    assert!(
        error.contains("`tool`") && error.contains("atk upgrade tool"),
        "{error}"
    );
}

#[test]
fn the_same_repository_under_another_plugin_name_is_refused() {
    let sandbox = Sandbox::with_home();
    let repository = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    sandbox
        .atk(&["add", &repository.file_url(), "-y"])
        .succeeds();
    repository.tree(".atk").definition("Something Else", "");
    repository.commit("Rename");
    for url in [repository.file_url(), format!("{}/", repository.file_url())] {
        let error = sandbox.atk(&["add", &url, "-y"]).fails(5).stderr;
        assert!(
            error.contains("same repository") && error.contains("`tool`"),
            "{error}"
        );
    }
    assert!(!sandbox.home().join("plugins/something-else").exists());
    // Once it is removed, it may come back.
    sandbox.atk(&["remove", "tool", "-y"]).succeeds();
    sandbox
        .atk(&["add", &repository.file_url(), "-y"])
        .succeeds();
}

#[test]
fn a_trusted_prefix_leads_nowhere_else() {
    let sandbox = Sandbox::with_home();
    let evil = sandbox.repos().join("evil");
    fs::create_dir_all(sandbox.repos().join("my-org")).unwrap();
    for (root, name) in [
        (evil.clone(), "tool"),
        (sandbox.repos().join("my-org"), "good"),
    ] {
        fs::create_dir_all(&root).unwrap();
        let _ = Repository::tool(&root, name, |files| {
            files.definition(
                name,
                "lifecycle: {install: 'touch \"$HOME/ran-$ATK_X\"', uninstall: 'true'}\n",
            )
        });
    }
    let server = GitServer::start(sandbox.repos());
    let trusted = server.url("my-org");
    for path in [
        "my-org/../evil/tool",
        "my-org/%2e%2e/evil/tool",
        "my-org/.%2E/evil/tool",
        "my-org/%252e%252e/evil/tool",
        "my-org//../evil/tool",
        "my-org/..%2fevil/tool",
        "my-org/..;/evil/tool",
    ] {
        let error = sandbox
            .atk(&["add", &server.url(path), "--trust", &trusted, "--json"])
            .fails(5)
            .json();
        assert_eq!(error["error"]["code"], "source_invalid", "{path}: {error}");
    }
    let plain = trusted.strip_prefix("http://").unwrap();
    for (prefix, code) in [
        (plain.to_owned(), 10),
        (format!("https://{plain}"), 10),
        (format!("{trusted}/goo"), 10),
        (format!("{trusted}/../my-org"), 2),
        (trusted.clone(), 0),
    ] {
        let added = sandbox.atk(&["add", &server.url("my-org/good"), "--trust", &prefix]);
        match code {
            0 => drop(added.succeeds()),
            code => {
                let error = added.fails(code).stderr;
                // What the help says to type works.
                assert!(
                    code != 10 || error.contains(&format!("--trust {trusted}")),
                    "{error}"
                );
            }
        }
    }
    let url = format!("file://{}", evil.join("tool").display());
    sandbox.atk(&["add", &url, "--trust", &trusted]).fails(10);
}

#[test]
fn a_manifest_whose_url_leads_elsewhere_names_the_entry() {
    let sandbox = Sandbox::with_home();
    let repository = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    sandbox
        .atk(&["add", &repository.file_url(), "-y"])
        .succeeds();
    let manifest = sandbox.read("manifest.yaml");
    let url = repository.file_url();
    for bad in [
        url.replace("/repos/", "/repos/../repos/"),
        url.replace("/repos/", "/repos//../"),
        url.replace("/repos/", "/%2e%2e/repos/"),
        "ext::sh -c true".to_owned(),
    ] {
        let text = manifest.replace(&url, &format!("'{bad}'"));
        fs::write(sandbox.home().join("manifest.yaml"), text).unwrap();
        let error = sandbox.atk(&["list"]).fails(1).stderr;
        assert!(
            error.contains("manifest.yaml:") && error.contains("`Tool`"),
            "{error}"
        );
    }
}

#[test]
fn what_is_found_nowhere_says_what_was_probably_meant() {
    let mut sandbox = Sandbox::with_home();
    let registry = Registry::new(&sandbox.repos(), "registry");
    registry.commit("Begin");
    sandbox.use_registry(&format!(
        "{}/",
        sandbox.repos().join("x/..//registry").display()
    ));
    let tool = Repository::tool(&sandbox.repos(), "tool.git", |files| {
        files.definition("Tool", "")
    });
    let url = tool.file_url();
    for (typed, part) in [
        ("org/repo".to_owned(), "`github.com/org/repo`"),
        ("gh:org/repo".to_owned(), "`github.com/org/repo`"),
        ("gitlab:a/b/c".to_owned(), "`gitlab.com/a/b/c`"),
        ("localhost:3000/x".to_owned(), "`http://localhost:3000/x`"),
        ("org/repo@v1.2".to_owned(), "`github.com/org/repo@v1.2`"),
        (format!("{url}#v1.2"), "tool.git@v1.2`"),
        (format!("{url}/tree/main"), "tool.git@main`"),
        (format!("{url}/-/blob/main/x"), "tool.git@main`"),
        (
            "https://github.com/org/repo/tree/main".to_owned(),
            "`https://github.com/org/repo@main`",
        ),
        (
            "https://codeberg.org/a/b/src/branch/x".to_owned(),
            "`https://codeberg.org/a/b@x`",
        ),
        (
            "ssh://git@git.example.com:org/repo".to_owned(),
            "`git@git.example.com:org/repo`",
        ),
        (
            "ssh://git@git.example.com:2222:org/repo".to_owned(),
            "`git@[git.example.com:2222]:org/repo`",
        ),
        ("https:/github.com/org/repo".to_owned(), "`https://github"),
        ("https//github.com/org/repo".to_owned(), "`https://github"),
        (format!("git clone {url}"), &format!("`{url}`")),
        (format!("<{url}>"), &format!("`{url}`")),
        (format!("[tool]({url})"), &format!("`{url}`")),
        (format!(" {url}\n"), &format!("`{url}`")),
        (format!("{url}\u{200b}"), &format!("`{url}`")),
        (format!("{url},"), &format!("`{url}`")),
        ("gh repo clone org/repo".to_owned(), "`github.com/org/repo`"),
        ("~other/repo".to_owned(), "`~/`"),
        ("git@h.org:my tools/x".to_owned(), "`ssh://host/path`"),
        (
            "git+https://github.com/org/repo.git@main".to_owned(),
            "`https://github.com/org/repo.git@main`",
        ),
    ] {
        let error = sandbox.atk(&["add", &typed, "-y"]);
        assert!(matches!(error.code, 5 | 7), "{typed}: {error:?}");
        let help = error.stderr.lines().find(|line| line.starts_with("help: "));
        assert!(
            help.is_some_and(|help| help.contains(part)),
            "{typed}: {}",
            error.stderr
        );
    }
}

#[test]
fn a_name_that_is_neither_a_path_nor_in_a_registry_is_both() {
    let mut sandbox = Sandbox::with_home();
    let registry = Registry::new(&sandbox.repos(), "registry");
    registry.commit("Begin");
    sandbox.use_registry(&format!(
        "file://{}",
        sandbox.repos().join("registry").display()
    ));
    let added = sandbox.atk(&["add", "nowhere"]).fails(5).stderr;
    let not_listed = "the registry has no plugin `nowhere`";
    assert_eq!(
        added,
        format!(
            "Using registry plugin nowhere\nerror: {not_listed}\n\
             help: there is no file or directory `nowhere` either\n"
        )
    );
    let validated = sandbox.atk(&["validate", "nowhere"]).fails(5).stderr;
    let error = "error: there is no file or directory `nowhere`, and as a plugin of a registry it cannot be checked: ";
    let help = "help: name an existing directory, or a plugin as `atk search` lists it\n";
    assert_eq!(
        validated,
        format!("Using registry plugin nowhere\n{error}{not_listed}\n{help}")
    );
    // A server that cannot be reached does not hide it.
    sandbox.use_registry("http://127.0.0.1:1/registry");
    let validated = sandbox.atk(&["validate", "nowhere"]).fails(7).stderr;
    assert!(
        validated.contains(error) && validated.ends_with(help),
        "{validated}"
    );
}

#[test]
fn a_bare_name_that_is_a_path_is_said_before_anything_happens() {
    let sandbox = Sandbox::with_home();
    sandbox.files("work/github").definition("GitHub", "");
    let said = sandbox.atk(&["add", "github"]).succeeds().stderr;
    assert!(said.starts_with("Using local plugin github"), "{said}");
    assert!(
        said.contains("warning: `github` was read as the path `./github`"),
        "{said}"
    );
    sandbox.atk(&["remove", "github", "-y"]).succeeds();
    let added = sandbox.atk(&["add", "github", "--json"]).succeeds().json();
    let warning = added["warnings"][0].as_str().unwrap_or_default();
    assert!(warning.contains("./github"), "{added}");
}
