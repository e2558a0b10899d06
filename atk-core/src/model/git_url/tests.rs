//! URLs as people write them.

use super::*;
use crate::error::ErrorKind;

/// What the manifest keeps, what git gets, and the canonical form.
fn read(typed: &str) -> [String; 3] {
    let url = GitUrl::parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
    [url.as_typed().into(), url.as_str().into(), url.canonical()]
}

#[test]
fn a_repository_has_one_canonical_form() {
    for url in [
        "github.com/org/tool",
        "https://github.com/org/tool.git",
        "https://GitHub.com:443/org/tool/",
        "HTTPS://github.com/Org/Tool.GIT/",
        "https://github.com./org/tool",
        "https://me@github.com/org/tool",
        "https://github.com/org/%74ool",
        "ssh://git@github.com/org/tool",
        "ssh://git@github.com:22/org/tool.git",
        "ssh://git@ssh.github.com:443/org/tool.git",
        "git@github.com:org/tool.git",
        "git@github.com:/org/tool.git",
        "GitHub.com:org/tool",
        "[git@github.com:22]:org/tool",
        "http://github.com:80/org/tool",
        "www.github.com/org/tool",
    ] {
        let url = GitUrl::parse(url).unwrap();
        assert_eq!(url.canonical(), "github.com/org/tool", "{url}");
    }
    for (one, other) in [
        ("file:///srv/git/x.git/", "FILE://localhost/srv/git/x"),
        ("file:///srv/my%20x", "file:///srv/my%20x.git"),
        ("git@h.org:~/x", "ssh://h.org/x"),
        ("https://[::1]:443/x", "git@[::1]:x"),
        ("https://h.org/caf\u{e9}", "https://h.org/caf%c3%a9"),
        (
            "git@ssh.dev.azure.com:v3/org/My%20Project/repo",
            "https://org@dev.azure.com/org/My%20Project/_git/repo",
        ),
        (
            "https://dev.azure.com/org/_git/repo",
            "https://dev.azure.com/org/repo/_git/repo",
        ),
    ] {
        assert_eq!(read(one)[2], read(other)[2], "{one} {other}");
    }
    for (one, other) in [
        ("https://h.org/a/Tool", "https://h.org/a/tool"),
        ("https://h.org:8443/a", "https://h.org/a"),
        ("file:///srv/x/.git", "file:///srv/x"),
        ("file:///h.org/x", "https://h.org/x"),
        ("https://h.org/x%2520y", "https://h.org/x%20y"),
    ] {
        assert_ne!(read(one)[2], read(other)[2], "{one} {other}");
    }
}

#[test]
fn forms_of_git_reach_git() {
    for (typed, for_git, canonical) in [
        (
            "git.corp.com:team/x.git",
            "git.corp.com:team/x.git",
            "git.corp.com/team/x",
        ),
        ("work:team/x", "work:team/x", "work/team/x"),
        ("Work:team/x", "Work:team/x", "work/team/x"),
        (
            "[git@host:2222]:path/x",
            "git@[host:2222]:path/x",
            "host:2222/path/x",
        ),
        ("git@[::1]:path/x", "git@[::1]:path/x", "[::1]/path/x"),
        ("[::1]:path/x", "[::1]:path/x", "[::1]/path/x"),
        (
            "https://[2001:DB8::1]:8443/x",
            "https://[2001:db8::1]:8443/x",
            "[2001:db8::1]:8443/x",
        ),
        (
            "ssh://git@[::1]:2222/x",
            "ssh://git@[::1]:2222/x",
            "[::1]:2222/x",
        ),
        (
            "SSH://git@Git.Corp.com:7999/PROJ/x.git",
            "ssh://git@git.corp.com:7999/PROJ/x.git",
            "git.corp.com:7999/PROJ/x",
        ),
        (
            "HTTP://Git.Corp.com:3000/a/b",
            "http://git.corp.com:3000/a/b",
            "git.corp.com:3000/a/b",
        ),
        (
            "git.corp.com:3000/a/b",
            "https://git.corp.com:3000/a/b",
            "git.corp.com:3000/a/b",
        ),
        (
            "https://git.corp.com/scm/PROJ/x.git",
            "https://git.corp.com/scm/PROJ/x.git",
            "git.corp.com/scm/PROJ/x",
        ),
        (
            "https://gitlab.com/g/sub/sub/x",
            "https://gitlab.com/g/sub/sub/x",
            "gitlab.com/g/sub/sub/x",
        ),
        (
            "https://h.org/my%20x",
            "https://h.org/my%20x",
            "h.org/my%20x",
        ),
        (
            "github.com/@org/tool",
            "https://github.com/@org/tool",
            "github.com/@org/tool",
        ),
        ("file://localhost/srv/x", "file:///srv/x", "file:///srv/x"),
    ] {
        assert_eq!(read(typed), [typed, for_git, canonical]);
    }
}

#[test]
fn a_user_name_alone_is_dropped_from_https() {
    for (typed, kept) in [
        (
            "https://org@dev.azure.com/org/p/_git/r",
            "https://dev.azure.com/org/p/_git/r",
        ),
        (
            "HTTPS://me@Bitbucket.org/a/b.git",
            "HTTPS://Bitbucket.org/a/b.git",
        ),
        ("me@h.org/x", "h.org/x"),
        ("http://me@h.org:3000/x", "http://h.org:3000/x"),
    ] {
        let [typed, for_git, _] = read(typed);
        assert_eq!(typed, kept);
        assert!(!for_git.contains('@'), "{for_git}");
    }
}

