//! Why a source cannot be reached: each failure is named for what it is, with what to do about it.

use atk_core::ErrorKind;
use atk_tests::repository::Repository;
use atk_tests::sandbox::Sandbox;
use atk_tests::server::GitServer;

/// A home, and an ssh that runs this script in place of a connection.
fn with_ssh(script: &str) -> Sandbox {
    let mut sandbox = Sandbox::with_home();
    sandbox
        .files("bin")
        .exec("ssh", format!("#!/bin/sh\n{script}\n"));
    sandbox.set("GIT_SSH_COMMAND", sandbox.path("bin/ssh"));
    sandbox.set("GIT_SSH_VARIANT", "ssh");
    sandbox
}

/// Adds a source, and returns what is said on standard error.
#[track_caller]
fn refused(sandbox: &Sandbox, source: &str, kind: ErrorKind) -> String {
    let before = sandbox.snapshot();
    let finished = sandbox.atk(&["add", source, "-y", "--json"]).fails(7);
    assert_eq!(finished.json()["error"]["code"], kind.id(), "{finished:?}");
    let finished = sandbox.atk(&["add", source, "-y"]).fails(7);
    before.assert_unchanged();
    finished.stderr
}

#[track_caller]
fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "`{part}` is not in:\n{said}");
    }
}

#[test]
fn a_host_key_is_no_missing_credential() {
    let unknown = "echo 'Host key verification failed.' >&2; exit 255";
    let sandbox = with_ssh(unknown);
    let said = refused(
        &sandbox,
        "git@git.example.com:team/tool.git",
        ErrorKind::AccessDenied,
    );
    says(&said, &["host key", "`ssh git@git.example.com` once"]);
    assert!(!said.contains("credential helper"), "{said}");
    let said = refused(
        &sandbox,
        "ssh://git@git.example.com:2222/tool",
        ErrorKind::AccessDenied,
    );
    says(&said, &["`ssh -p 2222 git@git.example.com` once"]);

    let changed = "cat >&2 <<'E'\n\
        @    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n\
        Host key for git.example.com has changed and you have requested strict checking.\n\
        Host key verification failed.\nE\nexit 255";
    let sandbox = with_ssh(changed);
    let said = refused(
        &sandbox,
        "git@git.example.com:team/tool.git",
        ErrorKind::AccessDenied,
    );
    says(&said, &["has changed", "ssh-keygen -R git.example.com"]);

    let sandbox = with_ssh("echo 'git@x: Permission denied (publickey).' >&2; exit 255");
    let said = refused(
        &sandbox,
        "git@git.example.com:team/tool.git",
        ErrorKind::AccessDenied,
    );
    says(&said, &["credentials are missing or wrong"]);
    assert!(!said.contains("host key"), "{said}");
}

#[test]
fn noise_of_a_login_shell_is_shown() {
    let run = "while [ $# -gt 1 ]; do shift; done; exec sh -c \"$1\"";
    for (noise, shown) in [
        ("echo Welcome to our server", "Welcome to our server"),
        (
            "printf 'one\\ntwo \\033[31mred\\033[0m\\n'",
            "two \\u{1b}[31mred",
        ),
        ("printf 'no line end'", "no line end"),
        (
            "echo 'stty: not a terminal'; exit 1",
            "stty: not a terminal",
        ),
    ] {
        let sandbox = with_ssh(&format!("{noise}\n{run}"));
        let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
            files.definition("Tool", "")
        });
        let url = format!("git@host.example.com:{}", tool.git_dir().display());
        let said = refused(&sandbox, &url, ErrorKind::GitFailed);
        says(&said, &[shown, "host.example.com"]);
        assert!(!said.contains('\u{1b}'), "{said:?}");
        assert!(!said.contains("version 2"), "{said:?}");
    }
    // What a shell says on standard error harms nothing.
    let sandbox = with_ssh(&format!("echo Welcome >&2\n{run}"));
    let tool = Repository::tool(&sandbox.repos(), "tool", |files| {
        files.definition("Tool", "")
    });
    let url = format!("git@host.example.com:{}", tool.git_dir().display());
    sandbox.atk(&["add", &url, "-y"]).succeeds();
}

#[test]
fn a_web_page_is_no_repository() {
    let sandbox = Sandbox::with_home();
    let server = GitServer::start(sandbox.repos());
    for page in [
        "<!DOCTYPE html>\n<html><title>Sign in</title></html>",
        "\n\n  <html>\n<body>Please log in</body></html>\n",
        "{\"message\":\n \"unauthorized\"}",
    ] {
        server.change(|behaviour| behaviour.page = Some(page.to_owned()));
        let url = server.url("tool.git");
        let said = refused(&sandbox, &url, ErrorKind::RepositoryNotFound);
        says(&said, &["there is no git repository", "web page", &url]);
    }
    // Git itself takes a page without a line end for an empty repository.
    server.change(|behaviour| behaviour.page = Some("<html>Sign in</html>".to_owned()));
    let url = server.url("tool.git");
    let said = refused(&sandbox, &url, ErrorKind::RepositoryEmpty);
    says(&said, &["web page", "credential helper"]);
    let sandbox = with_ssh("echo '<html><body>Proxy error</body></html>'");
    let said = refused(
        &sandbox,
        "git@host.example.com:tool",
        ErrorKind::RepositoryNotFound,
    );
    says(&said, &["web page", "host.example.com", "Proxy error"]);
}

#[test]
fn a_network_that_is_down_says_to_check_the_connection() {
    let mut sandbox = Sandbox::with_home();
    for url in [
        "http://127.0.0.1:9/org/tool",
        "https://127.0.0.1:9/org/tool",
        "http://no-such-host.invalid/org/tool",
    ] {
        let said = refused(&sandbox, url, ErrorKind::NetworkFailed);
        says(&said, &["check your connection", url]);
    }
    for (message, kind) in [
        (
            "ssh: Could not resolve hostname x: Name or service not known",
            ErrorKind::NetworkFailed,
        ),
        (
            "ssh: connect to host x port 22: Network is unreachable",
            ErrorKind::NetworkFailed,
        ),
        (
            "ssh: connect to host x port 22: Connection timed out",
            ErrorKind::TimedOut,
        ),
        (
            "kex_exchange_identification: Connection closed by remote host",
            ErrorKind::NetworkFailed,
        ),
    ] {
        let ssh = with_ssh(&format!("echo '{message}' >&2; exit 255"));
        let said = refused(&ssh, "git@host.example.com:tool", kind);
        says(&said, &["check your connection", message]);
    }
    // A proxy that is not there, and one that wants credentials.
    sandbox.set("http_proxy", "http://no-such-host.invalid:3128");
    let said = refused(
        &sandbox,
        "http://example.com/tool",
        ErrorKind::NetworkFailed,
    );
    says(&said, &["proxy", "http.proxy"]);
    let server = GitServer::start(sandbox.repos());
    server.change(|behaviour| behaviour.status = Some(407));
    sandbox.set("http_proxy", server.url(""));
    let said = refused(
        &sandbox,
        "http://example.com/tool",
        ErrorKind::NetworkFailed,
    );
    says(&said, &["proxy"]);
}

#[test]
fn a_server_that_fails_is_no_connection_that_broke() {
    let sandbox = Sandbox::with_home();
    let server = GitServer::start(sandbox.repos());
    for status in [500, 502, 503] {
        server.change(|behaviour| behaviour.status = Some(status));
        let said = refused(&sandbox, &server.url("tool"), ErrorKind::NetworkFailed);
        says(&said, &["reported an internal error", &status.to_string()]);
    }
    for (status, reason) in [
        (418, "refused the request"),
        (429, "wants fewer requests"),
        (451, "refused the request"),
    ] {
        server.change(|behaviour| behaviour.status = Some(status));
        let said = refused(&sandbox, &server.url("tool"), ErrorKind::NetworkFailed);
        says(&said, &[reason, &status.to_string()]);
        assert!(!said.contains("check your connection"), "{said}");
    }
}