#[test]
fn an_empty_port_is_none() {
    for (typed, for_git) in [
        ("ssh://git@host.org:/x", "ssh://git@host.org/x"),
        ("ssh://git@[::1]:/x", "ssh://git@[::1]/x"),
        ("https://host.org:/x", "https://host.org/x"),
        ("HTTP://[::1]:/x", "http://[::1]/x"),
    ] {
        let url = GitUrl::parse(typed).unwrap();
        assert_eq!(url.as_str(), for_git);
        assert_eq!(url.canonical(), GitUrl::parse(for_git).unwrap().canonical());
    }
}

#[test]
fn what_git_would_take_for_something_else_is_refused() {
    for url in [
        "",
        "-x",
        "ext::sh -c x",
        "ext::sh",
        "fd::3/x",
        "foo://host/x",
        "git://host/x",
        "git+https://host/x",
        "https:///x",
        "ssh://-oProxyCommand=x/y",
        "ssh://%2doProxyCommand=x@h/y",
        "-oProxy@host:x",
        "git@-host:x",
        "[-host:22]:x",
        "git@host:-x",
        "https://host/-x",
        "https://host/\u{7}x",
        "https://host/a\u{200b}b",
        "https://host/a b",
        "https://",
        "https://host",
        "https://host/",
        "host.org:8080",
        "https://host%2eorg/x",
        "https://./x/y",
        "https://a..b/x",
        "https://.a.b/x",
        "https://a.b../x",
        "git@.:x",
        "https://host:0/x",
        "https://host:x/x",
        "https://host:70000/x",
        "https:/host.org/x",
        "http:host.org/x",
        "https//host.org/x",
        "https://https://host.org/x",
        "<git@host:x>",
        "\"https://host.org/x\"",
        "'git@host:x'",
        "https://ghp_secretsecretsecretsecret@github.com/o/r",
        "https://glpat-secretsecretsecret@gitlab.com/o/r",
        "https://github_pat_11secretsecret@github.com/o/r",
        "file://host/x",
        "file://",
        "https://[::1/x",
        "https://[host]/x",
        "a@[b@[1]:x",
        "ssh://a[b@host/x",
        "https://user:secret@host/x",
        "https://user:sec/secret@host/x",
        "https://:secret@host/x",
        "me:secret@h.org/x",
        "me:secret@h.org:x",
        "ssh://u:secret@host/x",
    ] {
        let error = GitUrl::parse(url).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::SourceInvalid, "{url}");
        let help = error.details().help.clone().unwrap_or_default();
        assert!(
            !format!("{error} {help}").contains("secret"),
            "{error} {help}"
        );
    }
}

#[test]
fn segments_that_lead_elsewhere_are_refused_in_every_form() {
    for path in [
        "a/../b",
        "a/./b",
        "a//b",
        "../b",
        "a/%2e%2e/b",
        "a%2F..%2Fb",
        "a/.%2e/b",
    ] {
        for start in [
            "https://h.org/",
            "h.org/",
            "ssh://h.org/",
            "git@h.org:",
            "file:///",
            "h.org:",
        ] {
            let url = format!("{start}{path}");
            let error = GitUrl::parse(&url).expect_err(&url);
            assert!(error.to_string().contains("its path"), "{error}");
            assert!(GitUrl::parse_stored(&url).is_err(), "{url}");
        }
    }
}

#[test]
fn both_forms_of_ssh_in_one_are_told_apart() {
    for (url, part) in [
        ("ssh://git@host:org/repo.git", "`git@host:org/repo.git`"),
        ("ssh://host:org/repo", "`ssh://host/org/repo`"),
        ("ssh://git@host:~me/repo", "`git@host:~me/repo`"),
    ] {
        let error = GitUrl::parse(url).expect_err(url);
        assert!(error.to_string().contains("port"), "{error}");
        let help = error.details().help.clone().unwrap_or_default();
        assert!(help.contains(part), "{help}");
    }
}

#[test]
fn pages_are_refused_with_the_repository_in_the_help() {
    for (url, part) in [
        (
            "https://github.com/org/repo/tree/main",
            "`https://github.com/org/repo@main`",
        ),
        (
            "https://gitlab.corp.com/a/b/-/blob/main/x",
            "`https://gitlab.corp.com/a/b`",
        ),
        (
            "https://github.com/org/repo#v1.2",
            "`https://github.com/org/repo@v1.2`",
        ),
        ("git+ssh://git@h.org/x", "`ssh://git@h.org/x`"),
        ("git://h.org/x", "`https://h.org/x`"),
    ] {
        let error = GitUrl::parse(url).expect_err(url);
        let help = error.details().help.clone().unwrap_or_default();
        assert!(help.contains(part), "{help}");
    }
    // A manifest keeps what it has.
    assert!(GitUrl::parse_stored("https://github.com/org/repo/tree/main").is_ok());
}

#[test]
fn a_directory_of_the_users_may_go_back_and_forth() {
    for path in ["/srv/x", "/srv//x/", "/srv/y/../x", "/../srv/./x"] {
        assert_eq!(GitUrl::of_path(path).unwrap().as_str(), "file:///srv/x");
    }
    let url = GitUrl::of_path("/my dir/100%41").unwrap();
    assert_eq!(url.as_str(), "file:///my%20dir/100%2541");
}