#[test]
fn an_ssh_without_a_common_algorithm_does_not_ask_for_the_host_key() {
    for what in ["host key type", "key exchange method", "cipher"] {
        let said = format!(
            "Unable to negotiate with 192.0.2.1 port 22: no matching {what} found. Their offer: old\r"
        );
        let sandbox = with_ssh(&format!("echo '{said}' >&2; exit 255"));
        let source = "git@git.example.com:team/tool.git";
        let said = refused(&sandbox, source, ErrorKind::AccessDenied);
        says(
            &said,
            &[
                "no algorithm in common",
                "Their offer: old",
                "~/.ssh/config",
            ],
        );
        assert!(!said.contains("accept it"), "{said}");
    }
}

/// What git of long ago wrote, and its own check of a repository only warns about, is fetched over
/// every protocol.
#[test]
fn old_objects_are_accepted_over_every_protocol() {
    let repos = Sandbox::with_home();
    let tool = Repository::tool(&repos.repos(), "tool", |files| {
        files.definition("Tool", "").exec("run.sh", "#!/bin/sh\n")
    });
    let git = git2::Repository::open_bare(tool.git_dir()).unwrap();
    let plugin = git.revparse_single("HEAD:.atk").unwrap();
    let odb = git.odb().unwrap();
    let entry = |mode: &str, name: &str, id: git2::Oid| {
        [format!("{mode} {name}\0").as_bytes(), id.as_bytes()].concat()
    };
    let id = |name| {
        git.revparse_single(&format!("HEAD:.atk/{name}"))
            .unwrap()
            .id()
    };
    let padded = [
        entry("0100644", "plugin.yaml", id("plugin.yaml")),
        entry("0100755", "run.sh", id("run.sh")),
    ];
    let padded = odb.write(git2::ObjectType::Tree, &padded.concat()).unwrap();
    let author =
        "author A <a@example.com> 1400000000 +0000\ncommitter A <a@example.com> 1400000000 +0000";
    for (root, head) in [
        (entry("040000", ".atk", plugin.id()), author),
        (entry("40000", ".atk", padded), author),
        // No blank before the address, no address, a zone that there is not.
        (
            entry("40000", ".atk", plugin.id()),
            "author A<a@example.com> 1400000000 +0000\ncommitter A 1400000000 +9999",
        ),
        // A name elsewhere in the repository that git's check refuses.
        (
            [
                entry("40000", "..", padded),
                entry("40000", ".atk", plugin.id()),
                entry("100644", ".gitmodules", id("run.sh")),
            ]
            .concat(),
            author,
        ),
    ] {
        let root = odb.write(git2::ObjectType::Tree, &root).unwrap();
        let commit = format!("tree {root}\n{head}\n\nold\n");
        let commit = odb
            .write(git2::ObjectType::Commit, commit.as_bytes())
            .unwrap();
        let branch = tool.git_dir().join("refs/heads/main");
        std::fs::write(branch, format!("{commit}\n")).unwrap();
        tool.git(&["update-server-info"]);
        let server = GitServer::start(repos.repos());
        for (v2, dumb) in [(true, false), (false, false), (false, true)] {
            server.change(|behaviour| (behaviour.protocol_v2, behaviour.dumb) = (v2, dumb));
            let sandbox = Sandbox::with_home();
            let args = ["add", &server.url("tool"), "-y"];
            let finished = sandbox.atk(&args);
            assert_eq!(finished.code, 0, "{v2} {dumb} {head}: {}", finished.stderr);
            let script = sandbox.home().join("plugins/tool/run.sh");
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&script.metadata().unwrap().permissions());
            assert_eq!(mode & 0o111, 0o111);
        }
    }
}
